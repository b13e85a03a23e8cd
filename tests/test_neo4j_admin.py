"""The files for neo4j-admin: what it imports is what a load would have made, and loads go on from there."""

import os
import subprocess
from pathlib import Path

import pytest

from graph_hunt.errors import InputError
from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.graph.neo4j import Neo4jStore
from graph_hunt.graph.neo4j.admin import AdminFiles
from graph_hunt.graph.projection import apply, rebuild
from tests import commands, hunt_cases
from tests.engines import ENGINES, SCRIPT, empty_kglite, started, stopped
from tests.telemetry import Event, add, stored
from tests.test_projection import EVENTS, HOUR, logon
from tests.test_projection_kinds import CASES

ODD = logon(HOUR, user='O\'Brien, "Bob" \\x\n$(x)', user_sid="S-1-5-21-1-2-3-77")
EVERY: list[Event] = [*EVENTS, ODD, *(event for events, _ in CASES.values() for event in events)]


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(InputError, match="not empty"):
        AdminFiles(tmp_path)


def test_unknown_and_empty_texts_differ(tmp_path: Path) -> None:
    rebuild(stored(tmp_path, EVENTS), AdminFiles(tmp_path / "csv"), tmp_path / "deltas")
    head, *rows = (
        (tmp_path / "csv" / "node-User-header.csv").read_text() + (tmp_path / "csv" / "node-User.csv").read_text()
    ).splitlines()
    assert head.startswith("key:ID(User),name:string,domain:string,sid:string,upn:string")
    assert rows[0].startswith('"corp\\alice","CORP\\alice","corp","S-1-5-21-1-2-3-1001",,"human"')
    edges = (tmp_path / "csv" / "edge-LOGON_TO-IP-Host.csv").read_text()
    assert '"10.0.0.9","srv1.corp.example","corp\\bob","logon","network","Kerberos","success","",""' in edges


def test_the_command_writes_the_files_and_names_the_script(tmp_path: Path) -> None:
    workspace, folder = tmp_path / "w", tmp_path / "csv"
    files = hunt_cases.telemetry("remote-execution", "fires")
    assert commands.run("load", *files, "-w", workspace).returncode == 0
    done = commands.run("export", "neo4j-admin", folder, "-w", workspace)
    assert (done.returncode, done.stdout) == (0, f"{folder / 'import.sh'}\n")
    assert (folder / "edge-LOGON_TO-Host-Host.csv").exists()
    again = commands.run("export", "neo4j-admin", folder, "-w", workspace)
    assert again.returncode == 1
    assert "not empty" in again.stderr


@pytest.mark.skipif("neo4j" not in ENGINES, reason="left out by the developer")
def test_the_imported_graph_is_the_loaded_one(tmp_path: Path) -> None:
    home, tools = tmp_path / "neo4j", tmp_path / "bin"
    tools.mkdir()
    tool = tools / "neo4j-admin"
    tool.write_text(f'#!/bin/sh\nexec "{SCRIPT}" admin --home "{home}" -- "$@"\n')
    tool.chmod(0o755)
    loaded = empty_kglite()
    (tmp_path / "loaded").mkdir()
    apply(stored(tmp_path / "loaded", EVERY), loaded, tmp_path / "loaded" / "deltas")
    events = stored(tmp_path, EVERY[:-3])
    rebuild(events, AdminFiles(tmp_path / "csv"), tmp_path / "deltas")
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([tmp_path / "csv" / "import.sh"], check=True, capture_output=True, env={**os.environ, "PATH": path})
    try:
        server = started(home)
        store = Neo4jStore.open(server.uri, server.user, server.password)
        add(events, tmp_path, EVERY[-3:])
        assert apply(events, store, tmp_path / "deltas").rebuilt == ""
        assert [*export_nodes(store), *export_edges(store)] == [*export_nodes(loaded), *export_edges(loaded)]
        store.close()
    finally:
        stopped(home)
