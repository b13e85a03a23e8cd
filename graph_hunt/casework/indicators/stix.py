"""Writes indicators as a STIX 2.1 bundle that `reading` reads back to the same."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import stix2

from graph_hunt.casework.indicators.indicator import TLP
from graph_hunt.casework.indicators.repository import Kept
from graph_hunt.casework.indicators.value import Kind, Value

SOURCE = "graph-hunt:source="
"""Begins the label that says who named an indicator."""
_NAMES = uuid.UUID("7d0f1ff3-6f0e-4f0b-9a5d-2f2b0c1d6a52")
_OURS = f"identity--{uuid.uuid5(_NAMES, 'graph-hunt')}"
_HASHES = {32: "MD5", 40: "'SHA-1'", 64: "'SHA-256'"}
_TLP_ID = {
    "clear": "94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "e828b379-4e03-4974-9ac4-e53a884c97c1",
}
"""TLP 2.0's marking definitions, as OASIS numbered them."""
_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"


def as_stix(indicators: Iterable[Kept], *, sightings: bool = False) -> str:
    """Write a bundle of indicators, with their markings; with `sightings` also how often and when each was met."""
    given = list(indicators)
    used = [word for word in TLP if any(one.indicator.tlp == word for one in given)]
    objects: list[Any] = [_identity(), *(_marking(word) for word in used)]
    for one in given:
        objects.append(_indicator(one))
        if sightings and one.sightings and one.first is not None and one.last is not None:
            objects.append(_sighting(one))
    # The same indicators give the same bundle.
    name = uuid.uuid5(_NAMES, "\n".join(str(one["id"]) for one in objects))
    bundle = stix2.Bundle(objects=objects, id=f"bundle--{name}", allow_custom=True)
    return str(bundle.serialize(pretty=True)) + "\n"


def pattern(value: Value) -> str:
    """Write a value as a STIX pattern.

    >>> pattern(Value(Kind.SUBJECT, "*invoice's*"))
    "[email-message:subject LIKE '%invoice\\\\'s%']"
    """
    text = value.text.replace("\\", "\\\\").replace("'", "\\'")
    family = "ipv6" if ":" in value.text else "ipv4"
    match value.kind:
        case Kind.IP:
            return f"[{family}-addr:value = '{text}']"
        case Kind.NETWORK:
            return f"[{family}-addr:value ISSUBSET '{text}']"
        case Kind.DOMAIN:
            return f"[domain-name:value = '{text}']"
        case Kind.URL:
            return f"[url:value = '{text}']"
        case Kind.MAIL:
            return f"[email-addr:value = '{text}']"
        case Kind.HASH:
            return f"[file:hashes.{_HASHES[len(value.text)]} = '{text}']"
        case Kind.FILE_NAME:
            return f"[file:name = '{text}']"
        case Kind.SUBJECT if "*" in text:
            return f"[email-message:subject LIKE '{text.replace('*', '%')}']"
        case Kind.SUBJECT:
            return f"[email-message:subject = '{text}']"


def _identity() -> Any:
    at = "2024-01-01T00:00:00.000Z"
    return stix2.Identity(id=_OURS, name="graph-hunt", identity_class="system", created=at, modified=at)


def _marking(word: str) -> Any:
    said = {"extension_type": "property-extension", "tlp_2_0": word}
    marking = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{_TLP_ID[word]}",
        "created": "2022-10-01T00:00:00.000Z",
        "name": f"TLP:{word.upper()}",
        "extensions": {_TLP_EXTENSION: said},
    }
    return stix2.parse(marking, allow_custom=True)


def _id(kind: str, value: Value) -> str:
    return f"{kind}--{uuid.uuid5(_NAMES, f'{value.kind}|{value.text}')}"


def _indicator(one: Kept) -> Any:
    said, added = one.indicator, _time(one.added)
    begin = said.since if said.since is not None else _before(one.added, said.until)
    fields: dict[str, Any] = {
        "id": _id("indicator", said.value),
        "created": added,
        "modified": added,
        "created_by_ref": _OURS,
        "name": f"{said.value.kind.value.replace('_', ' ')} {said.value.text}",
        "indicator_types": ["malicious-activity"],
        "pattern": pattern(said.value),
        "pattern_type": "stix",
        "valid_from": _time(begin),
        "labels": list(_labels(one)),
    }
    fields |= {"valid_until": _time(said.until)} if said.until is not None else {}
    fields |= {"confidence": said.confidence} if said.confidence is not None else {}
    fields |= {"object_marking_refs": [f"marking-definition--{_TLP_ID[said.tlp]}"]} if said.tlp in _TLP_ID else {}
    return stix2.Indicator(**{name: value for name, value in fields.items() if value != []})


def _labels(one: Kept) -> Iterator[str]:
    yield from one.indicator.techniques
    yield from (SOURCE + source for source in one.indicator.sources)
    if one.indicator.since is None:
        yield UNBOUNDED


UNBOUNDED = "graph-hunt:no-beginning"
"""Says that `valid_from`, which STIX demands, was not known."""


def _before(added: int, until: int | None) -> int:
    # STIX wants an end after its beginning.
    return added if until is None or until > added else until - 1


def _sighting(one: Kept) -> Any:
    value, added = one.indicator.value, _time(one.added)
    return stix2.Sighting(
        id=_id("sighting", value),
        created=added,
        modified=added,
        created_by_ref=_OURS,
        sighting_of_ref=_id("indicator", value),
        count=one.sightings,
        first_seen=_time(one.first),
        last_seen=_time(one.last),
    )


def _time(at: int | None) -> str:
    moment = datetime.fromtimestamp((at or 0) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
