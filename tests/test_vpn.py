"""Logs of VPN gateways."""

import doctest

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import all_loaders, vpn
from graph_hunt.loaders.vpn import session
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")
COLUMNS = ("kind", "outcome", "reason", "user", "user_domain", "source_ip")
PULSE = rb"""
2024-03-04T08:00:00Z 192.0.2.1 PulseSecure: 2024-03-04 08:00:00 - vpn1 - [198.51.100.7] CORP\ann(Users)[Staff] - Login succeeded for CORP\ann/Users (session:00000000) from 198.51.100.7 with Pulse-Secure/9.1.
2024-03-04T08:00:01Z 192.0.2.1 PulseSecure: 2024-03-04 08:00:01 - vpn1 - [198.51.100.7] CORP\ann(Users)[Staff] - VPN Tunneling: Session started for user with IPv4 address 10.11.0.5, hostname PC1
2024-03-04T08:01:00Z 192.0.2.1 PulseSecure: 2024-03-04 08:01:00 - vpn1 - [198.51.100.8] bob(Users)[] - Login failed using auth server AD (Active Directory).  Reason: Failed
2024-03-04T09:00:00Z 192.0.2.1 PulseSecure: 2024-03-04 09:00:00 - vpn1 - [198.51.100.7] CORP\ann(Users)[Staff] - Logout from 198.51.100.7 (session:00000000)
"""  # noqa: E501


def sample(name: str, options: Options | None = None) -> Reading:
    return read(vpn.LOADER, Content((SAMPLES / "vpn" / name).read_bytes(), name), options)


def test_the_examples_hold() -> None:
    assert doctest.testmod(session).failed == 0


def test_openvpn_initiates_connections_whose_password_is_wrong_or_not_looked_at_yet() -> None:
    found = sample("openvpn.log")
    assert found.rows("authentication", "record", *COLUMNS[1:4], "source_ip", "package") == [
        (4, "success", None, "ann", "198.51.100.7", "certificate"),
        (6, "failure", "bad_password", None, "198.51.100.8", "password"),
        (9, "failure", "expired", "carl", "198.51.100.9", "certificate"),
        (12, "success", None, "dora@corp.example", "198.51.100.10", "password"),
        (13, "failure", "other", None, "198.51.100.11", "tls-auth"),
    ]
    assert found.rows("network", "kind", "user", "source_ip") == [
        ("lease", "ann", "10.8.0.6"),
        ("lease", "dora@corp.example", "10.8.0.7"),
    ]
    assert found.unused == {
        "OpenVPN/other": 3,
        "OpenVPN/password": 1,
        "OpenVPN/not-yet-proven": 2,
        "OpenVPN/repeated": 1,
    }
    assert [bad.record for bad in found.quarantined] == [14]


def test_openvpn_in_syslog_names_the_gateway() -> None:
    peer = "198.51.100.7:50100"
    line = f"Mar  4 08:00:02 gw1 openvpn[7]: {peer} [ann] Peer Connection Initiated with [AF_INET]{peer}\n".encode()
    found = read(vpn.LOADER, Content(line), Options(year=2024))
    assert found.rows("authentication", "recorder", "user", "time") == [("gw1", "ann", 1_709_539_202_000)]


def test_cisco_tells_of_one_attempt_in_two_messages() -> None:
    found = sample("asa.log")
    assert found.rows("authentication", "recorder", *COLUMNS, "duration") == [
        ("asa1", "sign_in", "success", None, "ann", None, "198.51.100.7", None),
        ("asa1", "sign_in", "failure", "bad_password", "bob", None, "198.51.100.8", None),
        ("asa1", "sign_in", "failure", "bad_password", None, None, "198.51.100.9", None),
        ("asa1", "disconnect", None, None, "ann", None, "198.51.100.7", 3605),
    ]
    assert found.rows("network", "kind", "user", "source_ip") == [("lease", "ann", "10.9.0.5")]


def test_fortigate_tells_of_a_session_and_its_tunnel() -> None:
    found = sample("fortigate.log", Options(timezone="Europe/Berlin"))
    assert found.rows("authentication", "time", *COLUMNS) == [
        (1_709_539_200_123, "sign_in", "success", None, "ann", None, "198.51.100.7"),
        (1_709_535_660_000, "sign_in", "failure", "unknown_user", "eve", None, "198.51.100.8"),
        (1_709_539_200_000, "disconnect", None, None, "ann", None, "198.51.100.7"),
    ]
    assert found.rows("network", "kind", "user", "source_ip") == [("lease", "ann", "10.212.134.200")]
    assert found.unused == {"FortiGate/traffic-forward": 1}
    assert [bad.record for bad in found.quarantined] == [6]


def test_globalprotect_names_the_machine_that_is_given_an_address() -> None:
    found = sample("globalprotect.log")
    assert found.rows("authentication", "time", *COLUMNS) == [
        (1_709_539_200_250, "sign_in", "success", None, "ann", "CORP", "198.51.100.7"),
        (1_709_539_260_000, "sign_in", "failure", "bad_password", "eve", None, "198.51.100.8"),
        (1_709_542_800_000, "disconnect", None, None, "ann", "CORP", "198.51.100.7"),
        (1_551_686_400_000, "sign_in", "failure", "bad_password", "bob", None, "198.51.100.9"),
    ]
    assert found.rows("network", "source_host", "source_ip") == [("PC1", "10.10.0.5")]
    assert found.unused == {"PAN-OS/TRAFFIC": 1}


def test_pulse_in_syslog() -> None:
    found = read(vpn.LOADER, Content(PULSE))
    assert found.rows("authentication", "recorder", *COLUMNS) == [
        ("vpn1", "sign_in", "success", None, "ann", "CORP", "198.51.100.7"),
        ("vpn1", "sign_in", "failure", "bad_password", "bob", None, "198.51.100.8"),
        ("vpn1", "disconnect", None, None, "ann", "CORP", "198.51.100.7"),
    ]
    assert found.rows("network", "source_host", "source_ip") == [("PC1", "10.11.0.5")]


@SHARED_ONLY
def test_shared_recordings() -> None:
    found = read(vpn.LOADER, one_source(DATA / "sekoia-intake-formats/openvpn.log"))
    assert (found.records, found.used, len(found.quarantined)) == (26, 2, 3)


GATEWAYS = (
    b"<166>Mar  4 08:00:02 fw1 : %ASA-6-113039: Group <G> User <ann> IP <198.51.100.7> Session started.",
    b"Mar  4 08:00:02 fw1 %FTD-6-113039: Group <G> User <ann> IP <198.51.100.7> Session started.",
    b"Mar  4 08:00:02 gw1 openvpn[7]: 198.51.100.7:50100 [ann] Peer Connection Initiated with "
    b"[AF_INET]198.51.100.7:50100",
    PULSE.splitlines()[1],
)


@pytest.mark.parametrize("line", GATEWAYS)
def test_a_gateway_s_lines_behind_a_syslog_header_are_its_own(line: bytes) -> None:
    assert [one.name for one in all_loaders() if one.claims(Content(line + b"\n"))] == ["vpn"]
