"""Deliveries over HTTP: committed before they are acknowledged, counted once, bounded, in the shippers' own formats."""

import gzip
import json
import signal
import socket
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from graph_hunt.errors import Overloaded
from graph_hunt.events.store import EventStore
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from graph_hunt.workspace.ingest import Ingest
from tests.commands import COMMAND, environment
from tests.paths import ROOT
from tests.written import windows_logon

LOGONS = [json.loads(windows_logon(number, "alice")) for number in range(1, 4)]
NDJSON = "\n".join(json.dumps(one) for one in LOGONS).encode() + b"\n"
SSHD = "2024-03-04T08:00:0{}Z web1 sshd[7]: Accepted password for ann from 198.51.100.7 port 50100 ssh2"


@contextmanager
def served(root: Path) -> Iterator[tuple[httpx.Client, "subprocess.Popen[str]"]]:
    """A real server of a workspace, and a client of it that waits for its start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*COMMAND, "serve", "--port", str(port), "-w", str(root)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, stderr=subprocess.PIPE) as process:
        try:
            transport = httpx.HTTPTransport(retries=7)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=60) as client:
                client.get("/healthz")
                yield client, process
        finally:
            process.kill()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with Workspace.open(Settings(tmp_path / "w")):
        return tmp_path / "w"


def stored(root: Path, table: str = "authentication") -> int:
    connection = EventStore.open(root / "events").connection()
    try:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return row[0] if row else 0
    finally:
        connection.close()


def test_what_is_acknowledged_survives_a_kill_and_counts_once_when_sent_again(root: Path) -> None:
    with served(root) as (client, process):
        answer = client.post("/ingest/windows", content=NDJSON)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (answer.status_code, answer.json()["rows"]) == (200, {"authentication": 3})
    assert stored(root) == 3
    with served(root) as (client, _):
        assert client.post("/ingest/windows", content=NDJSON).json()["already_known"] is True
        # Cut otherwise and compressed, they are the same events.
        again = client.post(
            "/ingest/auto",
            content=gzip.compress(json.dumps(LOGONS[1:]).encode()),
            headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
        )
        assert again.json()["records"] == 2
        assert client.post("/ingest/none", content=NDJSON).status_code == 404
        assert client.post("/ingest/windows", content=NDJSON, headers={"Origin": "http://x"}).status_code == 403
        msgpack = {"Content-Type": "application/msgpack"}
        assert client.post("/ingest/windows", content=b"\x91", headers=msgpack).status_code == 415
        assert client.post("/ingest/windows", content=bytes((16 << 20) + 1)).status_code == 413
        assert client.post("/ingest/windows", content=iter([bytes(9 << 20)] * 2)).status_code == 413
    assert stored(root) == 3


def test_the_graph_follows_what_was_delivered(own_settings: Settings) -> None:
    ingest = Ingest(own_settings)
    (report,) = ingest.offer("windows", NDJSON).result(60)
    ingest.close()
    assert (report.records, report.used) == (3, 3)
    with Workspace.open(own_settings, read_only=True) as workspace:
        rows = workspace.graph.query("MATCH (u:User)-[logon:LOGGED_ON]->(h:Host) RETURN logon.count AS number")
        assert [row["number"] for row in rows] == [3]


CARRIED = {
    "fluent-bit": json.dumps([{"date": 1.5, "log": SSHD.format(n)} for n in range(3)]),
    "fluent-bit-stream": "".join(json.dumps({"date": 1.5, "log": SSHD.format(n)}) for n in range(3)),
    "vector": "\n".join(
        json.dumps({"message": SSHD.format(n), "host": "web1", "source_type": "file", "timestamp": "x"})
        for n in range(3)
    ),
    "logstash": json.dumps([{"@timestamp": "x", "event": {"original": SSHD.format(n)}} for n in range(3)]),
    "lines": "\n".join(SSHD.format(n) for n in range(3)),
}


@pytest.mark.parametrize("form", CARRIED)
def test_lines_that_shippers_put_into_records_are_read(root: Path, form: str) -> None:
    ingest = Ingest(Settings(root), apply=lambda: None)
    (first,) = ingest.offer("syslog", CARRIED[form].encode()).result(60)
    ingest.offer("syslog", gzip.compress(CARRIED["lines"].encode() + b"\n", mtime=0)).result(60)
    ingest.close()
    assert (first.used, stored(root)) == (3, 3)


def test_deflate_is_unfolded(root: Path) -> None:
    with served(root) as (client, _):
        body = zlib.compress(NDJSON)
        answer = client.post("/ingest/windows", content=body, headers={"Content-Encoding": "deflate"})
    assert answer.json()["rows"] == {"authentication": 3}


def test_records_that_the_loader_does_not_know_are_kept_in_quarantine(root: Path) -> None:
    ingest = Ingest(Settings(root), apply=lambda: None)
    (report,) = ingest.offer("okta", b'{"a": 1}\n{"b": 2}\n').result(60)
    ingest.close()
    assert report.quarantined == {"the okta loader does not know it": 2}
    kept = EventStore.open(root / "events").quarantine()
    assert [one.raw for one in kept] == ['{"a": 1}', '{"b": 2}']


def test_more_than_can_wait_is_refused_and_taken_later(root: Path) -> None:
    ingest = Ingest(Settings(root), waiting=1, apply=lambda: None)
    events = EventStore.open(root / "events")
    with events.appender():
        # Another load holds the store: what is offered now cannot be committed.
        with pytest.raises(Exception, match="loading into it"):
            ingest.offer("windows", NDJSON).result(60)
    full = Ingest(Settings(root), waiting=0, apply=lambda: None)
    with pytest.raises(Overloaded):
        full.offer("windows", NDJSON)
    assert ingest.offer("windows", NDJSON).result(60)[0].records == 3
    ingest.close()


def test_a_full_queue_and_a_store_that_another_holds_say_when_to_come_again(root: Path) -> None:
    with served(root) as (client, _):
        with EventStore.open(root / "events").appender():
            busy = client.post("/ingest/windows", content=NDJSON)
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "2")
        assert client.post("/ingest/windows", content=NDJSON).status_code == 200
