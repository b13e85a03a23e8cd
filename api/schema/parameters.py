"""The hunts' parameters as types: an input a hunt, made of its header, and one that holds them all."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from graph_hunt.api.schema.scalars import DateTime
from graph_hunt.hunting import library
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.parameter import Parameter, ParameterType

_TYPES: Mapping[ParameterType, Any] = {
    ParameterType.INTEGER: int,
    ParameterType.NUMBER: float,
    ParameterType.TEXT: str,
    ParameterType.FLAG: bool,
    ParameterType.DURATION: str,
    ParameterType.TIME: DateTime,
    ParameterType.LIST: list[str],
}
_MS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1))


def written(parameter: Parameter) -> str:
    """Write a parameter's default as one would give it."""
    value = parameter.default
    if parameter.type is ParameterType.DURATION and isinstance(value, int):
        unit, length = next(((unit, length) for unit, length in _MS if value % length == 0), ("ms", 1))
        return f"{value // length}{unit}"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _input(name: str, description: str, made: Mapping[str, tuple[Any, str]]) -> type:
    """Make an input of optional fields, each with its type and what it says."""
    space: dict[str, Any] = {"__annotations__": {}, "__doc__": description, "__module__": __name__}
    for field, (kind, words) in made.items():
        space["__annotations__"][field] = kind | None
        space[field] = strawberry.field(default=None, description=words)
    return strawberry.input(type(name, (), space), name=name, description=description)


def _of(hunt: Hunt) -> type:
    made = {one.name: (_TYPES[one.type], f"{one.help} Default: {written(one)}.") for one in hunt.parameters}
    return _input(f"{_camel(hunt.id)}Parameters", f"Parameters of the hunt {hunt.id}.", made)


def _camel(id: str) -> str:
    return "".join(part.capitalize() for part in id.split("-"))


_FIELDS = {hunt.id.replace("-", "_"): hunt for hunt in library.all_hunts() if hunt.parameters}
HuntParameters: Any = _input(
    "HuntParameters",
    "Parameters by hunt; those of hunts that do not run are refused. What is not given is as the hunt has it.",
    {name: (_of(hunt), hunt.title) for name, hunt in _FIELDS.items()},
)
"""As GraphQL's input; the fields follow the library's headers."""


def own_values(given: Any) -> dict[str, dict[str, Any]]:
    """The values that were given, by hunt."""
    found: dict[str, dict[str, Any]] = {}
    for name, hunt in _FIELDS.items():
        if (one := getattr(given, name, None)) is not None:
            values = {field.name: getattr(one, field.name) for field in fields(one)}
            found[hunt.id] = {key: value for key, value in values.items() if value is not None}
    return found


def field_of(hunt: Hunt) -> str:
    """What a hunt's field is called in `HuntParameters`."""
    return to_camel_case(hunt.id.replace("-", "_"))
