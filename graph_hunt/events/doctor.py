"""Checking a store: what the journal names is there, whole, and of the declared shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq

from graph_hunt.errors import WorkspaceError
from graph_hunt.events.append import orphans
from graph_hunt.events.journal import FOLDER, Entry, Part, decode, replayed
from graph_hunt.events.storage import Storage
from graph_hunt.schema import TABLES


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that is not as it should be, and what to do about it."""

    severity: Severity
    path: str
    what: str
    remedy: str
    batch: str = ""
    """The batch that it damages."""


def examine(storage: Storage, *, deep: bool = False, shared: bool = False) -> Iterator[Complaint]:
    """Check everything; `deep` reads every file, too, against its digest. Several may load into a `shared` store."""
    read: list[Entry] = []
    names = storage.names(FOLDER, ".json")
    for name in names:
        try:
            read.append(decode(storage.read(name), name))
        except (WorkspaceError, OSError) as error:
            yield Complaint(Severity.ERROR, name, str(error), "restore this file from a copy of the workspace")
    entries = replayed(read)
    for entry in entries:
        yield from _entry(storage, entry, deep)
    if len(read) == len(names):
        for path in orphans(storage, entries):
            yield Complaint(
                Severity.NOTICE,
                path,
                "left by a load that was cut short" + (", or being written by one that runs" if shared else ""),
                "nothing: doctor --repair removes it once it is a day old"
                if shared
                else "nothing: the next load removes it",
            )


def _entry(storage: Storage, entry: Entry, deep: bool) -> Iterator[Complaint]:
    names = sorted({reading.name for reading in entry.readings})
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    remedy = f"take the batch out (doctor --repair) and load again: {shown}"
    if entry.quarantine and storage.size(entry.quarantine) is None:
        yield Complaint(Severity.ERROR, entry.quarantine, "is missing", remedy, entry.batch)
    for part in entry.parts:
        wrong = _wrong(storage, entry, part, deep)
        if wrong:
            yield Complaint(Severity.ERROR, part.path, wrong, remedy, entry.batch)


def _wrong(storage: Storage, entry: Entry, part: Part, deep: bool) -> str:
    size = storage.size(part.path)
    if size is None:
        return "is missing"
    if size != part.size:
        return f"has {size:,} bytes where {part.size:,} were written"
    try:
        if deep and sha256(storage.read(part.path)).hexdigest() != part.digest:
            return "is not what was written: its digest is another"
        with pq.ParquetFile(storage.path(part.path), filesystem=storage.files) as file:
            if file.metadata.num_rows != part.rows:
                return f"has {file.metadata.num_rows:,} rows where {part.rows:,} were written"
            return _shape(file.schema_arrow, part.table, entry.columns.get(part.table, ()))
    except (OSError, pa.ArrowException) as error:
        return f"is damaged ({error})"


def _shape(found: pa.Schema, table: str, names: tuple[str, ...]) -> str:
    if tuple(found.names) != names:
        return "has other columns than were written"
    declared = TABLES[table].schema
    for field in found:
        at = declared.get_field_index(field.name)
        if at >= 0 and not _alike(field.type, declared.field(at).type):
            return f"has {field.name} as {field.type} where {declared.field(at).type} is declared"
    return ""


def _alike(found: pa.DataType, declared: pa.DataType) -> bool:
    """Tell whether the types hold the same; the name that a list's items go by differs among writers."""
    if pa.types.is_list(found) and pa.types.is_list(declared):
        return bool(found.value_type == declared.value_type)
    return bool(found == declared)
