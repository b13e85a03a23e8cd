"""Measures blast radius on generated LANL telemetry: how well it ranks a campaign's hosts, and how fast it is.

    python bench/blast_radius.py --events 1_000_000 --seeds 7 21 22

From each campaign's first user at the campaign's first event, to the end of the telemetry: at which percentile of the
hosts that the campaign did not log on to do those stand that it did? A host that is not reached counts as likelihood
0, ties as half. Generated telemetry: these figures say nothing of LANL's own or of any network's.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from stored import stored

from graph_hunt.events.resolve import resolve
from graph_hunt.events.store import EventStore
from graph_hunt.hunting.spread.activity import Activity, Entity
from graph_hunt.hunting.spread.blast import LEAST, PACE, Question, blast_radius, search
from graph_hunt.hunting.spread.storage import kept
from tests.paths import SHARED


@dataclass(frozen=True, slots=True)
class Campaign:
    """What the generator's truth says of a campaign."""

    number: int
    goal: str
    stealth: str
    user: Entity
    at: int
    hosts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """How a campaign's hosts stood among the others."""

    campaign: Campaign
    mean: float
    median: float
    above: float
    """Share of them above 95 % of the others."""
    reached: int


def campaigns(folder: Path) -> list[Campaign]:
    """Read truth.csv; second 1 is the epoch."""
    rows = defaultdict(list)
    with (folder / "truth.csv").open() as lines:
        for row in csv.DictReader(lines):
            rows[int(row["campaign"])].append(row)
    return [_campaign(number, sorted(rows[number], key=lambda row: int(row["time"]))) for number in sorted(rows)]


def _campaign(number: int, rows: list[dict[str, str]]) -> Campaign:
    name, _, domain = rows[0]["user"].partition("@")
    hosts = frozenset(row["dst"].casefold() for row in rows if row["fail"] == "0")
    user = Entity("User", f"{domain}\\{name}".casefold())
    return Campaign(number, rows[0]["goal"], rows[0]["stealth"], user, (int(rows[0]["time"]) - 1) * 1000, hosts)


def measure(activity: Activity, campaign: Campaign) -> Measured:
    """Give the percentile at which each of a campaign's hosts stands."""
    _, end = activity.span or (0, 0)
    number = activity.entities.number(campaign.user)
    found = search(activity, Question(number, campaign.at, end, 1, LEAST, PACE))
    likelihood = np.zeros(len(activity.entities))
    likelihood[found.entity] = found.likelihood
    hosts = np.flatnonzero(activity.entities.labelled("Host"))
    keys = activity.entities.table["key"]
    own = np.array([keys[int(host)].as_py() in campaign.hosts for host in hosts])
    others = np.sort(likelihood[hosts[~own]])
    standing = [
        50 * (np.searchsorted(others, one, "left") + np.searchsorted(others, one, "right")) / len(others)
        for one in likelihood[hosts[own]]
    ]
    reached = int(np.count_nonzero(likelihood[hosts]))
    at_least = float(np.mean(np.array(standing) >= 95))
    return Measured(campaign, float(np.mean(standing)), float(np.median(standing)), at_least, reached)


def collected(store: EventStore, folder: Path) -> Activity:
    """Collect a store's activity, or map what an earlier run kept."""

    def connect():  # type: ignore[no-untyped-def]
        connection = store.connection()
        resolve(connection)
        return connection

    return kept(folder, "bench", connect)


def timings(activity: Activity, found: list[Campaign]) -> dict[str, float]:
    """Time whole answers over a week, objects and paths included, once the kernel is compiled; the best of three."""
    blast_radius(activity, found[0].user, found[0].at)
    taken = []
    for campaign in found:
        turns = []
        for _ in range(3):
            begun = time.perf_counter()
            blast_radius(activity, campaign.user, campaign.at)
            turns.append(1000 * (time.perf_counter() - begun))
        taken.append(min(turns))
    return {"median_ms": float(np.median(taken)), "worst_ms": max(taken)}


