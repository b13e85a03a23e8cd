"""Measures the ranking on generated LANL-format telemetry, beside two simple rankings, and writes docs/accuracy.md.

    .venv/bin/python bench/evaluate.py --seeds 211 212 213 214 215 216 217 218 --hard 311 312 313 314 --write

Each seed is generated, loaded by the loader, resolved and ranked as a user's telemetry is, in a process of its own. A
campaign counts as found where the top logon of an incident within the budget is its own. Constants were chosen on seeds
101 to 104 of either generator; those are not to be reported. Generated telemetry: these figures say nothing of LANL's
own or of any network's.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
from evaluate_page import written
from stored import stored
from telemetry import ROOT, SHARED

from graph_hunt.events.resolve import resolve
from graph_hunt.hunting.ranking.calibration import p_values, q_values, standing, tested, within
from graph_hunt.hunting.ranking.kernel import DAY, score
from graph_hunt.hunting.ranking.logons import Logons, collect
from graph_hunt.hunting.ranking.pairs import numbered
from graph_hunt.hunting.ranking.ranking import Ranked

BUDGET = 9
HISTORY = 5
"""Days before the first campaign: what an analyst who hunts in a window has behind it."""
RATES = (0.05, 0.1, 0.2)
CAMPAIGNS = {"generator": 32, "hard": 36}
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Incidents:
    """What a ranking made: each incident's day, score and top logon."""

    day: Ints
    score: npt.NDArray[np.float64]
    top: Ints


def truth(folder: Path, logons: Logons) -> tuple[Ints, list[dict[str, str]]]:
    """Give each logon's campaign, -1 for none, and what the campaigns are."""
    accounts = {key: number for number, key in enumerate(logons.accounts["key"].to_pylist())}
    machines = {key: number for number, key in enumerate(logons.machines["key"].to_pylist())}
    c = logons.columns
    bad: dict[tuple[int, int, int, int], int] = {}
    with (folder / "truth.csv").open() as lines:
        for line in csv.DictReader(lines):
            name, _, domain = line["user"].casefold().partition("@")
            account = accounts.get(f"{domain}\\{name}", -1)
            source, target = machines.get(line["src"].casefold(), -1), machines.get(line["dst"].casefold(), -1)
            bad[(int(line["time"]) - 1) * 1000, account, source, target] = int(line["campaign"])
    campaign = np.full(len(logons), -1, np.int64)
    times = {time for time, *_ in bad}
    for row in np.flatnonzero(np.isin(c.time, np.array(sorted(times), np.int64))):
        known = (int(c.time[row]), int(c.account[row]), int(c.source[row]), int(c.target[row]))
        campaign[row] = bad.get(known, -1)
    told: list[dict[str, str]] = json.loads((folder / "campaigns.json").read_text())
    return campaign, told


def news(logons: Logons) -> npt.NDArray[np.bool_]:
    """Tell for each logon which of its pairs (account and target, account and source, source and target) are new."""
    c = logons.columns
    worked = np.flatnonzero(~c.failed)
    new = np.zeros((len(logons), 3), bool)
    for column, (one, other) in enumerate(((c.account, c.target), (c.account, c.source), (c.source, c.target))):
        pair, count = numbered(one, other)
        first = np.full(count, len(logons), np.int64)
        np.minimum.at(first, pair[worked], worked)
        new[:, column] = np.arange(len(logons)) <= first[pair]
    return new


def simple(logons: Logons, points: npt.NDArray[np.float64]) -> Incidents:
    """Rank (source, day) by the points of its logons; the first logon with most points is on top."""
    rows = np.flatnonzero(points > 0)
    c = logons.columns
    group = c.source[rows].astype(np.int64) << 32 | c.time[rows] // DAY
    order = np.lexsort((rows, -points[rows], group))
    rows, group = rows[order], group[order]
    begins = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return Incidents(group[begins] & 0xFFFFFFFF, np.add.reduceat(points[rows], begins), rows[begins])


def judged(found: Incidents, campaign: Ints, first_day: int, days: int) -> dict[str, Any]:
    """Say which campaigns are found within the budget, and how the incidents stand."""
    chosen = np.flatnonzero(found.day >= first_day)
    order = chosen[np.argsort(-found.score[chosen], kind="stable")]
    mine = campaign[found.top[order]]
    bad = mine >= 0
    within_budget = mine[: BUDGET * (days - first_day)]
    precision = np.cumsum(bad) / np.arange(1, len(bad) + 1)
    good = np.count_nonzero(~bad)
    above = np.cumsum(~bad)[bad]
    return {
        "found": sorted({int(one) for one in within_budget if one >= 0}),
        "false_a_day": float(np.count_nonzero(within_budget < 0) / (days - first_day)),
        "ap": float(precision[bad].mean()) if bad.any() else 0.0,
        "auc": float(1 - above.mean() / good) if bad.any() and good else 0.0,
    }


