"""Custody of what was loaded: who brought which file when, with its digest, and what was taken out again.

The journal says what was loaded; the trail says who did it. What was taken out is known from the trail alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, inspect, select

from graph_hunt.casework.state import AUDIT, State, record
from graph_hunt.casework.uploads import UPLOADS
from graph_hunt.events.journal import Reading
from graph_hunt.events.store import EventStore

LOADED, UNDONE = "load", "undo"
"""What the trail calls a load, and its undoing."""
_FILES = 500
"""Files of one load that the trail names."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What one load took from one file; `who` where the trail says so, `undone` by whom it was taken out again."""

    load: str
    at: int
    file: str
    sha256: str
    size: int
    loader: str
    records: int
    used: int
    quarantined: int
    problem: str = ""
    who: str = ""
    undone: str = ""


def note_load(state: State, events: EventStore, batches: Sequence[str], *, who: str) -> None:
    """Write on the trail who made the load that these batches are of, and from which files."""
    wanted = set(batches)
    loads: dict[str, dict[str, Reading]] = {}
    for entry in events.entries():
        if entry.batch in wanted:
            files = loads.setdefault(entry.load, {})
            for one in entry.readings:
                files[one.digest] = one if one.digest not in files else files[one.digest].plus(one)
    with state.begin() as connection:
        for load, files in loads.items():
            told = [_told(one) for one in files.values()]
            after = {"files": told[:_FILES], **({"more": len(told) - _FILES} if len(told) > _FILES else {})}
            record(connection, who=who, action=LOADED, subject=f"load:{load}", after=after)


def note_undo(state: State, load: str, rows: int, *, who: str) -> None:
    """Write on the trail who took a load out."""
    with state.begin() as connection:
        record(connection, who=who, action=UNDONE, subject=f"load:{load}", before={"rows": rows})


def brought(events: EventStore, state: State | None) -> list[Brought]:
    """Give what was loaded, the earliest first, and what was taken out again."""
    found: dict[tuple[str, str, str], Brought] = {}
    for entry in events.entries():
        for one in entry.readings:
            key = one.load, one.name, one.digest
            found[key] = _joined(found.get(key), one, entry.at)
    if state is None:
        return _ordered(found.values())
    with state.read() as connection:
        loads, undone, uploads = _who(connection)
    for key, known in found.items():
        who = next((line.who for line in loads.get(known.load, ())), uploads.get(known.sha256, ""))
        found[key] = replace(known, who=who)
    gone = [one for one in _gone(loads, undone) if (one.load, one.file, one.sha256) not in found]
    return _ordered([*found.values(), *gone])


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    who: str
    after: Mapping[str, Any] | None


def _who(connection: Connection) -> tuple[dict[str, list[_Line]], dict[str, _Line], dict[str, str]]:
    loads: dict[str, list[_Line]] = {}
    undone: dict[str, _Line] = {}
    wanted = select(AUDIT).where(AUDIT.c.action.in_((LOADED, UNDONE))).order_by(AUDIT.c.id)
    for row in connection.execute(wanted):
        load, line = row.subject.removeprefix("load:"), _Line(row.at, row.who, row.after)
        if row.action == LOADED:
            loads.setdefault(load, []).append(line)
        else:
            undone[load] = line
    there = inspect(connection).has_table(UPLOADS.name)
    rows = connection.execute(select(UPLOADS.c.sha256, UPLOADS.c.who)).all() if there else []
    return loads, undone, {row.sha256: row.who for row in rows}


def _gone(loads: Mapping[str, Sequence[_Line]], undone: Mapping[str, _Line]) -> Iterator[Brought]:
    for load, taken in undone.items():
        for line in loads.get(load, ()):
            for one in (line.after or {}).get("files", ()):
                numbers = one["size"], one["loader"], one["records"], one["used"], one["quarantined"]
                yield Brought(load, line.at, one["name"], one["sha256"], *numbers, who=line.who, undone=taken.who)


def _told(one: Reading) -> dict[str, Any]:
    return {
        "name": one.name,
        "sha256": one.digest,
        "size": one.size,
        "loader": one.loader,
        "records": one.records,
        "used": one.used,
        "quarantined": sum(one.quarantined.values()),
    }


def _joined(known: Brought | None, one: Reading, at: int) -> Brought:
    quarantined = sum(one.quarantined.values())
    if known is None:
        numbers = one.size, one.loader, one.records, one.used, quarantined
        return Brought(one.load, at, one.name, one.digest, *numbers, problem=one.problem)
    return replace(
        known,
        records=known.records + one.records,
        used=known.used + one.used,
        quarantined=known.quarantined + quarantined,
        problem=one.problem or known.problem,
    )


def _ordered(found: Any) -> list[Brought]:
    return sorted(found, key=lambda one: (one.at, one.load, one.file))
