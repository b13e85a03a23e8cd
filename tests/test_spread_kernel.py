"""The kernel against a slow reference that follows every edge at every instant until nothing changes."""

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_hunt.hunting.spread.activity import Activity, Entities
from graph_hunt.hunting.spread.acts import ACTS, CODES
from graph_hunt.hunting.spread.blast import Search, search
from graph_hunt.hunting.spread.familiarity import damping, familiarity, rarity
from graph_hunt.hunting.spread.kernel import Question, Rows
from graph_hunt.hunting.spread.rules import HOUR, RULES
from graph_hunt.hunting.spread.spans import Left, spans

ENTITIES = 7
SPAN = 12
FOREVER = float("inf")


@dataclass(frozen=True)
class Story:
    """Acts as (time, account, source, target, act), and how long each lasting one lasts."""

    acts: tuple[tuple[int, int, int, int, str], ...]
    lasts: tuple[int, ...]
    hubs: tuple[float, ...]


@dataclass(frozen=True)
class Edge:
    """What the reference follows: usable from one time to another, both counted."""

    since: int
    until: int
    out: int
    into: int
    weight: float


_entity = st.integers(0, ENTITIES)
_act = st.sampled_from([act.name for act in ACTS])
_row = st.tuples(st.integers(0, 30), _entity, _entity, _entity, _act)
_hub = st.sampled_from([1.0, 0.5, 0.25])


@st.composite
def stories(draw: st.DrawFn) -> Story:
    acts = draw(st.lists(_row, max_size=40))
    lasts = draw(st.lists(st.integers(0, SPAN), min_size=len(acts), max_size=len(acts)))
    hubs = draw(st.lists(_hub, min_size=ENTITIES, max_size=ENTITIES))
    return Story(tuple(sorted(acts)), tuple(lasts), tuple(hubs))


def rare_factor(story: Story) -> list[float]:
    """Work out each act's rarity afresh: a pair's earlier hours, each counted from its first sight after the last."""
    factors = []
    hours: dict[tuple[int, int, int], list[int]] = {}
    for time, account, source, target, _ in story.acts:
        usual = 1.0
        for kind, (one, other) in enumerate(((account, target), (account, source), (source, target))):
            if one and other:
                begun = hours.setdefault((kind, one, other), [])
                if not begun or time - begun[-1] >= HOUR:
                    begun.append(time)
                usual *= (len(begun) - 1) / len(begun)
        factors.append(1 - 0.95 * usual)
    return factors


def edges(story: Story) -> list[Edge]:
    """Give every edge that the rules make of the acts."""
    hubs = (0.0, *story.hubs)
    found = []
    for act, last, rare in zip(story.acts, story.lasts, rare_factor(story), strict=True):
        time, *ids, name = act
        for rule in RULES:
            out, into = ids[rule.start], ids[rule.end]
            if name in rule.likelihood and out and into:
                weight = rule.likelihood[name] * hubs[into] * (rare if rule.rare else 1)
                until = time + last if name in rule.holds else time
                found.append(Edge(time, until, out, into, weight))
    return found


def reference(story: Story, start: int, at: int, until: int, pace: float, blocked: int = 0) -> dict[int, float]:
    """Follow all edges at all instants until nothing changes; give each entity's likelihood."""
    found = [edge for edge in edges(story) if blocked not in (edge.out, edge.into)]
    sign = 1 if until >= at else -1
    instants = {at} | {time for edge in found for time in (edge.since, edge.until)}
    ordered = sorted((t for t in instants if sign * at <= sign * t <= sign * until), reverse=sign < 0)
    best = {start: 1.0}
    told: dict[int, float] = {}
    for now in ordered:
        changed = True
        while changed:
            changed = False
            for edge in found:
                if edge.since <= now <= edge.until:
                    out, into = (edge.out, edge.into) if sign > 0 else (edge.into, edge.out)
                    likely = best.get(out, 0.0) * edge.weight
                    if likely > best.get(into, 0.0) * (1 + 1e-12):
                        best[into] = likely
                        told[into] = max(told.get(into, 0.0), likely / (1 + abs(now - at) / pace))
                        changed = True
    told.pop(start, None)
    return told


