"""The properties of users, hosts and addresses that follow from what was seen of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from graph_hunt.events.geo import locate, scope
from graph_hunt.events.identity.accounts import Identifier
from graph_hunt.events.identity.ledger import Ledger
from graph_hunt.events.identity.names import CLOUD, address, short

_TEXT, _FLAG = pa.string(), pa.bool_()

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
}
HOST = {"key": _TEXT, "name": _TEXT, "short_name": _TEXT, "domain": _TEXT, "role": _TEXT, "tier0": _FLAG}
IP = {"key": _TEXT, "name": _TEXT, "scope": _TEXT, "country": _TEXT, "asn": _TEXT}


def _table(columns: dict[str, pa.DataType], rows: list[tuple[object, ...]]) -> pa.Table:
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table({n: pa.array(v, t) for (n, t), v in zip(columns.items(), values, strict=True)})


def user_nodes(ledger: Ledger) -> pa.Table:
    """Give the users, one row a key."""
    flags = ("privileged", "serves", "unattended", "attended")
    columns = [ledger.sightings.accounts[name].to_pylist() for name in flags]
    seen: dict[str, list[bool]] = {}
    for meaning, marks in zip(ledger.combinations.values(), zip(*columns, strict=True), strict=True):
        if meaning.label == "User" and meaning.key is not None:
            known = seen.setdefault(meaning.key, [False] * len(flags))
            seen[meaning.key] = [one or other for one, other in zip(known, marks, strict=True)]
    rows: list[tuple[object, ...]] = []
    for key, (privileged, serves, unattended, attended) in sorted(seen.items()):
        name, members = ledger.accounts.names.get(key, key), ledger.accounts.members.get(key, [])
        service = serves or (unattended and not attended) or name.endswith("$")
        kind = "system" if key.endswith("\\krbtgt") else "service" if service else "human"
        sid, upn = _least(members, "sid") or _least(members, "object"), _least(members, "upn")
        rows.append((key, name, _domain(key), sid, upn, kind, privileged, None, None))
    return _table(USER, rows)


def _least(members: Iterable[Identifier], kind: str) -> str | None:
    return min((text.rpartition("|")[2] for sort, text in members if sort == kind), default=None)


def _domain(key: str) -> str | None:
    domain, separator, _ = key.partition("\\")
    if separator:
        return None if domain in CLOUD else domain
    return key.rpartition("@")[2] if "@" in key else None


def host_nodes(ledger: Ledger) -> pa.Table:
    """Give the hosts, one row a key."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    controllers: set[str] = set()
    for name, seen in ledger.machines.sighted.items():
        key = ledger.machines.keys[name]
        if key not in ledger.claimed:
            spellings[key].update(seen.spellings if name == key else {})
            if seen.controller:
                controllers.add(key)
    domains: dict[str, str] = {}
    for (user, domain, *_), meaning in ledger.combinations.items():
        if meaning.label == "Host" and meaning.key is not None:
            spellings[meaning.key].update()
            home = ledger.domains.windows(domain) if domain and user and user.endswith("$") else None
            if home:
                domains[meaning.key] = max(domains.get(meaning.key, ""), home)
    rows: list[tuple[object, ...]] = []
    for key, written in sorted(spellings.items()):
        name = min(written, key=lambda text: (-written[text], text), default=key)
        controller = key in controllers
        domain = key.partition(".")[2] or domains.get(key)
        rows.append((key, name, short(key), domain, "domain_controller" if controller else "", controller))
    return _table(HOST, rows)


def ip_nodes(ledger: Ledger, geo: Iterable[Path] = ()) -> pa.Table:
    """Give the addresses, one row a key, with their places; `geo` are MaxMind DB files heard before the bundled one."""
    texts = set(ledger.sightings.texts["text"].to_pylist()) | {n for n, m in ledger.hosts.items() if m.label == "IP"}
    found = {str(a): a for text in texts if (a := address(text.strip())) is not None and not a.is_unspecified}
    places = locate(found, geo)
    rows: list[tuple[object, ...]] = [
        (key, key, scope(found[key]), places[key].country, places[key].asn) for key in sorted(found)
    ]
    return _table(IP, rows)
