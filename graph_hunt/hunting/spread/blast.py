"""Blast radius: everything that a compromise could reach, or could have come from, each with its most likely path."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph_hunt.hunting.spread.activity import Activity, Entity
from graph_hunt.hunting.spread.acts import ACTS
from graph_hunt.hunting.spread.familiarity import NOT_APPLICABLE
from graph_hunt.hunting.spread.kernel import NOBODY, Question, Reach, spread
from graph_hunt.hunting.spread.radius import BlastRadius, Direction, Hop, Named, Reached
from graph_hunt.hunting.spread.rules import DAY, HOUR, RULES, Role
from graph_hunt.hunting.spread.steps import steps

WINDOW = 7 * DAY
PACE = 8 * HOUR
"""What is reached this long after the start is half as likely as at once, and so on hyperbolically."""
LEAST = 1e-3
"""What is less likely is not followed."""
SHORT_HISTORY = DAY


@dataclass(frozen=True, slots=True)
class Search:
    """A pass's labels and what they come to for each entity reached, the likeliest first."""

    reach: Reach
    entity: npt.NDArray[np.int32]
    label: npt.NDArray[np.int64]
    """The label by which the entity is most likely, time counted."""
    likelihood: npt.NDArray[np.float64]
    first: npt.NDArray[np.int64]
    """The time of the entity's first label."""


def search(activity: Activity, question: Question, without: Sequence[int] = ()) -> Search:
    """Run the kernel, as if the entities `without` could not be compromised."""
    blocked = np.zeros(len(activity.entities), np.bool_)
    blocked[[NOBODY, *without]] = True
    held = activity.forward if question.direction > 0 else activity.backward
    reach = spread(activity.rows, held, steps(), activity.damping, question, blocked)
    likelihood = reach.likelihood / (1.0 + np.abs(reach.time - question.at) / question.pace)
    order = np.lexsort((np.arange(len(likelihood)), -likelihood))
    _, place = np.unique(reach.entity[order], return_index=True)
    label = order[np.sort(place)]
    entities, first = np.unique(reach.entity, return_index=True)
    times = np.zeros(len(activity.entities), np.int64)
    times[entities] = reach.time[first]
    entity = reach.entity[label]
    reached = entity != question.start
    label, entity = label[reached], entity[reached]
    return Search(reach, entity, label, likelihood[label], times[entity])


def blast_radius(
    activity: Activity,
    start: Entity,
    at: int,
    *,
    window: int = WINDOW,
    direction: Direction = Direction.REACHES,
    targets: Sequence[Entity] = (),
    limit: int = 200,
    minimum_likelihood: float = LEAST,
    pace: int = PACE,
    contained: Sequence[Entity] = (),
) -> BlastRadius:
    """Find what `start`, compromised at `at`, could reach within the window, or what could have reached it.

    The `targets` are told whatever the limit, those not reached too. What is `contained` is as if it could not be
    compromised; where the start is, nothing is reached.
    """
    sign = 1 if direction is Direction.REACHES else -1
    number = activity.entities.number(start)
    wanted = {activity.entities.number(target): target for target in targets}
    question = Question(number, at, at + sign * window, sign, minimum_likelihood, float(pace))
    without = {activity.entities.number(entity) for entity in contained}
    # The start is where it begins, blocked or not: with nothing to follow, nothing is reached from it.
    question = question._replace(floor=2.0) if number in without else question
    found = search(activity, question, sorted(without - {number}))
    shown = np.flatnonzero((np.arange(len(found.entity)) < limit) | np.isin(found.entity, list(wanted))).tolist()
    missed = [target for one, target in wanted.items() if one != number and one not in found.entity]
    telling = _Telling(activity, found.reach, sign)
    return BlastRadius(
        start=named(activity, number),
        at=at,
        window=window,
        direction=direction,
        minimum_likelihood=minimum_likelihood,
        reached=tuple(telling.reached(found, place) for place in shown),
        total=_totals(activity, found),
        not_reached=tuple(named(activity, activity.entities.number(target)) for target in missed),
        notes=_notes(activity, question, found),
    )


