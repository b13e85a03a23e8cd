"""The lock on a workspace or a graph; the system lets go of it when the process ends, however it ends."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import randbelow

from graph_hunt.errors import WorkspaceBusy

_BEYOND = 1 << 30
"""Windows locks bytes against reading too: lock some that are beyond the holder's pid."""
_PLACES = 1 << 20
"""Bytes of which one that shares the lock takes one, and one that is alone all."""
_AGAIN = 0.2
"""Seconds between two tries where another is waited for."""


@contextmanager
def held(path: Path, *, shared: bool = False, wait: bool = False) -> Iterator[None]:
    """Hold the lock, `shared` with others that share it; raise `WorkspaceBusy` if another has it, or `wait` for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        while not _take(file.fileno(), shared):
            if not wait:
                raise WorkspaceBusy(
                    f"{path.parent}: process {_holder(path)} is loading into it; wait until it is done, or end it"
                )
            time.sleep(_AGAIN)
        if not shared:
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            file.flush()
        try:
            yield
        finally:
            if not shared:
                with suppress(OSError):
                    file.truncate(0)


def _holder(path: Path) -> str:
    with suppress(OSError):
        return path.read_text("ascii", "replace").strip() or "of unknown number"
    return "of unknown number"


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int, shared: bool) -> bool:
        os.lseek(handle, _BEYOND + (randbelow(_PLACES) if shared else 0), os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1 if shared else _PLACES)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(handle: int, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
