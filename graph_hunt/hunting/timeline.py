"""What entities did, and how much of it in each bucket of time, by event table, from the events themselves."""

# ruff: noqa: S608 - the SQL is made of the schema's own names; what telemetry says reaches it by parameters.

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import duckdb

from graph_hunt.errors import ParameterError
from graph_hunt.graph.entity import Entity
from graph_hunt.hunting.summary import iso
from graph_hunt.schema import TABLES
from graph_hunt.workspace import Workspace

BUCKETS = 2_000
"""The most buckets that are told of."""
_KEYED = ("User", "Host", "IP")
_KEYS = ("host_key", "target_key", "source_key")
_ADDRESSES = ("sender", "recipient", "mailbox")


@dataclass(frozen=True, slots=True)
class Count:
    """How many events of a table are in the bucket that begins at a moment."""

    at: int
    kind: str
    count: int


def timeline(workspace: Workspace, entities: Sequence[Entity], since: int, until: int, bucket: int) -> list[Count]:
    """Count the events that any of the entities is in, from `since` up to, not including, `until`; none is told twice.

    Only the buckets that hold something are told, in order.
    """
    if bucket < 1000 or not since < until or (until - since) / bucket > BUCKETS:
        told = f"{iso(since)} to {iso(until)} in buckets of {bucket / 1000:g} s"
        raise ParameterError(f"a timeline has from 1 to {BUCKETS} buckets of a second or longer, not {told}")
    found: list[Count] = []
    with closing(workspace.resolved()) as connection:
        for table in TABLES:
            test, given = _meant(connection, table, entities)
            rows = connection.execute(
                f'SELECT time - time % $bucket AS begins, count(*) FROM "{table}_resolved" '
                f"WHERE time >= $since AND time < $until AND ({test}) GROUP BY begins",
                given | {"bucket": bucket, "since": since, "until": until},
            ).fetchall()
            found += [Count(int(at), table, int(count)) for at, count in rows]
    return sorted(found, key=lambda one: (one.at, one.kind))


def events_of(
    workspace: Workspace,
    entities: Sequence[Entity],
    since: int,
    until: int,
    *,
    tables: Sequence[str] = (),
    limit: int = 100,
    skip: int = 0,
) -> tuple[list[str], int]:
    """Give the ids of the events that a timeline counts, the first first, and how many there are on all pages."""
    if unknown := [table for table in tables if table not in TABLES]:
        raise ParameterError(f"{unknown[0]!r} is no event table; there are {', '.join(TABLES)}")
    parts: list[str] = []
    given: dict[str, Any] = {}
    with closing(workspace.resolved()) as connection:
        for table in tables or TABLES:
            test, wanted = _meant(connection, table, entities)
            given |= wanted
            parts.append(
                f'SELECT time, event_id FROM "{table}_resolved" WHERE time >= $since AND time < $until AND ({test})'
            )
        # A record may fill two tables; it is one event.
        every = " UNION ".join(parts)
        given |= {"since": since, "until": until}
        ((total,),) = connection.execute(f"SELECT count(*) FROM ({every})", given).fetchall()
        rows = connection.execute(
            f"SELECT event_id FROM ({every}) ORDER BY time, event_id LIMIT $limit OFFSET $skip",
            given | {"limit": limit, "skip": skip},
        ).fetchall()
    return [event for (event,) in rows], int(total)


def _meant(
    connection: duckdb.DuckDBPyConnection, table: str, entities: Sequence[Entity]
) -> tuple[str, dict[str, object]]:
    """The test that any of the entities is in a table's row, and its parameters: the engine refuses others."""
    for entity in entities:
        if entity.label not in (*_KEYED, "Mailbox"):
            raise ParameterError(f"a timeline is of users, hosts, addresses and mailboxes, not of a {entity.label}")
    given: dict[str, object] = {
        "keys": [one.key for one in entities if one.label in _KEYED],
        "addresses": [one.key for one in entities if one.label == "Mailbox"],
    }
    names = [row[0] for row in connection.execute(f'DESCRIBE "{table}_resolved"').fetchall()]
    tests = [f"{name} IN (SELECT unnest($keys))" for name in names if name.endswith("user_key") or name in _KEYS]
    tests += [f"lower({name}) IN (SELECT unnest($addresses))" for name in names if name in _ADDRESSES]
    test = " OR ".join(tests) or "false"
    return test, {name: value for name, value in given.items() if f"${name}" in test}
