"""The one door between the event store and what holds its files: a folder here, an object store later.

Files are never changed once published. `publish` is atomic: a reader sees the whole file or none.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
from pyarrow import fs

from graph_hunt.errors import WorkspaceError

Content: TypeAlias = "bytes | pa.Buffer"

UNFINISHED = ".part"
"""What the name of a file being published ends in."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Files under a root, named by paths relative to it with `/` between."""

    files: fs.FileSystem
    root: str

    @staticmethod
    def at(root: Path) -> "Storage":
        """Open a folder on this machine."""
        return Storage(fs.LocalFileSystem(use_mmap=False), str(root.absolute()))

    @property
    def local(self) -> bool:
        """It is a folder of this machine."""
        return isinstance(self.files, fs.LocalFileSystem)

    def path(self, name: str) -> str:
        """Give the full path that DuckDB and Arrow open."""
        return f"{self.root}/{name}" if name else self.root

    def names(self, under: str, ends: str = "") -> list[str]:
        """List the files under a folder, at any depth, in the order of their names."""
        return sorted(self.stamps(under, ends))

    def stamps(self, under: str, ends: str = "") -> dict[str, tuple[int, int]]:
        """Give the size and time of change of each file under a folder, by which a later change shows."""
        selector = fs.FileSelector(self.path(under), allow_not_found=True, recursive=True)
        return {
            info.path[len(self.root) + 1 :]: (info.size, info.mtime_ns)
            for info in self.files.get_file_info(selector)
            if info.type == fs.FileType.File and info.path.endswith(ends)
        }

    def size(self, name: str) -> int | None:
        """Give a file's size, or nothing where there is no such file."""
        info = self.files.get_file_info(self.path(name))
        return int(info.size) if info.type == fs.FileType.File else None

    def read(self, name: str) -> bytes:
        """Read a file wholly."""
        with self.files.open_input_file(self.path(name)) as stream:
            return bytes(stream.read())

    def write(self, name: str, content: Content) -> None:
        """Write a file that no one looks at yet; `settle` then makes sure that it can be found."""
        if not self.local:
            with self.files.open_output_stream(self.path(name)) as stream:
                stream.write(content)
            return
        path = Path(self.path(name))
        with self.writing():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def settle(self, names: Iterable[str]) -> None:
        """Make sure that files that were written survive a power cut, their folders' entries included."""
        if not self.local:
            return
        folders = {parent for name in names for parent in list(Path(self.path(name)).parents)[: name.count("/") + 1]}
        with self.writing():
            for folder in sorted(folders, reverse=True):
                _sync_folder(folder)

    def publish(self, name: str, content: Content) -> None:
        """Write a file so that it is there wholly, and survives a power cut, or is not there at all."""
        if not self.local:
            self.write(name, content)
            return
        self.write(name + UNFINISHED, content)
        with self.writing():
            Path(self.path(name + UNFINISHED)).replace(self.path(name))
        self.settle([name])

    def remove(self, name: str) -> None:
        """Remove a file, and the folder that held it if that leaves it empty."""
        self.files.delete_file(self.path(name))
        if self.local:
            with suppress(OSError):
                Path(self.path(name)).parent.rmdir()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn a failure to write into an error that says what to do."""
        try:
            yield
        except OSError as error:
            raise WorkspaceError(f"{self.root}: {_cause(error)}") from error


def _cause(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; what was committed before stands, the rest can be loaded again"
    if error.errno == errno.EFBIG:
        return "a file would become larger than this account may write; what was committed before stands"
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"not writable ({error.strerror})"
    return f"cannot be written ({error})"


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows gives no handle on a folder; its NTFS journal keeps the entry.
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
