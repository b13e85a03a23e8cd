"""What each load added to the graph, kept as Parquet beside it, so that the next load can give absolute values.

deltas/<load>/
    load.json                    its mark, or those of the loads that were added up in it
    <TYPE>.parquet               what it added to a kind of edge
    node-<Label>.parquet         what it added to a label's nodes
    identity-<Label>.parquet     the nodes as identity knew them after it
    sighting-<table>.parquet     what its events say of identities
    said                         the digest of what people said of identities then
"""

import json
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from graph_hunt.events.identity import Sightings
from graph_hunt.events.storage import Storage
from graph_hunt.graph.projection.common import Common
from graph_hunt.graph.store import Mark

LOCK, NAME = "lock", "name"
"""The file that names the lock, and the file beside the loads that the one process holds which applies them."""
_UNFINISHED = "unfinished"
_DIGITS = 8


class Delta:
    """One load's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def edges(self, type: str) -> Path:
        """Where an edge kind's rows are, if it has any."""
        return self.folder / f"{type}.parquet"

    def nodes(self, label: str) -> Path:
        """Where a label's rows are, if it has any."""
        return self.folder / f"node-{label}.parquet"

    def identities(self, label: str) -> Path:
        """Where the label's nodes are as identity knew them."""
        return self.folder / f"identity-{label}.parquet"

    def sighting(self, name: str) -> Path:
        """Where one table of sightings is."""
        return self.folder / f"sighting-{name}.parquet"

    def sightings(self) -> Sightings:
        """Read what its events say of identities."""
        return Sightings(**{f.name: pq.read_table(self.sighting(f.name)) for f in fields(Sightings)})

    def keep_sightings(self, sightings: Sightings) -> None:
        """Write what its events say of identities."""
        for field in fields(Sightings):
            pq.write_table(getattr(sightings, field.name), self.sighting(field.name), compression="zstd")

    @property
    def said(self) -> str:
        """Name what people said of identities when it was made."""
        file = self.folder / "said"
        return file.read_text() if file.exists() else ""

    def keep_said(self, digest: str) -> None:
        """Note what people say of identities."""
        (self.folder / "said").write_text(digest)


class Deltas:
    """The loads in a workspace's graph, oldest first. A folder may hold several, once they were added up.

    Where several machines load, `common` is where they keep them; the folder then holds a copy of it.
    """

    def __init__(self, root: Path, common: Storage | None = None) -> None:
        self._root = root
        self._common = Common(common) if common else None
        if self._common:
            self._common.fetch(root)
        found = {file.parent: _marks(file) for file in root.glob("*/load.json") if file.parent.name != _UNFINISHED}
        # A kill may leave loads beside their sum.
        sums = [marks for marks in found.values() if len(marks) > 1]
        self._folders = {
            folder: marks
            for folder, marks in found.items()
            if marks and not any(set(marks) < set(others) for others in sums)
        }

    @property
    def marks(self) -> list[Mark]:
        """The loads' marks."""
        return sorted((mark for marks in self._folders.values() for mark in marks), key=lambda mark: mark.load)

    def keep(self, marks: Sequence[Mark]) -> None:
        """Drop what no mark in the graph covers: a kill came between the delta and the mark."""
        loads = {mark.load for mark in marks}
        self._folders = {f: own for f, own in self._folders.items() if {mark.load for mark in own} <= loads}
        if self._common:
            self._common.keep({folder.name for folder in self._folders})
        for folder in self._root.glob("*/"):
            if folder not in self._folders:
                shutil.rmtree(folder)

    def next(self) -> str:
        """Name the next load; names sort by age, and no two loads ever have the same."""
        marks = self.marks
        return f"{int(marks[-1].load[:_DIGITS]) + 1 if marks else 1:0{_DIGITS}d}-{secrets.token_hex(4)}"

    def begin(self) -> Delta:
        """Make a folder for a load; it counts once it is finished."""
        folder = self._root / _UNFINISHED
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return Delta(folder)

    def finish(self, delta: Delta, *marks: Mark) -> Delta:
        """Put a folder in its place; it takes that of earlier folders with the same marks."""
        (delta.folder / "load.json").write_text(json.dumps([asdict(mark) for mark in marks]))
        folder = self._root / (marks[-1].load if len(marks) == 1 else f"{marks[-1].load}-sum-{len(marks)}")
        delta.folder.replace(folder)
        if self._common:
            self._common.give(folder)
        for other in [other for other, own in self._folders.items() if set(own) <= set(marks)]:
            del self._folders[other]
            shutil.rmtree(other)
            if self._common:
                self._common.drop(other.name)
        self._folders[folder] = marks
        return Delta(folder)

    def all(self) -> list[Delta]:
        """Give the folders, oldest first."""
        return [Delta(folder) for folder, _ in sorted(self._folders.items(), key=lambda pair: pair[1][-1].load)]

    def sightings(self) -> list[Sightings]:
        """Read what each folder says of identities."""
        return [delta.sightings() for delta in self.all()]


def _marks(file: Path) -> tuple[Mark, ...]:
    """Read a folder's marks; none where the file is damaged, which makes the graph anew."""
    try:
        return tuple(Mark(**{**found, "batches": tuple(found["batches"])}) for found in json.loads(file.read_bytes()))
    except (ValueError, TypeError, KeyError):
        return ()


def files(paths: Sequence[Path]) -> str:
    """Write the SQL that reads Parquet files."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}])"


def copy(connection: duckdb.DuckDBPyConnection, text: str, path: Path) -> None:
    """Write a query's rows to a file."""
    escaped = str(path).replace("'", "''")
    connection.execute(f"COPY ({text}) TO '{escaped}' (FORMAT parquet, COMPRESSION zstd)")
