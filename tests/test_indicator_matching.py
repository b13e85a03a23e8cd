"""Indicators are met in events, once each, in the past and in what comes."""

from pathlib import Path
from typing import Any

from graph_hunt.casework.indicators.hunt import hunt
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.repository import allow, give, kept
from graph_hunt.casework.indicators.value import Kind, read
from graph_hunt.casework.state import State
from tests.telemetry import stored

MAIL: dict[str, Any] = {
    "message_id": "m1",
    "sender": "Boss@Mail.Evil.example",
    "recipient": "ann@corp.example",
    "subject": "Your invoice 4711",
    "source_ip": "198.51.100.7",
    "urls": ["HTTP://Login.Bad.example", "http://203.0.113.9/x"],
    "attachments": ["Invoice.EXE"],
    "attachment_hashes": ["AB" * 32],
}


def _met(state: State) -> dict[str, int]:
    return {one.indicator.value.text: one.sightings for one in kept(state)}


def test_each_kind_is_met_and_what_only_looks_alike_is_not(tmp_path: Path) -> None:
    events = stored(
        tmp_path,
        [
            ("mail", {"time": 1_000, "code": "t", **MAIL}),
            ("authentication", {"time": 2_000, "code": "t", "kind": "sign_in", "source_ip": "2001:db8::7"}),
            ("network", {"time": 3_000, "code": "t", "kind": "lookup", "target_host": "notevil.example."}),
        ],
    )
    state = State.open(tmp_path / "state.db")
    texts = [
        "evil.example", "198.51.100.0/24", "198.51.101.0/24", "http://login.bad.example/", "203.0.113.9",
        "ab" * 32, "2001:db8::/32", "boss@mail.evil.example", "bad.example",
    ]  # fmt: skip
    values = [*map(read, texts), read("*invoice 47*", Kind.SUBJECT), read("invoice.exe", Kind.FILE_NAME)]
    give(state, map(Indicator, values), who="me")
    assert hunt(state, events) == 10
    assert _met(state) == {**{one.text: 1 for one in values}, "198.51.101.0/24": 0}
    assert hunt(state, events) == 0
    state.close()


def test_what_is_let_pass_or_happened_after_its_end_is_not_met(tmp_path: Path) -> None:
    rows = [("authentication", {"time": at, "code": "t", "source_ip": "198.51.100.7"}) for at in (1_000, 5_000)]
    events = stored(tmp_path, rows, [("authentication", {**rows[0][1], "time": 500})])
    state = State.open(tmp_path / "state.db")
    give(state, [Indicator(read("198.51.100.7"), until=2_000)], who="me")
    assert hunt(state, events, now=3_000) == 2
    assert hunt(state, events, now=3_000) == 0
    give(state, [Indicator(read("198.51.100.0/24"))], who="me")
    allow(state, read("198.51.100.0/24"), reason="ours", who="me")
    assert hunt(state, events) == 0
    state.close()
