"""Taking events out of the store: old days, or what a load brought; the graph must be rebuilt after it.

An entry is rewritten or removed first, its files after it, so that a cut in between leaves orphans and no gap.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from graph_hunt.events.append import orphans
from graph_hunt.events.journal import Entry, Journal, Reading, added
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
    entries = journal.entries()
    gone = [entry for entry in entries if entry.batch in batches]
    again: list[Reading] = []
    for entry in entries:
        if entry.batch in batches or not set(batches).intersection(entry.leans):
            continue
        again += entry.readings
        journal.publish(
            replace(
                entry,
                leans=tuple(batch for batch in entry.leans if batch not in batches),
                readings=tuple(replace(reading, complete=False) for reading in entry.readings),
            )
        )
    for entry in gone:
        journal.forget(entry.batch)
    _sweep(storage, journal.entries())
    return Removed(
        rows=sum(sum(entry.rows.values()) for entry in gone),
        batches=tuple(entry.batch for entry in gone),
        again=tuple(again),
    )


def prune(storage: Storage, journal: Journal, before: int) -> Removed:
    """Take out the days that ended before a moment."""
    limit = day_of(before)
    rows, batches = 0, []
    for entry in journal.entries():
        old = [part for part in entry.parts if part.day < limit]
        if not old:
            continue
        counts: Counter[str] = Counter()
        for part in old:
            counts[part.table] += part.rows
        journal.publish(
            replace(
                entry,
                parts=tuple(part for part in entry.parts if part.day >= limit),
                pruned=added(entry.pruned, counts),
            )
        )
        rows += counts.total()
        batches.append(entry.batch)
    _sweep(storage, journal.entries())
    return Removed(rows, tuple(batches))


def _sweep(storage: Storage, entries: Iterable[Entry]) -> None:
    for path in orphans(storage, entries):
        with suppress(OSError):
            storage.remove(path)
