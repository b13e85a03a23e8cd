"""What follows when events came or went: indicators are looked for and drawn, detections run, alerts are told."""

from dataclasses import dataclass, field
from pathlib import Path

from graph_hunt.casework.detections.detection import now_ms
from graph_hunt.casework.detections.watch import Looked, Watch
from graph_hunt.casework.indicators.drawing import draw
from graph_hunt.casework.indicators.hunt import hunt
from graph_hunt.casework.state import State
from graph_hunt.events.countries import FILE
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace


@dataclass(frozen=True, slots=True)
class After:
    """What came of it."""

    sightings: int = 0
    looked: Looked = field(default_factory=lambda: Looked((), 0))


def after_change(opened: Workspace, state: State, *, now: int | None = None) -> After:
    """Bring sightings, the graph's indicators and alerts up to a workspace that is open for writing."""
    at = now_ms(now)
    met = meet(opened, state, now=at)
    return After(met, Watch(state, lambda: opened, opened.root).look(now=at))


def meet(opened: Workspace, state: State, *, now: int | None = None) -> int:
    """Look for the indicators, and draw them; give the new sightings."""
    met = hunt(state, opened.events, now=now_ms(now))
    draw(state, opened.graph)
    return met


def any_state(settings: Settings) -> bool:
    """Something is kept that must follow the events; a workspace that is only loaded gets no state store."""
    place = settings.state_store
    return not isinstance(place, Path) or place.exists() or (settings.workspace / FILE).exists()
