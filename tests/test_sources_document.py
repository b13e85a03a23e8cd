"""The document of the loaders says which hunts each source feeds."""

import subprocess
import sys

from tests.paths import ROOT


def test_what_each_source_is_worth_is_as_the_hunts_say() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "write_sources.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
