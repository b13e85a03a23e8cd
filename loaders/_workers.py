"""Processes that work side by side, each its own interpreter, and give what they made in the order asked.

They are started by command, not by `multiprocessing`, which would run the caller's main module again in each. What goes
over their pipes is pickled, between this process and its own children only.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from importlib.abc import MetaPathFinder
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Protocol, TypeVar

__all__ = ["Task", "Workers", "processors"]

_COMMAND = "from graph_hunt.loaders._workers import main; main()"
_LENGTH = 8
_AHEAD = 2
"""Tasks that wait for each worker."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Task(Protocol[T_co]):
    """Something to do that can be pickled, and so can what it gives."""

    def run(self) -> T_co:
        """Do it."""


def processors() -> int:
    """How many workers are of use."""
    return os.cpu_count() or 1


class Workers:
    """Some worker processes, and a thread for each that waits for it."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._threads = ThreadPoolExecutor(count)
        self._dismissed = False

    def __enter__(self) -> "Workers":
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        for _ in range(self.count if sys.executable else 0):
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

    def submit(self, task: Task[T]) -> "Future[T]":
        """Have a task done."""
        return self._threads.submit(self._have_done, task)

    def results(self, tasks: Iterable[Task[T]]) -> Iterator[T]:
        """Give what the tasks make, in their order."""
        waiting: deque[Future[T]] = deque()
        for task in tasks:
            waiting.append(self.submit(task))
            if len(waiting) >= self.count * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _have_done(self, task: Task[T]) -> T:
        if not self._processes:
            return task.run()
        process = self._idle.get()
        assert process.stdin is not None and process.stdout is not None
        try:
            _send(process.stdin, task)
            answer = _receive(process.stdout)
        except OSError:
            answer = None
        finally:
            self._idle.put(process)
        if answer is None:
            if self._dismissed:
                raise InterruptedError("dismissed")
            # A worker that died, of memory or by another's hand, costs time only.
            return task.run()
        made, error = answer
        if error is not None:
            raise error
        return made  # type: ignore[no-any-return]  # what the worker's task gave


def _send(stream: IO[bytes], value: object) -> None:
    """Write a value, its columns as they lie in memory."""
    buffers: list[pickle.PickleBuffer] = []
    content = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(content), *(buffer.raw() for buffer in buffers)]
    stream.write(len(parts).to_bytes(_LENGTH, "little"))
    for part in parts:
        stream.write(len(part).to_bytes(_LENGTH, "little"))
        stream.write(part)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    """Read a value; nothing where the other has ended or died."""
    parts: list[bytes] = []
    for _ in range(_number(stream)):
        length = _number(stream)
        parts.append(stream.read(length))
        if len(parts[-1]) < length:
            return None
    return pickle.loads(parts[0], buffers=parts[1:]) if parts else None


def _number(stream: IO[bytes]) -> int:
    return int.from_bytes(stream.read(_LENGTH), "little")


class _WithoutPandas(MetaPathFinder):
    """Hides pandas, for which pyarrow looks at its first array: that takes longer than all else at a worker's start."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Find nothing, or say that there is no pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError("a worker has no use for pandas", name=fullname)


def main() -> None:
    """Do tasks from standard input until it ends, and write what they give to standard output."""
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    # An interrupt is for the process that asks; it lets its workers go.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.meta_path.insert(0, _WithoutPandas())
    # Nothing else may speak on the pipe.
    sys.stdout = sys.stderr
    gc.set_threshold(200_000, 20, 100)
    while (task := _receive(given)) is not None:
        try:
            _send(taken, (task.run(), None))
        except Exception as error:  # it is raised where the task was asked for
            _send(taken, (None, error))
