"""The journal: one entry a commit, written last; what no entry names is not in the store.

A file may be read in several commits, and read again after it was cut short: each reading is an *attempt*. What a file
gave is counted from its best attempt, so that nothing is counted twice (see `readings`).
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace

import orjson

from graph_hunt.errors import WorkspaceError, WorkspaceVersion
from graph_hunt.events.batch import Span
from graph_hunt.events.storage import Storage

FORMAT = 1
"""The version of the event store's layout; a program reads its own and older ones."""

FOLDER = "journal"
Attempt = tuple[str, str, int]

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
    """Name a batch so that names sort by commit order and two writers never share one."""
    return f"{sequence:010d}-{writer}"


def next_name(batches: Iterable[str], writer: str) -> str:
    """Name the batch after all of these."""
    last = max((int(batch.partition("-")[0]) for batch in batches), default=0)
    return name_of(last + 1, writer)


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
    return Entry(**raw)


def path_of(batch: str) -> str:
    """Say where a batch's entry stands."""
    return f"{FOLDER}/{batch}.json"


class Journal:
    """The entries of a store, each read once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[str, tuple[tuple[int, int], Entry]] = {}

    def entries(self) -> list[Entry]:
        """Read the entries there are now, in commit order."""
        kept: dict[str, tuple[tuple[int, int], Entry]] = {}
        for name, stamp in sorted(self._storage.stamps(FOLDER, ".json").items()):
            known = self._known.get(name)
            if known is not None and known[0] == stamp:
                kept[name] = known
                continue
            # Another process may have taken the batch out since.
            with suppress(FileNotFoundError):
                kept[name] = (stamp, decode(self._storage.read(name), name))
        self._known = kept
        return [entry for _, entry in kept.values()]

    def publish(self, entry: Entry) -> None:
        """Add an entry, or put it in the place of its batch's former one: from now on the store is as it says."""
        self._storage.publish(path_of(entry.batch), encode(entry))

    def forget(self, batch: str) -> None:
        """Remove an entry; its files are orphans from now on."""
        self._storage.remove(path_of(batch))


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
