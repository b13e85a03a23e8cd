"""Logons told in a few words, and a slow ranking of them in plain Python to compare the pass with."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graph_hunt.hunting.ranking.kernel import DIMENSIONS, Columns

DAY = 86_400_000
HOUR = 3_600_000
Logon = tuple[int, int, int, int, bool]
"""When, the account, the source, the target (numbers), and whether it failed."""


def columns(logons: list[Logon]) -> Columns:
    """Give logons as the pass reads them."""
    time, account, source, target, failed = zip(*logons, strict=True) if logons else ((), (), (), (), ())
    return Columns(
        np.array(time, np.int64),
        np.array(account, np.int32),
        np.array(source, np.int32),
        np.array(target, np.int32),
        np.array(failed, np.bool_),
    )


@dataclass
class Reference:
    """What docs/ranking.md says, from the whole history for each logon."""

    machines: int
    terms: list[dict[str, float]] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    path: list[float] = field(default_factory=list)
    root: list[int] = field(default_factory=list)
    confidence: list[float] = field(default_factory=list)

    def run(self, logons: list[Logon]) -> "Reference":
        """Go over the logons in order of time."""
        self.logons = logons
        random = np.random.default_rng(5).integers(0, 2, (self.machines, DIMENSIONS))
        self.direction = (2 * random - 1).astype(float)
        self.taste: dict[int, Any] = defaultdict(lambda: np.zeros(DIMENSIONS))
        self.drawn: dict[int, Any] = defaultdict(lambda: np.zeros(DIMENSIONS))
        for now in range(len(logons)):
            self._one(now)
        return self

    def _known(self, now: int) -> list[Logon]:
        return [one for one in self.logons[:now] if not one[4]]

    def _new(self, now: int) -> tuple[bool, bool, bool]:
        _, account, source, target, _ = self.logons[now]
        known = self._known(now)
        return (
            all((one[1], one[3]) != (account, target) for one in known),
            all((one[1], one[2]) != (account, source) for one in known),
            all((one[2], one[3]) != (source, target) for one in known),
        )

    def _confidence(self, now: int) -> float:
        at = self.logons[now][0]
        kept = {row: math.exp(-(at - one[0]) / DAY) for row, one in enumerate(self.logons[:now]) if not one[4]}
        news = sum(weight for row, weight in kept.items() if any(self._new(row)))
        return min(1.0, max(0.25, -math.log2(min(1.0, (news + 1) / (sum(kept.values()) + 1))) / 7))

    def _one(self, now: int) -> None:
        _, account, source, target, failed = self.logons[now]
        known, new = self._known(now), self._new(now)
        met = {(one[1], one[3]) for one in known}
        used = {(one[1], one[2]) for one in known}
        edges = {(one[2], one[3]) for one in known}
        days_a = len({one[0] // DAY for one in self.logons[: now + 1] if one[1] == account})
        days_s = len({one[0] // DAY for one in self.logons[: now + 1] if one[2] == source})

        def rarity(count: int) -> float:
            return max(0.0, min(10.0, -math.log2((count + 1) / (len(met) / 50 + 60))))

        def bits(share: float) -> float:
            return -math.log2(min(1.0, share))

        term = dict.fromkeys(("target", "source", "edge"), 0.0)
        if new[0]:
            mine, reached = sum(a == account for a, _ in met), sum(t == target for _, t in met)
            a, d = self.taste[account], self.drawn[target]
            lengths = float(np.linalg.norm(a) * np.linalg.norm(d))
            like = max(0.0, min(1.0, float(a @ d) / lengths)) if lengths else 0.0
            settled = 5 * (1 - like) if mine >= 3 and reached >= 3 else 0.0
            rate = bits((mine + 0.3) / (3 * days_a + 2))
            term["target"] = max(0.0, (rate + rarity(reached) / 2) * (1 - 0.8 * like) + settled)
        if new[1]:
            rate = bits((sum(a == account for a, _ in used) + 0.2) / (2 * days_a + 2))
            term["source"] = max(0.0, rate + 2 - min(4, math.log2(1 + sum(s == source for _, s in used))))
        if new[2]:
            rate = bits((sum(s == source for s, _ in edges) + 0.3) / (3 * days_s + 2))
            term["edge"] = max(0.0, rate + 0.3 * rarity(sum(t == target for _, t in edges)))
        confidence = self._confidence(now)
        term = {name: value * confidence for name, value in term.items()}
        own = sum(term.values())
        term["chain"], origin = self._chain(now, own, term["source"])
        self.terms.append(term)
        self.own.append(own)
        self.path.append(own + term["chain"])
        self.root.append(self.root[origin] if term["chain"] > 6 else source)
        if not failed and new[0]:
            self.taste[account] += self.direction[target] / math.sqrt(1 + sum(t == target for _, t in met))
            self.drawn[target] += self.taste[account] / np.linalg.norm(self.taste[account])

    def _chain(self, now: int, own: float, new_source: float) -> tuple[float, int]:
        at, account, source, _, _ = self.logons[now]
        arrivals = [
            k for k in range(now) if self.logons[k][3] == source and not self.logons[k][4] and self.own[k] > 0.5
        ]
        best, origin = 0.0, -1
        for k in arrivals[-8:]:
            age = at - self.logons[k][0]
            if age <= 2 * DAY:
                carried = 0.8 * self.path[k] * math.exp(-age / DAY)
                carried += new_source if self.logons[k][1] != account else 0.0
                if carried > best:
                    best, origin = carried, k
        return (best if own >= 0.5 else best * 0.25), origin
