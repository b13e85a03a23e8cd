"""From a finding, the detection that would have raised it, and what else that would have raised in the past."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_hunt.casework.detections.detection import Detection, Kind
from graph_hunt.casework.detections.running import run
from graph_hunt.casework.found import find
from graph_hunt.casework.state import State
from graph_hunt.errors import InputError
from graph_hunt.hunting import library
from graph_hunt.hunting.finding import Finding
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
    found, parameters = find(workspace, state, finding, hunts=hunts)
    if all(found.hunt != hunt.id for hunt in library.all_hunts()):
        raise InputError(f"finding {finding} is no hunt's", expected="one that a hunt found")
    (hunt,) = library.find([found.hunt])
    detection = Detection(
        id=f"{hunt.id}-{found.id[:6]}", kind=Kind.HUNT, subject=hunt.id, title=hunt.title, parameters=parameters
    )
    return _tried(workspace, state, detection, found)


def _tried(workspace: Workspace, state: State, detection: Detection, finding: Finding) -> Proposal:
    done = run(workspace, state, detection)
    caught = any(one.id == finding.id for one in done.findings)
    return Proposal(detection, finding, done.findings, caught, done.state, done.notes)
