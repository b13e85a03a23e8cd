"""Lists of entities and of neighbours over the API, on both engines: filters, orders, searches, rarity."""

import json
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
    *(windows_logon(number, f"user{number}", target="DC1.corp.example") for number in range(10, 20)),
    windows_logon(1, "alice", target="DC1.corp.example"),
    windows_logon(2, "alice", target="SRV1.corp.example"),
    windows_logon(3, "bob", target="SRV1.corp.example"),
    windows_logon(4, "alice", target="VAULT.corp.example"),
    windows_logon(5, "alice", domain="OTHER", target="DC1.corp.example"),
    *(windows_logon(number, "alice", target="SRV1.corp.example") for number in range(20, 30)),
]


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


LIST = """query (
    $label: String!, $search: String! = "", $filter: EntityFilter, $order: EntityOrder, $first: Int! = 25
) {
    entities(label: $label, search: $search, filter: $filter, order: $order, first: $first) {
        totalCount edges { node { key } } } }"""


def listed(client: httpx.Client, label: str, **given: Any) -> list[str]:
    """The keys that a list gives."""
    answer = ask(client, LIST, label=label, **given)
    assert "errors" not in answer, answer
    return [edge["node"]["key"] for edge in answer["data"]["entities"]["edges"]]


def refused(client: httpx.Client, **given: Any) -> dict[str, Any]:
    """What a list is refused with."""
    (error,) = ask(client, LIST, **given)["errors"]
    return dict(error["extensions"])


def test_filters_and_orders(client: httpx.Client) -> None:
    named = {"name": {"contains": "ALICE"}}
    assert listed(client, "User", filter=named) == ["corp\\alice", "other\\alice"]
    assert listed(client, "User", filter=named, order={"direction": "DESC"}) == ["other\\alice", "corp\\alice"]
    assert listed(client, "User", filter={"key": {"equals": "CORP\\Bob"}}) == ["corp\\bob"]
    assert listed(client, "User", filter={"key": {"in": ["corp\\bob", "nobody"]}}) == ["corp\\bob"]
    assert listed(client, "Host", filter={"key": {"startsWith": "SRV"}}) == ["srv1.corp.example"]
    of_other = {"properties": [{"name": "domain", "text": {"equals": "Other"}}]}
    assert listed(client, "User", filter=of_other) == ["other\\alice"]
    both = {"any": [of_other, {"key": {"equals": "corp\\bob"}}]}
    assert listed(client, "User", filter=both) == ["corp\\bob", "other\\alice"]
    assert listed(client, "User", filter={**named, "none": [of_other]}) == ["corp\\alice"]
    early = {"firstSeen": {"since": "2024-03-01T12:00:01Z", "until": "2024-03-01T12:00:04Z"}}
    assert listed(client, "User", filter=early) == ["corp\\alice", "corp\\bob"]
    newest = {"field": "LAST_SEEN", "direction": "DESC"}
    assert listed(client, "User", order=newest, first=2) == ["corp\\alice", "corp\\user19"]
    assert listed(client, "User", order={"field": "FIRST_SEEN"}, first=3) == [
        "corp\\alice",
        "corp\\bob",
        "other\\alice",
    ]
    assert listed(client, "User", filter={"properties": [{"name": "tags", "text": {"equals": "x"}}]}) == []
    assert len(listed(client, "User", filter={"properties": [{"name": "sid", "known": False}]})) == 13


def test_a_search_in_a_list_finds_slips_where_nothing_else(client: httpx.Client) -> None:
    assert listed(client, "User", search="Alice") == ["corp\\alice", "other\\alice"]
    assert listed(client, "User", search="zorro") == []
    assert listed(client, "User", search="alcie") == ["corp\\alice", "other\\alice"]
    assert listed(client, "User", search="alice", filter={"key": {"startsWith": "other"}}) == ["other\\alice"]


@pytest.mark.parametrize(
    "tests",
    [
        {"properties": [{"name": "nothing", "known": True}]},
        {"properties": [{"name": "key) RETURN 1 //", "known": True}]},
        {"properties": [{"name": "domain", "flag": True, "number": {"below": 1}}]},
        {"any": [{"key": {"contains": "a"}}] * 51},
        json.loads('{"none": [' * 10 + "]}" * 10),
    ],
)
def test_what_cannot_be_asked_is_refused(client: httpx.Client, tests: dict[str, Any]) -> None:
    assert refused(client, label="User", filter=tests) == {"code": "BAD_USER_INPUT", "argument": "filter"}


def test_neighbours_are_ranked_by_how_few_have_them(client: httpx.Client) -> None:
    document = """query ($first: Int! = 10, $after: String) { entity(name: "CORP\\\\alice") {
        relations(kinds: ["LOGGED_ON"]) {
            total neighbors(first: 2) { totalCount edges { node { entity { key } } } } }
        neighbors(kinds: ["LOGGED_ON"], order: RARE, first: $first, after: $after) {
            totalCount pageInfo { endCursor } edges { node { entity { key } others count } } } } }"""
    found = ask(client, document)["data"]["entity"]
    shown = [(one["node"]["entity"]["key"], one["node"]["others"]) for one in found["neighbors"]["edges"]]
    # SRV1 with its ten logons is not before the vault, and the controller that all log on to is last.
    assert shown == [("vault.corp.example", 1), ("srv1.corp.example", 2), ("dc1.corp.example", 12)]
    (relation,) = found["relations"]
    assert (relation["total"], relation["neighbors"]["totalCount"]) == (3, 3)
    keys = [edge["node"]["entity"]["key"] for edge in relation["neighbors"]["edges"]]
    assert keys == ["vault.corp.example", "srv1.corp.example"]
    first = ask(client, document, first=2)["data"]["entity"]["neighbors"]["pageInfo"]["endCursor"]
    rest = ask(client, document, first=2, after=first)["data"]["entity"]["neighbors"]["edges"]
    assert [edge["node"]["entity"]["key"] for edge in rest] == ["dc1.corp.example"]


def test_tags_are_a_list(client: httpx.Client) -> None:
    assert ask(client, '{ entity(name: "DC1") { tags } }')["data"]["entity"] == {"tags": []}
