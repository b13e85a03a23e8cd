"""What a hunt is narrowed to: entities, what carries a tag, what is near an entity or a finding."""

from pathlib import Path

import pytest

from graph_hunt.errors import ParameterError, UnknownEntity
from graph_hunt.events.store import EventStore
from graph_hunt.graph.entity import Entity, facts
from graph_hunt.graph.scope import vicinity
from graph_hunt.graph.store import GraphStore
from graph_hunt.workspace.preferences import Preferences
from graph_hunt.workspace.workspace import Workspace
from tests import hunt_cases
from tests.commands import answer, run

TAGS = """
[finance]
users = ["corp\\\\adm-bob"]
[ot]
hosts = ["srv1*"]
[otter]
hosts = ["ws5*"]
"""


def hosts(near: dict[Entity, int]) -> dict[str, int]:
    """The hosts that are near, with the steps."""
    return {entity.key: hop for entity, hop in near.items() if entity.label == "Host"}


@pytest.fixture
def loaded(graph_store: GraphStore, tmp_path: Path) -> Workspace:
    """A workspace that holds what fires the hunt remote-execution, with tags."""
    tmp_path.joinpath("tags.toml").write_text(TAGS)
    workspace = Workspace(tmp_path, Preferences(), EventStore.open(tmp_path / "events"), graph_store)
    workspace.load(hunt_cases.telemetry("remote-execution", "fires"))
    return workspace


def test_a_tag_or_a_zone_stands_for_all_that_carry_it(loaded: Workspace) -> None:
    assert loaded.scope(["tag:finance"]) == ("corp\\adm-bob",)
    assert loaded.scope(["zone:ot"]) == ("srv1.corp.example",), "otter is another tag"
    assert loaded.scope(["host:srv1", "CORP\\adm-bob", "tag:ot"]) == ("srv1.corp.example", "corp\\adm-bob")
    assert loaded.scope([]) == ()


def test_what_carries_tags_says_so(loaded: Workspace) -> None:
    assert facts(loaded.graph, "User", ["corp\\adm-bob"])["corp\\adm-bob"]["tags"] == "finance"


def test_a_tag_that_nothing_carries_is_refused_with_those_that_are(loaded: Workspace) -> None:
    with pytest.raises(UnknownEntity, match="near it: tag:finance, tag:ot"):
        loaded.scope(["tag:sales"])


def test_what_is_near_is_counted_in_steps(loaded: Workspace) -> None:
    (start,) = loaded.entities(["CORP\\adm-bob"])
    assert hosts(vicinity(loaded.graph, [start], 1)) == {
        "srv1.corp.example": 1,
        "srv2.corp.example": 1,
        "ws5.corp.example": 1,
    }
    assert hosts(vicinity(loaded.graph, [start], 2)) == {
        "srv1.corp.example": 1,
        "srv2.corp.example": 1,
        "ws5.corp.example": 1,
        "dc1.corp.example": 2,
        "ws3": 2,
    }
    assert vicinity(loaded.graph, [start], 2, until=0) == {start: 0}


def test_nothing_is_looked_for_beyond_a_hub(loaded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph_hunt.graph.scope.HUB", 1)
    (start,) = loaded.entities(["CORP\\adm-bob"])
    assert hosts(vicinity(loaded.graph, [start], 2)) == {}


def test_steps_are_bounded(loaded: Workspace) -> None:
    with pytest.raises(ParameterError, match="from 1 to 4"):
        vicinity(loaded.graph, [Entity("User", "corp\\adm-bob", "")], 9)


def test_hunts_run_around_an_entity_and_around_a_finding(tmp_path: Path) -> None:
    assert run("load", *hunt_cases.telemetry("remote-execution", "fires"), "-w", tmp_path).returncode == 0
    everything = answer("hunt", "--all", "-f", "json", "-w", tmp_path)
    near = answer("hunt", "--around", "CORP\\adm-bob", "--hops", "1", "-f", "json", "-w", tmp_path)
    assert {one["id"] for one in near} < {one["id"] for one in everything}
    assert all({"corp\\adm-bob", "srv1.corp.example"} & {entity["key"] for entity in one["entities"]} for one in near)
    again = run("hunt", "--around", near[0]["id"], "--hops", "1", "-w", tmp_path)
    assert near[0]["summary"][:20] in again.stdout.replace("\n", " ")
    assert "within 1 step of" in again.stderr
    assert run("hunt", "--around", "nobody", "-w", tmp_path).returncode == 1
