"""Makes harder LANL-format telemetry of the shared generator's world: stealthier campaigns among more benign news.

    python bench/hard_lanl.py --events 10_000_000 --seed 301 --campaigns 36 --out DIR

The world, its habits and the files are the generator's own. Campaigns are slow (days between hops), targeted (three to
six logons), kept to pairs of source and target that were seen before, kept to an account's own hosts, or stars of one
source. Benign news are scanners, deployments, staff that changes its work, and administrators on machines they never
touched. Generated telemetry: it says nothing of LANL's own or of any network's.
"""

import sys
from typing import Any

import numpy as np
from telemetry import SHARED

sys.path.insert(0, str(SHARED / "bench"))
import gen_lanl  # type: ignore[import-not-found]

GOALS = ("slow", "targeted", "seen", "habit", "star", "mixed")
_GAP = {"slow": (11.2, 0.6), "targeted": (8.5, 1.2), "seen": (8.0, 1.0), "habit": (8.0, 1.0), "star": (7.5, 1.2)}
"""Median (its logarithm in seconds) and spread of the time between hops."""
_HOPS = {"slow": (5, 12), "targeted": (3, 7), "seen": (6, 20), "habit": (6, 20), "star": (12, 60), "mixed": (8, 25)}


class _Plot:
    """Campaigns in the making."""

    def __init__(self, world: Any, random: np.random.Generator) -> None:
        self.world, self.random = world, random
        self.on_host: dict[int, list[int]] = {}
        for account in range(world.NU):
            self.on_host.setdefault(int(world.home[account]), []).append(account)
        for account, host in zip(np.repeat(np.arange(world.NU), np.diff(world.sptr)), world.src2, strict=True):
            self.on_host.setdefault(int(host), []).append(int(account))

    def habits(self, account: int) -> Any:
        return self.world.dst[self.world.dptr[account] : self.world.dptr[account + 1]]

    def next_target(self, goal: str, account: int, source: int) -> int:
        world, random = self.world, self.random
        if goal == "habit":
            return int(random.choice(self.habits(account)))
        if goal == "seen":
            there = self.on_host.get(source) or [account]
            return int(random.choice(self.habits(int(random.choice(there)))))
        return int(random.choice(world.srv) if random.random() < 0.55 else random.choice(world.ws))

    def campaign(self, number: int, goal: str) -> list[tuple[float, int, int, int, int, int, int, bool]]:
        world, random = self.world, self.random
        regular = np.flatnonzero(world.kind[: world.U] == 0)
        first = int(random.choice(regular))
        foothold = int(world.home[first])
        owned, accounts = [foothold], [first]
        if goal == "star":
            accounts += [int(one) for one in random.choice(regular, int(random.integers(5, 20)), replace=False)]
        latest = 0.7 if goal == "slow" else 0.95
        at = (world.days * random.uniform(0.4, latest)) // 1 * gen_lanl.DAY + random.integers(9, 17) * 3600.0
        median, spread = _GAP.get(goal, (8.0, 1.0))
        rows: list[tuple[float, int, int, int, int, int, int, bool]] = []
        for _ in range(int(random.integers(*_HOPS[goal]))):
            at += random.lognormal(median, spread)
            source = foothold if goal == "star" else int(owned[-1] if random.random() < 0.7 else random.choice(owned))
            here = [one for one in accounts if one in self.on_host.get(source, ())]
            account = int(random.choice(accounts if goal == "star" or not here else here))
            target = self.next_target(goal, account, source)
            if target == source or at > world.days * gen_lanl.DAY - 60:
                continue
            rows.append((at, account, source, target, 0, number, len(rows), account != first))
            if target not in owned:
                owned.append(target)
            stolen = [one for one in self.on_host.get(target, ()) if one not in accounts]
            if stolen and goal != "star":
                accounts.append(int(random.choice(stolen)))
        return rows


