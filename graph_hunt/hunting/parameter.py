"""A hunt's parameter: its type, its default, and how a value given as text becomes one that Cypher takes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from graph_hunt.errors import ParameterError

Value: TypeAlias = int | float | str | bool | list[str]

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")


class ParameterType(StrEnum):
    """What a parameter holds; times and durations reach the query as integer milliseconds."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    DURATION = "duration"
    TIME = "time"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as the hunt's header declares it."""

    name: str
    type: ParameterType
    default: Value
    help: str

    def parse(self, given: object) -> Value:
        """Turn what a user or a header gave into the query's value."""
        try:
            return _PARSERS[self.type](given)
        except (ValueError, TypeError) as error:
            what = f"parameter {self.name} must be {_EXAMPLES[self.type]}, not {given!r}"
            raise ParameterError(what) from error


def parse_duration(given: object) -> int:
    """Read a span of time as milliseconds.

    >>> parse_duration("1h30m")
    5400000
    """
    if isinstance(given, bool):
        raise TypeError(given)
    if isinstance(given, int):
        return given
    if not isinstance(given, str):
        raise TypeError(given)
    text = given.strip().replace(" ", "")
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(given)
    return round(sum(float(number) * _UNITS[unit] for number, unit in parts))


def parse_time(given: object) -> int:
    """Read a moment as epoch milliseconds; text without a zone is UTC.

    >>> parse_time("2024-01-02T03:04:05Z")
    1704164645000
    """
    if isinstance(given, bool):
        raise TypeError(given)
    if isinstance(given, int):
        return given
    if isinstance(given, datetime):
        moment = given
    elif isinstance(given, str):
        moment = datetime.fromisoformat(given.strip())
    else:
        raise TypeError(given)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def _integer(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise TypeError(given)
    return int(given)


def _number(given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise TypeError(given)
    return float(given)


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise TypeError(given)
    return given


def _flag(given: object) -> bool:
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given.strip().lower() in ("true", "yes", "1", "false", "no", "0"):
        return given.strip().lower() in ("true", "yes", "1")
    raise ValueError(given)


def _list(given: object) -> list[str]:
    if isinstance(given, str):
        return [item.strip() for item in given.split(",") if item.strip()]
    if isinstance(given, Sequence) and all(isinstance(item, str) for item in given):
        return list(given)
    raise TypeError(given)


_PARSERS: Mapping[ParameterType, Callable[[object], Value]] = {
    ParameterType.INTEGER: _integer,
    ParameterType.NUMBER: _number,
    ParameterType.TEXT: _text,
    ParameterType.FLAG: _flag,
    ParameterType.DURATION: parse_duration,
    ParameterType.TIME: parse_time,
    ParameterType.LIST: _list,
}
_EXAMPLES = {
    ParameterType.INTEGER: "a whole number",
    ParameterType.NUMBER: "a number",
    ParameterType.TEXT: "text",
    ParameterType.FLAG: "true or false",
    ParameterType.DURATION: "a duration such as 90s, 10m, 24h or 7d",
    ParameterType.TIME: "a time such as 2024-01-02T03:04:05Z",
    ParameterType.LIST: "a list of texts, or texts between commas",
}
