"""Cases over GraphQL: two analysts at one case, on a live server; who may; what is refused is said."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from graph_hunt.api.access import Access
from graph_hunt.casework import access
from graph_hunt.casework.access import Role
from graph_hunt.casework.state import State
from graph_hunt.settings import Settings
from tests.case_stories import loaded
from tests.test_api_access import bearer, served

Answer = dict[str, Any]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A loaded workspace."""
    return loaded(tmp_path_factory.mktemp("api-cases"))


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    """A server that demands tokens."""
    with served(settings, Access(demanded=True, rate=0)) as found:
        yield found


class Asker:
    """Someone with a token."""

    def __init__(self, address: str, token: str) -> None:
        self._url, self.headers = f"http://{address}/graphql", bearer(token)

    def ask(self, document: str, **variables: Any) -> Answer:
        """The whole answer."""
        content = {"query": document, "variables": variables}
        return dict(httpx.post(self._url, json=content, headers=self.headers, timeout=60).json())

    def get(self, document: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = self.ask(document, **variables)
        assert "errors" not in answer, answer
        return answer["data"]


@pytest.fixture(scope="module")
def askers(address: str, settings: Settings) -> dict[str, Asker]:
    """One of each role."""
    state = State.open(settings.state_store)
    made = {
        role.value: Asker(address, access.create(state, role=role, expires=None, who="test", name=role.value)[1])
        for role in Role
    }
    state.close()
    return made


OPEN = 'mutation { openCase(title: "Alice", trigger: "anomaly", scope: {entities: ["CORP\\\\alice"]}) { id version } }'


def _code(answer: Answer) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


def test_a_case_from_its_trigger_to_its_end(askers: dict[str, Asker]) -> None:
    ann, lead = askers["analyst"], askers["responder"]
    case = ann.get(OPEN)["openCase"]["id"]
    supposed = ann.get(
        'mutation ($c: ID!) { addHypothesis(case: $c, text: "used by another", techniques: ["T1021"]) '
        "{ number version status } }",
        c=case,
    )["addHypothesis"]
    assert supposed == {"number": 1, "version": 1, "status": "open"}
    ran = ann.get(
        'mutation ($c: ID!) { runInCase(case: $c, hunts: ["fan-out"], parameters: {minimum: 10}, hypothesis: 1) '
        "{ number outcomes scope hunts } }",
        c=case,
    )["runInCase"]
    assert (ran["number"], ran["scope"], list(ran["hunts"])) == (2, ["corp\\alice"], ["fan-out"])
    listed = ann.get(
        'query ($c: ID!) { case(id: $c) { findings(judgement: "new", first: 5) { totalCount edges { node '
        "{ version finding { id summary evidence entities { role entity { name } } } } } } } }",
        c=case,
    )["case"]["findings"]
    found = listed["edges"][0]["node"]
    judged = ann.get(
        'mutation ($c: ID!, $f: ID!) { judgeFinding(case: $c, finding: $f, version: 1, judgement: "kept") '
        "{ version judgement } }",
        c=case,
        f=found["finding"]["id"],
    )["judgeFinding"]
    assert judged == {"version": 2, "judgement": "kept"}
    pinned = ann.get(
        "mutation ($c: ID!, $e: [String!]!) { pinEvents(case: $c, events: $e) { number sha256 basis content } }",
        c=case,
        e=found["finding"]["evidence"][:1],
    )["pinEvents"]
    assert len(pinned[0]["sha256"]) == 64
    number = ann.get(
        'mutation ($c: ID!) { addResponse(case: $c, action: "reset_account", target: "CORP\\\\alice") { number } }',
        c=case,
    )["addResponse"]["number"]
    change = (
        'mutation ($c: ID!, $n: Int!) { changeResponse(case: $c, number: $n, version: 1, state: "done", owner: "lea") '
        "{ owner state target } }"
    )
    assert _code(ann.ask(change, c=case, n=number)) == "FORBIDDEN"
    done = lead.get(change, c=case, n=number)["changeResponse"]
    assert done == {"owner": "lea", "state": "done", "target": "CORP\\alice"}
    assert _code(lead.ask(change, c=case, n=number)) == "CONFLICT"
    ended = ann.get(
        'mutation ($c: ID!) { closeCase(id: $c, version: 1, verdict: "confirmed", summary: "it was another") '
        "{ closed verdict version } }",
        c=case,
    )["closeCase"]
    assert ended == {"closed": True, "verdict": "confirmed", "version": 2}
    whole = askers["reader"].get(
        "query ($c: ID!) { case(id: $c) { summary hypotheses { text } notes { text } evidence { what } "
        "checked { state } runs { since until } responses { state } recommendations { what } feedback { what } "
        "hosts { host } views { name } answers { step } history(first: 50) { totalCount edges { node "
        "{ who action } } } } }",
        c=case,
    )["case"]
    assert whole["checked"] == [{"state": "same"}]
    assert whole["evidence"] == [{"what": "Security/4624"}]
    actions = [line["node"]["action"] for line in whole["history"]["edges"]]
    assert actions[0] == "case.close"
    assert actions[-2:] == ["case.hypothesis.add", "case.open"]
    assert whole["history"]["edges"][0]["node"]["who"].endswith("(analyst)")


def test_a_list_of_cases_is_paged_and_searched(askers: dict[str, Asker]) -> None:
    for title in ("Phishing of 1 March", "Phishing of 2 March"):
        askers["analyst"].get("mutation ($t: String!) { openCase(title: $t) { id } }", t=title)
    asked = 'query ($a: String) { cases(closed: false, search: "phishing", first: 1, after: $a) { totalCount pageInfo { endCursor hasNextPage } edges { node { title } } } }'  # noqa: E501
    first = askers["reader"].get(asked)["cases"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    assert first["edges"][0]["node"]["title"] == "Phishing of 2 March"
    rest = askers["reader"].get(asked, a=first["pageInfo"]["endCursor"])["cases"]
    assert rest["edges"][0]["node"]["title"] == "Phishing of 1 March"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('{ case(id: "9999") { title } }', "NOT_FOUND"),
        ('{ case(id: "1e9") { title } }', "NOT_FOUND"),
        ('mutation { openCase(title: " ") { id } }', "BAD_USER_INPUT"),
        ('mutation { openCase(title: "x", trigger: "whim") { id } }', "BAD_USER_INPUT"),
        ('mutation { addNote(case: "9999", text: "x") { number } }', "NOT_FOUND"),
        ('mutation { changeHypothesis(case: "1", number: 99, version: 1, text: "x") { number } }', "NOT_FOUND"),
        ('mutation { runInCase(case: "1", hunts: []) { number } }', "BAD_USER_INPUT"),
        ('mutation { runInCase(case: "1", hunts: ["none"]) { number } }', "NOT_FOUND"),
        ('mutation { runInCase(case: "1", hunts: ["fan-out"], parameters: [1]) { number } }', "BAD_USER_INPUT"),
        ('mutation { pinEvents(case: "1", events: ["none"]) { number } }', "BAD_USER_INPUT"),
        ('mutation { pinEdges(case: "1", source: "x", kind: "NO", target: "y") { number } }', "NOT_FOUND"),
        ('mutation { saveView(case: "1", name: "x", asked: 1) { number } }', "BAD_USER_INPUT"),
    ],
)
def test_what_cannot_be_done_is_said(askers: dict[str, Asker], document: str, code: str) -> None:
    askers["analyst"].get(OPEN)
    if 'case: "1"' in document:
        first = askers["analyst"].get("{ cases(closed: false) { edges { node { id } } } }")["cases"]["edges"][0]["node"]
        document = document.replace('case: "1"', f'case: "{first["id"]}"')
    assert _code(askers["analyst"].ask(document)) == code