def laid_out(story: Story) -> Activity:
    """Lay a story out as the kernel's arrays."""
    time = np.array([act[0] for act in story.acts], np.int64)
    ids = np.array([act[1:4] for act in story.acts], np.int32).reshape(-1, 3)
    rows = Rows(time, ids, np.array([CODES[act[4]] for act in story.acts], np.int8))
    held = [
        (row, number, rule.likelihood[act[4]], act[0] + last)
        for row, (act, last) in enumerate(zip(story.acts, story.lasts, strict=True))
        for number, rule in enumerate(RULES)
        if act[4] in rule.holds and act[1 + rule.start] and act[1 + rule.end]
    ]
    left = Left(
        np.array([one[0] for one in held], np.int64),
        np.array([one[1] for one in held], np.int32),
        np.array([one[2] for one in held], np.float64),
        np.array([one[3] for one in held], np.int64),
    )
    seen = familiarity(time, ids, len(story.hubs) + 1).seen
    names = [""] + [f"e{number}" for number in range(1, len(story.hubs) + 1)]
    table = pa.table({"label": names, "key": names, "name": names, "members": [0] * len(names)})
    arrays = {
        **rows._asdict(),
        "digest": np.zeros(len(time), np.uint64),
        "part": np.zeros(len(time), np.uint16),
        "seen": seen,
        "entity": np.array((0.0, *story.hubs)),
        "rare": rarity(seen),
    }
    for side, direction in (("forward", 1), ("backward", -1)):
        laid = spans(rows, left, len(story.hubs) + 1, direction)
        arrays |= {f"{side}-{name}": array for name, array in laid._asdict().items()}
    return Activity.of_arrays(Entities(table), arrays)


def told(found: Search) -> dict[int, float]:
    return dict(zip(found.entity.tolist(), found.likelihood.tolist(), strict=True))


def ask(story: Story, start: int, at: int, until: int, pace: float = FOREVER, floor: float = 0.0) -> Search:
    return search(laid_out(story), Question(start, at, until, 1 if until >= at else -1, floor, pace))


def close(one: dict[int, float], other: dict[int, float]) -> bool:
    return one.keys() == other.keys() and all(math.isclose(one[key], other[key], rel_tol=1e-6) for key in one)


@given(stories(), st.integers(1, ENTITIES), st.integers(-1, 31), st.integers(0, 40), st.sampled_from([3.0, FOREVER]))
@settings(max_examples=150, deadline=None)
def test_a_pass_finds_the_most_likely_paths(story: Story, start: int, at: int, window: int, pace: float) -> None:
    assert close(told(ask(story, start, at, at + window, pace)), reference(story, start, at, at + window, pace))


@given(stories(), st.integers(1, ENTITIES), st.integers(-1, 45), st.integers(1, 50), st.sampled_from([3.0, FOREVER]))
@settings(max_examples=150, deadline=None)
def test_a_pass_backwards_finds_them_too(story: Story, start: int, at: int, window: int, pace: float) -> None:
    assert close(told(ask(story, start, at, at - window, pace)), reference(story, start, at, at - window, pace))


@given(stories(), st.integers(0, 20), st.integers(1, 30))
@settings(max_examples=50, deadline=None)
def test_backwards_mirrors_forwards(story: Story, since: int, window: int) -> None:
    forward = {
        (one, other): likelihood
        for one in range(1, len(story.hubs) + 1)
        for other, likelihood in told(ask(story, one, since, since + window)).items()
    }
    backward = {
        (other, one): likelihood
        for one in range(1, len(story.hubs) + 1)
        for other, likelihood in told(ask(story, one, since + window, since)).items()
    }
    assert forward.keys() == backward.keys()
    assert all(math.isclose(forward[pair], backward[pair], rel_tol=1e-9) for pair in forward)


@given(stories(), st.integers(1, ENTITIES), st.integers(1, ENTITIES))
@settings(max_examples=50, deadline=None)
def test_without_an_entity_nothing_goes_through_it(story: Story, start: int, without: int) -> None:
    if start == without:
        return
    found = search(laid_out(story), Question(start, 0, 40, 1, 0.0, 3.0), [without])
    assert close(told(found), reference(story, start, 0, 40, 3.0, without))


