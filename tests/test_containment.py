"""Containment: known answers, each proved by brute force on small random stories too."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_hunt.hunting.spread import Containment, Entity, Step, containment
from graph_hunt.hunting.spread.hitting import cheapest
from tests.spread_stories import HOUR, NOON, Row, activity, host, logon, row, user
from tests.test_spread_kernel import ENTITIES, Story, laid_out, reference, stories


def contain(events: list[Row], start: Entity, **options: object) -> Containment:
    """Contain what is reached with 0.5 or more: logons that could be relayed are under that."""
    return containment(activity(events), start, NOON, **{"above": 0.5, **options})  # type: ignore[arg-type]


def told(steps: tuple[Step, ...]) -> list[tuple[str, str, int]]:
    return [(step.action, step.entity.key, step.saves) for step in steps]


TWO_WAYS = [
    logon("ann", "WS1", "SRV1", NOON),
    logon("ann", "WS1", "SRV2", NOON),
    logon("bob", "SRV1", "VAULT", NOON + HOUR),
    logon("eve", "SRV2", "VAULT", NOON + HOUR),
]
"""Ann reaches the vault through SRV1 and bob, and through SRV2 and eve."""


def test_two_ways_need_two_steps_and_accounts_are_reset_rather_than_machines_isolated() -> None:
    found = contain(TWO_WAYS, user("ann"), targets=[host("vault")])
    assert told(found.cut) == [("reset", "corp\\bob", 0), ("reset", "corp\\eve", 0)]
    assert found.smallest
    assert found.single_points == ()
    assert [goal.key for goal in found.goals] == ["vault"]


def test_one_entity_on_every_way_is_enough() -> None:
    events = [*TWO_WAYS[:2], logon("bob", "SRV1", "VAULT", NOON + HOUR), logon("bob", "SRV2", "VAULT", NOON + HOUR)]
    found = contain(events, user("ann"), targets=[host("vault")])
    assert told(found.cut) == [("reset", "corp\\bob", 1)]
    assert told(found.single_points) == [("reset", "corp\\bob", 1)]


def test_a_way_that_time_does_not_allow_needs_no_step() -> None:
    """SRV2 stands between SRV1 and the vault, but eve used it before it was reached from there."""
    events = [
        logon("ann", "WS1", "SRV1", NOON),
        logon("bob", "SRV1", "SRV2", NOON + 2 * HOUR),
        logon("eve", "SRV2", "VAULT", NOON + HOUR),
        logon("bob", "SRV1", "VAULT", NOON + 3 * HOUR),
    ]
    found = contain(events, user("ann"), targets=[host("vault")])
    assert told(found.cut) == [("reset", "corp\\bob", 1)]
    assert found.smallest


def test_what_is_spared_is_not_contained() -> None:
    found = contain(TWO_WAYS, user("ann"), targets=[host("vault")], spared=[user("bob"), host("srv2")])
    assert told(found.cut) == [("reset", "corp\\eve", 0), ("isolate", "srv1", 0)]


def test_a_target_reached_straight_is_said_not_to_be_saved() -> None:
    found = contain([*TWO_WAYS, logon("ann", "WS1", "VAULT", NOON)], user("ann"), targets=[host("vault")])
    assert found.cut == ()
    assert [one.key for one in found.not_saved] == ["vault"]
    asked = contain(TWO_WAYS, user("ann"), targets=[host("vault")], contain_start=True)
    assert told(asked.cut) == [("reset", "corp\\ann", 1)]
    assert asked.not_saved == ()


def test_the_start_contained_saves_what_is_reached_straight_from_it_too() -> None:
    straight = [*TWO_WAYS, logon("ann", "WS1", "VAULT", NOON)]
    asked = contain(straight, user("ann"), targets=[host("vault"), host("srv1")], contain_start=True)
    assert told(asked.cut) == [("reset", "corp\\ann", 2)]


def test_a_target_that_is_not_reached_is_noted() -> None:
    events = [*TWO_WAYS, logon("zoe", "WS9", "SRV9", NOON)]
    found = contain(events, user("ann"), targets=[host("srv9"), host("vault")])
    assert found.notes == ("Not reached with this likelihood anyway: SRV9.",)
    assert [goal.key for goal in found.goals] == ["vault"]


def test_without_targets_everything_above_a_likelihood_is_saved_and_the_best_steps_stand_first() -> None:
    fan = [logon("adm", "SRV1", f"FARM{n}", NOON + HOUR) for n in range(5)]
    events = [logon("ann", "WS1", "SRV1", NOON), *fan, logon("ann", "WS1", "SRV2", NOON)]
    found = contain(events, user("ann"), above=0.6)
    assert len(found.goals) == 8
    assert told(found.cut) == [("isolate", "srv1", 7), ("isolate", "srv2", 1)]
    assert told(found.in_order) == [("isolate", "srv1", 7), ("isolate", "srv2", 1)]
    assert found.smallest


def test_a_containment_is_told_as_json() -> None:
    found = contain(TWO_WAYS, user("ann"), targets=[host("vault")]).to_json()
    assert found["cut"][0] == {
        "action": "reset",
        "entity": {"label": "User", "key": "corp\\bob", "name": "CORP\\bob"},
        "saves": 0,
    }
    assert found["at"] == "2020-09-13T12:26:40Z"


def test_nothing_reached_needs_nothing() -> None:
    found = contain([row("process", NOON, kind="stop", host="WS1", user="ann", user_domain="CORP")], user("ann"))
    assert (found.cut, found.goals, found.in_order, found.smallest) == ((), (), (), True)


def _smallest(story: Story, start: int, target: int) -> int | None:
    """Try every set of entities, the smallest first; nothing where even all others do not save the target."""
    others = [one for one in range(1, ENTITIES + 1) if one not in (start, target)]
    for chosen in chain.from_iterable(combinations(others, size) for size in range(len(others) + 1)):
        without = Story(
            tuple((t, *(0 if e in chosen else e for e in (a, s, g)), act) for t, a, s, g, act in story.acts),
            story.lasts,
            story.hubs,
        )
        if target not in reference(without, start, 0, 60, float("inf")):
            return len(chosen)
    return None


@given(stories(), st.integers(1, ENTITIES), st.integers(1, ENTITIES))
@settings(max_examples=60, deadline=None)
def test_the_cut_is_as_small_as_brute_force_finds(story: Story, start: int, target: int) -> None:
    if start == target:
        return
    known = laid_out(story)
    names = known.entities.table.set_column(0, "label", [["", *["User"] * ENTITIES]])
    known = type(known)(type(known.entities)(names), *(getattr(known, n) for n in known.__slots__[1:]))
    first, last = Entity("User", f"e{start}"), Entity("User", f"e{target}")
    found = containment(known, first, 0, window=60, targets=[last], above=0.0, pace=10**15)
    # Taking entities out of acts makes others look rarer, never reachable: the sets that cut are the same.
    expected = _smallest(story, start, target)
    assert found.smallest
    assert (None if found.not_saved else len(found.cut)) == expected


def test_a_cheapest_set_meets_every_path() -> None:
    cost = dict.fromkeys(range(1, 9), 1)
    assert cheapest([(1, 2), (2, 3), (3, 4), (4, 5)], cost) == (frozenset({2, 4}), True)
    assert cheapest([(1,), (1, 2), (3,)], cost) == (frozenset({1, 3}), True)
    # The graph of these paths has ways of their parts, which need 2 cuts; the paths themselves need but one.
    assert cheapest([(1, 2, 3), (4, 2, 5), (1, 2, 5)], cost) == (frozenset({2}), True)
    assert cheapest([(1, 2), (3, 4)], {1: 5, 2: 1, 3: 1, 4: 5}) == (frozenset({2, 3}), True)


def test_an_exact_search_that_gives_up_says_so_and_still_cuts() -> None:
    paths = [(1, 2), (2, 3), (3, 1)]
    chosen, proved = cheapest(paths, dict.fromkeys(range(1, 4), 1), branches=0)
    assert not proved
    assert all(chosen & set(path) for path in paths)


@pytest.mark.parametrize("steps", [0, 1])
def test_as_many_steps_are_told_in_order_as_are_asked_for(steps: int) -> None:
    assert len(contain(TWO_WAYS, user("ann"), above=0.6, steps=steps).in_order) == steps
