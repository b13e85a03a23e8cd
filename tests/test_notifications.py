"""Alerts are told to real receivers: signed, framed and escaped, tried again, under one id."""

import base64
import hashlib
import hmac
import json
from email import message_from_string
from pathlib import Path

import pytest

from graph_hunt.casework.notifications.channel import Channel, channels
from graph_hunt.casework.notifications.deliveries import ATTEMPTS, DELIVERIES, deliver, deliveries, post
from graph_hunt.casework.notifications.message import Told
from graph_hunt.casework.notifications.sending import Undelivered, send
from graph_hunt.casework.state import State
from graph_hunt.errors import InputError
from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.hunt import Level
from tests import receivers

ENTITIES = (
    Involved("User", "corp\\ann", "CORP\\ann", "account"),
    Involved("Host", "dc1", "DC1|x", "target"),
    Involved("IP", "198.51.100.7", "198.51.100.7", "source"),
)
FINDING = Finding(
    "f1", "fan-out", "Reaches | far\nmore", Level.HIGH, ("T1021",), "ann=\\bad\nBcc: eve", ENTITIES, 1_000, 2_000, 70.0,
    ("e1",), {},
)  # fmt: skip
TOLD = Told("d" * 32, "a1", "fans", 3_000, FINDING)


def channel(kind: str, **settings: object) -> Channel:
    return Channel("soc", kind, settings)


def test_a_webhook_is_signed_as_standard_webhooks_are(tmp_path: Path) -> None:
    key = b"0123456789abcdef0123456789abcdef"
    (tmp_path / "secret").write_text("whsec_" + base64.b64encode(key).decode() + "\n")
    with receivers.webhook() as (url, got):
        send(channel("webhook", url=url, secret_file=str(tmp_path / "secret")), TOLD)
    headers, body = got.get(timeout=30)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert (headers["webhook-id"], headers["webhook-signature"]) == ("d" * 32, expected)
    assert json.loads(body) == {
        "type": "graph-hunt.alert", "id": "d" * 32, "alert": "a1", "detection": "fans",
        "created": "1970-01-01T00:00:03Z", "finding": FINDING.as_json(),
    }  # fmt: skip


@pytest.mark.parametrize("secured", [False, True])
def test_a_mail_has_one_subject_and_no_header_of_telemetry(tmp_path: Path, secured: bool) -> None:
    certificate = receivers.certificate(tmp_path) if secured else None
    said = {"tls": "starttls", "ca_file": str(certificate)} if secured else {"tls": "none"}
    with receivers.smtp(certificate) as (port, got):
        send(
            channel(
                "email", host="127.0.0.1", port=port, to=["duty@corp.example"], **{"from": "gh@corp.example"}, **said
            ),
            TOLD,
        )
    sender, to, text, encrypted = got.get(timeout=30)
    mail = message_from_string(text)
    assert (sender, to, encrypted) == ("gh@corp.example", ["duty@corp.example"], secured)
    assert mail["Subject"] == "[graph-hunt] high: Reaches | far\\nmore"
    assert mail["Bcc"] is None and mail["Message-ID"] == f"<{'d' * 32}@graph-hunt.invalid>"
    assert "ann=\\bad\\nBcc: eve" in mail.get_payload(decode=True).decode()  # type: ignore[union-attr]


@pytest.mark.parametrize("protocol", ["udp", "tcp", "tls"])
def test_syslog_carries_cef_escaped_and_framed(tmp_path: Path, protocol: str) -> None:
    certificate = receivers.certificate(tmp_path) if protocol == "tls" else None
    said = {"ca_file": str(certificate)} if certificate else {}
    with receivers.syslog(protocol, certificate) as (port, got):
        send(channel("syslog", host="127.0.0.1", port=port, protocol=protocol, **said), TOLD)
        line = got.get(timeout=30)
    if protocol != "udp":
        length, _, line = line.partition(b" ")
        assert int(length) == len(line)
    head, _, cef = line.decode().partition(" CEF:0|")
    assert head.startswith("<108>1 1970-01-01T00:00:03.000Z ")
    assert cef.split("|", 2)[:2] == ["graph-hunt", "graph-hunt"]
    assert "|fan-out|Reaches \\| far\\\\nmore|8|" in cef
    assert "suser=CORP\\\\ann dhost=DC1|x src=198.51.100.7 externalId=a1 msg=ann\\=\\\\bad\\nBcc: eve" in cef


