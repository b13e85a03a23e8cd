"""Lines of IIS's logs: W3C extended, whose fields may change within a file, and IIS's own format."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import BinaryIO

from graph_hunt.loaders._values import at

__all__ = ["Line", "is_own_format", "is_w3c", "own_format", "w3c"]

_FIELDS = b"#Fields:"
_DATE = b"#Date:"
_LONGEST = 1 << 20
_KEPT = 65536
_NEEDED = {"cs-uri-stem", "sc-status"}
_OWN = re.compile(
    rb"^[0-9A-Fa-f:.]+, [^,]*, \d{1,4}[./-]\d{1,2}[./-]\d{2,4}, \d{1,2}:\d\d:\d\d, "
    rb"\w+SVC\d*, [^,]*, [0-9A-Fa-f:.]*, \d+, "
)
_OWN_NAMES = (
    *("c-ip", "cs-username", "date", "time", "s-sitename", "s-computername", "s-ip", "time-taken", "cs-bytes"),
    *("sc-bytes", "sc-status", "sc-win32-status", "cs-method", "cs-uri-stem", "cs-uri-query"),
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """A request: its number, its text, its time, its fields; or why it has none."""

    number: int
    raw: str
    at: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    fault: str = ""


def is_w3c(head: bytes) -> bool:
    """Tell a log by its first `#Fields`, which other programs write too, for other things."""
    head = head.removeprefix(_BYTE_ORDER_MARK)
    if not head.startswith(b"#"):
        return False
    for line in head.splitlines()[:40]:
        if line.startswith(_FIELDS):
            return set(_names(line)) >= _NEEDED
    return False


def is_own_format(head: bytes) -> bool:
    """Tell IIS's own format by its first line."""
    return _OWN.match(head.removeprefix(_BYTE_ORDER_MARK)) is not None


def _names(line: bytes) -> list[str]:
    return line.removeprefix(_FIELDS).decode("utf-8", "replace").lower().split()


def w3c(stream: BinaryIO) -> Iterator[Line]:
    """Give every request of a W3C log; its times are UTC."""
    names: list[str] = []
    date = ""
    number = 0
    while content := stream.readline(_LONGEST):
        number += 1
        if content[:1] == b"#" or content.startswith(_BYTE_ORDER_MARK):
            content = content.removeprefix(_BYTE_ORDER_MARK)
            if content.startswith(_FIELDS):
                names = _names(content)
            elif content.startswith(_DATE):
                date = content.removeprefix(_DATE).decode("ascii", "replace").strip()[:10]
            continue
        # Where a server fell, its log may hold null bytes.
        raw = content.decode("utf-8", "replace").strip("\r\n\0 ")
        if not raw:
            continue
        yield _request(number, raw, names, date)
    # Where content breaks off, a stream ends first, and says so when it is read once more.
    stream.read(1)


def _request(number: int, raw: str, names: list[str], date: str) -> Line:
    cells = raw.split(" ")
    if len(cells) != len(names):
        return Line(number, raw[:_KEPT], fault=f"{len(cells)} fields, expected {len(names)}")
    fields = dict(zip(names, cells, strict=True))
    if "cs-uri-stem" not in fields:
        return Line(number, raw[:_KEPT], fault="the fields named above it hold no cs-uri-stem")
    when = at(f"{fields.get('date') or date}T{fields.get('time', '')}", UTC)
    if when is None:
        return Line(number, raw[:_KEPT], fault="it has no time that can be read")
    return Line(number, raw, when, fields)


def own_format(stream: BinaryIO, zone: tzinfo) -> Iterator[Line]:
    """Give every request of a log in IIS's own format; its times are local."""
    number = 0
    while content := stream.readline(_LONGEST):
        number += 1
        raw = content.decode("utf-8", "replace").strip("\ufeff\r\n\0 ")
        if not raw:
            continue
        cells = raw.rstrip(",").split(", ")
        if len(cells) != len(_OWN_NAMES):
            yield Line(number, raw[:_KEPT], fault=f"{len(cells)} fields, expected {len(_OWN_NAMES)}")
            continue
        fields = dict(zip(_OWN_NAMES, cells, strict=True))
        when = at(f"{fields['date']} {fields['time']}", zone)
        yield Line(number, raw, when or 0, fields, "" if when is not None else "it has no time that can be read")
    stream.read(1)
