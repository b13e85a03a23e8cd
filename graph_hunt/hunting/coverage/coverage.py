"""Each technique of ATT&CK with its hunts, and with what telemetry lets them see."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph_hunt.hunting import attack, library, visibility
from graph_hunt.hunting.attack import Tactic, Technique
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.visibility import Codes, Telemetry


class State(StrEnum):
    """What can be seen of a technique."""

    SEEN = "seen"
    """All of its hunts see."""
    PARTLY = "partly"
    """Some of its hunts see."""
    BLIND = "blind"
    """It has hunts, and none of them sees."""
    NO_HUNT = "no_hunt"
    """No hunt looks for it."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A hunt, and the telemetry that it needs and that is not there: all groups, any one within a group."""

    hunt: Hunt
    missing: tuple[tuple[Telemetry, ...], ...]

    @property
    def sees(self) -> bool:
        """The hunt can find something."""
        return not self.missing

    def as_json(self) -> dict[str, Any]:
        """It as the command line and the API show it."""
        return {
            "hunt": self.hunt.id,
            "title": self.hunt.title,
            "level": self.hunt.level.value,
            "sees": self.sees,
            "missing": [[kind.as_json() for kind in group] for group in self.missing],
        }


@dataclass(frozen=True, slots=True)
class Covered:
    """A technique and its own hunts; those of sub-techniques stand with these."""

    technique: Technique
    hunts: tuple[Sight, ...]

    @property
    def state(self) -> State:
        """What can be seen of it."""
        seeing = sum(one.sees for one in self.hunts)
        if not self.hunts:
            return State.NO_HUNT
        return State.BLIND if not seeing else State.SEEN if seeing == len(self.hunts) else State.PARTLY

    def as_json(self) -> dict[str, Any]:
        """It as the command line and the API show it."""
        one = self.technique
        return {
            "technique": one.id,
            "name": one.name,
            "tactics": list(one.tactics),
            "url": one.url,
            "state": self.state.value,
            "hunts": [sight.as_json() for sight in self.hunts],
        }


@dataclass(frozen=True, slots=True)
class Opening:
    """Telemetry that is not there, the hunts that it alone would let see, and those for which it is one part."""

    telemetry: Telemetry
    hunts: tuple[str, ...]
    parts: tuple[str, ...]
    techniques: tuple[str, ...]
    """Of the hunts that it alone would open, those that no hunt sees now."""

    def as_json(self) -> dict[str, Any]:
        """It as the command line and the API show it."""
        return {
            **self.telemetry.as_json(),
            "hunts": list(self.hunts),
            "parts": list(self.parts),
            "techniques": list(self.techniques),
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """All techniques, in ATT&CK's order, and what would open more, what opens most first."""

    techniques: tuple[Covered, ...]
    openings: tuple[Opening, ...]

    def of_tactic(self, tactic: Tactic) -> tuple[Covered, ...]:
        """A column of the matrix."""
        return tuple(one for one in self.techniques if tactic.short in one.technique.tactics)

    def as_json(self) -> dict[str, Any]:
        """It as the command line and the API show it: the matrix by tactic, each technique once below."""
        return {
            "attack": attack.VERSION,
            "tactics": [_column(tactic, self.of_tactic(tactic)) for tactic in attack.tactics()],
            "techniques": [one.as_json() for one in self.techniques],
            "openings": [one.as_json() for one in self.openings],
        }


def coverage(codes: Codes, hunts: Iterable[Hunt] | None = None) -> Coverage:
    """Say what of ATT&CK the hunts see in telemetry that holds these codes."""
    sights = [
        Sight(hunt, visibility.missing(hunt, codes)) for hunt in (library.all_hunts() if hunts is None else hunts)
    ]
    techniques = tuple(
        Covered(technique, tuple(one for one in sights if id in one.hunt.attack))
        for id, technique in attack.techniques().items()
    )
    seen = {one.technique.id for one in techniques if one.state in (State.SEEN, State.PARTLY)}
    found = sorted(_openings(sights, seen), key=lambda one: (-len(one.hunts), -len(one.parts), one.telemetry.name))
    return Coverage(techniques, tuple(found))


def _openings(sights: Sequence[Sight], seen: set[str]) -> Iterator[Opening]:
    missing = dict.fromkeys(kind for one in sights for group in one.missing for kind in group)
    for kind in missing:
        wanting = [one for one in sights if any(kind in group for group in one.missing)]
        alone = [one for one in wanting if all(kind in group for group in one.missing)]
        opened = {technique for one in alone for technique in one.hunt.attack} - seen
        yield Opening(
            kind,
            tuple(one.hunt.id for one in alone),
            tuple(one.hunt.id for one in wanting if one not in alone),
            tuple(sorted(opened)),
        )


def _column(tactic: Tactic, techniques: Sequence[Covered]) -> dict[str, Any]:
    return {
        "tactic": tactic.id,
        "name": tactic.name,
        "short": tactic.short,
        **{state.value: sum(one.state is state for one in techniques) for state in State},
        "techniques": [one.technique.id for one in techniques],
    }
