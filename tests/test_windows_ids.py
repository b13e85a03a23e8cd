"""Each id that the loader maps, as written from the provider's manifest, gives the rows that are written out here."""

import json
from typing import Any

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.loaders.windows import LOADER
from graph_hunt.loaders.windows.mapping import MAPPERS
from tests.paths import ROOT, SAMPLES
from tests.sources import read

_SAMPLE = SAMPLES / "windows" / "every_id.jsonl"
_EXPECTED = [json.loads(line) for line in (ROOT / "tests" / "windows_expected.jsonl").read_text().splitlines()]

_ISSUE = {
    "Security": """4624 4625 4634 4647 4648 4662 4672 4688 4697 4698 4699 4700 4701 4702 4720 4722 4724 4726 4728 4732
        4741 4742 4756 4768 4769 4770 4771 4776 4778 4779 4781 5136 5140 5142 5145 1102""",
    "System": "7045 7036 7040 104 6011",
    "Sysmon": "1 3 8 10 11 13 17 18 22",
    "TerminalServices-LocalSessionManager": "21 22 23 24 25 39 40",
    "TerminalServices-RemoteConnectionManager": "1149",
    "TerminalServices-RDPClient": "1024 1102",
    "RdpCoreTS": "131",
    "TerminalServices-Gateway": "200 300 302 303",
    "SMBServer-Security": "551 1009",
    "SMBClient": "31001 30803 30804 30805 30806 30807 30808",
    "NTLM": "8001 8002 8004",
    "OpenSSH": "4",
    "RemoteAccess": "20250 20253 20255 20271 20272 20274 20275",
    "WinRM": "6 91 168",
    "TaskScheduler": "106 129 140 141 200 201",
    "PowerShell": "4103 4104",
    "WMI-Activity": "5857 5858 5859 5860 5861",
}


def _rows() -> dict[tuple[int, str, str], list[dict[str, Any]]]:
    """The rows of the sample by record, table and code, without what every row has and what is null."""
    found: dict[tuple[int, str, str], list[dict[str, Any]]] = {}
    for table, rows in read(LOADER, one_source(_SAMPLE)).tables.items():
        for row in rows:
            known = {name: value for name, value in row.items() if value is not None}
            for name in ("event_id", "time", "source", "file", "raw"):
                known.pop(name)
            key = (known.pop("record"), table, known.pop("code"))
            found.setdefault(key, []).append(known)
    return found


_ROWS = _rows()


def test_every_record_of_the_sample_gives_what_is_expected_and_no_more() -> None:
    assert set(_ROWS) == {(entry["record"], entry["table"], entry["code"]) for entry in _EXPECTED}


@pytest.mark.parametrize("expected", _EXPECTED, ids=lambda entry: f"{entry['record']}-{entry['code']}")
def test_an_event_gives_its_row(expected: dict[str, Any]) -> None:
    key = (expected["record"], expected["table"], expected["code"])
    row = {name: value for name, value in expected.items() if name not in ("record", "table", "code")}
    assert row in _ROWS[key]


@pytest.mark.parametrize("family", _ISSUE)
def test_the_ids_of_a_log_are_mapped_and_sampled(family: str) -> None:
    codes = {int(word) for word in _ISSUE[family].split()}
    assert {code for code in codes if (family, code) not in MAPPERS} == set()
    sampled = {entry["code"] for entry in _EXPECTED}
    assert {code for code in codes if f"{family}/{code}" not in sampled} == set()


def test_other_ids_are_not_used_and_counted_by_their_code() -> None:
    assert read(LOADER, one_source(_SAMPLE)).unused == {"Security/4658": 1, "Microsoft-Windows-Kernel-General/1": 1}
