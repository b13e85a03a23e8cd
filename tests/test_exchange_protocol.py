"""Exchange's protocol logs: logins over IMAP, POP3 and SMTP."""

import pytest

from graph_hunt.loaders import exchange_protocol
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

EVIL = "203.0.113.9"


def sample(name: str) -> Reading:
    content = (SAMPLES / "exchange_protocol" / name).read_bytes()
    return read(exchange_protocol.LOADER, Content(content, name))


def test_logins_over_imap() -> None:
    found = sample("imap.log")
    columns = ("record", "outcome", "reason", "user_upn", "source_ip", "source_port", "application")
    assert found.rows("authentication", *columns) == [
        (7, "failure", "bad_password", "ann@contoso.example", EVIL, 40001, "IMAP"),
        (8, "success", None, "ann@contoso.example", EVIL, 40001, "IMAP"),
    ]
    assert found.unused == {"ExchangeProtocol/command": 2}
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [(10, "1 fields, expected 13")]


def test_logins_over_smtp_are_told_of_in_several_lines() -> None:
    found = sample("smtp_receive.log")
    columns = ("record", "outcome", "reason", "user", "user_domain", "source_ip")
    assert found.rows("authentication", *columns) == [
        (9, "failure", "bad_password", "ann", "CONTOSO", EVIL),
        (10, "success", None, "ann", "CONTOSO", "198.51.100.7"),
    ]
    assert found.unused == {"ExchangeProtocol/SMTP": 4}


@pytest.mark.parametrize(
    ("name", "application", "user"),
    [
        ("crowdsec_imap.log", "IMAP", "testuser"),
        ("crowdsec_pop.log", "POP3", "testuser"),
        ("crowdsec_smtp.log", "SMTP", None),
    ],
)
def test_records_without_a_header_are_told_by_their_layout(name: str, application: str, user: str | None) -> None:
    columns = ("application", "outcome", "user", "source_ip")
    assert sample(name).rows("authentication", *columns) == [(application, "failure", user, "192.168.9.212")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"#Software: Microsoft Exchange Server\n#Fields: date-time,client-ip,event-id,recipient-address\n",
        b"2024-06-03T08:00:00.000Z,a,b,c\n",
    ],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not exchange_protocol.LOADER.claims(Content(content))
