"""Ranking a workspace: what is an incident, how it is explained, the budget, the false discovery rate, the command."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph_hunt.events.resolve import resolve
from graph_hunt.hunting.ranking import Incident, Logons, Question, Ranked, collect, kept
from graph_hunt.hunting.ranking.calibration import p_values, q_values
from tests.commands import answer, run
from tests.identity_events import DAY, HOUR, MINUTE, Row, connect
from tests.spread_stories import logon
from tests.written import lanl_lines

BEGIN = 1_600_041_600_000
"""A midnight."""
PEOPLE = ("ann", "bob", "cem", "dan", "eve", "fay", "gus", "hal")
ATTACK = BEGIN + 9 * DAY + 10 * HOUR


def quiet(days: int = 10) -> list[Row]:
    """Eight people at work on two servers from machines of their own, and now and then on another one."""
    told = [
        logon(name, f"WS{number}", f"SRV{number % 2}", BEGIN + day * DAY + hour * HOUR + number * MINUTE)
        for day in range(days)
        for hour in (8, 10, 13, 16)
        for number, name in enumerate(PEOPLE)
    ]
    told += [
        logon(name, f"WS{number}", f"SRV{2 + day % 3}", BEGIN + day * DAY + 11 * HOUR)
        for number, name in enumerate(PEOPLE)
        for day in range(number % 3, days, 3)
    ]
    return told


def attack() -> list[Row]:
    """One account goes from machine to machine, another's is taken on the way."""
    return [
        logon("ann", "WS0", "WS3", ATTACK),
        logon("dan", "WS3", "WS5", ATTACK + 20 * MINUTE),
        logon("dan", "WS5", "DC1", ATTACK + HOUR, "remote_interactive"),
    ]


def logons(told: list[Row]) -> Logons:
    with connect(told) as connection:
        resolve(connection)
        return collect(connection)


@pytest.fixture(scope="module")
def ranked() -> Ranked:
    return Ranked(logons([*quiet(), *attack()]))


def first(ranked: Ranked, **more: Any) -> Incident:
    return ranked.answer(Question(BEGIN, BEGIN + 10 * DAY, **more)).incidents[0]


