"""Tells whether what a load taught of identities changes what earlier events mean.

It compares the very tables that rows get their keys from, where earlier events used them.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb

from graph_hunt.graph.projection.deltas import Delta, Deltas, files
from graph_hunt.graph.projection.reduce import IDENTITIES
from graph_hunt.schema import TABLES

_HOUR = 3_600_000
_ADDRESSES = ("source_ip", "client_ip", "target_ip", "source_host", "target_host")


def keep_meanings(connection: duckdb.DuckDBPyConnection, delta: Delta, copy: Callable[[str, Path], None]) -> None:
    """Write what identifiers mean after a load, and when its events used which address."""
    for name in ("accounts", "hosts", "addresses"):
        copy(f"SELECT * FROM identity_{name}", delta.meanings(name))
    uses = [
        f'SELECT {column} AS text, time // {_HOUR} AS hour FROM "{table}" WHERE {column} IS NOT NULL'
        for table, declared in TABLES.items()
        for column in _ADDRESSES
        if column in declared.names
    ]
    known = "text IN (SELECT text FROM identity_addresses)"
    copy(f"SELECT DISTINCT text, hour FROM ({' UNION ALL '.join(uses)}) WHERE {known}", delta.uses())


def differs(connection: duckdb.DuckDBPyConnection, deltas: Deltas) -> str:
    """Say what earlier events now mean something else, or ''; the connection is resolved with all that is known."""
    last = deltas.all()[-1]
    for check in (_accounts, _hosts, _addresses, _nodes):
        if (found := check(connection, deltas, last)) is not None:
            return found
    return ""


def _accounts(connection: duckdb.DuckDBPyConnection, deltas: Deltas, last: Delta) -> str | None:
    told = '"user", domain, sid, upn, machine'
    before = f"SELECT {told}, key, label FROM {files([last.meanings('accounts')])}"
    after = f"SELECT {told}, key, label FROM identity_accounts"
    seen = f"SELECT {told} FROM {files([delta.sighting('accounts') for delta in deltas.all()])}"
    row = connection.execute(
        f'SELECT coalesce("user", upn, sid) FROM (SELECT {told} FROM ({before} EXCEPT {after}) '
        f"UNION (SELECT {told} FROM ({after} EXCEPT {before}) INTERSECT {seen})) ORDER BY 1 LIMIT 1"
    ).fetchone()
    return None if row is None else f"the account {row[0]} is now known as another"


def _hosts(connection: duckdb.DuckDBPyConnection, deltas: Deltas, last: Delta) -> str | None:
    before = f"SELECT * FROM {files([last.meanings('hosts')])}"
    row = connection.execute(
        f"SELECT name FROM ({before} EXCEPT SELECT * FROM identity_hosts) ORDER BY name LIMIT 1"
    ).fetchone()
    return None if row is None else f"the machine {row[0]} is now known as another"


def _addresses(connection: duckdb.DuckDBPyConnection, deltas: Deltas, last: Delta) -> str | None:
    row = connection.execute(
        "SELECT b.text FROM "
        f"{files([last.meanings('addresses')])} b JOIN identity_addresses a "
        "ON a.text = b.text AND a.since < b.until AND b.since < a.until AND a.host IS DISTINCT FROM b.host "
        f"JOIN {files([delta.uses() for delta in deltas.all()])} u ON u.text = b.text "
        f"AND u.hour * {_HOUR} < least(a.until, b.until) AND (u.hour + 1) * {_HOUR} > greatest(a.since, b.since) "
        "ORDER BY b.text LIMIT 1"
    ).fetchone()
    return None if row is None else f"the address {row[0]} is now known to have been another machine's"


def _nodes(connection: duckdb.DuckDBPyConnection, deltas: Deltas, last: Delta) -> str | None:
    """An absent value leaves what a graph has, so what was known and is no more needs a graph made anew."""
    for label, table in IDENTITIES.items():
        columns = [name for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall() if name != "key"]
        lost = " OR ".join(f'(b."{name}" IS NOT NULL AND a."{name}" IS NULL)' for name in columns)
        row = connection.execute(
            f"SELECT b.key FROM {files([last.identities(label)])} b LEFT JOIN {table} a USING (key) "
            f"WHERE {lost} ORDER BY b.key LIMIT 1"
        ).fetchone()
        if row is not None:
            return f"what was known of {row[0]} no longer holds"
    return None
