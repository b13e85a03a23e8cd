"""What event tables say of identities, gathered: which identifiers stood together, where and from when to when.

Sightings are small (one row a distinct combination) and add up: those of several loads together give the same ledger
in any order. The ledger is a function of their set.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import duckdb
import pyarrow as pa

from graph_hunt.events.identity.names import SERVICE
from graph_hunt.schema import TABLES

HOUR = 3_600_000

HOST_COLUMNS = ("recorder", "host", "source_host", "target_host")


@dataclass(frozen=True, slots=True)
class Sightings:
    """Distinct identifiers and claims, each with `first`, `last`, `count` and a `sample` event id."""

    accounts: pa.Table
    """user, domain, sid, upn, machine; and flags of what the account was seen to do."""
    hosts: pa.Table
    """name, role (the column it stood in); vouched (more than a failed logon named it), alone (without an address),
    controller (it did a domain controller's work), met (something else than a ticket's account bears its name)."""
    addresses: pa.Table
    """ip, host, reason, hour: a claim that the address was the machine's."""
    texts: pa.Table
    """Every text that may be an address."""
    renames: pa.Table
    """code, old, new: a computer's name was changed."""


def account_columns(table: str, prefix: str = "") -> dict[str, str]:
    """Give the SQL of the columns that name an account in a table (`prefix` is `target_` for the other account)."""
    named = f"{prefix}user"
    columns = {
        "user": f't."{named}"',
        "domain": f"t.{named}_domain",
        "sid": f"t.{named}_sid",
        "upn": f"t.{named}_upn",
    }
    columns["machine"] = _machine(table, prefix, columns)
    return columns


_SCOPED = "('.', 'workgroup', 'mshome', 'localhost', '-', '')"


def _machine(table: str, prefix: str, columns: dict[str, str]) -> str:
    """Name the machine only where the account means nothing without it, so that there are few combinations."""
    names = TABLES[table].names
    if table == "authentication":
        here = f"coalesce(t.target_host, CASE WHEN {machine_rows(table, 'recorder')} THEN t.recorder END)"
        if not prefix:
            elsewhere = "('explicit', 'ticket_granting', 'ticket_service')"
            here = f"CASE WHEN t.kind IN {elsewhere} THEN t.recorder ELSE {here} END"
    else:
        here = "t.host" if "host" in names else "NULL"
    here = f"coalesce({here}, '{SERVICE}' || coalesce(t.recorder, t.source))"
    domain, sid = columns["domain"], columns["sid"]
    return (
        f"CASE WHEN {domain} IS NULL OR lower({domain}) IN {_SCOPED} OR contains({domain}, ' ') "
        f"OR (starts_with({sid}, 'S-1-5-') AND NOT starts_with({sid}, 'S-1-5-21-')) THEN {here} END"
    )


def machine_rows(table: str, column: str) -> str:
    """Write which rows' column names a machine: a cloud service is none, nor is a name that was looked up."""
    if table == "network" and column == "target_host":
        return "t.kind <> 'lookup'"
    if column != "recorder":
        return "true"
    if table == "authentication":
        return "NOT (t.kind IN ('sign_in', 'mfa') OR (t.kind IN ('session', 'disconnect') AND t.target_host IS NULL))"
    return "t.host IS NOT NULL" if "host" in TABLES[table].names else "false"


def roles(table: str) -> tuple[str, ...]:
    """Give the prefixes of the accounts that a table's rows name."""
    names = TABLES[table].names
    return tuple(p for p in ("", "target_") if f"{p}user_sid" in names)


def sight(connection: duckdb.DuckDBPyConnection) -> Sightings:
    """Gather the sightings of all event tables of a connection."""
    return Sightings(
        accounts=_read(connection, _accounts()),
        hosts=_read(connection, _hosts()),
        addresses=_read(connection, _addresses()),
        texts=_read(connection, _texts()),
        renames=_read(connection, _renames()),
    )


def together(parts: Iterable[Sightings]) -> Sightings:
    """Put the sightings of several loads into one, each combination once."""
    found = list(parts)
    with duckdb.connect() as connection:
        return Sightings(
            **{
                field.name: _added(connection, field.name, [getattr(part, field.name) for part in found])
                for field in fields(Sightings)
            }
        )


def _added(connection: duckdb.DuckDBPyConnection, name: str, parts: list[pa.Table]) -> pa.Table:
    table = pa.concat_tables(parts, promote_options="default")
    columns = ", ".join(
        f'{_SUMS[column]}("{column}") AS "{column}"' if column in _SUMS else f'"{column}"'
        for column in table.schema.names
    )
    connection.register("parts", table)
    return _read(connection, f"SELECT {columns} FROM parts GROUP BY ALL").cast(table.schema)


_SUMS = {"first": "min", "last": "max", "count": "sum", "sample": "min"} | dict.fromkeys(
    (
        *("privileged", "serves", "serviced", "unattended", "attended", "created", "resident", "guest"),
        *("vouched", "alone", "controller", "met"),
    ),
    "bool_or",
)
"""How a column adds up; those not here tell rows apart."""


