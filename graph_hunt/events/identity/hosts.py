"""Which machine a name means: short and fully qualified names, renames, machine accounts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph_hunt.events.identity.edits import Edits
from graph_hunt.events.identity.links import Link, Sets
from graph_hunt.events.identity.names import address, short, told

OWN_ROLES = frozenset({"recorder", "host", "target_host"})
"""Columns whose names are machines of the organisation; others are a client's claim or a look-up's answer."""
_SETTLING = 300_000
"""How long before its rename is recorded a machine may already be seen under its new name (ms)."""
_RESTART = 24 * 3_600_000
"""How long after its rename a machine may still be seen under its old name: until it is started anew."""


@dataclass(slots=True)
class Sighted:
    """One machine name, in lower case, and what was seen of it."""

    name: str
    spellings: Counter[str] = field(default_factory=Counter)
    first: int = 1 << 62
    last: int = -(1 << 62)
    own: bool = False
    """A machine of the organisation for sure: it recorded, or was logged on to."""
    vouched: bool = False
    """More than a failed logon named it."""
    alone: bool = False
    """It was named where no address was."""
    controller: bool = False
    sids: set[str] = field(default_factory=set)
    """The SIDs of its machine account."""


@dataclass(frozen=True, slots=True)
class Machines:
    """The ledger's machines: keys by name and names by key, all in lower case."""

    keys: Mapping[str, str]
    names: Mapping[str, frozenset[str]]
    shorts: Mapping[str, frozenset[str]]
    """First label -> the keys of the machines that have it."""
    own: frozenset[str]
    """Short names of machines that are the organisation's own for sure."""
    links: tuple[Link, ...]
    sighted: Mapping[str, Sighted]

    def seen_of(self, key: str) -> list[Sighted]:
        """Give what was seen of each of a machine's names."""
        return [self.sighted[name] for name in self.names.get(key, ()) if name in self.sighted]

    def key(self, name: str) -> str:
        """Give the key of a machine by any of its names."""
        folded = fold(name)
        found = self.keys.get(folded)
        if found is None and "." not in folded:
            keys = self.shorts.get(folded, frozenset())
            found = next(iter(keys)) if len(keys) == 1 else None
        return found or folded

    def nearest(self, name: str) -> str:
        """Give a machine's key; a full name that nothing recorded is the one machine's with that short name."""
        folded = fold(name)
        label = short(folded)
        alone = folded not in self.keys and self.shorts.get(label) == frozenset({label})
        return label if alone else self.key(name)

    def home(self, name: str) -> str:
        """Give the name that a machine's local accounts bear: its short one, where no other machine has the same."""
        key = self.key(name)
        label = short(key)
        return label if self.shorts.get(label, frozenset({key})) <= {key} else key


def fold(name: str) -> str:
    """Give a machine's name in the form that is compared."""
    return name.strip().rstrip(".").casefold()


def machine_name(text: str | None) -> str | None:
    """Read a column that names a machine; an address, or this machine's name for itself, is none.

    >>> machine_name("\\\\\\\\WS1"), machine_name("WS1$"), machine_name("10.0.0.1"), machine_name("localhost")
    ('WS1', 'WS1', None, None)
    """
    found = told(text)
    if found is None:
        return None
    found = found.lstrip("\\").rstrip(".").removesuffix("$").strip()
    if not found or address(found) or fold(found) in {"localhost", "localhost.localdomain", "local", "unknown"}:
        return None
    return found


def name_machines(rows: Iterable[Mapping[str, Any]], renames: Iterable[tuple[str, str, int]], edits: Edits) -> Machines:
    """Resolve machine names; `renames` are (old name, new name, when)."""
    sighted = _sighted(rows)
    links: list[Link] = []
    sets: Sets[str] = Sets(edits.rule("host"))
    for name in sorted(sighted):
        sets.add(name)
    for left, right in edits.pairs("join", "host"):
        links.append(Link("host", left, right, "joined by hand", 1.0, refused=sets.join(left, right)))
    full = defaultdict(list)
    for name, seen in sorted(sighted.items()):
        if "." in name and seen.own:
            full[short(name)].append(name)
    for label, names in sorted(full.items()):
        if label in sighted:
            links += [_join_short(label, name, len(names), sighted, sets) for name in names]
    for old, new, at in sorted(renames):
        links.append(_join_renamed((old, new), at, sighted, full, sets))
    return _machines(sighted, sets, links)


