"""Every hunt of the library, shown on telemetry that fires it and on telemetry that must not, on both engines."""

from pathlib import Path

import pytest

from graph_hunt.graph.store import GraphStore
from graph_hunt.hunting import attack, library
from graph_hunt.hunting.hunt import Hunt
from tests import hunt_cases

HUNTS = library.all_hunts()
IDS = [hunt.id for hunt in HUNTS]


@pytest.mark.parametrize("hunt", IDS)
def test_telemetry_that_fires_the_hunt_gives_its_findings(hunt: str, graph_store: GraphStore, tmp_path: Path) -> None:
    done, findings = hunt_cases.run(hunt, hunt_cases.telemetry(hunt, "fires"), graph_store, tmp_path)
    expected = hunt_cases.expected(hunt)
    assert done.state == "done"
    assert done.cold_start == expected.get("cold_start", False)
    assert findings, "fires.* must fire"
    assert findings == expected["findings"]


@pytest.mark.parametrize("hunt", IDS)
def test_the_nearest_benign_telemetry_does_not_fire_the_hunt(
    hunt: str, graph_store: GraphStore, tmp_path: Path
) -> None:
    done, findings = hunt_cases.run(hunt, hunt_cases.telemetry(hunt, "quiet"), graph_store, tmp_path)
    assert done.state == "done", done.notes
    assert findings == []


@pytest.mark.parametrize("hunt", HUNTS, ids=IDS)
def test_a_hunt_argues_with_itself_and_says_what_to_do(hunt: Hunt) -> None:
    assert hunt.benign, "could be benign if …"
    assert hunt.rule_out, "to rule that out …"
    assert hunt.response
    assert hunt.references
    assert "isses" in hunt.description, "the description says what the hunt misses"


@pytest.mark.parametrize("hunt", HUNTS, ids=IDS)
def test_a_hunts_techniques_are_in_attack_and_neither_revoked_nor_deprecated(hunt: Hunt) -> None:
    assert [technique for technique in hunt.attack if technique not in attack.techniques()] == []


def test_attack_is_there_whole() -> None:
    assert len(attack.techniques()) == 691
    assert [tactic.name for tactic in attack.tactics()][7:10] == ["Credential Access", "Discovery", "Lateral Movement"]
    assert attack.techniques()["T1021.002"].name == "SMB/Windows Admin Shares"
    assert {short for one in attack.techniques().values() for short in one.tactics} == {
        tactic.short for tactic in attack.tactics()
    }


@pytest.mark.parametrize("hunt", HUNTS, ids=IDS)
def test_a_scope_without_the_findings_entities_leaves_nothing(
    hunt: Hunt, graph_store: GraphStore, tmp_path: Path
) -> None:
    done, _ = hunt_cases.run(hunt.id, hunt_cases.telemetry(hunt.id, "fires"), graph_store, tmp_path, scope=["nobody"])
    assert done.findings == ()
