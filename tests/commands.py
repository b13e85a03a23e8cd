"""Running `graph-hunt` as its user does: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.paths import ROOT

COMMAND = (sys.executable, "-c", "from graph_hunt.cli import main; main()")


def environment(**more: str) -> dict[str, str]:
    """The environment of a command: no server, no workspace but what it is told."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRAPH_HUNT_")}
    return {**kept, "COLUMNS": "200", **more}


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; its output is text."""
    options.setdefault("cwd", ROOT)
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, env=environment(), **options
    )


def answer(*arguments: str | Path) -> Any:
    """Run a command that must succeed and print JSON; give what it printed."""
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
