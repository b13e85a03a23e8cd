"""The book of cases in the state store: what is written is on the trail, and nobody overwrites what they did not see.

What is added never conflicts; a change names the version that it is of, and is refused where another came first.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)

from graph_hunt.casework.cases.case import Case, Form, Head, Item, Scope, T, Trigger, Verdict
from graph_hunt.casework.cases.entries import KINDS, Entry, shortened, text
from graph_hunt.casework.state import METADATA, Area, State, record, register
from graph_hunt.errors import Conflict, InputError, UnknownCase

CASES = Table(
    "case_file",
    METADATA,
    # SQLite numbers rows by itself only where the key is its own INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("trigger", String(16), nullable=False),
    Column("form", String(16), nullable=False),
    Column("scope", JSON, nullable=False),
    Column("template", String(128), nullable=False),
    Column("given", JSON, nullable=False),
    Column("summary", Text, nullable=False),
    Column("verdict", String(16), index=True),
    Column("who", String(320), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed_by", String(320), nullable=False),
    Column("changed", BigInteger, nullable=False),
)
ITEMS = Table(
    "case_item",
    METADATA,
    Column("case", BigInteger, ForeignKey("case_file.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("ref", Text),
    Column("version", Integer, nullable=False),
    Column("entry", JSON, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("who", String(320), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("changed_by", String(320), nullable=False),
    Column("changed", BigInteger, nullable=False),
    UniqueConstraint("case", "kind", "ref"),
)
register(Area("cases", 1, (CASES, ITEMS)))
_MOST = 100
"""Names that a scope or a template's field may hold."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is opened with."""

    title: str
    trigger: Trigger = Trigger.REQUEST
    form: Form = Form.STRUCTURED
    scope: Scope = field(default_factory=Scope)
    template: str = ""
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    summary: str = ""
    entries: tuple[Entry, ...] = ()
    """What it begins with: a template's hypotheses."""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        if not self.title.strip():
            raise InputError("is empty", where="title", expected="what the case is about")
        for where, names in (("scope", (*self.scope.entities, *self.scope.tags)), *self.given.items()):
            _names(names, where)


def open_case(state: State, opening: Opening, *, who: str) -> Case:
    """Open a case, with what it begins with, in one transaction."""
    now, given = _now(), {name: list(values) for name, values in opening.given.items()}
    row = {
        "version": 1,
        "title": text(opening.title.strip(), "title"),
        "trigger": opening.trigger.value,
        "form": opening.form.value,
        "scope": asdict(opening.scope),
        "template": opening.template,
        "given": given,
        "summary": text(opening.summary, "summary"),
    }
    stamps = {"who": who[:320], "created": now, "changed_by": who[:320], "changed": now}
    with state.begin() as connection:
        id = connection.execute(insert(CASES).values(**row, **stamps).returning(CASES.c.id)).scalar_one()
        record(connection, who=who, action="case.open", subject=f"case:{id}", after=row)
        for entry in opening.entries:
            write(connection, id, entry, who)
    return get(state, id)


def get(state: State, id: int) -> Case:
    """Give a case with all that is in it."""
    with state.read() as connection:
        head = _head(_row(connection, id))
        rows = connection.execute(select(ITEMS).where(ITEMS.c.case == id).order_by(ITEMS.c.number)).all()
    return Case(head, tuple(_item(row) for row in rows))


def listed(
    state: State, limit: int = 100, skip: int = 0, *, closed: bool | None = None, search: str = ""
) -> tuple[list[Head], int]:
    """Give a page of cases, those changed last first, and how many there are."""
    wanted = select(CASES)
    if closed is not None:
        wanted = wanted.where(CASES.c.verdict.is_not(None) if closed else CASES.c.verdict.is_(None))
    if search:
        wanted = wanted.where(CASES.c.title.icontains(search, autoescape=True))
    with state.read() as connection:
        total = connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
        ordered = wanted.order_by(CASES.c.changed.desc(), CASES.c.id.desc()).limit(limit).offset(skip)
        return [_head(row) for row in connection.execute(ordered)], total


def change(
    state: State,
    id: int,
    version: int,
    *,
    who: str,
    title: str | None = None,
    trigger: Trigger | None = None,
    form: Form | None = None,
    scope: Scope | None = None,
    summary: str | None = None,
) -> Head:
    """Change what a case says of itself; what is not given stays."""
    values: dict[str, Any] = {}
    if title is not None:
        Opening(title)
        values["title"] = text(title.strip(), "title")
    if summary is not None:
        values["summary"] = text(summary, "summary")
    if scope is not None:
        _names((*scope.entities, *scope.tags), "scope")
        values["scope"] = asdict(scope)
    values |= {name: one.value for name, one in (("trigger", trigger), ("form", form)) if one is not None}
    return _change(state, id, version, "case.change", values, who)


