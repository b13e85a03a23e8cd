"""Paths into nested records: `a.b[0].c`, `links[*].href`, `a["b.c"]`."""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["Path", "compile_path", "names_of", "value_at"]

_ELEMENTS = 20
"""Elements of a list that are looked at for their names."""

Path = tuple[str | int | None, ...]
"""Names and places; None stands for every element."""

_STEP = re.compile(r"""\.?([^.\[\]"]+)|\[(\d+)\]|\[(\*)\]|\["([^"]+)"\]""")


def compile_path(written: str) -> Path | None:
    """Read a path; none where it is no path.

    >>> compile_path("a.b[0].c"), compile_path('links[*].href'), compile_path('a["b.c"]'), compile_path("a[")
    (('a', 'b', 0, 'c'), ('links', None, 'href'), ('a', 'b.c'), None)
    """
    steps: list[str | int | None] = []
    at = 0
    while at < len(written):
        step = _STEP.match(written, at)
        if step is None:
            return None
        name, place, every, quoted = step.groups()
        steps.append(None if every else int(place) if place is not None else quoted if quoted is not None else name)
        at = step.end()
    return tuple(steps) or None


def value_at(record: Mapping[str, Any], written: str, path: Path) -> Any:
    """The value there; null where a step leads nowhere. A name with dots in it that the record has goes first."""
    if len(path) == 1:
        return record.get(written)
    if written in record:
        return record[written]
    return _follow(record, path)


def _follow(value: Any, path: Path) -> Any:
    for place, step in enumerate(path):
        if step is None:
            if type(value) is not list:
                return None
            rest = path[place + 1 :]
            found = [_follow(item, rest) for item in value]
            return [item for item in found if item is not None] or None
        if type(step) is int:
            value = value[step] if type(value) is list and step < len(value) else None
        else:
            value = value.get(step) if type(value) is dict else None
        if value is None:
            return None
    return value


def names_of(record: Mapping[str, Any], outer: str = "") -> list[str]:
    """The paths of all values in a record, elements of lists as `[*]`."""
    found: list[str] = []
    for name, value in record.items():
        plain = f'["{name}"]' if "." in name or "[" in name else name
        full = f"{outer}.{plain}" if outer and not plain.startswith("[") else outer + plain if outer else name
        if type(value) is dict and value:
            found += names_of(value, full)
        elif type(value) is list and value and type(value[0]) is dict:
            inner = (name for item in value[:_ELEMENTS] if type(item) is dict for name in names_of(item, f"{full}[*]"))
            found += dict.fromkeys(inner)
        else:
            found.append(full)
    return found
