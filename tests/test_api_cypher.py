"""`cypher` over real HTTP: for admins, where it is switched on; it reads what is portable, and hides nothing."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graph_hunt.api.access import Access
from graph_hunt.casework.state import State, history
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.test_api_access import served
from tests.written import windows_logon, write_lines

DOCUMENT = "query ($text: String!, $values: JSON) { cypher(query: $text, parameters: $values) { rows cut } }"


@pytest.fixture(scope="module")
def settings(module_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A workspace with one logon."""
    folder: Path = tmp_path_factory.mktemp("cypher")
    with Workspace.open(module_settings) as workspace:
        workspace.load([write_lines(folder / "logons.json", [windows_logon(1, "alice")])])
    return module_settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx.Client]:
    """A client of a server that takes Cypher."""
    with served(settings, Access(cypher=True)) as found, httpx.Client(base_url=f"http://{found}", timeout=60) as made:
        yield made


def test_rows_are_given_by_name_and_bounded_and_asked_on_the_trail(client: httpx.Client, settings: Settings) -> None:
    text = "MATCH (account:User) WHERE account.key = $key RETURN account.key AS key"
    ask = {"query": DOCUMENT, "variables": {"text": text, "values": {"key": "corp\\alice"}}}
    assert client.post("/graphql", json=ask).json()["data"]["cypher"] == {
        "rows": [{"key": "corp\\alice"}],
        "cut": False,
    }
    many = {"query": DOCUMENT, "variables": {"text": "UNWIND range(1, 2000) AS number RETURN number"}}
    found = client.post("/graphql", json=many).json()["data"]["cypher"]
    assert (len(found["rows"]), found["cut"]) == (1000, True)
    state = State.open(settings.state_store)
    with state.read() as connection:
        lines = [one for one in history(connection) if one.action == "cypher"]
    state.close()
    assert [one.after["query"] for one in lines] == [text, many["variables"]["text"]]  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (one:User) RETURN 1", "MATCH (one) DETACH DELETE one", "MATCH (one:User) SET one.key = 'x' RETURN 1",
        "LOAD CSV FROM 'http://evil.example/' AS line RETURN line", "CALL db.labels()", "CALL `db`.`labels`()",
        "MATCH (one) CALL `db`.`labels`() YIELD label RETURN label", "MATCH (one) \\u0044ELETE one", "SHOW USERS",
        "RETURN 1 AS one UNION CALL `db`.`labels`() YIELD label RETURN label AS one", "EXPLAIN MATCH (one) RETURN 1",
        "TERMINATE TRANSACTIONS 'neo4j-transaction-1'", "ALTER USER neo4j SET PASSWORD 'x'", "", "// MATCH",
        "MATCH (one) /* x */ RETURN 1", "CALL { USE other MATCH (one) RETURN one.key AS key } RETURN key",
        "MATCH (one)-[*]->(other) RETURN 1", "USE system MATCH (one) RETURN 1", "DROP INDEX x", "MATCHX (one) RETURN 1",
    ],
)  # fmt: skip
def test_what_does_more_than_read_is_refused(client: httpx.Client, text: str) -> None:
    answer = client.post("/graphql", json={"query": DOCUMENT, "variables": {"text": text}}).json()
    assert answer["data"] == {"cypher": None}
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "argument": "query"}


def test_a_server_takes_none_unless_told_to(settings: Settings) -> None:
    with served(settings, Access()) as found, httpx.Client(base_url=f"http://{found}", timeout=60) as plain:
        ask = {"query": DOCUMENT, "variables": {"text": "RETURN 1 AS one"}}
        assert "--allow-cypher" in plain.post("/graphql", json=ask).json()["errors"][0]["message"]
