"""The scenario of `scripts/case-scenario`: from the trigger to the report, and an indicator that fires later."""

import json
import subprocess
from pathlib import Path

import pytest

from graph_hunt.casework.cases import Answer, Evidence, Judged, Verdict, get
from graph_hunt.casework.state import State
from tests.commands import answer, environment
from tests.paths import DATA, ROOT, SHARED

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="no shared telemetry here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script leaves."""
    made = tmp_path_factory.mktemp("scenario") / "case"
    script = ROOT / "scripts" / "case-scenario"
    done = subprocess.run([script, made, SHARED], capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def test_every_step_is_answered(folder: Path) -> None:
    state = State.open(folder / "workspace" / "state.db")
    case = get(state, 1)
    state.close()
    assert {one.entry.step: one.entry.state for one in case.each(Answer)} == {
        "message": "found",
        "recipients": "found",
        "sign-in-places": "found",
        "authentication": "found",
        "mailbox-clients": "found",
        "mailbox-automation": "found",
        "scheduled-tasks": "found",
        "external-sends": "found",
        "blast-radius": "found",
    }
    assert case.head.verdict is Verdict.CONFIRMED
    kept = {one.entry.finding["hunt"] for one in case.each(Judged) if one.entry.judgement == "kept"}
    assert {"phishing/signed-in-from", "phishing/clients", "external-forwarding", "impossible-travel"} <= kept
    assert {one.entry.basis for one in case.each(Evidence)} == {"raw"}


def test_what_the_case_taught_fires_on_a_later_load(folder: Path) -> None:
    found = answer("indicator", "list", "--json", "-w", folder / "workspace")
    # Two messages at first, and the one that came when the case had taught its links.
    assert {(one["kind"], one["sources"][0], one["sightings"]) for one in found} == {("url", "case 1", 3)}
    assert all("service.esv.info" in one["value"] for one in found)


def test_the_reports_are_written(folder: Path) -> None:
    french = (folder / "report-fr.md").read_text(encoding="utf-8")
    for heading in (
        "Synthèse",
        "Chronologie",
        "Chemin et rayon d'impact",
        "Ce qui n'a pas pu être vu",
        "Données chargées",
    ):
        assert f"## {heading}\n" in french
    assert "joey@dutchmasterz.onmicrosoft.com a été utilisé depuis 34.99.76.45" in french
    assert (folder / "report-fr.pdf").read_bytes().startswith(b"%PDF-")
    assert '<html lang="en">' in (folder / "report-en.html").read_text(encoding="utf-8")
    lines = (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["class_uid"] for line in lines} == {2004}
    assert json.loads((folder / "alert.json").read_text(encoding="utf-8"))["sourceRef"] == "case-1"
