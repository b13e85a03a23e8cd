"""Columns that are fields taken as they are: filled in one loop, for one is run for each of millions of records.

Not a loader.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graph_hunt.loaders._values import text

__all__ = ["Plan", "fill", "plan"]

Plan = tuple[tuple[str, tuple[str, ...], Callable[[Any], Any] | None], ...]
"""Column, the fields of which the first that says something counts, and what it goes through; text, where nothing."""

_LONG = 13
"""A text that is longer is none of those that say nothing."""


def plan(lines: str, **converters: Callable[[Any], Any]) -> Plan:
    """Read lines of `column field other-field`; `column:name` goes through the converter of that name.

    >>> plan("pid:whole ProcessId", whole=int)
    (('pid', ('ProcessId',), <class 'int'>),)
    """
    found = []
    for line in filter(str.strip, lines.splitlines()):
        column, *fields = line.split()
        name, _, kind = column.partition(":")
        found.append((name, tuple(fields), converters[kind] if kind else None))
    return tuple(found)


def fill(row: dict[str, Any], fields: Mapping[str, Any], plan: Plan) -> None:
    """Fill a row's columns as a plan says; one that nothing is said of is left out."""
    get = fields.get
    for column, names, convert in plan:
        for name in names:
            value = get(name)
            if value is None:
                continue
            if convert is not None:
                value = convert(value)
            elif type(value) is not str or len(value) <= _LONG or value[0] <= " " or value[-1] <= " ":
                # Kibana's fields are lists.
                value = text(value[0] if type(value) is list and value else value)
            if value is not None:
                row[column] = value
                break
