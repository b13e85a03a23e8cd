"""Findings of where indicators were met: one an indicator and day, with whom it touched."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, func, select

from graph_hunt.casework.indicators.drawing import LABELS
from graph_hunt.casework.indicators.ranking import touched
from graph_hunt.casework.indicators.repository import INDICATORS, SIGHTINGS
from graph_hunt.casework.indicators.value import Kind
from graph_hunt.casework.state import State
from graph_hunt.hunting.finding import EVIDENCE, Finding, Involved, named_by
from graph_hunt.hunting.hunt import Level
from graph_hunt.workspace import Workspace

HUNT = "indicators"
"""What these findings name in the place of a hunt."""
MOST = 1_000
"""Findings that are given, those of the latest days first."""
_DAY = 86_400_000
_SURE, _UNSURE = 75, 30
"""Confidences from which an indicator is grave, and below which it is not."""
_SHOWN = 10


def findings(workspace: Workspace, state: State, since: int | None = None) -> tuple[list[Finding], bool]:
    """Give what was met, and whether there is more than is given."""
    day = (SIGHTINGS.c.at // _DAY).label("day")
    met = (
        select(
            SIGHTINGS.c.indicator, day, func.count().label("times"), func.min(SIGHTINGS.c.at).label("first"),
            func.max(SIGHTINGS.c.at).label("last"),
        )
        .where(SIGHTINGS.c.at >= (since or 0))
        .group_by(SIGHTINGS.c.indicator, day)
        .order_by(day.desc(), SIGHTINGS.c.indicator)
        .limit(MOST + 1)
        .subquery()
    )  # fmt: skip
    with state.read() as connection:
        rows = connection.execute(select(met, INDICATORS).join(INDICATORS, INDICATORS.c.id == met.c.indicator)).all()
        events = {}
        for row in rows[:MOST]:
            mine = (SIGHTINGS.c.indicator == row.indicator) & (SIGHTINGS.c.at >= row.first)
            wanted = select(SIGHTINGS).where(mine, SIGHTINGS.c.at <= row.last).order_by(SIGHTINGS.c.at)
            events[row.indicator, row.day] = connection.execute(wanted.limit(EVIDENCE)).all()
    who = touched(workspace, [one.event for group in events.values() for one in group])
    return list(_findings(rows[:MOST], events, who)), len(rows) > MOST


def _findings(
    rows: Sequence["Row[Any]"],
    events: dict[tuple[str, int], Sequence["Row[Any]"]],
    who: dict[str, list[tuple[str, str]]],
) -> Iterator[Finding]:
    for row in rows:
        met = events[row.indicator, row.day]
        touched_by = list(dict.fromkeys(one for event in met for one in who.get(event.event, ())))[:_SHOWN]
        kind, label = Kind(row.kind), LABELS.get(Kind(row.kind))
        values = [] if label is None else list(dict.fromkeys((label, one.value) for one in met))[:_SHOWN]
        places = ", ".join(sorted({f"{one.event_table}.{one.field}" for one in met}))
        sources = ", ".join(row.sources) or "nobody"
        word = f"{kind.value.replace('_', ' ')} {row.value}"
        times = "once" if row.times == 1 else f"{row.times} times"
        yield Finding(
            id=named_by(HUNT, row.indicator, str(row.day)),
            hunt=HUNT,
            title="An indicator was met",
            level=_level(row.confidence),
            attack=tuple(row.techniques),
            summary=f"{word}, an indicator of {sources}, was met {times} in {places}",
            entities=(
                Involved("Indicator", f"{row.kind}|{row.value}", row.value, "indicator"),
                *(Involved(name, key, key, "met") for name, key in values),
                *(Involved(name, key, key, "touched") for name, key in touched_by),
            ),
            first_seen=row.first,
            last_seen=row.last,
            score=float(row.confidence if row.confidence is not None else 50),
            evidence=tuple(sorted(one.event for one in met)),
            details={"kind": row.kind, "value": row.value, "sources": list(row.sources), "tlp": row.tlp},
            subject=named_by(HUNT, row.indicator),
        )


def _level(confidence: int | None) -> Level:
    if confidence is None:
        return Level.MEDIUM
    return Level.HIGH if confidence >= _SURE else Level.LOW if confidence < _UNSURE else Level.MEDIUM
