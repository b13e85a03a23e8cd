"""Where the workspace is and which graph engine serves it: arguments first, environment second."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph_hunt.errors import InputError

DEFAULT_WORKSPACE = Path("graph-hunt-workspace")


@dataclass(frozen=True, slots=True)
class Neo4jTarget:
    """A Neo4j server: its URI (`neo4j://`, `neo4j+s://`, `bolt://` …), account and database."""

    uri: str
    user: str
    password: str
    database: str | None = None

    def __repr__(self) -> str:
        """Show it without the password."""
        return f"Neo4jTarget({self.uri!r}, user={self.user!r}, database={self.database!r})"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is settled before a workspace is opened."""

    workspace: Path
    neo4j: Neo4jTarget | None = None
    state: str | None = field(default=None, repr=False)
    """PostgreSQL's URL, which may hold a password; without one the state store is a file of the workspace."""

    events: str | None = None
    """Where the events are if not in the workspace: `s3://BUCKET/PREFIX`, or a folder that several machines see."""

    @property
    def state_store(self) -> str | Path:
        """What `State.open` is given."""
        return self.state or self.workspace / "state.db"


def settle(
    environment: Mapping[str, str],
    *,
    workspace: Path | None = None,
    neo4j: str | None = None,
    events: str | None = None,
) -> Settings:
    """Settle what the arguments leave open from the environment."""
    place = workspace or Path(environment.get("GRAPH_HUNT_WORKSPACE", DEFAULT_WORKSPACE))
    uri = neo4j or environment.get("GRAPH_HUNT_NEO4J_URI")
    state = environment.get("GRAPH_HUNT_STATE") or None
    elsewhere = events or environment.get("GRAPH_HUNT_EVENTS") or None
    return Settings(place, _target(environment, uri) if uri else None, state, elsewhere)


def _target(environment: Mapping[str, str], uri: str) -> Neo4jTarget:
    password = environment.get("GRAPH_HUNT_NEO4J_PASSWORD")
    file = environment.get("GRAPH_HUNT_NEO4J_PASSWORD_FILE")
    if password is None and file:
        try:
            password = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise InputError(
                f"cannot read the password: {error.strerror}",
                where=file,
                expected="a file that GRAPH_HUNT_NEO4J_PASSWORD_FILE names",
            ) from error
    if password is None:
        raise InputError(
            f"no password for {uri}", expected="GRAPH_HUNT_NEO4J_PASSWORD or GRAPH_HUNT_NEO4J_PASSWORD_FILE"
        )
    return Neo4jTarget(
        uri,
        environment.get("GRAPH_HUNT_NEO4J_USER", "neo4j"),
        password,
        environment.get("GRAPH_HUNT_NEO4J_DATABASE") or None,
    )