def named(activity: Activity, number: int) -> Named:
    """Name the entity of a number."""
    entity = activity.entities.entity(number)
    return Named(entity.label, entity.key, activity.entities.name(number))


def _totals(activity: Activity, found: Search) -> dict[str, int]:
    labels = activity.entities.table["label"].take(found.entity)
    counted = labels.value_counts().to_pylist()
    return {one["values"]: one["counts"] for one in sorted(counted, key=lambda one: str(one["values"]))}


def _notes(activity: Activity, question: Question, found: Search) -> tuple[str, ...]:
    span = activity.span
    if span is None:
        return ("No logon, session or other act that can carry a compromise is loaded.",)
    notes = []
    first, last = span
    if question.at > last or question.at < first:
        notes.append("The time asked about lies outside the telemetry that is loaded.")
    elif question.direction > 0 and question.at - first < SHORT_HISTORY:
        notes.append("There is less than a day of history before this time, so that much looks unusual that is not.")
    members = activity.entities.table["members"].to_numpy()[found.entity]
    for entity, count in zip(found.entity[members > 0], members[members > 0], strict=True):
        name = activity.entities.name(int(entity))
        notes.append(f"The directory {name} is reached: all its {count} known accounts count as compromised.")
    return tuple(notes)


class _Telling:
    """Puts labels into words; a step that many paths share is told once."""

    def __init__(self, activity: Activity, reach: Reach, sign: int) -> None:
        self._activity, self._reach, self._sign = activity, reach, sign
        self._names: dict[int, Named] = {}
        self._hops: dict[int, Hop] = {}

    def named(self, number: int) -> Named:
        """Name an entity."""
        found = self._names.get(number)
        if found is None:
            found = self._names[number] = named(self._activity, number)
        return found

    def path(self, label: int) -> tuple[Hop, ...]:
        """Give the hops between the start and a label's entity, in order of time."""
        hops = []
        while (parent := int(self._reach.parent[label])) >= 0:
            if label not in self._hops:
                self._hops[label] = self._hop(label, parent)
            hops.append(self._hops[label])
            label = parent
        return tuple(hops[:: -self._sign])

    def _hop(self, label: int, parent: int) -> Hop:
        reach, activity = self._reach, self._activity
        out, into = (parent, label) if self._sign > 0 else (label, parent)
        row, rule = int(reach.row[label]), RULES[int(reach.rule[label])]
        act = ACTS[int(activity.rows.act[row])]
        names = {role.name.lower(): self.named(int(activity.rows.ids[row, role])).name for role in Role}
        told = "; ".join(filter(None, (act.words, _usual(activity, row, names) if rule.rare else "")))
        return Hop(
            at=int(reach.time[label]),
            source=self.named(int(reach.entity[out])),
            target=self.named(int(reach.entity[into])),
            rule=rule.name,
            act=act.name,
            words=f"{rule.words.format(**names)} ({told})",
            evidence=activity.evidence(row),
            likelihood=float(reach.likelihood[label] / reach.likelihood[parent]),
        )

    def reached(self, found: Search, place: int) -> Reached:
        """Tell of one entity."""
        named, path = self.named(int(found.entity[place])), self.path(int(found.label[place]))
        return Reached(
            label=named.label,
            key=named.key,
            name=named.name,
            hop=len(path),
            first_time=int(found.first[place]),
            likelihood=float(found.likelihood[place]),
            path=path,
        )


def _usual(activity: Activity, row: int, names: dict[str, str]) -> str:
    """Say which pairs of an act were never seen before it, or how often the least usual was."""
    seen = activity.seen[row].tolist()
    words = (f"on {names['target']}", f"from {names['source']}", f"from {names['source']} to {names['target']}")
    new = [words[pair] for pair, count in enumerate(seen) if count == 0]
    if new:
        return "never before " + ", ".join(new)
    least = min(count for count in seen if count != NOT_APPLICABLE)
    return f"seen in {least} earlier hours" if least != 1 else "seen in one earlier hour"
