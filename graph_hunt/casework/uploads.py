"""Files that were sent to be loaded: kept once they are acknowledged, loaded one after the other, after a restart too.

The file stays in the workspace (`uploads/<id>/`): formats that are read in bulk keep no copy of each record, and what
was loaded can be shown and checked against its SHA-256.
"""

import hashlib
import json
import logging
import os
import queue
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import JSON, BigInteger, Column, Row, String, Table, func, insert, select
from sqlalchemy import update as changed

from graph_hunt.casework.holder import gone, holder
from graph_hunt.casework.news import LOADED, NEWS
from graph_hunt.casework.state import METADATA, Area, State, register
from graph_hunt.errors import InputError, Overloaded, UnknownRun
from graph_hunt.settings import Settings

UPLOADS = Table(
    "upload",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("who", String(320), nullable=False),
    Column("name", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("asked", JSON, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("problem", String(1024)),
    Column("created", BigInteger, nullable=False),
    Column("started", BigInteger),
    Column("ended", BigInteger),
    Column("holder", String(320), nullable=False),
    Column("result", JSON),
)
register(Area("uploads", 1, (UPLOADS,)))

FOLDER = "uploads"
OPEN = ("queued", "running")
WAITING = 50
"""Uploads that may be open at once."""
_NAME = 200
_ODD = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read: by which loader (none: its content tells), with what it does not say itself."""

    loader: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as it stands: queued, running, done, failed or cancelled; times in epoch milliseconds."""

    id: str
    who: str
    name: str
    size: int
    sha256: str
    asked: Asked
    state: str
    problem: str | None
    created: int
    started: int | None
    ended: int | None
    result: Mapping[str, Any] | None
    progress: Mapping[str, Any]
    """While it is loaded: phase, records, source; in phases of writing: done, of."""

    @property
    def over(self) -> bool:
        """Nothing more will come."""
        return self.state not in OPEN


def safe_name(name: str) -> str:
    """A file's name as it is kept: its last part, without what a file system or a terminal would take for more."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _ODD.sub("_", last).strip(" .") or "upload"
    while len(plain.encode()) > _NAME:
        plain = plain[1:]
    return plain


class Incoming:
    """A file that is being received; `keep` or `drop` it at the end."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self._folder, self._hash, self.size = safe_name(name), folder, hashlib.sha256(), 0
        folder.mkdir(parents=True)
        self._file: BinaryIO = (folder / self.name).open("xb")

    def write(self, piece: bytes) -> None:
        """Take a piece."""
        self._file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    def keep(self) -> str:
        """Have it on disk for good; give its SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        for folder in (self._folder, self._folder.parent):
            _sync(folder)
        return self._hash.hexdigest()

    def drop(self) -> None:
        """Remove it."""
        self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class Uploads:
    """The uploads of one workspace; this process loads those that it took, and those of a server that is no more."""

    def __init__(self, state: State, settings: Settings, *, loaded: Callable[[], object] | None = None) -> None:
        self._state, self._settings, self._loaded = state, settings, loaded
        self._holder = holder()
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._progress: dict[str, Mapping[str, Any]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: tuple[str, subprocess.Popen[str]] | None = None
        self._closed = False

    def receive(self, name: str) -> tuple[str, Incoming]:
        """Begin to receive a file; raises `Overloaded` where too many wait."""
        with self._state.read() as connection:
            waiting = connection.execute(select(func.count()).where(UPLOADS.c.state.in_(OPEN))).scalar_one()
        if waiting >= WAITING:
            raise Overloaded(f"{waiting} uploads are waiting; send more when some are loaded")
        id = secrets.token_hex(8)
        return id, Incoming(self._settings.workspace / FOLDER / id, name)

    def begin(self, id: str, incoming: Incoming, asked: Asked, who: str) -> Upload:
        """Acknowledge a file that was received wholly, and queue it."""
        row = {"id": id, "who": who[:320], "name": incoming.name, "size": incoming.size, "sha256": incoming.keep()}
        row |= {"asked": asdict(asked), "state": "queued", "created": _now(), "holder": self._holder}
        with self._state.begin() as connection:
            connection.execute(insert(UPLOADS).values(**row))
        self._add(id)
        return self.get(id)

    def get(self, id: str) -> Upload:
        """Give an upload as it stands."""
        with self._state.read() as connection:
            row = connection.execute(select(UPLOADS).where(UPLOADS.c.id == id)).first()
        if row is None:
            raise UnknownRun(f"there is no upload {id!r}")
        return _upload(row, self._progress.get(id, {}))

    def recent(self, limit: int, skip: int = 0) -> tuple[list[Upload], int]:
        """Give a page of uploads, the newest first, and how many there are."""
        with self._state.read() as connection:
            total = connection.execute(select(func.count()).select_from(UPLOADS)).scalar_one()
            wanted = select(UPLOADS).order_by(UPLOADS.c.created.desc(), UPLOADS.c.id).limit(limit).offset(skip)
            rows = connection.execute(wanted).all()
        return [_upload(row, self._progress.get(row.id, {})) for row in rows], total

    def cancel(self, id: str) -> Upload:
        """End an upload; events that it committed already stay, and loading the file again adds the rest."""
        self._end(id, "cancelled")
        with self._lock:
            if self._process is not None and self._process[0] == id:
                self._process[1].terminate()
        return self.get(id)

    def resume(self) -> list[str]:
        """Take up the open uploads of a server that is no more on this machine; give their ids."""
        with self._state.read() as connection:
            rows = connection.execute(
                select(UPLOADS).where(UPLOADS.c.state.in_(OPEN)).order_by(UPLOADS.c.created)
            ).all()
        taken = []
        for row in rows:
            if row.holder == self._holder or not gone(row.holder):
                continue
            mine = (UPLOADS.c.id == row.id) & (UPLOADS.c.holder == row.holder)
            with self._state.begin() as connection:
                if connection.execute(changed(UPLOADS).where(mine).values(holder=self._holder)).rowcount:
                    taken.append(row.id)
                    self._add(row.id)
        return taken

    def listen(self, id: str, heard: Callable[[], object]) -> Callable[[], None]:
        """Call `heard` after each change to an upload in this process; give what ends that."""
        return NEWS.listen(f"upload:{id}", heard)

    def close(self) -> None:
        """End; what is being loaded is ended too, and taken up by the next server."""
        self._closed = True
        self._queue.put(None)
        with self._lock:
            if self._process is not None:
                self._process[1].kill()
        if self._thread is not None:
            self._thread.join()

    def _add(self, id: str) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._working, name="uploads", daemon=True)
                self._thread.start()
        self._queue.put(id)

    def _working(self) -> None:
        while (id := self._queue.get()) is not None and not self._closed:
            try:
                self._work(id)
            except Exception as error:
                _LOG.exception("upload %s", id)
                self._end(id, "failed", f"{type(error).__name__}: the server's log says more")
            finally:
                self._progress.pop(id, None)

    def _work(self, id: str) -> None:
        if not self._hold(id):
            return
        found = self.get(id)
        asked = {
            "settings": _told(self._settings),
            "path": str((self._settings.workspace / FOLDER / id / found.name).absolute()),
            "loader": found.asked.loader,
            "options": dict(found.asked.options),
        }
        last, code = self._run(id, asked)
        if self._closed:
            return
        if "result" in last:
            self._end(id, "done", result=last["result"])
            NEWS.tell(LOADED)
            if self._loaded is not None:
                self._loaded()
        else:
            self._end(id, "failed", last.get("problem") or f"the load ended by itself (status {code})")

    def _run(self, id: str, asked: Mapping[str, Any]) -> tuple[Mapping[str, Any], int]:
        """Load in a process of its own; give its last word and its exit status."""
        command = [sys.executable, "-m", "graph_hunt.casework.uploading"]
        last: Mapping[str, Any] = {}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None and process.stdout is not None
            with self._lock:
                self._process = id, process
            if self.get(id).over:
                process.kill()
            try:
                process.stdin.write(json.dumps(asked, default=str) + "\n")
                process.stdin.flush()
                for line in process.stdout:
                    last = json.loads(line)
                    if "phase" in last:
                        self._progress[id] = last
                        NEWS.tell(f"upload:{id}")
            except BrokenPipeError:
                pass
            finally:
                with self._lock:
                    self._process = None
        return last, process.returncode

    def _hold(self, id: str) -> bool:
        mine = (UPLOADS.c.id == id) & (UPLOADS.c.holder == self._holder) & UPLOADS.c.state.in_(OPEN)
        values = {"state": "running", "started": func.coalesce(UPLOADS.c.started, _now())}
        with self._state.begin() as connection:
            held = connection.execute(changed(UPLOADS).where(mine).values(**values)).rowcount == 1
        NEWS.tell(f"upload:{id}")
        return held

    def _end(self, id: str, state: str, problem: str | None = None, result: Mapping[str, Any] | None = None) -> None:
        values = {"state": state, "ended": _now(), "problem": problem[:1024] if problem else None, "result": result}
        with self._state.begin() as connection:
            connection.execute(changed(UPLOADS).where(UPLOADS.c.id == id, UPLOADS.c.state.in_(OPEN)).values(**values))
        NEWS.tell(f"upload:{id}")


def check(asked: Asked, known: Mapping[str, object]) -> None:
    """Refuse a loader that is none."""
    if asked.loader is not None and asked.loader not in known:
        raise InputError(f"no loader is called {asked.loader!r}", where="loader", expected=", ".join(known))


def _told(settings: Settings) -> dict[str, Any]:
    """Settings as JSON takes them; they go to a pipe of our own, for there may be a password in them."""
    return {**asdict(settings), "workspace": str(settings.workspace.absolute())}


def _upload(row: "Row[Any]", progress: Mapping[str, Any]) -> Upload:
    times = row.created, row.started, row.ended
    told = row.id, row.who, row.name, row.size, row.sha256, Asked(**row.asked), row.state, row.problem
    return Upload(*told, *times, row.result, progress)


def _sync(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _now() -> int:
    return time.time_ns() // 1_000_000
