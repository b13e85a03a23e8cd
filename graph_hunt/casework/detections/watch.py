"""The watch: runs the detections that are due, each at one place at once, raises alerts and tells them.

All it goes by is in the state store: a process that begins anew, after a kill too, goes on where the last one was. What
a run found and that it ran are written in one transaction.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Row, select, update

from graph_hunt.casework.detections import running
from graph_hunt.casework.detections.alerts import Raised, counts, raise_alerts, told
from graph_hunt.casework.detections.detection import Kind, Standing, next_time, now_ms
from graph_hunt.casework.detections.repository import (
    DETECTIONS,
    ensure,
    of_row,
    passed_before,
    rows,
    standing,
)
from graph_hunt.casework.detections.running import Done
from graph_hunt.casework.notifications.deliveries import deliver
from graph_hunt.casework.state import State, leased
from graph_hunt.workspace import Workspace

HELD = 600.0
"""Seconds for which a detection is one process's, should that be killed."""
AGAIN = 300_000
"""Milliseconds after which one that failed is run again."""
EVERY = 10
"""Seconds between two looks of a server."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ran:
    """A detection that was run, what became of it and of what it found."""

    detection: str
    done: Done
    raised: Raised


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look did; `told` counts what channels took."""

    ran: tuple[Ran, ...]
    told: int

    @property
    def new(self) -> int:
        """How many alerts were raised."""
        return sum(len(one.raised.new) for one in self.ran)


class Watch:
    """The detections of one state store over one workspace."""

    def __init__(self, state: State, workspace: Callable[[], Workspace], root: Path) -> None:
        self._state, self._workspace, self._root = state, workspace, root

    def look(self, *, now: int | None = None) -> Looked:
        """Run what is due, and tell what waits; `now` stands for the clock."""
        at = now_ms(now)
        passed_before(self._state, at)
        ensure(self._state, self._root, now=at)
        with self._state.read() as connection:
            enabled = [row for row in rows(connection) if row.enabled]
        ran = []
        if enabled:
            workspace = self._workspace()
            # What a look sees is settled before anything runs: what comes meanwhile is the next one's.
            holds = {kind: running.holds(workspace, self._state, kind) for kind in {Kind(row.kind) for row in enabled}}
            for row in enabled:
                if _due(row, holds, at) and (one := self._run(workspace, row.id, holds, at)) is not None:
                    ran.append(one)
        return Looked(tuple(ran), deliver(self._state, self._root, partial(told, self._state), now=at))

    def _run(self, workspace: Workspace, id: str, holds: dict[Kind, str], at: int) -> Ran | None:
        with leased(self._state, f"detection:{id}", HELD, now=at) as got:
            if not got:
                return None
            with self._state.read() as connection:
                row = connection.execute(select(DETECTIONS).where(DETECTIONS.c.id == id)).first()
            # Another process may have run it since it was looked at.
            if row is None or not row.enabled or not _due(row, holds, at):
                return None
            return self._keep(row, _done(workspace, self._state, row), holds[Kind(row.kind)], at)

    def _keep(self, row: "Row[Any]", done: Done, seen: str, at: int) -> Ran | None:
        detection, failed = of_row(row), done.state == "failed"
        due = next_time(row.schedule, at) if row.schedule else at + AGAIN if failed else None
        values = {"ran": at, "outcome": done.state, "notes": list(done.notes), "due": due}
        values |= {"seen": row.seen if failed else seen, "quiet": row.quiet and failed}
        with self._state.begin() as connection:
            mine = (DETECTIONS.c.id == row.id) & (DETECTIONS.c.version == row.version)
            if not connection.execute(update(DETECTIONS).where(mine).values(**values)).rowcount:
                # It was changed or removed while it ran: what it asks now is asked at the next look.
                return None
            raised = raise_alerts(connection, detection, done.findings, quiet=row.quiet, now=at)
        return Ran(row.id, done, raised)


def all_standing(state: State) -> list[Standing]:
    """Say how all detections stand."""
    with state.read() as connection:
        raised = counts(connection)
        return [standing(row, *raised.get(row.id, (0, 0))) for row in rows(connection)]


class Scheduler:
    """Has a server look again and again; `soon` where there is something new."""

    def __init__(self, watch: Watch, every: float = EVERY) -> None:
        self._watch = watch
        self._jobs = BackgroundScheduler(timezone=UTC)
        self._jobs.add_job(
            self._look,
            "interval",
            seconds=every,
            id="look",
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        """Begin."""
        self._jobs.start()

    def soon(self) -> None:
        """Look at once, or right after the look that is going on."""
        # After the end there is no job left.
        with suppress(JobLookupError):
            self._jobs.modify_job("look", next_run_time=datetime.now(UTC))

    def close(self) -> None:
        """End after the look that is going on."""
        if self._jobs.running:
            self._jobs.shutdown(wait=True)

    def _look(self) -> None:
        try:
            self._watch.look()
        except Exception:
            # The next look may do better; a scheduler that died would be silence.
            _LOG.exception("detections")


def _due(row: "Row[Any]", holds: dict[Kind, str], at: int) -> bool:
    if row.schedule:
        return row.due is not None and row.due <= at
    return row.seen != holds.get(Kind(row.kind)) and (row.due is None or row.due <= at)


def _done(workspace: Workspace, state: State, row: "Row[Any]") -> Done:
    try:
        return running.run(workspace, state, of_row(row))
    except Exception as error:
        _LOG.exception("detection %s", row.id)
        return Done("failed", (f"{type(error).__name__}: the log says more",))
