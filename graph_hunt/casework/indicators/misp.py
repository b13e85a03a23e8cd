"""Writes indicators as a MISP event that `reading` reads back to the same."""

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from graph_hunt.casework.indicators.indicator import TLP
from graph_hunt.casework.indicators.repository import Kept
from graph_hunt.casework.indicators.value import Kind, Value

SOURCE, CONFIDENCE = "graph-hunt:source=", "graph-hunt:confidence="
"""Begin the tags that say who named a value, and how sure that is."""
NO_TLP = "graph-hunt:no-tlp"
"""Says that an attribute has no TLP, though its event has."""
_NAMES = uuid.UUID("b9f8f0cc-0f6f-4f3e-8f4e-0a4be0ad6a3c")
_KINDS = {
    Kind.IP: ("ip-dst", "Network activity"),
    Kind.NETWORK: ("ip-dst", "Network activity"),
    Kind.DOMAIN: ("domain", "Network activity"),
    Kind.URL: ("url", "Network activity"),
    Kind.MAIL: ("email", "Payload delivery"),
    Kind.FILE_NAME: ("filename", "Payload delivery"),
    Kind.SUBJECT: ("email-subject", "Payload delivery"),
}
_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}


def as_misp(indicators: Iterable[Kept], *, title: str = "graph-hunt indicators") -> str:
    """Write one event with an attribute for each indicator, marked for detection."""
    given = list(indicators)
    at = max((one.added for one in given), default=0)
    strictest = max((TLP.index(one.indicator.tlp) for one in given if one.indicator.tlp in TLP), default=None)
    event = {
        "uuid": str(uuid.uuid5(_NAMES, "\n".join(one.indicator.value.id for one in given))),
        "info": title,
        "date": datetime.fromtimestamp(at / 1000, UTC).date().isoformat(),
        "timestamp": str(at // 1000),
        "threat_level_id": "4",
        "analysis": "2",
        "distribution": "0",
        "published": False,
        "Orgc": {"name": "graph-hunt", "uuid": str(uuid.uuid5(_NAMES, "graph-hunt"))},
        "Tag": [] if strictest is None else [{"name": f"tlp:{TLP[strictest]}"}],
        "Attribute": [_attribute(one) for one in given],
    }
    return json.dumps({"Event": event}, indent=2) + "\n"


def _attribute(one: Kept) -> dict[str, Any]:
    said = one.indicator
    type, category = _type(said.value)
    tags = [*said.techniques, *(SOURCE + source for source in said.sources)]
    tags += [f"{CONFIDENCE}{said.confidence}"] if said.confidence is not None else []
    tags += [f"tlp:{said.tlp}"] if said.tlp else [NO_TLP]
    attribute = {
        "uuid": str(uuid.uuid5(_NAMES, said.value.id)),
        "type": type,
        "category": category,
        "value": said.value.text,
        "to_ids": True,
        "timestamp": str(one.added // 1000),
        "comment": f"met {one.sightings} times" if one.sightings else "",
        "Tag": [{"name": tag} for tag in tags],
    }
    attribute |= {"first_seen": _time(said.since)} if said.since is not None else {}
    return attribute | ({"last_seen": _time(said.until)} if said.until is not None else {})


def _type(value: Value) -> tuple[str, str]:
    if value.kind is Kind.HASH:
        return _HASHES[len(value.text)], "Payload delivery"
    return _KINDS[value.kind]


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="microseconds")