def test_a_template_is_laid_out_and_answered(askers: dict[str, Asker]) -> None:
    ann, lead = askers["analyst"], askers["responder"]
    laid = ann.get('{ caseTemplates(language: "fr") { id fields { name help } steps { id title question hunts } } }')
    (phishing,) = laid["caseTemplates"]
    assert (phishing["id"], phishing["steps"][0]["title"]) == ("phishing", "Le message")
    case = ann.get(
        'mutation { openCase(template: "phishing", given: {accounts: ["CORP\\\\alice"], hosts: ["SRV10"]}) '
        "{ id title trigger given hypotheses { number techniques } collection { there askedBy kinds { opens } } } }"
    )["openCase"]
    assert (case["title"], case["given"]["hosts"]) == ("Phishing: CORP\\alice", ["SRV10"])
    assert [one["number"] for one in case["hypotheses"]] == [1, 2, 3]
    assert {one["there"] for one in case["collection"]} == {True, False}
    run = "mutation ($c: ID!, $s: [String!]) { runCase(case: $c, steps: $s) { step state missing notes details } }"
    (message,) = ann.get(run, c=case["id"], s=["message"])["runCase"]
    assert (message["state"], message["missing"]) == ("cannot_see", [])
    (radius,) = ann.get(run, c=case["id"], s=["blast-radius"])["runCase"]
    assert radius["state"] == "found"
    assert radius["details"]["radius"][0]["start"]["key"] == "corp\\alice"
    whole = ann.get(
        'query ($c: ID!) { case(id: $c) { answers { step } advice(language: "fr") { what words } } }', c=case["id"]
    )["case"]
    assert [one["step"] for one in whole["answers"]] == ["message", "blast-radius"]
    hosts = ann.get("mutation ($c: ID!) { listCaseHosts(case: $c) { host state version } }", c=case["id"])[
        "listCaseHosts"
    ]
    assert {"host": "srv10.corp.example", "state": "collected", "version": 1} in hosts
    clear = (
        'mutation ($c: ID!) { clearCaseHost(case: $c, host: "SRV10", version: 1, because: "rebuilt") '
        "{ state because } }"
    )
    assert _code(ann.ask(clear, c=case["id"])) == "FORBIDDEN"
    cleared = lead.get(clear, c=case["id"])["clearCaseHost"]
    assert cleared == {"state": "cleared", "because": "rebuilt"}
    proposed = ann.get("mutation ($c: ID!) { proposeResponses(case: $c) { responses { action } } }", c=case["id"])
    assert proposed["proposeResponses"]["responses"] == []
    for document in ('openCase(template: "../../etc/passwd.toml") { id }', 'openCase(template: "none") { id }'):
        assert _code(ann.ask(f"mutation {{ {document} }}")) == "BAD_USER_INPUT"


