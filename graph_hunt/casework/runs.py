"""Runs of hunts, kept: acknowledged once they are written down, worked off by threads, taken up again after a restart.

What one hunt found is written in one transaction, so that a run that is taken up again neither loses nor repeats it.
"""

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy import update as changed

from graph_hunt.casework.holder import gone, holder
from graph_hunt.casework.news import NEWS
from graph_hunt.casework.state import METADATA, Area, State, register
from graph_hunt.errors import GraphHuntError, Overloaded, ParameterError, UnknownRun
from graph_hunt.graph.store import asking
from graph_hunt.hunting import library
from graph_hunt.hunting.finding import Finding, restored
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.runner import LIMIT, TIMEOUT, run
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import Window
from graph_hunt.workspace import Workspace

RUNS = Table(
    "hunt_run",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("who", String(320), nullable=False),
    Column("asked", JSON, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("problem", String(1024)),
    Column("total", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("started", BigInteger),
    Column("ended", BigInteger),
    Column("holder", String(320), nullable=False),
    Column("until", BigInteger, nullable=False),
)
OUTCOMES = Table(
    "hunt_run_outcome",
    METADATA,
    Column("run", String(16), ForeignKey("hunt_run.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("outcome", JSON, nullable=False),
)
FINDINGS = Table(
    "hunt_run_finding",
    METADATA,
    Column("run", String(16), ForeignKey("hunt_run.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("finding", JSON, nullable=False),
)
register(Area("runs", 1, (RUNS, OUTCOMES, FINDINGS)))

OPEN = ("queued", "running")
WAITING = 100
"""Runs that may be open at once."""
KEEP = 90 * 86_400_000
"""Milliseconds for which a run that is over is kept."""
MOST = 1_000
"""Runs that are kept at most, the newest."""
_WORKERS = 2
_HELD = int(TIMEOUT * 3_000)
"""Milliseconds for which a run is one server's, from the last hunt that it finished."""
_AT_ONCE = 100
"""Runs that are let go of at once."""
_READ = 8
"""Runs whose findings are kept at hand."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to run: hunts, by id, with parameters, in a window, on keys."""

    hunts: tuple[str, ...]
    window: Window
    parameters: Mapping[str, Any]
    scope: tuple[str, ...] = ()
    timeout: float = TIMEOUT
    """Seconds that each hunt may take."""
    limit: int = LIMIT
    """Rows that each hunt may return."""
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Values for one hunt only, by its id; they count before `parameters`."""

    def of(self, hunt: Hunt) -> dict[str, Any]:
        """The values that a hunt takes."""
        names = {parameter.name for parameter in hunt.parameters}
        shared = {name: value for name, value in self.parameters.items() if name in names}
        return {**shared, **self.own.get(hunt.id, {})}


@dataclass(frozen=True, slots=True)
class Kept:
    """A run as it stands: queued, running, done, failed or cancelled; times in epoch milliseconds."""

    id: str
    who: str
    asked: Asked
    state: str
    problem: str | None
    total: int
    created: int
    started: int | None
    ended: int | None
    outcomes: tuple[Mapping[str, Any], ...]
    """Of the hunts that are through, in their order: hunt, state, notes, seconds, cold_start, cannot_see, findings."""

    @property
    def over(self) -> bool:
        """Nothing more will come."""
        return self.state not in OPEN


class Runs:
    """The runs of one state store; this process works off those that it began or took up."""

    def __init__(self, state: State, workspace: Callable[[], Workspace], *, keep: int = KEEP, most: int = MOST) -> None:
        self._state, self._workspace, self._keep, self._most = state, workspace, keep, most
        self._holder = holder()
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._read: dict[str, tuple[Finding, ...]] = {}
        self._closed = False

    def begin(self, asked: Asked, who: str) -> Kept:
        """Write a run down and queue it; raises where a hunt or a value is none, or too many runs are open."""
        hunts = library.find(asked.hunts)
        _check(hunts, asked)
        id, now = secrets.token_hex(8), _now()
        with self._state.begin() as connection:
            waiting = connection.execute(select(func.count()).where(RUNS.c.state.in_(OPEN))).scalar_one()
            if waiting >= WAITING:
                raise Overloaded(f"{waiting} runs are open; begin another when some are over")
            row = {"id": id, "who": who[:320], "asked": asdict(asked), "state": "queued", "total": len(asked.hunts)}
            held = {"created": now, "holder": self._holder, "until": now + _HELD}
            connection.execute(insert(RUNS).values(**row, **held))
        self._add(id)
        self._forget()
        return self.get(id)

    def get(self, id: str) -> Kept:
        """Give a run as it stands."""
        with self._state.read() as connection:
            row = connection.execute(select(RUNS).where(RUNS.c.id == id)).first()
            if row is None:
                raise UnknownRun(f"there is no run {id!r}")
            told = select(OUTCOMES.c.outcome).where(OUTCOMES.c.run == id).order_by(OUTCOMES.c.number)
            outcomes = connection.execute(told).scalars().all()
        return _kept(row, outcomes)

    def recent(self, limit: int, skip: int = 0) -> tuple[list[Kept], int]:
        """Give a page of runs, the newest first, and how many there are."""
        with self._state.read() as connection:
            total = connection.execute(select(func.count()).select_from(RUNS)).scalar_one()
            wanted = select(RUNS.c.id).order_by(RUNS.c.created.desc(), RUNS.c.id).limit(limit).offset(skip)
            ids = connection.execute(wanted).scalars().all()
        return [self.get(id) for id in ids], total

    def findings(self, id: str, limit: int, skip: int = 0) -> tuple[list[Finding], int]:
        """Give a page of what a run found so far, in the order in which it was found, and how many there are."""
        mine = FINDINGS.c.run == id
        with self._state.read() as connection:
            total = connection.execute(select(func.count()).select_from(FINDINGS).where(mine)).scalar_one()
            wanted = select(FINDINGS.c.finding).where(mine).order_by(FINDINGS.c.number).limit(limit).offset(skip)
            return [restored(one) for one in connection.execute(wanted).scalars()], total

    def all_findings(self, id: str) -> tuple[Finding, ...]:
        """Give all that a run found so far, in the order in which it was found; the last runs' are kept at hand."""
        total = self.findings(id, 0)[1]
        with self._lock:
            known = self._read.get(id)
        if known is None or len(known) != total:
            known = tuple(self.findings(id, total)[0])
            with self._lock:
                self._read[id] = known
                while len(self._read) > _READ:
                    del self._read[next(iter(self._read))]
        return known

    def newest(self, *, hunts: int = 1) -> Kept | None:
        """Give the newest run that is done and has so many hunts or more."""
        wanted = select(RUNS.c.id).where(RUNS.c.state == "done", RUNS.c.total >= hunts)
        with self._state.read() as connection:
            id = connection.execute(wanted.order_by(RUNS.c.created.desc(), RUNS.c.id).limit(1)).scalar()
        return None if id is None else self.get(id)

    def cancel(self, id: str) -> Kept:
        """End a run before its next hunt."""
        self._end(id, "cancelled")
        return self.get(id)

    def _forget(self) -> None:
        """Let go of runs that were over long ago, or that are beyond the number that is kept."""
        over = RUNS.c.state.not_in(OPEN)
        with self._state.begin() as connection:
            beyond = select(RUNS.c.created).where(over).order_by(RUNS.c.created.desc()).limit(1).offset(self._most)
            oldest = connection.execute(beyond).scalar()
            old = RUNS.c.ended < _now() - self._keep
            wanted = and_(over, old if oldest is None else or_(old, RUNS.c.created <= oldest))
            gone = connection.execute(select(RUNS.c.id).where(wanted).limit(_AT_ONCE)).scalars().all()
            for table, column in ((FINDINGS, FINDINGS.c.run), (OUTCOMES, OUTCOMES.c.run), (RUNS, RUNS.c.id)):
                if gone:
                    connection.execute(delete(table).where(column.in_(gone)))

    def resume(self) -> list[str]:
        """Take up the open runs of a server that is no more; give their ids."""
        with self._state.read() as connection:
            rows = connection.execute(select(RUNS).where(RUNS.c.state.in_(OPEN)).order_by(RUNS.c.created)).all()
        taken = []
        for row in rows:
            if row.holder != self._holder and (row.until < _now() or gone(row.holder)) and self._take(row):
                taken.append(row.id)
                self._add(row.id)
        return taken

    def listen(self, id: str, heard: Callable[[], object]) -> Callable[[], None]:
        """Call `heard` after each change that this process makes to a run; give what ends that."""
        return NEWS.listen(f"run:{id}", heard)

    def close(self) -> None:
        """End after the hunts that are under way; what is open then is taken up by the next server."""
        self._closed = True
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _add(self, id: str) -> None:
        with self._lock:
            if not self._threads:
                names = [f"runs-{number}" for number in range(_WORKERS)]
                self._threads = [threading.Thread(target=self._working, name=name, daemon=True) for name in names]
                for thread in self._threads:
                    thread.start()
        self._queue.put(id)

    def _take(self, row: "Row[Any]") -> bool:
        mine = and_(RUNS.c.id == row.id, RUNS.c.holder == row.holder, RUNS.c.until == row.until)
        with self._state.begin() as connection:
            values = {"holder": self._holder, "until": _now() + _HELD}
            return connection.execute(changed(RUNS).where(mine).values(**values)).rowcount == 1

    def _working(self) -> None:
        while (id := self._queue.get()) is not None and not self._closed:
            try:
                self._work(id)
            except GraphHuntError as error:
                self._end(id, "failed", str(error))
            except Exception as error:
                _LOG.exception("run %s", id)
                self._end(id, "failed", f"{type(error).__name__}: the server's log says more")

    def _work(self, id: str) -> None:
        kept = self.get(id)
        hunts = library.find(kept.asked.hunts)
        workspace = self._workspace()
        surprise = None
        for number, hunt in enumerate(hunts):
            if number < len(kept.outcomes):
                continue
            if self._closed or not self._hold(id, kept.asked.timeout):
                return
            surprise = surprise or surprise_of(workspace, [hunt])
            codes, asked = workspace.events.codes(), kept.asked
            go = partial(run, hunt, workspace.graph, codes, window=asked.window, scope=asked.scope, surprise=surprise)
            bounds = {"timeout": asked.timeout, "limit": asked.limit}
            with asking(kept.who):
                self._write(id, number, hunt.id, partial(go, parameters=asked.of(hunt), **bounds))
        self._end(id, "done")

    def _hold(self, id: str, timeout: float) -> bool:
        """Say that the run goes on, unless it was cancelled or another server has it."""
        now = _now()
        until = now + max(_HELD, int(timeout * 3_000))
        mine = and_(RUNS.c.id == id, RUNS.c.holder == self._holder, RUNS.c.state.in_(OPEN))
        values = {"state": "running", "until": until, "started": func.coalesce(RUNS.c.started, now)}
        with self._state.begin() as connection:
            held = connection.execute(changed(RUNS).where(mine).values(**values)).rowcount == 1
        NEWS.tell(f"run:{id}")
        return held

    def _write(self, id: str, number: int, hunt: str, go: Callable[[], Any]) -> None:
        findings: Sequence[Finding] = ()
        outcome: dict[str, Any] = {"hunt": hunt, "cold_start": False, "cannot_see": [], "seconds": 0.0}
        try:
            done = go()
            findings = done.findings
            outcome |= {"state": done.state, "notes": list(done.notes), "seconds": round(done.seconds, 3)}
            outcome |= {"cold_start": done.cold_start, "cannot_see": [[k.name for k in g] for g in done.cannot_see]}
        except GraphHuntError as error:
            outcome |= {"state": "failed", "notes": [str(error)]}
        outcome["findings"] = len(findings)
        with self._state.begin() as connection:
            known = select(func.count()).select_from(FINDINGS).where(FINDINGS.c.run == id)
            begin = connection.execute(known).scalar_one()
            connection.execute(insert(OUTCOMES).values(run=id, number=number, outcome=outcome))
            rows = [{"run": id, "number": begin + n, "finding": asdict(one)} for n, one in enumerate(findings)]
            if rows:
                connection.execute(insert(FINDINGS), rows)
        NEWS.tell(f"run:{id}")

    def _end(self, id: str, state: str, problem: str | None = None) -> None:
        values = {"state": state, "ended": _now(), "problem": problem[:1024] if problem else None}
        with self._state.begin() as connection:
            connection.execute(changed(RUNS).where(RUNS.c.id == id, RUNS.c.state.in_(OPEN)).values(**values))
        NEWS.tell(f"run:{id}")


def _check(hunts: Sequence[Hunt], asked: Asked) -> None:
    """Refuse a value that no hunt takes, or that is not of its type."""
    names = {parameter.name for hunt in hunts for parameter in hunt.parameters}
    unknown = set(asked.parameters).difference(names)
    if unknown or not hunts:
        known = ", ".join(sorted(names)) or "none"
        raise ParameterError(f"no hunt takes {', '.join(sorted(unknown)) or 'part'}; there are parameters: {known}")
    if strange := set(asked.own).difference(hunt.id for hunt in hunts):
        raise ParameterError(f"{', '.join(sorted(strange))} does not run, and is given parameters")
    for hunt in hunts:
        hunt.values(asked.of(hunt))


def _now() -> int:
    return time.time_ns() // 1_000_000


def _kept(row: "Row[Any]", outcomes: Sequence[Mapping[str, Any]]) -> Kept:
    asked = row.asked
    window = Window(**asked["window"])
    bounds = {name: asked[name] for name in ("timeout", "limit", "own") if name in asked}
    told = Asked(tuple(asked["hunts"]), window, asked["parameters"], tuple(asked["scope"]), **bounds)
    times = row.created, row.started, row.ended
    return Kept(row.id, row.who, told, row.state, row.problem, row.total, *times, tuple(outcomes))
