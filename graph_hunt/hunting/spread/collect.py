"""Collects an `Activity` from resolved event tables."""

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

from graph_hunt.events.messages import message_key
from graph_hunt.hunting.spread.activity import Activity, Entities
from graph_hunt.hunting.spread.acts import CODES, DIRECTORY, LOGONS, SCANS, Scan
from graph_hunt.hunting.spread.familiarity import damping, familiarity, rarity
from graph_hunt.hunting.spread.kernel import NOBODY, Rows
from graph_hunt.hunting.spread.rules import Role
from graph_hunt.hunting.spread.spans import Logoffs, left, spans
from graph_hunt.schema import TABLES

_ENTITIES = """
    CREATE OR REPLACE TEMP TABLE spread_entities AS
    SELECT (row_number() OVER (ORDER BY label, key))::INTEGER AS id, label, key, name, members::INTEGER AS members
    FROM (
        SELECT 'User' AS label, key, name, 0 AS members FROM user_nodes
        UNION ALL SELECT 'Host', key, name, 0 FROM host_nodes
        UNION ALL SELECT 'IP', key, name, 0 FROM ip_nodes
        UNION ALL SELECT 'Mailbox', key, min(name), 0 FROM (
            SELECT lower(mailbox) AS key, mailbox AS name FROM mailbox
            UNION ALL SELECT lower(sender), sender FROM mail WHERE direction = 'internal'
        ) WHERE key IS NOT NULL GROUP BY key
        UNION ALL SELECT 'Message', {message}, coalesce(min(message_id), {message}), 0
        FROM mail WHERE coalesce(message_id, network_id) IS NOT NULL GROUP BY 2
        UNION ALL SELECT 'Directory', d.key, d.name, count(u.key) FROM (
            SELECT {directory} AS key, min(coalesce(nullif(h.domain, ''), h.name)) AS name
            FROM host_nodes h WHERE h.role = 'domain_controller' GROUP BY 1
        ) d LEFT JOIN user_nodes u ON lower(split_part(u.domain, '.', 1)) = d.key GROUP BY ALL
    )
"""
_LOGOFFS = """
    SELECT coalesce(h.id, 0) AS host, coalesce(u.id, 0) AS account, t.time,
        CASE WHEN t.logon_id IS NULL THEN 0::UBIGINT ELSE hash(t.logon_id) END AS session, {act}::TINYINT AS act
    FROM authentication_resolved t
    JOIN spread_entities h ON h.label = t.target_label AND h.key = t.target_key
    LEFT JOIN spread_entities u ON u.label = t.user_label AND u.key = t.user_key
    WHERE t.kind = 'logoff' AND coalesce(t.logon_type, '') <> 'network'
"""


@dataclass(frozen=True, slots=True)
class _Read:
    """Rows as they were read, in no order."""

    time: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int32]
    act: npt.NDArray[np.int8]
    digest: npt.NDArray[np.uint64]
    part: npt.NDArray[np.uint16]
    session: npt.NDArray[np.uint64]

    def take(self, order: npt.NDArray[np.int64]) -> "_Read":
        return _Read(*(getattr(self, name)[order] for name in self.__slots__))


def collect(connection: duckdb.DuckDBPyConnection) -> Activity:
    """Read the acts of a connection on which `resolve` has been run."""
    connection.execute(_ENTITIES.format(directory=DIRECTORY, message=message_key()))
    entities = _entities(connection)
    logoffs = _logoffs(connection)
    # To the end: DuckDB 2.0 takes no further work on a connection while a row may still be to come.
    there = {table for table in TABLES if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()}
    read = _ordered(_together([_read(connection, scan) for scan in SCANS if there & {*scan.tables}]))
    exposed = _exposed(read, logoffs, len(entities))
    if len(exposed.time):
        read = _ordered(_together([read, exposed]))
    return _activity(entities, read, logoffs)


def _activity(entities: Entities, read: _Read, logoffs: Logoffs) -> Activity:
    known = familiarity(read.time, read.ids, len(entities))
    rows = Rows(read.time, read.ids, read.act)
    held = left(rows, read.session, logoffs)
    damped = damping(known.share)
    damped[NOBODY] = 0.0
    forward, backward = (spans(rows, held, len(entities), direction) for direction in (1, -1))
    arrays = {**rows._asdict(), "digest": read.digest, "part": read.part, "seen": known.seen}
    arrays |= {"entity": damped, "rare": rarity(known.seen)}
    for side, laid in (("forward", forward), ("backward", backward)):
        arrays |= {f"{side}-{name}": array for name, array in laid._asdict().items()}
    return Activity.of_arrays(entities, arrays)


def _entities(connection: duckdb.DuckDBPyConnection) -> Entities:
    table = connection.sql("SELECT label, key, name, members FROM spread_entities ORDER BY id").to_arrow_table()
    nobody = pa.table(
        {name: pa.array([0 if name == "members" else ""], table.schema.field(name).type) for name in table.column_names}
    )
    return Entities(pa.concat_tables([nobody, table]).combine_chunks())


def _act(scan: Scan) -> str:
    cases = " ".join(f"WHEN {act.when} THEN {CODES[act.name]}" for act in scan.acts)
    return f"(CASE {cases} END)::TINYINT"