def close(state: State, id: int, version: int, verdict: Verdict, summary: str, *, who: str) -> Head:
    """Close a case with what it came to."""
    if not summary.strip():
        raise InputError("is empty", where="summary", expected="what the case came to")
    values = {"verdict": verdict.value, "summary": text(summary, "summary")}
    return _change(state, id, version, "case.close", values, who)


def reopen(state: State, id: int, version: int, *, who: str) -> Head:
    """Open a closed case again."""
    return _change(state, id, version, "case.reopen", {"verdict": None}, who)


def add(state: State, id: int, entry: T, *, who: str) -> Item[T]:
    """Write something down in a case; raises where the case has it already, or is closed."""
    with state.begin() as connection:
        return write(connection, id, entry, who)


def item(state: State, id: int, number: int) -> Item[Any]:
    """Give what has a number in a case."""
    with state.read() as connection:
        return _item(_numbered(connection, id, number))


def alter(state: State, id: int, number: int, version: int, entry: T, *, who: str) -> Item[T]:
    """Put an entry in the place of one of its kind, if that is still of this version."""
    with state.begin() as connection:
        before = _held(connection, id, number, version, who)
        if not isinstance(entry, type(before.entry)):
            raise InputError(f"{number} is no {entry.KIND}", where=f"case {id}", expected=type(before.entry).KIND)
        if entry.ref != before.entry.ref:
            raise InputError(f"{before.entry.ref!r} cannot become {entry.ref!r}", where=f"case {id}: {number}")
        return _rewrite(connection, id, before, who, "change", entry=entry)


def withdraw(state: State, id: int, number: int, version: int, because: str, *, who: str) -> Item[Any]:
    """Have something no longer count; it is kept, and the trail says why."""
    if not because.strip():
        raise InputError("is empty", where="because", expected="why it no longer counts")
    with state.begin() as connection:
        before = _held(connection, id, number, version, who)
        return _rewrite(connection, id, before, who, "withdraw", because=text(because, "because"), withdrawn=True)


def write(connection: Connection, id: int, entry: T, who: str, *, quiet: bool = False) -> Item[T]:
    """Write something down within a transaction; `quiet` where another line of the trail says it."""
    hold(connection, id, who)
    ref = entry.ref
    if ref is not None and (known := of_ref(connection, id, type(entry), ref)):
        if known.withdrawn:
            return _rewrite(connection, id, known, who, "restore", entry=entry, withdrawn=False)
        raise InputError(f"has this {entry.KIND} already, as {known.number}", where=f"case {id}")
    now, values = _now(), entry.said()
    number = 1 + (connection.execute(select(func.max(ITEMS.c.number)).where(ITEMS.c.case == id)).scalar() or 0)
    row = {"case": id, "number": number, "kind": entry.KIND, "ref": ref, "version": 1, "entry": values}
    stamps = {"withdrawn": False, "who": who[:320], "at": now, "changed_by": who[:320], "changed": now}
    connection.execute(insert(ITEMS).values(**row, **stamps))
    if not quiet:
        after = {"number": number, **entry.told()}
        record(connection, who=who, action=f"case.{entry.KIND}.add", subject=f"case:{id}", after=after)
    return Item(number, 1, entry, who[:320], now, who[:320], now)


def rewrite(connection: Connection, id: int, before: Item[T], entry: T, who: str) -> Item[T]:
    """Put an entry in another's place within a transaction that read it."""
    hold(connection, id, who)
    return _rewrite(connection, id, before, who, "change", entry=entry)


def of_ref(connection: Connection, id: int, kind: type[T], ref: str) -> Item[T] | None:
    """Give the one of a kind that goes by a reference."""
    wanted = select(ITEMS).where(ITEMS.c.case == id, ITEMS.c.kind == kind.KIND, ITEMS.c.ref == shortened(ref))
    row = connection.execute(wanted).first()
    return _item(row) if row else None


def of_number(connection: Connection, id: int, number: int) -> Item[Any] | None:
    """Give what has a number, if anything has."""
    row = connection.execute(select(ITEMS).where(ITEMS.c.case == id, ITEMS.c.number == number)).first()
    return _item(row) if row else None


def hold(connection: Connection, id: int, who: str) -> None:
    """Keep others from writing in a case until the transaction ends; raises where there is none, or it is closed."""
    # The update takes the row's lock, so that no two transactions give out one number.
    values = {"changed": _now(), "changed_by": who[:320]}
    if not connection.execute(update(CASES).where(CASES.c.id == id).values(**values)).rowcount:
        raise UnknownCase(f"there is no case {id}")
    if connection.execute(select(CASES.c.verdict).where(CASES.c.id == id)).scalar() is not None:
        raise InputError("is closed", where=f"case {id}", expected="one that is open; it can be reopened")


