"""Event tables made of rows written out in a test."""

from collections.abc import Iterable
from typing import Any

import duckdb

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.schema import TABLES

Row = tuple[str, dict[str, Any]]

NOON = 1_600_000_000_000
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def logon(at: int = NOON, **columns: Any) -> Row:
    """Give a successful network logon."""
    row = {"kind": "logon", "outcome": "success", "logon_type": "network", "code": "Security/4624", **columns}
    return "authentication", {"time": at, **row}


def row(table: str, at: int = NOON, **columns: Any) -> Row:
    """Give a row of any table."""
    return table, {"time": at, "code": "Test/1", **columns}


def connect(events: Iterable[Row]) -> duckdb.DuckDBPyConnection:
    """Give a connection that has every event table, with these rows."""
    rows = Rows("test", "written.json")
    for number, (table, columns) in enumerate(events, 1):
        names = sorted((k, str(v)) for k, v in columns.items())
        rows.add(table, event_id=event_id(columns["time"], [table, *names]), record=number, **columns)
    tables = rows.take().tables
    connection = duckdb.connect()
    for name, table in TABLES.items():
        arrow = tables.get(name, table.schema.empty_table())
        connection.register("incoming", arrow)
        connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
        connection.unregister("incoming")
    return connection
