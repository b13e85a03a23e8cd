"""Proofpoint's Targeted Attack Protection."""

import pytest

from graph_hunt.events.source import Options
from graph_hunt.loaders import proofpoint
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

_MAIL = ("code", "recipient", "action", "direction", "sender", "return_path", "urls", "attachments", "threats")
_URLS = ["http://login.evil.example"]
_DELIVERED = (
    *("delivered", "inbound", "billing@evil.example", "bounce@evil.example"),
    *(_URLS, ["Invoice.pdf"], ["malware", "phish"]),
)


def sample(name: str, options: Options | None = None) -> Reading:
    return read(proofpoint.LOADER, Content((SAMPLES / "proofpoint" / name).read_bytes(), name), options)


@pytest.mark.parametrize("name", ["siem_all.json", "collector.jsonl", "log_analytics.jsonl", "syslog.log"])
def test_a_message_is_a_row_for_each_recipient(name: str) -> None:
    assert sample(name).rows("mail", *_MAIL) == [
        ("Proofpoint/messagesDelivered", "ann@corp.example", *_DELIVERED),
        ("Proofpoint/messagesDelivered", "bob@corp.example", *_DELIVERED),
        ("Proofpoint/messagesBlocked", "carol@corp.example", "quarantined", *_DELIVERED[1:]),
    ]


def test_the_same_events_come_in_every_form() -> None:
    forms = [sample(name) for name in ("siem_all.json", "collector.jsonl", "log_analytics.jsonl", "syslog.log")]
    mails = [
        form.rows("mail", "event_id", "time", "message_id", "network_id", "attachment_hashes", "size") for form in forms
    ]
    assert mails[0] == mails[1] == mails[2] == mails[3]
    assert (
        forms[0].rows("click", "event_id") == forms[1].rows("click", "event_id") == forms[3].rows("click", "event_id")
    )
    assert forms[0].rows("click", "event_id")[:1] == forms[2].rows("click", "event_id")


def test_a_click_says_who_opened_what_and_whether_it_was_blocked() -> None:
    columns = ("user_upn", "url", "action", "message_id", "source_ip")
    message = "20240603080000.62086.mail@evil.example"
    assert sample("siem_all.json").rows("click", *columns) == [
        ("ann@corp.example", "http://login.evil.example/", "allowed", message, "192.0.2.1"),
        ("ann@corp.example", "http://login.evil.example/", "blocked", message, "192.0.2.1"),
    ]


def test_records_of_another_kind_are_quarantined() -> None:
    found = sample("collector.jsonl")
    assert (found.records, found.used) == (6, 4)
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [
        (5, "clickTime is not a time: 'soon'"),
        (6, "neither a message nor a click of Proofpoint TAP"),
    ]


def test_a_line_of_syslog_that_is_no_event_is_quarantined() -> None:
    found = sample("syslog.log")
    assert (found.records, found.used) == (5, 4)
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [(5, "not a line of Proofpoint TAP")]


def test_own_domains_tell_the_direction() -> None:
    found = sample("siem_all.json", Options(extra={"own_domains": "corp.example,evil.example"}))
    assert found.rows("mail", "direction") == [("internal",)] * 3


@pytest.mark.parametrize(
    "content", [b'{"GUID": "a", "url": "b"}\n', b'{"clickTime": "x"}\n', b'{"queryEndTime": "2024-06-03T11:00:00Z"}\n']
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not proofpoint.LOADER.claims(Content(content))
