"""`graph-hunt identities`: listed, decided and told, as its user does it."""

from pathlib import Path
from typing import Any

import pytest

from tests.commands import answer, run
from tests.written import windows_logon, write_lines

ALICE, BOB = "S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1105"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    lines = [
        windows_logon(1, "alice", TargetUserSid=ALICE),
        windows_logon(2, "bob", TargetUserSid=BOB),
        windows_logon(3, "bob", domain="OTHER"),
    ]
    assert run("load", "-w", tmp_path / "ws", write_lines(tmp_path / "logons.jsonl", lines)).returncode == 0
    return tmp_path / "ws"


def of(workspace: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = answer("identities", "--of", name, "--format", "json", "-w", workspace)
    return found


def test_what_makes_identifiers_one_is_listed_with_its_reason(workspace: Path) -> None:
    found = of(workspace, "alice")
    assert found["identifiers"] == [ALICE, "corp\\alice"]
    (link,) = found["links"]
    assert {**link, "sample": ""} == {
        "kind": "account",
        "left": ALICE,
        "right": "corp\\alice",
        "reason": "named in one row",
        "confidence": 0.99,
        "refused": "",
        "first": "2024-03-01T12:00:01Z",
        "last": "2024-03-01T12:00:01Z",
        "count": 1,
        "sample": "",
    }
    assert [link["left"] for link in of(workspace, "PC1")["links"]] == ["10.1.2.3"]
    assert "corp\\alice" in run("identities", "-w", workspace).stdout


def test_a_join_by_hand_changes_the_graph_and_an_undo_restores_it(workspace: Path) -> None:
    asked = ("pivot", "User:corp\\bob", "--format", "json", "-w", workspace)
    before = answer(*asked)
    made = run("identities", "split", "CORP\\bob", BOB, "--reason", "reused", "-w", workspace)
    assert (made.returncode, made.stdout) == (0, "")
    assert answer("pivot", f"User:{BOB}", "--format", "json", "-w", workspace)["entity"]["key"] == BOB
    assert [link["refused"] for link in of(workspace, BOB)["links"]] == ["split by hand"]
    assert run("identities", "undo", BOB, "CORP\\bob", "-w", workspace).returncode == 0
    assert answer(*asked) == before


def test_a_decision_that_cannot_be_is_refused_in_a_line(workspace: Path) -> None:
    done = run("identities", "join", "CORP\\alice", "CORP\\carol", "-w", workspace)
    assert done.returncode == 1
    assert "no entity is called 'CORP\\\\carol'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_directory_given_later_makes_one_user_of_two(workspace: Path, tmp_path: Path) -> None:
    listed = tmp_path / "users.csv"
    listed.write_text("SamAccountName,Domain,UserPrincipalName,Department\nbob,OTHER,bob@mail.example,Sales\n,,,\n")
    done = run("identities", "directory", listed, "-w", workspace)
    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (0, "1 entry kept; 1 record named nobody")
    assert of(workspace, "OTHER\\bob")["identifiers"] == ["bob@mail.example", "other\\bob"]


def test_a_directory_may_be_given_with_a_load(tmp_path: Path) -> None:
    listed = tmp_path / "users.csv"
    listed.write_text("SamAccountName,Domain,UserPrincipalName\nbob,CORP,bob@mail.example\n")
    telemetry = write_lines(tmp_path / "logons.jsonl", [windows_logon(1, "bob")])
    assert run("load", "--directory", listed, "-w", tmp_path / "ws", telemetry).returncode == 0
    assert of(tmp_path / "ws", "bob@mail.example")["identifiers"] == ["bob@mail.example", "corp\\bob"]
    assert run("load", "--directory", telemetry, "-w", tmp_path / "ws", telemetry).returncode == 1
