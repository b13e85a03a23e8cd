"""The journal: one entry a commit, written last; what no entry names is not in the store.

Entries are numbered without a gap, and a number is taken by creating its file, which only one writer can. So writers
need no lock: who finds the next number taken reads what the other wrote, and takes the one after. Taking events out is
an entry, too (`Removal`), and nothing that was written is ever changed.

A file may be read in several commits, and read again after it was cut short: each reading is an *attempt*. What a file
gave is counted from its best attempt, so that nothing is counted twice (see `readings`).
"""

import re
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace

import orjson

from graph_hunt.errors import WorkspaceError, WorkspaceVersion
from graph_hunt.events.batch import Span
from graph_hunt.events.storage import Storage

FORMAT = 2
"""The version of the event store's layout; a program reads its own and older ones."""

FOLDER = "journal"
Attempt = tuple[str, str, int]

_DIGITS = 10
_UNSEEN = (-1, -1)
"""The stamp of a file that was not looked at."""
_AT_ONCE = 16
"""Entries that are asked of an object store at a time."""
BATCH_NAME = re.compile(r"(?P<sequence>\d{10})-(?P<writer>[a-z0-9]+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one commit took from one file, or, summed, what an attempt took."""

    name: str
    digest: str
    loader: str
    load: str
    """The load that read it: one run of the program."""
    turn: int = 0
    """How often that load had read it before."""
    size: int = 0
    path: str = ""
    """Where it is on this machine, '' for standard input."""
    options: str = ""
    complete: bool = False
    """The loader came to its end."""
    problem: str = ""
    """Why it breaks off, where it does."""
    records: int = 0
    used: int = 0
    unused: Mapping[str, int] = field(default_factory=dict)
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """Records by the reason they are in quarantine for."""
    given: Mapping[str, int] = field(default_factory=dict)
    """Rows by table, those included that stood there already."""
    spans: tuple[Span, ...] = ()

    @property
    def attempt(self) -> "Attempt":
        """Name the attempt it is part of."""
        return self.digest, self.load, self.turn

    def plus(self, later: "Reading") -> "Reading":
        """Add what a later commit took in the same attempt."""
        return replace(
            self,
            complete=self.complete or later.complete,
            problem=later.problem or self.problem,
            records=self.records + later.records,
            used=self.used + later.used,
            unused=added(self.unused, later.unused),
            quarantined=added(self.quarantined, later.quarantined),
            given=added(self.given, later.given),
            spans=joined((*self.spans, *later.spans)),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A Parquet file of the store."""

    path: str
    table: str
    day: str
    rows: int
    first: int
    last: int
    size: int
    digest: str
    """The SHA-256 of the file in hexadecimal."""
    codes: Mapping[str, int]
    """Its rows by code."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What an entry takes out of those before it: batches wholly, and the days before one."""

    batches: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit."""

    batch: str
    program: str
    load: str
    at: int
    """When it was committed, epoch ms."""
    parts: tuple[Part, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The columns that its Parquet files have, by table."""
    duplicates: Mapping[str, int] = field(default_factory=dict)
    """Rows by table that were given but stood there already."""
    leans: tuple[str, ...] = ()
    """The batches in which they stood: if one of those goes, this one's files must be read again."""
    pruned: Mapping[str, int] = field(default_factory=dict)
    """Rows by table that it had before old days were removed."""
    readings: tuple[Reading, ...] = ()
    quarantine: str = ""
    """The file with its quarantined records, if any."""
    removal: Removal | None = None
    format: int = FORMAT

    @property
    def rows(self) -> dict[str, int]:
        """How many rows it has, by table."""
        counts: dict[str, int] = {}
        for part in self.parts:
            counts[part.table] = counts.get(part.table, 0) + part.rows
        return counts

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it names."""
        return (*(part.path for part in self.parts), *([self.quarantine] if self.quarantine else []))


def name_of(sequence: int, writer: str) -> str:
    """Name a batch so that two writers never share one, and names sort by commit order where one writes at a time."""
    return f"{sequence:0{_DIGITS}d}-{writer}"


def encode(entry: Entry) -> bytes:
    """Write an entry as JSON."""
    return orjson.dumps(asdict(entry), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)


def decode(content: bytes, name: str) -> Entry:
    """Read an entry; refuse one that a newer program wrote."""
    try:
        raw = orjson.loads(content)
        version, program = int(raw["format"]), raw["program"]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise WorkspaceError(f"{name}: not a journal entry ({error}); restore it from a copy, or remove it") from error
    if version > FORMAT:
        raise WorkspaceVersion(
            f"{name}: written by graph-hunt {program} in format {version}; this program reads up to {FORMAT}"
        )
    try:
        return _entry(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise WorkspaceError(f"{name}: a journal entry without {error}") from error


def _entry(raw: dict) -> Entry:  # type: ignore[type-arg]  # JSON as it stands in the file
    raw["parts"] = tuple(Part(**part) for part in raw["parts"])
    raw["columns"] = {table: tuple(names) for table, names in raw["columns"].items()}
    raw["leans"] = tuple(raw["leans"])
    raw["readings"] = tuple(
        Reading(**{**reading, "spans": tuple(Span(**span) for span in reading["spans"])}) for reading in raw["readings"]
    )
    if removal := raw.get("removal"):
        raw["removal"] = Removal(tuple(removal["batches"]), removal["before"])
    return Entry(**raw)


def path_of(number: int) -> str:
    """Say where the entry of a number stands."""
    return f"{FOLDER}/{number:0{_DIGITS}d}.json"


def _number_of(path: str) -> int:
    """Tell an entry's number; entries of format 1 have their writer's name behind it."""
    digits = path.removeprefix(f"{FOLDER}/")[:_DIGITS]
    return int(digits) if digits.isdigit() else 0


class Journal:
    """The entries of a store, each read once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[str, tuple[tuple[int, int], Entry]] = {}
        self._lock = threading.Lock()

    def entries(self) -> list[Entry]:
        """Give the commits that stand now, in their order."""
        return self.state()[0]

    def state(self) -> tuple[list[Entry], int]:
        """Give the commits that stand now, in their order, and the number of the last entry."""
        known = self._read()
        return replayed(entry for _, entry in known), max((number for number, _ in known), default=0)

    def removals(self) -> list[str]:
        """Name the entries that took something out."""
        return [entry.batch for _, entry in self._read() if entry.removal]

    def append(self, entry: Entry, after: int) -> list[tuple[int, Entry]]:
        """Add an entry right after the one of a number; where others came first, give those, and add nothing."""
        path = path_of(after + 1)
        if not self._storage.create(path, encode(entry)):
            return [found for found in self._read() if found[0] > after]
        with self._lock:
            self._known[path] = (_UNSEEN, entry)
        return []

    def _read(self) -> list[tuple[int, Entry]]:
        with self._lock:
            if self._known and not self._storage.local:
                self._look_on()
            else:
                self._list()
            return sorted(((_number_of(path), entry) for path, (_, entry) in self._known.items()), key=_numbered)

    def _look_on(self) -> None:
        """Ask an object store for the entries after those known: nothing is ever taken away there."""
        last = max(map(_number_of, self._known))
        while (entry := self._entry(path := path_of(last + 1))) is not None:
            self._known[path] = (_UNSEEN, entry)
            last += 1

    def _list(self) -> None:
        found = self._storage.stamps(FOLDER, ".json")
        wanted = [path for path, stamp in found.items() if self._known.get(path, (None,))[0] != stamp]
        with ThreadPoolExecutor(1 if self._storage.local else _AT_ONCE) as pool:
            read = dict(zip(wanted, pool.map(self._entry, wanted), strict=True))
        kept = {path: read[path] if path in read else self._known[path][1] for path in found}
        self._known = {path: (found[path], entry) for path, entry in kept.items() if entry is not None}

    def _entry(self, path: str) -> Entry | None:
        # A person may have taken the file away since.
        with suppress(FileNotFoundError):
            return decode(self._storage.read(path), path)
        return None


def _numbered(found: tuple[int, Entry]) -> tuple[int, str]:
    return found[0], found[1].batch


def replayed(entries: Iterable[Entry]) -> list[Entry]:
    """Give the commits that stand after what later entries took out of them."""
    standing: list[Entry] = []
    for entry in entries:
        if entry.removal is None:
            standing.append(entry)
        else:
            standing = [left for one in standing if (left := _without(one, entry.removal)) is not None]
    return standing


def _without(entry: Entry, removal: Removal) -> Entry | None:
    """Give what a removal leaves of an entry; files of which it had events in common count as not read to their end."""
    if entry.batch in removal.batches:
        return None
    if leant := set(entry.leans).intersection(removal.batches):
        entry = replace(
            entry,
            leans=tuple(batch for batch in entry.leans if batch not in leant),
            readings=tuple(replace(reading, complete=False) for reading in entry.readings),
        )
    old = [part for part in entry.parts if part.day < removal.before]
    if not old:
        return entry
    counts: dict[str, int] = {}
    for part in old:
        counts[part.table] = counts.get(part.table, 0) + part.rows
    return replace(
        entry,
        parts=tuple(part for part in entry.parts if part.day >= removal.before),
        pruned=added(entry.pruned, counts),
    )


def readings(entries: Iterable[Entry]) -> dict[str, Reading]:
    """Give each file's account by its digest: its latest complete attempt, else the one that came furthest."""
    attempts: dict[Attempt, Reading] = {}
    for entry in entries:
        for reading in entry.readings:
            so_far = attempts.get(reading.attempt)
            attempts[reading.attempt] = so_far.plus(reading) if so_far else reading
    best: dict[str, Reading] = {}
    for reading in attempts.values():
        other = best.get(reading.digest)
        if other is None or _better(reading, other):
            best[reading.digest] = reading
    return best


def _better(reading: Reading, other: Reading) -> bool:
    if reading.complete != other.complete:
        return reading.complete
    return reading.complete or reading.records >= other.records


def added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Add counts by key."""
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans of the same recorder and channel."""
    found: dict[tuple[str, str], Span] = {}
    for span in spans:
        key = (span.recorder, span.channel)
        one = found.get(key)
        found[key] = (
            Span(*key, min(one.first, span.first), max(one.last, span.last), one.count + span.count) if one else span
        )
    return tuple(found.values())
