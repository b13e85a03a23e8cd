"""Loading: each source is claimed by a loader, read, and appended; every one is answered for."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO

from graph_hunt import loaders
from graph_hunt.errors import InputError, UnclaimedInput, UnreadableInput
from graph_hunt.events.append import Appender
from graph_hunt.events.batch import Batch
from graph_hunt.events.input import Input, Limits
from graph_hunt.events.inputs import find_sources
from graph_hunt.events.journal import Reading
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.events.store import EventStore
from graph_hunt.workspace.ahead import FileRead, ahead

Progress = Callable[[str, int], None]
"""Told a source's name and how many records were just read from it."""


class Outcome(StrEnum):
    """What became of a source."""

    LOADED = "loaded"
    KNOWN = "already loaded"
    BROKEN = "broken off"
    UNREADABLE = "unreadable"
    UNCLAIMED = "unclaimed"


@dataclass(slots=True)
class SourceReport:
    """One source's account: `records` = `used` + `unused` + `quarantined`."""

    name: str
    outcome: Outcome
    loader: str = ""
    records: int = 0
    used: int = 0
    unused: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    problem: str = ""

    def count(self, batch: Batch) -> None:
        """Count what a batch holds."""
        self.records += batch.records
        self.used += batch.used
        self.unused.update(batch.unused)
        self.quarantined.update(record.reason for record in batch.quarantined)
        self.rows.update({name: rows.num_rows for name, rows in batch.tables.items() if rows.num_rows})


@dataclass(slots=True)
class LoadReport:
    """What a load did."""

    sources: list[SourceReport] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    duplicates: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def bad(self) -> bool:
        """Something of the input could not be used as it should."""
        return any(one.outcome in (Outcome.BROKEN, Outcome.UNREADABLE) or one.quarantined for one in self.sources)

    def total(self, count: str) -> int:
        """The sum over sources of `records`, `used`, `unused`, `quarantined` or `rows`."""
        values = (getattr(one, count) for one in self.sources)
        return sum(value if isinstance(value, int) else value.total() for value in values)


def load(
    events: EventStore,
    paths: Iterable[str | Path],
    options: Options,
    *,
    loader: Loader | None = None,
    limits: Limits | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Append all sources under the paths to the event store; what cannot be read is reported and the rest goes on."""
    begun = time.monotonic()
    report = LoadReport()
    with _fewer_collections(), events.appender() as appender:
        # One loader for all may have been made for this load, and be no other process's.
        side_by_side = None if loader is None else 1
        sources = ahead(find_sources(paths, limits, stdin=stdin), options, partial(_is_new, appender), side_by_side)
        for found, read in sources:
            if isinstance(found, InputError):
                outcome = Outcome.UNCLAIMED if isinstance(found, UnclaimedInput) else Outcome.UNREADABLE
                report.sources.append(SourceReport(found.where or "?", outcome, problem=str(found)))
            else:
                report.sources.append(take(appender, found, options, loader, progress, read))
    report.batches = list(appender.batches)
    report.duplicates.update(appender.duplicates)
    report.seconds = time.monotonic() - begun
    return report


def _is_new(appender: Appender, source: Input) -> bool:
    with suppress(InputError):
        return appender.loaded(source.digest) is None
    return False


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Look for cycles of objects less often: records make many objects and no cycles."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def take(
    appender: Appender,
    source: Input,
    options: Options,
    loader: Loader | None = None,
    progress: Progress | None = None,
    given: "Future[FileRead] | None" = None,
) -> SourceReport:
    """Append one source, by this loader or the one that claims it, and answer for it; it may have been read ahead."""
    read = given.result() if given is not None else None
    try:
        chosen = loader or (read.loader if read is not None else None) or loaders.find(source)
        if chosen is None:
            return SourceReport(source.name, Outcome.UNCLAIMED, problem=str(unclaimed(source)))
        before = appender.loaded(source.digest)
    except InputError as error:
        return SourceReport(source.name, Outcome.UNREADABLE, problem=str(error))
    said = said_of(options)
    if before is not None:
        report = SourceReport(source.name, Outcome.KNOWN, chosen.name)
        if before.name != source.name:
            report.problem = f"loaded as {before.name}"
        if before.options != said:
            report.problem = f"loaded with other options ({before.options or 'none'}); these are not applied"
        return report
    if read is not None:
        source.problem = read.problem
    batches = read.given() if read is not None else loaders.read(chosen, source, options)
    return _append(appender, source, batches, appender.begin(source, chosen.name, said), progress)


def _append(
    appender: Appender, source: Input, batches: Iterable[Batch], reading: Reading, progress: Progress | None
) -> SourceReport:
    report = SourceReport(source.name, Outcome.LOADED, reading.loader)
    with _answered_for(report):
        for batch in batches:
            appender.append(reading, batch)
            report.count(batch)
            if progress:
                progress(source.name, batch.records)
    if report.outcome is Outcome.LOADED and source.problem:
        report.outcome, report.problem = Outcome.BROKEN, source.problem
    appender.finish(reading, report.problem)
    return report


@contextmanager
def _answered_for(report: SourceReport) -> Iterator[None]:
    """Turn a source that breaks off, or that a loader fails on, into a line of the report."""
    try:
        yield
    except UnreadableInput as error:
        report.outcome, report.problem = Outcome.BROKEN, str(error)
    except InputError as error:
        report.outcome, report.problem = Outcome.UNREADABLE, str(error)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        # A loader's own defect must not cost the user the other sources; it is named so that it can be reported.
        report.outcome = Outcome.BROKEN
        report.problem = f"{report.name}: the {report.loader} loader failed: {type(error).__name__}: {error}"


def unclaimed(source: Source) -> UnclaimedInput:
    """Say that no loader reads a source: what it is and why, else what it looks like and which were tried."""
    if not source.head:
        return UnclaimedInput("is empty", where=source.name)
    if (reason := loaders.refusal(source.head)) is not None:
        return UnclaimedInput(reason, where=source.name)
    tried = ", ".join(loader.name for loader in loaders.all_loaders())
    return UnclaimedInput(f"no loader claims it (begins {source.head[:24]!r}; tried {tried})", where=source.name)


def said_of(options: Options) -> str:
    """Write those options that differ from the defaults, so that the same file read otherwise is noticed."""
    plain = Options()
    said = []
    if options.epoch != plain.epoch:
        said.append(f"epoch={options.epoch.isoformat()}")
    if options.year is not None:
        said.append(f"year={options.year}")
    if options.timezone != plain.timezone:
        said.append(f"timezone={options.timezone}")
    said += [f"{name}={value}" for name, value in sorted(options.extra.items())]
    return " ".join(said)
