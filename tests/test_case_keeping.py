"""Findings of runs taken into a case: kept or dismissed at once, judged anew where the case has them already."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graph_hunt.api.app import create_app
from tests.case_stories import loaded
from tests.live import served

Ask = Callable[..., dict[str, Any]]
KEEP = """mutation ($case: ID!, $run: ID, $finding: ID!, $judgement: String!, $because: String!) {
    keepFinding(case: $case, run: $run, finding: $finding, judgement: $judgement, because: $because) {
        number version judgement because finding { id } } }"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks a server of a loaded workspace."""
    with served(create_app(loaded(tmp_path_factory.mktemp("keeping")))) as client:

        def asking(document: str, **variables: Any) -> dict[str, Any]:
            return dict(client.post("/graphql", json={"query": document, "variables": variables}).json())

        yield asking


@pytest.fixture(scope="module")
def found(ask: Ask) -> dict[str, str]:
    """A run with a finding."""
    document = """mutation { runHunts(ids: ["fan-out"], parameters: {minimum: 10}, wait: 60) {
        id findings { edges { node { id } } } } }"""
    run = ask(document)["data"]["runHunts"]
    return {"run": run["id"], "finding": run["findings"]["edges"][0]["node"]["id"]}


@pytest.fixture
def case(ask: Ask) -> str:
    """An empty case."""
    return str(ask('mutation { openCase(title: "Alice") { id } }')["data"]["openCase"]["id"])


def test_a_finding_is_kept_then_dismissed_and_stays_one(ask: Ask, found: dict[str, str], case: str) -> None:
    kept = ask(KEEP, case=case, **found, judgement="kept", because="")["data"]["keepFinding"]
    assert kept == {"number": 1, "version": 1, "judgement": "kept", "because": "", "finding": {"id": found["finding"]}}
    again = ask(KEEP, case=case, **found, judgement="dismissed", because="a scanner")["data"]["keepFinding"]
    assert (again["number"], again["version"], again["judgement"]) == (1, 2, "dismissed")
    count = "query ($case: ID!) { case(id: $case) { findings { totalCount } } }"
    assert ask(count, case=case)["data"]["case"]["findings"]["totalCount"] == 1


def test_dismissing_needs_a_reason(ask: Ask, found: dict[str, str], case: str) -> None:
    (error,) = ask(KEEP, case=case, **found, judgement="dismissed", because="")["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "because" in error["message"]


def test_what_the_run_did_not_find_is_refused(ask: Ask, found: dict[str, str], case: str) -> None:
    (error,) = ask(KEEP, case=case, run=found["run"], finding="f0", judgement="kept", because="")["errors"]
    assert "no finding 'f0'" in error["message"]
    (error,) = ask(KEEP, case=case, finding=found["finding"], judgement="kept", because="")["errors"]
    assert "of a run or of an alert" in error["message"]
    (error,) = ask(KEEP, case=case, **found, judgement="liked", because="")["errors"]
    assert "new, kept, dismissed" in error["message"]
