"""Ingest: what shippers deliver over HTTP is committed to the event store before it is acknowledged.

Deliveries that wait while others are committed share the next commit. What waits is bounded: beyond that `Overloaded`
is raised, and the shipper keeps what it has. A delivery that comes again changes nothing, for its events are named by
what they are. The graph follows a little later, and never holds up an acknowledgement.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from io import BytesIO

from graph_hunt import loaders
from graph_hunt.errors import GraphHuntError, InputError, Overloaded, StoreBusy, WorkspaceBusy
from graph_hunt.events.append import Appender
from graph_hunt.events.batch import Rows
from graph_hunt.events.input import Input, Limits
from graph_hunt.events.inputs import STDIN, find_sources
from graph_hunt.events.source import Loader, Options
from graph_hunt.events.store import EventStore
from graph_hunt.loaders._records import json_records
from graph_hunt.settings import Settings
from graph_hunt.workspace.loading import Outcome, SourceReport, take
from graph_hunt.workspace.place import open_events
from graph_hunt.workspace.workspace import Workspace

AUTO = "auto"
"""In place of a loader's name: the content tells."""
LIMITS = Limits(unfolded=256 << 20, grace=32 << 20)
WAITING = 128
WAITING_BYTES = 64 << 20
_APPLY_AFTER = 2.0
"""Seconds for which more deliveries may join before the graph is brought up to date."""
_CARRIERS = (("event", "original"), ("message",), ("log",), ("MESSAGE",), ("msg",), ("_raw",))
"""Where Elastic's, Vector's, Logstash's, Fluent Bit's, journald's and Splunk's records keep a line as it was."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The body of one request, and what will become of it."""

    loader: Loader | None
    body: bytes
    done: "Future[list[SourceReport]]" = field(default_factory=Future)


class Ingest:
    """Takes deliveries for one workspace; its threads begin with the first of them."""

    def __init__(
        self,
        settings: Settings,
        options: Options | None = None,
        *,
        waiting: int = WAITING,
        waiting_bytes: int = WAITING_BYTES,
        apply: Callable[[], None] | None = None,
    ) -> None:
        self._settings, self._options = settings, options or Options()
        self._most, self._most_bytes = waiting, waiting_bytes
        self._apply_graph = apply or self._apply
        self._events: EventStore | None = None
        self._waiting: list[Delivery] = []
        self._bytes = 0
        self._changed = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._news = threading.Event()
        self._leaving = threading.Event()

    @property
    def full(self) -> bool:
        """No more can wait."""
        return len(self._waiting) >= self._most or self._bytes >= self._most_bytes

    def offer(self, name: str, body: bytes) -> "Future[list[SourceReport]]":
        """Queue a delivery for the loader of that name; the future is done once it is committed.

        Raises `InputError` where no loader is called so, `Overloaded` where too much waits.
        """
        delivery = Delivery(loader_named(name), body)
        with self._changed:
            if self._closed or self.full:
                raise Overloaded("more is waiting to be committed than can be kept; send it again a little later")
            self._waiting.append(delivery)
            self._bytes += len(body)
            self._begin()
            self._changed.notify_all()
        return delivery.done

    def close(self) -> None:
        """Commit what waits, bring the graph up to date, and end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._leaving.set()
        self._news.set()
        for thread in self._threads:
            thread.join()

    def _begin(self) -> None:
        if not self._threads:
            self._threads = [
                threading.Thread(target=run, name=name, daemon=True)
                for name, run in (("ingest-commit", self._committing), ("ingest-graph", self._applying))
            ]
            for thread in self._threads:
                thread.start()

    def _committing(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    if self._closed:
                        return
                    self._changed.wait()
                together, self._waiting = self._waiting, []
            try:
                self._commit(together)
            finally:
                with self._changed:
                    self._bytes -= sum(len(one.body) for one in together)
            self._news.set()

    def _commit(self, together: list[Delivery]) -> None:
        reports: list[tuple[Delivery, list[SourceReport]]] = []
        try:
            if self._events is None:
                self._events = open_events(self._settings)
            with self._events.appender() as appender:
                for one in together:
                    reports.append((one, deliver(appender, one, self._options)))
        except Exception as error:  # whatever it was, no one may wait for ever
            for one in together:
                one.done.set_exception(error)
            return
        for one, report in reports:
            one.done.set_result(report)

    def _applying(self) -> None:
        while not self._leaving.is_set():
            self._news.wait()
            self._leaving.wait(_APPLY_AFTER)
            self._news.clear()
            if self._leaving.is_set():
                self._threads[0].join()
            try:
                self._apply_graph()
            except (StoreBusy, WorkspaceBusy):
                # Another process is at the graph, and may have begun before these events came.
                self._news.set()
            except GraphHuntError:
                # The next delivery tries again.
                continue

    def _apply(self) -> None:
        with Workspace.open(self._settings) as workspace:
            workspace.apply(wait=False)


def loader_named(name: str) -> Loader | None:
    """The loader of that name, none for `auto`; raises `InputError` where there is no such."""
    known = {loader.name: loader for loader in loaders.all_loaders()}
    if name == AUTO:
        return None
    if name not in known:
        raise InputError(f"no loader is called {name!r}", where="ingest", expected=", ".join([AUTO, *known]))
    return known[name]


def deliver(appender: Appender, delivery: Delivery, options: Options) -> list[SourceReport]:
    """Append a delivery's records; those that the loader does not know are quarantined."""
    reports = []
    for found in find_sources([STDIN], LIMITS, stdin=BytesIO(delivery.body)):
        if isinstance(found, InputError):
            reports.append(SourceReport("ingest", Outcome.UNREADABLE, problem=str(found)))
            continue
        _name(found, delivery.loader)
        source, chosen = _understood(found, delivery.loader)
        if chosen is None:
            reports.append(_unknown(appender, found, delivery.loader))
        else:
            reports.append(take(appender, source, options, chosen))
    return reports