def _sighted(rows: Iterable[Mapping[str, Any]]) -> dict[str, Sighted]:
    sighted: dict[str, Sighted] = {}
    for row in rows:
        text = machine_name(row["name"])
        if text is None:
            continue
        name = fold(text)
        seen = sighted.get(name)
        if seen is None:
            seen = sighted[name] = Sighted(name)
        seen.spellings[text] += row["count"]
        seen.first, seen.last = min(seen.first, row["first"]), max(seen.last, row["last"])
        seen.own |= row["role"] in OWN_ROLES
        seen.vouched |= row["vouched"]
        seen.alone |= row["alone"]
        seen.controller |= row["controller"]
        if sid := row.get("sid"):
            seen.sids.add(sid)
    return sighted


def _join_short(label: str, name: str, rivals: int, sighted: Mapping[str, Sighted], sets: Sets[str]) -> Link:
    one, other = sighted[label], sighted[name]
    why = f"{rivals} machines have this first label" if rivals > 1 else sets.join(label, name)
    count = one.spellings.total() + other.spellings.total()
    first, last = min(one.first, other.first), max(one.last, other.last)
    return Link("host", label, name, "the only full name of this short name", 0.9, first, last, count, refused=why)


def _join_renamed(
    names: tuple[str, str],
    at: int,
    sighted: Mapping[str, Sighted],
    full: Mapping[str, list[str]],
    sets: Sets[str],
) -> Link:
    """Join a renamed machine's names, unless either name was another machine's at the time.

    An attacker renames a machine account to a domain controller's name, without its `$`, to be taken for it.
    """
    old, new = names
    before, after = (_as_sighted(fold(machine_name(name) or name), sighted, full) for name in names)
    one, other = sighted.get(before), sighted.get(after)
    if old.endswith("$") and not new.endswith("$") and "." not in new:
        why = "the new name is no machine account's"
    elif one and other and one.sids and other.sids and not one.sids & other.sids:
        why = "their machine accounts have two SIDs"
    elif one and one.own and one.last > at + _RESTART:
        why = "the old name is still in use"
    elif other and other.own and other.first < at - _SETTLING:
        why = "the new name was in use before"
    else:
        why = sets.join(before, after)
    return Link("host", before, after, "renamed", 0.95, at, at, 1, refused=why)


def _as_sighted(name: str, sighted: Mapping[str, Sighted], full: Mapping[str, list[str]]) -> str:
    """Give the full name that stands for a short one which itself was never seen."""
    names = full.get(name, [])
    return names[0] if name not in sighted and len(names) == 1 else name


def _machines(sighted: Mapping[str, Sighted], sets: Sets[str], links: list[Link]) -> Machines:
    keys: dict[str, str] = {}
    names: dict[str, frozenset[str]] = {}
    shorts: dict[str, set[str]] = defaultdict(set)
    for group in sets:
        key = max(group, key=lambda name: _rank(name, group, sighted))
        names[key] = group
        for name in group:
            keys[name] = key
            shorts[short(name)].add(key)
    own = frozenset(short(name) for name, seen in sighted.items() if seen.own)
    return Machines(
        keys, names, {label: frozenset(found) for label, found in shorts.items()}, own, tuple(links), sighted
    )


def _rank(name: str, group: frozenset[str], sighted: Mapping[str, Sighted]) -> tuple[int, bool, str]:
    """Rank a machine's names: the latest machine name in its fullest form comes out first."""
    same = [sighted[other].last for other in group if short(other) == short(name) and other in sighted]
    return max(same, default=0), "." in name, name