_COLD = """
import sys, time
begun = time.perf_counter()
from pathlib import Path
from graph_hunt.hunting.spread.activity import Entity
from graph_hunt.hunting.spread.blast import blast_radius
from graph_hunt.hunting.spread.storage import kept
activity = kept(Path(sys.argv[1]), "bench", None)
blast_radius(activity, Entity("User", sys.argv[2]), int(sys.argv[3]))
print(time.perf_counter() - begun)
"""


def cold(folder: Path, campaign: Campaign) -> float:
    """Time a new process from its first import to its answer: the activity kept on disk, Python's byte code too."""
    arguments = [sys.executable, "-c", _COLD, str(folder), campaign.user.key, str(campaign.at)]
    with TemporaryDirectory() as byte_code:
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        given["PYTHONPYCACHEPREFIX"] = byte_code
        given["NUMBA_CACHE_DIR"] = byte_code
        taken = [
            float(subprocess.run(arguments, check=True, capture_output=True, text=True, env=given).stdout)
            for _ in range(3)
        ]
    return min(taken[1:])


def report(seed: str, activity: Activity, measured: list[Measured], seconds: dict[str, float]) -> None:
    """Print one telemetry's campaigns and times."""
    print(f"\n### {seed}: {len(activity):,} acts, {len(activity.entities):,} entities\n")
    print("| campaign | goal | stealth | hosts | reached | mean | median | above 95 % |")
    print("|---|---|---|---|---|---|---|---|")
    for one in measured:
        c = one.campaign
        print(
            f"| {c.number} | {c.goal} | {c.stealth} | {len(c.hosts)} | {one.reached} | {one.mean:.1f} | "
            f"{one.median:.1f} | {100 * one.above:.0f} % |"
        )
    weights = [len(one.campaign.hosts) for one in measured]
    high = 100 * np.average([one.above for one in measured], weights=weights)
    means, medians = np.array([one.mean for one in measured]), np.array([one.median for one in measured])
    print(
        f"\nmean of means {means.mean():.2f}, least {means.min():.1f}; campaigns whose mean is 95 or more "
        f"{np.count_nonzero(means >= 95)} of {len(means)}, whose median is {np.count_nonzero(medians >= 95)}; "
        f"hosts above 95 % {high:.1f} %"
    )
    print(json.dumps({name: round(value, 3) for name, value in seconds.items()}))


def run(name: str, telemetry: Path, work: Path) -> list[Measured]:
    """Load, collect, measure and report one telemetry."""
    seconds = {}
    begun = time.perf_counter()
    store = (
        stored(telemetry / "auth.txt", work / "events")
        if not (work / "events").exists()
        else EventStore.open(work / "events")
    )
    seconds["load_s"] = time.perf_counter() - begun
    begun = time.perf_counter()
    activity = collected(store, work / "spread")
    seconds["resolve_and_collect_s"] = time.perf_counter() - begun
    found = campaigns(telemetry)
    measured = [measure(activity, campaign) for campaign in found]
    seconds |= timings(activity, found)
    seconds["cold_s"] = cold(work / "spread", found[0])
    seconds["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report(name, activity, measured, seconds)
    return measured


def main() -> None:
    """Generate, measure and report each seed."""
    number = lambda text: int(text.replace("_", ""))  # noqa: E731
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=number, default=1_000_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 21, 22])
    parser.add_argument("--keep", type=Path, help="a folder for telemetry and stores, used again by later runs")
    options = parser.parse_args()
    generator = SHARED / "bench" / "gen_lanl.py"
    with TemporaryDirectory() as scratch:
        root = options.keep or Path(scratch)
        for seed in options.seeds:
            folder = root / f"{options.events}-{seed}"
            if not (folder / "truth.csv").exists():
                arguments = ["--events", str(options.events), "--seed", str(seed), "--out", str(folder)]
                subprocess.run([sys.executable, str(generator), *arguments], check=True, capture_output=True)
            run(f"seed {seed}, {options.events:,} events", folder, folder / "work")


if __name__ == "__main__":
    main()
