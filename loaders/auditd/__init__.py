"""Linux's audit log: raw or enriched lines, with or without a syslog header, and Azure's agent's records."""

from collections.abc import Iterator

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._records import Record, batches, first_records, json_records
from graph_hunt.loaders._values import text
from graph_hunt.loaders.auditd.mapping import Audit
from graph_hunt.loaders.auditd.record import Entry, entry_of

__all__ = ["LOADER"]

_LOOKED_AT = 20
_LONGEST = 1 << 20
_KEPT = 65536
_BETWEEN = ("----", "time->")


class _Auditd:
    name = "auditd"

    def claims(self, source: Source) -> bool:
        """Tell by the type and event that most of the first lines, or a message in a record, begin with."""
        return _is_log(source.head) or _is_table(source.head)

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        audit = Audit(rows, text(options.extra.get("host")))
        yield from batches(_entries(source, audit), rows, lambda found: _keep(found, rows, audit))


def _is_log(head: bytes) -> bool:
    lines = head.decode("utf-8", "replace").splitlines()
    lines = [line for line in lines if line.strip() and not line.startswith(_BETWEEN)][:_LOOKED_AT]
    if not lines or lines[0][:1] in "{[":
        return False
    return sum(entry_of(line, 1) is not None for line in lines) * 2 > len(lines)


def _is_table(head: bytes) -> bool:
    return any(_carried(record) is not None for record in first_records(head))


def _carried(fields: dict[str, object]) -> Entry | None:
    said = fields.get("SyslogMessage")
    return entry_of(said, 1) if isinstance(said, str) and said.startswith(("type=", "audit", "node=")) else None


def _entries(source: Source, audit: Audit) -> Iterator[tuple[int, str] | Record]:
    with source.open() as stream:
        if _is_log(source.head):
            number = 0
            while content := stream.readline(_LONGEST):
                number += 1
                yield number, content.decode("utf-8", "replace").rstrip("\r\n\0 ")
            stream.read(1)
        else:
            yield from json_records(stream, source.head)
    audit.end()


def _keep(found: tuple[int, str] | Record, rows: Rows, audit: Audit) -> None:
    if isinstance(found, Record):
        entry = _carried(found.fields) if found.fields is not None else None
        if entry is None:
            rows.reject(found.number, found.fault or "not an audit record", found.raw)
        else:
            fields = found.fields or {}
            node = entry.node or text(fields.get("HostName")) or text(fields.get("Computer"))
            audit.take(Entry(found.number, found.raw, node, entry.type, entry.at, entry.serial, entry.words))
        return
    number, line = found
    if not line.strip():
        return
    if line.startswith(_BETWEEN):
        rows.skip("Auditd/separator")
    elif (entry := entry_of(line, number)) is not None:
        audit.take(entry)
    else:
        rows.reject(number, "not an audit record", line[:_KEPT])


LOADER: Loader = _Auditd()
