"""A line of syslog, in whichever of its forms: RFC 3164, RFC 5424, with ISO times, with TAI64N labels."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from graph_hunt.loaders._values import text
from graph_hunt.loaders.syslog.year import MONTHS, Calendar

__all__ = ["Line", "Unreadable", "parse", "tagged"]

_MONTHS = "|".join(MONTHS)
_TRADITIONAL = re.compile(
    rf"(?:<\d{{1,3}}>)?({_MONTHS}) {{1,2}}(\d{{1,2}}) (?:(\d{{4}}) )?(\d\d):(\d\d):(\d\d)(?:[.,](\d{{1,9}}))?:? +(.*)",
    re.DOTALL,
)
_DATED = re.compile(
    r"(?:<\d{1,3}>)?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)? +(.*)", re.DOTALL
)
_MODERN = re.compile(
    r"<\d{1,3}>\d{1,2} (\S+) (\S+) (\S+) (\S+) \S+ (?:-|(?:\[(?:[^\]\"\\]|\\.|\"(?:[^\"\\]|\\.)*\")*\])+) ?(.*)",
    re.DOTALL,
)
_LABELLED = re.compile(r"@([0-9a-f]{16})[0-9a-f]{8} +(.*)", re.DOTALL)
_NAME = r"[^\s:\[\]()<>{}\",;=]+"
_TAGGED = re.compile(
    rf"(?:({_NAME}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+) +)?"
    rf"(?:\[({_NAME})\](?:\[\d+\])?:?"
    rf"|({_NAME})(?:\[(\d+)\]:?|(\([^()\s]*\)(?:<[^<>\s]*>)?)?(?:\[(\d+)\])?:))"
    r"(?:[ \t]+|$)(.*)",
    re.DOTALL,
)
_SOLARIS = re.compile(r"\[ID \d+ \w+\.\w+\] ")
_REPEATED = re.compile(r"message repeated (\d{1,6}) times: \[ ?(.*?)\]?$", re.DOTALL)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TAI = 1 << 62
_TAI_AHEAD = 10
"""Seconds by which TAI64's count of seconds is ahead of Unix time, as the tools that write it reckon."""


class Unreadable(ValueError):
    """A line that is none of syslog, or whose time cannot be read; says why."""


@dataclass(slots=True)
class Line:
    """A line: who wrote it when and where, and what it says."""

    number: int
    raw: str
    at: int
    host: str | None
    program: str
    """The program's name in lower case, without the folder that it lies in."""
    pid: str | None
    message: str
    arguments: str = ""
    """What stands in parentheses behind the program's name."""
    times: int = 1
    """How often it was said, where one line stands for several."""
    again: int = 0
    """How many lines of the same words came before it at that time."""


def parse(raw: str, number: int, calendar: Calendar) -> Line:
    """Read a line; raise `Unreadable` where it cannot be."""
    if (found := _TRADITIONAL.match(raw)) is not None:
        month, day, year, hour, minute, second, fraction, rest = found.groups()
        at = calendar.at(month, int(day), year, f"{hour}:{minute}")
        if at is None:
            raise Unreadable(f"{month} {day} is no day of its year")
        return _line(raw, number, at + int(second) * 1000 + _fraction(fraction), rest)
    if (found := _MODERN.match(raw)) is not None:
        return _modern(raw, number, found, calendar.zone)
    if (found := _DATED.match(raw)) is not None:
        date, clock, fraction, offset, rest = found.groups()
        at = _moment(f"{date}T{clock[:5]}{_offset(offset)}", calendar.zone)
        return _line(raw, number, at + int(clock[6:]) * 1000 + _fraction(fraction), rest)
    if (found := _LABELLED.match(raw)) is not None:
        at = (int(found.group(1), 16) - _TAI - _TAI_AHEAD) * 1000
        if not 0 <= at < 1 << 42:
            raise Unreadable("its time cannot be read")
        return _line(raw, number, at, found.group(2))
    raise Unreadable("no line of syslog: it does not begin with a time")


def _fraction(digits: str | None) -> int:
    return int(digits[:3].ljust(3, "0")) if digits else 0


def _offset(written: str | None) -> str:
    if not written or written == "Z":
        return "+00:00" if written else ""
    return written if ":" in written else f"{written[:3]}:{written[3:]}"


@lru_cache(maxsize=4096)
def _moment(written: str, zone: tzinfo) -> int:
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise Unreadable("its time cannot be read") from error
    return ((found if found.tzinfo else found.replace(tzinfo=zone)) - _EPOCH) // _MILLISECOND


def _modern(raw: str, number: int, found: re.Match[str], zone: tzinfo) -> Line:
    written, host, program, pid, message = found.groups()
    dated = _DATED.match(written + " ")
    if dated is None:
        raise Unreadable("its time cannot be read")
    date, clock, fraction, offset, _ = dated.groups()
    at = _moment(f"{date}T{clock[:5]}{_offset(offset)}", zone) + int(clock[6:]) * 1000 + _fraction(fraction)
    return _told(raw, number, at, text(host), text(program) or "", text(pid), message.removeprefix("\ufeff"))


def _line(raw: str, number: int, at: int, rest: str) -> Line:
    host, program, pid, message, arguments = tagged(rest)
    return _told(raw, number, at, host, program, pid, message, arguments)


def tagged(rest: str) -> tuple[str | None, str, str | None, str, str]:
    """Take what follows the time apart: host, program, pid, message, and arguments of the program's name.

    >>> tagged("mx postfix/smtpd[7]: connect"), tagged("auth-worker(7): Info: x")[1:]
    (('mx', 'postfix/smtpd', '7', 'connect', ''), ('auth-worker', None, 'Info: x', '(7)'))
    """
    found = _TAGGED.match(rest)
    if found is None:
        host, _, message = rest.partition(" ")
        return (host if message else None), "", None, message or rest, ""
    host, bracketed, program, pid, arguments, last, message = found.groups()
    return host, bracketed or program, pid or last, message, arguments or ""


def _told(
    raw: str, number: int, at: int, host: str | None, program: str, pid: str | None, message: str, arguments: str = ""
) -> Line:
    if message.startswith("[ID "):
        message = _SOLARIS.sub("", message, count=1)
    times = 1
    if message.startswith("message repeated ") and (repeated := _REPEATED.match(message)) is not None:
        times, message = int(repeated.group(1)), repeated.group(2)
    if program.startswith("/"):
        program = program.rpartition("/")[2]
    return Line(number, raw, at, host, program.lower(), pid, message.rstrip(), arguments, times)
