"""Custody: who loaded which file when, with its digest; what was taken out is still told."""

import getpass
from hashlib import sha256
from pathlib import Path

from graph_hunt.casework.custody import brought, note_load, note_undo
from graph_hunt.casework.state import State
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.commands import answer, run
from tests.written import windows_logon, write_lines


def test_who_loaded_what_is_told_with_digests(tmp_path: Path) -> None:
    files = [
        write_lines(tmp_path / f"{n}.json", [windows_logon(n, "alice"), windows_logon(n + 5, "bob")]) for n in (1, 2)
    ]
    state = State.open(tmp_path / "state.db")
    with Workspace.open(Settings(tmp_path / "w")) as workspace:
        first = workspace.load(files[:1]).report.batches
        note_load(state, workspace.events, first, who="ann")
        workspace.load(files[1:])
        found = brought(workspace.events, state)
        assert [(one.who, Path(one.file).name, one.records, one.undone) for one in found] == [
            ("ann", "1.json", 2, ""),
            ("", "2.json", 2, ""),
        ]
        assert [one.sha256 for one in found] == [sha256(file.read_bytes()).hexdigest() for file in files]
        assert [one.who for one in brought(workspace.events, None)] == ["", ""]
        removed = workspace.undo(found[0].load)
        note_undo(state, found[0].load, removed.rows, who="bob")
        after = brought(workspace.events, state)
        assert [(Path(one.file).name, one.who, one.undone) for one in after] == [
            ("1.json", "ann", "bob"),
            ("2.json", "", ""),
        ]
    state.close()


def test_the_commands_keep_custody(tmp_path: Path) -> None:
    place = ("-w", tmp_path / "w")
    file = write_lines(tmp_path / "logons.json", [windows_logon(1, "alice")])
    assert run("load", file, *place).returncode == 0
    (one,) = answer("custody", "--json", *place)
    assert (one["who"], one["sha256"]) == (f"local:{getpass.getuser()}", sha256(file.read_bytes()).hexdigest())
    assert run("undo", one["load"], *place).returncode == 0
    (gone,) = answer("custody", "--json", *place)
    assert gone["undone"] == f"local:{getpass.getuser()}"
    assert "logons.json" in run("custody", *place).stdout
