"""Writes hunts and detections as Sigma rules for others' tools, and says what that loses."""

import re
import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from graph_hunt.casework.detections.detection import Detection, Kind
from graph_hunt.casework.indicators.repository import kept
from graph_hunt.casework.indicators.value import Kind as Value
from graph_hunt.casework.state import State
from graph_hunt.events.countries import read_countries
from graph_hunt.hunting import library
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.parameter import Value as Given

_NAMES = uuid.UUID("0f6c1a52-6d0c-4e0b-8f42-0f4f0c4f6f0e")
_HOLE = re.compile(r"\{([a-z_]+)(:span)?\}")
_SPANS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"))
_MOST = 10_000
"""Indicators of a kind in one rule."""
_FIELDS = {
    Value.DOMAIN: ({"category": "dns"}, "query|endswith"),
    Value.URL: ({"category": "proxy"}, "c-uri"),
    Value.IP: ({"category": "firewall"}, "dst_ip"),
    Value.NETWORK: ({"category": "firewall"}, "dst_ip|cidr"),
    Value.HASH: ({"product": "windows", "category": "process_creation"}, "Hashes|contains"),
    Value.FILE_NAME: ({"product": "windows", "category": "process_creation"}, "Image|endswith"),
}
_LEVELS = {"informational", "low", "medium", "high", "critical"}


@dataclass(frozen=True, slots=True)
class Written:
    """Rules as YAML documents; '' where there are none, and `lost` says why."""

    text: str
    lost: tuple[str, ...]


def of_hunt(id: str, parameters: Mapping[str, object] | None = None) -> Written:
    """Write a hunt with its parameters."""
    (hunt,) = library.find([id])
    if (template := _templates().get(hunt.id)) is None:
        return Written("", (_why_not(hunt),))
    values = hunt.values(parameters or {})
    return Written(_documents(hunt, template, values), tuple(template["lost"]))


def exported(detection: Detection, root: Path, state: State) -> Written:
    """Write a detection."""
    match detection.kind:
        case Kind.HUNT:
            written = of_hunt(detection.subject, detection.parameters)
            scoped = (f"the scope: {', '.join(detection.scope)}",) if detection.scope else ()
            return Written(written.text, (*written.lost, *scoped) if written.text else written.lost)
        case Kind.SIGMA:
            return Written(detection.subject, ())
        case Kind.COUNTRIES:
            codes = read_countries(root).high_risk
            lost = ("expected countries", "ways out", "sign-ins to anything but Entra")
            return of_list(detection.title, codes, lost)
        case Kind.INDICATORS:
            return _of_indicators(state)


def of_list(title: str, countries: Sequence[str], lost: tuple[str, ...]) -> Written:
    """Write sign-ins from a list of countries."""
    if not countries:
        return Written("", ("no country is of high risk",))
    where = {"product": "azure", "service": "signinlogs"}
    detection = {"selection": {"Location": list(countries)}, "condition": "selection"}
    return Written(_yaml([_rule(title, "countries", where, detection, "high", ("T1078.004",))]), lost)


def templates() -> tuple[str, ...]:
    """Name the hunts that can be written."""
    return tuple(_templates())


@cache
def _templates() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "hunts.toml").read_text("utf-8"))


def _why_not(hunt: Hunt) -> str:
    if hunt.baseline:
        return "it compares with history, which Sigma has no words for"
    return "it follows ways through the graph, which Sigma has no words for"


def _documents(hunt: Hunt, template: Mapping[str, Any], values: Mapping[str, Given]) -> str:
    correlations = template.get("correlations", [])
    documents = []
    for one in template["rules"]:
        detection = _filled(one["detection"], values)
        level = "informational" if correlations else hunt.level.value
        title = (
            f"{hunt.title}: {one['name'].replace('_', ' ')}"
            if correlations or len(template["rules"]) > 1
            else hunt.title
        )
        rule = _rule(title, f"{hunt.id}/{one['name']}", one["logsource"], detection, level, hunt.attack)
        documents.append(
            {**rule, "name": _named(hunt, one["name"]), "falsepositives": list(hunt.benign) or ["unknown"]}
        )
    for number, one in enumerate(correlations, 1):
        last = number == len(correlations)
        documents.append(_correlation(hunt, _filled(one, values), last))
    return _yaml(documents)


def _correlation(hunt: Hunt, one: Mapping[str, Any], last: bool) -> dict[str, Any]:
    said = {key: value for key, value in one.items() if key not in ("name", "rules")}
    return {
        "title": hunt.title if last else f"{hunt.title}: {one['name'].replace('_', ' ')}",
        "id": str(uuid.uuid5(_NAMES, f"{hunt.id}/{one['name']}")),
        "name": _named(hunt, one["name"]),
        "status": "experimental",
        "description": " ".join(hunt.description.split()),
        "author": "graph-hunt",
        "tags": list(_tags(hunt.attack)),
        "correlation": {"type": said.pop("type"), "rules": [_named(hunt, name) for name in one["rules"]], **said},
        "falsepositives": list(hunt.benign) or ["unknown"],
        "level": hunt.level.value if last else "informational",
    }


def _rule(
    title: str, name: str, where: Mapping[str, str], detection: Mapping[str, Any], level: str, attack: Sequence[str]
) -> dict[str, Any]:
    return {
        "title": title[:256],
        "id": str(uuid.uuid5(_NAMES, name)),
        "status": "experimental",
        "author": "graph-hunt",
        "tags": list(_tags(attack)),
        "logsource": dict(where),
        "detection": dict(detection),
        "level": level if level in _LEVELS else "medium",
    }


def _tags(attack: Sequence[str]) -> Iterator[str]:
    yield from (f"attack.{technique.lower()}" for technique in attack)


def _named(hunt: Hunt, name: str) -> str:
    return f"{hunt.id}_{name}".replace("-", "_")


def _filled(value: Any, values: Mapping[str, Given]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, values) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values) for one in value]
    if isinstance(value, str) and (hole := _HOLE.fullmatch(value)):
        given = values[hole[1]]
        return _span(int(str(given))) if hole[2] else given
    return value


def _span(milliseconds: int) -> str:
    """Write a span as Sigma does: a whole number of one unit.

    >>> _span(5_400_000)
    '90m'
    """
    unit, letter = next((one for one in _SPANS if milliseconds % one[0] == 0), _SPANS[-1])
    return f"{max(1, milliseconds // unit)}{letter}"


def _of_indicators(state: State) -> Written:
    found: dict[Value, list[str]] = {}
    for one in kept(state):
        found.setdefault(one.indicator.value.kind, []).append(one.indicator.value.text)
    documents, lost = [], ["validity, confidence and source of each"]
    for kind, texts in sorted(found.items()):
        if kind not in _FIELDS:
            lost.append(f"{len(texts)} of the kind {kind.value}")
            continue
        where, field = _FIELDS[kind]
        if len(texts) > _MOST:
            lost.append(f"{len(texts) - _MOST} of the kind {kind.value}: a rule holds {_MOST}")
        values = [f"\\{text}" if kind is Value.FILE_NAME else text for text in texts[:_MOST]]
        detection = {"selection": {field: values}, "condition": "selection"}
        documents.append(_rule(f"Indicators: {kind.value}", f"indicators/{kind.value}", where, detection, "medium", ()))
    return Written(_yaml(documents) if documents else "", tuple(lost) if documents else ("there is no indicator",))


def _yaml(documents: Sequence[Mapping[str, Any]]) -> str:
    return str(yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=120))
