"""The years of lines that bear none.

The user may name the year of the first. Otherwise the last line is held to be no younger than the file, as its time of
modification tells (for standard input: than the moment of reading); each passage from November or December to January
or February between it and the first is a new year's.
"""

import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from graph_hunt.events.source import Source, look_ahead

__all__ = ["MONTHS", "Calendar", "first_year"]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS = {name: number for number, name in enumerate(MONTHS, start=1)}
_YEARLESS = re.compile(rb"(?:<\d{1,3}>)?(" + "|".join(MONTHS).encode() + rb") {1,2}(\d{1,2}) \d\d:")
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LONGEST = 1 << 16


class Calendar:
    """Gives each line its year; lines come in the order that they stand in."""

    def __init__(self, year: int, zone: tzinfo) -> None:
        self.year, self.zone = year, zone
        self._month = 0
        self._known: dict[tuple[int, int, int, str], int | None] = {}

    def at(self, month: str, day: int, year: str | None, clock: str) -> int | None:
        """The moment (epoch ms) of a day and minute; none where the year has no such day."""
        number = _NUMBERS[month]
        if year is None:
            self.year += _passage(self._month, number)
            self._month = number
        key = (int(year) if year else self.year, number, day, clock)
        if key not in self._known:
            if len(self._known) > 4096:
                self._known.clear()
            self._known[key] = self._moment(*key)
        return self._known[key]

    def _moment(self, year: int, month: int, day: int, clock: str) -> int | None:
        try:
            found = datetime(year, month, day, int(clock[:2]), int(clock[3:]), tzinfo=self.zone)
        except ValueError:
            return None
        return (found - _EPOCH) // _MILLISECOND


def _passage(before: int, month: int) -> int:
    """Whether a line is of the year after, or before, that of the line before it."""
    if before >= 11 and month <= 2:
        return 1
    return -1 if 0 < before <= 2 and month >= 11 else 0


def first_year(source: Source, zone: tzinfo) -> int:
    """The year of the source's first line, by its last line and the file's time of modification."""
    try:
        modified = Path(source.path).stat().st_mtime if source.path else time.time()
    except OSError:
        modified = time.time()
    latest = datetime.fromtimestamp(modified, zone) + _DAY
    with look_ahead(source) as stream:
        passages, month, day = _walked(iter(lambda: stream.readline(_LONGEST), b""))
    if not month:
        return latest.year
    last = latest.year if (month, day) <= (latest.month, latest.day) else latest.year - 1
    return last - passages


def _walked(lines: Iterable[bytes]) -> tuple[int, int, int]:
    """Count the new years in a source, and tell the month and day that it ends with."""
    passages = month = day = 0
    for line in lines:
        if (found := _YEARLESS.match(line)) is not None:
            number = _NUMBERS[found.group(1).decode()]
            passages += _passage(month, number)
            month, day = number, int(found.group(2))
    return passages, month, day
