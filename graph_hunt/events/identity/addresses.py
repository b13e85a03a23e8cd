"""When an address stands for a machine: claims become intervals, and contested addresses stay addresses.

The rules, for each address by itself:

- Claims are heard in order of what they prove (`LEVELS`): a weaker one that contradicts a stronger within `GRACE` of it
  does not count.
- Claims of one machine with no other's between them are one interval, however long. It reaches `REACH` before its first
  and after its last claim. Where another machine's claim is near, it reaches `GRACE` at most, and never past the middle
  between the two; a lease begins exactly when it was given.
- Where two machines claim the address at once, or it goes on or back within `SHARED`, it is shared (NAT, VPN, load
  balancer, forged names): from the first to the last of these claims it stands for no machine.
- A public address is a machine's only by a claim of the first level.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HOUR = 3_600_000
REACH = 24 * HOUR
GRACE = HOUR
SHARED = 4 * HOUR

REASONS = {
    "lease": "an address lease",
    "connection": "a connection that the machine recorded",
    "inbound": "a connection to the machine that it recorded",
    "machine_account": "a ticket of its machine account",
    "logon": "a logon that named both",
    "name": "a connection that named both",
    "lookup": "a name that was looked up",
    "failed_logon": "a failed logon that named both",
}
LEVELS = (
    frozenset({"lease", "connection"}),
    frozenset({"inbound"}),
    frozenset({"machine_account"}),
    frozenset({"logon"}),
    frozenset({"name", "lookup", "failed_logon"}),
)
"""What proves most comes first: a workstation's name is the client's own word, a looked-up name may be stale."""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A time, an hour long at most, in which a machine was seen at an address."""

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
    strong: bool


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of time that is taken: by one machine's claims, or by none's where it is a wall."""

    first: int
    last: int
    claims: tuple[Claim, ...] = ()

    @property
    def leased(self) -> bool:
        return bool(self.claims) and self.claims[0].reason == "lease"


def intervals(ip: str, claims: Iterable[Claim], *, public: bool = False) -> list[Interval]:
    """Turn the claims on one address into intervals, in order of time."""
    ordered = sorted(claim for claim in claims if not public or claim.reason in LEVELS[0])
    if len({claim.host for claim in ordered}) <= 1:
        return [_interval(ip, run, None, None) for run in _runs(ordered, [])]
    kept: list[Claim] = []
    walls: list[tuple[int, int]] = []
    for level in LEVELS:
        heard = [claim for claim in ordered if claim.reason in level]
        if heard and (kept or walls):
            guarded = [(run.first - GRACE, run.last + GRACE) for run in _runs(kept, walls)]
            heard = _outside(heard, _merged([*walls, *guarded]))
        zones = _shared(heard)
        kept = sorted([*kept, *_outside(heard, zones)])
        walls = _merged([*walls, *zones])
    spans = sorted([*_runs(kept, walls), *(_Span(*wall) for wall in walls)], key=lambda span: span.first)
    neighbours = zip([None, *spans], spans, [*spans[1:], None], strict=False)
    return [_interval(ip, run, before, after) for before, run, after in neighbours if run.claims]


def _shared(claims: Iterable[Claim]) -> list[tuple[int, int]]:
    """Find the times when machines claim the address at once, or it goes on or back soon after it came."""
    zones: list[tuple[int, int]] = []
    latest: dict[str, Claim] = {}
    left: Claim | None = None
    before: Claim | None = None
    for claim in claims:
        latest = {host: c for host, c in latest.items() if c.last >= claim.first}
        zones += [(c.first, max(c.last, claim.last)) for host, c in latest.items() if host != claim.host]
        if left is not None and claim.host != left.host:
            if before is not None and claim.first - before.last <= SHARED:
                zones.append((before.first, claim.last))
            before = left
        left = claim
        if claim.host not in latest or latest[claim.host].last < claim.last:
            latest[claim.host] = claim
    return _merged(zones)


def _merged(zones: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in sorted(zones):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _outside(claims: Sequence[Claim], zones: Sequence[tuple[int, int]]) -> list[Claim]:
    """Leave out the claims that touch a zone; both are in order of time."""
    found, place = [], 0
    for claim in claims:
        while place < len(zones) and zones[place][1] < claim.first:
            place += 1
        if place == len(zones) or claim.last < zones[place][0]:
            found.append(claim)
    return found


def _runs(claims: Iterable[Claim], walls: Sequence[tuple[int, int]]) -> list[_Span]:
    """Gather neighbouring claims of one machine with no wall between them."""
    runs: list[list[Claim]] = []
    place = 0
    for claim in claims:
        walled = False
        while place < len(walls) and walls[place][1] < claim.first:
            place, walled = place + 1, True
        if runs and runs[-1][-1].host == claim.host and not walled:
            runs[-1].append(claim)
        else:
            runs.append([claim])
    return [_Span(run[0].first, max(c.last for c in run), tuple(run)) for run in runs]


def _interval(ip: str, run: _Span, before: _Span | None, after: _Span | None) -> Interval:
    """Reach beyond the first and last claim, as far as the neighbours allow."""
    since, until = run.first - REACH, run.last + REACH
    if before is not None and before.last > run.first - 2 * REACH:
        if run.leased:
            since = run.first
        else:
            edge = (before.last + run.first) // 2 if before.claims else before.last
            since = max(run.first - GRACE, edge + 1)
    if after is not None and after.first < run.last + 2 * REACH:
        if after.leased:
            until = min(until, after.first)
        else:
            edge = (run.last + after.first) // 2 if after.claims else after.first - 1
            until = min(run.last + GRACE, edge + 1)
    reasons = "; ".join(text for reason, text in REASONS.items() if any(c.reason == reason for c in run.claims))
    strong = any(c.reason in LEVELS[0] for c in run.claims)
    count, sample = sum(c.count for c in run.claims), min(c.sample for c in run.claims)
    return Interval(
        ip, run.claims[0].host, since, max(until, run.last + 1), reasons, run.first, run.last, count, sample, strong
    )
