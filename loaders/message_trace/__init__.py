"""Exchange's message traces and message tracking logs: who sent what to whom, and where it went."""

from collections.abc import Iterator
from typing import BinaryIO
from zoneinfo import ZoneInfo

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._mail import own_domains
from graph_hunt.loaders._records import Record, batches, first_records, json_records
from graph_hunt.loaders._table import Row, header, rows
from graph_hunt.loaders.message_trace.forms import is_trace, named
from graph_hunt.loaders.message_trace.mapping import Reading, keep
from graph_hunt.loaders.message_trace.tracking import is_log, lines

__all__ = ["LOADER"]


class _MessageTrace:
    name = "message_trace"
    by_record = True

    def claims(self, source: Source) -> bool:
        """Tell by the names of the fields."""
        return is_log(source.head) or _is_json(source.head) or is_trace(header(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        reading = Reading(ZoneInfo(options.timezone), own_domains(options))
        out = Rows(self.name, source.name)

        def record(one: Record | Row) -> None:
            if one.fault or one.fields is None:
                out.reject(one.number, one.fault, one.raw)
            else:
                keep(named(one.fields), out, one.number, one.raw, reading)

        with source.open() as stream:
            yield from batches(_records(stream, source.head), out, record)


def _records(stream: BinaryIO, head: bytes) -> Iterator[Record | Row]:
    if is_log(head):
        return lines(stream)
    return json_records(stream, head) if _is_json(head) else rows(stream, head)


def _is_json(head: bytes) -> bool:
    return any(is_trace(fields) for fields in first_records(head))


LOADER: Loader = _MessageTrace()
