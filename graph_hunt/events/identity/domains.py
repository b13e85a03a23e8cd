"""Which Windows domain a name means: NetBIOS and DNS names of one domain are one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from graph_hunt.events.identity.edits import Edits
from graph_hunt.events.identity.hosts import Machines, fold
from graph_hunt.events.identity.links import Link, Sets
from graph_hunt.events.identity.names import AUTHORITIES, CLOUD, HERE, domain_sid, short


@dataclass(frozen=True, slots=True)
class Domains:
    """The ledger's domains: canonical names by any name, in lower case."""

    canonical: Mapping[str, str]
    machines: Machines
    issuers: Mapping[str, frozenset[str]]
    """Domain SID -> the canonical names of the domains or machines whose accounts bore it."""
    links: tuple[Link, ...]

    def of(self, name: str) -> str:
        """Give the canonical form of a domain's name, or of the machine whose local accounts it holds."""
        folded = fold(name)
        found = self.canonical.get(folded)
        if found is not None:
            return found
        return self.machines.home(folded) if _known(folded, self.machines) else folded

    def is_machine(self, canonical: str) -> bool:
        """Tell whether a canonical name is a machine's, so that its accounts are local ones."""
        return canonical in self.machines.own and canonical not in self.canonical.values()

    def windows(self, name: str) -> str | None:
        """Give the canonical form of a DNS name that is a Windows domain's, else None."""
        return self.canonical.get(fold(name))


def _known(folded: str, machines: Machines) -> bool:
    return folded in machines.keys or folded in machines.shorts


def name_domains(seen: Iterable[tuple[str, str | None]], machines: Machines, edits: Edits) -> Domains:
    """Resolve domain names; `seen` are (domain as written, SID of an account in it)."""
    names: set[str] = set()
    issued: dict[str, set[str]] = defaultdict(set)
    for text, sid in seen:
        folded = fold(text)
        if folded in AUTHORITIES or folded in CLOUD or folded in HERE or not folded:
            continue
        names.add(folded)
        if sid:
            issued[domain_sid(sid)].add(folded)
    local = {name for name in names if _is_machine(name, machines)}
    domains = names - local
    links: list[Link] = []
    sets: Sets[str] = Sets(edits.rule("domain"))
    for name in sorted(domains):
        sets.add(name)
    for left, right in edits.pairs("join", "domain"):
        if left in domains and right in domains:
            links.append(Link("domain", left, right, "joined by hand", 1.0, refused=sets.join(left, right)))
    for sid, found in sorted(issued.items()):
        same = sorted(found - local)
        for left, right in pairwise(same):
            why = sets.join(left, right)
            links.append(Link("domain", left, right, f"accounts of both bear the SID {sid}", 0.99, refused=why))
    _join_labels(domains, issued, sets, links)
    canonical = _canonical(domains, sets)
    issuers = {
        sid: frozenset(canonical.get(name) or machines.home(name) for name in found) for sid, found in issued.items()
    }
    return Domains(canonical, machines, issuers, tuple(links))


def _is_machine(name: str, machines: Machines) -> bool:
    """Tell whether a domain's name is a machine's, whose local accounts it holds."""
    if "." not in name:
        return name in machines.own
    return name in machines.sighted and machines.sighted[name].own


def _join_labels(domains: set[str], issued: Mapping[str, set[str]], sets: Sets[str], links: list[Link]) -> None:
    """Join a NetBIOS name with the DNS name that begins with it, where only one does and no SID says otherwise."""
    sids: dict[str, set[str]] = defaultdict(set)
    for sid, found in issued.items():
        for name in found:
            sids[name].add(sid)
    dotted: dict[str, list[str]] = defaultdict(list)
    for name in sorted(domains):
        if "." in name:
            dotted[short(name)].append(name)
    for label, names in sorted(dotted.items()):
        if label not in domains:
            continue
        why = ""
        if len({sets.of(name) for name in names}) > 1:
            why = f"{len(names)} domains begin with it"
        one = set().union(*(sids[name] for name in sets.of(label)))
        for name in names:
            other = set().union(*(sids[same] for same in sets.of(name)))
            refused = why or ("their accounts bear different SIDs" if one and other and not one & other else "")
            refused = refused or sets.join(label, name)
            links.append(Link("domain", label, name, "first label of the DNS name", 0.8, refused=refused))


def _canonical(domains: set[str], sets: Sets[str]) -> dict[str, str]:
    """Choose each domain's canonical name: its NetBIOS name, else its first label where that is no other's."""
    groups = list(sets)
    labels: dict[str, set[frozenset[str]]] = defaultdict(set)
    for group in groups:
        for name in group:
            labels[short(name)].add(group)
    canonical: dict[str, str] = {}
    for group in groups:
        flat = sorted(name for name in group if "." not in name)
        free = sorted(short(name) for name in group if labels[short(name)] == {group})
        best = (flat or free or sorted(group))[0]
        for name in group:
            canonical[name] = best
    return canonical
