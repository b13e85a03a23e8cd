"""The properties of users, hosts and addresses that follow from what was seen of them."""

from collections import Counter, defaultdict

import pyarrow as pa

from graph_hunt.events.identity.hosts import machine_name
from graph_hunt.events.identity.ledger import Ledger
from graph_hunt.events.identity.names import address, short

_TEXT, _FLAG, _TIME = pa.string(), pa.bool_(), pa.int64()


def _table(columns: dict[str, pa.DataType], rows: list[tuple[object, ...]]) -> pa.Table:
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table({n: pa.array(v, t) for (n, t), v in zip(columns.items(), values, strict=True)})


def user_nodes(ledger: Ledger) -> pa.Table:
    """Give the users, one row a key."""
    seen: dict[str, dict[str, bool]] = defaultdict(dict)
    for row in ledger.sightings.accounts.to_pylist():
        combination = (row["user"], row["domain"], row["sid"], row["upn"], row["machine"])
        meaning = ledger.combinations[combination]
        if meaning.label != "User" or meaning.key is None:
            continue
        flags = seen[meaning.key]
        for name in ("privileged", "serves", "unattended", "attended"):
            flags[name] = flags.get(name, False) or row[name]
    rows: list[tuple[object, ...]] = []
    for key in sorted(seen):
        flags, members = seen[key], ledger.accounts.members.get(key, [])
        sids = sorted(t.rpartition("|")[2] for kind, t in members if kind == "sid")
        objects = sorted(t for kind, t in members if kind == "object")
        upns = sorted(t for kind, t in members if kind == "upn")
        name = ledger.accounts.names.get(key, key)
        domain = key.partition("\\")[0] if "\\" in key else key.rpartition("@")[2] if "@" in key else None
        service = flags["serves"] or (flags["unattended"] and not flags["attended"]) or name.endswith("$")
        kind = "system" if key.endswith("\\krbtgt") else "service" if service else "human"
        sid = next(iter(sids or objects), None)
        rows.append((key, name, domain, sid, next(iter(upns), None), kind, flags["privileged"]))
    columns = {"key": _TEXT, "name": _TEXT, "domain": _TEXT, "sid": _TEXT, "upn": _TEXT, "kind": _TEXT}
    return _table({**columns, "privileged": _FLAG}, rows)


def host_nodes(ledger: Ledger) -> pa.Table:
    """Give the hosts, one row a key."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    controllers: set[str] = set()
    for name, seen in ledger.machines.sighted.items():
        key = ledger.machines.key(name)
        for text, count in seen.spellings.items():
            spellings[key][text] += count if text.casefold() == key else 0
        if seen.controller:
            controllers.add(key)
    for meaning in ledger.combinations.values():
        if meaning.label == "Host" and meaning.key is not None:
            spellings[meaning.key].setdefault(meaning.key, 0)
    domains: dict[str, str] = {}
    for (user, domain, *_), meaning in ledger.combinations.items():
        if meaning.label == "Host" and meaning.key and domain and user and user.endswith("$"):
            found = ledger.domains.windows(domain)
            if found and machine_name(domain):
                domains[meaning.key] = max(domains.get(meaning.key, ""), found)
    rows: list[tuple[object, ...]] = []
    for key in sorted(spellings):
        name = min(spellings[key].items(), key=lambda pair: (-pair[1], pair[0]))[0]
        controller = key in controllers
        role = "domain_controller" if controller else ""
        domain = key.partition(".")[2] or domains.get(key)
        rows.append((key, name, short(key), domain, role, controller))
    columns = {"key": _TEXT, "name": _TEXT, "short_name": _TEXT, "domain": _TEXT, "role": _TEXT}
    return _table({**columns, "tier0": _FLAG}, rows)


def ip_nodes(ledger: Ledger) -> pa.Table:
    """Give the addresses, one row a key."""
    texts = set(ledger.sightings.texts["text"].to_pylist()) | {n for n, m in ledger.hosts.items() if m.label == "IP"}
    found = {str(a): a for text in texts if (a := address(text.strip())) is not None and not a.is_unspecified}
    rows: list[tuple[object, ...]] = []
    for key in sorted(found):
        a = found[key]
        scope = (
            "loopback"
            if a.is_loopback
            else "link_local"
            if a.is_link_local
            else "multicast"
            if a.is_multicast
            else "public"
            if a.is_global
            else "private"
        )
        rows.append((key, key, scope, None, None))
    return _table({"key": _TEXT, "name": _TEXT, "scope": _TEXT, "country": _TEXT, "asn": _TEXT}, rows)
