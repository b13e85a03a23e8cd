"""Values as sources write them, read once: text, integers, flags, addresses, accounts, times.

Not a loader. What says nothing (`-`, `N/A`, an empty string …) is null, whatever the source.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, TypeVar

__all__ = [
    "UNLIKE",
    "account",
    "address",
    "at",
    "endpoint",
    "first",
    "flag",
    "integer",
    "is_sid",
    "named",
    "strings",
    "text",
    "walk",
]

T = TypeVar("T")

_BLANK = frozenset({"", "-", "--", "n/a", "(null)", "<null>", "null", "none", "unknown", "undefined", "not available"})
UNLIKE = (TypeError, ValueError, AttributeError, LookupError, OverflowError)
"""What reading a record raises whose values are of other types than its format's documentation says."""
_LONGEST_BLANK = max(map(len, _BLANK))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_HALVES = {"AM": 0, "PM": 12}


def text(value: Any) -> str | None:
    """Trim a value; null where it is blank, or no text.

    >>> text(" a "), text("N/A"), text(7), text({}), text(None)
    ('a', None, '7', None, None)
    """
    if type(value) is not str:
        if value is None or isinstance(value, (dict, list, tuple)):
            return None
        value = str(value)
    value = value.strip(" \t\r\n\x00")
    return value if len(value) > _LONGEST_BLANK or value.casefold() not in _BLANK else None


def integer(value: Any) -> int | None:
    """Read a whole number; null where it is none."""
    if type(value) is int:
        return value
    found = text(value)
    try:
        return int(found) if found is not None else None
    except ValueError:
        return None


def flag(value: Any) -> bool | None:
    """Read a yes or no; null where it is neither."""
    if type(value) is bool:
        return value
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(str(value).casefold())


def strings(value: Any) -> list[str]:
    """A value's texts: those of a list, of a list in one text (`a;b`), or the one it is."""
    if isinstance(value, list):
        return [found for item in value if (found := text(item)) is not None]
    found = text(value)
    return [part.strip() for part in found.split(";") if part.strip()] if found is not None else []


def is_sid(value: str | None) -> bool:
    """Tell a SID from a name.

    >>> is_sid("S-1-5-21-1-2-3-500"), is_sid("s-maier")
    (True, False)
    """
    return value is not None and value[:4].upper() == "S-1-"


def account(value: Any) -> tuple[str | None, str | None]:
    r"""Split `DOMAIN\name`; the domain is null where there is none.

    >>> account(r"CORP\ann"), account("ann@corp.example"), account("-")
    (('ann', 'CORP'), ('ann@corp.example', None), (None, None))
    """
    found = text(value)
    if found is None:
        return None, None
    domain, separator, name = found.partition("\\")
    return (text(name), text(domain)) if separator else (found, None)


def address(value: Any) -> str | None:
    """Read an IP address, a port after it dropped; null where it is none, loopback or unspecified."""
    return endpoint(value)[0]


def endpoint(value: Any) -> tuple[str | None, int | None]:
    """Read an IP address and the port after it; null where there is none, and for loopback.

    >>> endpoint("[2001:db8::1]:443"), endpoint("10.0.0.1:80"), endpoint("::ffff:10.0.0.1"), endpoint("::1")
    (('2001:db8::1', 443), ('10.0.0.1', 80), ('10.0.0.1', None), (None, None))
    """
    return _endpoint(value) if type(value) is str else (None, None)


@lru_cache(maxsize=65536)
def _endpoint(value: str) -> tuple[str | None, int | None]:
    value = value.strip()
    port = ""
    if value[:1] == "[":
        value, _, port = value[1:].partition("]")
        port = port.lstrip(":")
    elif value.count(":") == 1:
        value, _, port = value.partition(":")
    try:
        found = ipaddress.ip_address(value.partition("%")[0])
    except ValueError:
        return None, None
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_loopback or found.is_unspecified:
        return None, None
    return str(found), int(port) if port.isascii() and port.isdigit() and len(port) < 6 else None