def test_a_file_gets_a_line_an_alert(tmp_path: Path) -> None:
    path = tmp_path / "log" / "alerts.jsonl"
    for _ in range(2):
        send(channel("file", path=str(path)), TOLD)
    assert [json.loads(line)["alert"] for line in path.read_text().splitlines()] == ["a1", "a1"]


def test_who_presents_another_certificate_is_told_nothing(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    trusted = receivers.certificate(other)
    with receivers.syslog("tls", receivers.certificate(tmp_path)) as (port, got):
        with pytest.raises(Undelivered, match="CERTIFICATE_VERIFY_FAILED"):
            send(channel("syslog", host="127.0.0.1", port=port, protocol="tls", ca_file=str(trusted)), TOLD)
        assert got.empty()


def told(delivery: str, alert: str) -> Told | None:
    return Told(delivery, alert, "fans", 3_000, FINDING)


def test_what_is_not_taken_is_sent_again_later_under_the_same_id_until_it_is(tmp_path: Path) -> None:
    state = State.open(tmp_path / "state.db")
    with state.begin() as connection:
        post(connection, "a1", ["soc", "quiet", "gone"], 0)
    with receivers.webhook(500, 302) as (url, got):
        quiet = f'[quiet]\nkind = "file"\npath = "{tmp_path}/q"\nlevel = "critical"\n'
        (tmp_path / "notify.toml").write_text(f'[soc]\nkind = "webhook"\nurl = "{url}"\n{quiet}')
        assert deliver(state, tmp_path, told, now=0) == 1
        assert deliver(state, tmp_path, told, now=59_000) == 0
        assert deliver(state, tmp_path, told, now=60_000) == 0
        assert deliver(state, tmp_path, told, now=180_000) == 1
        assert deliver(state, tmp_path, told, now=10_000_000_000) == 0
    ids = {got.get(timeout=30)[0]["webhook-id"] for _ in range(3)}
    assert len(ids) == 1 and got.empty()
    assert not (tmp_path / "q").exists()
    with state.read() as connection:
        found = {one.channel: (one.state, one.attempts) for one in deliveries(connection, ["a1"])["a1"]}
    assert found == {"soc": ("told", 3), "quiet": ("told", 1), "gone": ("waiting", 4)}
    state.close()


def test_what_is_never_taken_is_given_up_and_said(tmp_path: Path) -> None:
    state = State.open(tmp_path / "state.db")
    with state.begin() as connection:
        post(connection, "a1", ["gone"], 0)
    for attempt in range(ATTEMPTS + 1):
        deliver(state, tmp_path, told, now=attempt * 100_000_000)
    with state.read() as connection:
        row = connection.execute(DELIVERIES.select()).one()
    assert (row.state, row.attempts, row.problem) == ("given_up", ATTEMPTS, "there is no channel gone")
    state.close()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[a]\nkind = "pigeon"', "kind = 'pigeon'; expected webhook, email, syslog, file"),
        ('[a]\nkind = "webhook"', "has no url"),
        ('[a]\nkind = "webhook"\nurl = "ftp://x"', "url = 'ftp://x'"),
        ('[a]\nkind = "syslog"\nhost = "x"\nprotocol = "smoke"', "protocol = 'smoke'; expected udp or tcp or tls"),
        ('[a]\nkind = "email"\nhost = "x"\nfrom = "y"\nto = "z"', "to = 'z'"),
        ('[a]\nkind = "file"\npath = "x"\nlevel = "big"', "level = 'big'"),
    ],
)
def test_a_bad_channel_is_refused_with_what_is_expected(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "notify.toml").write_text(text)
    with pytest.raises(InputError) as error:
        channels(tmp_path)
    assert f"{tmp_path / 'notify.toml'}: [a]: {told}" in str(error.value)
