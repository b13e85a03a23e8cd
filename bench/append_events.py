#!/usr/bin/env python3
"""Appending to the event store, beside its loader alone and Arrow's writer on the same rows.

bench/append_events.py FILE [FOLDER]     all steps, as a table; FOLDER is where the store is made
"""

import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import measure
import pyarrow.parquet as pq

from graph_hunt import loaders
from graph_hunt.events.batch import Batch
from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.events.store import EventStore


def _batches(file: Path) -> Iterator[Batch]:
    source = one_source(file)
    loader = loaders.find(source)
    assert loader is not None, f"no loader claims {file}"
    return loader.read(source, Options())


def loader(file: Path, folder: Path) -> int:
    """The loader alone."""
    return sum(batch.records for batch in _batches(file))


def arrow(file: Path, folder: Path) -> int:
    """The limit: the loader, and Arrow writing its rows as one Parquet file."""
    rows, writer = 0, None
    for batch in _batches(file):
        for table in batch.tables.values():
            writer = writer or pq.ParquetWriter(folder / "limit.parquet", table.schema, compression="zstd")
            writer.write_table(table)
            rows += table.num_rows
    if writer:
        writer.close()
    return rows


def store(file: Path, folder: Path) -> int:
    """The loader and the event store, committing as it goes."""
    records = 0
    with EventStore.open(folder / "events").appender() as appender:
        reading = appender.begin(one_source(file), "bench")
        for batch in _batches(file):
            records += batch.records
            appender.append(reading, batch)
        appender.finish(reading)
    return records


STEPS: dict[str, Callable[[Path, Path], int]] = {"loader": loader, "arrow": arrow, "store": store, "again": store}
"""The last one meets only what is there already."""


def _step(name: str, file: Path, folder: Path) -> tuple[int, dict[str, float]]:
    before = resource.getrusage(resource.RUSAGE_SELF)
    count = STEPS[name](file, folder)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return count, {"cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def main(file: Path, parent: Path | None) -> None:
    """Measure each step in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="append-", dir=parent))
    try:
        for name in STEPS:
            figure = measure.alone(Path(__file__).name, "--step", name, file, folder)
            print(figure.line(name), f"{figure.extra['cpu']:8.2f} s of processors", flush=True)
        size = sum(path.stat().st_size for path in (folder / "events").rglob("*.parquet"))
        print(f"{size:,} bytes on disk for {file.stat().st_size:,} read")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    if sys.argv[1] == "--step":
        step, path, place = sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
        measure.told(lambda: _step(step, path, place))
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
