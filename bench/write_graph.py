"""Writing hourly logon edges to the graph: each engine as graph-hunt does it, and the plain ways beside it.

.venv/bin/python bench/write_graph.py WORK EVENTS     one measurement, as JSON
.venv/bin/python bench/write_graph.py EVENTS          all of them, as a table

Neo4j is the one that GRAPH_HUNT_NEO4J_URI names, or one that scripts/neo4j starts; its graph is emptied.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import measure
import pyarrow as pa
import pyarrow.parquet as pq
import telemetry
from stored import stored

from graph_hunt.events.resolve import resolve
from graph_hunt.graph.kglite import KgliteStore
from graph_hunt.graph.neo4j import Neo4jStore
from graph_hunt.graph.projection.deltas import Deltas
from graph_hunt.graph.projection.measure import measure as measured
from graph_hunt.graph.store import Ends, GraphStore, Mark
from graph_hunt.settings import Neo4jTarget

SCRIPT = telemetry.ROOT / "scripts" / "neo4j"
HOME = telemetry.CACHE / "neo4j"
MARK = Mark("00000000-bench", (), 3_600_000, 0)
ENDS = Ends("LOGON_TO", "Host", "Host")
PLAIN = 40_000
"""Edges that the plain ways write: more would only take longer."""
_NODES = ("source_label", "target_label")


def edges(events: int) -> Path:
    """The folder of the edges that LANL telemetry of this size becomes, made once."""
    folder = telemetry.CACHE / f"edges-{events}-{telemetry.SEED}"
    if not (folder / "LOGON_TO.parquet").exists():
        with tempfile.TemporaryDirectory() as name:
            with closing(stored(telemetry.lanl(events) / "auth.txt", Path(name)).connection()) as connection:
                resolve(connection)
                delta = Deltas(Path(name) / "deltas").begin()
                measured(connection, delta, 3_600_000, lambda what, done, of: None)
            folder.mkdir(parents=True, exist_ok=True)
            delta.folder.rename(folder)
    return folder


def _read(folder: Path) -> Iterator[pa.Table]:
    for batch in pq.ParquetFile(folder / "LOGON_TO.parquet").iter_batches(100_000):
        yield pa.Table.from_batches([batch]).drop_columns(_NODES)


def _hosts(folder: Path) -> pa.Table:
    keys = pq.read_table(folder / "node-Host.parquet", columns=["key"])["key"]
    return pa.table({"key": keys, "name": keys})


def _write(store: GraphStore, folder: Path) -> int:
    count = 0

    def counted() -> Iterator[pa.Table]:
        nonlocal count
        for table in _read(folder):
            count += table.num_rows
            yield table

    with store.writing() as writer:
        writer.nodes("Host", [_hosts(folder)])
        writer.edges(ENDS, counted(), known=False)
        writer.mark(MARK)
    return count


def kglite(folder: Path) -> int:
    """The embedded graph, saved to its file."""
    with tempfile.TemporaryDirectory() as name:
        store = KgliteStore.open(Path(name) / "graph.kgl")
        count = _write(store, folder)
        store.close()
        return count


def target() -> Neo4jTarget:
    """The server that is named, or one of this machine's own, which is started if need be."""
    uri, password = os.environ.get("GRAPH_HUNT_NEO4J_URI"), os.environ.get("GRAPH_HUNT_NEO4J_PASSWORD", "")
    if uri is None:
        command = [str(SCRIPT), "start", "--home", str(HOME), "--heap", "2g"]
        uri = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        password = (HOME / "password").read_text().strip()
    return Neo4jTarget(uri, os.environ.get("GRAPH_HUNT_NEO4J_USER", "neo4j"), password)


@contextmanager
def _server() -> Iterator[Neo4jStore]:
    server = target()
    with closing(Neo4jStore.open(server.uri, server.user, server.password)) as store:
        yield store


def neo4j(folder: Path) -> int:
    """Neo4j as graph-hunt writes it."""
    with _server() as store:
        return _write(store, folder)


def _plainly(folder: Path, at_once: int, text: str) -> int:
    rows = list(islice((row for table in _read(folder) for row in table.to_pylist()), PLAIN))
    with _server() as store, store.session("WRITE") as session:
        for start in range(0, len(rows), at_once):
            part = [_nested(row) for row in rows[start : start + at_once]]
            session.execute_write(_one, text, part)
    return len(rows)


def _one(transaction: Any, text: str, rows: list[dict[str, Any]]) -> None:
    transaction.run(text, {"rows": rows}).consume()


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    ends = {"source": row.pop("source_key"), "target": row.pop("target_key"), "key": row.pop("key")}
    return {**ends, "properties": row}


_MERGE = (
    "UNWIND $rows AS row MERGE (source:Host {key: row.source}) MERGE (target:Host {key: row.target}) "
    "MERGE (source)-[edge:LOGON_TO {key: row.key}]->(target) SET edge += row.properties"
)


_CREATE = (
    "UNWIND $rows AS row MATCH (source:Host {key: row.source}) MATCH (target:Host {key: row.target}) "
    "CREATE (source)-[edge:LOGON_TO {key: row.key}]->(target) SET edge += row.properties"
)


def created(folder: Path) -> int:
    """Neo4j by UNWIND and CREATE in one session, which knows that no edge is there: the least a server can do."""
    with _server() as store, store.writing() as writer:
        writer.nodes("Host", [_hosts(folder)])
    return _plainly(folder, 5_000, _CREATE)


def plain(folder: Path) -> int:
    """Neo4j by the usual UNWIND and MERGE of maps, in one session."""
    return _plainly(folder, 5_000, _MERGE)


def one_by_one(folder: Path) -> int:
    """Neo4j by one MERGE a row, a transaction each, as small tools do it."""
    global PLAIN
    PLAIN = 2_000
    return _plainly(folder, 1, _MERGE)


def nothing(folder: Path) -> int:
    """Empty the server between measurements."""
    with _server() as store, store.writing(anew=True) as writer:
        writer.mark(MARK)
        return 0


WORK: dict[str, Callable[[Path], int]] = {
    "kglite": kglite,
    "neo4j": neo4j,
    "created": created,
    "plain": plain,
    "one-by-one": one_by_one,
    "empty": nothing,
}


def table(events: int) -> list[tuple[str, str, measure.Figure]]:
    """All measurements: what it is, its name, its figure. A server is warmed by writes that are not counted."""
    edges(events)
    rows = [("kglite: edges written and saved", "kglite", measure.best("write_graph.py", "kglite", events))]
    found = [_emptied("neo4j", events) for _ in range(4)]
    rows.append(("Neo4j: edges written", "neo4j", min(found, key=lambda figure: figure.seconds)))
    rows.append(("Neo4j: one session, UNWIND and CREATE", "created", _emptied("created", events)))
    rows.append(("Neo4j: one session, UNWIND and MERGE of maps", "plain", _emptied("plain", events)))
    rows.append(("Neo4j: one row a transaction", "one-by-one", _emptied("one-by-one", events)))
    return rows


def _emptied(work: str, events: int) -> measure.Figure:
    measure.alone("write_graph.py", "empty", events)
    return measure.alone("write_graph.py", work, events)


def main(arguments: list[str]) -> None:
    """One measurement, or all."""
    if arguments and arguments[0] in WORK:
        folder = edges(int(arguments[1].replace("_", "")))
        measure.told(lambda: (WORK[arguments[0]](folder), {}))
        return
    for events in arguments or ["1_000_000"]:
        for name, _, figure in table(int(events.replace("_", ""))):
            print(figure.line(name))


if __name__ == "__main__":
    main(sys.argv[1:])