@lru_cache(maxsize=8192)
def _minute(written: str, zone: tzinfo) -> int:
    return (datetime.fromisoformat(written).replace(tzinfo=zone) - _EPOCH) // _MILLISECOND


def at(value: Any, zone: tzinfo = UTC) -> int | None:
    """Read a time in epoch ms; null where it is none. `zone` is that of a time that states none.

    >>> at("2021-06-15T10:05:12.1234567Z"), at("6/15/2021 10:05:12 AM"), at("15.6.2021"), at(1623751512)
    (1623751512123, 1623751512000, None, 1623751512000)
    """
    if type(value) is not str:
        return _epoch(value)
    value = value.strip()
    if len(value) == 19 and value[10] == "T" and value[4] == "-":
        try:
            return _minute(value[:16], zone) + int(value[17:]) * 1000
        except ValueError:
            return None
    # The common forms by themselves: it is six times faster than reading any form.
    if value[10:11] in ("T", " ") and value[4:5] == "-" and value[13:14] == ":" and value[16:17] == ":":
        rest = value[17:]
        digits = rest[:-1] if rest[-1:] == "Z" else rest
        seconds, _, fraction = digits.partition(".")
        if len(seconds) == 2 and seconds.isdigit() and (not fraction or (fraction.isascii() and fraction.isdigit())):
            try:
                minute = _minute(value[:16], UTC if rest[-1:] == "Z" else zone)
            except ValueError:
                return None
            return minute + int(seconds) * 1000 + int(fraction[:3].ljust(3, "0"))
    return _other(value, zone)


def _epoch(value: Any) -> int | None:
    """Epoch seconds or milliseconds, told apart by size."""
    if type(value) not in (int, float) or not 0 <= value < 1e14:
        return None
    return int(value * 1000) if value < 1e11 else int(value)


def _other(value: str, zone: tzinfo) -> int | None:
    if value.endswith(" UTC"):
        value = value.removesuffix(" UTC") + "+00:00"
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        american = _american(value)
        if american is None:
            return None
        found = american
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return (found - _EPOCH) // _MILLISECOND


def _american(value: str) -> datetime | None:
    """`6/15/2021 10:05:12 AM`, also with a fraction, an offset, a comma, or without seconds."""
    date, _, rest = value.replace(",", " ").replace("\u202f", " ").partition(" ")
    parts = rest.split()
    half = next((part.upper() for part in parts if part.upper() in _HALVES), None)
    clock = next((part for part in parts if ":" in part and part[0] not in "+-"), None)
    offset = next((part for part in parts if part[0] in "+-"), None)
    try:
        month, day, year = (int(part) for part in date.split("/"))
        hour, minute, *more = (clock or "0:0").rstrip("Z").split("+")[0].split(":")
        seconds, _, fraction = (more[0] if more else "0").partition(".")
        hours = int(hour) % 12 + _HALVES[half] if half else int(hour)
        found = datetime(year, month, day, hours, int(minute), int(seconds), int((fraction or "0")[:6].ljust(6, "0")))
        if (clock or "").endswith(("Z", "+00:00")):
            return found.replace(tzinfo=UTC)
        return datetime.fromisoformat(f"{found.isoformat()}{offset}") if offset else found
    except ValueError:
        return None


def walk(fields: Mapping[str, Any], *names: str) -> Any:
    """The value under names within names; null where one is missing.

    >>> walk({"a": {"b": 1}}, "a", "b"), walk({"a": "x"}, "a", "b")
    (1, None)
    """
    value: Any = fields if type(fields) is dict else dict(fields)
    for name in names:
        if type(value) is not dict:
            return None
        value = value.get(name)
    return value


def first(values: Iterable[T | None]) -> T | None:
    """The first value that says something."""
    return next((value for value in values if value is not None), None)


def named(items: Any) -> dict[str, Any]:
    """The names and values of a list such as `[{"Name": …, "Value": …}]`."""
    if type(items) is not list:
        return {}
    return {item["Name"]: item.get("Value") for item in items if type(item) is dict and type(item.get("Name")) is str}