def _name(source: Input, loader: Loader | None) -> None:
    source.name = source.name.replace(STDIN, f"ingest/{loader.name if loader else AUTO}", 1)


def _understood(source: Input, loader: Loader | None) -> tuple[Input, Loader | None]:
    """What is to be read, and by which loader: the body itself, or the lines that its records carry."""
    chosen = _claiming(source, loader)
    if chosen is not None:
        return source, chosen
    with source.open() as stream:
        texts = [_carried(one.fields) for one in json_records(stream, source.head) if one.fields is not None]
    lines = "\n".join(text.rstrip("\n") for text in texts if text) + "\n"
    for found in find_sources([STDIN], LIMITS, stdin=BytesIO(lines.encode("utf-8", "replace"))):
        if isinstance(found, Input) and (chosen := _claiming(found, loader)) is not None:
            _name(found, loader)
            # Only where every record carries a line is nothing lost by reading the lines.
            return (found, chosen) if texts and all(texts) else (source, None)
    return source, None


def _claiming(source: Input, loader: Loader | None) -> Loader | None:
    if loader is None:
        return loaders.find(source)
    return loader if loader.claims(source) else None


def _carried(fields: dict[str, object]) -> str:
    for path in _CARRIERS:
        value: object = fields
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _unknown(appender: Appender, source: Input, loader: Loader | None) -> SourceReport:
    """Quarantine every record of a body that no loader knows."""
    name = loader.name if loader else AUTO
    reading = appender.begin(source, name)
    report = SourceReport(source.name, Outcome.UNCLAIMED, name)
    out = Rows(name, source.name)
    reason = f"the {name} loader does not know it" if loader else "no loader knows it"
    with source.open() as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                out.reject(number, reason, line[:65536].decode("utf-8", "replace").strip())
    for batch in out.batches(last=True):
        appender.append(reading, batch)
        report.count(batch)
    appender.finish(reading)
    return report
