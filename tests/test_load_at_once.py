"""Several loads at once into one graph on Neo4j and one event store, in a folder and in a bucket: as one gives it."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_hunt.errors import InputError
from graph_hunt.graph.export import export_edges, export_nodes
from graph_hunt.graph.store import GraphStore
from graph_hunt.settings import Neo4jTarget, Settings
from graph_hunt.workspace import Workspace
from tests.commands import COMMAND, environment
from tests.engines import ENGINES
from tests.object_store import BUCKET, served
from tests.paths import ROOT
from tests.test_api import served as api
from tests.written import lanl_lines, windows_logon, write_lines

pytestmark = [pytest.mark.skipif("neo4j" not in ENGINES, reason="left out by the developer"), pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def object_store() -> Iterator[dict[str, str]]:
    with served() as found:
        yield found


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> list[list[Path]]:
    """What each of three loads reads: files that overlap, and that all of them read."""
    folder = tmp_path_factory.mktemp("telemetry")
    lines = lanl_lines(900)
    pieces = [
        write_lines(folder / f"auth{number}.txt", lines[number * 250 : number * 250 + 400]) for number in range(3)
    ]
    logons = [windows_logon(number, f"user{number % 7}") for number in range(1, 90)]
    windows = [write_lines(folder / f"windows{n}.json", logons[n * 20 : n * 20 + 50]) for n in range(3)]
    return [[pieces[n], windows[n], pieces[(n + 1) % 3]] for n in range(3)]


@pytest.fixture(scope="module")
def expected(telemetry: list[list[Path]], tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """What one load into the embedded graph gives."""
    with Workspace.open(Settings(tmp_path_factory.mktemp("once") / "w")) as once:
        once.load([path for paths in telemetry for path in paths])
        return exported(once)


def exported(workspace: Workspace) -> list[bytes]:
    tables = workspace.events.status().tables
    return [*export_nodes(workspace.graph), *export_edges(workspace.graph), json.dumps(dict(tables)).encode()]


@pytest.fixture(params=["folder", "bucket"])
def machines(
    request: pytest.FixtureRequest,
    neo4j_store: GraphStore,
    neo4j_server: Neo4jTarget,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Settings]:
    """The settings of each of three loads: one workspace for all, or one on each machine and a bucket."""
    monkeypatch.setenv("GRAPH_HUNT_NEO4J_PASSWORD", neo4j_server.password)
    if request.param == "folder":
        return [Settings(tmp_path / "w", neo4j_server)] * 3
    for name, value in request.getfixturevalue("object_store").items():
        monkeypatch.setenv(name, value)
    place = f"s3://{BUCKET}/{tmp_path.name}"
    return [Settings(tmp_path / f"machine{number}", neo4j_server, None, place) for number in range(3)]


def loading(settings: Settings, paths: list[Path]) -> "subprocess.Popen[str]":
    """Begin a load by the command line."""
    assert settings.neo4j is not None
    more = ["--events", settings.events] if settings.events else []
    command = [*COMMAND, "load", "--json", "-w", settings.workspace, "--neo4j", settings.neo4j.uri, *more, *paths]
    return subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(GRAPH_HUNT_NEO4J_PASSWORD=settings.neo4j.password),
    )


def ended(load: "subprocess.Popen[str]") -> int:
    out, err = load.communicate()
    assert load.returncode in (0, -signal.SIGKILL), err + out
    return load.returncode


def test_loads_at_once_give_the_graph_of_one(
    machines: list[Settings], telemetry: list[list[Path]], expected: list[bytes]
) -> None:
    loads = [loading(settings, paths) for settings, paths in zip(machines, telemetry, strict=True)]
    assert [ended(load) for load in loads] == [0, 0, 0]
    for settings in machines:
        with Workspace.open(settings, read_only=True) as workspace:
            assert exported(workspace) == expected
            assert workspace.events.doctor(deep=True) == []


def test_one_killed_in_the_middle_is_made_good_by_the_next(
    machines: list[Settings], telemetry: list[list[Path]], expected: list[bytes]
) -> None:
    loads = [loading(settings, paths) for settings, paths in zip(machines, telemetry, strict=True)]
    # By the time one of the others has ended, this one is at its graph, or waits for it.
    ended(loads[1])
    os.kill(loads[0].pid, signal.SIGKILL)
    ended(loads[0])
    ended(loads[2])
    assert ended(loading(machines[0], telemetry[0])) == 0
    with Workspace.open(machines[1], read_only=True) as workspace:
        assert exported(workspace) == expected


def test_what_is_said_on_one_machine_holds_on_all(
    object_store: dict[str, str],
    neo4j_store: GraphStore,
    neo4j_server: Neo4jTarget,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in object_store.items():
        monkeypatch.setenv(name, value)
    place = f"s3://{BUCKET}/said"
    one, other = (Settings(tmp_path / name, neo4j_server, None, place) for name in ("one", "other"))
    with Workspace.open(one, bucket="1d") as workspace:
        (one.workspace / "tags.toml").write_text('[vip]\nusers = ["CORP\\\\\\\\alice"]\n')
        assert workspace.preferences.bucket == 86_400_000
    with Workspace.open(other) as workspace:
        assert workspace.preferences.bucket == 86_400_000
        assert [tag.name for tag in workspace.edits.tags.tags] == ["vip"]
        (other.workspace / "tags.toml").unlink()
    with Workspace.open(one) as workspace:
        assert workspace.edits.tags.tags == ()
    # The workspace remembers where its events are.
    with Workspace.open(Settings(one.workspace, neo4j_server), read_only=True) as workspace:
        assert workspace.events.root == place
    with pytest.raises(InputError, match=r"the embedded graph is a file of one machine.*expected a Neo4j server"):
        Workspace.open(Settings(one.workspace))


def test_an_api_server_on_another_machine_shows_evidence(
    object_store: dict[str, str],
    neo4j_store: GraphStore,
    neo4j_server: Neo4jTarget,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in object_store.items():
        monkeypatch.setenv(name, value)
    place = f"s3://{BUCKET}/evidence"
    file = write_lines(tmp_path / "logons.json", [windows_logon(1, "alice"), windows_logon(2, "bob")])
    with Workspace.open(Settings(tmp_path / "loader", neo4j_server, None, place)) as workspace:
        workspace.load([file])
    shutil.rmtree(tmp_path / "loader")
    file.unlink()
    with api(Settings(tmp_path / "api", neo4j_server, None, place)) as client:
        document = """{ entity(name: "CORP\\\\bob") { edges(kinds: ["LOGGED_ON"]) { edges { node {
            count evidence { raw } } } } } }"""
        (edge,) = client.ask(document)["data"]["entity"]["edges"]["edges"]
        assert edge["node"]["count"] == 1
        assert json.loads(edge["node"]["evidence"][0]["raw"])["TargetUserName"] == "bob"
