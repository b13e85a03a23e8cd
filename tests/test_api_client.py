"""A client of others' making (gql) against a process that serves: over HTTP, over a websocket, through a kill."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from gql.transport.websockets import WebsocketsTransport

from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.commands import environment
from tests.engines import variables
from tests.paths import ROOT
from tests.written import windows_logon, write_lines

BEGIN = gql("mutation ($ids: [String!]) { runHunts(ids: $ids) { id state progress { done total } } }")
FOLLOW = gql("""subscription ($id: ID!) { runProgress(id: $id) {
    state progress { done total } outcomes { hunt state } findings { totalCount } } }""")


@pytest.fixture
def settings(own_settings: Settings, tmp_path: Path) -> Settings:
    """A loaded workspace."""
    lines = [windows_logon(number, "alice", target=f"SRV{number}.corp.example") for number in range(10, 40)]
    with Workspace.open(own_settings) as workspace:
        workspace.load([write_lines(tmp_path / "logons.json", lines)])
    return own_settings


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """A process that serves; killed at the end, if it lives."""
    command = [sys.executable, "-m", "tests.serving", str(settings.workspace)]
    told = environment(**variables(settings.neo4j))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=told) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), process
        finally:
            process.kill()


def http(port: int) -> Client:
    """A client that reads the schema from the server and checks its documents by it."""
    return Client(transport=HTTPXTransport(url=f"http://127.0.0.1:{port}/graphql"), fetch_schema_from_transport=True)


async def followed(port: int, id: str) -> list[dict[str, Any]]:
    """What a subscription tells of a run until its end."""
    transport = WebsocketsTransport(
        url=f"ws://127.0.0.1:{port}/graphql", subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL]
    )
    asked = gql(FOLLOW.payload["query"])
    asked.variable_values = {"id": id}
    async with Client(transport=transport) as session:
        return [told["runProgress"] async for told in session.subscribe(asked)]


def ask(client: Client, request: Any, **variables: Any) -> dict[str, Any]:
    """Send a document with variables."""
    asked = gql(request.payload["query"])
    asked.variable_values = variables
    return dict(client.execute(asked))


def test_a_client_follows_a_run_over_a_websocket(settings: Settings) -> None:
    with serving(settings) as (port, _):
        client = http(port)
        begun = ask(client, BEGIN, ids=["fan-out", "dcsync"])["runHunts"]
        assert begun["progress"]["total"] == 2
        told = asyncio.run(followed(port, begun["id"]))
        assert told[-1]["state"] == "done"
        assert told[-1]["outcomes"] == [
            {"hunt": "fan-out", "state": "done"},
            {"hunt": "dcsync", "state": "cannot_see"},
        ]
        done = [one["progress"]["done"] for one in told]
        assert done == sorted(done)
        with pytest.raises(TransportQueryError) as raised:
            client.execute(gql('{ entity(name: "nobody") { id } }'))
        assert raised.value.errors is not None
        assert raised.value.errors[0]["extensions"] == {"code": "NOT_FOUND", "argument": "name"}


def test_a_kill_loses_no_run_that_was_acknowledged(settings: Settings) -> None:
    with serving(settings) as (port, process):
        client = http(port)
        begun = [ask(client, BEGIN)["runHunts"] for _ in range(2)]
        process.kill()
        process.wait()
    with serving(settings) as (port, _):
        for one in begun:
            (*_, last) = asyncio.run(followed(port, one["id"]))
            assert last["state"] == "done"
            assert last["progress"] == {"done": one["progress"]["total"], "total": one["progress"]["total"]}
            assert len({outcome["hunt"] for outcome in last["outcomes"]}) == one["progress"]["total"]
