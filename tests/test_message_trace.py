"""Message traces of Exchange Online and tracking logs of Exchange, in every form they are exported in."""

import doctest

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import _mail, message_trace
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

ANN, BOB, CARL = "ann@contoso.example", "bob@contoso.example", "carl@fabrikam.example"
SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")


def sample(name: str, options: Options | None = None) -> Reading:
    content = (SAMPLES / "message_trace" / name).read_bytes()
    return read(message_trace.LOADER, Content(content, name), options)


def test_the_examples_hold() -> None:
    assert doctest.testmod(_mail).failed == 0


def test_a_message_is_the_same_event_in_every_trace() -> None:
    names = ("enhanced_summary_utf16.csv", "get_messagetrace.csv", "get_messagetracev2.json", "reporting_service.jsonl")
    same = ("event_id", "message_id", "network_id", "sender", "recipient", "action", "source_ip", "subject", "size")
    found = {name: sample(name).rows("mail", *same)[0] for name in names}
    assert len(set(found.values())) == 1
    assert found[names[0]][1:] == (
        *("c0ffee.1@bulk.example", "3b2f6a10-0000-4000-8000-0000000000aa", "it-support@contoso.example", ANN),
        *("delivered", "203.0.113.77", "Invoice, overdue", 3549),
    )


def test_the_summary_says_what_became_of_each_recipient() -> None:
    assert sample("enhanced_summary_utf16.csv").rows("mail", "record", "recipient", "action", "direction") == [
        (1, ANN, "delivered", "inbound"),
        (1, BOB, "bounced", "inbound"),
        (1, "eve@contoso.example", "quarantined", "inbound"),
        (2, CARL, "sent", "outbound"),
        (2, BOB, "delivered", "internal"),
    ]


def test_the_statuses_of_get_messagetrace() -> None:
    found = sample("get_messagetrace.csv")
    assert found.rows("mail", "action") == [("delivered",), ("quarantined",), ("blocked",)]
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [(4, "it has no time that can be read")]
    assert sample("get_messagetracev2.json").rows("mail", "action", "source_ip")[1] == (None, "2001:db8::25")


def test_a_tracking_log_whose_fields_change() -> None:
    found = sample("tracking.log")
    columns = ("record", "code", "recorder", "recipient", "action", "direction", "source_ip")
    assert found.rows("mail", *columns) == [
        (6, "Exchange/RECEIVE", "EX01", ANN, "received", "inbound", "203.0.113.77"),
        (6, "Exchange/RECEIVE", "EX01", BOB, "received", "inbound", "203.0.113.77"),
        (8, "Exchange/DELIVER", "EX01", ANN, "delivered", "inbound", "203.0.113.77"),
        (9, "Exchange/FAIL", "EX01", BOB, "blocked", "inbound", "203.0.113.77"),
        (10, "Exchange/RECEIVE", "EX01", CARL, "received", None, "10.0.0.31"),
        (11, "Exchange/SEND", "EX01", CARL, "sent", "outbound", "10.0.0.31"),
        (14, "Exchange/RECEIVE", "EX02", ANN, "received", None, "10.0.0.9"),
    ]
    assert found.rows("mail", "threats", "client")[3:5] == [(["Content Filter Agent"], None), (None, "OWA")]
    assert found.unused == {"Exchange/AGENTINFO": 1, "Exchange/EXPAND": 1}
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [
        (12, "2 fields, expected 30"),
        (16, "it has no time that can be read"),
    ]


def test_the_extended_report_and_its_like() -> None:
    found = sample("extended.csv")
    assert found.rows("mail", "time", "code", "recorder", "direction") == [
        (1717402507123, "Exchange/RECEIVE", "AM7PR01MB2", "inbound"),
        (1717402508000, "Exchange/DELIVER", "AM7PR01MB2", "inbound"),
    ]
    assert found.unused == {"Exchange/REDIRECT": 1}
    assert sample("get_messagetracedetail.csv").rows("mail", "code", "action") == [
        ("Exchange/RECEIVE", "received"),
        ("Exchange/SENDEXTERNAL", "sent"),
    ]


def test_what_a_shell_shows_is_local_time() -> None:
    vienna = Options(timezone="Europe/Vienna")
    assert sample("get_messagetrackinglog.csv", vienna).rows("mail", "time") == [(1717402507000,)] * 2
    assert sample("get_messagetrace.csv", vienna).rows("mail", "time")[0] == (1717402507000,)


def test_own_domains_go_before_what_the_trace_says() -> None:
    own = Options(extra={"own_domains": "contoso.example"})
    assert sample("get_messagetrace.csv", own).rows("mail", "direction") == [("internal",), ("internal",), ("inbound",)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Timestamp,NetworkMessageId,SenderFromAddress,RecipientEmailAddress,DeliveryAction\n",
        b"#Software: Microsoft Exchange Server\n#Log-type: SMTP Receive Protocol Log\n#Fields: date-time,session-id\n",
        b'{"sender": "a@b.example", "recipient": "c@d.example", "time": "2024-06-03T08:15:07Z"}\n',
    ],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not message_trace.LOADER.claims(Content(content))


@SHARED_ONLY
def test_a_real_trace_loads() -> None:
    source = one_source(DATA / "sekoia-intake-formats" / "o365_message_trace.jsonl")
    found = read(message_trace.LOADER, Content(source.open().read()))
    assert found.rows("mail", "sender", "source_ip", "action") == [("azure-noreply@microsoft.com", "1.1.1.1", None)]
