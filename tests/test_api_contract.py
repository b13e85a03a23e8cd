"""The API's contract: described throughout, never broken, and its documents cost few queries."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
)

from graph_hunt.api.schema import SCHEMA, Context
from graph_hunt.casework.access import Caller, Role
from graph_hunt.graph.store import GraphStore
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.paths import ROOT
from tests.written import windows_logon, write_lines

BUILT: GraphQLSchema = build_schema(SCHEMA.as_str())


def _named() -> Iterator[tuple[str, Any]]:
    for name, type in BUILT.type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        yield name, type
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            yield from ((f"{name}.{field}", definition) for field, definition in type.fields.items())


@pytest.mark.parametrize(("name", "definition"), [pytest.param(n, d, id=n) for n, d in _named()])
def test_every_type_and_field_is_described(name: str, definition: Any) -> None:
    assert definition.description, name


def test_no_change_breaks_a_client() -> None:
    kept = build_schema((ROOT / "api" / "schema.graphql").read_text(encoding="utf-8"))
    assert [change.description for change in find_breaking_changes(kept, BUILT)] == []


def test_what_goes_is_told() -> None:
    kept = (
        (ROOT / "api" / "schema.graphql").read_text(encoding="utf-8").replace("enum Direction {", "enum Direction { UP")
    )
    told = find_breaking_changes(build_schema(kept), BUILT)
    assert [change.description for change in told] == ["Enum value Direction.UP was removed."]


class Counting:
    """A graph that counts what it is asked."""

    def __init__(self, graph: GraphStore) -> None:
        self._graph, self.asked = graph, 0

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Ask, and count."""
        self.asked += 1
        return self._graph.query(text, parameters, timeout=timeout, limit=limit)


@pytest.fixture(scope="module")
def workspace(module_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Thirty machines that one account logged on to."""
    folder = tmp_path_factory.mktemp("contract")
    lines = [windows_logon(number, "alice", target=f"SRV{number}.corp.example") for number in range(10, 40)]
    with Workspace.open(module_settings) as opened:
        opened.load([write_lines(folder / "logons.json", lines)])
        yield opened


DOCUMENTS = {
    "neighbours with their own facts and counts": (
        """query ($first: Int!) { entity(name: "CORP\\\\alice") { neighbors(kinds: ["LOGGED_ON"], first: $first) {
            totalCount edges { node { properties { name value }
            entity { firstSeen ... on Host { role } relations { kind total } } } } } } }""",
        11,
    ),
    "edges with records": (
        """query ($first: Int!) { entity(name: "CORP\\\\alice") { edges(first: $first) {
            edges { node { other { lastSeen } evidence { raw } } } } } }""",
        13,
    ),
    "a search": (
        """query ($first: Int!) { search(text: "srv", labels: ["Host"], first: $first) {
            edges { node { entity { firstSeen } } } } }""",
        3,
    ),
    "a list": (
        """query ($first: Int!) { entities(label: "Host", first: $first) {
            edges { node { lastSeen ... on Host { domain } } } } }""",
        3,
    ),
}


@pytest.mark.parametrize(("document", "most"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_documents_cost_as_few_queries_however_much_they_give(workspace: Workspace, document: str, most: int) -> None:
    few, many = (_asked(workspace, document, first) for first in (2, 30))
    assert few == many
    assert 0 < many <= most


def _asked(workspace: Workspace, document: str, first: int) -> int:
    counting = Counting(workspace.graph)
    counted = Workspace(workspace.root, workspace.preferences, workspace.events, counting)  # type: ignore[arg-type]  # it only reads
    context = Context(counted, Caller("tester", Role.READER, "tester"))
    result = asyncio.run(SCHEMA.execute(document, {"first": first}, context_value=context))
    assert result.errors is None
    return counting.asked


def _pages(first: str) -> str:
    within = f"neighbors(first: {first}) {{ edges {{ node {{ entity {{ "
    asked = 'entity(name: "alice") { ...more }'
    head = "query ($n: Int! = 100)" if "$" in first else ""
    below = within * 2 + "key" + " } } } }" * 2
    return f"{head} {{ a: {asked} b: {asked} }} fragment more on Entity {{ {below} }}"


@pytest.mark.parametrize("first", ["100", "$n"])
def test_pages_within_pages_are_bounded_together(workspace: Workspace, first: str) -> None:
    caller = Caller("tester", Role.READER, "tester")
    result = asyncio.run(SCHEMA.execute(_pages(first), context_value=Context(workspace, caller)))
    assert [error.extensions for error in result.errors or ()] == [{"code": "TOO_MUCH", "argument": "first"}]


def test_pages_within_the_budget_are_given(workspace: Workspace) -> None:
    caller = Caller("tester", Role.READER, "tester")
    result = asyncio.run(SCHEMA.execute(_pages("$n"), {"n": 2}, context_value=Context(workspace, caller)))
    assert result.errors is None
