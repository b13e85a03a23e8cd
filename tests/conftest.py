"""Fixtures for all tests: a graph store on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_hunt.graph.store import GraphStore
from graph_hunt.settings import Neo4jTarget, Settings
from tests import engines


def _shared(factory: pytest.TempPathFactory, config: pytest.Config) -> Path:
    """The folder that all processes of one run share."""
    own = factory.getbasetemp()
    return own.parent if hasattr(config, "workerinput") else own


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Neo4jTarget]:
    """A running Neo4j, one for the whole run."""
    folder = _shared(tmp_path_factory, request.config)
    yield engines.target(folder)
    if not hasattr(request.config, "workerinput"):
        engines.stop(folder)


@pytest.fixture
def neo4j_store(neo4j_server: Neo4jTarget) -> Iterator[GraphStore]:
    """An empty graph on Neo4j."""
    with engines.empty_neo4j(neo4j_server) as store:
        yield store


@pytest.fixture(params=engines.ENGINES)
def graph_store(request: pytest.FixtureRequest) -> GraphStore:
    """An empty graph, on each engine in turn."""
    if request.param == "neo4j":
        store: GraphStore = request.getfixturevalue("neo4j_store")
        return store
    return engines.empty_kglite()


@pytest.fixture(params=engines.ENGINES)
def own_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a workspace that is not there yet, its graph empty, on each engine in turn."""
    if request.param == "neo4j":
        server: Neo4jTarget = request.getfixturevalue("neo4j_server")
        with engines.empty_neo4j(server):
            yield Settings(tmp_path / "w", server)
    else:
        yield Settings(tmp_path / "w")


@pytest.fixture(scope="module", params=engines.ENGINES)
def module_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The same for a module that loads once; its tests must take no other graph on Neo4j."""
    made = tmp_path_factory.mktemp("module") / "w"
    if request.param == "kglite":
        yield Settings(made)
        return
    server: Neo4jTarget = request.getfixturevalue("neo4j_server")
    with engines.empty_neo4j(server):
        yield Settings(made, server)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the server that workers of this run started."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    if factory is not None and not hasattr(session.config, "workerinput"):
        engines.stop(factory.getbasetemp())
