"""Names stay distinct and whole from the file to the JSON that is printed."""

import csv
import io
import json
from pathlib import Path

from tests.commands import answer, run
from tests.written import windows_logon, write_lines

NAMES = ("j.garcia", "j-garcia", 'o\'brien, "jo"', "back\\slash", "semi;colon\ttab", "名前", "=cmd|' /C calc'!A0")


def workspace(tmp_path: Path) -> Path:
    lines = [
        windows_logon(1, "admin"),
        windows_logon(2, "admin", domain="OTHER"),
        *(windows_logon(number, name) for number, name in enumerate(NAMES, 3)),
        *(windows_logon(20, name, IpAddress="10.9.9.9", WorkstationName="PC2") for name in ("rename.test",)),
    ]
    done = run("load", "-w", tmp_path / "w", write_lines(tmp_path / "names.json", lines))
    assert done.returncode == 0, done.stderr
    return tmp_path / "w"


def users(place: Path) -> list[str]:
    relations = answer("pivot", "SRV1", "--kind", "LOGGED_ON", "--limit", "50", "--format", "json", "-w", place)
    return sorted(one["name"] for relation in relations["relations"] for one in relation["neighbours"])


def test_accounts_of_two_domains_and_odd_names_stay_apart_and_whole(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    assert users(place) == sorted(
        [
            "CORP\\admin",
            "CORP\\j-garcia",
            "CORP\\j.garcia",
            'CORP\\o\'brien, "jo"',
            "CORP\\back\\slash",
            "CORP\\semi;colon\ttab",
            "CORP\\名前",
            "CORP\\=cmd|' /C calc'!A0",
            "CORP\\rename.test",
            "OTHER\\admin",
        ]
    )


def test_an_entity_is_found_by_each_of_its_names_and_two_are_not_guessed_between(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    for name in ("OTHER\\admin", "admin@OTHER", "other\\ADMIN", "User:other\\admin"):
        assert answer("pivot", name, "--format", "json", "-w", place)["entity"]["key"] == "other\\admin"
    both = run("pivot", "admin", "-w", place)
    assert both.returncode == 1
    assert "corp\\admin" in both.stderr and "other\\admin" in both.stderr
    assert run("pivot", "nobody", "-w", place).returncode == 1
    quoted = answer("pivot", 'CORP\\o\'brien, "jo"', "--format", "json", "-w", place)
    assert quoted["entity"]["name"] == 'CORP\\o\'brien, "jo"'


def test_csv_keeps_columns_and_gives_no_formula(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    printed = run("pivot", "SRV1", "--kind", "LOGGED_ON", "--limit", "50", "--format", "csv", "-w", place).stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert {row["name"] for row in rows} >= {'CORP\\o\'brien, "jo"', "CORP\\semi;colon\ttab"}
    assert all(not row["name"].startswith("=") for row in rows)


def test_a_renamed_host_is_one_host_and_another_of_its_old_name_is_not(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    renamed = {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": "EventLog"}},
                "EventID": 6011,
                "TimeCreated": {"#attributes": {"SystemTime": "2024-03-01T18:00:00.000Z"}},
                "EventRecordID": 900,
                "Channel": "System",
                "Computer": "NEWNAME.corp.example",
            },
            "EventData": {"Data": ["OLDNAME", "NEWNAME"]},
        }
    }
    after = {"@timestamp": "2024-03-01T20:00:00.000Z"}
    lines = [
        windows_logon(30, "alice", target="OLDNAME.corp.example"),
        windows_logon(31, "alice", target="NEWNAME.corp.example", **after),
        windows_logon(32, "alice", target="OLDNAME2.corp.example"),
    ]
    assert run("load", "-w", place, write_lines(tmp_path / "6011.json", [json.dumps(renamed)])).returncode == 0
    assert run("load", "-w", place, write_lines(tmp_path / "renamed.json", lines)).returncode == 0
    found = answer("pivot", "CORP\\alice", "--kind", "LOGGED_ON", "--format", "json", "-w", place)
    hosts = sorted(one["key"] for relation in found["relations"] for one in relation["neighbours"])
    assert len(hosts) == 2
    assert "oldname2.corp.example" in hosts
