"""The indicators that are kept, those that are let pass, and where they were met; every change is in the trail."""

import ipaddress
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from graph_hunt.casework.indicators.indicator import Indicator, together
from graph_hunt.casework.indicators.value import Kind, Value
from graph_hunt.casework.state import AUDIT, METADATA, Area, State, record, register
from graph_hunt.errors import InputError

INDICATORS = Table(
    "indicator",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("value", Text, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("confidence", Integer),
    Column("tlp", String(16), nullable=False),
    Column("since", BigInteger),
    Column("until", BigInteger),
    Column("techniques", JSON, nullable=False),
    Column("added", BigInteger, nullable=False),
)
ALLOWED = Table(
    "indicator_allowed",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", BigInteger),
)
SIGHTINGS = Table(
    "indicator_sighting",
    METADATA,
    Column("indicator", String(32), ForeignKey("indicator.id"), primary_key=True),
    Column("event", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("event_table", String(32), nullable=False),
    Column("field", String(32), nullable=False),
    Column("value", Text, nullable=False),
)
register(Area("indicators", 1, (INDICATORS, ALLOWED, SIGHTINGS)))
PENDING = Table("indicator_pending", METADATA, Column("indicator", String(32), primary_key=True))
"""Indicators that were not looked for yet in what was loaded before they came."""
LOOKED = Table(
    "indicator_batch",
    METADATA,
    Column("batch", String(128), primary_key=True),
    Column("rows", BigInteger, nullable=False),
)
"""Batches of events that were looked through, and how many rows each had."""
register(Area("indicator_looks", 1, (PENDING, LOOKED)))
_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Given:
    """What became of indicators that were given."""

    new: tuple[Value, ...]
    changed: tuple[Value, ...]
    same: int


@dataclass(frozen=True, slots=True)
class Kept:
    """An indicator of the repository, and how often and when it was met."""

    indicator: Indicator
    added: int
    sightings: int = 0
    last: int | None = None
    first: int | None = None


def give(state: State, indicators: Iterable[Indicator], *, who: str) -> Given:
    """Keep indicators, in one transaction; what is known of a value already is joined with what is new."""
    told: dict[Value, Indicator] = {}
    for one in indicators:
        told[one.value] = together(told[one.value], one) if one.value in told else one
    new: list[Value] = []
    changed: list[Value] = []
    with state.begin() as connection:
        distinct = list(told.values())
        for start in range(0, len(distinct), _ROWS):
            fresh, other = _write(connection, distinct[start : start + _ROWS], who)
            new += fresh
            changed += other
    return Given(tuple(new), tuple(changed), len(told) - len(new) - len(changed))


def _write(connection: Connection, part: Sequence[Indicator], who: str) -> tuple[list[Value], list[Value]]:
    at = time.time_ns() // 1_000_000
    rows = connection.execute(select(INDICATORS).where(INDICATORS.c.id.in_([one.value.id for one in part])))
    known = {row.id: _indicator(row) for row in rows}
    fresh = [one for one in part if one.value.id not in known]
    joined = [(known[one.value.id], together(known[one.value.id], one)) for one in part if one.value.id in known]
    differing = [(before, after) for before, after in joined if before != after]
    if fresh:
        connection.execute(insert(INDICATORS), [{**_row(one), "added": at} for one in fresh])
    for _, after in differing:
        connection.execute(update(INDICATORS).where(INDICATORS.c.id == after.value.id).values(_row(after)))
    trail = [(one, None, "indicator.add") for one in fresh] + [(a, b, "indicator.change") for b, a in differing]
    if trail:
        lines = [
            {
                "at": at,
                "who": who,
                "action": action,
                "subject": f"indicator:{after.value.id}",
                "before": before.said() if before else None,
                "after": after.said(),
            }
            for after, before, action in trail
        ]
        # A line for each change, but not a statement for each: a feed brings a million.
        connection.execute(insert(AUDIT), lines)
        pend(connection, [after.value.id for after, _, _ in trail])
    return [one.value for one in fresh], [after.value for _, after in differing]


def pend(connection: Connection, ids: Iterable[str]) -> None:
    """Have indicators looked for in all that is loaded."""
    wanted = list(ids)
    for start in range(0, len(wanted), _ROWS):
        part = wanted[start : start + _ROWS]
        connection.execute(delete(PENDING).where(PENDING.c.indicator.in_(part)))
        connection.execute(insert(PENDING), [{"indicator": id} for id in part])


class Sought(NamedTuple):
    """Of an indicator what looking for it needs: there may be a million."""

    id: str
    kind: Kind
    text: str
    until: int | None


def wanted(state: State, now: int) -> list[Sought]:
    """Give what is looked for: all that is not let pass; an event is met by what was valid at its time."""
    columns = select(INDICATORS.c.id, INDICATORS.c.kind, INDICATORS.c.value, INDICATORS.c.until)
    kinds = {kind.value: kind for kind in Kind}
    with state.read() as connection:
        rows = connection.execute(columns).all()
        passed = _passed(connection, now)
    found = [Sought(id, kinds[kind], text, until) for id, kind, text, until in rows]
    if not any(passed.values()):
        return found
    return [one for one in found if not _passes(Value(one.kind, one.text), passed)]


def passed_before(state: State, now: int, *, who: str = "graph-hunt") -> None:
    """End what was let pass up to a moment: those indicators are looked for again, in what came meanwhile too."""
    with state.begin() as connection:
        over = connection.execute(select(ALLOWED).where(ALLOWED.c.until <= now)).mappings().all()
        if not over:
            return
        before = _passed(connection, None)
        connection.execute(delete(ALLOWED).where(ALLOWED.c.id.in_([row["id"] for row in over])))
        after = _passed(connection, now)
        rows = connection.execute(select(INDICATORS.c.id, INDICATORS.c.kind, INDICATORS.c.value)).all()
        values = {row.id: Value(Kind(row.kind), row.value) for row in rows}
        pend(connection, [id for id, one in values.items() if _passes(one, before) and not _passes(one, after)])
        for row in over:
            subject = f"indicator:{row['id']}"
            record(connection, who=who, action="indicator.allow.over", subject=subject, before=dict(row))


def forbid(state: State, value: Value, *, who: str) -> None:
    """Let a value no longer pass."""
    with state.begin() as connection:
        row = connection.execute(select(ALLOWED).where(ALLOWED.c.id == value.id)).mappings().first()
        if row is None:
            raise InputError(f"{value.text!r} is not let pass")
        connection.execute(update(ALLOWED).where(ALLOWED.c.id == value.id).values(until=0))
        record(connection, who=who, action="indicator.forbid", subject=f"indicator:{value.id}", before=dict(row))


def kept(state: State, *, live: int | None = None) -> list[Kept]:
    """Give the indicators, those most often met first; with `live` (epoch ms) only those not over, nor let pass."""
    met = (
        select(SIGHTINGS.c.indicator, func.count().label("times"), func.max(SIGHTINGS.c.at).label("last"))
        .add_columns(func.min(SIGHTINGS.c.at).label("first"))
        .group_by(SIGHTINGS.c.indicator)
        .subquery()
    )
    wanted = select(INDICATORS, met.c.times, met.c.last, met.c.first).join_from(
        INDICATORS, met, INDICATORS.c.id == met.c.indicator, isouter=True
    )
    with state.read() as connection:
        found = [Kept(_indicator(r), r.added, r.times or 0, r.last, r.first) for r in connection.execute(wanted)]
        passed = _passed(connection, live)
    if live is not None:
        found = [
            one
            for one in found
            if (one.indicator.until is None or one.indicator.until > live) and not _passes(one.indicator.value, passed)
        ]
    return sorted(found, key=lambda one: (-one.sightings, one.indicator.value))


def allow(state: State, value: Value, *, reason: str, who: str, until: int | None = None) -> None:
    """Let a value pass, and what lies within it (a domain's names, a network's addresses), to an end or for good."""
    row = {"id": value.id, "kind": value.kind.value, "value": value.text, "reason": reason, "until": until}
    with state.begin() as connection:
        before = connection.execute(select(ALLOWED).where(ALLOWED.c.id == value.id)).mappings().first()
        connection.execute(delete(ALLOWED).where(ALLOWED.c.id == value.id))
        connection.execute(insert(ALLOWED).values(row))
        subject, old = f"indicator:{value.id}", dict(before) if before else None
        record(connection, who=who, action="indicator.allow", subject=subject, before=old, after=row)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where an indicator was met."""

    event: str
    at: int
    table: str
    field: str
    value: str


def get(state: State, value: Value) -> Kept:
    """Give an indicator of the repository."""
    with state.read() as connection:
        row = connection.execute(select(INDICATORS).where(INDICATORS.c.id == value.id)).first()
        if row is None:
            raise InputError(f"{value.text!r} is no indicator of the repository")
        met = select(func.count(), func.max(SIGHTINGS.c.at), func.min(SIGHTINGS.c.at))
        times, last, first = connection.execute(met.where(SIGHTINGS.c.indicator == value.id)).one()
    return Kept(_indicator(row), row.added, times, last, first)


def any_kept(state: State) -> bool:
    """There is an indicator."""
    with state.read() as connection:
        return connection.execute(select(INDICATORS.c.id).limit(1)).first() is not None


def count(state: State) -> tuple[int, int]:
    """Count the indicators and the sightings."""
    with state.read() as connection:
        known = connection.execute(select(func.count()).select_from(INDICATORS)).scalar_one()
        return known, connection.execute(select(func.count()).select_from(SIGHTINGS)).scalar_one()


def sightings(state: State, value: Value, *, limit: int = 100, skip: int = 0) -> list[Sighting]:
    """Give where an indicator was met, the latest first."""
    wanted = select(SIGHTINGS).where(SIGHTINGS.c.indicator == value.id)
    ordered = wanted.order_by(SIGHTINGS.c.at.desc(), SIGHTINGS.c.event).limit(limit).offset(skip)
    with state.read() as connection:
        rows = connection.execute(ordered).all()
    return [Sighting(row.event, row.at, row.event_table, row.field, row.value) for row in rows]


def expire(state: State, value: Value, *, who: str, at: int | None = None) -> Indicator:
    """End an indicator: now, or at a moment (epoch ms)."""
    end = time.time_ns() // 1_000_000 if at is None else at
    with state.begin() as connection:
        row = connection.execute(select(INDICATORS).where(INDICATORS.c.id == value.id)).first()
        if row is None:
            raise InputError(f"{value.text!r} is no indicator of the repository")
        before = _indicator(row)
        after = replace(before, until=end)
        connection.execute(update(INDICATORS).where(INDICATORS.c.id == value.id).values(until=end))
        connection.execute(delete(SIGHTINGS).where(SIGHTINGS.c.indicator == value.id, SIGHTINGS.c.at >= end))
        if before.until is not None and before.until < end:
            pend(connection, [value.id])
        subject = f"indicator:{value.id}"
        record(
            connection, who=who, action="indicator.expire", subject=subject, before=before.said(), after=after.said()
        )
    return after


def _passed(connection: Connection, now: int | None) -> dict[Kind, set[str]]:
    found: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for row in connection.execute(select(ALLOWED)):
        if row.until is None or now is None or row.until > now:
            found[Kind(row.kind)].add(row.value)
    return found


def _passes(value: Value, passed: dict[Kind, set[str]]) -> bool:
    if value.text in passed[value.kind]:
        return True
    if value.kind is Kind.DOMAIN:
        labels = value.text.split(".")
        return any(".".join(labels[n:]) in passed[Kind.DOMAIN] for n in range(1, len(labels)))
    if value.kind is Kind.IP and passed[Kind.NETWORK]:
        address = ipaddress.ip_address(value.text)
        return any(address in ipaddress.ip_network(text) for text in passed[Kind.NETWORK])
    return False


def _row(one: Indicator) -> dict[str, Any]:
    return {
        "id": one.value.id,
        "kind": one.value.kind.value,
        "value": one.value.text,
        "sources": list(one.sources),
        "confidence": one.confidence,
        "tlp": one.tlp,
        "since": one.since,
        "until": one.until,
        "techniques": list(one.techniques),
    }


def _indicator(row: Any) -> Indicator:
    value = Value(Kind(row.kind), row.value)
    return Indicator(value, tuple(row.sources), row.confidence, row.tlp, row.since, row.until, tuple(row.techniques))
