"""How much entities did in each bucket of time, by event table, from the events themselves."""

# ruff: noqa: S608 - the SQL is made of the schema's own names; what telemetry says reaches it by parameters.

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

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
    for entity in entities:
        if entity.label not in (*_KEYED, "Mailbox"):
            raise ParameterError(f"a timeline is of users, hosts, addresses and mailboxes, not of a {entity.label}")
    keys = [one.key for one in entities if one.label in _KEYED]
    addresses = [one.key for one in entities if one.label == "Mailbox"]
    found: list[Count] = []
    with closing(workspace.resolved()) as connection:
        for table in TABLES:
            view = f'"{table}_resolved"'
            names = [row[0] for row in connection.execute(f"DESCRIBE {view}").fetchall()]
            tests = [
                f"{name} IN (SELECT unnest($keys))" for name in names if name.endswith("user_key") or name in _KEYS
            ]
            tests += [f"lower({name}) IN (SELECT unnest($addresses))" for name in names if name in _ADDRESSES]
            rows = connection.execute(
                f"SELECT time - time % $bucket AS begins, count(*) FROM {view} "
                f"WHERE time >= $since AND time < $until AND ({' OR '.join(tests) or 'false'}) GROUP BY begins",
                _used(tests, keys, addresses) | {"bucket": bucket, "since": since, "until": until},
            ).fetchall()
            found += [Count(int(at), table, int(count)) for at, count in rows]
    return sorted(found, key=lambda one: (one.at, one.kind))


def _used(tests: Sequence[str], keys: list[str], addresses: list[str]) -> dict[str, object]:
    """The parameters that the tests name: the engine refuses others."""
    given = {"keys": keys, "addresses": addresses}
    return {name: value for name, value in given.items() if any(f"${name}" in test for test in tests)}
