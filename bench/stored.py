"""An event store of one file, as benchmarks begin with."""

from pathlib import Path

from graph_hunt.events.source import Options
from graph_hunt.events.store import EventStore
from graph_hunt.workspace.loading import Outcome, load


def stored(telemetry: Path, folder: Path) -> EventStore:
    """Load one file into an event store in a folder, without a graph."""
    store = EventStore.open(folder)
    for source in load(store, [telemetry], Options()).sources:
        if source.outcome is not Outcome.LOADED:
            raise SystemExit(f"{source.name}: {source.outcome}: {source.problem}")
    return store
