"""Findings as text for other programs: JSON, JSON lines, and CSV that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import orjson

FINDING_COLUMNS = (
    "hunt", "title", "level", "score", "first_seen", "last_seen", "summary", "attack", "entities", "evidence", "id",
)  # fmt: skip


def as_json(value: object, *, indent: bool = True) -> str:
    """Write a value as JSON, lone surrogates replaced."""
    option = orjson.OPT_NON_STR_KEYS | (orjson.OPT_INDENT_2 if indent else 0)
    try:
        return orjson.dumps(value, default=_default, option=option).decode()
    except orjson.JSONEncodeError:
        return orjson.dumps(_mended(value), default=_default, option=option).decode()


def json_lines(rows: Iterable[object]) -> Iterator[str]:
    """Each row as JSON on a line of its own."""
    for row in rows:
        yield as_json(row, indent=False) + "\n"


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    """A heading, and each row as a line; nested values as JSON, and nothing that a spreadsheet would run."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(columns)
    for row in rows:
        yield line.getvalue()
        line.seek(line.truncate(0))
        writer.writerow([_cell(row.get(column)) for column in columns])
    yield line.getvalue()


def _default(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_mended(k): _mended(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(v) for v in value]
    return value


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = (
        value if isinstance(value, str) else as_json(value, indent=False) if not isinstance(value, int) else str(value)
    )
    return "'" + text if text[:1] in "=+-@\t\r" and not isinstance(value, int | float) else text
