"""Containment: the fewest accounts to reset and machines to isolate that keep a compromise from its goals.

Whether a set of entities holds is a question of time, so it is asked of the events: the kernel runs without them. Ways
that are still open are collected until the cheapest set that meets all of them leaves none.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from graph_hunt.hunting.spread.activity import Activity, Entity
from graph_hunt.hunting.spread.blast import PACE, WINDOW, Search, named, search
from graph_hunt.hunting.spread.hitting import BRANCHES, Path, cheapest
from graph_hunt.hunting.spread.kernel import Question
from graph_hunt.hunting.spread.radius import Named
from graph_hunt.hunting.summary import iso

ABOVE = 0.01
GOALS = 500
_ROUNDS = 60
_SINGLE = 50
_TRIED = 15
_STEPS = {"User": "reset", "Mailbox": "lock", "IP": "block", "Host": "isolate"}
"""What is done with an entity; the dearer the later, where the number is the same."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entity contained."""

    action: str
    """reset, isolate, block or lock."""
    entity: Named
    saves: int
    """Goals that are no longer reached if this is done: alone, or after the steps before it where they are in order."""


@dataclass(frozen=True, slots=True)
class Containment:
    """How a compromise is kept from its goals, were it done at the start."""

    start: Named
    at: int
    window: int
    above: float
    goals: tuple[Named, ...]
    """What is to be saved, the likeliest first."""
    cut: tuple[Step, ...]
    """The fewest steps that save them all; each says what it saves alone."""
    smallest: bool
    """It is proved that fewer do not suffice."""
    single_points: tuple[Step, ...]
    """Entities of which each alone saves all goals."""
    in_order: tuple[Step, ...]
    """The steps that save most, the best first; each says what it saves beyond those before it."""
    not_saved: tuple[Named, ...]
    """Goals that are reached straight from the start."""
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The containment as the command line and the API show it."""
        return {**asdict(self), "at": iso(self.at)}


@dataclass(frozen=True, slots=True)
class _Case:
    """A question, the goals to save and what may be contained."""

    activity: Activity
    question: Question
    goals: frozenset[int]
    spared: frozenset[int]
    """What may not be contained."""

    def run(self, without: Iterable[int] = ()) -> Search:
        return search(self.activity, self.question, sorted(without))

    def reached(self, found: Search, without: Iterable[int] = ()) -> list[int]:
        """Give the goals that are reached, the likeliest first; what is contained counts as saved."""
        lost = self.goals - set(without)
        return [int(entity) for entity in found.entity if int(entity) in lost]

    def may(self, entity: int) -> bool:
        """Tell whether an entity can be contained."""
        return entity not in self.spared and self.activity.entities.entity(entity).label in _STEPS

    def ways(self, found: Search, wanted: Iterable[int]) -> dict[int, Path]:
        """Give what can be cut on the most likely path to each entity, the entity itself at its end."""
        label_of = dict(zip(found.entity.tolist(), found.label.tolist(), strict=True))
        ways = {}
        for entity in wanted:
            label, way = label_of[entity], []
            while label > 0:
                way.append(int(found.reach.entity[label]))
                label = int(found.reach.parent[label])
            ways[entity] = tuple(one for one in reversed(way) if self.may(one))
        return ways


def containment(
    activity: Activity,
    start: Entity,
    at: int,
    *,
    window: int = WINDOW,
    targets: Sequence[Entity] = (),
    above: float = ABOVE,
    spared: Sequence[Entity] = (),
    contain_start: bool = False,
    steps: int = 10,
    pace: int = PACE,
) -> Containment:
    """Find what to contain so that the targets, or without any everything, are reached at most with less than `above`.

    Neither the start nor the targets are contained themselves, unless `contain_start` says so of the start; nor what
    is `spared`.
    """
    number = activity.entities.number(start)
    wanted = [activity.entities.number(target) for target in targets]
    kept = {activity.entities.number(entity) for entity in spared} | set(wanted)
    question = Question(number, at, at + window, 1, above, float(pace))
    case = _Case(activity, question, frozenset(wanted), frozenset(kept | {number}))
    found = case.run()
    reached = [int(one) for one in found.entity if not wanted or int(one) in wanted]
    case = replace(case, goals=frozenset(reached[:GOALS]))
    cut, smallest, straight = _cut(case)
    whole, case = len(case.goals), replace(case, goals=case.goals - straight)
    if contain_start:
        # Without the start nothing is reached, not even what is reached straight from it.
        best, smallest = [_step(case, number, whole)] if reached else [], True
    else:
        best = sorted(_alone(case, cut), key=lambda step: (-step.saves, step.entity.key))
    return Containment(
        start=named(activity, number),
        at=at,
        window=window,
        above=above,
        goals=tuple(named(activity, one) for one in reached[:GOALS]),
        cut=tuple(best),
        smallest=smallest,
        single_points=tuple(_single_points(case, found)),
        in_order=tuple(_in_order(case, steps)),
        not_saved=() if contain_start else tuple(named(activity, one) for one in reached if one in straight),
        notes=_notes(activity, wanted, reached),
    )


def _notes(activity: Activity, wanted: Sequence[int], reached: Sequence[int]) -> tuple[str, ...]:
    notes = []
    if len(reached) > GOALS:
        notes.append(f"{len(reached)} entities are reached; the {GOALS} likeliest are looked at.")
    if missed := [activity.entities.name(one) for one in wanted if one not in reached]:
        notes.append(f"Not reached with this likelihood anyway: {', '.join(missed)}.")
    return tuple(notes)


def _step(case: _Case, entity: int, saves: int) -> Step:
    one = named(case.activity, entity)
    return Step(_STEPS[one.label], one, saves)


def _alone(case: _Case, cut: Iterable[int]) -> list[Step]:
    """Say what each step saves by itself, of the first so many."""
    return [_step(case, one, _saved(case, (), one) if place < _SINGLE else 0) for place, one in enumerate(sorted(cut))]


def _saved(case: _Case, before: Iterable[int], one: int) -> int:
    """Count the goals that containing one more entity saves."""
    already = len(case.reached(case.run(before), before))
    return already - len(case.reached(case.run([*before, one]), [*before, one]))


def _cut(case: _Case) -> tuple[frozenset[int], bool, frozenset[int]]:
    """Collect open ways until the cheapest set that meets them leaves none open; goals with a way of none apart."""
    cost = _Costs(case.activity)
    ways: set[Path] = set()
    straight: set[int] = set()
    cut: frozenset[int] = frozenset()
    smallest, branches = True, BRANCHES
    for turn in itertools.count():
        found = case.run(cut)
        reached = [goal for goal in case.reached(found, cut) if goal not in straight]
        if not reached:
            return cut, smallest, frozenset(straight)
        for goal, way in case.ways(found, reached).items():
            straight |= set() if way else {goal}
            ways |= {way} if way else set()
        if turn < _ROUNDS:
            cut, smallest = cheapest(ways, cost, branches)
            # Where the exact search once gave up it would again, and again.
            branches = branches if smallest else 0
        else:
            # Not settled within the rounds: what every open way begins with cuts them all.
            cut, smallest = cut | {way[0] for way in case.ways(found, reached).values() if way}, False
    raise AssertionError


class _Costs(dict[int, int]):
    """What containing an entity counts: about the same for all, a little less where it disturbs less."""

    def __init__(self, activity: Activity) -> None:
        super().__init__()
        self._entities = activity.entities

    def __missing__(self, entity: int) -> int:
        cost = self[entity] = 1000 + list(_STEPS).index(self._entities.entity(entity).label)
        return cost


def _single_points(case: _Case, found: Search) -> list[Step]:
    """Find what stands on every way to every goal; each such entity stands on the most likely ones."""
    ways = [set(way) for way in case.ways(found, case.goals).values()]
    shared = set.intersection(*ways) - case.goals if ways else set()
    return [_step(case, one, len(case.goals)) for one in sorted(shared) if not case.reached(case.run([one]))]


def _in_order(case: _Case, steps: int) -> list[Step]:
    """Choose step by step what saves most; no entity saves more goals than have it on their most likely way."""
    done: list[Step] = []
    without: list[int] = []
    while len(done) < steps:
        found = case.run(without)
        reached = case.reached(found, without)
        most = Counter(one for way in case.ways(found, reached).values() for one in way)
        best, saves = 0, 0
        for one, bound in sorted(most.items(), key=lambda item: (-item[1], item[0]))[:_TRIED]:
            if bound <= saves:
                break
            left = len(case.reached(case.run([*without, one]), [*without, one]))
            if len(reached) - left > saves:
                best, saves = one, len(reached) - left
        if not saves:
            break
        without.append(best)
        done.append(_step(case, best, saves))
    return done
