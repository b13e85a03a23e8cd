"""Exchange's message tracking logs: lines of CSV under `#Fields`, which may change within a file."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from graph_hunt.loaders._table import Row
from graph_hunt.loaders.message_trace.forms import is_trace

__all__ = ["is_log", "lines"]

_SOFTWARE = b"#Software: Microsoft Exchange"
_FIELDS = "#Fields:"
_LONGEST = 16 << 20
_KEPT = 65536


def is_log(head: bytes) -> bool:
    """Tell a tracking log from the other logs of Exchange, which begin alike."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if not head.startswith(_SOFTWARE) and not head.startswith(_FIELDS.encode()):
        return False
    for line in head.decode("utf-8", "replace").splitlines()[:20]:
        if line.startswith(_FIELDS):
            names = _names(line)
            return "event-id" in names and is_trace(names)
    return False


def _names(line: str) -> list[str]:
    return [name.strip() for name in line.removeprefix(_FIELDS).split(",")]


def lines(stream: BinaryIO) -> Iterator[Row]:
    """Give every record by the names that stand above it."""
    names: list[str] = []
    number = 0
    while content := stream.readline(_LONGEST):
        number += 1
        line = content.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n").replace("\0", "")
        if not line:
            continue
        if line[0] == "#":
            names = _names(line) if line.startswith(_FIELDS) else names
            continue
        cells, fault = _cells(line)
        if not fault and len(cells) != len(names):
            fault = f"{len(cells)} fields, expected {len(names)}"
        if fault:
            yield Row(number, line[:_KEPT], {}, fault)
        else:
            yield Row(number, line, dict(zip(names, cells, strict=True)))
    stream.read(1)


def _cells(line: str) -> tuple[list[str], str]:
    if '"' not in line:
        return line.split(","), ""
    if line.count('"') % 2:
        return [], "a quote is not closed"
    try:
        return next(csv.reader([line])), ""
    except csv.Error as error:
        return [], str(error)
