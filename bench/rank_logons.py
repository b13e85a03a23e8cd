"""Four thousand Windows logons loaded and ranked, as LogonTracer does it: the chunks of all visible EVTX files.

.venv/bin/python bench/rank_logons.py work     one measurement, as JSON
.venv/bin/python bench/rank_logons.py          the same as a line
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import measure
import telemetry

from graph_hunt.hunting.ranking import BUDGET, Question
from graph_hunt.hunting.tracing import ranked
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

LOGONTRACER = 457
"""Seconds that LogonTracer took for 4,000 logons, measured when graph-hunt was designed."""


def work() -> tuple[int, dict[str, float]]:
    """Load the logons into a new workspace, graph included, and rank them and the paths that they form."""
    folder = Path(tempfile.mkdtemp(prefix="graph-hunt-bench-"))
    try:
        begun = time.perf_counter()
        with Workspace.open(Settings(workspace=folder / "workspace")) as workspace:
            report = workspace.load([telemetry.evtx_joined(1)]).report
            loaded = time.perf_counter()
            first, last = workspace.span()
            ranked(workspace).answer(Question(first, last + 1, BUDGET))
        logons = sum(one.rows["authentication"] for one in report.sources)
        return logons, {"load_s": loaded - begun, "rank_s": time.perf_counter() - loaded}
    finally:
        shutil.rmtree(folder)


def table() -> list[tuple[str, str, measure.Figure]]:
    """The measurement: what it is, its work, its figure."""
    return [("Windows logons loaded and ranked", "work", measure.best(__file__, "work"))]


def main() -> None:
    """Measure."""
    if len(sys.argv) > 1:
        telemetry.evtx_joined(1)
        measure.told(work)
        return
    for name, _, figure in table():
        print(figure.line(name), f"LogonTracer {LOGONTRACER} s, {LOGONTRACER / figure.seconds:.0f} times as long")


if __name__ == "__main__":
    main()
