"""What the page's tests look at: logons, sign-ins and mail that hunts find something in, and names that are attacks."""

import shutil
from pathlib import Path

from tests.hunt_cases import telemetry
from tests.written import windows_logon, write_lines

HUNTS = ("pass-the-hash", "high-risk-country", "first-country", "external-forwarding", "password-spray")
"""Hunts that find something in it."""
SCRIPT = "<img src=x onerror=alert(1)>"
REVERSED = "evil‮gpj.exe"
LONG = "A" * 1_000_000


def written(folder: Path) -> list[Path]:
    """Write the story's files into a folder."""
    files = []
    for hunt in HUNTS:
        for path in telemetry(hunt, "fires"):
            files.append(Path(shutil.copy(path, folder / f"{hunt}-{path.name}")))
    hostile = [
        windows_logon(9001, SCRIPT, target="SRV1.corp.example"),
        windows_logon(9002, REVERSED, target="SRV1.corp.example"),
        windows_logon(9003, LONG, target="SRV1.corp.example"),
        *(windows_logon(9100 + number, "alice", target=f"SRV{number}.corp.example") for number in range(1, 60)),
    ]
    return [*files, write_lines(folder / "hostile.json", hostile)]
