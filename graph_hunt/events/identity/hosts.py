"""Which machine a name means: short and fully qualified names, renames, machine accounts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_hunt.events.identity.edits import Edits
from graph_hunt.events.identity.links import Link, Sets, first_written
from graph_hunt.events.identity.names import address, short, told

OWN_ROLES = frozenset({"recorder", "host", "target_host"})
"""Columns whose names are machines of the organisation; others are a client's claim or a look-up's answer."""


@dataclass(slots=True)
class Sighted:
    """One machine name, in lower case, and what was seen of it."""

    name: str
    spellings: Counter[str] = field(default_factory=Counter)
    first: int = 1 << 62
    last: int = -(1 << 62)
    own: bool = False
    vouched: bool = False
    controller: bool = False

    def see(self, text: str, first: int, last: int, count: int) -> None:
        """Add one spelling's sightings."""
        self.spellings[text] += count
        self.first, self.last = min(self.first, first), max(self.last, last)


@dataclass(frozen=True, slots=True)
class Machines:
    """The ledger's machines: keys by name."""

    keys: Mapping[str, str]
    """Every sighted name in lower case -> key."""
    names: Mapping[str, frozenset[str]]
    """Key -> all its names."""
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


def fold(name: str) -> str:
    """Give a machine's name in the form that is compared."""
    return name.strip().rstrip(".").casefold()


def machine_name(text: str | None) -> str | None:
    """Read a column that names a machine; an address or an account's authority is no machine's name.

    >>> machine_name("\\\\\\\\WS1")
    'WS1'
    """
    found = told(text)
    if found is None:
        return None
    found = found.lstrip("\\").rstrip(".")
    if found.endswith("$"):
        found = found[:-1]
    if not found or address(found) or fold(found) in {"localhost", "localhost.localdomain"}:
        return None
    return found


def name_machines(
    rows: Iterable[Mapping[str, object]], renames: Iterable[tuple[str, str, int]], edits: Edits
) -> Machines:
    """Resolve machine names; `renames` are (old name, new name, when)."""
    sighted = _sighted(rows)
    links: list[Link] = []
    sets: Sets[str] = Sets(lambda one, other: _apart(one, other, edits))
    for name in sorted(sighted):
        sets.add(name)
    for left, right in edits.joined("host"):
        sets.join(left, right)
        links.append(Link("host", left, right, "joined by hand", 1.0))
    full = defaultdict(set)
    for name, seen in sighted.items():
        if "." in name and seen.own:
            full[short(name)].add(name)
    for label, names in sorted(full.items()):
        if label in sighted:
            _join_short(label, names, sighted, sets, links)
    for old, new, at in sorted(renames):
        _join_renamed(old, new, at, sighted, sets, links)
    return _machines(sighted, sets, links)


def _sighted(rows: Iterable[Mapping[str, object]]) -> dict[str, Sighted]:
    sighted: dict[str, Sighted] = {}
    for row in rows:
        text = machine_name(str(row["name"]))
        if text is None:
            continue
        seen = sighted.setdefault(fold(text), Sighted(fold(text)))
        first, last, count = row["first"], row["last"], row["count"]
        assert isinstance(first, int) and isinstance(last, int) and isinstance(count, int)
        seen.see(text, first, last, count)
        seen.own |= row["role"] in OWN_ROLES
        seen.vouched |= bool(row["vouched"])
        seen.controller |= bool(row["controller"])
    return sighted


def _apart(one: frozenset[str], other: frozenset[str], edits: Edits) -> str:
    return "split by hand" if edits.forbid("host", one, other) else ""


def _join_short(
    label: str, names: set[str], sighted: Mapping[str, Sighted], sets: Sets[str], links: list[Link]
) -> None:
    seen = sighted[label]
    refused = f"{len(names)} machines have this first label" if len(names) > 1 else ""
    for name in sorted(names):
        why = refused or sets.join(label, name)
        both = sum(seen.spellings.values()) + sum(sighted[name].spellings.values())
        first, last = min(seen.first, sighted[name].first), max(seen.last, sighted[name].last)
        links.append(
            Link("host", label, name, "the only full name of this short name", 0.9, first, last, both, None, why)
        )


_TOLERANCE = 3_600_000


def _join_renamed(
    old: str, new: str, at: int, sighted: Mapping[str, Sighted], sets: Sets[str], links: list[Link]
) -> None:
    """Join a renamed machine's names, unless either name was another machine's at the time."""
    before, after = fold(old), fold(new)
    why = ""
    if before in sighted and sighted[before].own and sighted[before].last > at + _TOLERANCE:
        why = "the old name is still in use"
    elif after in sighted and sighted[after].own and sighted[after].first < at - _TOLERANCE:
        why = "the new name was in use before"
    why = why or sets.join(before, after)
    links.append(Link("host", before, after, "renamed", 0.95, at, at, 1, None, why))


def _machines(sighted: Mapping[str, Sighted], sets: Sets[str], links: list[Link]) -> Machines:
    keys: dict[str, str] = {}
    names: dict[str, frozenset[str]] = {}
    shorts: dict[str, set[str]] = defaultdict(set)
    for group in sets:
        key = max(group, key=lambda name: ("." in name, sighted[name].last if name in sighted else 0, name))
        names[key] = group
        for name in group:
            keys[name] = key
            shorts[short(name)].add(key)
    own = frozenset(short(name) for name, seen in sighted.items() if seen.own)
    return Machines(
        keys, names, {label: frozenset(found) for label, found in shorts.items()}, own, tuple(links), sighted
    )


__all__ = ["Machines", "Sighted", "first_written", "fold", "machine_name", "name_machines"]
