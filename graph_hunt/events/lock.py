"""The lock that one writer of a workspace holds; the system lets go of it when the process ends, however it ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from graph_hunt.errors import WorkspaceBusy

_BEYOND = 1 << 30
"""Windows locks bytes against reading too: lock one that is beyond the holder's pid."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock; raise `WorkspaceBusy` with the holder's pid if another has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if not _take(file.fileno()):
            raise WorkspaceBusy(
                f"{path.parent}: process {_holder(path)} is loading into it; wait until it is done, or end it"
            )
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        try:
            yield
        finally:
            with suppress(OSError):
                file.truncate(0)


def _holder(path: Path) -> str:
    with suppress(OSError):
        return path.read_text("ascii", "replace").strip() or "of unknown number"
    return "of unknown number"


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        os.lseek(handle, _BEYOND, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
