"""A value of another type than the documentation says costs at most its own record."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from graph_hunt.events.source import Loader
from graph_hunt.loaders import alerts, defender, ecs, entra, google_workspace, m365, ocsf, okta, zeek
from tests.paths import SAMPLES
from tests.sources import Content, read

ODD: tuple[Any, ...] = (None, 7, -1.5, True, "", "x", "[1]", [], [7], [None], ["x"], {}, {"x": 1}, [{}], 1 << 70)
FILES = (
    ("m365/management_activity.jsonl", m365.LOADER),
    ("entra/azure_monitor.jsonl", entra.LOADER),
    ("defender/event_hub.jsonl", defender.LOADER),
    ("google_workspace/activities.jsonl", google_workspace.LOADER),
    ("okta/system_log.json", okta.LOADER),
    ("ecs/documents.jsonl", ecs.LOADER),
    ("ocsf/events.jsonl", ocsf.LOADER),
    ("zeek/corelight.json", zeek.LOADER),
    ("zeek/kerberos.json", zeek.LOADER),
    ("alerts/hayabusa.jsonl", alerts.LOADER),
    ("alerts/chainsaw.json", alerts.LOADER),
)


def records(name: str) -> list[dict[str, Any]]:
    content = (SAMPLES / name).read_text()
    return json.loads(content) if content.startswith("[") else [json.loads(line) for line in content.splitlines()]


def altered(value: Any, depth: int = 0) -> Iterator[Any]:
    """The value with each of what lies inside replaced by each odd value, one at a time."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(inside):
        copy = value.copy()
        for odd in ODD:
            copy[key] = odd
            yield copy
        if depth < 3:
            for other in altered(inner, depth + 1):
                copy[key] = other
                yield copy
        value = value.copy()


@pytest.mark.parametrize(("name", "loader"), FILES, ids=[name for name, _ in FILES])
def test_an_odd_value_costs_at_most_its_record(name: str, loader: Loader) -> None:
    for record in records(name):
        lines = [json.dumps(record), *(json.dumps(other) for other in altered(record))]
        found = read(loader, Content("\n".join(lines).encode()))
        assert found.records == len(lines)
