"""A case is worked on by processes that are killed (-9): what was acknowledged is there, and nothing in part."""

import signal
import subprocess
import sys
from pathlib import Path

from graph_hunt.casework.cases import Answer, Case, Judged, Note, Run, get
from graph_hunt.casework.state import State
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.paths import ROOT
from tests.phishing_story import write


def _worked(place: Path, case: str, lines: int) -> list[list[str]]:
    """Let a process work, and kill it once it told so many things; all that it told by then."""
    command = [sys.executable, "-m", "tests.killed_case", str(place), *([case] if case else [])]
    told = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            told.append(line.split())
            if len(told) == lines:
                process.send_signal(signal.SIGKILL)
    assert process.returncode in (0, -signal.SIGKILL)
    return told


def _whole(case: Case) -> bool:
    """Each answer's findings and run are there, and each finding's run."""
    found = {one.entry.id for one in case.each(Judged)}
    runs = {one.number for one in case.each(Run)}
    named = {id for one in case.each(Answer) for id in one.entry.findings}
    asked = {one.entry.run for one in case.each(Answer)} | {one.entry.run for one in case.each(Judged)}
    steps = [one.entry.step for one in case.each(Answer)]
    return named <= found and asked - {None} <= runs and len(set(steps)) == len(steps)


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    place = tmp_path / "w"
    with Workspace.open(Settings(place)) as workspace:
        workspace.load([write(tmp_path / "telemetry")])
    case, told = "", []
    for lines in (1, 2, 5, 6, 40):
        more = _worked(place, case, lines)
        case = more[0][1]
        told += more
        state = State.open(place / "state.db")
        kept = get(state, int(case))
        state.close()
        assert _whole(kept)
        answers = {one.entry.step: one.entry.state for one in kept.each(Answer)}
        assert {words[1]: words[2] for words in told if words[0] == "step"}.items() <= answers.items()
        numbers = {one.number for one in kept.each(Note)}
        assert {int(words[1]) for words in told if words[0] == "note"} <= numbers
    assert told[-1][0] == "whole"
    assert len(answers) == 9
