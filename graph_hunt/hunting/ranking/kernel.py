"""The pass over time-sorted logons: what is new in each, how surprising that is in bits, and what it follows from.

docs/ranking.md says what every term means. Logs are base 2 and every term is floored at 0.
"""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from graph_hunt.hunting.ranking.pairs import numbered

DAY = 86_400_000
TERMS = ("target", "source", "edge", "chain", "burst", "accounts")
"""The columns of `Scored.terms`."""
DIMENSIONS = 48
ARRIVALS = 8
"""How many of a machine's latest notable arrivals are looked back to."""
REACH, FADE, CARRIED = 2 * DAY, 1.0 * DAY, 0.8
"""A chain goes on from an arrival of at most this age, loses 1/e of it in this time, and carries this share of it."""
NOTABLE, CHAINED, PLAIN = 0.5, 6.0, 0.25
"""Bits that make an arrival one to look back to; bits that make a logon part of its root's path; what is left of the
chain for a logon that is not notable itself."""
BURST_FADE = 6 * 3_600_000.0
BURST_SHARE, BURST_MOST = 0.45, 20.0
RATE, RATE_FLOOR = 0.5, 0.3
"""Novelties expected in a burst's time, for each a day that the entity had so far; and at least."""
RARE_NEWS = 7.0
"""Bits of a new pair in a network that is known: one in 128 logons. Where news are more frequent, they say less."""
NEWS_FADE = 1.0 * DAY
LEAST_SAID = 0.25
"""What is left of the bits where nearly everything is new."""

_LN2 = math.log(2.0)


class Columns(NamedTuple):
    """Logons in order of time: who, from where, to where; machines are numbered apart from accounts."""

    time: npt.NDArray[np.int64]
    account: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    failed: npt.NDArray[np.bool_]


class _Pairs(NamedTuple):
    """Numbers of each row's pairs, and which pairs were seen."""

    target: npt.NDArray[np.int32]
    source: npt.NDArray[np.int32]
    edge: npt.NDArray[np.int32]
    target_seen: npt.NDArray[np.bool_]
    source_seen: npt.NDArray[np.bool_]
    edge_seen: npt.NDArray[np.bool_]


class _State(NamedTuple):
    """What the pass knows so far, by account (a) or machine (m)."""

    a_targets: npt.NDArray[np.float64]
    a_sources: npt.NDArray[np.float64]
    a_days: npt.NDArray[np.float64]
    a_day: npt.NDArray[np.int64]
    a_news: npt.NDArray[np.float64]
    a_burst: npt.NDArray[np.float64]
    a_burst_at: npt.NDArray[np.int64]
    a_taste: npt.NDArray[np.float32]
    m_targets: npt.NDArray[np.float64]
    m_accounts: npt.NDArray[np.float64]
    m_days: npt.NDArray[np.float64]
    m_day: npt.NDArray[np.int64]
    m_news: npt.NDArray[np.float64]
    m_burst: npt.NDArray[np.float64]
    m_burst_at: npt.NDArray[np.int64]
    m_strange: npt.NDArray[np.float64]
    m_strangers: npt.NDArray[np.float64]
    m_strange_at: npt.NDArray[np.int64]
    m_reached_by: npt.NDArray[np.float64]
    m_reached_from: npt.NDArray[np.float64]
    m_taste: npt.NDArray[np.float32]
    m_arrivals: npt.NDArray[np.int64]
    m_arrived: npt.NDArray[np.int64]
    network: npt.NDArray[np.float64]
    """Distinct pairs of account and target; news and logons of late (both fade), and when these were counted."""


class Scored(NamedTuple):
    """By logon: its terms in bits, the bits of its own, its score, the logon it follows from, and the path's root."""

    terms: npt.NDArray[np.float32]
    own: npt.NDArray[np.float32]
    score: npt.NDArray[np.float32]
    follows: npt.NDArray[np.int64]
    root: npt.NDArray[np.int32]


@njit(cache=True)
def _bits(share):  # type: ignore[no-untyped-def]
    return -math.log2(min(1.0, share))


@njit(cache=True)
def _tail(count, expected):  # type: ignore[no-untyped-def]
    """Bound the bits of a Poisson count that is higher than expected."""
    return count * math.log2(count / expected) - (count - expected) / _LN2 if count > expected else 0.0


@njit(cache=True)
def _rarity(reached, pairs):  # type: ignore[no-untyped-def]
    return max(0.0, min(10.0, -math.log2((reached + 1) / (pairs / 50 + 60))))


