"""Windows' many ways to write a time, read into epoch milliseconds."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NET_DATE = re.compile(r"^\\?/Date\((-?\d+)")
_SPACED_ZONE = re.compile(r" ([+-]\d\d:?\d\d)$")
_US_DATE = re.compile(
    r"^(\d{1,2})/(\d{1,2})/(\d{4}),? +(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d+))? *([AP]M)?$", re.IGNORECASE
)


_QUARTER = 15 * 60 * 1000
_SLACK = 60 * 1000
_LATE = 10 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Clock:
    """How a source's times are read: the zone of those that state none, and what all of them are behind UTC."""

    zone: tzinfo = UTC
    behind: int = 0
    """Milliseconds; zero but for shippers that write local time as if it were UTC."""


def quarters(difference: int) -> int:
    """Round a difference of two clocks to a quarter of an hour, as zones differ."""
    return round(difference / _QUARTER) * _QUARTER


def happened(written: int, utc: int | None) -> int:
    """When a Sysmon event happened: its UtcTime, unless that is out of all bounds.

    UtcTime of connections is known to stand days off after a machine slept. A difference of whole quarters of an hour
    is the shipper's zone, and UtcTime is right.
    """
    if utc is None:
        return written
    difference = utc - written
    rest = abs(difference - quarters(difference))
    zone = rest <= _SLACK and abs(difference) <= 14 * 4 * _QUARTER
    return utc if zone or abs(difference) <= _LATE else written


@lru_cache(maxsize=4096)
def _minute(text: str, zone: tzinfo) -> int:
    """The minute `YYYY-MM-DDTHH:MM` in epoch ms."""
    return (datetime.fromisoformat(text).replace(tzinfo=zone) - _EPOCH) // _MILLISECOND


@lru_cache(maxsize=65536)
def _second(text: str) -> int | None:
    """The second `YYYY-MM-DDTHH:MM:SS` of UTC in epoch ms."""
    try:
        return (datetime.fromisoformat(text).replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
    except ValueError:
        return None


def milliseconds(value: Any, zone: tzinfo = UTC) -> int | None:
    """Read a time in epoch ms; null where it is none. `zone` is that of a time that states none.

    >>> milliseconds("2020-08-05T06:09:29.6269999Z"), milliseconds("/Date(1596607769626)/"), milliseconds("never")
    (1596607769626, 1596607769626, None)
    """
    if type(value) is not str:
        return _numeric(value)
    if value[-1:] == "Z" and value[19:20] == "." and (digits := value[20:23]).isdecimal():
        # As event logs write it; few records share a millisecond, many a second.
        whole = _second(value[:19])
        if whole is not None:
            return whole + int(digits.ljust(3, "0"))
    value = value.strip()
    if (
        len(value) >= 19
        and value[4] == "-"
        and value[-1] in "Z0123456789"
        and value[10] in "T "
        and value[-6] not in "+-"
    ):
        try:
            seconds = int(value[17:19]) * 1000
            digits = value[20:23] if value[19:20] == "." else ""
            fraction = int(digits.rstrip("Z").ljust(3, "0")) if digits else 0
            return _minute(value[:16], UTC if value[-1] == "Z" else zone) + seconds + fraction
        except ValueError:
            return None
    return _other(value, zone)


def _numeric(value: Any) -> int | None:
    """Epoch seconds, milliseconds, microseconds or nanoseconds, told apart by size."""
    if type(value) not in (int, float) or value != value:
        return None
    for limit, factor in ((1e11, 1000.0), (1e14, 1.0), (1e17, 1e-3)):
        if 0 <= value < limit:
            return int(value) if factor == 1.0 else int(value * factor)
    return int(value // 1_000_000) if 0 <= value < 1e20 else None


def _other(value: str, zone: tzinfo) -> int | None:
    if found := _NET_DATE.match(value):
        return int(found.group(1))
    if found := _US_DATE.match(value):
        month, day, year, hour, minute, second = (int(found.group(i)) for i in range(1, 7))
        if half := found.group(8):
            hour = hour % 12 + (12 if half.upper() == "PM" else 0)
        fraction = int((found.group(7) or "0")[:3].ljust(3, "0"))
        try:
            at = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        except ValueError:
            return None
        return (at - _EPOCH) // _MILLISECOND + fraction
    try:
        at = datetime.fromisoformat(_SPACED_ZONE.sub(r"\1", value.removesuffix(" UTC")))
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC if value.endswith(" UTC") else zone)
    return (at - _EPOCH) // _MILLISECOND