def _change(state: State, id: int, version: int, action: str, values: Mapping[str, Any], who: str) -> Head:
    with state.begin() as connection:
        # Taken before it is read: on a server two who read one version must not both think it theirs.
        connection.execute(update(CASES).where(CASES.c.id == id).values(changed=CASES.c.changed))
        row = _row(connection, id)
        if row.version != version:
            raise Conflict(_stale(f"case {id}", row, version))
        if row.verdict is not None and "verdict" not in values:
            raise InputError("is closed", where=f"case {id}", expected="one that is open; it can be reopened")
        stamps = {"version": version + 1, "changed": _now(), "changed_by": who[:320]}
        connection.execute(update(CASES).where(CASES.c.id == id).values(**values, **stamps))
        before = {name: row._mapping[name] for name in values}
        record(connection, who=who, action=action, subject=f"case:{id}", before=before, after=dict(values))
        return _head(_row(connection, id))


def _held(connection: Connection, id: int, number: int, version: int, who: str) -> Item[Any]:
    hold(connection, id, who)
    row = _numbered(connection, id, number)
    if row.version != version:
        raise Conflict(_stale(f"case {id}: {number}", row, version))
    if row.withdrawn:
        raise InputError(f"{number} was withdrawn", where=f"case {id}", expected="something that counts")
    return _item(row)


def _rewrite(
    connection: Connection,
    id: int,
    before: Item[Any],
    who: str,
    what: str,
    *,
    entry: Any = None,
    because: str = "",
    withdrawn: bool = False,
) -> Item[Any]:
    after = replace(
        before,
        version=before.version + 1,
        entry=before.entry if entry is None else entry,
        withdrawn=withdrawn,
        changed_by=who[:320],
        changed=_now(),
    )
    mine = (ITEMS.c.case == id) & (ITEMS.c.number == before.number)
    values = {"version": after.version, "entry": after.entry.said(), "withdrawn": after.withdrawn}
    stamps = {"changed": after.changed, "changed_by": after.changed_by}
    connection.execute(update(ITEMS).where(mine).values(**values, **stamps))
    old, new = before.entry.told(), after.entry.told()
    differing = sorted(name for name in new if new[name] != old.get(name))
    told = {"because": because} if because else {name: new[name] for name in differing}
    record(
        connection,
        who=who,
        action=f"case.{before.entry.KIND}.{what}",
        subject=f"case:{id}",
        before={"number": before.number, **{name: old.get(name) for name in differing}},
        after={"number": before.number, **told},
    )
    return after


def _row(connection: Connection, id: int) -> "Row[Any]":
    row = connection.execute(select(CASES).where(CASES.c.id == id)).first()
    if row is None:
        raise UnknownCase(f"there is no case {id}")
    return row


def _numbered(connection: Connection, id: int, number: int) -> "Row[Any]":
    row = connection.execute(select(ITEMS).where(ITEMS.c.case == id, ITEMS.c.number == number)).first()
    if row is None:
        raise UnknownCase(f"case {id} has no {number}")
    return row


def _stale(what: str, row: "Row[Any]", version: int) -> str:
    return f"{what} is at version {row.version}, not {version}: {row.changed_by} changed it; look at it and do it again"


def _head(row: "Row[Any]") -> Head:
    scope = row.scope
    return Head(
        id=row.id,
        version=row.version,
        title=row.title,
        trigger=Trigger(row.trigger),
        form=Form(row.form),
        scope=Scope(tuple(scope["entities"]), tuple(scope["tags"]), scope["since"], scope["until"]),
        template=row.template,
        given={name: tuple(values) for name, values in row.given.items()},
        summary=row.summary,
        verdict=None if row.verdict is None else Verdict(row.verdict),
        who=row.who,
        created=row.created,
        changed_by=row.changed_by,
        changed=row.changed,
    )


def _item(row: "Row[Any]") -> Item[Any]:
    entry = KINDS[row.kind].read(row.entry)
    return Item(row.number, row.version, entry, row.who, row.at, row.changed_by, row.changed, row.withdrawn)


def _names(names: Sequence[str], where: str) -> None:
    if len(names) > _MOST:
        raise InputError(f"holds {len(names)} names", where=where, expected=f"up to {_MOST}")
    for one in names:
        if not one.strip() or len(one) > 1024 or text(one, where) != one:
            raise InputError(f"{one[:80]!r} is no name", where=where, expected="up to 1024 characters")


def _now() -> int:
    return time.time_ns() // 1_000_000
