"""Adds resolved identities to event tables: `T_resolved` views with keys, and the tables of the nodes they name.

Distinct identifiers are resolved once, in the ledger; rows get their keys by hash joins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from graph_hunt.events.identity.ledger import Ledger
from graph_hunt.events.identity.names import address
from graph_hunt.events.identity.nodes import host_nodes, ip_nodes, user_nodes
from graph_hunt.events.identity.sightings import account_columns, machine_rows, roles, sight
from graph_hunt.schema import TABLES

_FOREVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Resolution:
    """What `resolve` added."""

    ledger: Ledger
    views: tuple[str, ...]


def resolve(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger | None = None, geo: Sequence[Path] = ()
) -> Resolution:
    """Add the `T_resolved` views and the node tables; without a ledger, make one of the connection's own events.

    `geo` are MaxMind DB files to hear before the bundled one.
    """
    ledger = ledger or Ledger.of(sight(connection))
    _register(connection, "identity_accounts", _account_table(ledger))
    _register(connection, "identity_hosts", _host_table(ledger))
    _register(connection, "identity_addresses", _address_table(ledger))
    for table in TABLES:
        connection.execute(f'CREATE OR REPLACE TEMP VIEW "{table}_resolved" AS {_view(table)}')
    _register(connection, "user_nodes", user_nodes(ledger))
    _register(connection, "host_nodes", host_nodes(ledger))
    _register(connection, "ip_nodes", ip_nodes(ledger, geo))
    return Resolution(ledger, tuple(f"{table}_resolved" for table in TABLES))


def _register(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("_incoming", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM _incoming")
    connection.unregister("_incoming")


_TEXT = pa.string()


def _account_table(ledger: Ledger) -> pa.Table:
    names = ("user", "domain", "sid", "upn", "machine")
    rows = [(*c, m.key, m.label) for c, m in ledger.combinations.items() if m.key]
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return pa.table({n: pa.array(c, _TEXT) for n, c in zip((*names, "key", "label"), columns, strict=True)})


def _host_table(ledger: Ledger) -> pa.Table:
    rows = []
    for name, m in ledger.hosts.items():
        proofs = ledger.proofs(m.key) if m.key and m.label == "Host" else (False, False)
        rows.append((name, m.key, m.label, *proofs))
    columns = list(zip(*rows, strict=True)) or [()] * 5
    types = (_TEXT, _TEXT, _TEXT, pa.bool_(), pa.bool_())
    named = zip(("name", "key", "label", "own", "vouched"), columns, types, strict=True)
    return pa.table({name: pa.array(column, kind) for name, column, kind in named})


def _address_table(ledger: Ledger) -> pa.Table:
    """Cover all time for each address text, so that one row of it matches one row of an event."""
    held: dict[str, list[tuple[int, int, str]]] = {}
    for i in ledger.intervals:
        held.setdefault(i.ip, []).append((i.since, i.until, i.host))
    texts = set(ledger.sightings.texts["text"].to_pylist()) | {n for n, m in ledger.hosts.items() if m.label == "IP"}
    rows: list[tuple[str, str, str | None, int, int]] = []
    for text in sorted(texts):
        found = address(text.strip())
        if found is None or found.is_loopback or found.is_unspecified:
            continue
        at = -_FOREVER
        for since, until, host in held.get(str(found), []):
            if at < since:
                rows.append((text, str(found), None, at, since))
            rows.append((text, str(found), host, max(at, since), until))
            at = until
        rows.append((text, str(found), None, at, _FOREVER))
    columns = list(zip(*rows, strict=True)) or [()] * 5
    types = (_TEXT, _TEXT, _TEXT, pa.int64(), pa.int64())
    named = zip(("text", "ip", "host", "since", "until"), columns, types, strict=True)
    return pa.table({name: pa.array(column, kind) for name, column, kind in named})


def _view(table: str) -> str:
    """Write the SELECT of one table's view."""
    names = TABLES[table].names
    columns, joins = ["t.*"], []
    for prefix in roles(table):
        alias = f"{prefix}account"
        same = account_columns(table, prefix)
        on = " AND ".join(f'{alias}."{name}" IS NOT DISTINCT FROM {sql}' for name, sql in same.items())
        joins.append(f"LEFT JOIN identity_accounts {alias} ON {on}")
        columns += [f"{alias}.key AS {prefix}user_key", f"{alias}.label AS {prefix}user_label"]
    where = machine_rows(table, "recorder")
    joins.append(f"LEFT JOIN identity_hosts recorder ON recorder.name = t.recorder AND {where}")
    columns.append("recorder.key AS recorder_key")
    local = "recorder.key"
    if "host" in names:
        joins.append("LEFT JOIN identity_hosts here ON here.name = t.host")
        local = "coalesce(here.key, recorder.key)"
        if table == "access":
            # On the wire a machine may be known by its address alone, which stands for it only inside an interval.
            joins.append(_at("at_host", "t.host"))
            local = f"CASE WHEN here.label = 'IP' THEN at_host.host ELSE {local} END"
        columns.append(f"{local} AS host_key")
    if "target_host" in names:
        target_columns, target_joins, key = _target(table)
        columns += target_columns
        joins += target_joins
        local = key if table == "authentication" else local
    source_columns, source_joins = _source(table, local)
    return f'SELECT {", ".join(columns + source_columns)} FROM "{table}" t {" ".join(joins + source_joins)}'


