"""The ways in which Hayabusa and Chainsaw write a time; day and month change places in two of them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

__all__ = ["Clock", "clock_of"]

Clock = Callable[[str], int | None]
"""Reads a time in epoch ms; null where it is none."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERS_FIRST = re.compile(
    r"(\d{2})-(\d{2})-(\d{4}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?: ([AP]M))?(?: ([+-]\d{2}):?(\d{2})| UTC| Z)?"
)


def clock_of(head: str, zone: str) -> Clock:
    """The clock of a source; its head shows whether a month or a day comes first where neither says so itself."""
    dates = _NUMBERS_FIRST.findall(head)
    day_first: bool | None = None
    if any(int(first) > 12 for first, *_ in dates):
        day_first = True
    elif any(int(second) > 12 or half for _, second, _, _, _, _, _, half, *_ in dates):
        day_first = False

    def clock(text: str) -> int | None:
        try:
            at = _read(text.strip(), day_first)
        except (ValueError, IndexError):
            return None
        if at is None:
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=ZoneInfo(zone))
        return (at - _EPOCH) // timedelta(milliseconds=1)

    return clock


def _read(text: str, day_first: bool | None) -> datetime | None:
    if found := _NUMBERS_FIRST.fullmatch(text):
        return _ordered(found, day_first)
    if text[:1].isalpha():
        return parsedate_to_datetime(text)
    date, _, rest = text.partition(" ") if " " in text else text.partition("T")
    return datetime.fromisoformat(f"{date}T{rest.replace(' UTC', '+00:00').replace(' ', '')}" if rest else date)


def _ordered(found: re.Match[str], day_first: bool | None) -> datetime | None:
    first, second, year, hour, minute, of_minute = (int(found.group(place)) for place in range(1, 7))
    half = found.group(8)
    if first > 12 or second > 12 or half:
        day_first = first > 12
    if day_first is None:
        return None
    month, day = (second, first) if day_first else (first, second)
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    at = datetime(year, month, day, hour, minute, of_minute)
    at += timedelta(milliseconds=int((found.group(7) or "0")[:3].ljust(3, "0")))
    if found.group(9):
        hours = int(found.group(9))
        minutes = int(found.group(10)) * (-1 if found.group(9).startswith("-") else 1)
        return at.replace(tzinfo=UTC) - timedelta(hours=hours, minutes=minutes)
    return at.replace(tzinfo=UTC) if found.group(0).endswith(("UTC", "Z")) else at
