"""What the lines of a source come to: rows, lines not used, and lines held back until later ones tell more."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders.syslog.line import Line

__all__ = ["KEYS", "Book", "Session"]

Key = tuple[str, ...]

KEYS = "keys"
"""The kind of lines that tell of keys that were refused."""
_MOMENT = 1000
_AGE = 300_000
"""How long (ms of the log's own time) a line is held back."""
_OPEN = 20_000
"""How many sessions are kept in mind at most."""
_TIMES = 1000
"""How many rows one line may stand for at most."""


@dataclass(slots=True)
class Entry:
    """A line that would become a row, held back."""

    line: Line
    table: str
    code: str
    columns: dict[str, Any]


@dataclass(slots=True)
class Session:
    """What is known of a process that people prove themselves to."""

    at: int
    held: dict[str, list[Entry]] = field(default_factory=dict)
    failed: bool = False
    """An attempt that failed has become a row."""
    restricted: bool = False
    """The account may not log on here, whatever the password."""
    told: bool = False
    """A row says already what this session is for."""
    place: dict[str, Any] = field(default_factory=dict)
    """Where it came from, for lines that do not say so."""


class Book:
    """Takes down what each line comes to.

    Several lines may tell of one attempt: `hold` the one that says less, under a session and a kind; `settle` when the
    one that says most has come, and one held line of each kind is dropped; `forgive` when the attempt succeeded after
    all. What is still held when the session ends, or after five minutes of the log's time, becomes a row: of several
    kinds the one that was said most often.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._sessions: OrderedDict[Key, Session] = OrderedDict()
        self._at = 0
        self._said: dict[tuple[str | None, str, str | None, str], int] = {}

    def number(self, line: Line) -> None:
        """Number lines of the same words at the same time, which are as many events."""
        if line.at != self._at:
            self._at = line.at
            self._said.clear()
        words = (line.host, line.program, line.pid, line.message)
        line.again = self._said.get(words, 0)
        self._said[words] = line.again + 1

    def add(self, line: Line, table: str, code: str, *, times: int = 1, at: int | None = None, **columns: Any) -> None:
        """Make a row of a line, or as many as it stands for."""
        when = line.at if at is None else at
        names = ["syslog", line.host or "", line.program, line.pid or "", line.message]
        if line.again:
            names.append(str(line.again))
        for row in range(min(times * line.times, _TIMES)):
            self.rows.add(
                table,
                event_id=event_id(when, names, row),
                time=when,
                code=code,
                recorder=line.host,
                record=line.number,
                raw=line.raw,
                **columns,
            )

    def skip(self, line: Line, code: str) -> None:
        """Count a line as not used."""
        self.rows.skip(code)

    def session(self, key: Key, at: int) -> Session:
        """The session of that key, begun now where there is none."""
        found = self._sessions.get(key)
        if found is None:
            while self._sessions and (len(self._sessions) >= _OPEN or self._oldest().at < at - _AGE):
                self._release(self._sessions.popitem(last=False)[1])
            found = self._sessions[key] = Session(at)
        return found

    def _oldest(self) -> Session:
        return next(iter(self._sessions.values()))

    def hold(self, key: Key, kind: str, line: Line, table: str, code: str, /, **columns: Any) -> None:
        """Hold a line back."""
        self.session(key, line.at).held.setdefault(kind, []).append(Entry(line, table, code, columns))

    def settle(self, key: Key) -> dict[str, Any]:
        """Drop one held line of each kind, whose attempt another line told of; give what they said."""
        told: dict[str, Any] = {}
        session = self._sessions.get(key)
        for entries in session.held.values() if session else ():
            if entries:
                entry = entries.pop(0)
                told.update(entry.columns)
                self._drop(entry)
        return told

    def forgive(self, key: Key, user: str | None, at: int) -> None:
        """Drop what is held of that user's, or of nobody's, at the same moment: another way to prove it succeeded.

        What was held longer was an attempt of its own, and becomes a row; but a client offers one key after another.
        """
        session = self._sessions.get(key)
        if session is None:
            return
        for kind, entries in session.held.items():
            for entry in list(entries):
                if _whose(entry) in (None, user) and (kind == KEYS or at - entry.line.at <= _MOMENT):
                    entries.remove(entry)
                    self._drop(entry)
        self._release(session)

    def release(self, key: Key) -> None:
        """Make rows of what is still held under a session, which has come to its end."""
        session = self._sessions.get(key)
        if session is not None:
            self._release(session)

    def end(self) -> None:
        """End every session."""
        while self._sessions:
            self._release(self._sessions.popitem(last=False)[1])

    def _release(self, session: Session) -> None:
        most = max(session.held.values(), key=len, default=[])
        for entries in session.held.values():
            for entry in entries:
                if entries is most:
                    placed = any(entry.columns.get(column) for column in ("source_ip", "source_host"))
                    columns = entry.columns if placed else {**entry.columns, **session.place}
                    self.add(entry.line, entry.table, entry.code, **columns)
                    session.failed = True
                else:
                    self._drop(entry)
        session.held.clear()

    def _drop(self, entry: Entry) -> None:
        self.rows.skip(f"{entry.code.partition('/')[0]}/repeated")


def _whose(entry: Entry) -> str | None:
    found = entry.columns.get("user_upn") or entry.columns.get("user")
    return found if isinstance(found, str) else None