@given(stories(), st.integers(1, ENTITIES), st.booleans())
@settings(max_examples=50, deadline=None)
def test_every_path_respects_time_and_comes_to_its_likelihood(story: Story, start: int, back: bool) -> None:
    found = ask(story, start, 40 if back else 0, 0 if back else 40)
    known = edges(story)
    for label in found.label.tolist():
        product = 1.0
        while (parent := int(found.reach.parent[label])) >= 0:
            now, before = int(found.reach.time[label]), int(found.reach.time[parent])
            assert before >= now if back else before <= now
            one, other = int(found.reach.entity[parent]), int(found.reach.entity[label])
            out, into = (other, one) if back else (one, other)
            step = float(found.reach.likelihood[label] / found.reach.likelihood[parent])
            assert any(
                edge.since <= now <= edge.until
                and (edge.out, edge.into) == (out, into)
                and math.isclose(edge.weight, step, rel_tol=1e-6)
                for edge in known
            )
            product *= step
            label = parent
        assert int(found.reach.entity[label]) == start
        assert product <= 1


def test_what_is_too_unlikely_is_not_followed() -> None:
    acts = tuple((time, time + 1, 0, time + 2, "execution") for time in range(4))
    story = Story(acts, (0,) * 4, (1.0,) * ENTITIES)
    assert told(ask(story, 1, 0, 10)) == pytest.approx({2: 0.99, 3: 0.99**2, 4: 0.99**3, 5: 0.99**4})
    assert told(ask(story, 1, 0, 10, floor=0.975)) == pytest.approx({2: 0.99, 3: 0.99**2})
    # At time 1, the second is half as likely with a pace of 1.
    assert told(ask(story, 1, 0, 10, pace=1.0, floor=0.45)) == pytest.approx({2: 0.99, 3: 0.99**2 / 2})


def test_there_is_room_for_any_number_of_labels() -> None:
    """Entity 2 is reached ever likelier, through ever less of a hub, and 250 others through it."""
    steps = 40
    hubs = (1.0, 1.0, *(1.0 for _ in range(250)), *(0.2 + 0.02 * step for step in range(steps)))
    acts = []
    for step in range(steps):
        through = 253 + step
        acts += [(3 * step, 1, 0, through, "execution"), (3 * step + 1, 2, through, 0, "exposed_in_memory")]
        acts += [(3 * step + 2, 2, 0, other, "execution") for other in range(3, 253)]
    found = ask(Story(tuple(acts), (0,) * len(acts), hubs), 1, 0, 200)
    assert len(found.reach.time) == 1 + steps * (1 + 1 + 250)
    assert told(found)[3] == pytest.approx(0.99 * 0.98 * 0.95 * 0.99)


def test_an_hour_of_use_counts_once() -> None:
    time = np.array([0, 1, HOUR - 1, HOUR, HOUR + 1, 3 * HOUR], np.int64)
    ids = np.array([[1, 0, 2]] * 6, np.int32)
    assert familiarity(time, ids, 3).seen[:, 0].tolist() == [0, 0, 0, 1, 1, 2]


def test_the_first_sight_of_one_pair_makes_an_act_wholly_unusual() -> None:
    seen = np.array([[0, 255, 255], [1, 255, 255], [1, 1, 1], [9, 9, 9], [200, 0, 200]], np.uint8)
    expected = [1.0, 1 - 0.95 / 2, 1 - 0.95 / 8, 1 - 0.95 * 0.729, 1.0]
    assert rarity(seen).tolist() == pytest.approx(expected, rel=1e-6)


def test_an_entity_that_meets_all_others_is_damped() -> None:
    time = np.arange(400, dtype=np.int64)
    ids = np.array([[2 + number % 200, 0, 1] for number in range(400)], np.int32)
    factor = damping(familiarity(time, ids, 202).share)
    assert factor[1] == pytest.approx(1 / (1 + (1 / 0.4) ** 4))
    assert factor[2] == pytest.approx(1, abs=1e-6)
