"""A finding's sentence: a template with `{column}`, `{column:duration}`, `{column:time}` and `{column|otherwise}`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

SHOWN = 5
"""How many of a list's items a sentence names."""

_FIELD = re.compile(r"\{([a-z_][a-z0-9_]*)(?::(time|duration|count))?(?:\|([^{}]*))?\}")
_SPANS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"))


def fields_of(template: str) -> tuple[str, ...]:
    """The columns that a template names."""
    return tuple(match[1] for match in _FIELD.finditer(template))


def render(template: str, values: Mapping[str, object]) -> str:
    """Fill a template.

    >>> render("{user} reached {host|a host} within {gap:duration}", {"user": "CORP\\\\ann", "host": "", "gap": 90000})
    'CORP\\\\ann reached a host within 90 s'
    """

    def fill(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None or value == "" or value == []:
            return match[3] if match[3] is not None else "unknown"
        return _formatted(value, match[2])

    return _FIELD.sub(fill, template)


def iso(at: int) -> str:
    """A time in epoch milliseconds as ISO 8601 UTC, without needless digits.

    >>> iso(1704164645000)
    '2024-01-02T03:04:05Z'
    """
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.isoformat(timespec="milliseconds" if at % 1000 else "seconds").replace("+00:00", "Z")


def duration(span: int) -> str:
    """A span in milliseconds in words: the largest unit that gives two or more."""
    for size, unit in _SPANS:
        if span >= 2 * size:
            return f"{span / size:.3g} {unit}"
    return f"{span / 1000:.3g} s"


def _formatted(value: object, form: str | None) -> str:
    if isinstance(value, list | tuple):
        if form == "count":
            return str(len(value))
        named = ", ".join(str(item) for item in value[:SHOWN])
        return named if len(value) <= SHOWN else f"{named} and {len(value) - SHOWN} more"
    if isinstance(value, int | float) and form == "time":
        return iso(int(value))
    if isinstance(value, int | float) and form == "duration":
        return duration(int(value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)