def test_an_attack_is_the_first_incident_with_its_path(ranked: Ranked) -> None:
    found = first(ranked)
    assert (found.root, found.root_label, found.day) == ("ws0", "Host", BEGIN // DAY + 9)
    assert [(step.account, step.source, step.target) for step in found.path] == [
        ("CORP\\ann", "WS0", "WS3"),
        ("CORP\\dan", "WS3", "WS5"),
        ("CORP\\dan", "WS5", "DC1"),
    ]
    assert found.accounts[0] == "corp\\dan"
    assert len(found.evidence) == 3


def test_terms_add_up_to_the_score_and_are_told_in_words(ranked: Ranked) -> None:
    found = first(ranked)
    assert sum(term.bits for term in found.terms) == pytest.approx(found.score, abs=0.5)
    words = {term.name: term.words for term in found.terms}
    assert words["source"] == "CORP\\dan was never used from WS5 before"
    assert words["edge"] == "WS5 never logged on to DC1 before"
    assert words["chain"] == "CORP\\dan had reached WS5 from WS3 40 min before, which was unusual itself"


def test_evidence_names_events_of_the_store(ranked: Ranked) -> None:
    with connect([*quiet(), *attack()]) as connection:
        ids = {one for (one,) in connection.execute("SELECT event_id FROM authentication").fetchall()}
    assert set(first(ranked).evidence) <= ids


def test_the_budget_is_a_number_of_incidents_a_day(ranked: Ranked) -> None:
    week = Question(BEGIN + 3 * DAY, BEGIN + 10 * DAY, budget=1)
    answered = ranked.answer(week)
    assert (len(answered.incidents), answered.days) == (min(7, answered.total), 7)
    scores = [one.score for one in answered.incidents]
    assert scores == sorted(scores, reverse=True)


def test_a_scope_keeps_what_touches_it(ranked: Ranked) -> None:
    answered = ranked.answer(Question(BEGIN, BEGIN + 10 * DAY, scope=("dc1",)))
    assert [one.root for one in answered.incidents] == ["ws0"]
    assert ranked.answer(Question(BEGIN, BEGIN + 10 * DAY, scope=("nobody",))).incidents == ()


def test_a_window_with_a_cold_start_says_so(ranked: Ranked) -> None:
    assert ranked.answer(Question(BEGIN, BEGIN + DAY)).cold_start
    assert not ranked.answer(Question(BEGIN + 2 * DAY, BEGIN + 3 * DAY)).cold_start


def test_without_a_past_there_is_no_p_value_and_a_rate_is_refused_in_words() -> None:
    answered = Ranked(logons(attack())).answer(Question(ATTACK - HOUR, ATTACK + DAY, fdr=0.05))
    assert all(one.p is None for one in answered.incidents)
    assert any("no false discovery rate" in note for note in answered.notes)


def test_no_logons_cannot_be_ranked_and_that_is_said() -> None:
    answered = Ranked(logons([])).answer(Question(BEGIN, BEGIN + DAY))
    assert answered.incidents == ()
    assert answered.notes == ("cannot see: no logons of people's accounts from one machine to another were loaded",)


def test_machine_accounts_and_local_logons_are_left_out() -> None:
    told = [logon("WS1$", "WS1", "SRV1", BEGIN), logon("ann", None, "WS1", BEGIN), logon("ann", "WS1", "SRV1", BEGIN)]
    assert len(logons(told)) == 1


def test_a_sign_in_goes_from_its_address_to_the_application() -> None:
    signed_in = {
        "kind": "sign_in", "outcome": "success", "user_upn": "ann@corp.example", "source_ip": "198.51.100.7",
        "application": "Mail",
    }  # fmt: skip
    found = logons([("authentication", {"time": BEGIN, "code": "Test/1", **signed_in})])
    assert found.machines.to_pylist() == [
        {"label": "App", "key": "Mail", "name": "Mail"},
        {"label": "IP", "key": "198.51.100.7", "name": "198.51.100.7"},
    ]


def test_a_machine_that_everybody_uses_is_listed() -> None:
    told = [logon(f"u{number}", "GATE", "SRV", BEGIN + number) for number in range(30)]
    assert [(hub.key, hub.role, hub.accounts) for hub in Ranked(logons(told)).hubs()] == [
        ("gate", "hub", 30),
        ("srv", "sink", 30),
    ]


def test_logons_are_kept_for_a_state(tmp_path: Path) -> None:
    def opened():  # type: ignore[no-untyped-def]
        connection = connect(attack())
        resolve(connection)
        return connection

    def never():  # type: ignore[no-untyped-def]
        raise AssertionError("collected again")

    made = kept(tmp_path, "one", opened)
    again = kept(tmp_path, "one", never)
    assert again.rows.equals(made.rows)
    assert again.accounts.equals(made.accounts)
    next(tmp_path.iterdir()).joinpath("rows.arrow").write_bytes(b"spoiled")
    assert kept(tmp_path, "one", opened).rows.equals(made.rows)


def test_p_values_count_the_past_and_read_its_tail() -> None:
    past = np.arange(1, 101, dtype=float)
    p = p_values(past, np.array([0.0, 50.5, 1000.0]))
    assert p[0] == pytest.approx(1.0)
    assert p[1] == pytest.approx(51 / 101)
    assert p[2] < 1e-9


def test_q_values_are_those_of_benjamini_and_hochberg() -> None:
    assert q_values(np.array([0.01, 0.04, 0.03, 0.5])).tolist() == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_calibration_on_a_quiet_window_reports_nothing() -> None:
    tested = Ranked(logons(quiet(30))).calibration(BEGIN, BEGIN + 30 * DAY, 0.05)
    assert tested.reported == 0


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rank")
    (folder / "auth.txt").write_text("\n".join(lanl_lines(400)) + "\n")
    assert run("load", folder / "auth.txt", "-w", folder / "w").returncode == 0
    return folder / "w"


def test_the_command_prints_incidents_within_the_budget(workspace: Path) -> None:
    found = answer("rank", "-w", workspace, "--budget", "2/day", "--format", "json")
    assert len(found["incidents"]) == min(6, found["total"])
    assert set(found["incidents"][0]["path"][-1]) == {"at", "account", "source", "target", "failed", "bits", "event"}
    assert found["cold_start"] is True


@pytest.mark.parametrize("format", ["table", "jsonl", "csv"])
def test_the_command_prints_every_format(workspace: Path, format: str) -> None:
    done = run("rank", "-w", workspace, "--budget", "1", "--format", format)
    assert done.returncode == 0, done.stderr
    assert "cold start" in done.stderr
    if format == "jsonl":
        assert all("terms" in json.loads(line) for line in done.stdout.splitlines())


def test_the_command_prints_a_calibration_run(workspace: Path) -> None:
    found = answer("rank", "-w", workspace, "--calibrate", "--fdr", "0.1", "--format", "json")
    assert set(found) == {"fdr", "days", "incidents", "reported", "days_reported", "at_most"}


def test_the_command_refuses_a_budget_that_is_none(workspace: Path) -> None:
    done = run("rank", "-w", workspace, "--budget", "many")
    assert done.returncode == 1
    assert "--budget must be incidents a day such as 9/day, not 'many'" in done.stderr


def test_surprise_is_that_of_the_logons_a_finding_names(ranked: Ranked) -> None:
    hop = {"corp\\dan", "ws5", "dc1"}
    assert ranked.surprise(hop, ATTACK, ATTACK + DAY) == pytest.approx(float(ranked.scored.score.max()))
    assert ranked.surprise(hop, ATTACK + 2 * HOUR, ATTACK + DAY) == 0.0
    assert ranked.surprise({"corp\\bob", "ws1"}, ATTACK, ATTACK + DAY) == 0.0
    assert ranked.surprise({"nobody"}, ATTACK, ATTACK + DAY) == 0.0