def _read(connection: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    return connection.sql(sql).to_arrow_table()


_SEEN = 'min(t.time) AS "first", max(t.time) AS "last", count(*) AS "count", min(t.event_id) AS sample'


def _accounts() -> str:
    parts = [_accounts_of(table, prefix) for table in TABLES for prefix in roles(table)]
    return f"""
        SELECT "user", domain, sid, upn, machine, min("first") AS "first", max("last") AS "last",
            sum("count")::BIGINT AS "count", min(sample) AS sample, bool_or(privileged) AS privileged,
            bool_or(serves) AS serves, bool_or(serviced) AS serviced, bool_or(unattended) AS unattended,
            bool_or(attended) AS attended, bool_or(created) AS created, bool_or(resident) AS resident,
            bool_or(guest) AS guest
        FROM ({" UNION ALL ".join(parts)})
        GROUP BY ALL
        """


def _accounts_of(table: str, prefix: str) -> str:
    columns = account_columns(table, prefix)
    flags = dict.fromkeys(
        ("privileged", "serves", "serviced", "unattended", "attended", "created", "resident", "guest"), "false"
    )
    if table == "authentication" and not prefix:
        flags["privileged"] = "bool_or(t.kind = 'privileged' OR coalesce(t.elevated, false))"
        flags["serviced"] = "bool_or(coalesce(t.logon_type = 'service', false))"
        flags["unattended"] = "bool_or(coalesce(t.logon_type IN ('service', 'batch'), false))"
        flags["attended"] = "bool_or(coalesce(t.logon_type NOT IN ('service', 'batch'), false))"
        flags["resident"] = _resident("t.target_host", "t.logon_type IN ('service', 'batch', 'interactive')")
        flags["guest"] = _resident("t.source_host", "t.kind = 'logon' AND t.outcome = 'success'")
    elif table == "process" and not prefix:
        flags["resident"] = _resident("t.host")
    elif table == "authentication":
        flags["serves"] = "bool_or(t.kind = 'ticket_service' AND t.target_user IS DISTINCT FROM t.\"user\")"
    elif table == "change" and prefix:
        flags["created"] = "bool_or(t.object_kind = 'account' AND t.operation = 'created')"
        flags["privileged"] = f"bool_or(t.operation = 'member_added' AND coalesce({_ADMIN_GROUP}, false))"
    chosen = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
    marks = ", ".join(f"coalesce({sql}, false) AS {name}" for name, sql in flags.items())
    some = " OR ".join(f"{columns[name]} IS NOT NULL" for name in ("user", "sid", "upn"))
    return f'SELECT {chosen}, {_SEEN}, {marks} FROM "{table}" t WHERE {some} GROUP BY ALL'


def _resident(host: str, when: str = "true") -> str:
    """Say that a `$` account works on another machine than the one of its name, as no machine account does."""
    name = "lower(rtrim(split_part(t.\"user\", '@', 1), '$'))"
    other = f"{name} <> lower(split_part({host}, '.', 1))"
    # LANL's names are made anonymous: nothing tells its managed service accounts from machines.
    return f"bool_or(t.source <> 'lanl' AND t.\"user\" LIKE '%$' AND {when} AND {other})"


_ADMIN_GROUP = (
    "(t.object_id IN ('S-1-5-32-544', 'S-1-5-32-548', 'S-1-5-32-549', 'S-1-5-32-550', 'S-1-5-32-551') "
    "OR regexp_matches(t.object_id, '^S-1-5-21-.*-(512|516|518|519|520|526|527)$'))"
)


def _hosts() -> str:
    parts = [
        _hosts_of(table, column)
        for table, declared in TABLES.items()
        for column in HOST_COLUMNS
        if column in declared.names
    ]
    return f"""
        SELECT name, role, min("first") AS "first", max("last") AS "last", sum("count")::BIGINT AS "count",
            min(sample) AS sample, bool_or(vouched) AS vouched, bool_or(alone) AS alone,
            bool_or(controller) AS controller, bool_or(met) AS met
        FROM ({" UNION ALL ".join(parts)}) GROUP BY ALL
        """


def _hosts_of(table: str, column: str) -> str:
    role = f"{table}_{column}" if table == "network" and column != "host" else column
    where = f" AND {machine_rows(table, column)}"
    flags = dict.fromkeys(("vouched", "alone", "met"), "true") | {"controller": "false"}
    if table == "authentication" and column == "target_host":
        # The machine of a ticket is read from the name of the account that the ticket is for.
        flags["met"] = "bool_or(t.kind <> 'ticket_service')"
    if column == "source_host" or role == "network_target_host":
        flags["vouched"] = "bool_or(t.outcome = 'success')" if table == "authentication" else "false"
        flags["alone"] = f"bool_or(t.{column.partition('_')[0]}_ip IS NULL)"
    if table == "authentication" and column in _CONTROLLER:
        flags["controller"] = f"bool_or({_CONTROLLER[column]})"
    elif table == "access" and column == "host":
        flags["controller"] = f"bool_or({_REPLICATION} OR {_POLICY_SHARE})"
    marks = ", ".join(f"coalesce({sql}, false) AS {name}" for name, sql in flags.items())
    return (
        f"SELECT t.{column} AS name, '{role}' AS role, {_SEEN}, {marks} "
        f'FROM "{table}" t WHERE t.{column} IS NOT NULL{where} GROUP BY ALL'
    )


_REPLICATION = (
    "t.kind = 'directory' AND regexp_matches(lower(t.rights), "
    "'replication-get-changes|1131f6aa-9c07-11d1-f79f-00c04fc2dcd2|1131f6ad-9c07-11d1-f79f-00c04fc2dcd2|"
    "89e95b76-444d-4c62-991a-0facbeda640c')"
)
_POLICY_SHARE = "t.kind = 'share' AND lower(t.object) IN ('sysvol', 'netlogon')"
_CONTROLLER = {
    "recorder": "t.code IN ('Security/4768', 'Security/4769', 'Security/4770', 'Security/4771')",
    "target_host": "t.source = 'lanl' AND t.kind IN ('ticket_granting', 'ticket_service')",
}


_OTHER_MACHINE = (
    "lower(split_part(t.source_host, '.', 1)) <> lower(split_part(coalesce(t.target_host, t.recorder, ''), '.', 1))"
)


_RECEIVING = "CASE WHEN t.source_port < 1024 AND t.target_port >= 1024 THEN t.source_ip ELSE t.target_ip END"
"""The recorder's side of a connection that it did not begin: a source that writes itself as the source, as Sysmon does
for UDP, shows by the port, which is one that is served."""

_CLAIMS = (
    (
        "CASE t.outcome WHEN 'success' THEN 'logon' ELSE 'failed_logon' END",
        "t.source_ip",
        "t.source_host",
        f"authentication t WHERE {_OTHER_MACHINE}",
    ),
    (
        "'machine_account'",
        "t.source_ip",
        "left(split_part(t.\"user\", '@', 1), -1)",
        "authentication t WHERE split_part(t.\"user\", '@', 1) LIKE '_%$' AND t.outcome = 'success' "
        "AND (t.kind IN ('ticket_granting', 'ticket_service') OR t.package = 'Kerberos')",
    ),
    ("'connection'", "t.source_ip", "t.host", "network t WHERE t.kind = 'connection' AND t.direction = 'outbound'"),
    ("'inbound'", _RECEIVING, "t.host", "network t WHERE t.kind = 'connection' AND t.direction = 'inbound'"),
    ("'name'", "t.target_ip", "t.target_host", "network t WHERE t.kind = 'connection'"),
    ("'name'", "t.source_ip", "t.source_host", "network t WHERE t.kind = 'connection'"),
    ("'lease'", "t.source_ip", "t.source_host", "network t WHERE t.kind = 'lease' AND t.outcome = 'success'"),
    (
        "'lookup'",
        "unnest(t.answers)",
        "t.target_host",
        "network t WHERE t.kind = 'lookup' AND len(t.answers) > 0",
    ),
)
"""Who was seen at which address: reason, address, machine, and the rows that say so."""


def _addresses() -> str:
    claims = [
        f"SELECT {reason} AS reason, {ip} AS ip, {host} AS host, t.time AS moment, t.event_id FROM {rows}"
        for reason, ip, host, rows in _CLAIMS
    ]
    grouped = [
        f"""SELECT ip, host, reason, moment // {HOUR} AS "hour", min(moment) AS "first", max(moment) AS "last",
                count(*) AS "count", min(event_id) AS sample
            FROM ({claim}) WHERE ip IS NOT NULL AND host IS NOT NULL GROUP BY ALL"""
        for claim in claims
    ]
    return f"""
        SELECT ip, host, reason, "hour", min("first") AS "first", max("last") AS "last",
            sum("count")::BIGINT AS "count", min(sample) AS sample
        FROM ({" UNION ALL ".join(grouped)}) GROUP BY ALL
        """


IP_COLUMNS = ("source_ip", "target_ip", "client_ip")


def _texts() -> str:
    parts = [
        f'SELECT t.{column} AS "text", t.time FROM "{table}" t WHERE t.{column} IS NOT NULL'
        for table, declared in TABLES.items()
        for column in IP_COLUMNS
        if column in declared.names
    ]
    parts.append('SELECT unnest(t.relays) AS "text", t.time FROM mail t WHERE t.relays IS NOT NULL')
    grouped = [f'SELECT "text", min(time) AS "first", max(time) AS "last" FROM ({p}) GROUP BY ALL' for p in parts]
    united = " UNION ALL ".join(grouped)
    return f'SELECT "text", min("first") AS "first", max("last") AS "last" FROM ({united}) GROUP BY ALL'


def _renames() -> str:
    return f"""
        SELECT t.object_kind AS kind, t.code, t.old_value AS old, t.value AS new, {_SEEN}
        FROM change t
        WHERE t.operation = 'renamed' AND t.old_value IS NOT NULL AND t.value IS NOT NULL
          AND t.object_kind = 'computer' GROUP BY ALL
        """
