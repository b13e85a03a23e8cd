"""Keeps what was collected from the events on disk, for one state of them; a new process maps it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pyarrow as pa

_MAKING = ".making-"


def save(place: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside the place and rename it, so that what stands there is whole; drop what other states left."""
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(dir=place.parent, prefix=_MAKING))
    try:
        fill(made)
        if not place.exists():
            made.rename(place)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    for other in place.parent.iterdir():
        if other != place and not other.name.startswith(_MAKING):
            shutil.rmtree(other, ignore_errors=True)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table so that it can be mapped."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def map_table(path: Path) -> pa.Table:
    """Map a table that was written."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
