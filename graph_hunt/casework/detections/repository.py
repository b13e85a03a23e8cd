"""The detections that are kept, and what is let pass; every change is in the trail."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from graph_hunt.casework.detections.detection import Detection, Kind, Standing, check, next_time, now_ms
from graph_hunt.casework.indicators.repository import any_kept
from graph_hunt.casework.state import METADATA, Area, State, record, register
from graph_hunt.errors import Conflict, InputError, UnknownDetection
from graph_hunt.events.countries import FILE, read_countries
from graph_hunt.hunting.finding import Finding

DETECTIONS = Table(
    "detection",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("since", String(32), nullable=False),
    Column("schedule", String(128), nullable=False),
    Column("suppress", BigInteger, nullable=False),
    Column("channels", JSON, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("ran", BigInteger),
    Column("outcome", String(16), nullable=False),
    Column("notes", JSON, nullable=False),
    Column("due", BigInteger),
    Column("seen", String(64), nullable=False),
)
ALLOWED = Table(
    "detection_allowed",
    METADATA,
    Column("detection", String(64), primary_key=True),
    Column("pattern", String(512), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("until", BigInteger),
)
register(Area("detections", 1, (DETECTIONS, ALLOWED)))

EVERY = "*"
"""In place of a detection's name: what is let pass by all."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is let pass: findings with an entity whose key or name has this pattern (`*`, `?`)."""

    detection: str
    pattern: str
    reason: str
    until: int | None


def add(state: State, one: Detection, *, who: str, quiet: bool = False, now: int | None = None) -> Detection:
    """Keep a new detection; `quiet`: what its first run finds was known before, and is told to nobody."""
    one = check(one)
    at = now_ms(now)
    with state.begin() as connection:
        if connection.execute(select(DETECTIONS.c.id).where(DETECTIONS.c.id == one.id)).first():
            raise InputError(f"there is a detection {one.id} already", expected="another name, or `detection change`")
        values = {
            **_row(one),
            "id": one.id,
            "version": 1,
            "created": at,
            "outcome": "",
            "notes": [],
            "seen": "",
            "quiet": quiet,
        }
        connection.execute(insert(DETECTIONS).values(**values, due=_due(one, at)))
        record(connection, who=who, action="detection.add", subject=f"detection:{one.id}", after=one.said())
    return replace(one, version=1)


def ensure(state: State, root: Path, *, now: int | None = None) -> None:
    """Have countries watched as soon as a list names some, and indicators once there are any; off stays off."""
    with state.read() as connection:
        there = set(connection.execute(select(DETECTIONS.c.kind).distinct()).scalars())
    made = []
    if Kind.COUNTRIES not in there and (root / FILE).exists() and read_countries(root).said:
        made.append(Detection("countries", Kind.COUNTRIES, FILE, "Sign-ins from countries on the list", {}))
    if Kind.INDICATORS not in there and any_kept(state):
        made.append(Detection("indicators", Kind.INDICATORS, "indicators", "Indicators that are met", {}))
    for one in made:
        # Another process may be quicker.
        with suppress(InputError, IntegrityError):
            add(state, one, who="graph-hunt", now=now)


def change(
    state: State, id: str, *, who: str, version: int | None = None, now: int | None = None, **values: Any
) -> Detection:
    """Change a detection; with `version` only where nobody else did since."""
    at = now_ms(now)
    with state.begin() as connection:
        before = _found(connection, id)
        if version is not None and version != before.version:
            raise Conflict(f"detection {id} was changed meanwhile: it is of version {before.version}, not {version}")
        after = check(replace(before, **values, version=before.version + 1))
        row = {**_row(after), "version": after.version}
        if (before.schedule, before.enabled) != (after.schedule, after.enabled):
            row["due"] = _due(after, at)
        if _asks(before) != _asks(after):
            row["seen"] = ""
        connection.execute(update(DETECTIONS).where(DETECTIONS.c.id == id).values(**row))
        said = {"before": before.said(), "after": after.said()}
        record(connection, who=who, action="detection.change", subject=f"detection:{id}", **said)
    return after


def remove(state: State, id: str, *, who: str) -> None:
    """Remove a detection; the alerts that it raised stay."""
    with state.begin() as connection:
        before = _found(connection, id)
        connection.execute(delete(DETECTIONS).where(DETECTIONS.c.id == id))
        connection.execute(delete(ALLOWED).where(ALLOWED.c.detection == id))
        record(connection, who=who, action="detection.remove", subject=f"detection:{id}", before=before.said())


def proposed(one: Detection, name: str) -> Detection:
    """Give a proposal a name, switched off."""
    return replace(one, id=name, enabled=False)


