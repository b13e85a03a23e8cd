"""Looks for the indicators in what is loaded, and keeps where they were met: new ones in all, all in what is new."""

import time
from collections.abc import Sequence
from contextlib import closing
from typing import TypeVar

import pyarrow as pa
from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from graph_hunt.casework.indicators.matching import match
from graph_hunt.casework.indicators.repository import LOOKED, PENDING, SIGHTINGS, Sought, passed_before, wanted
from graph_hunt.casework.state import State
from graph_hunt.events.store import EventStore
from graph_hunt.schema import TABLES

_ROWS = 5_000
T = TypeVar("T")


def hunt(state: State, events: EventStore, *, now: int | None = None) -> int:
    """Bring the sightings up to what is loaded and what is looked for; give how many are new.

    Doing it again, or after it was killed, adds only what is not kept yet; sightings of events that were taken out go.
    """
    moment = time.time_ns() // 1_000_000 if now is None else now
    passed_before(state, moment)
    there = {one.batch: sum(part.rows for part in one.parts) for one in events.entries()}
    with state.read() as connection:
        looked = {row.batch: row.rows for row in connection.execute(select(LOOKED))}
        pending = set(connection.execute(select(PENDING.c.indicator)).scalars())
    if any(there.get(batch) != rows for batch, rows in looked.items()):
        _forget(state, events)
    fresh = [batch for batch in there if batch not in looked]
    if not fresh and not pending and looked == there:
        return 0
    chosen = wanted(state, moment) if there else []
    new = _met(state, events, [one for one in chosen if one.id in pending], None)
    new += _met(state, events, [one for one in chosen if one.id not in pending], fresh)
    with state.begin() as connection:
        for ids in _parts(sorted(pending)):
            connection.execute(delete(PENDING).where(PENDING.c.indicator.in_(ids)))
        if looked != there:
            connection.execute(delete(LOOKED))
            rows = [{"batch": batch, "rows": rows} for batch, rows in there.items()]
            for part in _parts(rows):
                connection.execute(insert(LOOKED), part)
    return new


def again(state: State) -> None:
    """Have all that is loaded looked through anew."""
    with state.begin() as connection:
        connection.execute(delete(LOOKED))


def _met(state: State, events: EventStore, chosen: Sequence[Sought], batches: Sequence[str] | None) -> int:
    if not chosen or batches == []:
        return 0
    with closing(events.connection(batches)) as connection:
        rows = match(connection, chosen).to_arrow_table().to_pylist()
    dialect = postgresql if state.where.startswith("postgresql") else sqlite
    with state.begin() as connection:
        before = connection.execute(select(func.count()).select_from(SIGHTINGS)).scalar_one()
        for part in _parts(rows):
            connection.execute(dialect.insert(SIGHTINGS).on_conflict_do_nothing(), part)
        after = connection.execute(select(func.count()).select_from(SIGHTINGS)).scalar_one()
    return int(after - before)


def _forget(state: State, events: EventStore) -> None:
    """Drop the sightings of events that are no longer there."""
    with state.read() as connection:
        ids = connection.execute(select(SIGHTINGS.c.event).distinct()).scalars().all()
    if not ids:
        return
    with closing(events.connection()) as duck:
        duck.register("met", pa.table({"event": pa.array(ids, pa.string())}))
        standing = " UNION ALL ".join(f"SELECT event_id FROM {table}" for table in TABLES)  # noqa: S608 - the schema's names
        gone = duck.execute(f"SELECT event FROM met ANTI JOIN ({standing}) ON event = event_id").fetchall()  # noqa: S608
    with state.begin() as connection:
        for part in _parts([event for (event,) in gone]):
            connection.execute(delete(SIGHTINGS).where(SIGHTINGS.c.event.in_(part)))


def _parts(rows: Sequence[T]) -> list[Sequence[T]]:
    return [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)]
