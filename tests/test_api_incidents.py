"""Incidents, findings chosen and ordered, and coverage over the API, on both engines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph_hunt.api.app import create_app
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.live import served
from tests.written import windows_logon, write_lines

LOGONS = [
    *(windows_logon(number, "alice", target=f"SRV{number}.corp.example") for number in range(10, 40)),
    *(windows_logon(number, "bob", target=f"SRV{number}.corp.example", LogonType="10") for number in range(100, 130)),
]
RUN = """mutation ($timeout: Float! = 60) {
    runHunts(ids: ["fan-out", "dcsync"], parameters: { minimum: 10 }, timeout: $timeout, wait: 60) { id state } }"""


@pytest.fixture
def client(own_settings: Settings, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a workspace on each engine in turn."""
    with Workspace.open(own_settings) as workspace:
        workspace.load([write_lines(tmp_path / "logons.json", LOGONS)])
    with served(create_app(own_settings)) as found:
        yield found


def ask(client: httpx.Client, document: str, **variables: Any) -> dict[str, Any]:
    """Send a document; give the whole answer."""
    answer = client.post("/graphql", json={"query": document, "variables": variables})
    assert answer.status_code == 200
    return dict(answer.json())


def test_incidents_of_a_run(client: httpx.Client) -> None:
    assert ask(client, "{ incidents { totalCount } }")["data"] == {"incidents": {"totalCount": 0}}
    ran = ask(client, RUN)["data"]["runHunts"]
    assert ran["state"] == "done"
    document = """query ($run: ID) { incidents(run: $run, first: 10) { totalCount edges { node {
        id title level score summary telling { id summary } tactics attack firstSeen lastSeen
        entities { role entity { key } } findings { totalCount edges { node { id hunt tactic details } } } } } } }"""
    found = ask(client, document)["data"]["incidents"]
    assert found == ask(client, document, run=ran["id"])["data"]["incidents"]
    assert found["totalCount"] == len(found["edges"]) > 0
    first = found["edges"][0]["node"]
    assert first["title"] and first["telling"]["summary"] == first["summary"]
    assert first["telling"]["id"] in {edge["node"]["id"] for edge in first["findings"]["edges"]}
    assert first["tactics"] == ["lateral_movement"]
    assert {edge["node"]["tactic"] for edge in first["findings"]["edges"]} == {"lateral_movement"}
    by_run = "query ($id: ID!) { run(id: $id) { incidents { totalCount } scope parameters } }"
    assert ask(client, by_run, id=ran["id"])["data"]["run"] == {
        "incidents": {"totalCount": found["totalCount"]},
        "scope": [],
        "parameters": {"minimum": 10},
    }
    (error,) = ask(client, document, run="none")["errors"]
    assert error["extensions"] == {"code": "NOT_FOUND", "argument": "run"}


def test_a_finding_argues_with_itself(client: httpx.Client) -> None:
    id = ask(client, RUN)["data"]["runHunts"]["id"]
    document = """query ($id: ID!) { run(id: $id) { findings(first: 1) { edges { node {
        benign ruleOut eventsToPull { codes about since until words } notEvaluable { name opens } } } } } }"""
    (edge,) = ask(client, document, id=id)["data"]["run"]["findings"]["edges"]
    finding = edge["node"]
    assert finding["benign"] and finding["ruleOut"]
    assert finding["eventsToPull"][0]["codes"] == ["Security/4624"]
    assert finding["eventsToPull"][0]["about"]
    assert all(one["opens"] for one in finding["notEvaluable"])


def test_findings_are_chosen_and_ordered(client: httpx.Client) -> None:
    id = ask(client, RUN)["data"]["runHunts"]["id"]
    document = """query ($id: ID!, $filter: FindingFilter, $order: FindingOrder!) { run(id: $id) {
        findings(filter: $filter, order: $order) { totalCount edges { node { summary score firstSeen } } } } }"""

    def found(order: str = "GRAVEST", **tests: Any) -> list[dict[str, Any]]:
        answer = ask(client, document, id=id, filter=tests or None, order=order)
        return [edge["node"] for edge in answer["data"]["run"]["findings"]["edges"]]

    every = found("FOUND")
    assert len(every) >= 2
    scores, times = [one["score"] for one in found()], [one["firstSeen"] for one in found("EARLIEST")]
    assert scores == sorted(scores, reverse=True) and times == sorted(times)
    of_alice = found(entities=["User:corp\\alice"])
    assert 0 < len(of_alice) < len(every) and all("alice" in one["summary"] for one in of_alice)
    assert found(hunts=["dcsync"]) == found(levels=["critical"]) == found(tactics=["impact"]) == []
    answer = ask(client, document, id=id, filter={"levels": ["bad"]}, order="FOUND")
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "argument": "filter"}


def test_what_a_run_may_take_is_bounded(client: httpx.Client) -> None:
    for timeout in (0, 601, -1):
        (error,) = ask(client, RUN, timeout=timeout)["errors"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": "timeout"}
    (error,) = ask(client, 'mutation { runHunt(id: "fan-out", limit: 0) { id } }')["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": "limit"}
    document = 'mutation { runHunt(id: "fan-out", baselineSince: "soon") { id } }'
    assert ask(client, document)["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    cut = 'mutation { runHunt(id: "fan-out", parameters: { minimum: 10 }, limit: 1, wait: 60) { outcomes { state } } }'
    assert ask(client, cut)["data"]["runHunt"]["outcomes"] == [{"state": "cut"}]


def test_coverage_is_the_matrix(client: httpx.Client) -> None:
    document = """query ($all: Boolean! = false) { coverage(all: $all) { attack techniques seen navigator
        tactics { id short techniques { id name parent state hunts seeing } }
        openings { telemetry { name opens } hunts techniques } } }"""
    found = ask(client, document)["data"]["coverage"]
    assert [one["id"] for one in found["tactics"]][:2] == ["TA0043", "TA0042"]
    by_id = {one["id"]: one for tactic in found["tactics"] for one in tactic["techniques"]}
    dcsync = by_id["T1003.006"]
    assert (dcsync["parent"], dcsync["state"]) == ("T1003", "BLIND")
    assert "dcsync" in dcsync["hunts"] and "dcsync" not in dcsync["seeing"]
    assert all(one["hunts"] for one in by_id.values())
    assert 0 < found["seen"] < found["techniques"] == len(by_id)
    assert found["openings"][0]["hunts"] and found["openings"][0]["telemetry"]["opens"]
    assert {one["techniqueID"] for one in found["navigator"]["techniques"]} == set(by_id)
    whole = ask(client, document, all=True)["data"]["coverage"]["tactics"]
    assert sum(len(one["techniques"]) for one in whole) > 600
