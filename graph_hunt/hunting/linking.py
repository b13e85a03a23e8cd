"""Which findings belong to one story: they share who acted, where from, what was used, or one goes on from the other.

An entity that many unrelated accounts meet at (a file server, a gateway, a common application) is a hub and joins
nothing; nor does an arrival by an account that goes everywhere, such as a scanner's.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.hunt import Level

Node = tuple[str, str]
Owners = Mapping[str, str]
"""The key of the user that owns a mailbox, by the mailbox's key."""

GLUES = Level.MEDIUM
"""The least level of a finding that joins others to one story."""
WITHIN = 2 * 86_400_000
"""How far apart in time two findings of one story may be, in ms."""
AT_ONCE = 3_600_000
"""How far apart, where they only happened on the same machine."""
_SLACK = 60_000
"""How much earlier than an arrival what follows it may be written."""
LISTED = 5
"""Entities in one part of a finding, above which they are many to choose from rather than somebody named."""
HUB = 4
"""Accounts that arrive at a machine, or use an application, from which on it is a hub."""
GATEWAY = 10
"""Accounts that come from a source, from which on it is a hub."""
FAN = 10
"""Machines that an account arrives at, above which it goes everywhere."""

_ACCOUNTS = ("User", "Mailbox")
_MACHINES = ("Host", "IP")
_MET = ("App", "Group", "Domain")
_PASSIVE = frozenset(
    {"tried", "existing account", "service account", "service", "recorder", "group", "logged on around it"}
    | {"place before", "refused", "recipient"}
)
"""Parts of those who did nothing: they join only a later finding in which they act."""
_WHERE = frozenset({"target", "middle", "host"})
_WHENCE = frozenset({"source", "middle", "host"})
_EXTERNAL = "forwarded to"


@dataclass(slots=True)
class _Places:
    """Indexes of findings by an entity's part in them."""

    acting: dict[Node, list[int]] = field(default_factory=lambda: defaultdict(list))
    passive: dict[Node, list[int]] = field(default_factory=lambda: defaultdict(list))
    arrived: dict[Node, list[int]] = field(default_factory=lambda: defaultdict(list))
    left: dict[Node, list[int]] = field(default_factory=lambda: defaultdict(list))
    sources: dict[Node, list[int]] = field(default_factory=lambda: defaultdict(list))
    used: dict[Node, list[int]] = field(default_factory=lambda: defaultdict(list))
    met: dict[Node, list[int]] = field(default_factory=lambda: defaultdict(list))


def links(findings: Sequence[Finding], owners: Owners, hubs: Collection[str], within: int) -> Iterator[tuple[int, int]]:
    """Pairs of places in `findings` (which are in order of time) that belong to one story."""
    accounts = [_accounts(one, owners) for one in findings]
    places = _places(findings, accounts, owners)
    wandering = _wandering(places, accounts)
    for members in (*places.acting.values(), *places.used.values()):
        yield from _near(findings, members, within)
    for node, members in places.sources.items():
        if node[1] not in hubs and _parties(members, accounts) < GATEWAY:
            yield from _near(findings, members, within)
    for members in places.met.values():
        if _parties(members, accounts) < HUB:
            yield from _near(findings, members, within)
    for node, members in places.passive.items():
        yield from _onward(findings, members, places.acting.get(node, ()), within)
    for node, members in places.arrived.items():
        if node[1] not in hubs and _parties(members, accounts) < HUB:
            arrivals = [one for one in members if not accounts[one] & wandering]
            yield from _onward(findings, arrivals, places.left.get(node, ()), within)
            yield from _near(findings, arrivals, AT_ONCE)


def _accounts(finding: Finding, owners: Owners) -> frozenset[Node]:
    """Those who act in a finding."""
    return frozenset(
        node(one, owners) for one in _named(finding) if one.label in _ACCOUNTS and one.role not in _PASSIVE
    )


def node(one: Involved, owners: Owners) -> Node:
    """What an entity counts as: a mailbox as the account whose it is."""
    if one.label == "Mailbox":
        return "User", owners.get(one.key, one.key)
    return one.label, one.key


def _named(finding: Finding) -> Iterator[Involved]:
    """The entities of a finding but those of a long list."""
    counts: dict[str, int] = defaultdict(int)
    for one in finding.entities:
        counts[one.role] += 1
    return (one for one in finding.entities if counts[one.role] <= LISTED)


def _places(findings: Sequence[Finding], accounts: Sequence[frozenset[Node]], owners: Owners) -> _Places:
    places = _Places()
    for index, finding in enumerate(findings):
        for account in accounts[index]:
            places.acting[account].append(index)
        for one in _named(finding):
            _place(places, index, one, node(one, owners))
    return places


def _place(places: _Places, index: int, one: Involved, at: Node) -> None:
    if one.label in _ACCOUNTS:
        if one.role in _PASSIVE:
            places.passive[at].append(index)
    elif one.label in _MET:
        places.met[at].append(index)
    elif one.label not in _MACHINES:
        places.used[at].append(index)
    elif one.role not in _PASSIVE:
        if one.role in _WHERE:
            places.arrived[at].append(index)
        else:
            places.sources[at].append(index)
        if one.role not in _WHERE or one.role in _WHENCE:
            places.left[at].append(index)


def _wandering(places: _Places, accounts: Sequence[frozenset[Node]]) -> frozenset[Node]:
    """Accounts that arrive at more machines than anyone's work takes them to."""
    reached: dict[Node, set[Node]] = defaultdict(set)
    for machine, members in places.arrived.items():
        for index in members:
            for account in accounts[index]:
                reached[account].add(machine)
    return frozenset(account for account, machines in reached.items() if len(machines) > FAN)


def _parties(members: Sequence[int], accounts: Sequence[frozenset[Node]]) -> int:
    return len(frozenset[Node]().union(*(accounts[one] for one in members)))


def glues(finding: Finding) -> bool:
    """Tell whether a finding is grave enough to join others to one story."""
    return finding.level.rank >= GLUES.rank


def _near(findings: Sequence[Finding], members: Sequence[int], within: int) -> Iterator[tuple[int, int]]:
    """Each finding with the one before it, and with the grave one, where no more time than that lies between."""
    for chosen in (members, [one for one in members if glues(findings[one])]):
        end = 0
        for earlier, later in pairwise(dict.fromkeys(chosen)):
            end = max(end, _end(findings[earlier], within))
            if findings[later].first_seen - end <= within:
                yield earlier, later


def _onward(
    findings: Sequence[Finding], arrivals: Sequence[int], departures: Sequence[int], within: int
) -> Iterator[tuple[int, int]]:
    """Each departure with the last arrival before it, and with the last grave one."""
    for chosen in (list(dict.fromkeys(arrivals)), [one for one in dict.fromkeys(arrivals) if glues(findings[one])]):
        begins = [findings[one].first_seen for one in chosen]
        for departure in dict.fromkeys(departures):
            begun = findings[departure].first_seen
            place = bisect_right(begins, begun + _SLACK) - 1
            if place >= 0 and chosen[place] == departure:
                place -= 1
            if place >= 0 and begun - _end(findings[chosen[place]], within) <= within:
                yield chosen[place], departure


def _end(finding: Finding, within: int) -> int:
    """When a finding ends; one that goes on for long joins nothing that is far from its beginning."""
    return min(finding.last_seen, finding.first_seen + within)
