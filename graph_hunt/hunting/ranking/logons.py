"""What the ranking reads: people's logons from one machine to another, in columns, in order of time; kept on disk.

Accounts and machines are numbered apart. A sign-in to a cloud service goes from an address to the service.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph_hunt.hunting.keeping import map_table, save, write_table
from graph_hunt.hunting.ranking.kernel import Columns

_VERSION = 1
"""Counts changes of what is collected."""
_EPOCH_SHIFT = 1 << 44
_LOGONS = """
    SELECT time, event_id, coalesce(outcome, 'success') = 'failure' AS failed, user_key AS account,
        source_label, source_key,
        CASE WHEN target_key IS NOT NULL THEN target_label ELSE 'App' END AS target_label,
        coalesce(target_key, application) AS target_key
    FROM authentication_resolved
    WHERE user_label = 'User' AND source_key IS NOT NULL
        AND (kind IN ('logon', 'sign_in')
             OR (kind = 'session' AND outcome = 'success' AND logon_type = 'remote_interactive'))
        AND (target_key IS NOT NULL OR (kind = 'sign_in' AND application IS NOT NULL))
        AND source_key IS DISTINCT FROM target_key
"""
_MACHINES = """
    CREATE OR REPLACE TEMP TABLE ranked_machines AS
    SELECT (row_number() OVER (ORDER BY label, key) - 1)::INTEGER AS id, label, key, coalesce(min(name), key) AS name
    FROM (
        SELECT DISTINCT m.label, m.key, coalesce(h.name, m.key) AS name FROM (
            SELECT source_label AS label, source_key AS key FROM ranked_logons
            UNION SELECT target_label, target_key FROM ranked_logons
        ) m LEFT JOIN host_nodes h ON m.label = 'Host' AND h.key = m.key
    ) GROUP BY label, key
"""
_ACCOUNTS = """
    CREATE OR REPLACE TEMP TABLE ranked_accounts AS
    SELECT (row_number() OVER (ORDER BY key) - 1)::INTEGER AS id, 'User' AS label, key, coalesce(min(name), key) AS name
    FROM (
        SELECT a.key, u.name
        FROM (SELECT DISTINCT account AS key FROM ranked_logons) a LEFT JOIN user_nodes u USING (key)
    ) GROUP BY key
"""
_ROWS = """
    SELECT l.time, a.id AS account, s.id AS source, t.id AS target, l.failed,
        ('0x' || substr(l.event_id, 13, 16))::UBIGINT AS digest,
        coalesce(TRY_CAST(substr(l.event_id, 30) AS USMALLINT), 0::USMALLINT) AS part
    FROM ranked_logons l JOIN ranked_accounts a ON a.key = l.account
    JOIN ranked_machines s ON s.label = l.source_label AND s.key = l.source_key
    JOIN ranked_machines t ON t.label = l.target_label AND t.key = l.target_key
    ORDER BY l.time, digest, part
"""


@dataclass(frozen=True, slots=True)
class Logons:
    """Logons in order of time with their events, and the accounts and machines that they name, by number."""

    rows: pa.Table
    """time, account, source, target, failed, digest, part"""
    accounts: pa.Table
    machines: pa.Table
    """label, key, name"""

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    @property
    def columns(self) -> Columns:
        """What the pass reads."""
        return Columns(
            self.column("time"),
            self.column("account"),
            self.column("source"),
            self.column("target"),
            self.column("failed"),
        )

    def column(self, name: str) -> npt.NDArray[Any]:
        """Give a column of the rows."""
        return np.ascontiguousarray(self.rows[name].to_numpy())

    def evidence(self, row: int) -> str:
        """Give the id of a row's event."""
        one = {name: self.rows[name][row].as_py() for name in ("time", "digest", "part")}
        stem = f"{one['time'] + _EPOCH_SHIFT:012x}{one['digest']:016x}"
        return f"{stem}-{one['part']}" if one["part"] else stem


def collect(connection: duckdb.DuckDBPyConnection) -> Logons:
    """Read the logons of a connection on which `resolve` has been run."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ranked_logons AS {_LOGONS}")
    connection.execute(_MACHINES)
    connection.execute(_ACCOUNTS)
    named = "SELECT label, key, name FROM ranked_{} ORDER BY id"
    accounts, machines = (connection.sql(named.format(kind)).to_arrow_table() for kind in ("accounts", "machines"))
    return Logons(connection.sql(_ROWS).to_arrow_table(), accounts, machines)


_PARTS = ("rows", "accounts", "machines")


def kept(folder: Path, state: str, connect: Callable[[], duckdb.DuckDBPyConnection]) -> Logons:
    """Give the logons of a state of the events and identities, collected only where they are not kept yet."""
    place = folder / blake2b(f"{_VERSION}\x1f{_LOGONS}\x1f{state}".encode(), digest_size=12).hexdigest()
    found = _load(place)
    if found is not None:
        return found
    with connect() as connection:
        logons = collect(connection)
    try:
        save(place, partial(_save, logons))
    except OSError:
        # A full disk or a folder that may not be written to costs time, not the answer.
        return logons
    return logons


def _save(logons: Logons, folder: Path) -> None:
    for part in _PARTS:
        write_table(folder / f"{part}.arrow", cast("pa.Table", getattr(logons, part)))


def _load(place: Path) -> Logons | None:
    """Map what is kept; nothing where it is not there or was spoiled."""
    try:
        return Logons(*(map_table(place / f"{part}.arrow") for part in _PARTS))
    except (OSError, pa.ArrowException):
        return None
