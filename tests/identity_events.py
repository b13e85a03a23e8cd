"""Event tables made of rows written out in a test."""

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.identity import Edit, Edits, Ledger, Sightings, sight
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


ANN = "S-1-5-21-1-2-3-1104"
EVE = "S-1-5-21-1-2-3-1105"


def sightings(events: Sequence[Row]) -> Sightings:
    with connect(events) as connection:
        return sight(connection)


def ledger(events: Sequence[Row], *edits: Edit) -> Ledger:
    return Ledger.of(sightings(events), Edits(edits))


def keys(events: Sequence[Row], *edits: Edit) -> set[str | None]:
    return {meaning.key for meaning in ledger(events, *edits).combinations.values()}


PERSON = [
    logon(NOON, user="ann", user_domain="CORP", user_sid=ANN, target_host="WS1.corp.example"),
    logon(NOON + 1, user="Ann", user_domain="corp.example", target_host="WS1"),
    logon(NOON + 2, user_sid=ANN, target_host="WS1"),
    logon(NOON + 3, user_upn="Ann@Corp.Example", user_sid="73d664e4-0886-4a73-b745-c694da45ddb4", kind="sign_in"),
    logon(NOON + 4, user="ann@corp.example", target_host="WS1"),
    logon(NOON + 5, user_sid="73D664E4-0886-4A73-B745-C694DA45DDB4", kind="sign_in"),
    logon(NOON + 6, user_sid="S-1-12-1-1943430372-1249052806-2496021943-3034400218", target_host="WS1"),
]
"""One person: SID, NetBIOS and DNS domain, UPN in any case, object id as GUID and as Entra SID."""


def own_connection(at: int, host: str, ip: str) -> Row:
    return row("network", at, kind="connection", direction="outbound", host=host, source_ip=ip, target_ip="10.9.9.9")
