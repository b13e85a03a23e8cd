"""The hunts' parameters as types over the API, and text that is none."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from graph_hunt.api.app import create_app
from graph_hunt.api.schema import SCHEMA
from graph_hunt.api.schema.parameters import field_of, written
from graph_hunt.hunting import library
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.parameter import Parameter, ParameterType
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.live import served
from tests.written import windows_logon, write_lines


@pytest.fixture(scope="module")
def client(module_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a workspace with thirty logons."""
    folder = tmp_path_factory.mktemp("parameters")
    with Workspace.open(module_settings) as workspace:
        lines = [windows_logon(number, "alice", target=f"SRV{number}.corp.example") for number in range(10, 40)]
        workspace.load([write_lines(folder / "logons.json", lines)])
    with served(create_app(module_settings)) as found:
        yield found


def ask(client: httpx.Client, document: str, variables: str = "{}") -> Any:
    """Send a document with variables as JSON text."""
    content = f'{{"query": {_quoted(document)}, "variables": {variables}}}'
    answer = client.post("/graphql", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    return answer.json()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


@pytest.mark.parametrize("hunt", [pytest.param(hunt, id=hunt.id) for hunt in library.all_hunts() if hunt.parameters])
def test_every_hunt_with_parameters_has_its_type(hunt: Hunt) -> None:
    types = SCHEMA._schema.type_map
    (own,) = (field for name, field in types["HuntParameters"].fields.items() if name == field_of(hunt))  # type: ignore[attr-defined]
    assert len(own.type.fields) == len(hunt.parameters)
    assert all("Default: " in field.description for field in own.type.fields.values())


@pytest.mark.parametrize(
    ("kind", "default", "shown"),
    [(ParameterType.DURATION, 7 * 86_400_000, "7d"), (ParameterType.DURATION, 90_000, "90s"),
     (ParameterType.DURATION, 0, "0d"), (ParameterType.LIST, [], "none"), (ParameterType.LIST, ["a", "b"], "a, b"),
     (ParameterType.NUMBER, 6.0, "6"), (ParameterType.INTEGER, 10, "10"), (ParameterType.FLAG, True, "True")],
)  # fmt: skip
def test_defaults_are_written_as_one_gives_them(kind: ParameterType, default: Any, shown: str) -> None:
    assert written(Parameter("x", kind, default, "")) == shown


def test_typed_parameters_reach_the_hunt_and_only_it(client: httpx.Client) -> None:
    document = """mutation ($typed: HuntParameters) { runHunts(ids: ["fan-out", "dcsync"], typed: $typed, wait: 60) {
        parameters outcomes { hunt found } } }"""
    few = ask(client, document, '{"typed": {"fanOut": {"minimum": 10}}}')["data"]["runHunts"]
    assert few["parameters"] == {"fan-out": {"minimum": 10}}
    assert few["outcomes"][0]["found"] > 0
    many = ask(client, document, '{"typed": {"fanOut": {"minimum": 1000}}}')["data"]["runHunts"]
    assert many["outcomes"][0]["found"] == 0
    (error,) = ask(client, document, '{"typed": {"sprayed": {}}}')["errors"]
    assert "sprayed" in error["message"]
    (error,) = ask(client, document, '{"typed": {"fanOut": {"minimum": "ten"}}}')["errors"]
    assert "ten" in error["message"]
    (error,) = ask(client, document, '{"typed": {"firstLogon": {}}}')["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT" and "first-logon does not run" in error["message"]


@pytest.mark.parametrize(
    ("document", "variables", "argument"),
    [
        ("mutation ($s: [String!]) { runHunt(id: \"fan-out\", scope: $s) { id } }", '{"s": ["a", "\\ud800"]}', "scope"),
        ("mutation ($p: JSON) { runHunt(id: \"fan-out\", parameters: $p) { id } }", '{"p": {"\\udfff": 1}}',
         "parameters"),
        ("query ($n: String!) { entity(name: $n) { key } }", '{"n": "\\ud800x"}', "name"),
        ("query ($n: String!) { search(text: $n) { totalCount } }", '{"n": "x\\udc00"}', "text"),
        ("query ($f: EntityFilter) { entities(label: \"User\", filter: $f) { totalCount } }",
         '{"f": {"key": {"contains": "\\ud800"}}}', "filter"),
    ],
)  # fmt: skip
def test_half_a_character_is_refused_by_its_argument(
    client: httpx.Client, document: str, variables: str, argument: str
) -> None:
    (error,) = ask(client, document, variables)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": argument}


def test_whole_characters_beyond_the_first_plane_are_text(client: httpx.Client) -> None:
    found = ask(client, "query ($n: String!) { search(text: $n) { totalCount } }", '{"n": "\\ud83d\\ude00"}')
    assert found["data"] == {"search": {"totalCount": 0}}
