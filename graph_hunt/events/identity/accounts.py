"""Which account a row's columns mean: SID, directory object, domain\\name and UPN of one account are one.

SIDs and object ids are an account's own; names and addresses are lent to it. So equalities are joined in order of
strength, and a set never holds two SIDs, two object ids, or names of two domains.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from graph_hunt.events.identity.domains import Domains
from graph_hunt.events.identity.edits import Edits
from graph_hunt.events.identity.links import Link, Sets
from graph_hunt.events.identity.names import CLOUD, Person, domain_sid

Identifier = tuple[str, str]
"""Kind (sid, object, name, upn) and the identifier in lower case; a name is domain\\name."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One combination of account columns, with what was seen of it."""

    person: Person
    first: int
    last: int
    count: int
    sample: str
    machine: str | None = None
    listed: bool = False
    """The organisation's directory says so, not an event."""


LISTED = "listed in the directory"


@dataclass(slots=True)
class Equality:
    """Two identifiers that stood in one row."""

    left: Identifier
    right: Identifier
    reason: str
    confidence: float
    first: int
    last: int
    count: int
    sample: str


@dataclass(slots=True)
class Accounts:
    """The ledger's accounts."""

    domains: Domains
    keys: dict[Identifier, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Key -> the name to show."""
    members: dict[str, list[Identifier]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def identifiers(self, person: Person, machine: str | None = None) -> list[Identifier]:
        """Give the identifiers that stand in one row, the strongest first."""
        found: list[Identifier] = []
        if person.sid:
            found.append(("sid", self._scoped(person.sid, person.domain or machine)))
        if person.object_id:
            found.append(("object", person.object_id))
        if person.name and person.domain:
            found.append(("name", f"{self.domains.of(person.domain)}\\{person.name.casefold()}"))
        if person.upn:
            found.append(("upn", person.upn.casefold()))
        return found

    def _scoped(self, sid: str, place: str | None) -> str:
        """Scope a SID to its machine where several machines issue it, as clones of one image do."""
        issuers = self.domains.issuers.get(domain_sid(sid), frozenset())
        machines = [issuer for issuer in issuers if self.domains.is_machine(issuer)]
        if len(issuers) < 2 or len(machines) < len(issuers) or place is None:
            return sid
        here = self.domains.of(place)
        return f"{here}|{sid}" if here in machines else sid

    def key(self, person: Person, machine: str | None = None) -> str | None:
        """Give the key of the account that a row means."""
        for identifier in self.identifiers(person, machine):
            if identifier in self.keys:
                return self.keys[identifier]
        return None


def name_accounts(stated: Iterable[Stated], domains: Domains, edits: Edits) -> Accounts:
    """Resolve accounts from all combinations that were seen, in whatever order they come."""
    accounts = Accounts(domains)
    shown: dict[Identifier, Counter[str]] = defaultdict(Counter)
    last: dict[Identifier, tuple[bool, int]] = {}
    equalities: dict[tuple[Identifier, Identifier], Equality] = {}
    for row in stated:
        found = accounts.identifiers(row.person, row.machine)
        for identifier in found:
            shown[identifier][_shown(identifier, row.person, domains)] += row.count
            rank = row.listed, row.last
            last[identifier] = max(last.get(identifier, rank), rank)
        for index, left in enumerate(found):
            for right in found[index + 1 :]:
                _note(equalities, left, right, row)
    _imply(equalities, shown, last, domains)
    sets: Sets[Identifier] = Sets(_rule(edits))
    for identifier in sorted(shown):
        sets.add(identifier)
    contested = _join(equalities.values(), edits, sets, accounts)
    _elect(sets, contested, shown, last, accounts)
    return accounts


def _shown(identifier: Identifier, person: Person, domains: Domains) -> str:
    kind, text = identifier
    if kind == "name" and person.name and person.domain:
        return f"{person.domain}\\{person.name}"
    if kind == "upn":
        return person.upn or text
    return person.name or text


def _note(
    equalities: dict[tuple[Identifier, Identifier], Equality], left: Identifier, right: Identifier, row: Stated
) -> None:
    reason, confidence = "named in one row", 0.95 if left[0] == "name" else 0.99
    known = equalities.get((left, right))
    if known is None:
        known = Equality(left, right, reason, confidence, row.first, row.last, 0, row.sample)
        equalities[left, right] = known
    if row.listed:
        known.reason, known.confidence = LISTED, 1.0
    known.first, known.last = min(known.first, row.first), max(known.last, row.last)
    known.count += row.count
    known.sample = min(filter(None, (known.sample, row.sample)), default="")


def _imply(
    equalities: dict[tuple[Identifier, Identifier], Equality],
    shown: Mapping[Identifier, Counter[str]],
    last: Mapping[Identifier, tuple[bool, int]],
    domains: Domains,
) -> None:
    """Every Windows account has the implicit UPN name@dns-domain, unless its UPN is known to be another's."""
    explicit = {right for left, right in equalities if right[0] == "upn" and left[0] in ("name", "sid")}
    clouded = {right for left, right in equalities if right[0] == "upn" and left[0] == "object"}
    settled = {left for left, right in equalities if right[0] == "upn" and left[0] == "name"}
    for identifier in list(shown):
        kind, text = identifier
        if kind != "upn" or identifier in explicit:
            continue
        stem, _, realm = text.rpartition("@")
        domain = domains.windows(realm)
        name = ("name", f"{domain}\\{stem}")
        # A cloud account of that name is another's where the Windows account is known to have another UPN.
        if domain and name in shown and not (identifier in clouded and name in settled):
            at = min(last[name][1], last[identifier][1])
            reason = "implicit UPN: the name at its domain's DNS name"
            equalities[name, identifier] = Equality(name, identifier, reason, 0.8, at, at, 0, "")


_TWO = {"sid": "two SIDs are two accounts", "object": "two directory objects are two accounts"}


def _rule(edits: Edits) -> Callable[[frozenset[Identifier], frozenset[Identifier]], str]:
    apart, splits = edits.rule("account"), edits.pairs("split", "account")

    def allowed(one: frozenset[Identifier], other: frozenset[Identifier]) -> str:
        both = one | other
        for kind, why in _TWO.items():
            if sum(1 for item in both if item[0] == kind) > 1:
                return why
        homes = {_home(item) for item in both if item[0] == "name"} - CLOUD
        if len(homes) > 1:
            return "names of two domains or machines are two accounts"
        return apart(frozenset(text for _, text in one), frozenset(text for _, text in other)) if splits else ""

    return allowed


def _join(
    equalities: Iterable[Equality], edits: Edits, sets: Sets[Identifier], accounts: Accounts
) -> dict[Identifier, list[tuple[int, Identifier]]]:
    """Join by strength, then the latest first; what is refused is remembered for those that get no name."""
    strength = {"sid": 0, "object": 1, "name": 2, "upn": 3}
    ordered = sorted(equalities, key=lambda e: (-e.confidence, strength[e.left[0]], -e.last, e.left, e.right))
    contested: dict[Identifier, list[tuple[int, Identifier]]] = defaultdict(list)
    by_text = {text: (kind, text) for group in sets for kind, text in group}
    for left, right in edits.pairs("join", "account"):
        if left in by_text and right in by_text:
            why = sets.join(by_text[left], by_text[right])
            accounts.links.append(Link("account", left, right, "joined by hand", 1.0, refused=why))
    for e in ordered:
        why = sets.join(e.left, e.right)
        if why in _TWO.values() and e.right[0] in ("name", "upn"):
            contested[e.left].append((e.last, e.right))
        accounts.links.append(
            Link("account", e.left[1], e.right[1], e.reason, e.confidence, e.first, e.last, e.count, e.sample, why)
        )
    return contested


def _elect(
    sets: Sets[Identifier],
    contested: Mapping[Identifier, list[tuple[int, Identifier]]],
    shown: Mapping[Identifier, Counter[str]],
    last: Mapping[Identifier, tuple[bool, int]],
    accounts: Accounts,
) -> None:
    """Give each set its key: its name, else one it had to yield, else its UPN, else its number.

    Of several the directory's comes first, then the latest.
    """
    for group in sets:
        names = [(last[item], item) for item in group if item[0] == "name"]
        upns = [(last[item], item) for item in group if item[0] == "upn"]
        numbers = [(last[item], item) for item in group if item[0] in ("sid", "object")]
        lost = [((False, at), right) for item in group for at, right in contested.get(item, [])]
        yielded = [pair for pair in lost if pair[1][0] == "name"]
        windows = [pair for pair in names if _home(pair[1]) not in CLOUD]
        best = max(windows or yielded or upns or names or lost or numbers)[1]
        key = best[1].partition("|")[2] if best[0] == "sid" and "|" in best[1] else best[1]
        key = key.upper() if best[0] == "sid" else key
        for item in group:
            accounts.keys[item] = key
        accounts.members.setdefault(key, []).extend(sorted(group))
        accounts.names.setdefault(key, _spelled(key, shown[best]))


def _home(identifier: Identifier) -> str:
    return identifier[1].partition("\\")[0]


def _spelled(key: str, spellings: Counter[str]) -> str:
    """Choose the spelling to show: one of the key itself, the most frequent, the least by code point."""
    return min(spellings, key=lambda text: (text.casefold() != key.casefold(), -spellings[text], text))
