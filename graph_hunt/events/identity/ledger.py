"""The identity ledger: every identifier's key, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from graph_hunt.events.identity.accounts import Accounts, Stated, name_accounts
from graph_hunt.events.identity.addresses import Claim, Interval, grouped, intervals
from graph_hunt.events.identity.domains import Domains, name_domains
from graph_hunt.events.identity.edits import Edits
from graph_hunt.events.identity.hosts import Machines, machine_name, name_machines
from graph_hunt.events.identity.links import Link
from graph_hunt.events.identity.names import HERE, Machine, Person, address, parse
from graph_hunt.events.identity.sightings import Sightings

Combination = tuple[str | None, str | None, str | None, str | None, str | None]
"""user, domain, sid, upn, machine, as written."""


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
    services: frozenset[str]
    """Short names of `$` accounts that are group managed service accounts."""
    sightings: Sightings

    @classmethod
    def of(cls, sightings: Sightings, edits: Edits | None = None) -> "Ledger":
        """Resolve all identifiers of the sightings."""
        edits = edits or Edits()
        rows = sightings.accounts.to_pylist()
        parsed = [parse(r["user"], r["domain"], r["sid"], r["upn"], r["machine"]) for r in rows]
        hosts = sightings.hosts.to_pylist()
        renames = [(r["old"], r["new"], r["first"]) for r in sightings.renames.to_pylist() if r["kind"] == "computer"]
        machines = name_machines([*hosts, *_machine_accounts(rows, parsed)], renames, edits)
        services = _services(rows, parsed, machines)
        parsed = [_person(p, services) for p in parsed]
        seen = [
            (p.domain, p.sid if isinstance(p, Person) else None)
            for p in parsed
            if p is not None and p.domain and (isinstance(p, Person) or p.account)
        ]
        domains = name_domains(seen, machines)
        parsed = [_at_home(p, r, domains, machines) for p, r in zip(parsed, rows, strict=True)]
        stated = [
            Stated(p, r["first"], r["last"], r["count"], r["sample"], r["machine"], r["serves"])
            for p, r in zip(parsed, rows, strict=True)
            if isinstance(p, Person)
        ]
        accounts = name_accounts(stated, domains, edits)
        combinations = {
            (r["user"], r["domain"], r["sid"], r["upn"], r["machine"]): _meaning(p, r["machine"], accounts, machines)
            for p, r in zip(parsed, rows, strict=True)
        }
        return cls(
            accounts,
            domains,
            machines,
            combinations,
            {r["name"]: _host_meaning(r["name"], machines) for r in hosts},
            tuple(_intervals(sightings.addresses, machines)),
            services,
            sightings,
        )

    def own(self, key: str) -> bool:
        """Tell whether a Host was seen to be a machine, not only claimed by a client or met on the wire."""
        return any(seen.own or seen.vouched for seen in self.machines.seen_of(key))

    @property
    def links(self) -> Iterable[Link]:
        """All observed equalities, the refused ones too."""
        yield from self.machines.links
        yield from self.domains.links
        yield from self.accounts.links


def _machine_accounts(rows: list[dict[str, object]], parsed: list[Machine | Person | None]) -> list[dict[str, object]]:
    """Give machine accounts as sightings of machines."""
    return [
        {**row, "name": p.name, "role": "account", "vouched": True, "controller": False}
        for row, p in zip(rows, parsed, strict=True)
        if isinstance(p, Machine) and p.account and not row["unattended"] and not row["created"]
    ]


def _services(
    rows: list[dict[str, object]], parsed: list[Machine | Person | None], machines: Machines
) -> frozenset[str]:
    """Find `$` accounts that are no machine: made as users, or logged on as services while no machine is called so."""
    return frozenset(
        p.name.casefold()
        for row, p in zip(rows, parsed, strict=True)
        if isinstance(p, Machine)
        and p.account
        and (row["unattended"] or row["created"])
        and p.name.casefold() not in machines.own
    )


def _person(p: Machine | Person | None, services: frozenset[str]) -> Machine | Person | None:
    if isinstance(p, Machine) and p.account and p.name.casefold() in services:
        return Person(f"{p.name}$", p.domain)
    return p


def _at_home(
    p: Machine | Person | None, row: dict[str, object], domains: Domains, machines: Machines
) -> Machine | Person | None:
    """Move accounts that a domain controller names without domain to its domain: it has no local accounts."""
    written = row["domain"]
    local = written is None or str(written).casefold() in HERE
    if not isinstance(p, Person) or not local or p.domain is None or p.sid or p.object_id:
        return p
    key = machines.key(p.domain)
    controller = any(s.controller for n, s in machines.sighted.items() if machines.keys.get(n) == key)
    suffix = key.partition(".")[2]
    if controller and suffix:
        return Person(p.name, suffix, p.sid, p.object_id, p.upn)
    return p


def _meaning(p: Machine | Person | None, machine: str | None, accounts: Accounts, machines: Machines) -> Meaning:
    if isinstance(p, Machine):
        name = machine_name(p.name)
        return Meaning(machines.key(name), "Host") if name else NOBODY
    if p is None:
        return NOBODY
    key = accounts.key(p, machine)
    return Meaning(key, "User") if key else NOBODY


def _host_meaning(text: str, machines: Machines) -> Meaning:
    found = address(text.strip())
    if found is not None:
        return NOBODY if found.is_loopback or found.is_unspecified else Meaning(str(found), "IP")
    name = machine_name(text)
    return Meaning(machines.key(name), "Host") if name else NOBODY


def _intervals(table: pa.Table, machines: Machines) -> Iterable[Interval]:
    claims = []
    for row in table.to_pylist():
        found, name = address(row["ip"].strip()), machine_name(row["host"])
        if found is None or name is None or found.is_loopback or found.is_unspecified or found.is_multicast:
            continue
        if row["reason"] == "name" and name.casefold().partition(".")[0] not in machines.own:
            continue
        claim = Claim(row["first"], row["last"], machines.key(name), row["reason"], row["count"], row["sample"])
        claims.append((str(found), claim))
    for ip, found_claims in sorted(grouped(claims).items()):
        known = address(ip)
        assert known is not None
        yield from intervals(ip, found_claims, public=known.is_global)
