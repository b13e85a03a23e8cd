"""Load files into an event store, each time in a process that is killed (-9) at a random line, until one load ends.

Run as a program by `test_store_faults.py`: ROOT SEED KILLS; prints one JSON object a finished load.
"""

import json
import os
import random
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pandas  # noqa: F401  (Arrow imports it when first needed, which would be in each child)

from graph_hunt.events.append import Due
from graph_hunt.events.inputs import find_sources
from graph_hunt.events.store import EventStore, Resources
from tests.events_of import logons, numbers_in

FILES = {"a": range(30), "b": range(20, 55), "c": range(50, 60)}
TRACED = f"{os.sep}graph_hunt{os.sep}events{os.sep}"


def load(root: Path) -> None:
    """Load what is not known yet, in small batches and small commits."""
    with EventStore.open(root / "events", Resources(threads=1)).appender(Due(rows=7)) as appender:
        for source in find_sources([root / "input"]):
            assert not isinstance(source, Exception)
            if appender.loaded(source.digest):
                continue
            reading = appender.begin(source, "test")
            numbers = FILES[Path(source.name).name]
            for start in range(numbers.start, numbers.stop, 5):
                appender.append(reading, logons(range(start, min(start + 5, numbers.stop)), source.name))
            appender.finish(reading)


def in_child(work: Callable[[], object]) -> int:
    """Do it in a process of its own; give how that ended."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def traced(work: Callable[[], object], at: Callable[[int], None]) -> None:
    """Do it, and tell `at` the number of each line of the event store that is about to run."""
    lines = 0

    def local(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        nonlocal lines
        if event == "line":
            lines += 1
            at(lines)
        return local

    def every(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        return local if TRACED in frame.f_code.co_filename else None

    threading.settrace(every)
    sys.settrace(every)
    work()
    sys.settrace(None)


def killed_at(line: int) -> Callable[[int], None]:
    def at(number: int) -> None:
        if number == line:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


def count_lines(root: Path) -> int:
    """Tell how many lines an undisturbed load runs."""
    told = root / "lines"
    count = [0]

    def at(number: int) -> None:
        count[0] = number

    def work() -> None:
        traced(lambda: load(root), at)
        told.write_text(str(count[0]))

    assert in_child(work) == 0
    return int(told.read_text())


def account(root: Path) -> None:
    """Write down what a reader finds."""
    store = EventStore.open(root / "events", Resources(threads=1), read_only=True)
    status = store.status()
    found = {
        "numbers": numbers_in(store),
        "errors": [one.what for one in store.doctor(deep=True) if one.severity == "error"],
        "rows": status.tables.get("authentication", 0),
        "records": status.records,
        "duplicates": status.duplicates,
        "quarantine": len(list(store.quarantine())),
        "orphans": len([one for one in store.doctor() if one.severity == "notice"]),
    }
    (root / "found.json").write_text(json.dumps(found))


def prepare(root: Path) -> Path:
    (root / "input").mkdir(parents=True)
    for name in FILES:
        (root / "input" / name).write_text(name)
    return root


def main(folder: Path, seed: int, wanted: int) -> None:
    chance = random.Random(seed)
    lines = count_lines(prepare(folder / "undisturbed"))
    kills, place = 0, 0
    while kills < wanted:
        root = prepare(folder / str(place))
        place += 1
        kills += disturbed(root, [chance.randrange(1, lines) for _ in range(chance.randrange(1, 6))])
        assert in_child(lambda root=root: load(root)) == 0  # type: ignore[misc]
        sys.stdout.write(json.dumps({"kills": kills, **accounted(root)}) + "\n")
        sys.stdout.flush()


def disturbed(root: Path, kills: list[int]) -> int:
    """Load, killed at these lines one time after another; tell how often it was."""
    killed = 0
    before: set[int] = set()
    for line in kills:
        ended = in_child(lambda line=line: traced(lambda: load(root), killed_at(line)))  # type: ignore[misc]
        assert ended in (0, -signal.SIGKILL), ended
        killed += ended == -signal.SIGKILL
        found = accounted(root)
        assert not found["errors"], found
        assert len(set(found["numbers"])) == len(found["numbers"]) == found["rows"], found
        assert before <= set(found["numbers"]), "what was committed is gone"
        before = set(found["numbers"])
    return killed


def accounted(root: Path) -> dict[str, Any]:
    """Give what a reader finds; a reader is a process of its own, too, as DuckDB's threads do not outlive a fork."""
    assert in_child(lambda: account(root)) == 0
    found: dict[str, Any] = json.loads((root / "found.json").read_text())
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
