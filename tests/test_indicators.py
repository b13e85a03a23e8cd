"""Indicators are read, joined, let pass and ended."""

import json
from pathlib import Path

import pytest

from graph_hunt.casework.indicators.reading import read_file
from graph_hunt.casework.indicators.repository import allow, expire, give, kept
from graph_hunt.casework.indicators.value import Kind, Value, read
from graph_hunt.casework.state import State, history
from graph_hunt.errors import InputError


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("hxxps[:]//Evil[.]example/Login", Kind.URL, "https://evil.example/Login"),
        ("198.51.100[.]7", Kind.IP, "198.51.100.7"),
        ("198.51.100.7/24", Kind.NETWORK, "198.51.100.0/24"),
        ("2001:DB8::1", Kind.IP, "2001:db8::1"),
        ("::ffff:10.0.0.1", Kind.IP, "10.0.0.1"),
        ("Bücher.example.", Kind.DOMAIN, "xn--bcher-kva.example"),
        ("Boss[at]evil[.]example", Kind.MAIL, "boss@evil.example"),
        ("D41D8CD98F00B204E9800998ECF8427E", Kind.HASH, "d41d8cd98f00b204e9800998ecf8427e"),
    ],
)
def test_a_value_is_told_by_its_form_and_written_in_one_way(text: str, kind: Kind, value: str) -> None:
    assert read(text) == Value(kind, value)


def test_what_has_no_known_form_is_refused() -> None:
    with pytest.raises(InputError, match="no value that is known by its form"):
        read("not an indicator")


def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("# ours\nevil[.]example\n???\n198.51.100.7  # seen\n")
    found = list(read_file(file))
    assert [str(one.value.text) for one in found if not isinstance(one, InputError)] == ["evil.example", "198.51.100.7"]
    assert [str(one).startswith(f"{file}:3: ") for one in found if isinstance(one, InputError)] == [True]


def test_a_stix_bundle_gives_its_single_values_and_says_what_it_does_not(tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    objects = [
        {"type": "identity", "id": "identity--1", "name": "CERT"},
        {
            "type": "indicator", "id": "indicator--1", "created_by_ref": "identity--1", "pattern_type": "stix",
            "pattern": "[url:value = 'http://evil.example/a\\'b' OR domain-name:value = 'evil.example']",
            "valid_from": "2026-01-01T00:00:00Z", "confidence": 80,
        },
        {
            "type": "indicator", "id": "indicator--2", "pattern_type": "stix",
            "pattern": "[file:name = 'a'] FOLLOWEDBY [file:name = 'b']",
        },
        {
            "type": "indicator", "id": "indicator--3", "pattern_type": "stix",
            "pattern": f"[file:hashes.'SHA-256' = '{'AB' * 32}']",
        },
    ]  # fmt: skip
    file.write_text(json.dumps({"type": "bundle", "objects": objects}))
    found = list(read_file(file))
    good = [one for one in found if not isinstance(one, InputError)]
    assert [one.value.text for one in good] == ["http://evil.example/a'b", "evil.example", "ab" * 32]
    assert (good[0].sources, good[0].confidence, good[0].since) == (("CERT",), 80, 1767225600000)
    assert [str(one).startswith(f"{file}: indicator--2: ") for one in found if isinstance(one, InputError)] == [True]


def test_a_misp_event_gives_what_is_for_detection(tmp_path: Path) -> None:
    attributes = [
        {"type": "ip-dst|port", "value": "198.51.100.7|443", "to_ids": True, "uuid": "1"},
        {"type": "filename|md5", "value": f"Invoice.exe|{'0' * 32}", "to_ids": True, "uuid": "2"},
        {"type": "domain", "value": "benign.example", "to_ids": False, "uuid": "3"},
        {"type": "yara", "value": "rule", "to_ids": True, "uuid": "4"},
    ]
    event = {"Orgc": {"name": "CERT-FR"}, "Tag": [{"name": "tlp:amber"}], "Attribute": attributes}
    file = tmp_path / "event.json"
    file.write_text(json.dumps({"Event": event}))
    found = list(read_file(tmp_path))
    good = [one for one in found if not isinstance(one, InputError)]
    assert [one.value.text for one in good] == ["198.51.100.7", "invoice.exe", "0" * 32]
    assert {(one.sources, one.tlp) for one in good} == {(("CERT-FR",), "amber")}
    assert [str(one) for one in found if isinstance(one, InputError)] == [f"{file}: 4: yara is not matched"]


def test_what_several_sources_say_is_joined_and_every_change_is_in_the_trail(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("value,source,confidence,tlp\nevil.example,one,40,green\n")
    (tmp_path / "b.csv").write_text("value,source,confidence,tlp\nevil[.]example,two,70,\n")
    state = State.open(tmp_path / "state.db")
    for name in ("a.csv", "b.csv", "b.csv"):
        give(state, [x for x in read_file(tmp_path / name) if not isinstance(x, InputError)], who="me")
    [one] = kept(state)
    said = one.indicator
    assert (said.value.text, said.sources, said.confidence, said.tlp) == ("evil.example", ("one", "two"), 70, "green")
    with state.read() as connection:
        assert [line.action for line in history(connection)] == ["indicator.add", "indicator.change"]
    state.close()


def test_what_is_over_or_let_pass_is_not_live(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a.good.example\nevil.example\n198.51.100.7\n")
    state = State.open(tmp_path / "state.db")
    give(state, [x for x in read_file(tmp_path / "a.txt") if not isinstance(x, InputError)], who="me")
    allow(state, read("good.example"), reason="ours", who="me")
    allow(state, read("198.51.100.0/24"), reason="ours for a day", who="me", until=2_000)
    expire(state, read("evil.example"), who="me", at=1_500)
    assert [one.indicator.value.text for one in kept(state, live=1_000)] == ["evil.example"]
    assert [one.indicator.value.text for one in kept(state, live=3_000)] == ["198.51.100.7"]
    state.close()
