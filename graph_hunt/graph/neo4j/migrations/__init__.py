"""The constraints and indexes of a Neo4j database, made in numbered steps that are never edited once released.

`python -m graph_hunt.graph.neo4j.migrations` writes the next step for what the schema has and no step makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

from graph_hunt.errors import StoreError, WorkspaceVersion
from graph_hunt.graph.neo4j.errors import translated
from graph_hunt.graph.neo4j.lease import LEASE_LABEL
from graph_hunt.graph.neo4j.transaction import surely
from graph_hunt.schema import EDGES, NODES, Grain

if TYPE_CHECKING:
    import neo4j

SCHEMA_LABEL = "GraphHuntSchema"
"""The label of the one node that says how far the database's migrations are."""
_ONE = f"CREATE CONSTRAINT {SCHEMA_LABEL}_key IF NOT EXISTS FOR (node:{SCHEMA_LABEL}) REQUIRE node.key IS UNIQUE"
"""Two programs that open a new database at once shall make one such node."""
_VERSION = f"MATCH (schema:{SCHEMA_LABEL}) RETURN schema.version AS version"
_ANYTHING = "MATCH (node) RETURN labels(node) AS labels LIMIT 1"
_REACHED = f"MERGE (schema:{SCHEMA_LABEL} {{key: 'schema'}}) SET schema.version = $version"


class Store(Protocol):
    """What migrations ask of a store."""

    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Give the rows that a text returns."""

    def session(self, access: str) -> neo4j.Session:
        """Open a session; close it after use."""


@cache
def steps() -> dict[int, tuple[str, ...]]:
    """Read the steps: the statements of each, by number."""
    found = {}
    for file in files(__package__).iterdir():
        if file.name.endswith(".cypher"):
            lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("//")]
            statements = (statement.strip() for statement in "\n".join(lines).split(";"))
            found[int(file.name.removesuffix(".cypher"))] = tuple(filter(None, statements))
    return dict(sorted(found.items()))


def wanted() -> Iterator[str]:
    """Give the statements that today's schema asks for."""
    yield _ONE
    yield f"CREATE CONSTRAINT {LEASE_LABEL}_key IF NOT EXISTS FOR (node:{LEASE_LABEL}) REQUIRE node.key IS UNIQUE"
    for label in NODES:
        yield f"CREATE CONSTRAINT {label}_key IF NOT EXISTS FOR (node:{label}) REQUIRE node.key IS UNIQUE"
    for type, kind in EDGES.items():
        yield f"CREATE CONSTRAINT {type}_key IF NOT EXISTS FOR ()-[edge:{type}]-() REQUIRE edge.key IS UNIQUE"
        at = "bucket" if kind.grain is Grain.BUCKETED else "last_seen"
        yield f"CREATE INDEX {type}_{at} IF NOT EXISTS FOR ()-[edge:{type}]-() ON (edge.{at})"


def missing() -> list[str]:
    """Give the statements that today's schema asks for and no step has."""
    made = {statement for statements in steps().values() for statement in statements}
    return [statement for statement in wanted() if statement not in made]


def migrate(store: Store, uri: str, *, read_only: bool) -> None:
    """Bring a database up to date; raise where it is another program's, or a newer program's."""
    newest = max(steps())
    rows = store.query(_VERSION)
    if not rows and (found := store.query(_ANYTHING)):
        raise StoreError(
            f"{uri}: the database holds another program's graph (a node :{':'.join(found[0]['labels'])}); "
            "name an empty one with GRAPH_HUNT_NEO4J_DATABASE"
        )
    version = rows[0]["version"] if rows else 0
    if version > newest:
        raise WorkspaceVersion(f"{uri}: the database was made by a newer graph-hunt (schema {version}, here {newest})")
    if read_only:
        return
    for number, statements in steps().items():
        if number > version:
            with translated(uri), store.session("WRITE") as session:
                for statement in (_ONE, *statements):
                    _make(session, statement)
                session.run("CALL db.awaitIndexes(300)").consume()
                _run(session, _REACHED, {"version": number})


def _run(session: neo4j.Session, text: str, parameters: dict[str, int] | None = None) -> None:
    surely(session, lambda transaction: transaction.run(text, parameters).consume())


def _make(session: neo4j.Session, statement: str) -> None:
    """Make a constraint or an index, which another program may be making at this moment."""
    from neo4j.exceptions import ClientError

    try:
        _run(session, statement)
    except ClientError as error:
        if "AlreadyExists" not in (error.code or ""):
            raise
