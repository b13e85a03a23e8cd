"""Areas of the state store: the tables of one feature, and the numbered steps that bring an older store up to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, String, Table, insert, select, update

from graph_hunt.errors import WorkspaceVersion

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Holds every table of the state store; each is defined beside the feature that owns it."""

VERSIONS = Table(
    "area",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)

Step = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Area:
    """A feature's tables at their present version; `steps[n]` leads from version n - 1 to n and is never edited."""

    name: str
    version: int
    tables: tuple[Table, ...]
    steps: Mapping[int, Step] = field(default_factory=dict)
    after: Step | None = None
    """Done once, after the tables were made in a new store."""


_AREAS: dict[str, Area] = {}


def register(area: Area) -> Area:
    """Make an area known: its tables are made in a store at its next transaction."""
    if area.version < 1 or set(area.steps) - set(range(2, area.version + 1)):
        raise ValueError(f"area {area.name}: steps must lead from version 1 to {area.version}")
    _AREAS[area.name] = area
    return area


def areas() -> tuple[Area, ...]:
    """All areas, in the order in which they became known."""
    return tuple(_AREAS.values())


def settle(connection: Connection, area: Area, at: int) -> None:
    """Bring an area's tables in the store to its version; refuse those of a newer program."""
    found = connection.execute(select(VERSIONS.c.version).where(VERSIONS.c.name == area.name)).scalar()
    if found is None:
        METADATA.create_all(connection, tables=list(area.tables), checkfirst=True)
        if area.after:
            area.after(connection)
        connection.execute(insert(VERSIONS).values(name=area.name, version=area.version, at=at))
    elif found > area.version:
        raise WorkspaceVersion(f"state store: {area.name} is of version {found}; this program reads {area.version}")
    elif found < area.version:
        for number in range(found + 1, area.version + 1):
            area.steps[number](connection)
        connection.execute(update(VERSIONS).where(VERSIONS.c.name == area.name).values(version=area.version, at=at))
