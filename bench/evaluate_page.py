"""Writes what `evaluate.py` measured as tables."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

NAMES = {"generator": "The shared generator", "hard": "The harder generator (`bench/hard_lanl.py`)"}
_WAYS = ("unseen edge", "count of new pairs", "ranking")


def written(results: dict[str, list[dict[str, Any]]], events: int) -> str:
    """Give the page's part for all kinds of telemetry."""
    return "\n".join(line for kind, seeds in results.items() for line in _kind(NAMES[kind], seeds, events)) + "\n"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _kind(name: str, seeds: Sequence[dict[str, Any]], events: int) -> Iterator[str]:
    total = sum(len(seed["campaigns"]) for seed in seeds)
    numbers = ", ".join(str(seed["seed"]) for seed in seeds)
    yield f"### {name}\n"
    yield f"{events:,} events a seed, seeds {numbers}, {total} campaigns.\n"
    yield "| incidents of | ranked by | campaigns found | false a day | AP | AUC |"
    yield "|---|---|---|---|---|---|"
    for span, words in (("late", "days 6 to 14, five days of history before"), ("whole", "all 14 days, no history")):
        for way in _WAYS:
            told = [seed[span][way] for seed in seeds]
            found = sum(len(one["found"]) for one in told)
            figures = [f"{_mean([one[key] for one in told]):.{places}f}" for key, places in _FIGURES]
            yield f"| {words} | {way} | {found} ({found / total:.0%}) | {' | '.join(figures)} |"
    yield ""
    yield "Campaigns found by the ranking in days 6 to 14, by goal and by stealth:\n"
    yield "| | " + " | ".join(_WAYS) + " |"
    yield "|---|---|---|---|"
    yield from _by(seeds)
    yield ""
    yield from _calibrated(seeds, total)
    yield from _speed(seeds)


_FIGURES = (("false_a_day", 1), ("ap", 2), ("auc", 3))


def _by(seeds: Sequence[dict[str, Any]]) -> Iterator[str]:
    for trait in ("goal", "stealth"):
        of = Counter(one[trait] for seed in seeds for one in seed["campaigns"])
        if len(of) < 2:
            continue
        for value, count in sorted(of.items()):
            cells = []
            for way in _WAYS:
                hits = (seed["campaigns"][number][trait] for seed in seeds for number in seed["late"][way]["found"])
                cells.append(f"{sum(hit == value for hit in hits)} of {count}")
            yield f"| {trait} {value} | {' | '.join(cells)} |"


def _calibrated(seeds: Sequence[dict[str, Any]], total: int) -> Iterator[str]:
    yield "Cut at a false discovery rate instead of a budget, compared with days 2 to 5, which hold no campaign:\n"
    yield "| rate asked for | incidents reported | of these false | campaigns found | attack sources seen |"
    yield "|---|---|---|---|---|"
    sources = sum(seed["calibrated"]["sources"] for seed in seeds)
    for rate in seeds[0]["calibrated"]["rates"]:
        told = [seed["calibrated"]["rates"][rate] for seed in seeds]
        reported, false, found = (
            sum(one["reported"] for one in told),
            sum(one["false"] for one in told),
            sum(len(one["found"]) for one in told),
        )
        seen = sum(one["sources"] for one in told)
        share = f"{false} ({false / reported:.0%})" if reported else "0"
        yield f"| {rate} | {reported} | {share} | {found} of {total} | {seen} of {sources} |"
    clean = [seed["calibrated"]["clean"] for seed in seeds]
    incidents, reported = sum(one["incidents"] for one in clean), sum(one["reported"] for one in clean)
    yield ""
    yield (
        f"The calibration run on those {sum(one['days'] for one in clean)} days without campaigns, each held out in "
        f"turn: {reported} of {incidents:,} incidents reported at 0.05; "
        + ", ".join(
            f"p at most {share}: {sum(one['at_most'][share] for one in clean):,} "
            f"({float(share) * incidents:,.0f} expected)"
            for share in clean[0]["at_most"]
        )
        + ".\n"
    )


def _speed(seeds: Sequence[dict[str, Any]]) -> Iterator[str]:
    rate = _mean([seed["logons"] / seed["seconds"]["pass"] for seed in seeds]) / 1e6
    seconds = {name: _mean([seed["seconds"][name] for seed in seeds]) for name in ("load", "collect", "pass")}
    yield (
        f"Mean of a seed: load {seconds['load']:.0f} s, collect {seconds['collect']:.0f} s, "
        f"the pass over {_mean([seed['logons'] for seed in seeds]):,.0f} logons {seconds['pass']:.2f} s "
        f"({rate:.1f} M logons a second); peak of memory, loading included, {max(s['peak_mb'] for s in seeds):,} MB.\n"
    )
