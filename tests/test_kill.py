"""Loads are killed (-9) at random moments; what comes of them is the graph that an undisturbed load gives."""

import json
import random
import subprocess
import time
from pathlib import Path

from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.commands import COMMAND, environment, run
from tests.paths import ROOT
from tests.written import lanl_lines, windows_logon, write_lines

KILLS = 50
FILES = 10


def telemetry(folder: Path) -> Path:
    """Files that overlap: each LANL file begins with the end of the one before; two Windows files share events."""
    folder.mkdir()
    lines = lanl_lines(FILES * 400)
    for number in range(FILES):
        piece = lines[max(0, number * 400 - 100) : number * 400 + 400]
        write_lines(folder / f"auth{number}.txt", piece)
    logons = [windows_logon(number, f"user{number % 7}") for number in range(1, 60)]
    write_lines(folder / "windows1.json", logons[:40])
    write_lines(folder / "windows2.json", logons[20:])
    return folder


def exported(workspace: Path) -> tuple[list[bytes], list[bytes], dict[str, int]]:
    with Workspace.open(Settings(workspace), read_only=True) as opened:
        tables = dict(opened.events.status().tables)
        return list(export_nodes(opened.graph)), list(export_edges(opened.graph)), tables


def killed_load(workspace: Path, path: Path, after: float) -> bool:
    """Load in a process of its own that is killed after so many seconds; tell whether it was still at work."""
    work = subprocess.Popen(
        [*COMMAND, "load", "-w", str(workspace), str(path)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(), cwd=ROOT,
    )  # fmt: skip
    try:
        work.wait(after)
    except subprocess.TimeoutExpired:
        work.kill()
        work.wait()
        return True
    return False


def test_a_load_killed_at_any_moment_and_repeated_gives_the_same_graph(tmp_path: Path) -> None:
    files = telemetry(tmp_path / "telemetry")
    begun = time.monotonic()
    assert run("load", "-w", tmp_path / "undisturbed", files).returncode == 0
    usual = time.monotonic() - begun
    expected = exported(tmp_path / "undisturbed")
    assert len(expected[1]) > 500
    chance, kills, rounds = random.Random(50), 0, 0
    while kills < KILLS:
        workspace = tmp_path / f"killed{rounds}"
        rounds += 1
        for _ in range(chance.randrange(2, 8)):
            kills += killed_load(workspace, files, chance.uniform(0.3, 1.1) * usual)
        done = run("load", "--json", "-w", workspace, files)
        assert done.returncode == 0, done.stderr
        assert exported(workspace) == expected
        assert run("doctor", "-w", workspace).returncode == 0
    assert kills >= KILLS


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