def _read(connection: duckdb.DuckDBPyConnection, scan: Scan) -> _Read:
    """Read one scan; entities get their numbers by hash joins."""
    session = (
        "CASE WHEN t.logon_id IS NULL THEN 0::UBIGINT ELSE hash(t.logon_id) END" if scan is LOGONS else "0::UBIGINT"
    )
    roles = {"account": scan.account, "source": scan.source, "target": scan.target}
    named = ", ".join(f"{label} AS {role}_label, {key} AS {role}_key" for role, (label, key) in roles.items())
    joins = " ".join(
        f"LEFT JOIN spread_entities {role} ON {role}.label = r.{role}_label AND {role}.key = r.{role}_key"
        for role, (_, key) in roles.items()
        if key != "NULL"
    )
    numbers = ", ".join(
        f"{'0::INTEGER' if key == 'NULL' else f'coalesce({role}.id, 0)'} AS {role}" for role, (_, key) in roles.items()
    )
    table = connection.sql(
        f"""
        SELECT r.time, r.act, r.session, {numbers}, ('0x' || substr(r.event_id, 13, 16))::UBIGINT AS digest,
            coalesce(TRY_CAST(substr(r.event_id, 30) AS USMALLINT), 0::USMALLINT) AS part
        FROM (SELECT t.time, t.event_id, {_act(scan)} AS act, {session} AS session, {named}
            FROM {scan.origin} WHERE {scan.where}) r {joins}
        WHERE r.act IS NOT NULL
        """
    ).to_arrow_table()
    columns = {name: table[name].to_numpy() for name in table.column_names}
    ids = np.column_stack([columns[role] for role in roles]).astype(np.int32, copy=False)
    return _useful(_Read(columns["time"], ids, columns["act"], columns["digest"], columns["part"], columns["session"]))


def _useful(read: _Read) -> _Read:
    """Leave out what names fewer than two entities, but for memory read by nobody known.

    A local act has no source, nor one of the machine's own account: that it comes from the machine is no news.
    """
    account, source, target = read.ids.T
    same = (source == target) & (source != NOBODY)
    given = read.act == CODES["explicit_credentials"]
    target[same & given] = NOBODY
    source[(same & ~given) | (source == account)] = NOBODY
    first = np.where(account != NOBODY, account, np.where(source != NOBODY, source, target))
    other = ((source != NOBODY) & (source != first)) | ((target != NOBODY) & (target != first))
    other |= read.act == CODES["memory_read"]
    return read if other.all() else read.take(np.flatnonzero(other))


_NOTHING = _Read(
    np.empty(0, np.int64),
    np.empty((0, 3), np.int32),
    np.empty(0, np.int8),
    np.empty(0, np.uint64),
    np.empty(0, np.uint16),
    np.empty(0, np.uint64),
)


def _together(parts: list[_Read]) -> _Read:
    parts = [_NOTHING, *parts]
    return _Read(*(np.concatenate([getattr(part, name) for part in parts]) for name in _Read.__slots__))


def _ordered(read: _Read) -> _Read:
    """Sort by time, then by event and act, so that the same events give the same rows whatever their order."""
    order = np.argsort(read.time, kind="stable")
    _sort_ties(read.time[order], order, read.digest, read.part, read.act)
    return read.take(order)


@njit(cache=True)
def _sort_ties(time, order, digest, part, act):  # type: ignore[no-untyped-def]
    begin = 0
    for end in range(1, len(time) + 1):
        if end == len(time) or time[end] != time[begin]:
            if end - begin > 1:
                _sort(order[begin:end], digest, part, act)
            begin = end


@njit(cache=True)
def _sort(order, digest, part, act):  # type: ignore[no-untyped-def]
    """Sort a run by insertion; a long one by its digests first, so that little is left to do."""
    if len(order) > 32:
        order[:] = order[np.argsort(digest[order])]
    for place in range(1, len(order)):
        row, at = order[place], place
        while at and (digest[row], part[row], act[row]) < (
            digest[order[at - 1]],
            part[order[at - 1]],
            act[order[at - 1]],
        ):
            order[at] = order[at - 1]
            at -= 1
        order[at] = row


def _logoffs(connection: duckdb.DuckDBPyConnection) -> Logoffs:
    kinds = {
        "interactive": "interactive_logon",
        "unlock": "interactive_logon",
        "remote_interactive": "remote_interactive_logon",
        "cleartext": "cleartext_logon",
        "new_credentials": "new_credentials_logon",
    }
    cases = " ".join(f"WHEN '{kind}' THEN {CODES[act]}" for kind, act in kinds.items())
    table = connection.sql(_LOGOFFS.format(act=f"(CASE t.logon_type {cases} ELSE -1 END)")).to_arrow_table()
    columns = {name: table[name].to_numpy() for name in table.column_names}
    return Logoffs(columns["host"], columns["account"], columns["session"], columns["act"], columns["time"])


def _exposed(read: _Read, logoffs: Logoffs, entities: int) -> _Read:
    """Make an act for each account whose credentials lay on a machine when LSASS's memory was read there."""
    rows = Rows(read.time, read.ids, read.act)
    held = spans(rows, left(rows, read.session, logoffs), entities, 1)
    taken: list[tuple[int, int, int]] = []
    for row in np.flatnonzero(read.act == CODES["memory_read"]):
        host, now = int(read.ids[row, Role.TARGET]), read.time[row]
        here = slice(held.first[host], held.first[host + 1])
        open_now = (held.opens[here] <= now) & (held.closes[here] >= now)
        taken += [(int(row), int(account), host) for account in np.unique(held.into[here][open_now])]
    rows_read = np.array([one[0] for one in taken], np.int64)
    ids = np.array([(account, host, NOBODY) for _, account, host in taken], np.int32).reshape(-1, 3)
    act = np.full(len(taken), CODES["exposed_in_memory"], np.int8)
    return _Read(
        read.time[rows_read], ids, act, read.digest[rows_read], read.part[rows_read], np.zeros(len(taken), np.uint64)
    )
