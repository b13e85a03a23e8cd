"""Small stories told in events, and the activity that they make."""

from collections.abc import Iterable
from typing import Any

from graph_hunt.events.resolve import resolve
from graph_hunt.hunting.spread import Activity, BlastRadius, Entity, blast_radius, collect
from tests.identity_events import DAY, HOUR, MINUTE, NOON, Row, connect, row

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "NOON",
    "Row",
    "activity",
    "follow",
    "host",
    "logoff",
    "logon",
    "row",
    "rules",
    "user",
]


def account(name: str) -> dict[str, str]:
    """Give the columns that name CORP's account, or a machine's (`WS1$`)."""
    return {"user": name, "user_domain": "CORP"}


def logon(name: str, source: str | None, target: str, at: int, kind: str = "network", **columns: Any) -> Row:
    """Give a logon of CORP's account; `source` is null for the machine itself."""
    given = {"source_host": source, "target_host": target, "logon_type": kind, "outcome": "success", **columns}
    return row("authentication", at, kind="logon", **{**account(name), **given})


def logoff(name: str, target: str, at: int, kind: str = "interactive", **columns: Any) -> Row:
    """Give a logoff."""
    given = {"target_host": target, "logon_type": kind, "outcome": "success", **columns}
    return row("authentication", at, kind="logoff", **{**account(name), **given})


def activity(events: Iterable[Row]) -> Activity:
    """Collect the activity of events."""
    with connect(events) as connection:
        resolve(connection)
        return collect(connection)


def user(name: str) -> Entity:
    """Name CORP's user."""
    return Entity("User", f"corp\\{name}")


def host(name: str) -> Entity:
    """Name a host."""
    return Entity("Host", name)


def follow(events: Iterable[Row], start: Entity, at: int = NOON, **options: Any) -> BlastRadius:
    """Give the blast radius of a start in a story."""
    return blast_radius(activity(events), start, at, **options)


def rules(radius: BlastRadius, key: str) -> list[str] | None:
    """Give the rules of the most likely path to a key; nothing where it is not reached."""
    found = next((one for one in radius.reached if one.key == key), None)
    return None if found is None else [hop.rule for hop in found.path]