def _at(alias: str, text: str) -> str:
    return (
        f"LEFT JOIN identity_addresses {alias} ON {alias}.text = {text} "
        f"AND t.time >= {alias}.since AND t.time < {alias}.until"
    )


_RECEIVED = "t.direction = 'inbound' AND NOT (t.source_port < 1024 AND t.target_port >= 1024)"
"""The recorder is the target: where the source's port is one that is served, the two may be turned about."""


def _target(table: str) -> tuple[list[str], list[str], str]:
    """Resolve the machine at the other end; a name looked up or met on the wire is a machine only if known as one."""
    joins = ["LEFT JOIN identity_hosts named ON named.name = t.target_host"]
    if table == "network":
        joins.append(_at("there", "t.target_ip"))
        known = "named.label = 'Host' AND (named.own OR t.target_ip IS NULL) AND t.kind <> 'lookup'"
    else:
        joins.append(_at("there", "t.target_host"))
        known = "named.label = 'Host'"
    host = f"coalesce(CASE WHEN {known} THEN named.key END, there.host)"
    if table == "network":
        host = f"coalesce(CASE WHEN {_RECEIVED} THEN here.key END, {host})"
    key = f"coalesce({host}, there.ip"
    key += ")" if table == "network" else ", CASE WHEN lower(t.target_host) = 'localhost' THEN recorder.key END)"
    label = f"CASE WHEN {host} IS NULL AND there.ip IS NOT NULL THEN 'IP' WHEN {key} IS NOT NULL THEN 'Host' END"
    return [f"{key} AS target_key", f"{label} AS target_label"], joins, key


def _source(table: str, local: str) -> tuple[list[str], list[str]]:
    """Resolve where it came from: a machine's name as the client gave it, checked by the address it came from."""
    names = TABLES[table].names
    ip = next((column for column in ("source_ip", "client_ip") if column in names), None)
    if ip is None:
        return [], []
    if "source_host" not in names:
        joins, host = [_at("origin", f"t.{ip}")], "origin.host"
    else:
        joins = [
            "LEFT JOIN identity_hosts claimed ON claimed.name = t.source_host",
            _at("origin", f"coalesce(t.{ip}, t.source_host)"),
        ]
        # A name that only failed logons gave may be made up: then the address says what it says, or stays.
        host = f"""CASE WHEN claimed.label IS DISTINCT FROM 'Host' THEN origin.host
            WHEN origin.ip IS NULL THEN claimed.key WHEN claimed.key = {local} THEN origin.host
            WHEN claimed.own THEN claimed.key WHEN origin.host IS NOT NULL THEN origin.host
            WHEN claimed.vouched THEN claimed.key END"""
    if table == "network":
        host = f"CASE WHEN t.direction = 'outbound' AND here.key IS NOT NULL THEN here.key ELSE {host} END"
    key = f"coalesce({host}, origin.ip)"
    label = f"CASE WHEN {host} IS NOT NULL THEN 'Host' WHEN origin.ip IS NOT NULL THEN 'IP' END"
    return [f"{key} AS source_key", f"{label} AS source_label"], joins