def allow(state: State, id: str, pattern: str, *, reason: str, who: str, until: int | None = None) -> None:
    """Let pass what has an entity of this key or name, to an end or for good; `*` for all detections."""
    if not pattern.strip("*? ") or len(pattern) > 512:
        raise InputError(f"{pattern!r} would let all pass", expected="a key or name, `*` for any part of it")
    row = {"detection": id, "pattern": pattern.casefold(), "reason": reason, "until": until}
    with state.begin() as connection:
        if id != EVERY:
            _found(connection, id)
        mine = (ALLOWED.c.detection == id) & (ALLOWED.c.pattern == row["pattern"])
        before = connection.execute(select(ALLOWED).where(mine)).mappings().first()
        connection.execute(delete(ALLOWED).where(mine))
        connection.execute(insert(ALLOWED).values(**row))
        old = dict(before) if before else None
        record(connection, who=who, action="detection.allow", subject=f"detection:{id}", before=old, after=row)


def forbid(state: State, id: str, pattern: str, *, who: str) -> None:
    """Let a thing no longer pass."""
    with state.begin() as connection:
        mine = (ALLOWED.c.detection == id) & (ALLOWED.c.pattern == pattern.casefold())
        before = connection.execute(select(ALLOWED).where(mine)).mappings().first()
        if before is None:
            raise InputError(f"{pattern!r} is not let pass by {id}")
        connection.execute(delete(ALLOWED).where(mine))
        _look_again(connection, id)
        record(connection, who=who, action="detection.forbid", subject=f"detection:{id}", before=dict(before))


def passed_before(state: State, now: int) -> None:
    """End what was let pass up to a moment: what it let pass is looked at again."""
    with state.read() as connection:
        over = connection.execute(select(ALLOWED).where(ALLOWED.c.until <= now)).mappings().all()
    for row in over:
        mine = (ALLOWED.c.detection == row["detection"]) & (ALLOWED.c.pattern == row["pattern"])
        with state.begin() as connection:
            # Of two processes that look at once, one ends it.
            if not connection.execute(delete(ALLOWED).where(mine, ALLOWED.c.until <= now)).rowcount:
                continue
            _look_again(connection, row["detection"])
            subject = f"detection:{row['detection']}"
            record(connection, who="graph-hunt", action="detection.allow.over", subject=subject, before=dict(row))


def get(state: State, id: str) -> Detection:
    """Give a detection."""
    with state.read() as connection:
        return _found(connection, id)


def allowed(connection: Connection, id: str, now: int) -> list[Allowed]:
    """Give what a detection lets pass now."""
    wanted = select(ALLOWED).where(ALLOWED.c.detection.in_([id, EVERY])).order_by(ALLOWED.c.pattern)
    rows = [Allowed(row.detection, row.pattern, row.reason, row.until) for row in connection.execute(wanted)]
    return [one for one in rows if one.until is None or one.until > now]


def passes(finding: Finding, allowed: Sequence[Allowed]) -> bool:
    """Tell whether a finding is let pass."""
    names = [name.casefold() for one in finding.entities for name in (one.key, one.name)]
    return any(fnmatchcase(name, one.pattern) for one in allowed for name in names)


def rows(connection: Connection) -> Sequence["Row[Any]"]:
    """Give the detections as they are kept, by name."""
    return connection.execute(select(DETECTIONS).order_by(DETECTIONS.c.id)).all()


def of_row(row: "Row[Any]") -> Detection:
    """Read a detection that is kept."""
    return Detection(
        id=row.id,
        kind=Kind(row.kind),
        subject=row.subject,
        title=row.title,
        parameters=row.parameters,
        scope=tuple(row.scope),
        since=row.since,
        schedule=row.schedule,
        suppress=row.suppress,
        channels=tuple(row.channels),
        enabled=row.enabled,
        version=row.version,
    )


def standing(row: "Row[Any]", alerts: int, open: int) -> Standing:
    """Read how a detection stands."""
    return Standing(of_row(row), row.ran, row.outcome, tuple(row.notes), row.due, row.seen, alerts, open)


def _found(connection: Connection, id: str) -> Detection:
    row = connection.execute(select(DETECTIONS).where(DETECTIONS.c.id == id)).first()
    if row is None:
        raise UnknownDetection(f"there is no detection {id!r}")
    return of_row(row)


def _row(one: Detection) -> dict[str, Any]:
    return {**one.said(), "title": one.title}


def _asks(one: Detection) -> tuple[Any, ...]:
    """What decides which findings it gives, and whether it is asked at all."""
    return one.subject, dict(one.parameters), one.scope, one.since, one.enabled


def _due(one: Detection, at: int) -> int | None:
    return next_time(one.schedule, at) if one.schedule and one.enabled else None


def _look_again(connection: Connection, id: str) -> None:
    changed = update(DETECTIONS).values(seen="")
    connection.execute(changed if id == EVERY else changed.where(DETECTIONS.c.id == id))
