"""Who may ask the API: the gate over real HTTP, as a table of roles and operations, and against hostile headers."""

import asyncio
import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

from graph_hunt.api import permissions
from graph_hunt.api.access import Access, Gate, Rate, is_loopback
from graph_hunt.api.app import create_app
from graph_hunt.api.schema import SCHEMA
from graph_hunt.api.trail import Trail
from graph_hunt.casework import access
from graph_hunt.casework.access import Caller, Role
from graph_hunt.casework.state import State, history
from graph_hunt.graph.store import ASKER
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.commands import run
from tests.written import windows_logon, write_lines


@contextmanager
def served(settings: Settings, allowed: Access) -> Iterator[str]:
    """A server of a workspace, until the block is left; gives its address."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, allowed), host="127.0.0.1", port=0, log_level="critical")
    )
    with server.config.bind_socket() as bound:
        bound.listen(16)
        work = threading.Thread(target=server.run, args=([bound],))
        work.start()
        try:
            yield f"127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            work.join()


@pytest.fixture(scope="module")
def settings(module_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A loaded workspace."""
    folder = tmp_path_factory.mktemp("access")
    with Workspace.open(module_settings) as workspace:
        workspace.load([write_lines(folder / "logons.json", [windows_logon(1, "alice")])])
    return module_settings


@pytest.fixture(scope="module")
def tokens(settings: Settings) -> dict[str, str]:
    """A token of each role, one that is revoked, and none."""
    state = State.open(settings.state_store)
    made = {role.value: access.create(state, role=role, expires=None, who="test")[1] for role in Role}
    gone, made["revoked"] = access.create(state, role=Role.ADMIN, expires=None, who="test")
    access.revoke(state, gone.id, who="test")
    state.close()
    return {**made, "nobody": ""}


