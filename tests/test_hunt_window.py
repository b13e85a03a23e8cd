"""The window that hunts look at, and what is said where there is no history."""

import pytest

from graph_hunt.errors import ParameterError
from graph_hunt.hunting.parameter import parse_time
from graph_hunt.hunting.window import resolve

HOUR, DAY = 3_600_000, 86_400_000
FIRST, LAST = parse_time("2024-03-01T10:20:00Z"), parse_time("2024-03-09T17:45:00Z")


def test_the_default_window_is_the_whole_span_in_whole_buckets() -> None:
    assert resolve(FIRST, LAST).as_json() == {
        "since": "2024-03-01T10:00:00Z",
        "until": "2024-03-09T18:00:00Z",
        "baseline_since": "2024-03-01T10:00:00Z",
    }
    assert resolve(FIRST, LAST, bucket=DAY).as_json()["until"] == "2024-03-10T00:00:00Z"


def test_a_span_counts_back_from_the_newest_event() -> None:
    assert resolve(FIRST, LAST, since="24h").as_json()["since"] == "2024-03-08T17:00:00Z"
    assert resolve(FIRST, LAST, since="24h").as_json()["baseline_since"] == "2024-03-01T10:00:00Z"
    earlier = resolve(FIRST, LAST, until="2024-03-05T12:00:00Z", since="1d", baseline_since="2d")
    assert earlier.as_json() == {
        "since": "2024-03-04T12:00:00Z",
        "until": "2024-03-05T12:00:00Z",
        "baseline_since": "2024-03-02T12:00:00Z",
    }


def test_an_event_on_the_borders_bucket_is_inside() -> None:
    last = parse_time("2024-03-09T17:59:59.999Z")
    assert resolve(FIRST, last).until == last + 1


@pytest.mark.parametrize(("length", "cold"), [(2 * HOUR, True), (30 * HOUR, False)])
def test_less_than_a_day_of_telemetry_is_a_cold_start(length: int, cold: bool) -> None:
    assert resolve(FIRST, FIRST + length).cold_start is cold


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"since": "yesterday"}, "since must be a time such as 2024-01-02T03:04:05Z or a span such as 24h"),
        ({"since": "2024-04-01T00:00:00Z"}, "the window is empty"),
        ({"until": "2023-01-01T00:00:00Z"}, "the window is empty"),
    ],
)
def test_a_window_that_cannot_be_is_refused(given: dict[str, str], what: str) -> None:
    with pytest.raises(ParameterError, match=what):
        resolve(FIRST, LAST, since=given.get("since"), until=given.get("until"))
