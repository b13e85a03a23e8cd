"""When an address stands for a machine: claims become intervals, and contested addresses stay addresses.

The rules, all on one address at a time:

- Strong claims (a lease, a connection that the machine itself recorded) are heard first; weak ones (a logon's
  workstation name, a machine account's ticket, a name looked up) only where no strong one speaks.
- Claims of one machine with no other's between them are one interval, however long. It reaches `REACH` beyond its
  first and last claim; where another machine claims the address within that reach, at most `GRACE`, and never past
  the middle between the two.
- Where the address goes from one machine to another and on or back within `SHARED`, or two overlap, it is shared (NAT,
  VPN, load balancer, forged names): from the first to the last of these claims it stands for no machine.
- Public addresses are a machine's only by a lease or its own connection.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

HOUR = 3_600_000
REACH = 24 * HOUR
GRACE = HOUR
SHARED = 4 * HOUR
STRONG = frozenset({"lease", "connection"})


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """An hour in which a machine was seen at an address."""

    first: int
    last: int
    host: str
    reason: str
    count: int = 1
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `since` up to, not including, `until` the address stands for the host."""

    ip: str
    host: str
    since: int
    until: int
    reason: str
    first: int
    last: int
    count: int
    sample: str


def intervals(ip: str, claims: Iterable[Claim], *, public: bool = False) -> list[Interval]:
    """Turn the claims on one address into intervals in order of time."""
    strong: list[Claim] = []
    weak: list[Claim] = []
    for claim in sorted(claims):
        (strong if claim.reason in STRONG else weak).append(claim)
    found = _settle(ip, strong)
    if public or not weak:
        return found
    free = [c for c in weak if not any(i.since <= c.last and c.first < i.until for i in found)] if found else weak
    bounds = [(i.since, i.until) for i in found]
    return sorted([*found, *_settle(ip, free, bounds)], key=lambda i: i.since)


@dataclass(slots=True)
class _Run:
    claims: list[Claim]

    @property
    def first(self) -> int:
        return self.claims[0].first

    @property
    def last(self) -> int:
        return max(c.last for c in self.claims)


def _settle(ip: str, claims: list[Claim], walls: Iterable[tuple[int, int]] = ()) -> list[Interval]:
    """Make intervals of claims of one strength; `walls` are spans where stronger claims hold."""
    if not claims:
        return []
    fixed = _merged([*_shared(claims), *walls])
    clear = [c for c in claims if not any(since <= c.last and c.first <= until for since, until in fixed)]
    runs = _runs(clear, fixed)
    taken = sorted([(run.first, run.last) for run in runs] + fixed)
    return [_interval(ip, run, taken, set(fixed)) for run in runs]


def _shared(claims: list[Claim]) -> list[tuple[int, int]]:
    """Find the spans in which machines claim the address at once, or it goes on or back soon after it came."""
    zones: list[tuple[int, int]] = []
    latest: dict[str, Claim] = {}
    left, before = claims[0], None
    for claim in claims:
        zones += [
            (min(c.first, claim.first), max(c.last, claim.last))
            for host, c in latest.items()
            if host != claim.host and c.last >= claim.first
        ]
        if claim.host != left.host:
            if before is not None and claim.first - before.last <= SHARED:
                zones.append((before.first, claim.last))
            before = left
        left = claim
        if claim.host not in latest or latest[claim.host].last < claim.last:
            latest[claim.host] = claim
        if len(latest) > 64:
            latest = {host: c for host, c in latest.items() if c.last >= claim.first}
    return _merged(zones)


def _merged(zones: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for since, until in sorted(zones):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _runs(claims: list[Claim], blocks: list[tuple[int, int]]) -> list[_Run]:
    runs: list[_Run] = []
    for claim in claims:
        last = runs[-1] if runs else None
        broken = last is None or last.claims[-1].host != claim.host
        if last is not None and not broken:
            broken = any(last.last < since and until < claim.first for since, until in blocks)
        if broken or last is None:
            runs.append(_Run([claim]))
        else:
            last.claims.append(claim)
    return runs


def _interval(ip: str, run: _Run, taken: list[tuple[int, int]], fixed: set[tuple[int, int]]) -> Interval:
    """Reach beyond the first and last claim, as far as the neighbours allow."""
    first, last = run.first, run.last
    since, until = first - REACH, last + REACH
    before = max(((till, start) for start, till in taken if till < first), default=None)
    after = min(((start, till) for start, till in taken if start > last), default=None)
    if before is not None and before[0] >= first - 2 * REACH:
        edge = before[0] + 1 if (before[1], before[0]) in fixed else (before[0] + first) // 2
        since = max(first - GRACE, edge)
    if after is not None and after[0] <= last + 2 * REACH:
        edge = after[0] if after in fixed else (after[0] + last + 1) // 2
        until = min(last + GRACE, edge)
    reasons = sorted({c.reason for c in run.claims})
    return Interval(
        ip,
        run.claims[0].host,
        since,
        max(until, last + 1),
        ", ".join(reasons),
        first,
        last,
        sum(c.count for c in run.claims),
        min(c.sample for c in run.claims),
    )


def grouped(claims: Iterable[tuple[str, Claim]]) -> dict[str, list[Claim]]:
    """Gather claims by address."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for ip, claim in claims:
        found[ip].append(claim)
    return found
