"""Logs of DHCP servers."""

import doctest

from graph_hunt.events.source import Options
from graph_hunt.loaders import dhcp
from graph_hunt.loaders.dhcp import given
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

COLUMNS = ("time", "code", "source_host", "source_ip", "mac")
EIGHT = 1_709_539_200_000
"""2024-03-04 08:00 UTC"""
MAC = "00:00:5e:00:53:10"
DHCPD = b"""\
Mar  4 08:00:00 gw1 dhcpd[77]: DHCPDISCOVER from 00:00:5e:00:53:10 (pc1) via eth0
Mar  4 08:00:01 gw1 dhcpd[77]: DHCPACK on 192.0.2.10 to 00:00:5e:00:53:10 (pc1) via eth0
Mar  4 08:00:02 gw1 dhcpd: DHCPACK on 192.0.2.11 to 00:00:5e:00:53:11 via 192.0.2.1
Mar  4 08:00:03 gw1 dhcpd[77]: DHCPACK to 192.0.2.12 (00:00:5e:00:53:12) via eth0
Mar  4 08:00:04 gw1 dnsmasq-dhcp[9]: DHCPACK(eth0) 192.0.2.13 00:00:5e:00:53:13 pc3
Mar  4 08:00:05 gw1 dhcpd[77]: Wrote 3 leases to leases file.
"""


def sample(name: str, options: Options | None = None) -> Reading:
    return read(dhcp.LOADER, Content((SAMPLES / "dhcp" / name).read_bytes(), name), options)


def test_the_examples_hold() -> None:
    assert doctest.testmod(given).failed == 0


def test_windows_tells_of_leases_in_local_time() -> None:
    found = sample("DhcpSrvLog-Mon.log", Options(timezone="Europe/Berlin"))
    assert found.rows("network", *COLUMNS) == [
        (EIGHT - 3_600_000 + 62_000, "DHCP/10", "PC1.corp.example", "192.0.2.10", MAC),
        (EIGHT + 3 * 3_600_000 + 62_000, "DHCP/11", "PC2.corp.example", "192.0.2.11", "00:00:5e:00:53:11"),
    ]
    assert {code: n for code, n in found.unused.items() if code != "DHCP/heading"} == {
        "DHCP/00": 1,
        "DHCP/12": 1,
        "DHCP/15": 1,
        "DHCP/30": 1,
    }
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [(19, "its time cannot be read")]


def test_windows_tells_of_leases_of_version_6() -> None:
    found = sample("DhcpV6SrvLog-Mon.log")
    assert found.rows("network", *COLUMNS) == [(EIGHT + 1000, "DHCP/11002", "PC1.corp.example", "2001:db8::10", None)]


def test_windows_records_without_their_header() -> None:
    content = b"10,03/04/24,08:00:00,Assign,192.0.2.10,PC1.corp.example,00005E005310,\r\n"
    found = read(dhcp.LOADER, Content(content))
    assert found.rows("network", *COLUMNS) == [(EIGHT, "DHCP/10", "PC1.corp.example", "192.0.2.10", MAC)]


def test_dhcpd_and_dnsmasq_in_syslog() -> None:
    found = read(dhcp.LOADER, Content(DHCPD), Options(year=2024))
    assert found.rows("network", *COLUMNS, "recorder") == [
        (EIGHT + 1000, "DHCP/dhcpd-ack", "pc1", "192.0.2.10", MAC, "gw1"),
        (EIGHT + 2000, "DHCP/dhcpd-ack", None, "192.0.2.11", "00:00:5e:00:53:11", "gw1"),
        (EIGHT + 4000, "DHCP/dnsmasq-ack", "pc3", "192.0.2.13", "00:00:5e:00:53:13", "gw1"),
    ]
    assert found.unused == {"DHCP/DHCPDISCOVER": 1, "DHCP/DHCPACK": 1, "DHCP/other": 1}


def test_lease_files_of_kea() -> None:
    found = sample("kea-leases4.csv")
    assert found.rows("network", *COLUMNS) == [
        (1_709_545_500_000, "DHCP/kea-lease", "pc1.corp.example", "192.0.2.10", MAC),
        (1_709_545_600_000, "DHCP/kea-lease", None, "192.0.2.11", "00:00:5e:00:53:11"),
    ]
    assert found.unused == {"DHCP/kea-deleted": 1, "DHCP/kea-declined": 1}
    assert [bad.record for bad in found.quarantined] == [5]
    assert sample("kea-leases6.csv").rows("network", "source_ip", "mac") == [("2001:db8::10", MAC)]


def test_logs_of_kea() -> None:
    found = sample("kea.log")
    assert found.rows("network", "time", "source_ip", "mac") == [
        (1_709_546_401_500, "192.0.2.10", MAC),
        (1_709_546_402_500, "2001:db8::10", None),
        (1_709_546_403_000, "192.0.2.11", "00:00:5e:00:53:11"),
    ]
