"""What the command line prints is safe and stable."""

from graph_hunt.cli.output import iso, shown
from graph_hunt.hunting.export import as_json


def test_times_are_iso_8601_utc() -> None:
    assert iso(0) == "1970-01-01T00:00:00Z"
    assert iso(1_596_697_577_120) == "2020-08-06T07:06:17.120Z"
    assert iso(None) == ""


def test_control_and_bidi_characters_are_shown_escaped() -> None:
    assert shown("a\x1b[31mb\u202ec\n") == "a\\x1b[31mb\\u202ec\\n"
    assert shown("naïve 名前") == "naïve 名前"


def test_a_lone_surrogate_does_not_break_json() -> None:
    assert as_json({"name": "a\ud800b"}, indent=False) == '{"name":"a?b"}'