@pytest.fixture(scope="module")
def address(settings: Settings, tokens: dict[str, str]) -> Iterator[str]:
    """A server that demands tokens."""
    with served(settings, Access(demanded=True, hosts=("hunt.example",), rate=0)) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A client of it."""
    with httpx.Client(base_url=f"http://{address}", timeout=60) as made:
        yield made


def bearer(text: str) -> dict[str, str]:
    """The header that sends a token."""
    return {"Authorization": f"Bearer {text}"} if text else {}


Ask = Callable[[httpx.Client, dict[str, str]], httpx.Response]


def _asks(document: str) -> Ask:
    return lambda client, headers: client.post("/graphql", json={"query": document}, headers=headers)


def _gets(path: str) -> Ask:
    return lambda client, headers: client.get(path, headers=headers)


def _delivers(client: httpx.Client, headers: dict[str, str]) -> httpx.Response:
    return client.post("/ingest/windows", content=windows_logon(2, "bob"), headers=headers)


def _sends(client: httpx.Client, headers: dict[str, str]) -> httpx.Response:
    octets = {"Content-Type": "application/octet-stream"}
    return client.post("/load", params={"name": "a.json"}, content=b"", headers={**headers, **octets})


OPERATIONS: dict[str, tuple[Ask, str]] = {
    "health": (_gets("/healthz"), "anyone"),
    "readiness": (_gets("/readyz"), "anyone"),
    "introspection": (_asks("{ __schema { queryType { name } } }"), "reader"),
    "status": (_asks("{ status { records } }"), "reader"),
    "node": (_asks('{ node(id: "VXNlcjpjb3JwXGFsaWNl") { id } }'), "reader"),
    "entity": (_asks('{ entity(name: "CORP\\\\alice") { key } }'), "reader"),
    "entities": (_asks('{ entities(label: "User") { totalCount } }'), "reader"),
    "hunts": (_asks("{ hunts { id } }"), "reader"),
    "evidence": (_asks("{ evidence(ids: []) { id } }"), "reader"),
    "identities": (_asks("{ identities { totalCount } }"), "reader"),
    "runHunt": (_asks('mutation { runHunt(id: "dcsync") { state } }'), "analyst"),
    "ingest": (_delivers, "analyst"),
    "load": (_sends, "responder"),
    "cypher": (_asks('{ cypher(query: "RETURN 1 AS one") { cut } }'), "admin"),
    "export": (_gets("/hunts/fan-out.csv"), "analyst"),
    "the routes' description": (_gets("/openapi.json"), "reader"),
    "metrics": (_gets("/metrics"), "reader"),
    "another route": (_gets("/no/such/route"), "admin"),
}
ALLOWED = {
    "anyone": ("nobody", "revoked", "reader", "analyst", "responder", "admin"),
    "reader": ("reader", "analyst", "responder", "admin"),
    "analyst": ("analyst", "responder", "admin"),
    "responder": ("responder", "admin"),
    "admin": ("admin",),
}


def refusal(answer: httpx.Response) -> str:
    """How an answer refuses: by its status, or by the code of its first error; nothing where it does not."""
    if answer.status_code in (401, 403):
        return str(answer.status_code)
    if answer.headers["content-type"].startswith("application/json"):
        codes = [one.get("extensions", {}).get("code", "") for one in answer.json().get("errors") or []]
        return "403" if "FORBIDDEN" in codes else ""
    return ""


@pytest.mark.parametrize("who", ALLOWED["anyone"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_roles_may_do_what_the_table_says(
    client: httpx.Client, tokens: dict[str, str], operation: str, who: str
) -> None:
    ask, wanted = OPERATIONS[operation]
    answer = ask(client, bearer(tokens[who]))
    expected = "" if who in ALLOWED[wanted] else "401" if who in ("nobody", "revoked") else "403"
    assert refusal(answer) == expected, answer.text
    if expected == "401":
        assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_every_field_of_the_roots_has_its_line_in_the_table() -> None:
    roots = {name: SCHEMA._schema.type_map.get(name) for name in ("Query", "Mutation", "Subscription")}
    fields = {f"{name}.{field}" for name, root in roots.items() if root is not None for field in root.fields}  # type: ignore[attr-defined]
    assert not fields - set(permissions.FIELDS)


def test_a_refused_field_runs_nothing_however_it_is_written(client: httpx.Client, tokens: dict[str, str]) -> None:
    for document in (
        'mutation { a: runHunt(id: "dcsync") { state } }',
        'mutation { ...on Mutation { runHunt(id: "dcsync") { state } } }',
        'mutation { ...all } fragment all on Mutation { runHunt(id: "dcsync") { state } }',
        'mutation { runHunt(id: "dcsync") @skip(if: false) { state } }',
    ):
        answer = client.post("/graphql", json={"query": document}, headers=bearer(tokens["reader"])).json()
        assert answer["data"] is None
        assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN", "role": "analyst"}
        assert answer["errors"][0]["message"] == "Mutation.runHunt is for the role analyst; you have reader"


HOSTILE = [
    b"", b"Bearer", b"Bearer ", b"bearer  x", b"Basic " + base64.b64encode(b"admin:admin"), b"Bearer \xff\xfe",
    b"Bearer ' OR '1'='1", b"Bearer gh_0123456789abcdef_" + b"A" * 43, b"Bearer " + b"A" * 20_000,
    b"Bearer eyJhbGciOiJub25lIn0.eyJyb2xlcyI6ImFkbWluIn0.", b"Bearer null", b"Bearer gh_%00_",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:24].decode("latin-1"))
def test_what_is_no_token_opens_nothing(address: str, value: bytes) -> None:
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port))) as wire:
        body = b'{"query": "{ status { records } }"}'
        head = f"POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n"
        rest = f"\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        wire.sendall(head.encode() + b"Authorization: " + value + rest + body)
        status = wire.recv(64).split(b" ")[1]
    assert status == b"401"


def test_two_tokens_are_none(client: httpx.Client, tokens: dict[str, str]) -> None:
    twice = [("Authorization", f"Bearer {tokens['admin']}"), ("Authorization", f"Bearer {tokens['reader']}")]
    assert client.get("/metrics", headers=twice).status_code == 401


def test_a_token_ends_at_once(client: httpx.Client, settings: Settings) -> None:
    state = State.open(settings.state_store)
    token, text = access.create(state, role=Role.READER, expires=None, who="test")
    ask = OPERATIONS["status"][0]
    assert ask(client, bearer(text)).status_code == 200
    access.revoke(state, token.id, who="test")
    state.close()
    assert ask(client, bearer(text)).status_code == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [("hunt.example", 200), ("hunt.example:8443", 200), ("localhost", 200), ("evil.example", 400), ("", 400),
     ("hunt.example.evil.example", 400)],
)  # fmt: skip
def test_only_names_of_ours_are_answered(client: httpx.Client, host: str, status: int) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://hunt.example", 200), ("https://evil.example", 403), ("null", 403), ("http://[", 403), ("", 403)],
)
def test_pages_of_other_sites_may_not_ask(
    client: httpx.Client, tokens: dict[str, str], origin: str, status: int
) -> None:
    headers = {**bearer(tokens["reader"]), "Origin": origin}
    answer = client.post("/graphql", json={"query": "{ status { records } }"}, headers=headers)
    assert answer.status_code == status
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_browsers_are_given_no_leave_beforehand(client: httpx.Client) -> None:
    headers = {"Origin": "https://hunt.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/graphql", headers=headers)
    assert answer.status_code == 401
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_mutations_come_by_post_and_json_only(settings: Settings, kind: str) -> None:
    content = json.dumps({"query": 'mutation { runHunt(id: "dcsync") { state } }'})
    with served(settings, Access()) as found, httpx.Client(base_url=f"http://{found}", timeout=60) as client:
        headers = {"Content-Type": kind} if kind else {}
        assert client.post("/graphql", content=content, headers=headers).status_code in (400, 415)
        query = client.get("/graphql", params={"query": 'mutation { runHunt(id: "dcsync") { state } }'})
        assert query.status_code in (400, 405)


def test_websockets_bring_the_token_in_their_handshake_or_first_message(address: str, tokens: dict[str, str]) -> None:
    place, kinds = f"ws://{address}/graphql", ["graphql-transport-ws"]

    def opened(payload: object, headers: dict[str, str] | None = None) -> str:
        with connect(place, subprotocols=kinds, additional_headers=headers or {}) as wire:  # type: ignore[arg-type]
            wire.send(json.dumps({"type": "connection_init", "payload": payload}))
            return str(json.loads(wire.recv())["type"])

    assert opened({}, bearer(tokens["reader"])) == "connection_ack"
    assert opened({"authorization": f"Bearer {tokens['reader']}"}) == "connection_ack"
    for payload in (
        {},
        {"authorization": "Bearer x"},
        {"authorization": 7},
        {"authorization": f"Bearer {tokens['revoked']}"},
    ):
        with pytest.raises(ConnectionClosedError, match="Forbidden"):
            opened(payload)
    for headers in (bearer("forged"), {**bearer(tokens["admin"]), "Origin": "https://evil.example"}):
        with pytest.raises(InvalidStatus):
            opened({}, headers)


def test_a_token_has_its_rate(settings: Settings, tokens: dict[str, str]) -> None:
    allowed = Access(demanded=True, rate=30)
    with served(settings, allowed) as found, httpx.Client(base_url=f"http://{found}", timeout=60) as client:
        ask = OPERATIONS["hunts"][0]
        statuses = [ask(client, bearer(tokens["reader"])).status_code for _ in range(3)]
        assert statuses == [200, 200, 200]
        answers = [client.get("/metrics", headers=bearer(tokens["reader"])) for _ in range(5)]
        assert 429 in {one.status_code for one in answers}
        assert {one.headers.get("retry-after") for one in answers if one.status_code == 429} <= {"1", "2"}
        assert ask(client, bearer(tokens["analyst"])).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_a_rate_fills_again_and_is_each_callers_own() -> None:
    now = [0.0]
    rate = Rate(60, lambda: now[0])
    assert [rate.take("a") for _ in range(6)] == [0] * 6
    assert rate.take("a") == 1
    assert rate.take("b") == 0
    now[0] = 0.5
    assert rate.take("a") == 0.5
    now[0] = 1.5
    assert rate.take("a") == 0
    assert all(Rate(0).take("a") == 0 for _ in range(100))


def test_the_graph_is_told_whose_token_asks() -> None:
    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(await asyncio.to_thread(ASKER.get))(scope, receive, send)

    async def ask() -> str:
        gate = Gate(told, Access(demanded=True), {"secret": Caller("token:1 (ann)", Role.READER, "token:1")}.get)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url="http://127.0.0.1") as client:
            return (await client.post("/graphql", json={}, headers=bearer("secret"))).text

    assert asyncio.run(ask()) == "token:1 (ann)"
    assert ASKER.get() == ""


def test_loopback_is_this_machine_only() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(
        map(is_loopback, ("0.0.0.0", "::", "", "10.0.0.1", "localhost.evil.example", "127.0.0.1.nip.example"))
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", ""])
def test_other_addresses_are_refused_without_a_live_token(tmp_path: Path, host: str) -> None:
    with Workspace.open(Settings(tmp_path / "w")):
        pass
    done = run("serve", "--host", host, "--port", "0", "-w", tmp_path / "w")
    assert done.returncode == 1
    assert "demands tokens, and there is none that is live" in done.stderr
    assert "graph-hunt token create" in done.stderr


def test_names_of_hosts_are_checked(tmp_path: Path) -> None:
    with Workspace.open(Settings(tmp_path / "w")):
        pass
    done = run("serve", "--port", "0", "--allowed-host", "a*b", "-w", tmp_path / "w")
    assert done.returncode == 1 and "--allowed-host: a*b is no name" in done.stderr


def trail_of(settings: Settings, subject: str) -> list[tuple[str, str, object]]:
    """The lines about a subject: who, action, what."""
    state = State.open(settings.state_store)
    with state.read() as connection:
        found = [(one.who, one.action, one.after) for one in history(connection, subject)]
    state.close()
    return found


def test_runs_are_on_the_trail_before_they_run(
    client: httpx.Client, settings: Settings, tokens: dict[str, str]
) -> None:
    name = f"token:{tokens['analyst'][3:19]}"
    document = "mutation ($id: String!, $scope: [String!], $no: JSON) { ...all } fragment all on Mutation { " + (
        "a: runHunt(id: $id, scope: $scope, parameters: $no, wait: 60) { state } }"
    )
    ask = {"query": document, "variables": {"id": "fan-out", "scope": ["CORP\\alice"]}}
    assert client.post("/graphql", json=ask, headers=bearer(tokens["analyst"])).json()["data"]["a"]["state"]
    written = [(name, "run hunt", {"scope": ["CORP\\alice"], "wait": 60})]
    assert [line for line in trail_of(settings, "hunt:fan-out") if line[1] == "run hunt"] == written
    client.post("/graphql", json=ask, headers=bearer(tokens["reader"]))
    assert [line for line in trail_of(settings, "hunt:fan-out") if line[1] == "run hunt"] == written


@pytest.mark.parametrize("text", ["\x00", "\ud800", "x" * 300_000, "'; DROP TABLE audit; --", "\u202e<b>"])
def test_hostile_arguments_go_on_the_trail_as_text(client: httpx.Client, tokens: dict[str, str], text: str) -> None:
    ask = {"query": "mutation ($i: String!, $s: JSON) { runHunt(id: $i, parameters: $s) { state } }"}
    content = json.dumps({**ask, "variables": {"i": text, "s": {text: [text]}}})
    headers = {**bearer(tokens["analyst"]), "Content-Type": "application/json"}
    answer = client.post("/graphql", content=content, headers=headers)
    assert answer.status_code == 200
    whole = text != "\ud800"
    assert answer.json()["errors"][0]["extensions"]["code"] == ("NOT_FOUND" if whole else "BAD_USER_INPUT")


def test_a_shipper_is_on_the_trail_once_an_hour(tmp_path: Path) -> None:
    now = [0.0]
    state = State.open(tmp_path / "state.db")
    trail, caller = Trail(state, lambda: now[0]), Caller("token:1 (beats)", Role.ANALYST, "token:1")
    for at, loader in ((0, "ecs"), (5, "ecs"), (6, "zeek"), (3599, "ecs"), (3601, "ecs")):
        now[0] = at
        trail.deliver(caller, loader)
    with state.read() as connection:
        lines = [(one.who, one.action, one.subject) for one in history(connection)]
    state.close()
    assert lines == [
        ("token:1 (beats)", "deliver", "loader:ecs"),
        ("token:1 (beats)", "deliver", "loader:zeek"),
        ("token:1 (beats)", "deliver", "loader:ecs"),
    ]


def test_deliveries_are_on_the_trail(client: httpx.Client, settings: Settings, tokens: dict[str, str]) -> None:
    assert _delivers(client, bearer(tokens["responder"])).status_code == 200
    assert client.post("/ingest/no-such", content=b"x", headers=bearer(tokens["responder"])).status_code == 404
    assert (f"token:{tokens['responder'][3:19]}", "deliver", None) in trail_of(settings, "loader:windows")
    assert trail_of(settings, "loader:no-such") == []
