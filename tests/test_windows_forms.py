"""One event is one event in whatever form it was shipped, and a broken record costs itself only."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders.windows import LOADER
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read
from tests.windows_events import event

_FORMS = sorted((SAMPLES / "windows").glob("same_logon.*"))
_NOON = 1_709_294_400_000
"""2024-03-01 12:00 UTC."""


@pytest.mark.parametrize("path", _FORMS, ids=lambda path: path.name.partition(".")[2])
def test_the_same_logon_gives_the_same_row_in_every_form(path: Path) -> None:
    (row,) = read(LOADER, one_source(path)).tables["authentication"]
    known = {name: value for name, value in row.items() if value is not None}
    assert known.pop("file") == str(path)
    assert known.pop("record") == 1 or path.name.endswith(".csv")
    assert known.pop("raw")
    assert known == {
        "event_id": "118df9e2b27b66f18dbe64976574",
        "time": _NOON + 123,
        "source": "windows",
        "code": "Security/4624",
        "recorder": "SRV1.corp.example",
        "kind": "logon",
        "outcome": "success",
        "user": "ann",
        "user_domain": "CORP",
        "user_sid": "S-1-5-21-1-2-3-1104",
        "source_host": "PC2",
        "source_ip": "10.0.0.2",
        "source_port": 50123,
        "target_host": "SRV1.corp.example",
        "logon_type": "network",
        "package": "NTLM",
        "logon_process": "NtLmSsp",
        "logon_id": "0xa1b2c",
        "elevated": True,
    }


def _lines(*records: Any) -> bytes:
    return b"".join(
        (record if isinstance(record, bytes) else json.dumps(record).encode()) + b"\n" for record in records
    )


def _logoff(number: int, **changes: Any) -> dict[str, Any]:
    record = event("Security", 4634, {"TargetUserName": "ann", "TargetDomainName": "CORP", "TargetLogonId": "0x7"})
    record["Event"]["System"].update({"EventRecordID": number, **changes})
    return record


def _load(content: bytes, options: Options | None = None) -> Reading:
    return read(LOADER, Content(content), options)


def _reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(entry.record, entry.reason) for entry in reading.quarantined]


def test_a_broken_line_is_quarantined_and_the_rest_is_read() -> None:
    reading = _load(_lines(_logoff(1), b'{"Event": {"System": ', _logoff(3)))
    assert reading.rows("authentication", "record") == [(1,), (3,)]
    assert _reasons(reading) == [(2, "not JSON")]
    assert reading.quarantined[0].raw == '{"Event": {"System":'


def test_a_last_line_that_was_cut_is_quarantined() -> None:
    whole = _lines(_logoff(1), _logoff(2))
    reading = _load(whole[:-40])
    assert (reading.records, reading.used, _reasons(reading)) == (2, 1, [(2, "not JSON")])


def test_records_that_are_no_events_are_quarantined_with_what_they_lack() -> None:
    reading = _load(_lines(_logoff(1), {"a": 1}, _logoff(2, Computer=None), _logoff(3, EventID=None)))
    assert _reasons(reading) == [(2, "not a Windows event"), (3, "names no computer"), (4, "names no event id")]


def test_an_event_without_a_sound_time_is_quarantined() -> None:
    reading = _load(_lines(_logoff(1), _logoff(2, TimeCreated={"#attributes": {"SystemTime": "yesterday"}})))
    assert _reasons(reading) == [(2, "names no time")]


def test_an_array_over_many_lines_is_read_record_by_record() -> None:
    content = json.dumps([_logoff(1), _logoff(2), _logoff(3)], indent=2).encode()
    assert _load(content).rows("authentication", "record") == [(1,), (2,), (3,)]


def test_utf16_with_a_byte_order_mark_is_read() -> None:
    content = ("\ufeff" + "\r\n".join(json.dumps(_logoff(number)) for number in (1, 2))).encode("utf-16-le")
    assert _load(content).used == 2


def test_an_xml_event_without_an_end_costs_itself_only() -> None:
    whole = (SAMPLES / "windows" / "same_logon.wevtutil.xml").read_bytes()
    one = whole[whole.index(b"<Event ") : whole.index(b"</Events>")]
    reading = _load(b"<Events>" + one + one[:300] + one + one[:500])
    assert (reading.records, reading.used) == (4, 2)
    assert _reasons(reading) == [(2, "an event without an end"), (4, "an event without an end")]


def test_xml_that_defines_entities_is_refused() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><EventID>4634</EventID>'
        '<TimeCreated SystemTime="2024-03-01T12:00:00Z"/><Computer>PC1</Computer></System>'
        "<EventData><Data Name='TargetUserName'>&b;</Data></EventData></Event>"
    )
    reading = _load(b"<?xml version='1.0'?>" + bomb.encode())
    assert [reason.partition(":")[0] for _, reason in _reasons(reading)] == ["not XML"]


def test_sysmon_for_linux_in_syslog_is_sysmon_though_it_escapes_nothing() -> None:
    line = (
        'May 11 18:10:20 ubuntu5 sysmon: <Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593}"/>'
        '<EventID>1</EventID><TimeCreated SystemTime="2022-05-11T18:10:20.399931000Z"/><EventRecordID>7</EventRecordID>'
        "<Channel>Linux-Sysmon/Operational</Channel><Computer>UBUNTU5</Computer></System><EventData>"
        '<Data Name="UtcTime">2022-05-11 18:10:20.395</Data><Data Name="Image">/bin/sh</Data>'
        '<Data Name="CommandLine">sh -c echo a && cat <x >y</Data><Data Name="User">root</Data></EventData></Event>'
    )
    reading = _load((line + "\n").encode())
    assert reading.rows("process", "code", "host", "user", "command_line", "time") == [
        ("Sysmon/1", "UBUNTU5", "root", "sh -c echo a && cat <x >y", 1_652_292_620_395)
    ]


def _nxlog(**fields: Any) -> dict[str, Any]:
    return {
        "EventTime": "2024-03-01 07:00:00",
        "Hostname": "PC1",
        "EventID": 4634,
        "SourceName": "Microsoft-Windows-Security-Auditing",
        "Channel": "security",
        "RecordNumber": 5,
        "TargetUserName": "ann",
        **fields,
    }


def _times(reading: Reading) -> list[int]:
    return [row["time"] for row in reading.tables["authentication"]]  # type: ignore[misc]


def test_local_event_time_is_placed_by_the_moment_both_clocks_received_it() -> None:
    record = _nxlog(EventReceivedTime="2024-03-01 07:00:02", **{"@timestamp": "2024-03-01T12:00:02.500Z"})
    assert _times(_load(_lines(record))) == [_NOON]


def test_local_event_time_is_placed_by_records_of_sysmon() -> None:
    sysmon = _nxlog(SourceName="Microsoft-Windows-Sysmon", EventID=5, UtcTime="2024-03-01 12:00:00.100")
    assert _times(_load(_lines(_nxlog(), sysmon, sysmon))) == [_NOON]


def test_local_event_time_is_placed_by_the_zone_the_user_gives() -> None:
    assert _times(_load(_lines(_nxlog()), Options(timezone="America/New_York"))) == [_NOON]


def test_sysmons_own_time_is_the_events_unless_it_is_days_off() -> None:
    data = {"Image": "a.exe", "UtcTime": "2024-03-01 11:59:58.000"}
    near = event("Microsoft-Windows-Sysmon/Operational", 1, data, provider="Microsoft-Windows-Sysmon")
    far = json.loads(json.dumps(near).replace("2024-03-01 11:59", "2024-02-20 11:59"))
    far["Event"]["System"]["EventRecordID"] = 8
    found = [row["time"] for row in _load(_lines(near, far)).tables["process"]]
    assert found == [_NOON - 2000, _NOON + 123]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b'{"id_orig_h": "10.0.0.1", "ts": 1, "uid": "C1"}\n',
        b'{"name": "pack_x", "action": "added", "columns": {"command": "ls"}}\n',
        b'{"Computer": "UBUNTU5", "EventTime": "2022-05-11T18:10:20Z", "SyslogMessage": "x", "Type": "Syslog"}\n',
        b'{"Timestamp": "2024", "DeviceName": "pc1", "ActionType": "LogonSuccess", "EventID": 1}\n',
        b"<html><body>Event</body></html>",
        b"<?xml version='1.0'?><feed><Event>x</Event></feed>",
        b"Mar  1 12:00:00 host sshd[1]: Accepted password for root from 10.0.0.1 port 22 ssh2\n",
        b"a,b,c\n1,2,3\n",
        b"EventID,Title\n4624,Logon\n",
        b"Record 1\nnothing\n",
        b"ElfChnk\x00" + bytes(1000),
    ],
)
def test_what_is_not_of_windows_is_not_claimed(content: bytes) -> None:
    assert not LOADER.claims(Content(content))
