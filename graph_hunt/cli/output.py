"""How results are printed: tables that fit the terminal, stable JSON, JSON lines and CSV; results on stdout only."""

import csv
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from enum import StrEnum
from typing import Any, TextIO

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from graph_hunt.hunting import summary

_PIPED_WIDTH = 160


def _console(stream: TextIO, *, stderr: bool = False) -> Console:
    fits = stream.isatty() or "COLUMNS" in os.environ
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=None if fits else _PIPED_WIDTH)


out = _console(sys.stdout)
err = _console(sys.stderr, stderr=True)

LEVEL_STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "informational": "dim",
}


class Format(StrEnum):
    """How results are printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def iso(at: int | None) -> str:
    """Write epoch milliseconds as ISO 8601 UTC, without the milliseconds where they are nought."""
    return "" if at is None else summary.iso(at)


def shown(text: object) -> str:
    """Make telemetry safe to print: control and bidirectional characters become visible escapes."""
    return "".join(c if c.isprintable() or c == " " else c.encode("unicode_escape").decode() for c in str(text))


def _default(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def as_json(value: object, *, indent: bool = True) -> str:
    """Write a value as JSON, lone surrogates replaced."""
    option = orjson.OPT_NON_STR_KEYS | (orjson.OPT_INDENT_2 if indent else 0)
    try:
        return orjson.dumps(value, default=_default, option=option).decode()
    except orjson.JSONEncodeError:
        return orjson.dumps(_mended(value), default=_default, option=option).decode()


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_mended(k): _mended(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(v) for v in value]
    return value


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    sys.stdout.write(as_json(value) + "\n")


def print_jsonl(rows: Iterable[object]) -> None:
    """Print each row as JSON on a line of its own."""
    for row in rows:
        sys.stdout.write(as_json(row, indent=False) + "\n")


def print_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows as CSV; nested values as JSON, and nothing that a spreadsheet would take for a formula."""
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = (
        value if isinstance(value, str) else as_json(value, indent=False) if not isinstance(value, int) else str(value)
    )
    return "'" + text if text[:1] in "=+-@\t\r" and not isinstance(value, int | float) else text


def table(*columns: str, title: str | None = None) -> Table:
    """A plain table in the house style; long cells fold rather than vanish."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        name, _, kind = column.partition(":")
        made.add_column(name, justify="right" if kind == "n" else "left", overflow="fold")
    return made


def row(made: Table, *cells: object) -> None:
    """Add a row; cells are shown as text, never as markup."""
    made.add_row(*[cell if isinstance(cell, Text) else Text(shown("" if cell is None else cell)) for cell in cells])


def level_text(level: str) -> Text:
    """A level in its colour."""
    return Text(level, style=LEVEL_STYLES.get(level, ""))


def count(number: int) -> str:
    """A number with thin groups, as 1,234,567."""
    return f"{number:,}"


def many(number: int, noun: str) -> str:
    """A number with its noun, as `2 Processes`."""
    if number == 1:
        return f"1 {noun}"
    ending = "es" if noun.endswith(("s", "x", "ch")) else "s"
    stem = noun[:-1] + "ie" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun
    return f"{count(number)} {stem}{ending}"
