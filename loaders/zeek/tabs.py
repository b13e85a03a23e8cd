r"""Zeek's tab-separated logs: what stands in their header says how the lines below it are read.

A file may hold several logs, one after another, each under a header of its own.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from graph_hunt.loaders._records import Record

__all__ = ["has_header", "tabbed"]

_LONGEST = 16 << 20
_KEPT = 65536
_ESCAPED = re.compile(r"\\x([0-9a-fA-F]{2})")
_Value = Callable[[str], Any]


def has_header(head: bytes) -> bool:
    """Tell a log by its header."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith((b"#separator ", b"#fields\t")) and b"#fields" in head


def _plain(value: str) -> str:
    if "\\x" not in value:
        return value
    # Bytes beyond ASCII are escaped one by one.
    content = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    try:
        return content.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return content


class _Header:
    """What the header's lines say."""

    def __init__(self) -> None:
        self.separator, self.set_separator, self.unset, self.empty = "\t", ",", "-", "(empty)"
        self.path = ""
        self.columns: tuple[tuple[str, _Value], ...] = ()
        self._names: list[str] = []

    def read(self, line: str) -> None:
        """Take a line of the header."""
        name, _, value = line[1:].partition(" " if line.startswith("#separator") else self.separator)
        if name == "separator":
            self.separator = _plain(value.strip()) or "\t"
        elif name == "set_separator":
            self.set_separator = value or ","
        elif name == "empty_field":
            self.empty = value
        elif name == "unset_field":
            self.unset = value
        elif name == "path":
            self.path = value.strip()
        elif name == "fields":
            self._names = value.split(self.separator)
            self.columns = tuple((one, _plain) for one in self._names)
        elif name == "types":
            types = value.split(self.separator)
            if len(types) == len(self._names):
                self.columns = tuple((one, self._reader(kind)) for one, kind in zip(self._names, types, strict=True))

    def _reader(self, kind: str) -> _Value:
        if kind.startswith(("set[", "vector[", "table[")):
            return lambda value: [_plain(one) for one in value.split(self.set_separator) if one != self.unset]
        if kind in ("time", "interval", "double"):
            return float
        if kind in ("count", "int", "port"):
            return int
        return (lambda value: value == "T") if kind == "bool" else _plain

    def fields(self, line: str) -> dict[str, Any]:
        """The fields of a line; raise `ValueError` where it does not fit."""
        cells = line.split(self.separator)
        if not self.columns:
            raise ValueError("no #fields above it")
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} fields, expected {len(self.columns)}")
        found: dict[str, Any] = {"_path": self.path} if self.path else {}
        for (name, reader), cell in zip(self.columns, cells, strict=True):
            if cell != self.unset and cell != self.empty:
                found[name] = reader(cell)
        return found


def tabbed(stream: BinaryIO) -> Iterator[Record]:
    """Give every record; its number is its line's."""
    header = _Header()
    number = 0
    while content := stream.readline(_LONGEST):
        number += 1
        line = content.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n")
        if line.startswith("#separator"):
            header = _Header()
        if line.startswith("#"):
            header.read(line)
        elif line:
            try:
                yield Record(number, line, header.fields(line))
            except ValueError as fault:
                yield Record(number, line[:_KEPT], None, str(fault))
    # Where content breaks off, a stream ends first, and says so when it is read once more.
    stream.read(1)
