"""What is loaded, by the journal alone: rows, time, files, and what became of every record read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_hunt.events.batch import Span
from graph_hunt.events.journal import Entry, Reading, joined, readings


@dataclass(frozen=True, slots=True)
class Status:
    """An account of the store: `records` = `used` + the sums of `unused` and `quarantined`."""

    batches: int
    tables: Mapping[str, int]
    """Rows that stand, by event table; each event once."""
    codes: Mapping[tuple[str, str], int]
    """The same by table and code."""
    first: int | None
    last: int | None
    files: tuple[Reading, ...]
    """Each file's account, by name."""
    records: int
    used: int
    unused: Mapping[str, int]
    """Records of kinds that no table keeps, by code, the most frequent first."""
    quarantined: Mapping[str, int]
    """Records that could not be used, by reason, the most frequent first."""
    duplicates: int
    """Rows that files gave beyond the first time."""
    pruned: int
    """Rows removed with their days."""
    spans: tuple[Span, ...]
    size: int
    """Bytes on disk."""

    @property
    def sources(self) -> dict[str, int]:
        """How many files each loader read."""
        return dict(sorted(Counter(file.loader for file in self.files).items()))


def status(entries: Sequence[Entry]) -> Status:
    """Sum the journal up."""
    files = sorted(readings(entries).values(), key=lambda reading: (reading.name, reading.digest))
    parts = [part for entry in entries for part in entry.parts]
    tables: Counter[str] = Counter()
    for part in parts:
        tables[part.table] += part.rows
    pruned = sum(sum(entry.pruned.values()) for entry in entries)
    given = sum(sum(file.given.values()) for file in files)
    return Status(
        batches=len(entries),
        tables=dict(sorted(tables.items())),
        codes=codes(entries),
        first=min((part.first for part in parts), default=None),
        last=max((part.last for part in parts), default=None),
        files=tuple(files),
        records=sum(file.records for file in files),
        used=sum(file.used for file in files),
        unused=_summed([file.unused for file in files]),
        quarantined=_summed([file.quarantined for file in files]),
        duplicates=max(given - tables.total() - pruned, 0),
        pruned=pruned,
        spans=spans(entries),
        size=sum(part.size for part in parts),
    )


def codes(entries: Sequence[Entry]) -> dict[tuple[str, str], int]:
    """Count rows by table and code."""
    counts: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        for part in entry.parts:
            for code, count in part.codes.items():
                counts[part.table, code] += count
    return dict(sorted(counts.items()))


def spans(entries: Sequence[Entry]) -> tuple[Span, ...]:
    """Say how far each recorder's each channel reaches."""
    found = joined(span for reading in readings(entries).values() for span in reading.spans)
    return tuple(sorted(found, key=lambda span: (span.recorder, span.channel)))


def _summed(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
