"""The telemetry that benchmarks run on: made by the shared generator, or the visible EVTX files; kept between runs."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("GRAPH_HUNT_SHARED", ROOT.parent / "shared"))
CACHE = Path(os.environ.get("GRAPH_HUNT_BENCH", Path(tempfile.gettempdir()) / "graph-hunt-bench"))
SEED = 7


def lanl(events: int) -> Path:
    """A folder of LANL telemetry of about so many events, made once."""
    folder = CACHE / f"lanl-{events}-{SEED}"
    if not (folder / "entities.csv").exists():
        generator = SHARED / "bench" / "gen_lanl.py"
        if not generator.exists():
            raise SystemExit(
                f"{generator} is missing: set GRAPH_HUNT_SHARED to the folder that holds bench/gen_lanl.py"
            )
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(generator), "--events", str(events), "--out", str(folder), "--seed", str(SEED)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def evtx() -> list[Path]:
    """Every visible EVTX file."""
    found = sorted(path for path in (SHARED / "data").rglob("*.evtx") if path.is_file())
    if not found:
        raise SystemExit(f"no EVTX file under {SHARED / 'data'}: set GRAPH_HUNT_SHARED")
    return found
