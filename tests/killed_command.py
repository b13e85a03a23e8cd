"""Run `graph-hunt load` again and again, each time in a process killed (-9) at a random moment.

Run as a program by `test_kill.py`: TELEMETRY FOLDER SEED KILLS. Prints, for each workspace, a JSON line that says how
often its loads were killed and whether its graph, once loaded undisturbed, is that of a load never disturbed.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import kglite  # noqa: F401  (imported once here, and not in each child)
import pandas  # noqa: F401

from graph_hunt import cli, loaders
from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace


def in_child(work: Callable[[], object], patience: float | None = None) -> int:
    """Do it in a process of its own, killed after so many seconds; give how that ended."""
    # The end of an earlier child may still be pending.
    while signal.sigtimedwait([signal.SIGCHLD], 0) is not None:
        continue
    pid = os.fork()
    if not pid:
        code = 1
        try:
            work()
            code = 0
        except SystemExit as ending:
            code = ending.code if isinstance(ending.code, int) else 1
        finally:
            sys.stderr.flush()
            os._exit(code)
    if patience is not None and signal.sigtimedwait([signal.SIGCHLD], patience) is None:
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def load(workspace: Path, telemetry: Path) -> Callable[[], None]:
    def work() -> None:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        sys.argv = ["graph-hunt", "load", "-w", str(workspace), str(telemetry)]
        cli.main()

    return work


def digest(workspace: Path) -> str:
    """A digest of all nodes, edges and counts."""
    told = workspace.with_suffix(".digest")

    def work() -> None:
        with Workspace.open(Settings(workspace), read_only=True) as opened:
            assert not opened.events.doctor(deep=True)
            found = sha256(b"".join([*export_nodes(opened.graph), *export_edges(opened.graph)]))
            found.update(json.dumps(dict(opened.events.status().tables)).encode())
        told.write_text(found.hexdigest())

    assert in_child(work) == 0
    return told.read_text()


def main(telemetry: Path, folder: Path, seed: int, wanted: int) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    loaders.all_loaders()
    chance, kills, place = random.Random(seed), 0, 0
    begun = time.monotonic()
    assert in_child(load(folder / "undisturbed", telemetry)) == 0
    usual = time.monotonic() - begun
    expected = digest(folder / "undisturbed")
    while kills < wanted:
        workspace = folder / f"killed{place}"
        place += 1
        killed = 0
        for _ in range(chance.randrange(2, 8)):
            ended = in_child(load(workspace, telemetry), chance.uniform(0.02, 1.1) * usual)
            assert ended in (0, -signal.SIGKILL), ended
            killed += ended == -signal.SIGKILL
        kills += killed
        assert in_child(load(workspace, telemetry)) == 0
        sys.stdout.write(json.dumps({"killed": killed, "same": digest(workspace) == expected}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
