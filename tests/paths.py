"""Where tests find telemetry."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "samples"
SHARED = Path(os.environ.get("GRAPH_HUNT_SHARED", ROOT.parent / "shared"))
DATA = SHARED / "data"
