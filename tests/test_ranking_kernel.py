"""The pass against a slow reference, and what bursts and strange accounts add."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_hunt.hunting.ranking.kernel import TERMS, score
from graph_hunt.hunting.ranking.pairs import numbered
from tests.ranking_stories import DAY, HOUR, Logon, Reference, columns

ACCOUNTS, MACHINES = 4, 5
_logon = st.tuples(
    st.integers(0, 5 * DAY), st.integers(0, ACCOUNTS - 1), st.integers(0, MACHINES - 1), st.integers(0, MACHINES - 1),
    st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_logon, max_size=40))
def test_the_pass_gives_what_the_reference_gives(told: list[Logon]) -> None:
    logons = sorted(told)
    expected = Reference(MACHINES).run(logons)
    scored = score(columns(logons), ACCOUNTS, MACHINES)
    for number, name in enumerate(TERMS[:4]):
        assert scored.terms[:, number] == pytest.approx([one[name] for one in expected.terms], abs=1e-3), name
    assert scored.own == pytest.approx(expected.own, abs=1e-3)
    clear = [abs(one["chain"] - 6) > 1e-3 for one in expected.terms]
    if all(clear):
        assert scored.root.tolist() == expected.root


def usual(days: int = 10) -> list[Logon]:
    """Ten accounts, each at work from a machine of its own on one server, hour by hour."""
    return [
        (day * DAY + hour * HOUR + account, account, account, 10, False)
        for day in range(days)
        for hour in range(8, 18)
        for account in range(10)
    ]


def test_a_usual_logon_scores_nothing() -> None:
    scored = score(columns(usual()), 10, 12)
    assert scored.score[-10:].tolist() == [0.0] * 10


def test_a_failed_logon_is_scored_and_teaches_nothing() -> None:
    late = 10 * DAY
    tried = [(late, 0, 0, 11, True), (late + 1000, 0, 0, 11, True)]
    scored = score(columns([*usual(), *tried]), 10, 12)
    assert scored.own[-1] == pytest.approx(scored.own[-2], abs=0.05)
    assert scored.own[-1] > 10


def test_a_path_carries_the_surprise_of_its_hops_and_its_root() -> None:
    late = 10 * DAY + 12 * HOUR
    hops = [(late, 0, 0, 1, False), (late + HOUR, 0, 1, 2, False), (late + 2 * HOUR, 0, 2, 3, False)]
    scored = score(columns([*usual(), *hops]), 10, 12)
    assert scored.root[-3:].tolist() == [0, 0, 0]
    assert scored.follows[-3:].tolist() == [-1, len(usual()), len(usual()) + 1]
    assert scored.score[-3] < scored.score[-2] < scored.score[-1]


def test_a_star_of_strange_accounts_counts_as_a_burst() -> None:
    late = 10 * DAY + 12 * HOUR
    star = [(late + account * 60_000, account, 11, account, False) for account in range(1, 9)]
    scored = score(columns([*usual(), *star]), 10, 12)
    burst, accounts = TERMS.index("burst"), TERMS.index("accounts")
    assert scored.terms[-1, burst] > 5
    assert scored.terms[-1, accounts] > 10
    assert np.all(np.diff(scored.terms[-8:, accounts]) > 0)


def test_pairs_are_numbered_in_order_of_first_appearance() -> None:
    many = np.arange(10_000, dtype=np.int32)
    pair, count = numbered(np.concatenate([many, many]), np.concatenate([many[::-1], many[::-1]]))
    assert count == 10_000
    assert pair.tolist() == [*range(10_000), *range(10_000)]
