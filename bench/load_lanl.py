"""LANL logons: the limit of reading and grouping, the loader alone, and a whole load.

.venv/bin/python bench/load_lanl.py limit|parse|edges|load EVENTS [BUCKET]     one measurement, as JSON
.venv/bin/python bench/load_lanl.py EVENTS…                                    all of them, as a table
"""

import shutil
import sys
import tempfile
from pathlib import Path

import duckdb
import measure
import pyarrow as pa
import telemetry

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders.lanl import LOADER

BUCKETS = {"1h": 3_600_000, "1d": 86_400_000}
_GROUP = """
    SELECT source_host, target_host, "user", user_domain, kind, logon_type, package, outcome,
           time // {bucket} AS bucket, min(time), max(time), count(*), min(event_id)
    FROM {rows} GROUP BY ALL
"""
_READ = """
    SELECT column03, column04, column01, column07, column06, column05, column08, column00 // {bucket} AS bucket,
           min(column00), max(column00), count(*) AS events
    FROM read_csv('{file}', header = false, columns = {{
        'column00': 'BIGINT', 'column01': 'VARCHAR', 'column02': 'VARCHAR', 'column03': 'VARCHAR',
        'column04': 'VARCHAR', 'column05': 'VARCHAR', 'column06': 'VARCHAR', 'column07': 'VARCHAR',
        'column08': 'VARCHAR'}})
    GROUP BY ALL
"""


def limit(file: Path, bucket: str) -> tuple[int, dict[str, float]]:
    """DuckDB alone: read the text and group it."""
    query = _READ.format(file=file, bucket=BUCKETS[bucket] // 1000)
    found = duckdb.execute(f"SELECT sum(events), count(*) FROM ({query})").fetchone()
    assert found is not None
    return int(found[0]), {"edges": found[1]}


def parse(file: Path, bucket: str) -> tuple[int, dict[str, float]]:
    """The loader alone: text to Arrow batches of the event table, with identities."""
    return sum(batch.used for batch in LOADER.read(one_source(file), Options())), {}


def edges(file: Path, bucket: str) -> tuple[int, dict[str, float]]:
    """The loader, and the grouping of its batches in memory."""
    connection = duckdb.connect()
    count, groups = 0, 0
    for batch in LOADER.read(one_source(file), Options()):
        rows = batch.tables["authentication"]
        connection.register("rows", rows)
        part = connection.sql(_GROUP.format(rows="rows", bucket=BUCKETS[bucket])).to_arrow_table()
        count, groups = count + batch.used, groups + part.num_rows
    return count, {"edges": groups}


def load(file: Path, bucket: str) -> tuple[int, dict[str, float]]:
    """A whole load: text to a workspace that answers hunts."""
    from graph_hunt.settings import Settings
    from graph_hunt.workspace import Workspace

    folder = Path(tempfile.mkdtemp(prefix="graph-hunt-bench-"))
    try:
        with Workspace.open(Settings(workspace=folder / "workspace"), bucket=bucket) as workspace:
            loaded = workspace.load([file])
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return loaded.report.total("used"), {"projection_seconds": loaded.seconds, "disk_mb": size / 1e6}
    finally:
        shutil.rmtree(folder)


WORK = {"limit": limit, "parse": parse, "edges": edges, "load": load}


def table(events: int) -> list[tuple[str, str, measure.Figure]]:
    """Every measurement at this size, each in a process of its own: what it is, its work, its figure."""
    times = 3 if events <= 2_000_000 else 1
    names = {
        "limit": "the limit: DuckDB alone, read and group by hour",
        "parse": "text to event table in Arrow",
        "edges": "text to edges in memory, by hour",
    }
    found = [
        (name, f"{work} {{events}} 1h", measure.best(__file__, work, events, "1h", times=times))
        for work, name in names.items()
    ]
    for bucket in BUCKETS:
        found.append(
            (
                f"whole load, bucket {bucket}",
                f"load {{events}} {bucket}",
                measure.alone(__file__, "load", events, bucket),
            )
        )
    return found


def main() -> None:
    """Measure."""
    if sys.argv[1] in WORK:
        work, events, bucket = sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "1h"
        file = telemetry.lanl(events) / "auth.txt"
        # Arrow imports pandas at its first array; that is no part of the work.
        pa.array([""])
        measure.told(lambda: WORK[work](file, bucket))
        return
    for argument in sys.argv[1:]:
        for name, _, figure in table(int(argument.replace("_", ""))):
            print(figure.line(name))


if __name__ == "__main__":
    main()
