"""The one door between the event store and what holds its files: a folder, or a bucket of an object store.

Files are never changed once published. `publish` is atomic: a reader sees the whole file or none; `create` is so, too,
and of several that create a file at once one does.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, TypeAlias

import duckdb
import pyarrow as pa
from pyarrow import fs

from graph_hunt.errors import WorkspaceError

if TYPE_CHECKING:
    from graph_hunt.events.remote import Remote

Content: TypeAlias = "bytes | pa.Buffer"

Root: TypeAlias = "Path | str"
"""A folder, or a URL (`s3://bucket/prefix`)."""

SCHEME = "s3://"
MOUNTED = "graphhunt"
"""The protocol under which DuckDB finds an object store's files: its own `s3` would load an extension."""
UNFINISHED = ".part"
"""What the name of a file being published ends in."""
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


@dataclass(frozen=True, slots=True)
class Storage:
    """Files under a root, named by paths relative to it with `/` between."""

    files: fs.FileSystem
    root: str
    remote: Remote | None = None

    @staticmethod
    def at(root: Root) -> Storage:
        """Open a folder, or a bucket by its URL."""
        if is_url(root):
            from graph_hunt.events import remote

            return Storage(*remote.connect(str(root)))
        return Storage(fs.LocalFileSystem(use_mmap=False), str(Path(root).absolute()))

    @property
    def local(self) -> bool:
        """It is a folder that this machine reaches."""
        return self.remote is None

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.root if self.remote is None else f"{SCHEME}{self.root}"

    def path(self, name: str) -> str:
        """Give the full path that Arrow opens."""
        return f"{self.root}/{name}" if name else self.root

    def url(self, name: str) -> str:
        """Give the full path that DuckDB opens, on a connection that this is attached to."""
        return self.path(name) if self.local else f"{MOUNTED}://{self.path(name)}"

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Let a connection read the files."""
        if not self.local:
            from graph_hunt.events import remote

            remote.mount(connection, self.files)

    def within(self, folder: str) -> Storage:
        """Give the files of one folder."""
        return Storage(self.files, self.path(folder), self.remote)

    def names(self, under: str, ends: str = "") -> list[str]:
        """List the files under a folder, at any depth, in the order of their names."""
        return sorted(self.stamps(under, ends))

    def stamps(self, under: str, ends: str = "") -> dict[str, tuple[int, int]]:
        """Give the size and time of change of each file under a folder, by which a later change shows."""
        selector = fs.FileSelector(self.path(under), allow_not_found=True, recursive=True)
        with self.reading():
            found = self.files.get_file_info(selector)
        return {
            info.path[len(self.root) + 1 :]: (info.size, info.mtime_ns)
            for info in found
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
            with self.writing(), self.files.open_output_stream(self.path(name)) as stream:
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

    def create(self, name: str, content: bytes) -> bool:
        """Publish a file where none is; tell whether none was. Of several at once, one is told so."""
        if self.remote is not None:
            with self.writing():
                return self.remote.create(self.path(name), content)
        own = f"{name}.{token_hex(4)}{UNFINISHED}"
        self.write(own, content)
        with self.writing():
            made = _link(Path(self.path(own)), Path(self.path(name)))
        self.settle([name])
        return made

    def check(self) -> None:
        """Raise where several can not create files at once and one of them be told so."""
        if self.remote is not None:
            with self.writing():
                self.remote.check(self.root)
            return
        probe, other = f"probe-{token_hex(8)}{UNFINISHED}", f"probe-{token_hex(8)}{UNFINISHED}"
        self.write(probe, b"")
        try:
            os.link(self.path(probe), self.path(other))
            self.remove(other)
        except OSError as error:
            raise WorkspaceError(
                f"{self.name}: this file system has no hard links ({error.strerror}), so loaders could not agree on "
                "what is there; take another, or s3://"
            ) from error
        finally:
            self.remove(probe)

    def remove(self, name: str) -> None:
        """Remove a file, and the folder that held it if that leaves it empty."""
        if self.remote is not None:
            self.remote.remove(self.path(name))
            return
        self.files.delete_file(self.path(name))
        with suppress(OSError):
            Path(self.path(name)).parent.rmdir()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turn a server that can not be asked into an error that names it."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            if self.local:
                raise
            raise WorkspaceError(f"{self.name}: cannot be read ({error})") from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Turn a failure to write into an error that says what to do."""
        try:
            yield
        except OSError as error:
            raise WorkspaceError(f"{self.name}: {_cause(error)}") from error


def is_url(root: Root) -> bool:
    """Tell a URL from a folder; raise for a URL of what is no such place."""
    text = str(root)
    if isinstance(root, Path) or "://" not in text:
        return False
    if not text.startswith(SCHEME) or text == SCHEME:
        raise WorkspaceError(f"{text}: no place for events; expected a folder, or s3://BUCKET/PREFIX")
    return True


def _link(written: Path, wanted: Path) -> bool:
    """Give a written file its name where no file has it: a rename would take the place of one that has."""
    try:
        os.link(written, wanted)
    except FileExistsError:
        # Over NFS the answer may be lost: then the second asking finds what the first did.
        made = written.stat().st_nlink > 1
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # No links here (FAT, some shares): then only the lock of the one writer keeps others off.
        made = not wanted.exists()
        if made:
            written.replace(wanted)
            return True
    else:
        made = True
    written.unlink()
    return made


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
