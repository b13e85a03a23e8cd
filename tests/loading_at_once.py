"""Loads numbers into a store that others load into meanwhile: `loading_at_once ROOT NAME FIRST LAST [KILL]`.

Says `ready`, waits for a line of standard input, then commits after every few rows; with KILL it kills itself (-9) at
that line of the event store's own code.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pandas  # noqa: F401  (Arrow imports it when first needed)

from graph_hunt.events.append import Appender, Due
from graph_hunt.events.inputs import one_source
from graph_hunt.events.store import EventStore, Resources
from tests.events_of import logons

TRACED = f"{os.sep}graph_hunt{os.sep}events{os.sep}"


def load(appender: Appender, file: Path, numbers: range) -> None:
    """Append the numbers, five at a time."""
    source = one_source(file)
    reading = appender.begin(source, "test")
    for start in range(numbers.start, numbers.stop, 5):
        appender.append(reading, logons(range(start, min(start + 5, numbers.stop)), source.name))
    appender.finish(reading)


def kill_at(wanted: int) -> None:
    """Kill this process when so many lines of the event store have run."""
    lines = 0

    def local(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        nonlocal lines
        lines += event == "line"
        if lines == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        return local

    def every(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        return local if TRACED in frame.f_code.co_filename else None

    threading.settrace(every)
    sys.settrace(every)


def main(root: str, file: Path, first: int, last: int, kill: int) -> None:
    store = EventStore.open(root if "://" in root else Path(root), Resources(threads=1), shared=True)
    with store.appender(Due(rows=7)) as appender:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        if kill:
            kill_at(kill)
        load(appender, file, range(first, last))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
