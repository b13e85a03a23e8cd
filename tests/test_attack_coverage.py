"""What of ATT&CK the hunts see: the matrix, the openings, the Navigator's layer, the page."""

import json
from pathlib import Path

from graph_hunt.hunting import attack, library
from graph_hunt.hunting.coverage import State, coverage, layer
from graph_hunt.hunting.coverage.page import page
from tests.commands import answer, run
from tests.paths import ROOT

LOGONS = {("authentication", "Security/4624"): 3}


def states(codes: dict[tuple[str, str], int]) -> dict[str, State]:
    return {one.technique.id: one.state for one in coverage(codes).techniques}


def test_every_technique_of_attack_is_there_once_and_every_hunts_has_it() -> None:
    found = coverage({})
    assert [one.technique.id for one in found.techniques] == list(attack.techniques())
    named = {one.technique.id for one in found.techniques if one.hunts}
    assert named == {technique for hunt in library.all_hunts() for technique in hunt.attack}
    assert set(states({}).values()) == {State.BLIND, State.NO_HUNT}


def test_what_was_loaded_opens_hunts() -> None:
    found = states(LOGONS)
    assert found["T1021"] is State.PARTLY, "first-logon sees, explicit-credentials needs 4648"
    assert found["T1078.002"] is State.SEEN
    assert found["T1003.006"] is State.BLIND
    assert found["T1595"] is State.NO_HUNT


def test_an_opening_names_what_one_log_would_open_alone_or_with_others() -> None:
    openings = {one.telemetry.name: one for one in coverage(LOGONS).openings}
    assert openings["directory_access"].hunts == ("dcsync",)
    assert openings["directory_access"].techniques == ("T1003.006", "T1207")
    assert "Audit Directory Service Access" in openings["directory_access"].telemetry.opens
    assert openings["service_ticket"].parts == ("forged-ticket",)
    assert "kerberoast" in openings["service_ticket"].hunts
    assert "logon" not in openings


def test_the_layer_is_the_navigators() -> None:
    made = layer(coverage(LOGONS))
    assert made["domain"] == "enterprise-attack"
    assert made["versions"] == {"attack": "18", "navigator": "5.1.0", "layer": "4.5"}
    by_id = {one["techniqueID"]: one for one in made["techniques"]}
    assert len(by_id) == len(made["techniques"])
    assert by_id.keys() <= attack.techniques().keys()
    assert (by_id["T1078.002"]["score"], by_id["T1003.006"]["score"]) == (100, 0)
    assert by_id["T1003.006"]["comment"].startswith("dcsync: needs use of directory rights on domain controllers")


def test_the_version_is_that_of_the_table() -> None:
    table = (ROOT / "graph_hunt" / "hunting" / "attack" / attack.FILE).read_text(encoding="utf-8")
    assert f"Enterprise {attack.VERSION}:" in table.splitlines()[0]


def test_the_page_is_made_from_the_hunts() -> None:
    written = (ROOT / "docs" / "attack.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m graph_hunt.hunting.coverage > docs/attack.md"


def test_the_command_prints_the_matrix_and_writes_the_layer(tmp_path: Path) -> None:
    place = tmp_path / "layer.json"
    done = run("coverage", "-w", tmp_path / "none", "--navigator", place)
    assert done.returncode == 0, done.stderr
    assert "cannot see" in done.stdout
    assert "What would open more" in done.stdout
    assert {one["score"] for one in json.loads(place.read_text())["techniques"]} == {0}
    found = answer("coverage", "-w", tmp_path / "none", "--format", "json")
    assert found["attack"] == "18.1"
    column = next(one for one in found["tactics"] if one["short"] == "lateral-movement")
    assert (column["name"], column["seen"], column["partly"]) == ("Lateral Movement", 0, 0)
    assert len(found["techniques"]) == 691
