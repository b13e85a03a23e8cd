"""Leases of the state store: a job is done by one process at a time, and not lost with a process that died."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_hunt.casework.state import State, give_back, leased, take


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """An empty store in a file."""
    opened = State.open(tmp_path / "state.db")
    yield opened
    opened.close()


def test_only_one_holds_a_lease_until_it_gives_it_back(state: State, tmp_path: Path) -> None:
    other = State.open(tmp_path / "state.db")
    with leased(state, "detect", 60) as got, leased(other, "detect", 60) as second, leased(other, "prune", 60) as third:
        assert (got, second, third) == (True, False, True)
    with leased(other, "detect", 60) as again:
        assert again
    other.close()


def test_a_lease_whose_time_is_over_is_anyones_and_its_late_holder_takes_nothing_away(state: State) -> None:
    assert take(state, "detect", "died", 60, now=1_000)
    assert not take(state, "detect", "next", 60, now=60_999)
    assert take(state, "detect", "next", 60, now=61_000)
    give_back(state, "detect", "died")
    assert not take(state, "detect", "died", 60, now=61_001)


def test_a_holder_may_hold_longer(state: State) -> None:
    assert take(state, "detect", "ann", 60, now=1_000)
    assert take(state, "detect", "ann", 60, now=50_000)
    assert not take(state, "detect", "bob", 60, now=100_000)


def test_a_lease_is_given_back_when_the_job_fails(state: State) -> None:
    with pytest.raises(RuntimeError), leased(state, "detect", 60):
        raise RuntimeError
    with leased(state, "detect", 60) as got:
        assert got