def _news(world: Any, random: np.random.Generator) -> list[tuple[float, int, int, int]]:
    """Make benign logons of pairs that are new: who, from where, to where."""
    rows: list[tuple[float, int, int, int]] = []

    def visit(account: int, source: int, targets: Any, begin: float, gap: float) -> None:
        times = begin + np.cumsum(random.exponential(gap, len(targets)))
        rows.extend((float(at), account, source, int(one)) for at, one in zip(times, targets, strict=True))

    def morning() -> float:
        return float(random.integers(1, world.days) * gen_lanl.DAY + random.integers(7, 17) * 3600)

    for account in random.choice(world.svc, 3, replace=False):
        visit(int(account), int(world.home[account]), random.choice(world.ws, 300), morning(), 5)
    for account in random.choice(world.svc, 3, replace=False):
        visit(int(account), int(random.choice(world.srv)), random.choice(world.ws, 400), morning(), 20)
    for account in random.choice(world.U, 60, replace=False):
        source = int(random.choice(world.ws)) if random.random() < 0.5 else int(world.home[account])
        begin, targets = morning(), random.choice(world.srv, 8)
        for day in range(int(random.integers(1, 5))):
            visit(int(account), source, targets, begin + day * gen_lanl.DAY, 1800)
    for number, admin in enumerate(world.adm):
        for _ in range(int(random.integers(0, 4))):
            twin, begin = int(world.padm[number]), morning()
            jump = int(world.home[twin])
            visit(int(admin), int(world.home[admin]), [jump], begin, 60)
            visit(twin, jump, random.choice(world.ws, int(random.integers(1, 10))), begin + 300, 600)
    for account in random.choice(world.U, 250, replace=False):
        visit(int(account), int(world.home[account]), random.choice(world.srv, 2), morning(), 3600)
    end = world.days * gen_lanl.DAY - 60
    return [row for row in rows if row[0] < end and row[2] != row[3]]


def campaigns(world: Any, count: int, total: int) -> tuple[Any, list[tuple[Any, ...]], list[dict[str, Any]]]:
    """Give what the generator's own `campaigns` gives: events, truth, and what the campaigns are."""
    random = np.random.default_rng([world.seed, 11])
    plot = _Plot(world, random)
    goals = [GOALS[number % len(GOALS)] for number in range(count)]
    told = [row for number, goal in enumerate(goals) for row in plot.campaign(number, goal)]
    bad = np.array(told, float).reshape(-1, 8)
    benign = np.array(_news(world, random), float).reshape(-1, 4)
    time, account, source, target = np.concatenate([bad[:, :4], benign]).T
    who, origin, goal_host = account.astype(np.int32), source.astype(np.int32), target.astype(np.int32)
    code = np.full(len(time), 1 + (1 << 4) + (gen_lanl.LOGON << 8), np.int32)
    code[random.random(len(time)) < 0.3] += 1
    events = gen_lanl.finish(world, time, who, who.copy(), origin, goal_host, code)
    parts = [bad[:, 0], bad[:, 1], bad[:, 5], bad[:, 2], bad[:, 3]]
    whole = [part.astype(np.int32) for part in parts[1:]]
    at, user, number, out, into, place = gen_lanl.finish(world, parts[0], *whole, np.arange(len(bad), dtype=np.int32))
    known = set(zip(world.owner.tolist(), world.dst.tolist(), strict=True))
    truth = [
        (int(t), world.uname[a], world.hname[s], world.hname[d], int(c), int(bad[k, 6]), goals[c], "hard",
         int(bad[k, 7]), int((int(bad[k, 1]), int(bad[k, 3])) not in known), 0)
        for t, a, c, s, d, k in zip(at, user, number, out, into, place, strict=True)
    ]  # fmt: skip
    return events, truth, [{"campaign": number, "goal": goal, "stealth": "hard"} for number, goal in enumerate(goals)]


if __name__ == "__main__":
    gen_lanl.campaigns = campaigns
    gen_lanl.main()
