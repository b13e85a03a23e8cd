"""The hunts' own telemetry: `tests/hunts/<id>/fires.*` must give the findings of `expected.json`, `quiet.*` none.

Indicators in `indicators.txt` are looked for in either.

`python -m tests.hunt_cases ID…` writes `expected.json` anew from what the embedded engine finds: read it before it is
committed, for it is the claim that the tests hold both engines to. Its `parameters`, `since` and `until` stay.
"""

import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from graph_hunt.casework.indicators.drawing import draw
from graph_hunt.casework.indicators.hunt import hunt as look_for
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.reading import read_file
from graph_hunt.casework.indicators.repository import give
from graph_hunt.casework.state import State
from graph_hunt.events.store import EventStore, Resources
from graph_hunt.graph.store import GraphStore
from graph_hunt.hunting import library, runner
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.runner import Run
from graph_hunt.hunting.summary import iso
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace.preferences import Preferences
from graph_hunt.workspace.workspace import Workspace
from tests import engines

CASES = Path(__file__).parent / "hunts"


def telemetry(hunt: str, kind: str) -> list[Path]:
    """The files that fire a hunt, or that must not."""
    return sorted(CASES.joinpath(hunt).glob(f"{kind}*"))


def expected(hunt: str) -> dict[str, Any]:
    """What `expected.json` says."""
    path = CASES / hunt / "expected.json"
    found: dict[str, Any] = orjson.loads(path.read_bytes()) if path.exists() else {}
    return found


def run(
    hunt: str, files: list[Path], graph: GraphStore, folder: Path, scope: Sequence[str] = ()
) -> tuple[Run, list[dict[str, Any]]]:
    """Load files into a workspace on a graph, and run the hunt on it; its findings in the form of `expected.json`."""
    said = expected(hunt)
    events = EventStore.open(folder / "events", Resources())
    workspace = Workspace(folder, Preferences(), events, graph)
    loaded = workspace.load(files)
    assert not loaded.report.bad, [source.problem for source in loaded.report.sources]
    if (listed := CASES / hunt / "indicators.txt").exists():
        with closing(State.open(folder / "state.db")) as state:
            give(state, [one for one in read_file(listed, "the feed") if isinstance(one, Indicator)], who="tests")
            look_for(state, events)
            draw(state, graph)
    window = resolve(*workspace.span(), since=said.get("since"), until=said.get("until"))
    (chosen,) = library.find([hunt])
    done = runner.run(chosen, graph, events.codes(), window=window, parameters=said.get("parameters"), scope=scope)
    return done, [_written(finding, events) for finding in done.findings]


def _written(finding: Finding, events: EventStore) -> dict[str, Any]:
    rows = events.evidence(finding.evidence)
    assert len(rows) >= len(finding.evidence), "evidence that no event has"
    return {
        "summary": finding.summary,
        "level": finding.level.value,
        "score": finding.score,
        "first_seen": iso(finding.first_seen),
        "last_seen": iso(finding.last_seen),
        "entities": [f"{one.role}: {one.label} {one.key}" for one in finding.entities],
        "details": dict(finding.details),
        "evidence": sorted({f"{iso(row['time'])} {row['code']}" for row in rows}),
    }


def write(hunt: str) -> None:
    """Write `expected.json` of a hunt."""
    said = {key: value for key, value in expected(hunt).items() if key in ("parameters", "since", "until")}
    with tempfile.TemporaryDirectory() as folder:
        done, findings = run(hunt, telemetry(hunt, "fires"), engines.empty_kglite(), Path(folder))
    if done.cold_start:
        said["cold_start"] = True
    text = orjson.dumps({**said, "findings": findings}, option=orjson.OPT_INDENT_2).decode()
    (CASES / hunt / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(name)
