"""What each load added to the graph, kept as Parquet beside it, so that the next load can give absolute values.

deltas/<load>/
    load.json                    the batches in it
    <TYPE>.parquet               what it added to a kind of edge
    node-<Label>.parquet         what it added to a label's nodes
    identity-<Label>.parquet     the nodes as identity knew them after it
    sighting-<table>.parquet     what its events say of identities
    said                         the digest of what people said of identities then
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import pyarrow.parquet as pq

from graph_hunt.events.identity import Sightings
from graph_hunt.graph.store import Mark

LOCK = "lock"
"""The file beside the loads that the one process holds which applies them."""
_UNFINISHED = "unfinished"


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
    """The loads in a workspace's graph, oldest first."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.marks: list[Mark] = []
        for file in root.glob("*/load.json"):
            if file.parent.name != _UNFINISHED:
                found = json.loads(file.read_text())
                self.marks.append(Mark(found["load"], tuple(found["batches"]), found["bucket"], found["projection"]))
        self.marks.sort(key=lambda mark: mark.load)

    def keep(self, marks: Sequence[Mark]) -> None:
        """Drop what no mark in the graph covers: a kill came between the delta and the mark."""
        loads = {mark.load for mark in marks}
        for folder in self._root.glob("*/"):
            if folder.name not in loads:
                shutil.rmtree(folder)
        self.marks = [mark for mark in self.marks if mark.load in loads]

    def next(self) -> str:
        """Name the next load; names sort by age."""
        return f"{int(self.marks[-1].load) + 1 if self.marks else 1:08d}"

    def begin(self) -> Delta:
        """Make a folder for a load; it counts once it is finished."""
        folder = self._root / _UNFINISHED
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return Delta(folder)

    def finish(self, delta: Delta, mark: Mark) -> Delta:
        """Put a load's folder in its place."""
        (delta.folder / "load.json").write_text(json.dumps(asdict(mark)))
        folder = self._root / mark.load
        delta.folder.replace(folder)
        self.marks.append(mark)
        return Delta(folder)

    def all(self) -> list[Delta]:
        """Give the loads, oldest first."""
        return [Delta(self._root / mark.load) for mark in self.marks]

    def sightings(self) -> list[Sightings]:
        """Read what each load says of identities."""
        return [delta.sightings() for delta in self.all()]


def files(paths: Sequence[Path]) -> str:
    """Write the SQL that reads Parquet files."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}])"
