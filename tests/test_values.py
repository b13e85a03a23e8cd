"""Values as sources write them."""

import doctest
from datetime import UTC, timedelta, timezone

import pytest

from graph_hunt.loaders import _values
from graph_hunt.loaders._values import at, endpoint, strings, text


def test_the_examples_hold() -> None:
    assert doctest.testmod(_values).failed == 0


@pytest.mark.parametrize(
    "written",
    [
        "2021-06-15T10:05:12.1239999Z",
        "2021-06-15 10:05:12.123",
        "2021-06-15T12:05:12.123+02:00",
        "2021-06-15 10:05:12.123 UTC",
        "6/15/2021, 10:05:12.123 AM",
        "6/15/2021 12:05:12.123 PM +02:00",
        "06/15/2021 10:05:12.123",
    ],
)
def test_times(written: str) -> None:
    assert at(written) == 1623751512123


@pytest.mark.parametrize(
    "written", ["", "2021", "yesterday", "2021-06-15T25:05:12Z", "2021-06-15T10:05:xxZ", None, "1/2"]
)
def test_what_is_no_time_is_null(written: str | None) -> None:
    assert at(written) is None


def test_a_time_without_a_zone_is_in_the_one_given() -> None:
    zone = timezone(timedelta(hours=2))
    assert at("2021-06-15T12:05:12", zone) == at("2021-06-15T10:05:12Z", zone) == at("2021-06-15T10:05:12", UTC)
    assert at("6/15/2021 12:05:12 PM", zone) == 1623751512000


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("203.0.113.9", ("203.0.113.9", None)),
        ("203.0.113.9:51234", ("203.0.113.9", 51234)),
        ("[203.0.113.9]:51234", ("203.0.113.9", 51234)),
        ("[2001:DB8::1]:443", ("2001:db8::1", 443)),
        ("2001:db8:0:0:0:0:0:1", ("2001:db8::1", None)),
        ("[2001:db8::1]", ("2001:db8::1", None)),
        ("::ffff:203.0.113.9", ("203.0.113.9", None)),
        ("fe80::1%12", ("fe80::1", None)),
        ("<null>", (None, None)),
        ("127.0.0.1", (None, None)),
        ("", (None, None)),
        ("server.example", (None, None)),
    ],
)
def test_addresses(written: str, found: tuple[str | None, int | None]) -> None:
    assert endpoint(written) == found


def test_texts() -> None:
    assert strings("a; b;") == ["a", "b"]
    assert strings(["a", "-", 3]) == ["a", "3"]
    assert strings(None) == []
    assert text("  None ") is None
