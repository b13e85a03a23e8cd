"""Ranks the indicators that were met by how far those who met them could have spread a compromise."""

# ruff: noqa: S608 - the SQL is made of names written here; telemetry reaches it by tables and parameters.

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from graph_hunt.casework.indicators.repository import Kept, Sighting, sightings
from graph_hunt.casework.state import State
from graph_hunt.events.resolve import resolve
from graph_hunt.hunting.spread import Entity, blast_radius
from graph_hunt.hunting.spread.activity import Activity
from graph_hunt.hunting.spread.blast import WINDOW
from graph_hunt.hunting.tracing import activity_of
from graph_hunt.workspace import Workspace

RANKED = 100
"""Indicators that are ranked at most, those met most often first."""
_MET = 500
"""Sightings of one that are looked at, the earliest counting for each who met it."""
_STARTS = 10
_REACHED = 500
_WHO = (
    ("authentication", "User", "user_key", "user_label = 'User' AND coalesce(outcome, 'success') = 'success'"),
    ("authentication", "Host", "source_key", "source_label = 'Host'"),
    ("process", "Host", "host_key", "true"),
    ("network", "Host", "source_key", "source_label = 'Host'"),
    ("change", "Host", "host_key", "true"),
    ("access", "Host", "host_key", "true"),
    ("mailbox", "User", "user_key", "user_label = 'User'"),
    ("click", "User", "user_key", "user_label = 'User' AND coalesce(action, 'allowed') <> 'blocked'"),
    (
        "mail",
        "Mailbox",
        "lower(recipient)",
        "coalesce(action, 'delivered') NOT IN ('blocked', 'quarantined', 'bounced')",
    ),
)
"""By table: whom an event touched; who was kept from it is not touched."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An indicator with whom it touched, and how many entities a compromise of them is expected to have reached."""

    kept: Kept
    touched: tuple[tuple[str, str], ...]
    reached: float
    """The sum of the likelihoods of all that could have been reached, those touched counted as one each."""


def rank(workspace: Workspace, state: State, kept: Sequence[Kept], *, window: int = WINDOW) -> list[Ranked]:
    """Order indicators by their blast radius, the widest first; what was never met has none."""
    chosen = [one for one in kept if one.sightings][:RANKED]
    events = {one.indicator.value.id: sightings(state, one.indicator.value, limit=_MET) for one in chosen}
    met = touched(workspace, [event.event for group in events.values() for event in group])
    ranked = []
    for one in chosen:
        first = _first(events[one.indicator.value.id], met)
        ranked.append(Ranked(one, tuple(first), _reached(workspace, first, window)))
    return sorted(ranked, key=lambda one: (-one.reached, -one.kept.sightings, one.kept.indicator.value))


def touched(workspace: Workspace, events: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Give whom each event touched."""
    found: dict[str, list[tuple[str, str]]] = {}
    if not events:
        return found
    with closing(workspace.events.connection()) as connection:
        connection.register("met", pa.table({"event": pa.array(sorted(set(events)), pa.string())}))
        resolve(connection, workspace.ledger(), workspace.geo)
        for table, label, key, which in _WHO:
            query = f"SELECT event_id, {key} FROM {table}_resolved JOIN met ON event = event_id WHERE {which}"
            for event, who in connection.execute(query).fetchall():
                if who is not None:
                    found.setdefault(event, []).append((label, who))
    return found


def _first(met: Sequence[Sighting], touched: dict[str, list[tuple[str, str]]]) -> dict[tuple[str, str], int]:
    first: dict[tuple[str, str], int] = {}
    for one in sorted(met, key=lambda sighting: sighting.at):
        for who in touched.get(one.event, ()):
            first.setdefault(who, one.at)
    return first


def _reached(workspace: Workspace, first: dict[tuple[str, str], int], window: int) -> float:
    likely: dict[tuple[str, str], float] = dict.fromkeys(first, 1.0)
    activity = activity_of(workspace)
    for (label, key), at in list(first.items())[:_STARTS]:
        start = Entity(label, key)
        if not _acts(activity, start):
            continue
        for one in blast_radius(activity, start, at, window=window, limit=_REACHED).reached:
            likely[one.label, one.key] = max(likely.get((one.label, one.key), 0.0), one.likelihood)
    return round(sum(likely.values()), 2)


def _acts(activity: Activity, entity: Entity) -> bool:
    table = activity.entities.table
    same = pc.and_(pc.equal(table["label"], entity.label), pc.equal(table["key"], entity.key))
    return bool(pc.any(same).as_py())
