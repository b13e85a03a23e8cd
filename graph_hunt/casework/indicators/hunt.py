"""Looks for the indicators in what is loaded, and keeps where they were met: at import in all, at load in the new."""

import time
from collections.abc import Sequence
from contextlib import closing

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.matching import match
from graph_hunt.casework.indicators.repository import SIGHTINGS, kept
from graph_hunt.casework.indicators.value import Value
from graph_hunt.casework.state import State
from graph_hunt.events.store import EventStore

_ROWS = 5_000


def hunt(
    state: State,
    events: EventStore,
    *,
    only: Sequence[Value] | None = None,
    batches: Sequence[str] | None = None,
    now: int | None = None,
) -> int:
    """Look for the live indicators, or some of them, in all events or those of some batches; give the new sightings.

    Doing it again, or after it was killed, adds only what is not kept yet.
    """
    moment = time.time_ns() // 1_000_000 if now is None else now
    wanted: list[Indicator] = [one.indicator for one in kept(state, live=moment)]
    if only is not None:
        chosen = set(only)
        wanted = [one for one in wanted if one.value in chosen]
    if not wanted or batches == []:
        return 0
    with closing(events.connection(batches)) as connection:
        rows = match(connection, wanted).to_arrow_table().to_pylist()
    dialect = postgresql if state.where.startswith("postgresql") else sqlite
    with state.begin() as connection:
        before = connection.execute(select(func.count()).select_from(SIGHTINGS)).scalar_one()
        for start in range(0, len(rows), _ROWS):
            connection.execute(dialect.insert(SIGHTINGS).on_conflict_do_nothing(), rows[start : start + _ROWS])
        after = connection.execute(select(func.count()).select_from(SIGHTINGS)).scalar_one()
    return int(after - before)
