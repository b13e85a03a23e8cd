"""Loads an uploaded file in a process of its own: the server goes on answering, and a crash costs only that load.

What to load comes as a line of JSON on standard input; the process ends when that is closed, so that none outlives its
server. It says how far it is as lines of JSON on standard output, and what came of it in the last.
"""

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from graph_hunt import loaders
from graph_hunt.casework.after import meet
from graph_hunt.casework.state import State
from graph_hunt.errors import GraphHuntError, StoreBusy, WorkspaceBusy
from graph_hunt.events.source import Options
from graph_hunt.settings import Neo4jTarget, Settings
from graph_hunt.workspace import Loaded, Workspace
from graph_hunt.workspace.loading import Outcome, SourceReport

SOURCES = 500
"""Sources of one load that are told of one by one, those with something wrong first."""
_EVERY = 0.25
"""Seconds between two lines about how far it is."""
_AGAIN = 1.0
"""Seconds between two tries where another load holds the workspace."""
_NICE = 10
_SERIOUS = (Outcome.BROKEN, Outcome.UNREADABLE, Outcome.UNCLAIMED)


class _Progress:
    """Says how far it is, now and then."""

    def __init__(self) -> None:
        self.records, self._at = 0, 0.0

    def reading(self, source: str, more: int) -> None:
        self.records += more
        self._say({"phase": "reading", "records": self.records, "source": source})

    def writing(self, what: str, done: int, of: int) -> None:
        self._say({"phase": what, "records": self.records, "done": done, "of": of})

    def _say(self, told: Mapping[str, Any]) -> None:
        if time.monotonic() - self._at >= _EVERY:
            self._at = time.monotonic()
            say(told)


def say(told: Mapping[str, Any]) -> None:
    """Write a line for the server."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Load what standard input says."""
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_ends_with_server, daemon=True).start()
    if hasattr(os, "nice"):
        # People who ask come before the load.
        os.nice(_NICE)
    settings = _settings(asked["settings"])
    try:
        while True:
            try:
                say({"result": _load(settings, Path(asked["path"]), asked)})
                return
            except (WorkspaceBusy, StoreBusy):
                say({"phase": "waiting"})
                time.sleep(_AGAIN)
    except GraphHuntError as error:
        say({"problem": str(error).replace(str(Path(asked["path"]).parent) + os.sep, "")})


def _ends_with_server() -> None:
    # Not by sys.stdin, whose lock a thread that waits would hold when the interpreter ends.
    while os.read(0, 4096):
        pass
    # A load may be killed at any moment; what was committed stays, the rest is done again.
    os._exit(9)


def _settings(told: dict[str, Any]) -> Settings:
    server = told.pop("neo4j")
    return Settings(Path(told.pop("workspace")), Neo4jTarget(**server) if server else None, **told)


def _options(told: Mapping[str, Any]) -> Options:
    epoch = {"epoch": datetime.fromisoformat(told["epoch"])} if "epoch" in told else {}
    return Options(**{**told, **epoch})


def _load(settings: Settings, path: Path, asked: Mapping[str, Any]) -> dict[str, Any]:
    chosen = next((one for one in loaders.all_loaders() if one.name == asked["loader"]), None)
    told = _Progress()
    with Workspace.open(settings) as opened:
        options = _options(asked["options"])
        loaded = opened.load([path], options, loader=chosen, progress=told.reading, advance=told.writing)
        say({"phase": "following", "records": told.records})
        state = State.open(settings.state_store)
        try:
            met = meet(opened, state)
        finally:
            state.close()
    return {**account(loaded, path), "sightings": met}


def account(loaded: Loaded, path: Path) -> dict[str, Any]:
    """Tell what came of a load; sources are named from the file on."""
    report = loaded.report
    serious = sorted(report.sources, key=lambda one: (one.outcome not in _SERIOUS, not one.quarantined))
    return {
        "records": report.total("records"),
        "used": report.total("used"),
        "not_used": report.total("unused"),
        "quarantined": report.total("quarantined"),
        "reasons": dict(sum((one.quarantined for one in report.sources), Counter[str]()).most_common(100)),
        "rows": dict(sum((one.rows for one in report.sources), Counter[str]())),
        "duplicates": dict(report.duplicates),
        "edges": sum(loaded.applied.edges.values()),
        "rebuilt": loaded.applied.rebuilt or None,
        "seconds": round(report.seconds + loaded.seconds, 3),
        "sources": len(report.sources),
        "told": [_source(one, path) for one in serious[:SOURCES]],
    }


def _source(one: SourceReport, path: Path) -> dict[str, Any]:
    folder = str(path.parent) + os.sep
    return {
        "name": one.name.removeprefix(folder),
        "outcome": one.outcome.value,
        "loader": one.loader or None,
        "records": one.records,
        "used": one.used,
        "not_used": dict(one.unused.most_common(100)),
        "quarantined": dict(one.quarantined.most_common(100)),
        "rows": dict(one.rows),
        "problem": one.problem.replace(folder, "") or None,
    }


if __name__ == "__main__":
    main()
    # All is closed and said; the thread that waits for the server's end is not waited for.
    os._exit(0)
