"""LANL telemetry loaded into each engine: that the graphs are the same, and how long hunts take on each.

.venv/bin/python bench/both_engines.py [EVENTS]       load both, compare what they export, run the hunts
.venv/bin/python bench/both_engines.py WORK EVENTS    one measurement, as JSON

Neo4j is the one that GRAPH_HUNT_NEO4J_URI names, or one that scripts/neo4j starts; its graph is emptied.
"""

import itertools
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from statistics import median

import measure
import telemetry
import write_graph

from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.hunting import library, runner
from graph_hunt.hunting.window import resolve
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

ENGINES = ("kglite", "neo4j")
Told = tuple[int, dict[str, float]]


def _settings(engine: str, events: int) -> Settings:
    folder = telemetry.CACHE / f"both-{events}-{telemetry.SEED}" / engine
    return Settings(folder, write_graph.target() if engine == "neo4j" else None)


def load(engine: str, events: int) -> Told:
    """Load the telemetry; counts edges."""
    file, settings = telemetry.lanl(events) / "auth.txt", _settings(engine, events)
    shutil.rmtree(settings.workspace, ignore_errors=True)
    with Workspace.open(settings) as workspace:
        workspace.rebuild()
        applied = workspace.load([file]).applied
    return sum(applied.edges.values()), _memory(engine)


def hunts(engine: str, events: int) -> Told:
    """Run all hunts that see something of it, twice; counts hunts, and gives what the second time took."""
    with _loaded(engine, events) as workspace:
        codes, window = workspace.events.codes(), resolve(*workspace.span(), bucket=workspace.preferences.bucket)
        for _ in range(2):
            done = list(runner.run_all(library.all_hunts(), workspace.graph, codes, window=window))
        seen = [one.seconds for one in done if one.state != "cannot_see"]
    if any(one.timed_out for one in done):
        raise SystemExit(f"{engine}: {[one.hunt.id for one in done if one.timed_out]} took too long")
    return len(seen), {"median_ms": 1000 * median(seen), "worst_ms": 1000 * max(seen), **_memory(engine)}


def same(_: str, events: int) -> Told:
    """Compare all nodes and edges of both, property by property; counts edges."""
    counts, digests = [], []
    for engine in ENGINES:
        with _loaded(engine, events) as workspace:
            edges = 0
            digest = sha256()
            for line in itertools.chain(export_nodes(workspace.graph), export_edges(workspace.graph)):
                digest.update(line)
                edges += line.find(b'"source_key"') >= 0
            counts.append(edges)
            digests.append(digest.hexdigest())
    if len(set(digests)) > 1 or not counts[0]:
        raise SystemExit(f"the graphs differ: {dict(zip(ENGINES, zip(counts, digests, strict=True), strict=True))}")
    return counts[0], {}


@contextmanager
def _loaded(engine: str, events: int) -> Iterator[Workspace]:
    with Workspace.open(_settings(engine, events), read_only=True) as workspace:
        yield workspace


def _memory(engine: str) -> dict[str, float]:
    """The most memory that the server took, where it is one of ours on this machine."""
    pid = write_graph.HOME / "pid"
    if engine != "neo4j" or not pid.exists():
        return {}
    status = Path(f"/proc/{pid.read_text().strip()}/status").read_text().splitlines()
    return {"server_mb": int(next(line.split()[1] for line in status if line.startswith("VmHWM:"))) / 1024}


WORK: dict[str, tuple[Callable[[str, int], Told], str]] = {
    "load-kglite": (load, "kglite"),
    "load-neo4j": (load, "neo4j"),
    "same": (same, ""),
    "hunts-kglite": (hunts, "kglite"),
    "hunts-neo4j": (hunts, "neo4j"),
}
NAMES = {
    "load-kglite": "kglite: a whole load, events to edges",
    "load-neo4j": "Neo4j: a whole load, events to edges",
    "same": "edges that both export, byte for byte the same",
    "hunts-kglite": "kglite: hunts over the whole span",
    "hunts-neo4j": "Neo4j: hunts over the whole span",
}


def table(events: int) -> Iterator[tuple[str, str, measure.Figure]]:
    """All measurements: what it is, its name, its figure."""
    for work, name in NAMES.items():
        yield name, work, measure.alone("both_engines.py", work, events)


def main(arguments: list[str]) -> None:
    """One measurement, or all."""
    if arguments and arguments[0] in WORK:
        work, engine = WORK[arguments[0]]
        events = int(arguments[1].replace("_", ""))
        telemetry.lanl(events)
        if engine != "kglite":
            # A server's start is not counted.
            write_graph.target()
        measure.told(lambda: work(engine, events))
        return
    for size in arguments or ["1_000_000"]:
        for name, _, figure in table(int(size.replace("_", ""))):
            extra = "".join(f"  {key} {value:,.0f}" for key, value in figure.extra.items())
            print(figure.line(name) + extra, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
