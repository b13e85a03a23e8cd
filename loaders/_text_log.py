"""Lines of text logs, each with its time: syslog's, ctime's, ISO's, or none of its own.

Not a loader. What syslog put before a line is read here; what a program says in it is the loader's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import BinaryIO
from zoneinfo import ZoneInfo

from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._lines import LONGEST, numbered
from graph_hunt.loaders.syslog.line import parse
from graph_hunt.loaders.syslog.year import MONTHS, Calendar, first_year

__all__ = ["Line", "first_lines", "lines"]

_KEPT = 65536
_MONTHS = "|".join(MONTHS)
_CTIME = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +({_MONTHS}) +(\d{{1,2}}) (\d\d):(\d\d):(\d\d) (\d{{4}})(?: us=(\d{{1,6}}))?"
    r"(?: ?: ?| +|$)(.*)",
    re.DOTALL,
)
_DATED = re.compile(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(?: us=(\d{1,6}))?(Z| UTC|[+-]\d\d:?\d\d)?[,:]? +(.*)",
    re.DOTALL,
)
_YEARLESS = re.compile(rb"(?:<\d{1,3}>)?[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:", re.MULTILINE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(slots=True)
class Line:
    """A line: its number and text, when and where it was written, and the rest; or why it cannot be read."""

    number: int
    raw: str
    at: int | None = None
    host: str | None = None
    message: str = ""
    again: int = 0
    """How many lines of the same words came before it at that time: they are as many events."""
    fault: str = ""


def first_lines(head: bytes, most: int = 40) -> list[str]:
    """The first lines of a source that say something, a last one that may be cut left out."""
    found = head.decode("utf-8", "replace").lstrip("\ufeff").split("\n")
    found = found[:-1] if len(found) > 1 else found
    return [line.rstrip("\r") for line in found if line.strip("\r\n\0 ")][:most]


def lines(source: Source, stream: BinaryIO, options: Options) -> Iterator[Line]:
    """Give every line of a source that is not empty."""
    zone = ZoneInfo(options.timezone)
    year = options.year
    if year is None:
        year = first_year(source, zone) if _YEARLESS.search(source.head) else 1970
    calendar = Calendar(year, zone)
    last, said = -1, dict[str, int]()
    for number, content in numbered(stream):
        raw = content.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n\0 ")
        if not raw:
            continue
        if len(content) >= LONGEST:
            yield Line(number, raw[:_KEPT], fault=f"a line of over {LONGEST >> 20} MiB")
            continue
        line = _timed(raw, number, calendar, zone)
        if line.at is not None:
            if line.at != last:
                last = line.at
                said.clear()
            line.again = said.get(raw, 0)
            said[raw] = line.again + 1
        yield line


def _timed(raw: str, number: int, calendar: Calendar, zone: tzinfo) -> Line:
    if (found := _CTIME.match(raw)) is not None:
        month, day, hour, minute, second, year, micros, message = found.groups()
        at = calendar.at(month, int(day), year, f"{hour}:{minute}")
        if at is None:
            return Line(number, raw, message=message)
        return Line(number, raw, at + int(second) * 1000 + int(micros or 0) // 1000, message=message)
    if (found := _DATED.match(raw)) is not None and (found[3] or found[4] == " UTC"):
        # Of these two, syslog knows nothing.
        at, message = _dated(raw, zone)
        return Line(number, raw, at, message=message)
    try:
        line = parse(raw, number, calendar)
    except ValueError:
        at, message = _dated(raw, zone)
        return Line(number, raw, at, message=message)
    return Line(number, raw, line.at, line.host, line.message)


def _dated(raw: str, zone: tzinfo) -> tuple[int | None, str]:
    found = _DATED.match(raw)
    if found is None:
        return None, raw
    written, fraction, micros, offset, message = found.groups()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None, raw
    if offset in ("Z", " UTC"):
        moment = moment.replace(tzinfo=UTC)
    elif offset:
        sign = -1 if offset[0] == "-" else 1
        digits = offset[1:].replace(":", "")
        shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        moment = moment.replace(tzinfo=UTC) - sign * shift
    else:
        moment = moment.replace(tzinfo=zone)
    at = (moment - _EPOCH) // _MILLISECOND
    return at + (int(fraction[:3].ljust(3, "0")) if fraction else int(micros or 0) // 1000), message
