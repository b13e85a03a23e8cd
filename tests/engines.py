"""The graph engines that tests run on: kglite in memory, and a real Neo4j of one's own."""

import base64
import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph_hunt.graph.kglite import KgliteStore
from graph_hunt.graph.neo4j import Neo4jStore
from graph_hunt.graph.store import GraphStore
from graph_hunt.settings import Neo4jTarget

ENGINES = tuple(os.environ.get("GRAPH_HUNT_ENGINES", "kglite,neo4j").split(","))
"""A developer may leave one out; CI never does."""
SCRIPT = Path(__file__).parents[1] / "scripts" / "neo4j"
CACHE = Path(
    os.environ.get("GRAPH_HUNT_CACHE")
    or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "graph-hunt"
)
STANDING = CACHE / "neo4j-tests"
"""A server that is already running here is used and left running: `scripts/neo4j start --home` it."""


def target(folder: Path) -> Neo4jTarget:
    """The server that tests use; one is started in the folder where there is none."""
    if uri := os.environ.get("GRAPH_HUNT_NEO4J_URI"):
        password = os.environ.get("GRAPH_HUNT_NEO4J_PASSWORD")
        if password is None:
            pytest.fail("GRAPH_HUNT_NEO4J_URI is set, GRAPH_HUNT_NEO4J_PASSWORD is not", pytrace=False)
        user = os.environ.get("GRAPH_HUNT_NEO4J_USER", "neo4j")
        return Neo4jTarget(uri, user, password, os.environ.get("GRAPH_HUNT_NEO4J_DATABASE"))
    if subprocess.run([SCRIPT, "status", "--home", STANDING], capture_output=True).returncode == 0:
        return started(STANDING)
    if shutil.which("java") and (shutil.which("mvn") or list(CACHE.glob("neo4j-jars-*/.complete"))):
        return started(folder / "neo4j")
    if _docker():
        return _container(folder / "neo4j-container")
    pytest.fail(
        "Neo4j is missing: set GRAPH_HUNT_NEO4J_URI, or install Java 17 and Maven, or Docker "
        "(GRAPH_HUNT_ENGINES=kglite leaves it out while developing)",
        pytrace=False,
    )


def started(home: Path, *options: str) -> Neo4jTarget:
    """Start scripts/neo4j in a folder, or find it running there."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with locked(home.parent / f"{home.name}.lock"):
        done = subprocess.run([SCRIPT, "start", "--home", home, *options], capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"scripts/neo4j: {done.stderr.strip()}", pytrace=False)
    return Neo4jTarget(done.stdout.strip(), "neo4j", (home / "password").read_text().strip())


def stop(folder: Path) -> None:
    """Stop what `target` started in the folder."""
    stopped(folder / "neo4j")
    name = folder / "neo4j-container"
    if name.exists():
        subprocess.run(["docker", "rm", "--force", name.read_text().split()[0]], capture_output=True)


def stopped(home: Path) -> None:
    """Stop scripts/neo4j in a folder, if it runs there."""
    if (home / "pid").exists():
        subprocess.run([SCRIPT, "stop", "--home", home], capture_output=True)


def _docker() -> bool:
    return bool(shutil.which("docker")) and subprocess.run(["docker", "info"], capture_output=True).returncode == 0


def _container(file: Path) -> Neo4jTarget:
    with locked(file.with_suffix(".lock")):
        if not file.exists():
            password = secrets.token_urlsafe(16)
            run = ["docker", "run", "--detach", "--publish", "127.0.0.1::7687", "--env", f"NEO4J_AUTH=neo4j/{password}"]
            check = ["--health-cmd", f"cypher-shell -u neo4j -p {password} 'RETURN 1'", "--health-interval", "2s"]
            name = subprocess.check_output([*run, *check, "neo4j:5.26-community"], text=True).strip()
            port = subprocess.check_output(["docker", "port", name, "7687"], text=True).strip().rpartition(":")[2]
            file.write_text(f"{name} bolt://127.0.0.1:{port} {password}")
    _, uri, password = file.read_text().split()
    return Neo4jTarget(uri, "neo4j", password)


def variables(server: Neo4jTarget | None) -> dict[str, str]:
    """The environment by which a command finds the graph on a server, or the embedded one."""
    if server is None:
        return {}
    told = {"URI": server.uri, "USER": server.user, "PASSWORD": server.password, "DATABASE": server.database or ""}
    return {f"GRAPH_HUNT_NEO4J_{name}": value for name, value in told.items() if value}


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that other test processes wait for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def empty_neo4j(server: Neo4jTarget) -> Iterator[GraphStore]:
    """A Neo4j store, emptied, that no other test uses meanwhile: a community server has one database."""
    name = base64.b32encode(hashlib.sha256(server.uri.encode()).digest()[:5]).decode()
    with locked(CACHE / f"neo4j-{name}.lock"):
        store = Neo4jStore.open(server.uri, server.user, server.password, server.database)
        try:
            _empty(store)
            yield store
        finally:
            store.close()


def _empty(store: Neo4jStore) -> None:
    """Empty a database that is for tests: one that was empty when tests first met it."""
    (schema,) = store.query("MATCH (schema:GraphHuntSchema) RETURN schema.tests AS tests")
    others = store.query("MATCH (node) WHERE NOT node:GraphHuntSchema RETURN 1 AS one LIMIT 1")
    if others and not schema["tests"]:
        pytest.fail(
            f"{store.uri} holds a graph that tests did not make; give them a server of their own", pytrace=False
        )
    with store.session("WRITE") as session:
        session.run("MATCH (node) WHERE NOT node:GraphHuntSchema DETACH DELETE node").consume()
        session.run("MATCH (schema:GraphHuntSchema) SET schema.tests = true, schema.writing = false").consume()


def empty_kglite() -> GraphStore:
    """A kglite store in memory."""
    return KgliteStore.open()
