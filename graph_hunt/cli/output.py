"""How results are printed: tables that fit the terminal, stable JSON, JSON lines and CSV; results on stdout only."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from graph_hunt.hunting import summary
from graph_hunt.hunting.export import as_json, csv_lines, json_lines

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


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    sys.stdout.write(as_json(value) + "\n")


def print_jsonl(rows: Iterable[object]) -> None:
    """Print each row as JSON on a line of its own."""
    sys.stdout.writelines(json_lines(rows))


def print_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows as CSV; nested values as JSON, and nothing that a spreadsheet would take for a formula."""
    sys.stdout.writelines(csv_lines(rows, columns))


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
