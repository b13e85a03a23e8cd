"""Files that are sent: kept before they are acknowledged, loaded apart, told of as they go, through a restart too."""

import asyncio
import hashlib
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

from graph_hunt.api.app import create_app
from graph_hunt.casework.state import State
from graph_hunt.casework.uploads import Asked, Upload, Uploads, safe_name
from graph_hunt.errors import Overloaded
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.commands import environment
from tests.live import served
from tests.paths import ROOT
from tests.written import windows_logon

LINES = "\n".join(windows_logon(number, "alice") for number in range(1, 31)) + "\n{broken\n"
OCTETS = {"Content-Type": "application/octet-stream"}
PROGRESS = """subscription ($id: ID!) { loadProgress(id: $id) { state problem progress { phase records source } result {
    records used quarantined reasons { reason count } rows { table rows } edges sources
    accounts { totalCount edges { node { name outcome loader problem } } } } } }"""


@pytest.fixture
def empty(own_settings: Settings) -> Settings:
    """A workspace with nothing in it, on each engine in turn."""
    with Workspace.open(own_settings):
        pass
    return own_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace with nothing in it."""
    made = Settings(tmp_path / "w")
    with Workspace.open(made):
        pass
    return made


def send(client: httpx.Client, name: str, content: bytes, **given: str) -> httpx.Response:
    """Send a file."""
    return client.post("/load", params={"name": name, **given}, content=content, headers=OCTETS)


async def _told(address: str, id: str) -> list[dict[str, Any]]:
    transport = WebsocketsTransport(
        url=f"{address.replace('http', 'ws', 1)}/graphql", subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL]
    )
    asked = gql(PROGRESS)
    asked.variable_values = {"id": id}
    async with Client(transport=transport) as session:
        return [told["loadProgress"] async for told in session.subscribe(asked)]


def followed(client: httpx.Client, id: str) -> list[dict[str, Any]]:
    """What a subscription tells of an upload until its end."""
    return asyncio.run(_told(str(client.base_url).rstrip("/"), id))


def asked(client: httpx.Client, document: str, **variables: Any) -> Any:
    """Send a document; give the answer's data."""
    answer = client.post("/graphql", json={"query": document, "variables": variables}).json()
    assert "errors" not in answer, answer
    return answer["data"]


def test_a_file_that_is_sent_is_loaded_and_answered_for(empty: Settings) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("logs/a.json", LINES)
        archive.writestr("readme.txt", "nothing of the kind")
    with served(create_app(empty)) as client:
        answer = send(client, "C:\\case 7\\logs.zip", packed.getvalue())
        assert answer.status_code == 202
        told = answer.json()
        assert told["name"] == "logs.zip" and told["bytes"] == len(packed.getvalue())
        assert told["sha256"] == hashlib.sha256(packed.getvalue()).hexdigest()
        *_, last = followed(client, told["id"])
        assert last["state"] == "done", last
        result = last["result"]
        assert (result["records"], result["used"], result["quarantined"], result["sources"]) == (31, 30, 1, 2)
        assert [one["count"] for one in result["reasons"]] == [1]
        assert result["rows"] == [{"table": "authentication", "rows": 30}]
        accounts = [edge["node"] for edge in result["accounts"]["edges"]]
        assert [(one["name"], one["outcome"]) for one in accounts] == [
            ("logs.zip!readme.txt", "unclaimed"),
            ("logs.zip!logs/a.json", "loaded"),
        ]
        assert str(empty.workspace) not in json.dumps(last)
        found = asked(client, '{ entities(label: "User") { edges { node { key } } } uploads { totalCount } }')
        assert found["entities"]["edges"] == [{"node": {"key": "corp\\alice"}}]
        again = send(client, "again.zip", packed.getvalue()).json()
        *_, last = followed(client, again["id"])
        assert last["result"]["records"] == 0 and last["result"]["accounts"]["edges"][1]["node"]["outcome"] == (
            "already loaded"
        )


