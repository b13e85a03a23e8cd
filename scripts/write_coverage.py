"""Loads each recording that coverage_truth.toml knows, hunts in it, and writes docs/coverage.md."""

import os
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph_hunt.hunting import runner, window
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.incidents import Incident, incidents_of
from graph_hunt.hunting.library import all_hunts
from graph_hunt.hunting.runner import Run
from graph_hunt.hunting.summary import iso
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("GRAPH_HUNT_SHARED", ROOT.parent / "shared")) / "data"
TRUTH = ROOT / "scripts" / "coverage_truth.toml"
PAGE = ROOT / "docs" / "coverage.md"
NEAR = 15 * 60_000
"""How far a finding's time may lie from the truth's, in ms."""
ASKED = ("user", "source", "target")
WORDS = {"found": "found", "partly": "in part", "beside": "beside it", "missed": "missed"}

INTRO = """\
# What the hunts find in known recordings

`scripts/coverage` writes this page. It loads each recording of the shared data folder alone, at default settings, runs
every hunt, and compares the findings with what is known to have happened (`scripts/coverage_truth.toml`: by hand, from
the recordings' own descriptions and events, never from findings).

- **found**: a finding of the technique (sub-techniques of one count as one) names the user, the source and the target
  that the truth names, at that time;
- **in part**: a finding of the technique at that time lacks some of them, which the last column says;
- **beside it**: only hunts of other techniques name the user or the target at that time;
- **missed**: nothing does; the last column says which hunts of the technique could not see, or found nothing.

'Other' counts the findings of the same recording that are not of the technique, information included; most recordings
hold more than their title says, such as the log that the laboratory cleared before it began. 'Other incidents' are
those without any finding of the technique at that time. 'Hours' are those of the recordings, each of one hour at
least. These are short recordings of single attacks: how many findings a working day brings is measured elsewhere
(`docs/accuracy.md`). A recording of a few seconds has no history, so hunts that compare with habit say so and lower
their scores.

"""


@dataclass(frozen=True, slots=True)
class Case:
    """A recording, and what happened in it."""

    file: str
    truth: str
    attack: tuple[str, ...]
    names: dict[str, frozenset[str]]
    at: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hunts made of a case."""

    case: Case
    state: str
    best: Finding | None
    lacking: tuple[str, ...]
    other: int
    problem: str = ""
    hours: float = 1.0
    incidents: int = 0
    """Those that hold nothing of the case's techniques at its time."""


def cases() -> list[Case]:
    """Read the truth."""
    found = []
    for fields in tomllib.loads(TRUTH.read_text(encoding="utf-8"))["case"]:
        names = {name: frozenset(fields[name]) for name in ASKED if name in fields}
        at = round(datetime.fromisoformat(fields["time"]).timestamp() * 1000) if "time" in fields else None
        found.append(Case(fields["file"], fields["truth"], tuple(fields["attack"]), names, at))
    return found


@dataclass(frozen=True, slots=True)
class Done:
    """What was made of a recording; one shorter than an hour counts as one hour."""

    runs: tuple[Run, ...] = ()
    stories: tuple[Incident, ...] = ()
    hours: float = 1.0


@lru_cache(maxsize=1)
def runs(path: Path) -> Done:
    """Load a recording into a workspace of its own and run every hunt; nothing where no event of it is read."""
    with tempfile.TemporaryDirectory() as folder, Workspace.open(Settings(Path(folder))) as workspace:
        workspace.load([path])
        if not workspace.events.codes():
            return Done()
        first, last = workspace.span()
        span = window.resolve(first, last, bucket=workspace.preferences.bucket)
        done = tuple(runner.run_all(all_hunts(), workspace.graph, workspace.events.codes(), window=span))
        stories = incidents_of(workspace.graph, (finding for run in done for finding in run.findings))
        return Done(done, tuple(stories), max(1.0, (last - first) / 3_600_000))


def judge(case: Case, done: Sequence[Run]) -> Answer:
    """Compare findings with the truth: the one that names most of it counts."""
    found = [finding for run in done for finding in run.findings]
    near = [one for one in found if _near(case, one)]
    own = [one for one in near if _of(case, one.attack)]
    other = sum(1 for one in found if one not in own)
    if own:
        best = max(own, key=lambda one: (-len(_lacking(case, one)), one.level.rank, one.score))
        lacking = _lacking(case, best)
        return Answer(case, "partly" if lacking else "found", best, lacking, other)
    beside = [one for one in near if set(_lacking(case, one)) != set(case.names)] if case.names else []
    if beside:
        best = max(beside, key=lambda one: (-len(_lacking(case, one)), one.score))
        return Answer(case, "beside", best, _lacking(case, best), other - 1)
    return Answer(case, "missed", None, (), other, _why(case, done))


