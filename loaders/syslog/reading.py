"""Files of syslog lines."""

import re
from collections.abc import Iterator
from datetime import UTC, tzinfo

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Source
from graph_hunt.loaders._lines import LONGEST, numbered
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.line import Unreadable, parse
from graph_hunt.loaders.syslog.programs import Reader, is_known
from graph_hunt.loaders.syslog.year import Calendar, first_year

__all__ = ["is_log", "read"]

_LOOKED_AT = 40
_KEPT = 65536
_SPACED = re.compile(r"(?:<\d{1,3}>)?\d{4}-\d\d-\d\d ")
_CARRIED = re.compile(
    r"MSWinEventLog|\[NXLOG@14506 |\[tap(?:msg|clk|click)@\d+ |type=[\w\[\]]+ (?:msg=)?audit\("
    r"|%(?:ASA|FTD|PIX)-(?:\w+-)?\d-\d{6}: |\b(?:openvpn|ovpn)[\w.-]*(?:\([\w.-]*\))?(?:\[\d+\])?: "
    r"|\[[0-9A-Fa-f.:]+\] [^\[\]]*\([^()]*\)\[[^\]]*\] - "
)
_PAYLOADS = ("{", "<Event")
"""What other loaders read, though it was sent as syslog."""
_YEARLESS = re.compile(rb"(?:<\d{1,3}>)?[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:", re.MULTILINE)


def is_log(head: bytes) -> bool:
    """Tell whether most of the first lines are syslog's."""
    calendar = Calendar(2000, UTC)
    lines = head.decode("utf-8", "replace").lstrip("\ufeff").split("\n")
    lines = [line.strip("\r") for line in (lines[:-1] if len(lines) > 1 else lines)]
    lines = [line for line in lines if line.strip() and not line.startswith("#")][:_LOOKED_AT]
    return bool(lines) and sum(_is_line(line, calendar) for line in lines) * 2 > len(lines)


def _is_line(line: str, calendar: Calendar) -> bool:
    try:
        found = parse(line, 1, calendar)
    except Unreadable:
        return False
    if found.message.startswith(_PAYLOADS) or _CARRIED.search(line):
        return False
    if _SPACED.match(line) or line.startswith("@"):
        # So do many programs' own logs begin.
        return is_known(found.program)
    return bool(found.program) or found.message.startswith("last message repeated")


def read(source: Source, year: int | None, zone: tzinfo, rows: Rows, book: Book, reader: Reader) -> Iterator[Batch]:
    """Yield the batches of a file of lines."""
    if year is None:
        year = first_year(source, zone) if _YEARLESS.search(source.head) else 1970
    calendar = Calendar(year, zone)
    with source.open() as stream:
        try:
            for number, content in numbered(stream):
                _take(content, number, calendar, rows, reader)
                yield from rows.batches()
        except UnreadableInput:
            book.end()
            yield from rows.batches(last=True)
            raise
    book.end()
    yield from rows.batches(last=True)


def _take(content: bytes, number: int, calendar: Calendar, rows: Rows, reader: Reader) -> None:
    raw = content.decode("utf-8", "replace").rstrip("\r\n\0 ").lstrip("\ufeff")
    if not raw:
        return
    if raw[0] == "#":
        rows.skip("Syslog/comment")
        return
    if len(content) >= LONGEST:
        rows.reject(number, f"a line of over {LONGEST >> 20} MiB", raw[:_KEPT])
        return
    try:
        line = parse(raw, number, calendar)
    except Unreadable as fault:
        rows.reject(number, str(fault), raw)
        return
    rows.seen(line.host or "", "syslog", line.at)
    reader.read(line)