def calibrated(ranked: Ranked, campaign: Ints) -> dict[str, Any]:
    """Cut at false discovery rates, compared with the days before any campaign; and test those days on themselves."""
    groups = ranked.groups
    past = within(groups, DAY + DAY - 1, HISTORY * DAY)
    later = np.flatnonzero(groups.day >= HISTORY)
    stands = standing(groups)
    p = p_values(stands[past], stands[later])
    q = q_values(p)
    source = ranked.logons.column("source")
    sources = set(source[campaign >= 0].tolist())
    told: dict[str, Any] = {"sources": len(sources), "past": len(past), "rates": {}}
    for rate in RATES:
        reported = later[q <= rate]
        mine = campaign[groups.top[reported]]
        rows = np.concatenate([groups.members(one) for one in reported]) if len(reported) else np.empty(0, np.int64)
        told["rates"][str(rate)] = {
            "reported": len(reported),
            "false": int(np.count_nonzero(mine < 0)),
            "found": sorted({int(one) for one in mine if one >= 0}),
            "sources": len(sources & set(source[rows[campaign[rows] >= 0]].tolist())),
        }
    clean = tested(groups, DAY + DAY - 1, HISTORY * DAY, RATES[0])
    told["clean"] = {"days": clean.days, "incidents": clean.incidents, "reported": clean.reported}
    told["clean"]["at_most"] = {str(share): number for share, number in clean.at_most.items()}
    return told


def one(kind: str, seed: int, events: int) -> dict[str, Any]:
    """Generate, load and measure one seed."""
    script = SHARED / "bench" / "gen_lanl.py" if kind == "generator" else ROOT / "bench" / "hard_lanl.py"
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        given = ["--events", events, "--seed", seed, "--campaigns", CAMPAIGNS[kind], "--out", folder, "--workers", 1]
        subprocess.run([sys.executable, str(script), *map(str, given)], check=True, stdout=subprocess.DEVNULL)
        begun = time.perf_counter()
        store = stored(folder / "auth.txt", folder / "events")
        load_s, begun = time.perf_counter() - begun, time.perf_counter()
        with closing(store.connection()) as connection:
            resolve(connection)
            logons = collect(connection)
        collect_s = time.perf_counter() - begun
        campaign, told = truth(folder, logons)
    ranked = Ranked(logons)
    begun = time.perf_counter()
    score(logons.columns, len(logons.accounts), len(logons.machines))
    pass_s = time.perf_counter() - begun
    new, days = news(logons), int(logons.columns.time[-1] // DAY) + 1
    groups = ranked.groups
    ways = {
        "unseen edge": simple(logons, new[:, 2].astype(float)),
        "count of new pairs": simple(logons, new.sum(axis=1).astype(float)),
        "ranking": Incidents(groups.day, groups.score, groups.top),
    }
    return {
        "kind": kind,
        "seed": seed,
        "campaigns": [{"goal": each["goal"], "stealth": each["stealth"]} for each in told],
        "matched": int(np.count_nonzero(campaign >= 0)),
        "late": {name: judged(way, campaign, HISTORY, days) for name, way in ways.items()},
        "whole": {name: judged(way, campaign, 0, days) for name, way in ways.items()},
        "calibrated": calibrated(ranked, campaign),
        "logons": len(logons),
        "seconds": {"load": load_s, "collect": collect_s, "pass": pass_s},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _alone(kind: str, seed: int, events: int) -> dict[str, Any]:
    """Measure one seed in a process of its own, and say how it went."""
    command = [sys.executable, __file__, "--events", str(events), "--one", kind, str(seed)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    late = result["late"]["ranking"]
    print(
        f"{kind} {seed}: {len(late['found'])} of {len(result['campaigns'])} campaigns, "
        f"{late['false_a_day']:.1f} false a day, AP {late['ap']:.2f}",
        file=sys.stderr,
        flush=True,
    )
    return result


def main() -> None:
    """Measure each seed in a process of its own, and write the page."""
    number = lambda text: int(text.replace("_", ""))  # noqa: E731
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=number, default=10_000_000)
    parser.add_argument("--seeds", type=int, nargs="*", default=[], help="seeds of the shared generator")
    parser.add_argument("--hard", type=int, nargs="*", default=[], help="seeds of bench/hard_lanl.py")
    parser.add_argument("--workers", type=int, default=1, help="seeds measured at a time; 1 GB of memory each")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/accuracy.md")
    parser.add_argument("--one", nargs=2, metavar=("KIND", "SEED"), help="measure one, as JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one[0], int(options.one[1]), options.events)))
        return
    asked = [("generator", seed) for seed in options.seeds] + [("hard", seed) for seed in options.hard]
    with ThreadPoolExecutor(options.workers) as pool:
        done = list(pool.map(lambda each: _alone(*each, options.events), asked))
    results = defaultdict(list)
    for result in done:
        results[result["kind"]].append(result)
    page = written(dict(results), options.events)
    if options.write:
        file = ROOT / "docs" / "accuracy.md"
        before, _, rest = file.read_text().partition("<!-- generated: bench/evaluate.py -->\n")
        after = rest.partition("<!-- end of generated -->")[2]
        file.write_text(f"{before}<!-- generated: bench/evaluate.py -->\n{page}<!-- end of generated -->{after}")
    else:
        print(page)


if __name__ == "__main__":
    main()
