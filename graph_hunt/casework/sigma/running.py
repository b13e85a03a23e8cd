"""Runs Sigma rules over the events, past ones too: one finding a rule, account, host and day."""

# ruff: noqa: S608 - the SQL is of names written here and of literals that `sources.literal` wrote.

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import duckdb

from graph_hunt.casework.sigma.rules import Rule
from graph_hunt.events.resolve import resolve
from graph_hunt.hunting.finding import EVIDENCE, Finding, Involved, named_by
from graph_hunt.schema import TABLES
from graph_hunt.workspace import Workspace

TIMEOUT = 60.0
"""Seconds that one rule may take."""
MOST = 100_000
"""Events of one rule that are looked at, and findings that are given at most."""
FINDINGS = 1_000
_SCORE = {"informational": 10.0, "low": 30.0, "medium": 50.0, "high": 70.0, "critical": 90.0}


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one rule: done, cut, timed_out or failed."""

    rule: Rule
    state: str
    events: int = 0
    findings: tuple[Finding, ...] = ()
    problem: str = ""


def run(workspace: Workspace, rules: Sequence[Rule], *, since: int = 0, timeout: float = TIMEOUT) -> Iterator[Ran]:
    """Run rules one after the other; accounts and hosts are looked up only for what they find."""
    with closing(workspace.events.connection()) as connection:
        there = {table for table in TABLES if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()}
        resolved = False
        for rule in rules:
            hits, state, problem = _hits(connection, rule, there, since, timeout)
            if hits and not resolved:
                resolve(connection, workspace.ledger(), workspace.geo)
                resolved = True
            found = tuple(_findings(connection, rule)) if hits else ()
            cut = hits >= MOST or len(found) > FINDINGS
            yield Ran(rule, "cut" if state == "done" and cut else state, hits, found[:FINDINGS], problem)


def _hits(
    connection: duckdb.DuckDBPyConnection, rule: Rule, there: set[str], since: int, timeout: float
) -> tuple[int, str, str]:
    """Keep the events that a rule finds in a table; give how many, and what became of it."""
    tables = [table for table in rule.source.tables if table in there]
    connection.execute("CREATE OR REPLACE TEMP TABLE hits (event VARCHAR, event_table VARCHAR)")
    try:
        with _bounded(connection, timeout):
            for table in tables:
                columns = set(TABLES[table].names)
                # A log that fills several tables is one source: what one of them has no column for is null there.
                lacking = ", ".join(f'NULL AS "{name}"' for name in _NAMED - columns)
                rows = f"SELECT *{', ' + lacking if lacking else ''} FROM {table}"
                connection.execute(
                    f"INSERT INTO hits SELECT event_id, '{table}' FROM ({rows}) "
                    f"WHERE time >= {since} AND ({rule.source.where}) AND ({rule.condition}) LIMIT {MOST}"
                )
    except duckdb.InterruptException:
        connection.execute("DELETE FROM hits")
        return 0, "timed_out", f"stopped after {timeout:g} s"
    except duckdb.Error as error:
        connection.execute("DELETE FROM hits")
        return 0, "failed", str(error).splitlines()[0]
    return int(connection.execute("SELECT count(*) FROM hits").fetchall()[0][0]), "done", ""


_NAMED = frozenset({"image", "user", "user_domain", "command_line"})
"""Columns that a source's SQL may name in whatever table."""


@contextmanager
def _bounded(connection: duckdb.DuckDBPyConnection, timeout: float) -> Iterator[None]:
    timer = threading.Timer(timeout, connection.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _findings(connection: duckdb.DuckDBPyConnection, rule: Rule) -> Iterator[Finding]:
    parts = []
    tables = {name for (name,) in connection.execute("SELECT DISTINCT event_table FROM hits").fetchall()}
    for table in sorted(tables):
        host = _HOST.get(table, "NULL")
        who = "CASE WHEN user_label = 'User' THEN user_key END" if "user" in TABLES[table].names else "NULL"
        parts.append(
            f"SELECT {who} AS account, coalesce({host}, recorder_key) AS host, time, event_id FROM {table}_resolved "
            f"JOIN hits ON event = event_id AND event_table = '{table}'"
        )
    rows = connection.execute(
        f"""
        SELECT account, host, time // 86400000 AS day, any_value(u.name), any_value(h.name), count(*), min(time),
            max(time), list(DISTINCT event_id ORDER BY event_id)[:{EVIDENCE}]
        FROM ({" UNION ALL ".join(parts)}) LEFT JOIN user_nodes u ON u.key = account
        LEFT JOIN host_nodes h ON h.key = host
        GROUP BY account, host, day ORDER BY day, account, host LIMIT {FINDINGS + 1}
        """
    ).fetchall()
    for account, host, day, user_name, host_name, times, first, last, events in rows:
        entities = []
        if account:
            entities.append(Involved("User", account, user_name or account, "account"))
        if host:
            entities.append(Involved("Host", host, host_name or host, "host"))
        who = " on ".join(one.name for one in entities) or "nobody named"
        subject = ("sigma", rule.id, str(account), str(host))
        yield Finding(
            id=named_by(*subject, str(day)),
            hunt=f"sigma:{rule.id}",
            title=rule.title,
            level=rule.level,
            attack=rule.attack,
            summary=f"{rule.title}: {who}, {times} event{'s' if times != 1 else ''}",
            entities=tuple(entities),
            first_seen=first,
            last_seen=last,
            score=_SCORE[rule.level.value],
            evidence=tuple(events),
            details={"events": times, "rule": rule.id},
            subject=named_by(*subject),
        )


_HOST = {
    "authentication": "CASE WHEN target_label = 'Host' THEN target_key END",
    "network": "CASE WHEN source_label = 'Host' THEN source_key END",
    "process": "host_key",
    "access": "host_key",
    "change": "host_key",
    "alert": "host_key",
}
