"""Loads are killed (-9) at random moments; what comes of them is the graph that an undisturbed load gives."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.commands import environment, run
from tests.paths import ROOT
from tests.written import lanl_lines, windows_logon, write_lines

KILLS = 50
FILES = 10


def telemetry(folder: Path) -> Path:
    """Files that overlap: each LANL file begins with the end of the one before; two Windows files share events."""
    folder.mkdir()
    lines = lanl_lines(FILES * 150)
    for number in range(FILES):
        piece = lines[max(0, number * 150 - 40) : number * 150 + 150]
        write_lines(folder / f"auth{number}.txt", piece)
    logons = [windows_logon(number, f"user{number % 7}") for number in range(1, 60)]
    write_lines(folder / "windows1.json", logons[:40])
    write_lines(folder / "windows2.json", logons[20:])
    return folder


def exported(workspace: Path) -> tuple[list[bytes], list[bytes], dict[str, int]]:
    with Workspace.open(Settings(workspace), read_only=True) as opened:
        tables = dict(opened.events.status().tables)
        return list(export_nodes(opened.graph)), list(export_edges(opened.graph)), tables


@pytest.mark.timeout(2400)
def test_a_load_killed_at_any_moment_and_repeated_gives_the_same_graph(tmp_path: Path) -> None:
    files = telemetry(tmp_path / "telemetry")
    program = [sys.executable, "-m", "tests.killed_command", files, tmp_path, "50", str(KILLS)]
    done = subprocess.run(program, capture_output=True, text=True, check=False, env=environment(), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    workspaces = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(workspace["killed"] for workspace in workspaces) >= KILLS
    assert all(workspace["same"] for workspace in workspaces), workspaces


def test_any_order_of_files_and_any_number_of_loads_give_the_same_graph(tmp_path: Path) -> None:
    files = sorted(telemetry(tmp_path / "telemetry").iterdir())
    assert run("load", "-w", tmp_path / "once", *files).returncode == 0
    expected = exported(tmp_path / "once")
    backwards = tmp_path / "backwards"
    for path in reversed(files):
        assert run("load", "-w", backwards, path).returncode == 0
    assert exported(backwards) == expected
    account = json.loads(run("load", "--json", "-w", backwards, *files).stdout)
    assert {source["outcome"] for source in account["sources"]} == {"already loaded"}
    assert exported(backwards) == expected
    assert run("rebuild", "-w", backwards).returncode == 0
    assert exported(backwards) == expected
