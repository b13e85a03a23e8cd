"""Logs of RADIUS servers."""

import doctest

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import radius
from graph_hunt.loaders.radius import logon
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")
COLUMNS = ("outcome", "reason", "user", "user_domain", "source_ip", "target_host", "device", "package")


def sample(name: str, options: Options | None = None) -> Reading:
    return read(radius.LOADER, Content((SAMPLES / "radius" / name).read_bytes(), name), options)


def test_the_examples_hold() -> None:
    assert doctest.testmod(logon).failed == 0


def test_freeradius_tells_of_a_logon_through_a_tunnel_once() -> None:
    found = sample("radius.log")
    assert found.rows("authentication", *COLUMNS) == [
        ("success", None, "ann", "CORP", None, "wlan1", "00-00-5E-00-53-10", "eap"),
        ("failure", "bad_password", "bob@corp.example", None, "198.51.100.7", "vpn1", None, "mschap"),
        ("failure", "unknown_user", "eve", None, "198.51.100.8", "vpn1", None, None),
        ("success", None, "pc1$", "corp.example", None, "wlan1", "00-00-5e-00-53-11", None),
        ("success", None, "carl", None, None, "vpn1", None, None),
    ]
    assert found.unused == {"RADIUS/other": 2, "RADIUS/outside-of-tunnel": 1}
    assert found.rows("authentication", "time")[0] == (1_709_539_201_000,)


def test_freeradius_in_syslog() -> None:
    line = b"Mar  4 08:00:02 rad1 radiusd[77]: (9) Login OK: [ann] (from client vpn1 port 0 cli 198.51.100.7)\n"
    found = read(radius.LOADER, Content(line + line), Options(year=2024))
    rows = found.rows("authentication", "recorder", "user", "source_ip", "time")
    assert rows == [("rad1", "ann", "198.51.100.7", 1_709_539_202_000)] * 2
    assert len({row["event_id"] for row in found.tables["authentication"]}) == 2


def test_an_answer_of_nps_takes_the_place_from_its_request() -> None:
    found = sample("IN2403.log", Options(timezone="Europe/Berlin"))
    assert found.rows("authentication", *COLUMNS) == [
        ("success", None, "ann", "CORP", "198.51.100.7", "vpn1", None, "MS-CHAPv2"),
        ("failure", "bad_password", "bob", "CORP", "198.51.100.8", "vpn1", None, "MS-CHAPv2"),
    ]
    assert found.rows("authentication", "recorder", "time", "user_upn", "target_service")[0] == (
        *("NPS1", 1_709_535_602_000, "ann@corp.example", "VPN users"),
    )
    assert found.unused == {"NPS/request": 2, "NPS/accounting": 1}
    assert [bad.record for bad in found.quarantined] == [6]


def test_the_other_formats_of_nps() -> None:
    assert sample("iaslog.log").rows("authentication", *COLUMNS) == [
        ("failure", "locked", "ann", "CORP", "198.51.100.7", "vpn1", None, "MS-CHAPv2")
    ]
    found = sample("dts.log")
    assert found.rows("authentication", *COLUMNS) == [
        ("success", None, "ann", "CORP", "198.51.100.7", "R&D gateway", None, "EAP")
    ]
    assert found.rows("authentication", "time") == [(1_709_539_201_500,)]


@SHARED_ONLY
def test_shared_recordings() -> None:
    found = read(radius.LOADER, one_source(DATA / "sekoia-intake-formats/ms_always_on_vpn.log"))
    assert found.rows("authentication", "outcome", "user", "user_domain", "target_service") == [
        ("success", "doe-j", "DOMAIN", "VPN TEST")
    ]
    assert found.unused == {"NPS/request": 1}
    without_times = read(radius.LOADER, one_source(DATA / "sekoia-intake-formats/freeradius.log"))
    assert (without_times.records, len(without_times.quarantined)) == (7, 7)
