"""The properties of users, hosts and addresses that follow from what was seen of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pyarrow as pa

from graph_hunt.events.directory import Entry
from graph_hunt.events.geo import Place, locate, scope
from graph_hunt.events.identity.accounts import Identifier
from graph_hunt.events.identity.ledger import Ledger
from graph_hunt.events.identity.listed import computers, people
from graph_hunt.events.identity.names import CLOUD, address, short

_TEXT, _FLAG, _INTEGER = pa.string(), pa.bool_(), pa.int64()

USER = {
    "key": _TEXT,
    "name": _TEXT,
    "domain": _TEXT,
    "sid": _TEXT,
    "upn": _TEXT,
    "kind": _TEXT,
    "privileged": _FLAG,
    "job_title": _TEXT,
    "department": _TEXT,
    "tags": _TEXT,
}
HOST = {"key": _TEXT, "name": _TEXT, "short_name": _TEXT, "domain": _TEXT, "role": _TEXT, "tier0": _FLAG, "tags": _TEXT}
IP = {
    "key": _TEXT,
    "name": _TEXT,
    "scope": _TEXT,
    "country": _TEXT,
    "asn": _TEXT,
    "latitude": _TEXT,
    "longitude": _TEXT,
    "radius": _INTEGER,
    "tags": _TEXT,
}


def _table(columns: dict[str, pa.DataType], rows: list[tuple[object, ...]]) -> pa.Table:
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table({n: pa.array(v, t) for (n, t), v in zip(columns.items(), values, strict=True)})


def user_nodes(ledger: Ledger) -> pa.Table:
    """Give the users, one row a key."""
    listed, tags = people(ledger.edits.directory, ledger.accounts), ledger.edits.tags
    rows: list[tuple[object, ...]] = []
    for key, (privileged, serves, serviced, unattended, attended) in sorted(_marks(ledger).items()):
        name, members = ledger.accounts.names.get(key, key), ledger.accounts.members.get(key, [])
        entry = listed.get(key, _UNLISTED)
        sid, upn = _least(members, "sid") or _least(members, "object"), _least(members, "upn")
        domain = _domain(key)
        found = tags.of_user([text for _, text in members], entry.department) | set(entry.tags)
        rights = privileged or entry.privileged or "privileged" in found
        # An administrator's scheduled task is no proof that nobody works with the account.
        alone = unattended and not attended and (serviced or not rights)
        works = serves or alone or name.endswith("$") or domain == _PRINCIPALS
        kind = "system" if key.endswith("\\krbtgt") else "service" if works or entry.service else "human"
        rows.append((key, name, domain, sid, upn, kind, rights, entry.job_title, entry.department, _joined(found)))
    return _table(USER, rows)


_UNLISTED = Entry()
_PRINCIPALS = "serviceprincipal"
"""The domain under which loaders name a cloud directory's applications."""


def _joined(tags: Iterable[str]) -> str | None:
    return ",".join(sorted(tags)) or None


def _marks(ledger: Ledger) -> dict[str, list[bool]]:
    """Give each seen user's flags, in the order of `_FLAGS`."""
    columns = [ledger.sightings.accounts[name].to_pylist() for name in _FLAGS]
    seen: dict[str, list[bool]] = {}
    for meaning, marks in zip(ledger.combinations.values(), zip(*columns, strict=True), strict=True):
        if meaning.label == "User" and meaning.key is not None:
            known = seen.setdefault(meaning.key, [False] * len(_FLAGS))
            seen[meaning.key] = [one or other for one, other in zip(known, marks, strict=True)]
    return seen


_FLAGS = ("privileged", "serves", "serviced", "unattended", "attended")


def _least(members: Iterable[Identifier], kind: str) -> str | None:
    return min((text.rpartition("|")[2] for sort, text in members if sort == kind), default=None)


def _domain(key: str) -> str | None:
    domain, separator, _ = key.partition("\\")
    if separator:
        return None if domain in CLOUD else domain
    return key.rpartition("@")[2] if "@" in key else None


def host_nodes(ledger: Ledger) -> pa.Table:
    """Give the hosts that were seen, one row a key."""
    machines, tags = ledger.machines, ledger.edits.tags
    listed, homes, held = computers(ledger.edits.directory, machines), _homes(ledger), _held(ledger)
    rows: list[tuple[object, ...]] = []
    for key in sorted(_seen_hosts(ledger)):
        seen, entry = machines.seen_of(key), listed.get(key, _UNLISTED)
        written = machines.sighted[key].spellings if key in machines.sighted else Counter[str]()
        name = min(written, key=lambda text: (-written[text], text), default=key)
        role = "domain_controller" if any(one.controller for one in seen) else entry.role
        found = tags.of_host([key, *machines.names.get(key, ())], held.get(key, [])) | set(entry.tags)
        domain, top = key.partition(".")[2] or homes.get(key), role == "domain_controller" or "tier0" in found
        rows.append((key, name, short(key), domain, role, top, _joined(found)))
    return _table(HOST, rows)


def _seen_hosts(ledger: Ledger) -> set[str]:
    """Give the hosts that telemetry names, not only the directory, and not only a client's unproven word."""
    found = {ledger.machines.keys[name] for name, seen in ledger.machines.sighted.items() if seen.spellings.total() > 0}
    return (found - ledger.claimed) | {m.key for m in ledger.combinations.values() if m.label == "Host" and m.key}


def _homes(ledger: Ledger) -> dict[str, str]:
    """Give the Windows domain of each host, as its machine account says it."""
    found: dict[str, str] = {}
    for (user, domain, *_), meaning in ledger.combinations.items():
        if meaning.label == "Host" and meaning.key and domain and user and user.endswith("$"):
            home = ledger.domains.windows(domain)
            if home:
                found[meaning.key] = max(found.get(meaning.key, ""), home)
    return found


def _held(ledger: Ledger) -> dict[str, list[IPv4Address | IPv6Address]]:
    found: dict[str, list[IPv4Address | IPv6Address]] = defaultdict(list)
    for i in ledger.intervals:
        if (known := address(i.ip)) is not None:
            found[i.host].append(known)
    return found


def ip_nodes(ledger: Ledger, geo: Iterable[Path] = ()) -> pa.Table:
    """Give the addresses, one row a key, with their places; `geo` are MaxMind DB files heard before the bundled one."""
    texts = set(ledger.sightings.texts["text"].to_pylist()) | {n for n, m in ledger.hosts.items() if m.label == "IP"}
    found = {str(a): a for text in texts if (a := address(text.strip())) is not None and not a.is_unspecified}
    places = locate(found, geo)
    rows: list[tuple[object, ...]] = [
        (key, key, scope(a), *_where(places[key]), _joined(ledger.edits.tags.of_address(a)))
        for key, a in sorted(found.items())
    ]
    return _table(IP, rows)


def _where(place: Place) -> tuple[str | None, str | None, str | None, str | None, int | None]:
    latitude, longitude = (None if degrees is None else str(degrees) for degrees in (place.latitude, place.longitude))
    return place.country, place.asn, latitude, longitude, place.radius