@njit(cache=True)
def _likeness(one, other):  # type: ignore[no-untyped-def]
    product, a, b = 0.0, 0.0, 0.0
    for i in range(DIMENSIONS):
        product += one[i] * other[i]
        a += one[i] * one[i]
        b += other[i] * other[i]
    return max(0.0, min(1.0, product / math.sqrt(a * b))) if a > 0 and b > 0 else 0.0


@njit(cache=True)
def _confidence(network, now, new, failed):  # type: ignore[no-untyped-def]
    """Say how much news mean by how rare they were of late: little in a history that has just begun."""
    kept = math.exp(-(now - network[3]) / NEWS_FADE)
    network[1] *= kept
    network[2] *= kept
    network[3] = now
    confidence = min(1.0, max(LEAST_SAID, _bits((network[1] + 1.0) / (network[2] + 1.0)) / RARE_NEWS))
    if not failed:
        network[2] += 1.0
        network[1] += 1.0 if new else 0.0
    return confidence


@njit(cache=True)
def _own(s, account, source, target, new, terms):  # type: ignore[no-untyped-def]
    """Fill in the bits of a new target, a new source and a new edge."""
    pairs = s.network[0]
    if new[0]:
        like = _likeness(s.a_taste[account], s.m_taste[target])
        reached = s.m_reached_by[target]
        rate = _bits((s.a_targets[account] + 0.3) / (3 * s.a_days[account] + 2))
        settled = 5 * (1 - like) if s.a_targets[account] >= 3 and reached >= 3 else 0.0
        terms[0] = max(0.0, (rate + _rarity(reached, pairs) / 2) * (1 - 0.8 * like) + settled)
    if new[1]:
        rate = _bits((s.a_sources[account] + 0.2) / (2 * s.a_days[account] + 2))
        terms[1] = max(0.0, rate + 2 - min(4.0, math.log2(1 + s.m_accounts[source])))
    if new[2]:
        rate = _bits((s.m_targets[source] + 0.3) / (3 * s.m_days[source] + 2))
        terms[2] = max(0.0, rate + 0.3 * _rarity(s.m_reached_from[target], pairs))


@njit(cache=True)
def _chain(arrivals, columns, own, path, row, new_source):  # type: ignore[no-untyped-def]
    """Find the arrival at the source that this logon most likely goes on from."""
    best, origin = 0.0, -1
    for i in range(ARRIVALS):
        arrival = arrivals[i]
        if arrival < 0:
            continue
        age = columns.time[row] - columns.time[arrival]
        if age > REACH:
            continue
        carried = CARRIED * path[arrival] * math.exp(-age / FADE)
        if columns.account[arrival] != columns.account[row]:
            carried += new_source
        if carried > best:
            best, origin = carried, arrival
    return (best if own >= NOTABLE else best * PLAIN), origin


@njit(cache=True)
def _bursts(s, account, source, now, new, terms):  # type: ignore[no-untyped-def]
    """Fill in the bits of many news at once, by the account, from the source, and of accounts strange to the source."""
    news = int(new[0]) + int(new[1]) + int(new[2])
    if news >= 2:
        count = s.a_burst[account] * math.exp(-(now - s.a_burst_at[account]) / BURST_FADE)
        past = max(0.0, s.a_news[account] - count)
        bits = _tail(count + 1, RATE_FLOOR + RATE * past / max(1.0, s.a_days[account]))
        count = s.m_burst[source] * math.exp(-(now - s.m_burst_at[source]) / BURST_FADE)
        past = max(0.0, s.m_news[source] - count)
        bits += _tail(count + 1, RATE_FLOOR + RATE * past / max(1.0, s.m_days[source]))
        terms[4] = min(BURST_MOST, BURST_SHARE * bits)
    if new[0] and new[1]:
        count = s.m_strange[source] * math.exp(-(now - s.m_strange_at[source]) / BURST_FADE)
        past = max(0.0, s.m_strangers[source] - count)
        terms[5] = _tail(count + 1, RATE_FLOOR + RATE * past / max(1.0, s.m_days[source]))


