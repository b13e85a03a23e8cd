"""Work on a case, telling each thing once it is acknowledged; killed from outside. WORKSPACE [CASE]."""

import sys
from pathlib import Path

from graph_hunt.casework.cases import Note, add, get, open_case, template
from graph_hunt.casework.cases.answering import answer
from graph_hunt.settings import Settings
from tests.case_stories import opened
from tests.phishing_story import ANN, OUTSIDE


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(place: Path, case: int | None) -> None:
    laid = template.find("phishing")
    given = {"accounts": (ANN, "CORP\\ann"), "senders": ("evil.example",), "ips": (OUTSIDE,), "hosts": ("PC1",)}
    with opened(Settings(place)) as (state, workspace):
        id = open_case(state, laid.opening(given), who="ann").head.id if case is None else case
        say("case", id)
        for step, item in answer(state, workspace, id, laid, who="ann", rest=True):
            say("step", step.id, item.entry.state)
            say("note", add(state, id, Note(f"seen {step.id}"), who="ann").number)
        say("whole", len(get(state, id).items))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
