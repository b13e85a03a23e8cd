"""The window that a hunt looks at: from `since` up to, not including, `until`, in whole buckets, with what came before.

Where nothing else is said it is the whole loaded span, and then what a hunt calls new is new against what the same
span held earlier. A span counts back from the newest event, never from the wall clock.
"""

from dataclasses import dataclass

from graph_hunt.errors import ParameterError
from graph_hunt.hunting.parameter import parse_duration, parse_time
from graph_hunt.hunting.summary import iso

WARM_UP = 86_400_000
"""Telemetry shorter than this holds no habit to compare with."""


@dataclass(frozen=True, slots=True)
class Window:
    """Times in epoch milliseconds; `baseline_since` is where the history that hunts compare with begins."""

    since: int
    until: int
    baseline_since: int

    @property
    def cold_start(self) -> bool:
        """There is too little history for 'new' and 'more than usual' to mean much."""
        return self.until - self.baseline_since < WARM_UP

    def as_json(self) -> dict[str, str]:
        """The window in ISO 8601 UTC."""
        return {"since": iso(self.since), "until": iso(self.until), "baseline_since": iso(self.baseline_since)}


def resolve(
    first: int,
    last: int,
    *,
    bucket: int = 3_600_000,
    since: str | int | None = None,
    until: str | int | None = None,
    baseline_since: str | int | None = None,
) -> Window:
    """Settle the window over telemetry whose first and last events are given; `bucket` is the graph's, in ms.

    >>> resolve(0, 7_200_000, since="30m").as_json()["since"]
    '1970-01-01T01:00:00Z'
    """
    end = last + 1 if until is None else _moment(until, last, "until")
    begin = first if since is None else _moment(since, min(last, end), "since")
    start = first if baseline_since is None else _moment(baseline_since, begin, "baseline_since")
    end = -(-end // bucket) * bucket
    begin = begin // bucket * bucket
    if begin >= end:
        raise ParameterError(f"the window is empty: it would begin at {iso(begin)} and end at {iso(end)}")
    return Window(begin, end, min(start // bucket * bucket, begin))


def _moment(given: str | int, newest: int, name: str) -> int:
    """A moment, or a duration before `newest`."""
    if isinstance(given, int):
        return given
    try:
        return newest - parse_duration(given)
    except ValueError:
        pass
    try:
        return parse_time(given)
    except ValueError as error:
        what = f"{name} must be a time such as 2024-01-02T03:04:05Z or a span such as 24h, not {given!r}"
        raise ParameterError(what) from error