@njit(cache=True)
def _learn(s, account, source, target, now, new, directions):  # type: ignore[no-untyped-def]
    if int(new[0]) + int(new[1]) + int(new[2]) >= 2:
        s.a_burst[account] = s.a_burst[account] * math.exp(-(now - s.a_burst_at[account]) / BURST_FADE) + 1
        s.a_burst_at[account] = now
        s.a_news[account] += 1
        s.m_burst[source] = s.m_burst[source] * math.exp(-(now - s.m_burst_at[source]) / BURST_FADE) + 1
        s.m_burst_at[source] = now
        s.m_news[source] += 1
    if new[0] and new[1]:
        s.m_strange[source] = s.m_strange[source] * math.exp(-(now - s.m_strange_at[source]) / BURST_FADE) + 1
        s.m_strange_at[source] = now
        s.m_strangers[source] += 1
    if new[0]:
        s.a_targets[account] += 1
        s.network[0] += 1
        share = 1 / math.sqrt(1 + s.m_reached_by[target])
        s.m_reached_by[target] += 1
        length = 0.0
        for i in range(DIMENSIONS):
            s.a_taste[account, i] += directions[target, i] * share
            length += s.a_taste[account, i] ** 2
        if length > 0:
            for i in range(DIMENSIONS):
                s.m_taste[target, i] += s.a_taste[account, i] / math.sqrt(length)
    if new[1]:
        s.a_sources[account] += 1
        s.m_accounts[source] += 1
    if new[2]:
        s.m_targets[source] += 1
        s.m_reached_from[target] += 1


@njit(cache=True, nogil=True)
def _pass(columns, pairs, s, directions, scored):  # type: ignore[no-untyped-def]
    path = np.zeros(len(columns.time), np.float32)
    for row in range(len(columns.time)):
        now, account = columns.time[row], columns.account[row]
        source, target = columns.source[row], columns.target[row]
        if s.a_day[account] != now // DAY:
            s.a_day[account] = now // DAY
            s.a_days[account] += 1
        if s.m_day[source] != now // DAY:
            s.m_day[source] = now // DAY
            s.m_days[source] += 1
        new = (
            not pairs.target_seen[pairs.target[row]],
            not pairs.source_seen[pairs.source[row]],
            not pairs.edge_seen[pairs.edge[row]],
        )
        news = new[0] or new[1] or new[2]
        confidence = _confidence(s.network, now, news, columns.failed[row])
        terms = scored.terms[row]
        # Most logons are of known pairs: calls with the whole state are kept for the others.
        if news:
            _own(s, account, source, target, new, terms)
            _bursts(s, account, source, now, new, terms)
            for i in range(len(terms)):
                terms[i] *= confidence
            scored.own[row] = terms[0] + terms[1] + terms[2]
        origin = -1
        if s.m_arrived[source] > 0:
            terms[3], origin = _chain(s.m_arrivals[source], columns, scored.own[row], path, row, terms[1])
        path[row] = scored.own[row] + terms[3]
        scored.score[row] = path[row] + terms[4] + terms[5]
        scored.root[row] = source
        if terms[3] > CHAINED:
            scored.root[row], scored.follows[row] = scored.root[origin], origin
        if columns.failed[row]:
            continue
        if scored.own[row] > NOTABLE:
            s.m_arrivals[target, s.m_arrived[target] % ARRIVALS] = row
            s.m_arrived[target] += 1
        if news:
            _learn(s, account, source, target, now, new, directions)
        pairs.target_seen[pairs.target[row]] = True
        pairs.source_seen[pairs.source[row]] = True
        pairs.edge_seen[pairs.edge[row]] = True


def score(columns: Columns, accounts: int, machines: int) -> Scored:
    """Score logons in order of time; a failed one is scored and teaches nothing."""
    rows = len(columns.time)
    numbers = [
        numbered(columns.account, columns.target),
        numbered(columns.account, columns.source),
        numbered(columns.source, columns.target),
    ]
    rows_of, seen = [row for row, _ in numbers], [np.zeros(count, np.bool_) for _, count in numbers]
    pairs = _Pairs(rows_of[0], rows_of[1], rows_of[2], seen[0], seen[1], seen[2])
    state = _empty(accounts, machines, int(columns.time[0]) if rows else 0)
    directions = (2 * np.random.default_rng(5).integers(0, 2, (machines, DIMENSIONS)) - 1).astype(np.float32)
    scored = Scored(
        np.zeros((rows, len(TERMS)), np.float32),
        np.zeros(rows, np.float32),
        np.zeros(rows, np.float32),
        np.full(rows, -1, np.int64),
        np.zeros(rows, np.int32),
    )
    _pass(columns, pairs, state, directions, scored)
    return scored


def _empty(accounts: int, machines: int, begin: int) -> _State:
    made: dict[str, npt.NDArray[Any]] = {}
    for name in _State._fields:
        size = accounts if name.startswith("a_") else machines
        if name.endswith("_taste"):
            made[name] = np.zeros((size, DIMENSIONS), np.float32)
        elif name.endswith(("_day", "_at")):
            made[name] = np.full(size, -1, np.int64)
        else:
            made[name] = np.zeros(size)
    made["m_arrivals"] = np.full((machines, ARRIVALS), -1, np.int64)
    made["m_arrived"] = np.zeros(machines, np.int64)
    made["network"] = np.array([0.0, 0.0, 0.0, float(begin)])
    return _State(**made)
