"""A mapping file: which fields of a source of one's own become which columns of the event tables."""

import difflib
import re
import tomllib
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graph_hunt.errors import InputError
from graph_hunt.loaders.mapped.convert import ACCOUNT_PARTS, EPOCHS, Converter, account_part, converter, time_reader
from graph_hunt.schema import COMMON, TABLES, Type

__all__ = ["Block", "Condition", "Mapping", "Rule", "near", "read_mapping"]

_OWN = frozenset({"name", "format", "delimiter", "zone", "id", "rows"})
_BLOCK = frozenset({"table", "code", "when", "columns"})
_RULE = frozenset({"field", "value", "values", "default", "format", "zone", "match", "split", "lenient"})
_TESTS = frozenset({"not", "in", "matches", "present"})
_GIVEN = frozenset({"event_id", "source", "file", "record", "raw", "code"})
"""Columns that a mapping does not give."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Rule:
    """How one column comes about: from the first of these fields that says something, or as a constant."""

    column: str
    type: Type
    fields: tuple[str, ...]
    convert: Converter
    constant: Any = None
    values: Table[str, Any] | None = None
    default: Any = None
    match: re.Pattern[str] | None = None
    lenient: bool = False
    format: str = ""
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field must be for a record to become a row."""

    field: str
    holds: Callable[[str | None], bool]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one event table."""

    table: str
    code: str
    rules: tuple[Rule, ...]
    when: tuple[Condition, ...] = ()

    @property
    def time(self) -> Rule:
        """The rule of the time."""
        return next(rule for rule in self.rules if rule.column == "time")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping; `digest` tells one from another."""

    name: str
    blocks: tuple[Block, ...]
    format: str = ""
    delimiter: str = ""
    id: tuple[str, ...] = ()
    digest: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that it reads, once."""
        used = [name for block in self.blocks for rule in block.rules for name in rule.fields]
        used += [condition.field for block in self.blocks for condition in block.when]
        return tuple(dict.fromkeys([*used, *self.id]))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file something stands, for the errors."""

    file: str
    parts: tuple[str, ...] = ()
    known: tuple[str, ...] = field(default=())

    def of(self, *parts: str) -> "_Place":
        return replace(self, parts=(*self.parts, *parts))

    def wrong(self, what: str, expected: str = "") -> InputError:
        return InputError(what, where=": ".join([self.file, *self.parts]), expected=expected)


def near(name: str, known: Any) -> str:
    """Known names that are like one, in words; '' where none is."""
    found = difflib.get_close_matches(name, list(known), 3, 0.6)
    return f"one like {', '.join(found)}" if found else ""


