"""Processes that read portions of an event log side by side, each its own interpreter.

They are started by command, not by `multiprocessing`, which would run the caller's main module again in each. What goes
over their pipes is pickled, between this process and its own children only.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Protocol

from graph_hunt.events.batch import Batch, Rows

_COMMAND = "from graph_hunt.loaders.windows.workers import main; main()"
_LENGTH = 8
_AHEAD = 2
"""Portions that wait for each worker."""


class Work(Protocol):
    """A portion of a log."""

    @property
    def before(self) -> int:
        """How many records came before it."""


class Workers:
    """Some worker processes, and a thread for each that waits for it."""

    def __init__(self, count: int, source: str, file: str) -> None:
        self._source, self._file, self._count = source, file, count
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count)
        self._dismissed = False

    def __enter__(self) -> "Workers":
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        for _ in range(self._count if sys.executable else 0):
            try:
                process = subprocess.Popen(
                    [sys.executable, "-c", _COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
                )
            except OSError:
                break
            self._processes.append(process)
            self._idle.put(process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._dismissed = True
        for process in self._processes:
            if kind is not None:
                process.kill()
            for stream in (process.stdin, process.stdout):
                # What was not sent to one that died cannot be.
                with suppress(OSError):
                    if stream is not None:
                        stream.close()
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.wait()

    def batches(self, portions: Iterable[Work]) -> Iterator[Batch]:
        """Yield the portions' batches in the portions' order."""
        waiting: deque[Future[list[Batch]]] = deque()
        for portion in portions:
            waiting.append(self._threads.submit(self._have_read, portion))
            if len(waiting) >= self._count * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()

    def _have_read(self, portion: Work) -> list[Batch]:
        if not self._processes:
            return _read(self._source, self._file, portion)
        process = self._idle.get()
        assert process.stdin is not None and process.stdout is not None
        try:
            _send(process.stdin, (self._source, self._file, portion))
            answer = _receive(process.stdout)
        except OSError:
            answer = None
        finally:
            self._idle.put(process)
        if answer is None and not self._dismissed:
            # A worker that died, of memory or by another's hand, costs time only.
            return _read(self._source, self._file, portion)
        return answer or []


def _read(source: str, file: str, portion: Work) -> list[Batch]:
    from graph_hunt.loaders.windows.evtx import Portion, keep_portion

    rows = Rows(source, file)
    assert isinstance(portion, Portion)
    keep_portion(portion, rows)
    return list(rows.batches(last=True))


def _send(stream: IO[bytes], value: object) -> None:
    content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(content).to_bytes(_LENGTH, "little"))
    stream.write(content)
    stream.flush()


def _receive(stream: IO[bytes]) -> list[Batch] | None:
    length = int.from_bytes(stream.read(_LENGTH), "little")
    content = stream.read(length)
    return pickle.loads(content) if length and len(content) == length else None


def main() -> None:
    """Read portions from standard input until it ends, and write their batches to standard output."""
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    # Nothing else may speak on the pipe.
    sys.stdout = sys.stderr
    while length := int.from_bytes(given.read(_LENGTH), "little"):
        _send(taken, _read(*pickle.loads(given.read(length))))
