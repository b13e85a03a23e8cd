"""What a case's template was filled with, found in what is loaded: keys, mail addresses, window."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph_hunt.casework.cases.case import Head
from graph_hunt.casework.cases.running import window_of
from graph_hunt.errors import UnknownEntity
from graph_hunt.events.identity.names import address
from graph_hunt.graph.entity import Entity
from graph_hunt.hunting.window import Window
from graph_hunt.workspace import Workspace

_TIMEOUT = 30.0
_PLAIN = {"accounts": "User", "hosts": "Host", "ips": "IP"}


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields as the events and the graph name them; what nothing goes by stays in, and finds nothing."""

    accounts: tuple[str, ...]
    addresses: tuple[str, ...]
    """Mail addresses of the accounts."""
    senders: tuple[str, ...]
    ips: tuple[str, ...]
    hosts: tuple[str, ...]
    window: Window
    entities: Mapping[str, tuple[Entity, ...]]
    """Those of each field that are in the graph."""
    unknown: tuple[str, ...]

    def keys(self, fields: Iterable[str]) -> tuple[str, ...]:
        """The keys of some fields."""
        return tuple(dict.fromkeys(key for field in fields for key in getattr(self, field)))

    def parameters(self, used: Iterable[str]) -> dict[str, Any]:
        """Values for a look's SQL."""
        times = {"since": self.window.since, "until": self.window.until}
        return {name: times[name] if name in times else list(getattr(self, name)) for name in used}


def fill(workspace: Workspace, head: Head) -> Filled:
    """Find what a case's template was filled with."""
    found: dict[str, tuple[Entity, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    unknown: list[str] = []
    for field, label in _PLAIN.items():
        entities, names = _find(workspace, head.given.get(field, ()), label)
        found[field] = tuple(entities)
        keys[field] = tuple(dict.fromkeys([one.key for one in entities] + [_written(name, field) for name in names]))
        unknown += names
    mail = [name.strip().casefold() for name in head.given.get("accounts", ()) if "@" in name]
    addresses = dict.fromkeys([*mail, *_addresses(workspace, keys["accounts"])])
    senders = dict.fromkeys(one.strip().lstrip("@").casefold() for one in head.given.get("senders", ()))
    return Filled(
        accounts=keys["accounts"],
        addresses=tuple(addresses),
        senders=tuple(senders),
        ips=keys["ips"],
        hosts=keys["hosts"],
        window=window_of(workspace, head.scope),
        entities=found,
        unknown=tuple(unknown),
    )


def _find(workspace: Workspace, names: Iterable[str], label: str) -> tuple[list[Entity], list[str]]:
    found: list[Entity] = []
    missing: list[str] = []
    for name in names:
        for way in (f"{label}:{name}", name):
            try:
                found += workspace.entities([way])
                break
            except UnknownEntity:
                continue
        else:
            missing.append(name)
    return found, missing


def _written(name: str, field: str) -> str:
    """A name as its key would be."""
    canonical = address(name.strip()) if field == "ips" else None
    return str(canonical) if canonical else name.strip().casefold()


def _addresses(workspace: Workspace, accounts: tuple[str, ...]) -> list[str]:
    """The mail addresses of accounts: their keys where those are addresses, their UPNs, the mailboxes that they own."""
    found = [key for key in accounts if "@" in key]
    given = {"keys": list(accounts)}
    named = "MATCH (user:User) WHERE user.key IN $keys RETURN user.upn AS address"
    owned = "MATCH (user:User)-[:OWNS]->(box:Mailbox) WHERE user.key IN $keys RETURN DISTINCT box.key AS address"
    for text in (named, owned):
        rows = workspace.graph.query(text, given, timeout=_TIMEOUT, limit=None)
        found += [row["address"].casefold() for row in rows if row["address"]]
    return found
