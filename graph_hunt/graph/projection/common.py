"""The deltas that several machines have in common: folders in the event store's place, copied as they are needed.

A folder is there once it has its `load.json`, which is written last and removed first. Whoever holds the graph's lease
writes here; what one left that lost it has no mark in the graph, and is dropped as after a kill.
"""

import shutil
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from graph_hunt.events.storage import Storage

COMPLETE = "load.json"
_AT_ONCE = 8
"""Files that are copied at a time."""


class Common:
    """The folders that all machines see."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def fetch(self, root: Path) -> None:
        """Make a folder's folders what they are here; one that is there already is not copied again."""
        found = self._folders()
        for folder in root.glob("*/"):
            if folder.name not in found:
                shutil.rmtree(folder)
        for name, files in found.items():
            if COMPLETE in files and not (root / name).exists():
                fetched = root / f"{name}.fetching"
                shutil.rmtree(fetched, ignore_errors=True)
                fetched.mkdir(parents=True)
                self._each(partial(self._fetch, name, fetched), files)
                fetched.replace(root / name)

    def give(self, folder: Path) -> None:
        """Put a folder here."""
        files = sorted(file.name for file in folder.iterdir() if file.name != COMPLETE)
        self._each(partial(self._give, folder), files)
        self._storage.settle([f"{folder.name}/{file}" for file in files])
        self._give(folder, COMPLETE)
        self._storage.settle([f"{folder.name}/{COMPLETE}"])

    def drop(self, name: str) -> None:
        """Remove a folder."""
        files = self._folders().get(name, [])
        for file in sorted(files, key=lambda file: file != COMPLETE):
            self._storage.remove(f"{name}/{file}")

    def keep(self, names: Collection[str]) -> None:
        """Remove all folders but these."""
        for name in self._folders():
            if name not in names:
                self.drop(name)

    def _folders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._storage.names(""):
            name, _, file = path.partition("/")
            if file:
                found.setdefault(name, []).append(file)
        return found

    def _fetch(self, name: str, to: Path, file: str) -> None:
        (to / file).write_bytes(self._storage.read(f"{name}/{file}"))

    def _give(self, folder: Path, file: str) -> None:
        self._storage.write(f"{folder.name}/{file}", (folder / file).read_bytes())

    def _each(self, do: Callable[[str], None], files: Collection[str]) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(do, files))