def _of(case: Case, attack: Sequence[str]) -> bool:
    """Whether techniques are the case's; sub-techniques of one technique count as one."""
    return not {one.partition(".")[0] for one in case.attack}.isdisjoint(one.partition(".")[0] for one in attack)


def _why(case: Case, done: Sequence[Run]) -> str:
    """Why nothing was found: no event read, no hunt of the technique, or hunts that saw nothing."""
    own = [run for run in done if _of(case, run.hunt.attack)]
    if not done:
        return "none of its events is read"
    if not own:
        return "no hunt of the technique"
    parts = (
        ("cannot see", [run.hunt.id for run in own if run.cannot_see]),
        ("found nothing then", [run.hunt.id for run in own if not run.cannot_see]),
    )
    return "; ".join(f"{_few(ids)} {what}" for what, ids in parts if ids)


def _few(ids: Sequence[str]) -> str:
    return ", ".join(ids[:4]) + (f" and {len(ids) - 4} more" if len(ids) > 4 else "")


def _near(case: Case, one: Finding) -> bool:
    return case.at is None or one.first_seen - NEAR <= case.at <= one.last_seen + NEAR


def _lacking(case: Case, one: Finding) -> tuple[str, ...]:
    keys = {entity.key for entity in one.entities}
    return tuple(name for name, wanted in case.names.items() if not wanted & keys)


def answer(case: Case) -> Answer:
    """Answer a case; a recording that cannot be loaded is missed, and says why."""
    try:
        done = runs(DATA / case.file)
        judged = judge(case, done.runs)
        own = {one.id for run in done.runs for one in run.findings if _near(case, one) and _of(case, one.attack)}
        others = sum(1 for story in done.stories if own.isdisjoint(one.id for one in story.findings))
        return replace(judged, hours=done.hours, incidents=others)
    except Exception as error:
        return Answer(case, "missed", None, (), 0, f"{type(error).__name__}: {error}")


def page(answers: Sequence[Answer]) -> str:
    """The whole page."""
    lines = [
        INTRO,
        "## In short\n",
        "| source | recordings | found | in part | beside it | missed | hours | other findings | an hour "
        "| other incidents |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    sources = list(dict.fromkeys(_source(one) for one in answers))
    for source in [*sources, "all"]:
        own = [one for one in answers if source in (_source(one), "all")]
        counts = Counter(one.state for one in own)
        hours, others = sum(one.hours for one in own), sum(one.other for one in own)
        cells = [*(str(counts[state]) for state in WORDS), f"{hours:.0f}", str(others), f"{others / hours:.2f}"]
        lines.append(f"| {source} | {counts.total()} | {' | '.join(cells)} | {sum(one.incidents for one in own)} |")
    for source in sources:
        lines += [
            f"\n## {source}\n",
            "| recording | what happened | found | by | lacking or other |",
            "|---|---|---|---|---|",
        ]
        lines += [row(one) for one in answers if _source(one) == source]
    return "\n".join(lines) + "\n"


def row(one: Answer) -> str:
    """A case's row of the table."""
    best = one.best
    by = ""
    if best:
        named = ", ".join(dict.fromkeys(f"{entity.role} {entity.name}" for entity in best.entities[:5]))
        by = f"`{best.hunt}` {best.level.value} {best.score:g}, {iso(best.first_seen)}: {named}"
    remarks = [f"no {name}" for name in one.lacking]
    if one.state == "beside" and best:
        remarks.insert(0, f"told as {', '.join(best.attack)}")
    if one.problem:
        remarks.append(one.problem)
    if one.other:
        remarks.append(f"{one.other} other in {one.hours:.0f} h")
    name = one.case.file.partition("/")[2]
    truth = f"{one.case.truth} ({', '.join(one.case.attack)})"
    cells = (name, truth, WORDS[one.state], by, "; ".join(remarks))
    return f"| {' | '.join(_cell(text) for text in cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _source(one: Answer) -> str:
    return one.case.file.partition("/")[0]


def main(arguments: Sequence[str]) -> None:
    """Write the page, or print the rows of the recordings that an argument names."""
    chosen: Iterable[Case] = cases()
    if arguments:
        chosen = [case for case in chosen if any(part in case.file for part in arguments)]
    answers = []
    for case in chosen:
        answers.append(answer(case))
        shown: Any = answers[-1].best.hunt if answers[-1].best else answers[-1].problem
        print(f"{WORDS[answers[-1].state]:10} {case.file.rpartition('/')[2]}  {shown}", file=sys.stderr)
    if arguments:
        print("\n".join(row(one) for one in answers))
    else:
        PAGE.write_text(page(answers), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
