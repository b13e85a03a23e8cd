"""Looks once, and is killed when the detection's findings are there but not yet kept."""

import os
import signal
import sys
from pathlib import Path

from graph_hunt.casework.detections import watch
from graph_hunt.casework.state import State
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace


def killed(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


settings = Settings(Path(sys.argv[1]))
watch.raise_alerts = killed  # type: ignore[assignment]
with Workspace.open(settings, read_only=True) as workspace:
    watch.Watch(State.open(settings.state_store), lambda: workspace, settings.workspace).look()
