"""lastlog: when each account last logged on, and from where; an account is its place in the file, its number."""

import os
from collections.abc import Iterator
from pathlib import Path

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.source import Source
from graph_hunt.loaders.syslog.who import place
from graph_hunt.loaders.utmp.layout import Layout, entry_of, lastlog_layout

__all__ = ["find_layout", "read"]

_LOOKED_AT = 4 << 20
"""How far into a file of holes a first record may stand: number 14,000."""
_PIECE = 1 << 16


def find_layout(source: Source) -> Layout | None:
    """The layout of a file that is lastlog's; it may begin with a hole of many accounts."""
    head = source.head
    if any(head):
        return lastlog_layout(head)
    if not head or not source.size or source.size <= len(head):
        return None
    try:
        with source.open() as stream:
            return lastlog_layout(stream.read(_LOOKED_AT))
    except (UnreadableInput, OSError):
        return None


def read(source: Source, layout: Layout, rows: Rows, machine: str | None) -> Iterator[Batch]:
    """Yield the batches of a file; holes are passed over."""
    with source.on_disk() as path:
        for number, record in _records(path, layout):
            _keep(number, record, layout, rows, machine)
            yield from rows.batches()
    yield from rows.batches(last=True)


def _records(path: Path, layout: Layout) -> Iterator[tuple[int, bytes]]:
    """Give the records that hold something, each with the number of its account."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        at = 0
        while at < end:
            try:
                at = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:
                # No data up to the end.
                return
            at -= at % layout.size
            # Past the stream's buffer, which does not know where the descriptor stands now.
            block = os.pread(file.fileno(), _PIECE // layout.size * layout.size, at)
            if not block:
                # It was cut short meanwhile.
                return
            for start in range(0, len(block), layout.size):
                if any(record := block[start : start + layout.size]):
                    yield (at + start) // layout.size, record
            at += len(block)


def _keep(uid: int, record: bytes, layout: Layout, rows: Rows, machine: str | None) -> None:
    if len(record) < layout.size:
        rows.reject(uid + 1, f"cut after {len(record)} of {layout.size} bytes", record.hex())
        return
    try:
        entry = entry_of(record, layout)
    except ValueError as error:
        rows.reject(uid + 1, str(error), record.hex())
        return
    rows.seen(machine or "", "lastlog", entry.at)
    source = place(entry.host)
    rows.add(
        "authentication",
        event_id=event_id(entry.at, ["lastlog", machine, uid, entry.line, entry.host]),
        time=entry.at,
        code="Lastlog/login",
        recorder=machine,
        record=uid + 1,
        raw="\t".join((str(uid), entry.line, entry.host)),
        kind="logon",
        outcome="success",
        user="root" if uid == 0 else f"uid {uid}",
        target_host=machine,
        logon_type="network" if source else "interactive",
        device=entry.line or None,
        **source,
    )