def test_what_is_no_upload_is_refused_and_leaves_nothing(settings: Settings) -> None:
    with served(create_app(settings, largest_upload=1000)) as client:
        assert send(client, "a.json", b"").status_code == 400
        assert send(client, "a.json", b"x" * 1001).status_code == 413
        assert (
            client.post("/load", params={"name": "a"}, content=iter([b"x" * 600] * 2), headers=OCTETS).status_code
            == 413
        )
        assert client.post("/load", content=b"x", headers=OCTETS).status_code == 422
        assert client.post("/load", params={"name": "a"}, files={"f": b"x"}).status_code == 415
        assert send(client, "a.json", b"x", loader="spy").status_code == 400
        assert send(client, "a.json", b"x", timezone="Mars/Olympus").status_code == 400
        assert send(client, "a.json", b"x", epoch="soon").status_code == 400
        assert asked(client, "{ uploads { totalCount } }") == {"uploads": {"totalCount": 0}}
    assert list((settings.workspace / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"),
     ("C:\\a\\b.evtx", "b.evtx"), ("..", "upload"), ("a\x00\u202eb\ud800.json", "a__b_.json"),
     ("x" * 300 + ".evtx", "x" * 195 + ".evtx"), ("é" * 200, "é" * 100), ("", "upload")],
)  # fmt: skip
def test_names_are_kept_as_names(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_what_says_itself_badly_is_told_how_to_be_read(settings: Settings) -> None:
    with served(create_app(settings)) as client:
        line = b"Mar  4 08:00:01 web1 sshd[7]: Accepted password for ann from 198.51.100.7 port 50100 ssh2\n"
        told = send(client, "auth.log", line, year="2021", timezone="Europe/Paris").json()
        *_, last = followed(client, told["id"])
        assert last["result"]["used"] == 1
        assert asked(client, "{ status { first } }") == {"status": {"first": "2021-03-04T07:00:01Z"}}


def _over(uploads: Uploads, id: str) -> Upload:
    heard = threading.Event()
    end = uploads.listen(id, heard.set)
    while not (found := uploads.get(id)).over:
        assert heard.wait(60)
        heard.clear()
    end()
    return found


def test_uploads_are_bounded_and_can_be_cancelled(settings: Settings) -> None:
    state = State.open(settings.state_store)
    uploads = Uploads(state, settings)
    with Workspace.open(settings) as workspace, workspace.events.appender():
        ids = []
        for _ in range(50):
            id, incoming = uploads.receive("a.json")
            incoming.write(LINES.encode())
            uploads.begin(id, incoming, Asked(), "tester")
            ids.append(id)
        with pytest.raises(Overloaded):
            uploads.receive("a.json")
        for id in ids:
            assert uploads.cancel(id).state == "cancelled"
    id, incoming = uploads.receive("a.json")
    incoming.write(LINES.encode())
    uploads.begin(id, incoming, Asked(), "tester")
    assert _over(uploads, id).state == "done"
    uploads.close()
    state.close()


@contextmanager
def serving(root: Path) -> Iterator[tuple[httpx.Client, "subprocess.Popen[str]"]]:
    """A process that serves; killed at the end, if it lives."""
    command = [sys.executable, "-m", "tests.serving", str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()) as process:
        assert process.stdout is not None
        try:
            address = f"http://127.0.0.1:{int(process.stdout.readline())}"
            with httpx.Client(base_url=address, timeout=60) as client:
                yield client, process
        finally:
            process.kill()


def test_a_kill_loses_no_file_that_was_acknowledged(settings: Settings) -> None:
    files = {
        name: "\n".join(windows_logon(number, name) for number in range(begin, begin + 30)).encode()
        for name, begin in (("ann", 1), ("bob", 31))
    }
    with serving(settings.workspace) as (client, process):
        ids = [send(client, f"{name}.json", content).json()["id"] for name, content in files.items()]
        process.kill()
        process.wait()
    with serving(settings.workspace) as (client, _):
        for id in ids:
            *_, last = followed(client, id)
            assert last["state"] == "done"
        assert asked(client, '{ status { tables { rows } } entities(label: "User") { totalCount } }') == {
            "status": {"tables": [{"rows": 60}]},
            "entities": {"totalCount": 2},
        }
