"""The identity ledger: every identifier's key, and why."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from graph_hunt.events.identity.accounts import Accounts, Stated, name_accounts
from graph_hunt.events.identity.addresses import Interval
from graph_hunt.events.identity.claims import held_addresses, strangers
from graph_hunt.events.identity.domains import Domains, name_domains
from graph_hunt.events.identity.edits import Edits
from graph_hunt.events.identity.hosts import Machines, fold, machine_name, name_machines
from graph_hunt.events.identity.links import Link
from graph_hunt.events.identity.listed import listed_accounts, listed_machine
from graph_hunt.events.identity.names import HERE, Machine, Person, address, parse, short
from graph_hunt.events.identity.sightings import Sightings

Combination = tuple[str | None, str | None, str | None, str | None, str | None]
"""user, domain, sid, upn, machine, as written."""
Meant = Machine | Person | None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an identifier stands for; neither key nor label where it is nobody's."""

    key: str | None = None
    label: str | None = None


NOBODY = Meaning()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Identifiers resolved to keys; a function of the set of sightings and of the edits alone."""

    accounts: Accounts
    domains: Domains
    machines: Machines
    combinations: dict[Combination, Meaning]
    hosts: dict[str, Meaning]
    """A machine's name as written -> its Host; an address -> IP."""
    intervals: tuple[Interval, ...]
    claimed: frozenset[str]
    """Hosts that only failed logons name, at addresses that prove nothing: names that may well be made up."""
    sightings: Sightings
    edits: Edits

    @classmethod
    def of(cls, sightings: Sightings, edits: Edits | None = None) -> "Ledger":
        """Resolve all identifiers of the sightings."""
        edits = edits or Edits()
        rows, hosts = sightings.accounts.to_pylist(), sightings.hosts.to_pylist()
        renames = [(r["old"], r["new"], r["first"]) for r in sightings.renames.to_pylist()]
        parsed = [parse(r["user"], r["domain"], r["sid"], r["upn"], r["machine"]) for r in rows]
        computers = [row for one in edits.directory.entries if one.computer for row in listed_machine(one)]
        guests = _guests(rows, parsed, hosts, computers, sightings.addresses)
        machines = name_machines([*hosts, *_machine_accounts(rows, parsed, guests), *computers], renames, edits)
        services = _services(rows, parsed, machines) | guests
        realms = _realms(machines)
        parsed = _at_home([_person(p, services) for p in parsed], rows, machines, realms)
        controlled = [(realm, None) for realm in sorted(set(realms.values()))]
        listed = [account for one in edits.directory.entries for account in listed_accounts(one)]
        domains = name_domains(
            [*_domains_of(parsed), *_domains_of(s.person for s in listed), *controlled], machines, edits
        )
        stated = [
            Stated(p, r["first"], r["last"], r["count"], r["sample"], r["machine"])
            for p, r in zip(parsed, rows, strict=True)
            if isinstance(p, Person)
        ]
        accounts = name_accounts([*stated, *listed], domains, edits)
        combinations = {
            (r["user"], r["domain"], r["sid"], r["upn"], r["machine"]): _meaning(p, r["machine"], accounts)
            for p, r in zip(parsed, rows, strict=True)
        }
        held = tuple(held_addresses(sightings.addresses, machines, edits, guests))
        named = {
            r["name"]: NOBODY if _label(r["name"]) in guests else _host_meaning(r["name"], machines) for r in hosts
        }
        claimed = _claimed(machines, held)
        return cls(accounts, domains, machines, combinations, named, held, claimed, sightings, edits)

    def own(self, key: str) -> bool:
        """Tell whether a Host is the organisation's own for sure: it recorded, or was logged on to."""
        return self.proofs(key)[0]

    def proofs(self, key: str) -> tuple[bool, bool]:
        """Say what there is for a Host: it is the organisation's own for sure; more than failed logons name it."""
        seen = self.machines.seen_of(key)
        return any(one.own for one in seen), any(one.vouched or one.alone for one in seen)

    @property
    def links(self) -> Iterator[Link]:
        """All observed equalities, the refused ones too."""
        yield from self.machines.links
        yield from self.domains.links
        yield from self.accounts.links
        for i in self.intervals:
            confidence = 0.95 if i.strong else 0.7
            yield Link("address", i.ip, i.host, i.reason, confidence, i.since, i.until, i.count, i.sample)


def _label(name: str) -> str | None:
    found = machine_name(name)
    return short(fold(found)) if found else None


_MANAGED = re.compile(r"(?:^|[^a-z])gmsa|gmsa(?:[^a-z]|$)")
"""What administrators call group managed service accounts, and no machine."""


