"""Applies a workspace's events to a graph, and kills itself at a step: `killed_apply FOLDER STEP ENGINE`."""

import os
import signal
import sys
from pathlib import Path

from graph_hunt.events.store import EventStore
from graph_hunt.graph.kglite import KgliteStore
from graph_hunt.graph.neo4j import Neo4jStore
from graph_hunt.graph.projection import apply
from graph_hunt.graph.store import GraphStore


def main(folder: Path, step: str, engine: str) -> None:
    store: GraphStore
    if engine == "neo4j":
        store = Neo4jStore.open(os.environ["URI"], "neo4j", os.environ["PASSWORD"])
    else:
        store = KgliteStore.open(folder / "graph.kgl")

    def progress(what: str, done: int, of: int) -> None:
        if what == step:
            os.kill(os.getpid(), signal.SIGKILL)

    apply(EventStore.open(folder / "events"), store, folder / "deltas", progress=progress)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
