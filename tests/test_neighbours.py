"""For neighbours: OCSF that the OCSF loader reads back, TheHive's alert, MISP's event."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_hunt.casework.cases import Case, Feedback, Judged, add, get, open_case
from graph_hunt.casework.cases.answering import answer
from graph_hunt.casework.cases.entries import Judgement
from graph_hunt.casework.cases.running import judge
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.reading import read_file
from graph_hunt.casework.neighbours import as_misp_event, as_ocsf, as_thehive
from graph_hunt.hunting.finding import restored
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.case_stories import opened
from tests.commands import run
from tests.phishing_story import ANN, OUTSIDE, write
from tests.test_case_templates import GIVEN, PHISHING


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A workspace with the phishing."""
    folder = tmp_path_factory.mktemp("neighbours")
    made = Settings(folder / "w")
    with Workspace.open(made) as workspace:
        workspace.load([write(folder / "telemetry")])
    return made


@pytest.fixture(scope="module")
def case(settings: Settings) -> Iterator[Case]:
    """Its case, answered; what is merely low is dismissed."""
    with opened(settings) as (state, workspace):
        id = open_case(state, PHISHING.opening(GIVEN), who="ann").head.id
        list(answer(state, workspace, id, PHISHING, who="ann"))
        for one in get(state, id).each(Judged):
            grave = one.entry.finding["level"] in ("high", "medium")
            made = Judgement.KEPT if grave else Judgement.DISMISSED
            judge(state, id, one.entry.id, made, "usual", who="ann")
        add(state, id, Feedback("indicator", "evil[.]example"), who="ann")
        yield get(state, id)


def test_a_finding_is_a_detection_finding(case: Case) -> None:
    entry = next(one.entry for one in case.each(Judged) if one.entry.finding["hunt"] == "phishing/signed-in-from")
    written = as_ocsf(restored(entry.finding), judgement=entry.judgement, because=entry.because)
    assert (written["class_uid"], written["category_uid"], written["type_uid"]) == (2004, 2, 200401)
    assert (written["severity_id"], written["severity"]) == (4, "High")
    assert (written["status_id"], written["status"], written["comment"]) == (2, "In Progress", "usual")
    info = written["finding_info"]
    assert (info["uid"], info["analytic"]["uid"]) == (entry.id, "phishing/signed-in-from")
    assert info["attacks"][0]["sub_technique"] == {"uid": "T1078.004", "name": "Cloud Accounts"}
    assert info["attacks"][0]["technique"] == {"uid": "T1078"}
    assert {"uid": "TA0001", "name": "Initial Access"} in info["attacks"][0]["tactics"]
    assert {(one["type_id"], one["value"]) for one in written["observables"]} == {(4, ANN), (2, OUTSIDE)}
    assert written["evidences"]
    assert json.loads(json.dumps(written)) == written


def test_what_is_written_as_ocsf_is_read_as_ocsf(case: Case, tmp_path: Path) -> None:
    findings = [restored(one.entry.finding) for one in case.each(Judged)]
    lines = [json.dumps(as_ocsf(one)) + "\n" for one in findings]
    (tmp_path / "findings.jsonl").write_text("".join(lines), encoding="utf-8")
    with Workspace.open(Settings(tmp_path / "w")) as workspace:
        report = workspace.load([tmp_path / "findings.jsonl"]).report
        assert [(one.loader, one.records, one.used) for one in report.sources] == [("ocsf", len(lines), len(lines))]
        with workspace.events.connection() as connection:
            rows = connection.execute("SELECT DISTINCT title, level FROM alert ORDER BY title").fetchall()
    assert ("Account used from the attacker's address", "high") in rows


def test_thehive_gets_an_alert_with_observables(case: Case) -> None:
    alert: dict[str, Any] = as_thehive(case)
    assert (alert["sourceRef"], alert["severity"], alert["tlp"]) == (f"case-{case.head.id}", 3, 2)
    assert "attack:T1114.003" in alert["tags"]
    told = {(one["dataType"], one["data"]): one["ioc"] for one in alert["observables"]}
    assert told["ip", OUTSIDE] is True
    assert told["url", "https://evil.example/login"] is True
    assert told["mail", "bob@corp.example"] is False
    assert told["other", ANN] is False
    assert "Could not be seen: " in alert["description"]


def test_misp_gets_what_is_the_attackers_and_reads_back(case: Case, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(as_misp_event(case), encoding="utf-8")
    read = [one for one in read_file(tmp_path / "event.json", "") if isinstance(one, Indicator)]
    values = {one.value.text for one in read}
    assert {OUTSIDE, "billing@evil.example", "https://evil.example/login", "evil.example", "x@evil.example"} == values


def test_the_commands_write_them(case: Case, settings: Settings) -> None:
    place = ("-w", settings.workspace)
    lines = run("case", "export", str(case.head.id), *place).stdout.splitlines()
    assert len(lines) == len(case.each(Judged))
    alert = json.loads(run("case", "export", str(case.head.id), "--format", "thehive", *place).stdout)
    assert alert["type"] == "graph-hunt"
    hunted = run("export", "ocsf", "external-forwarding", *place)
    assert [json.loads(line)["class_uid"] for line in hunted.stdout.splitlines()] == [2004]
