"""Around every request: bounds on what is sent and how long it takes, an end where the asker has gone."""

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from graph_hunt.api.access import Access
from graph_hunt.api.app import create_app
from graph_hunt.api.guard import Guard
from graph_hunt.api.schema import SCHEMA, Context
from graph_hunt.casework.access import Caller, Role
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.live import served


class Asker:
    """The other end of one request: sends a body, then leaves when it is told to."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces, self._left, self.answer = list(pieces), asyncio.Event(), list[Message]()

    def leave(self) -> None:
        """Go."""
        self._left.set()

    async def receive(self) -> Message:
        """Give what it sends."""
        if self._pieces:
            piece = self._pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take what it is answered."""
        self.answer.append(message)

    @property
    def status(self) -> int | None:
        """The answer's status, if there is an answer."""
        return next((int(one["status"]) for one in self.answer if one["type"] == "http.response.start"), None)


def scope(path: str = "/graphql", method: str = "POST") -> Scope:
    """A request's scope."""
    return {"type": "http", "path": path, "method": method, "headers": []}


async def reads(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads all and says how much that was."""
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


class Waits:
    """An application that never answers, and tells that it was ended."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait."""
        await receive()
        self.begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.ended = True
            raise


def _most(_: str) -> int:
    return 10


def test_a_body_without_a_length_is_bounded_too() -> None:
    async def sent(*pieces: bytes) -> Asker:
        asker = Asker(*pieces)
        await Guard(reads, _most)(scope("/ingest/x"), asker.receive, asker.send)
        return asker

    assert asyncio.run(sent(b"12345", b"67890")).status == 200
    assert asyncio.run(sent(b"12345", b"67890", b"1")).status == 413


def test_a_question_ends_when_its_asker_goes() -> None:
    async def asked() -> tuple[bool, int | None]:
        asker, app = Asker(b"{}"), Waits()
        work = asyncio.ensure_future(Guard(app, _most)(scope(), asker.receive, asker.send))
        await app.begun.wait()
        asker.leave()
        await work
        return app.ended, asker.status

    assert asyncio.run(asked()) == (True, None)


def test_a_question_that_takes_too_long_is_answered_so() -> None:
    async def asked() -> tuple[bool, Asker]:
        asker, app = Asker(b"{}"), Waits()
        await Guard(app, _most, longest=0)(scope(), asker.receive, asker.send)
        return app.ended, asker

    ended, asker = asyncio.run(asked())
    assert ended and asker.status == 504
    assert json.loads(asker.answer[-1]["body"])["errors"][0]["extensions"] == {"code": "TIMEOUT"}


def test_what_is_delivered_is_not_given_up() -> None:
    async def delivered() -> Asker:
        asker = Asker(b"123")
        asker.leave()
        await Guard(reads, _most, longest=0)(scope("/ingest/x"), asker.receive, asker.send)
        return asker

    assert asyncio.run(delivered()).status == 200


def test_a_request_without_a_body_is_answered(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "w")
    with Workspace.open(settings):
        pass
    with served(create_app(settings)) as client:
        assert client.get("/hunts/none.csv").status_code == 404
        host, port = client.base_url.host, client.base_url.port or 0
        with socket.create_connection((host, port)) as wire:
            head = f"POST /graphql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            wire.sendall(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
            wire.sendall((b"10000\r\n" + b" " * 65536 + b"\r\n") * 17 + b"0\r\n\r\n")
            assert wire.recv(64).split(b" ")[1] == b"413"


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[Role, str], Any]:
    """Asks as someone of a role."""
    settings = Settings(tmp_path / "w")
    with Workspace.open(settings):
        pass

    def asked(role: Role, document: str) -> Any:
        with Workspace.open(settings, read_only=True) as workspace:
            context = Context(workspace, Caller(role.value, role, role.value), None, None, True)
            return asyncio.run(SCHEMA.execute(document, context_value=context))

    return asked


def test_a_document_that_was_kept_is_still_refused_to_others(ask: Callable[[Role, str], Any]) -> None:
    document = '{ cypher(query: "RETURN 1 AS one") { rows } }'
    for _ in range(3):
        assert ask(Role.ADMIN, document).data == {"cypher": {"rows": [{"one": 1}]}}
        (error,) = ask(Role.READER, document).errors
        assert error.extensions["code"] == "FORBIDDEN"


def test_a_document_that_is_wrong_stays_wrong(ask: Callable[[Role, str], Any]) -> None:
    for _ in range(3):
        errors = ask(Role.READER, "{ nothingOfTheKind }").errors
        assert any("nothingOfTheKind" in error.message for error in errors)
        within = "neighbors { edges { node { entity { "
        deep = '{ entity(name: "x") { ' + within * 3 + "name" + " } } } }" * 3 + " } }"
        (error,) = ask(Role.READER, deep).errors
        assert "depth" in error.message


def test_access_is_unchanged(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "w")
    with Workspace.open(settings):
        pass
    with served(create_app(settings, Access(demanded=True))) as client:
        answer = client.get("/metrics")
        assert answer.status_code == 401
        assert answer.headers["x-content-type-options"] == "nosniff"
