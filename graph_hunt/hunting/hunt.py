"""A hunt: what an attacker does, the telemetry that shows it, and the Cypher that asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from graph_hunt.errors import HuntError, ParameterError
from graph_hunt.hunting import header as headers
from graph_hunt.hunting.header import Header
from graph_hunt.hunting.parameter import Parameter, ParameterType, Value
from graph_hunt.hunting.summary import fields_of
from graph_hunt.schema import NODES

COMMON_PARAMETERS = frozenset({"since", "until", "baseline_since", "scope", "cold_start"})
"""Given to every hunt by the runner: the window, the entities looked at, and whether there is no history yet."""
RESERVED_COLUMNS = frozenset({"first_seen", "last_seen", "score", "evidence", "level"})
"""Columns that become the finding's own fields; every other one is an entity's key or a detail."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")
_RETURN = re.compile(r"\bRETURN\b(?:\s+DISTINCT\b)?", re.IGNORECASE)
_ALIAS = re.compile(r"\bAS\s+([a-z_][a-z0-9_]*)\s*(?=,|$|\bORDER\b|\bLIMIT\b|\bSKIP\b|\bUNION\b)", re.IGNORECASE)
_USED = re.compile(r"\$([A-Za-z_]\w*)")
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|//[^\n]*")
_FIELDS = frozenset(
    {"id", "title", "description", "hypothesis", "attack", "level", "needs", "helps", "baseline", "parameters"}
    | {"entities", "summary", "benign", "rule_out", "response", "references", "false_positives"}
)


class Level(StrEnum):
    """How much a finding of a hunt matters, were it what it looks like."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for informational up to 4 for critical."""
        return list(Level).index(self)

    def lowered(self) -> "Level":
        """The level below, or the lowest."""
        return list(Level)[max(0, self.rank - 1)]


