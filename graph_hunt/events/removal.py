"""Taking events out of the store: old days, or what a load brought; the graph must be rebuilt after it.

What is taken out is said by an entry of the journal; the files go after it, so that a cut in between leaves orphans and
no gap.
"""

import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from graph_hunt import __version__
from graph_hunt.events.append import orphans, writer_name
from graph_hunt.events.journal import Entry, Journal, Reading, Removal, name_of
from graph_hunt.events.partition import day_of
from graph_hunt.events.storage import Storage


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out."""

    rows: int
    batches: tuple[str, ...]
    again: tuple[Reading, ...] = ()
    """Files that gave some of the same events and must be loaded again to bring them back."""


def drop(storage: Storage, journal: Journal, batches: Collection[str]) -> Removed:
    """Take these batches out; files of other batches that had events in common count as not read to their end."""
    gone, leaning = _taken_out(storage, journal, Removal(tuple(batches)))
    names = {entry.batch for entry in gone}
    return Removed(
        rows=sum(sum(entry.rows.values()) for entry in gone),
        batches=tuple(entry.batch for entry in gone),
        again=tuple(reading for entry in leaning if names.intersection(entry.leans) for reading in entry.readings),
    )


def prune(storage: Storage, journal: Journal, before: int) -> Removed:
    """Take out the days that ended before a moment."""
    limit = day_of(before)
    old, _ = _taken_out(storage, journal, Removal(before=limit))
    return Removed(
        rows=sum(part.rows for entry in old for part in entry.parts if part.day < limit),
        batches=tuple(entry.batch for entry in old),
    )


def sweep(storage: Storage, journal: Journal, age: float) -> list[str]:
    """Remove the files that no entry names and that were written so many seconds ago; name them."""
    stamps = storage.stamps("")
    limit = (time.time() - age) * 1e9
    left = [path for path in orphans(storage, journal.entries()) if stamps.get(path, (0, 0))[1] <= limit]
    for path in left:
        with suppress(OSError):
            storage.remove(path)
    return left


def _taken_out(storage: Storage, journal: Journal, removal: Removal) -> tuple[list[Entry], list[Entry]]:
    """Take out; give the entries as they were before that lost something, and the others."""
    while True:
        entries, after = journal.state()
        touched = [entry for entry in entries if _touches(removal, entry)]
        if not touched:
            return [], entries
        now = time.time_ns() // 1_000_000
        own = Entry(name_of(after + 1, writer_name()), __version__, "", now, removal=removal)
        if not journal.append(own, after):
            break
    left = {path for entry in journal.entries() for path in entry.files}
    for path in (path for entry in touched for path in entry.files):
        if path not in left:
            with suppress(OSError):
                storage.remove(path)
    return touched, [entry for entry in entries if entry not in touched]


def _touches(removal: Removal, entry: Entry) -> bool:
    return entry.batch in removal.batches or any(part.day < removal.before for part in entry.parts)
