"""From a finding, the detection that would have raised it, and what else that would have raised in the past."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from graph_hunt.casework.detections.alerts import ALERTS
from graph_hunt.casework.detections.detection import Detection, Kind
from graph_hunt.casework.detections.repository import DETECTIONS
from graph_hunt.casework.detections.running import run
from graph_hunt.casework.runs import FINDINGS, RUNS
from graph_hunt.casework.state import State
from graph_hunt.errors import UnknownDetection
from graph_hunt.hunting import library, runner, visibility
from graph_hunt.hunting.finding import Finding, restored
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Proposal:
    """A detection that is not kept yet; `hits` are what it would have raised in all that is loaded."""

    detection: Detection
    finding: Finding
    hits: tuple[Finding, ...]
    caught: bool
    """The finding is among them."""
    state: str
    notes: tuple[str, ...]

    @property
    def others(self) -> tuple[Finding, ...]:
        """What else it would have raised."""
        return tuple(one for one in self.hits if one.id != self.finding.id)

    @property
    def by_level(self) -> Mapping[str, int]:
        """How many of them of each level."""
        return Counter(one.level.value for one in self.others)

    @property
    def subjects(self) -> int:
        """How many different ones they are about."""
        return len({one.subject for one in self.others})


def propose(workspace: Workspace, state: State, finding: str, *, hunts: Sequence[str] = ()) -> Proposal:
    """Propose a detection for a finding, by its id: of a run, an alert, or one that hunts find now."""
    found, parameters = _find(workspace, state, finding, hunts)
    (hunt,) = library.find([found.hunt])
    detection = Detection(
        id=f"{hunt.id}-{found.id[:6]}", kind=Kind.HUNT, subject=hunt.id, title=hunt.title, parameters=parameters
    )
    return _tried(workspace, detection, found)


def _tried(workspace: Workspace, detection: Detection, finding: Finding) -> Proposal:
    done = run(workspace, detection)
    caught = any(one.id == finding.id for one in done.findings)
    return Proposal(detection, finding, done.findings, caught, done.state, done.notes)


def _find(workspace: Workspace, state: State, id: str, hunts: Sequence[str]) -> tuple[Finding, Mapping[str, Any]]:
    for found, parameters in _kept(state):
        if found.id == id and not found.hunt.startswith("sigma:"):
            return found, _own(found.hunt, parameters)
    codes = workspace.events.codes()
    chosen = library.find(hunts) if hunts else library.all_hunts()
    window = resolve(*workspace.span(), bucket=workspace.preferences.bucket)
    for hunt in chosen:
        if visibility.missing(hunt, codes):
            continue
        done = runner.run(hunt, workspace.graph, codes, window=window, surprise=surprise_of(workspace, [hunt]))
        for found in done.findings:
            if found.id == id:
                return found, {}
    raise UnknownDetection(
        f"there is no finding {id!r} in what was run, nor do the hunts find it with usual parameters"
    )


def _kept(state: State) -> Iterator[tuple[Finding, Mapping[str, Any]]]:
    """Give the findings of runs and alerts, with the parameters that found them."""
    of_runs = select(FINDINGS.c.finding, RUNS.c.asked).join(RUNS, RUNS.c.id == FINDINGS.c.run)
    of_alerts = select(ALERTS.c.finding, DETECTIONS.c.parameters).join(
        DETECTIONS, DETECTIONS.c.id == ALERTS.c.detection, isouter=True
    )
    with state.read() as connection:
        for finding, asked in connection.execute(of_runs):
            yield restored(finding), asked["parameters"]
        for finding, parameters in connection.execute(of_alerts):
            yield restored(finding), parameters or {}


def _own(hunt: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a run's parameters those that the hunt has: the run may have been of several."""
    (found,) = library.find([hunt])
    names = {one.name for one in found.parameters}
    return {name: value for name, value in parameters.items() if name in names}
