"""Begins a run of hunts in a process of its own, and dies as the first of them is about to run."""

import os
import sys
import threading
from pathlib import Path

from graph_hunt.casework.runs import Asked, Runs
from graph_hunt.casework.state import State
from graph_hunt.hunting.window import resolve
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

_SAID = threading.Event()


def _dies() -> Workspace:
    _SAID.wait()
    os._exit(9)


settings = Settings(Path(sys.argv[1]))
with Workspace.open(settings, read_only=True) as workspace:
    window = resolve(*workspace.span())
kept = Runs(State.open(settings.state_store), _dies).begin(Asked(("fan-out", "dcsync"), window, {}), "tester")
sys.stdout.write(kept.id + "\n")
sys.stdout.flush()
_SAID.set()
threading.Event().wait()
