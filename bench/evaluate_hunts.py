"""Counts what the hunts tell of days without an attack, and writes it into docs/accuracy.md.

    .venv/bin/python bench/evaluate_hunts.py --write

Two months of Microsoft 365 (of the shared data folder), of which the labelled days are set apart; and the days of
generated LANL-format telemetry before its first campaign. What the hunts find in recordings of attacks is in
docs/coverage.md, which `scripts/coverage` writes.
"""

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from telemetry import ROOT, SHARED, lanl

from graph_hunt.hunting.hunt import Level
from graph_hunt.hunting.incidents import Incident, incidents_of
from graph_hunt.hunting.library import all_hunts
from graph_hunt.hunting.runner import run_all
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import resolve
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

DAY = 86_400_000
PAGE = ROOT / "docs" / "accuracy.md"
TRUTH = ROOT / "scripts" / "coverage_truth.toml"
BEGIN, END = "<!-- generated: bench/evaluate_hunts.py -->\n", "<!-- end of generated: bench/evaluate_hunts.py -->\n"
QUIET = 5
"""Days of generated telemetry before its first campaign."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the hunts told of a span: findings by level, and incidents that hold nothing that is labelled."""

    name: str
    days: int
    things: int
    what: str
    findings: Counter[str]
    incidents: tuple[Incident, ...]
    labelled: int


def told(name: str, files: Sequence[Path], label: str, what: str, until: int | None, marked: Sequence[int]) -> Told:
    """Load files, run every hunt up to a time, and set apart incidents in which a labelled moment lies."""
    with TemporaryDirectory() as folder, Workspace.open(Settings(Path(folder))) as workspace:
        workspace.load(files)
        first, last = workspace.span()
        window = resolve(first, last, bucket=workspace.preferences.bucket, until=until)
        hunts, codes = all_hunts(), workspace.events.codes()
        done = list(
            run_all(hunts, workspace.graph, codes, window=window, surprise=surprise_of(workspace, hunts), timeout=600)
        )
        found = [finding for run in done for finding in run.findings]
        stories = incidents_of(workspace.graph, found)
        text = f"MATCH (thing:{label}) RETURN count(thing) AS total"
        things = int(workspace.graph.query(text, {}, timeout=60, limit=1)[0]["total"])
    bad = [one for one in stories if any(one.first_seen - DAY <= at <= one.last_seen + DAY for at in marked)]
    others = tuple(one for one in stories if one not in bad)
    days = -(-(min(last, window.until) - first) // DAY)
    return Told(name, days, things, what, Counter(one.level.value for one in found), others, len(bad))


def labelled() -> list[int]:
    """The times of what is known to have happened in the Microsoft 365 recording."""
    cases = tomllib.loads(TRUTH.read_text(encoding="utf-8"))["case"]
    times = (case["time"] for case in cases if case["file"].startswith("o365_dataset/"))
    return [round(datetime.fromisoformat(time).timestamp() * 1000) for time in times]


def rows(results: Sequence[Told]) -> Iterator[str]:
    """The page's part."""
    yield "| telemetry | days | | findings a day, by level | incidents | a day | a day and each | labelled |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in results:
        levels = ", ".join(
            f"{level.value} {one.findings[level.value] / one.days:.2f}"
            for level in sorted(Level, key=lambda level: -level.rank)
            if one.findings[level.value]
        )
        number = len(one.incidents)
        a_day, each = number / one.days, number / one.days / max(1, one.things)
        cells = (
            one.name,
            one.days,
            f"{one.things:,} {one.what}",
            levels,
            number,
            f"{a_day:.2f}",
            f"{each:.5f}",
            one.labelled,
        )
        yield f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7, 8])
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md")
    given = parser.parse_args()
    cloud = sorted((SHARED / "data" / "o365_dataset").glob("*.csv.gz"))
    results = [told("Microsoft 365, the shared tenant", cloud, "User", "accounts", None, labelled())]
    for seed in given.seeds:
        files = sorted(lanl(given.events, seed).glob("auth*"))
        results.append(told(f"generated, seed {seed}", files, "Host", "hosts", QUIET * DAY, []))
    text = "\n".join(rows(results)) + "\n"
    print(text)
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page[: page.index(BEGIN) + len(BEGIN)] + text + page[page.index(END) :], encoding="utf-8")


if __name__ == "__main__":
    main()
