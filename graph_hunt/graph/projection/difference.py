"""Tells whether what a load taught makes a graph wrong that was made before it."""

import duckdb

from graph_hunt.events import identity
from graph_hunt.events.identity import Edits, Ledger, Sightings, together
from graph_hunt.graph.projection.deltas import Deltas, files
from graph_hunt.graph.projection.reduce import IDENTITIES


def differs(before: list[Sightings], after: Ledger, edits: Edits) -> str:
    """Say what earlier events now mean something else, or ''."""
    return identity.differs(Ledger.of(together(before), edits), after) if before else ""


def lost(connection: duckdb.DuckDBPyConnection, deltas: Deltas) -> str:
    """Say what was known of an identity and is no more, or '': an absent value leaves what a graph has."""
    if not deltas.marks:
        return ""
    last = deltas.all()[-1]
    for label, table in IDENTITIES.items():
        columns = [name for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall() if name != "key"]
        gone = " OR ".join(f'(b."{name}" IS NOT NULL AND a."{name}" IS NULL)' for name in columns)
        row = connection.execute(
            f"SELECT b.key FROM {files([last.identities(label)])} b LEFT JOIN {table} a USING (key) "
            f"WHERE {gone} ORDER BY b.key LIMIT 1"
        ).fetchone()
        if row is not None:
            return f"what was known of {row[0]} no longer holds"
    return ""