def test_a_report_is_downloaded(askers: dict[str, Asker], address: str) -> None:
    case = askers["analyst"].get(OPEN)["openCase"]["id"]
    headers = askers["reader"].headers
    for form, begins in (("pdf", b"%PDF-"), ("html", b"<!doctype html>"), ("md", b"# Rapport")):
        place = f"http://{address}/cases/{case}/report.{form}"
        answer = httpx.get(place, params={"language": "fr"}, headers=headers, timeout=60)
        assert (answer.status_code, answer.content.startswith(begins)) == (200, True)
        assert answer.headers["content-disposition"] == f'attachment; filename="case-{case}-fr.{form}"'
        assert "script-src" not in answer.headers["content-security-policy"]
        assert httpx.get(place, timeout=60).status_code == 401
    for path, status in (("9999/report.pdf", 404), ("1/report.exe", 422), ("x/report.pdf", 422)):
        assert httpx.get(f"http://{address}/cases/{path}", headers=headers, timeout=60).status_code == status


def test_readers_change_nothing(askers: dict[str, Asker]) -> None:
    assert _code(askers["reader"].ask(OPEN)) == "FORBIDDEN"
    assert _code(askers["reader"].ask('mutation { addNote(case: "1", text: "x") { number } }')) == "FORBIDDEN"
