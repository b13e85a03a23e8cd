"""Tells whether what was learned since changes what events that were seen before mean."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph_hunt.events.identity.addresses import Interval
from graph_hunt.events.identity.ledger import Ledger
from graph_hunt.events.identity.names import address

Stretch = tuple[int, int, str]


def differs(before: Ledger, after: Ledger) -> str:
    """Say which earlier identifier now means something else, or '' where none does; later events do not count."""
    for combination, meaning in before.combinations.items():
        now = after.combinations.get(combination)
        if now != meaning:
            name = next((part for part in combination if part), "?")
            return f"the account {name} was {meaning.key or 'nobody'}, now it is {(now and now.key) or 'nobody'}"
    for name, meaning in before.hosts.items():
        now = after.hosts.get(name)
        if now != meaning:
            return f"the machine {name} was {meaning.key or 'none'}, now it is {(now and now.key) or 'none'}"
        if meaning.key and before.proofs(meaning.key) != after.proofs(meaning.key):
            return f"there is now better proof of the machine {name}"
    return _moved(before, after)


def _moved(before: Ledger, after: Ledger) -> str:
    """Compare who had each address while events were seen of it."""
    old, new = _by_address(before.intervals), _by_address(after.intervals)
    for ip, (first, last) in sorted(spans_of(before).items()):
        if _clipped(old.get(ip, []), first, last) != _clipped(new.get(ip, []), first, last):
            return f"the address {ip} was another machine's at times"
    return ""


def spans_of(ledger: Ledger) -> dict[str, tuple[int, int]]:
    """Give each address with the times of the first and the last event that has it."""
    columns: Mapping[str, list[object]] = ledger.sightings.texts.to_pydict()
    spans: dict[str, tuple[int, int]] = {}
    for text, first, last in zip(columns["text"], columns["first"], columns["last"], strict=True):
        found = address(str(text).strip())
        if found is not None and isinstance(first, int) and isinstance(last, int):
            known = spans.get(str(found), (first, last))
            spans[str(found)] = min(known[0], first), max(known[1], last)
    return spans


def _by_address(intervals: Iterable[Interval]) -> dict[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = defaultdict(list)
    for i in intervals:
        found[i.ip].append((i.since, i.until, i.host))
    return found


def _clipped(stretches: Iterable[Stretch], first: int, last: int) -> list[Stretch]:
    return [
        (max(since, first), min(until, last + 1), host)
        for since, until, host in stretches
        if since <= last and until > first
    ]
