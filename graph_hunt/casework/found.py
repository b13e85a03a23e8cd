"""Findings by their id: of a case, of runs and alerts, or those that hunts find now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from graph_hunt.casework import cases
from graph_hunt.casework.cases import Judged
from graph_hunt.casework.detections.alerts import ALERTS
from graph_hunt.casework.detections.repository import DETECTIONS
from graph_hunt.casework.runs import FINDINGS, RUNS
from graph_hunt.casework.state import State
from graph_hunt.errors import UnknownDetection
from graph_hunt.hunting import library, runner, visibility
from graph_hunt.hunting.finding import Finding, restored
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace import Workspace


def find(
    workspace: Workspace, state: State, id: str, *, hunts: Sequence[str] = (), case: int | None = None
) -> tuple[Finding, Mapping[str, Any]]:
    """Find a finding, and the parameters that found it; `hunts` narrows what is run where it is in no run."""
    if case is not None:
        for one in cases.get(state, case).each(Judged):
            if one.entry.id == id:
                return restored(one.entry.finding), {}
    for found, parameters in _kept(state, id):
        return found, _own(found.hunt, parameters)
    codes = workspace.events.codes()
    window = resolve(*workspace.span(), bucket=workspace.preferences.bucket)
    for hunt in library.find(hunts) if hunts else library.all_hunts():
        if visibility.missing(hunt, codes):
            continue
        done = runner.run(hunt, workspace.graph, codes, window=window, surprise=surprise_of(workspace, [hunt]))
        for found in done.findings:
            if found.id == id:
                return found, {}
    raise UnknownDetection(
        f"there is no finding {id!r} in what was run, nor do the hunts find it with usual parameters"
    )


def _kept(state: State, id: str) -> Iterator[tuple[Finding, Mapping[str, Any]]]:
    of_runs = select(FINDINGS.c.finding, RUNS.c.asked).join(RUNS, RUNS.c.id == FINDINGS.c.run)
    of_alerts = select(ALERTS.c.finding, DETECTIONS.c.parameters).join(
        DETECTIONS, DETECTIONS.c.id == ALERTS.c.detection, isouter=True
    )
    named = FINDINGS.c.finding["id"].as_string() == id, ALERTS.c.finding["id"].as_string() == id
    with state.read() as connection:
        for finding, asked in connection.execute(of_runs.where(named[0])):
            yield restored(finding), asked["parameters"]
        for finding, parameters in connection.execute(of_alerts.where(named[1])):
            yield restored(finding), parameters or {}


def _own(hunt: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a run's parameters those that the hunt has: the run may have been of several."""
    names = {one.name for known in library.all_hunts() if known.id == hunt for one in known.parameters}
    return {name: value for name, value in parameters.items() if name in names}
