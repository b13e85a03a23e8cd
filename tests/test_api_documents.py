"""Every document in docs/api.md is one that the schema takes, and a live server answers; the Python client runs."""

import re
from collections.abc import Iterator

import httpx
import pytest
from graphql import OperationDefinitionNode, OperationType, build_schema, parse, validate

from graph_hunt.api.app import create_app
from graph_hunt.api.schema import SCHEMA
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.live import served
from tests.paths import ROOT
from tests.written import windows_logon, write_lines

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BUILT = build_schema(SCHEMA.as_str())
DOCUMENTS = [
    *(one for one in re.findall(r"`((?:\{|query|mutation|subscription) [^`]+)`", PAGE)),
    *re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL),
]
"""Those of the table, and those of the jobs."""
(PYTHON,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
DAY = "2024-05-02T09:{:02d}:00.000Z"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a workspace with those whom the documents name."""
    folder = tmp_path_factory.mktemp("documents")
    settings = Settings(folder / "w")
    lines = [
        windows_logon(number, "alice", target=f"{name}.corp.example", **{"@timestamp": DAY.format(number)})
        for number, name in enumerate(["SRV1", "DC1", *(f"PC{one}" for one in range(2, 30))], 20)
    ]
    with Workspace.open(settings) as workspace:
        workspace.load([write_lines(folder / "logons.json", lines)])
    with served(create_app(settings)) as found:
        yield found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda text: " ".join(text.split())[:60])
def test_the_schema_takes_every_document(document: str) -> None:
    assert [error.message for error in validate(BUILT, parse(document))] == []


def _queries() -> Iterator[str]:
    for document in DOCUMENTS:
        (operation,) = (one for one in parse(document).definitions if isinstance(one, OperationDefinitionNode))
        if operation.operation is OperationType.QUERY and not operation.variable_definitions:
            yield document


@pytest.mark.parametrize("document", list(_queries()), ids=lambda text: " ".join(text.split())[:60])
def test_a_server_answers_every_question(client: httpx.Client, document: str) -> None:
    answer = client.post("/graphql", json={"query": document}).json()
    # Where the page leaves an id to the reader, there is none.
    missing = [error for error in answer.get("errors", ()) if error["extensions"]["code"] != "NOT_FOUND"]
    assert missing == [] and ("…" in document or "errors" not in answer), answer


def test_a_run_of_the_page_is_followed(client: httpx.Client) -> None:
    begin = next(one for one in DOCUMENTS if "runHunts" in one and "typed" in one)
    id = client.post("/graphql", json={"query": begin}).json()["data"]["runHunts"]["id"]
    for document in DOCUMENTS:
        if document.startswith("query ($id: ID!) { run("):
            answer = client.post("/graphql", json={"query": document, "variables": {"id": id}}).json()
            assert "errors" not in answer, answer


def test_the_python_client_runs(client: httpx.Client, capsys: pytest.CaptureFixture[str]) -> None:
    address = str(client.base_url).rstrip("/")
    source = PYTHON.replace("http://127.0.0.1:8080", address).replace(
        "ws://127.0.0.1:8080", address.replace("http", "ws")
    )
    exec(compile(source, "docs/api.md", "exec"), {})  # what the page has its reader run
    printed = capsys.readouterr().out
    assert "done {'done'" in printed
    assert "SRV1.corp.example" in printed
