"""Every Windows file of the shared telemetry gives as many records as its manifest counts."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from graph_hunt.errors import InputError
from graph_hunt.events.inputs import find_sources
from graph_hunt.loaders.windows import LOADER
from tests.paths import DATA
from tests.sources import Reading, read

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared telemetry is not here")

_SOURCES = (
    "otrf-security-datasets",
    "evtx-attack-samples",
    "evtx-to-mitre-attack",
    "hayabusa-sample-evtx",
    "sigma-regression",
    "splunk-attack-data",
)
_NOT_OF_WINDOWS = (
    "syslog_auoms_auditd_log4shell_cve2021_44228_jndi_reference.zip",
    "vminsights_vmconnection_log4shell_cve2021_44228_jndi_reference.zip",
    "combined_zeek.log.gz",
)
_CUT = ("empire_enable_rdp.tar.gz", "covenant_persistwmi.tar.gz")
_COUNT = re.compile(r"([\d,]+) events")


def _counted() -> dict[str, int]:
    """The files of Windows events and how many the manifest counts; a JSON twin of an EVTX file has one."""
    found: dict[str, int] = {}
    if not DATA.is_dir():
        return found
    for entry in json.loads((DATA / "manifest.json").read_text()):
        file = entry["file"]
        if not file.startswith(_SOURCES) or file.endswith(_NOT_OF_WINDOWS):
            continue
        if counted := _COUNT.match(entry["contains"]):
            found[file] = int(counted[1].replace(",", ""))
        elif entry["contains"] == "same event as .evtx":
            found[file] = 1
    return found


_COUNTED = _counted()


def _read_all(path: Path) -> list[Reading]:
    readings = []
    for source in find_sources([path]):
        if isinstance(source, InputError):
            # Two of the archives were published without their last bytes; their members are whole.
            assert path.name in _CUT, source
        else:
            readings.append(read(LOADER, source))
    return readings


@pytest.mark.parametrize("file", _COUNTED)
def test_records_are_as_many_as_the_manifest_counts(file: str) -> None:
    readings = _read_all(DATA / file)
    assert sum(reading.records for reading in readings) == _COUNTED[file]
    assert [entry for reading in readings for entry in reading.quarantined] == []


def _ids(path: Path) -> list[tuple[str, Any]]:
    rows = [
        (table, row["event_id"])
        for reading in _read_all(path)
        for table, rows in reading.tables.items()
        for row in rows
    ]
    return sorted(rows)


_TWINS = [file for file in _COUNTED if file.endswith(".json") and file.removesuffix("json") + "evtx" in _COUNTED]


@pytest.mark.parametrize("file", _TWINS)
def test_an_event_is_the_same_from_evtx_and_from_json(file: str) -> None:
    assert _ids(DATA / file) == _ids((DATA / file).with_suffix(".evtx"))


@pytest.mark.parametrize(
    ("file", "records", "quarantined"),
    [
        ("sekoia-intake-formats/windows_nxlog_or_syslog.log", 56, ["names no time", "not JSON"]),
        ("msticpy/host_logons.csv", 14, []),
        ("msticpy/processes_on_host.csv", 363, []),
        ("crowdsec-hub/windows-bf/windows-bf.log", 6, []),
    ],
)
def test_other_files_of_windows_events_are_read(file: str, records: int, quarantined: list[str]) -> None:
    (reading,) = _read_all(DATA / file)
    assert reading.records == records
    assert [entry.reason for entry in reading.quarantined] == quarantined


@pytest.mark.parametrize(
    "file",
    [
        "panther-analysis/windows_sysmon_osquery.jsonl",
        "msticpy/SigninLogs.jsonl",
        "msticpy/mde_proc_cs1.csv.gz",
        "msticpy/auditd_log.txt",
        "sekoia-intake-formats/ms_always_on_vpn.log",
        "sekoia-intake-formats/defender_advanced_hunting.jsonl",
        "sekoia-intake-formats/openssh.log",
        "otrf-security-datasets/compound/Log4Shell/syslog_auoms_auditd_log4shell_cve2021_44228_jndi_reference.zip",
        "otrf-security-datasets/compound/apt29/day1/combined_zeek.log.gz",
    ],
)
def test_what_is_not_of_windows_is_left_to_others(file: str) -> None:
    for source in find_sources([DATA / file]):
        assert not isinstance(source, InputError), source
        assert not LOADER.claims(source)


def test_processes_start_at_one_moment_by_the_security_log_and_by_sysmon() -> None:
    """Mordor's local times, with and without a false Z, and in three forms, come out in UTC."""
    folder = DATA / "otrf-security-datasets" / "atomic" / "windows"
    pairs = 0
    for path in sorted([*folder.rglob("*.zip"), *folder.rglob("*.tar.gz")]):
        started: dict[str, dict[tuple[str, int], int]] = {"Security/4688": {}, "Sysmon/1": {}}
        for reading in _read_all(path):
            for row in reading.tables.get("process", ()):
                if row["code"] in started:
                    key = (str(row["host"]).partition(".")[0].casefold(), row["pid"])
                    started[str(row["code"])].setdefault(key, row["time"])  # type: ignore[arg-type]
        by_log, by_sysmon = started.values()
        for key in by_log.keys() & by_sysmon.keys():
            pairs += 1
            # NXLog's EventTime has no fraction of a second.
            assert -1000 < by_log[key] - by_sysmon[key] < 1000
    assert pairs == 52