@dataclass(frozen=True, slots=True)
class Entity:
    """A column that holds an entity's key (or a list of keys), the labels it may have, and its part in the finding."""

    column: str
    labels: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Hunt:
    """A hunt as its file declares it.

    `needs` names kinds of telemetry (`queries/telemetry.toml`): all of the groups, any one within a group. `helps`
    names kinds that make it sharper. `baseline` says that it compares with history, and so has a cold start. `line` is
    where the Cypher begins in the file.
    """

    id: str
    title: str
    description: str
    hypothesis: str
    attack: tuple[str, ...]
    level: Level
    needs: tuple[tuple[str, ...], ...]
    helps: tuple[str, ...]
    baseline: bool
    parameters: tuple[Parameter, ...]
    entities: tuple[Entity, ...]
    summary: str
    benign: tuple[str, ...]
    rule_out: tuple[str, ...]
    response: tuple[str, ...]
    references: tuple[str, ...]
    false_positives: tuple[str, ...]
    columns: tuple[str, ...]
    cypher: str
    line: int
    tactic: str
    file: str

    def values(self, given: Mapping[str, object]) -> dict[str, Value]:
        """The parameters' values: what was given, else the defaults; refuses a name that the hunt does not have."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                has = ", ".join(known) or "none"
                raise ParameterError(f"hunt {self.id} has no parameter {name}; it has {has}")
        return {
            name: parameter.parse(given[name]) if name in given else parameter.default
            for name, parameter in known.items()
        }


def read(path: Path, name: str = "") -> Hunt:
    """Read a hunt file; its folder names the tactic."""
    return parse(path.read_text(encoding="utf-8"), name or path.name, tactic=path.parent.name)


def parse(text: str, file: str, *, tactic: str = "") -> Hunt:
    """Read a hunt from its text; an error names the file, line and field."""
    header, cypher, line = headers.split(text, file)
    for field in header.fields:
        if field not in _FIELDS:
            raise header.error(f"is not a field of a hunt; those are {', '.join(sorted(_FIELDS))}", field)
    hunt = Hunt(
        id=_matching(header, "id", _ID, "small letters and digits between hyphens"),
        title=header.text("title"),
        description=header.text("description"),
        hypothesis=header.text("hypothesis"),
        attack=_techniques(header),
        level=_level(header),
        needs=_needs(header),
        helps=header.texts("helps"),
        baseline=header.flag("baseline"),
        parameters=tuple(_parameter(header, name, fields) for name, fields in header.table("parameters").items()),
        entities=tuple(_entity(header, name, fields) for name, fields in header.table("entities").items()),
        summary=" ".join(header.text("summary").split()),
        benign=header.texts("benign"),
        rule_out=header.texts("rule_out"),
        response=header.texts("response"),
        references=header.texts("references"),
        false_positives=header.texts("false_positives"),
        columns=_columns(cypher, file, line),
        cypher=cypher,
        line=line,
        tactic=tactic,
        file=file,
    )
    _check_columns(hunt, header)
    _check_parameters(hunt, header, line)
    return hunt


def _matching(header: Header, field: str, pattern: re.Pattern[str], expected: str) -> str:
    value = header.text(field)
    if not pattern.fullmatch(value):
        raise header.error(f"{value!r} must be {expected}", field)
    return value


def _techniques(header: Header) -> tuple[str, ...]:
    techniques = header.texts("attack")
    if not techniques:
        raise header.error("must name one ATT&CK technique or more", "attack")
    for technique in techniques:
        if not _TECHNIQUE.fullmatch(technique):
            raise header.error(f"{technique!r} is not an ATT&CK technique's id, such as T1021.002", "attack")
    return techniques


def _level(header: Header) -> Level:
    value = header.text("level")
    if value not in list(Level):
        raise header.error(f"{value!r} must be one of {', '.join(Level)}", "level")
    return Level(value)


def _needs(header: Header) -> tuple[tuple[str, ...], ...]:
    groups = header.fields.get("needs")
    expected = 'must be a list of telemetry kinds, such as ["logon", ["share", "pipe"]] (an inner list: any of)'
    if not isinstance(groups, list) or not groups:
        raise header.error(expected, "needs")
    found: list[tuple[str, ...]] = []
    for group in groups:
        names = group if isinstance(group, list) else [group]
        if not names or not all(isinstance(name, str) and name for name in names):
            raise header.error(expected, "needs")
        found.append(tuple(names))
    return tuple(found)


def _parameter(header: Header, name: str, fields: Mapping[str, Any]) -> Parameter:
    field = f"parameters.{name}"
    if name in COMMON_PARAMETERS:
        raise header.error("is a parameter that every hunt has already", field)
    if extra := fields.keys() - {"type", "default", "help"}:
        raise header.error(f"has no field {', '.join(sorted(extra))}; it has type, default and help", field)
    if fields.get("type") not in list(ParameterType):
        raise header.error(f"needs a type, one of {', '.join(ParameterType)}", field)
    if not isinstance(fields.get("help"), str) or "default" not in fields:
        raise header.error("needs a default and a help", field)
    blank = Parameter(name, ParameterType(fields["type"]), "", fields["help"])
    try:
        return Parameter(name, blank.type, blank.parse(fields["default"]), blank.help)
    except ParameterError as error:
        raise header.error(f"default: {error}", field) from error


def _entity(header: Header, column: str, fields: Mapping[str, Any]) -> Entity:
    field = f"entities.{column}"
    label, role = fields.get("label"), fields.get("role")
    if not isinstance(label, str) or not isinstance(role, str) or fields.keys() - {"label", "role"}:
        raise header.error("needs a label (User, Host, Host|IP …) and a role, nothing else", field)
    labels = tuple(label.split("|"))
    for one in labels:
        if one not in NODES:
            raise header.error(f"{one!r} is not a kind of node; those are {', '.join(NODES)}", field)
    return Entity(column, labels, role)


def _columns(cypher: str, file: str, line: int) -> tuple[str, ...]:
    """The names that the last RETURN gives its columns."""
    code = _QUOTED.sub("''", cypher)
    places = list(_RETURN.finditer(code))
    if not places:
        raise HuntError("returns nothing", file=file, line=line)
    names = tuple(match[1] for match in _ALIAS.finditer(code[places[-1].end() :].strip().rstrip(";")))
    if len(set(names)) != len(names):
        raise HuntError("returns two columns of one name", file=file, line=line)
    return names


def _check_columns(hunt: Hunt, header: Header) -> None:
    if not hunt.entities:
        raise header.error("must name one column or more, such as [entities.user]", "entities")
    for entity in hunt.entities:
        if entity.column not in hunt.columns:
            raise header.error("is not a column that the query returns", f"entities.{entity.column}")
    for column in ("first_seen", "last_seen", "evidence"):
        if column not in hunt.columns:
            raise HuntError(f"must return {column}", file=hunt.file, line=header.line_of("id"))
    for name in fields_of(hunt.summary):
        if name not in hunt.columns:
            raise header.error(f"{{{name}}} is not a column that the query returns", "summary")


def _check_parameters(hunt: Hunt, header: Header, line: int) -> None:
    declared = {parameter.name for parameter in hunt.parameters}
    used: dict[str, int] = {}
    for number, row in enumerate(_QUOTED.sub("''", hunt.cypher).splitlines(), line):
        for match in _USED.finditer(row):
            used.setdefault(match[1], number)
    for name, number in used.items():
        if name not in declared | COMMON_PARAMETERS:
            raise HuntError(f"${name} is not a parameter of the hunt", file=hunt.file, line=number)
    for name in declared - used.keys():
        raise header.error("is not used by the query", f"parameters.{name}")
    if "scope" not in used:
        raise HuntError("must narrow its rows by $scope", file=hunt.file, line=line)