def _guests(
    rows: list[dict[str, Any]],
    parsed: list[Meant],
    hosts: list[dict[str, Any]],
    computers: list[dict[str, Any]],
    addresses: pa.Table,
) -> frozenset[str]:
    """Find `$` accounts whose name nothing else bears, and that come from other machines or are called managed."""
    known = {_label(r["name"]) for r in (*hosts, *computers) if r.get("met", True)}
    elsewhere = strangers(addresses)
    return frozenset(
        name
        for row, p in zip(rows, parsed, strict=True)
        if isinstance(p, Machine) and p.account and (name := p.name.casefold()) not in known
        if row["guest"] or name in elsewhere or _MANAGED.search(name)
    )


def _machine_accounts(rows: list[dict[str, Any]], parsed: list[Meant], guests: frozenset[str]) -> list[dict[str, Any]]:
    """Give machine accounts as sightings of machines."""
    proof = {"role": "account", "vouched": True, "alone": True, "controller": False}
    return [
        {**row, **proof, "name": p.name}
        for row, p in zip(rows, parsed, strict=True)
        if isinstance(p, Machine) and p.account and not row["resident"] and not row["created"]
        if p.name.casefold() not in guests
    ]


def _services(rows: list[dict[str, Any]], parsed: list[Meant], machines: Machines) -> frozenset[str]:
    """Find `$` accounts that are no machine: made as users, or at work on one while no machine is called so."""
    return frozenset(
        p.name.casefold()
        for row, p in zip(rows, parsed, strict=True)
        if isinstance(p, Machine)
        and p.account
        and (
            (row["created"] and p.name.casefold() not in machines.own)
            or (row["resident"] and p.name.casefold() not in machines.shorts)
        )
    )


def _person(p: Meant, services: frozenset[str]) -> Meant:
    if isinstance(p, Machine) and p.account and p.name.casefold() in services:
        return Person(f"{p.name}$", p.domain, p.sid)
    return p


def _domains_of(parsed: Iterable[Meant]) -> Iterator[tuple[str, str | None]]:
    """Give each domain that an account was said to be of, with the account's SID; machine accounts bear domain SIDs."""
    for p in parsed:
        if p is not None and p.domain and (isinstance(p, Person) or p.account):
            yield p.domain, p.sid


def _realms(machines: Machines) -> dict[str, str]:
    """Give the DNS name of each domain controller's domain, by its Host."""
    keys = {machines.keys[name] for name, seen in machines.sighted.items() if seen.controller}
    return {key: key.partition(".")[2] for key in keys if "." in key}


def _at_home(
    parsed: list[Meant], rows: list[dict[str, Any]], machines: Machines, realms: Mapping[str, str]
) -> list[Meant]:
    """Give accounts that a domain controller names without domain to its domain: it has no local accounts."""
    moved: list[Meant] = []
    for p, row in zip(parsed, rows, strict=True):
        unscoped = row["domain"] is None or row["domain"].casefold() in HERE
        suffix = realms.get(machines.key(p.domain)) if isinstance(p, Person) and p.domain and unscoped else None
        moved.append(Person(p.name, suffix, p.sid, p.object_id, p.upn) if suffix and isinstance(p, Person) else p)
    return moved


def _meaning(p: Meant, machine: str | None, accounts: Accounts) -> Meaning:
    if isinstance(p, Machine):
        name = machine_name(p.name)
        return Meaning(_machine_key(name, p.domain, accounts.domains), "Host") if name else NOBODY
    if p is None:
        return NOBODY
    key = accounts.key(p, machine)
    return Meaning(key, "User") if key else NOBODY


def _machine_key(name: str, domain: str | None, domains: Domains) -> str:
    """Give a machine account's Host; of several machines with that short name, the one in the account's domain."""
    keys = domains.machines.shorts.get(fold(name), frozenset())
    if domain and len(keys) > 1:
        home = domains.of(domain)
        near = [key for key in sorted(keys) if "." in key and domains.windows(key.partition(".")[2]) == home]
        if len(near) == 1:
            return near[0]
    return domains.machines.key(name)


def _host_meaning(text: str, machines: Machines) -> Meaning:
    found = address(text.strip())
    if found is not None:
        return NOBODY if found.is_loopback or found.is_unspecified else Meaning(str(found), "IP")
    name = machine_name(text)
    return Meaning(machines.key(name), "Host") if name else NOBODY


def _claimed(machines: Machines, held: Iterable[Interval]) -> frozenset[str]:
    proven = {i.host for i in held}
    return frozenset(
        key
        for key in machines.names
        if key not in proven and not any(seen.own or seen.vouched or seen.alone for seen in machines.seen_of(key))
    )