def read_mapping(file: Path, zone: str = "UTC") -> Mapping:
    """Read a mapping file; raise `InputError` that names file, place and what was expected."""
    place = _Place(str(file))
    try:
        content = file.read_bytes()
        told = tomllib.loads(content.decode())
    except OSError as error:
        raise place.wrong(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise place.wrong("is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise place.wrong(f"is not TOML: {error}") from error
    _only(told, _OWN, place)
    name = _word(told, "name", place)
    if not _NAME.fullmatch(name):
        raise place.of("name").wrong(f"{name!r} cannot name a source", "letters, digits, '.', '_' and '-'")
    blocks = told.get("rows")
    if not isinstance(blocks, list) or not blocks:
        raise place.wrong("has no [[rows]]", "at least one, each with a table and columns")
    own_zone = _zone(told.get("zone", zone), place.of("zone"))
    form = told.get("format", "")
    if form not in ("", "csv", "json"):
        raise place.of("format").wrong(f"{form!r} is no format", "csv or json")
    delimiter = told.get("delimiter", "")
    if not isinstance(delimiter, str) or len(delimiter) > 1:
        raise place.of("delimiter").wrong(f"{delimiter!r} is no delimiter", "one character")
    return Mapping(
        name,
        tuple(
            _block(block, name, own_zone, place.of(f"[[rows]] {number}"))
            for number, block in enumerate(blocks, start=1)
        ),
        form,
        delimiter,
        _fields(told.get("id", []), place.of("id")),
        sha256(content).hexdigest()[:16],
    )


def _only(told: Table[str, Any], known: frozenset[str], place: _Place) -> None:
    for name in told:
        if name not in known:
            raise place.wrong(f"{name!r} means nothing here", near(name, known) or ", ".join(sorted(known)))


def _word(told: Table[str, Any], name: str, place: _Place, default: str | None = None) -> str:
    value = told.get(name, default)
    if not isinstance(value, str) or not value:
        raise place.of(name).wrong("is missing" if value is None else f"{value!r} is no text", "a text")
    return value


def _zone(value: Any, place: _Place) -> tzinfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise place.wrong(f"{value!r} is no time zone", "such as UTC or Europe/Paris") from error


def _fields(value: Any, place: _Place) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
        raise place.wrong(f"{value!r} is no field", 'a path such as "user.name" or "links[0].href", or a list of them')
    return tuple(listed)


def _block(told: Any, name: str, zone: tzinfo, place: _Place) -> Block:
    if not isinstance(told, dict):
        raise place.wrong("is no table")
    _only(told, _BLOCK, place)
    table = _word(told, "table", place)
    if table not in TABLES:
        raise place.of("table").wrong(f"there is no event table {table!r}", near(table, TABLES) or ", ".join(TABLES))
    columns = told.get("columns")
    if not isinstance(columns, dict) or "time" not in columns:
        raise place.of("columns").wrong("has no time", 'time = "FIELD", or { field = "FIELD", format = "…" }')
    rules: list[Rule] = []
    for column, rule in columns.items():
        rules += _rules(column, rule, table, zone, place.of(f"columns.{column}"))
    code = told.get("code", f"{name}/{table}")
    if not isinstance(code, str) or "/" not in code or code != code.strip():
        raise place.of("code").wrong(f"{code!r} is no code", 'such as "vpn/login"')
    when = told.get("when", {})
    if not isinstance(when, dict):
        raise place.of("when").wrong(f"{when!r} is no condition", 'when = { FIELD = "value" }')
    conditions = tuple(_condition(one, test, place.of(f"when.{one}")) for one, test in when.items())
    return Block(table, code, tuple(rules), conditions)


def _condition(name: str, test: Any, place: _Place) -> Condition:
    if not isinstance(test, dict):
        return Condition(name, _among(test, place))
    _only(test, _TESTS, place)
    if len(test) != 1:
        raise place.wrong("says several things", f"one of {', '.join(sorted(_TESTS))}")
    ((kind, wanted),) = test.items()
    if kind == "present":
        return Condition(name, lambda value: (value is not None) is bool(wanted))
    if kind == "matches":
        pattern = _pattern(wanted, place)
        return Condition(name, lambda value: value is not None and pattern.search(value) is not None)
    inside = _among(wanted, place)
    return Condition(name, inside if kind == "in" else lambda value: not inside(value))


def _among(wanted: Any, place: _Place) -> Callable[[str | None], bool]:
    listed = wanted if isinstance(wanted, list) else [wanted]
    if not all(isinstance(one, (str, int, float, bool)) for one in listed):
        raise place.wrong(f"{wanted!r} can be no value", "a text, a number, or a list of them")
    values = {str(one).lower() if isinstance(one, bool) else str(one) for one in listed}
    return lambda value: value is not None and value in values


def _pattern(written: Any, place: _Place) -> re.Pattern[str]:
    try:
        return re.compile(written)
    except (re.error, TypeError) as error:
        raise place.wrong(f"{written!r} is no regular expression: {error}") from error


def _rules(column: str, told: Any, table: str, zone: tzinfo, place: _Place) -> list[Rule]:
    known = {one.name: one.type for one in TABLES[table].columns if one.name not in _GIVEN}
    for prefix in ("", "target_"):
        if column == f"{prefix}account" and f"{prefix}user" in known:
            return [
                replace(_rule(f"{prefix}{part}", told, Type.TEXT, zone, place), convert=account_part(part))
                for part in ACCOUNT_PARTS
            ]
    if column not in known:
        accounts = {"account", "target_account"} if "user" in known else set()
        hint = near(column, {*known, *accounts}) or ", ".join(known)
        given = " (the loader gives it)" if column in {one.name for one in COMMON} else ""
        raise place.wrong(f"the table {table!r} has no column {column!r} to map{given}", hint)
    return [_rule(column, told, known[column], zone, place)]


def _rule(column: str, told: Any, type_: Type, zone: tzinfo, place: _Place) -> Rule:
    if not isinstance(told, dict):
        told = {"field": told}
    _only(told, _RULE, place)
    if ("field" in told) is ("value" in told):
        raise place.wrong("comes from nowhere, or from two places", "either field or value")
    format_ = told.get("format", "")
    if format_ and (
        type_ is not Type.TIME or not isinstance(format_, str) or not (format_ in EPOCHS or "%" in format_)
    ):
        raise place.of("format").wrong(
            f"{format_!r} is no time's format", f"{', '.join(EPOCHS)}, or one of strptime's such as %d/%m/%Y %H:%M:%S"
        )
    own_zone = _zone(told["zone"], place.of("zone")) if "zone" in told else zone
    split = told.get("split", "")
    if not isinstance(split, str):
        raise place.of("split").wrong(f"{split!r} is no text")
    convert = time_reader(format_, own_zone) if type_ is Type.TIME else converter(column, type_, split)
    values = told.get("values")
    if values is not None and not isinstance(values, dict):
        raise place.of("values").wrong(f"{values!r} maps nothing", 'such as { OK = "success" }')
    rule = Rule(
        column,
        type_,
        _fields(told["field"], place.of("field")) if "field" in told else (),
        convert,
        values=values,
        match=_pattern(told["match"], place.of("match")) if "match" in told else None,
        lenient=bool(told.get("lenient", False)),
        format=format_,
        zone=own_zone,
    )
    return replace(
        rule,
        constant=_constant(rule, told.get("value"), place.of("value")),
        default=_constant(rule, told.get("default"), place.of("default")),
        values={key: _constant(rule, one, place.of(f"values.{key}")) for key, one in values.items()}
        if values
        else values,
    )


def _constant(rule: Rule, value: Any, place: _Place) -> Any:
    if value is None:
        return None
    try:
        return rule.convert(value)
    except ValueError as error:
        raise place.wrong(f"cannot be {rule.column}: {error}") from error
