"""Microsoft Defender XDR's advanced hunting: exports of the portal, the API, Event Hub and Microsoft Sentinel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import Record, batches, first_records, json_records
from graph_hunt.loaders._table import Row, header, rows
from graph_hunt.loaders.defender.forms import is_header, opened, rows_within, table_of
from graph_hunt.loaders.defender.mapping import keep

__all__ = ["LOADER"]


@dataclass(frozen=True, slots=True)
class _Defender:
    name: str = "defender"
    by_record: bool = True

    def claims(self, source: Source) -> bool:
        """Tell by the table that the first records name, or by their columns."""
        return _is_json(source.head) or is_header(header(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)

        def row(one: Record | Row) -> None:
            if one.fault or one.fields is None:
                out.reject(one.number, one.fault, one.raw)
                return
            keep(one.fields, out, one.number, one.raw)

        with source.open() as stream:
            if _is_json(source.head):
                yield from batches(_each(json_records(stream, source.head)), out, row)
            else:
                yield from batches(rows(stream, source.head), out, row)


def _each(records: Iterator[Record]) -> Iterator[Record]:
    """Give the rows of a whole answer of Log Analytics one by one."""
    more = 0
    for record in records:
        inside = rows_within(record.fields) if record.fields is not None else None
        if inside is None:
            yield record if not more else Record(record.number + more, record.raw, record.fields, record.fault)
            continue
        for fields in inside:
            yield Record(record.number + more, _text(fields), fields)
            more += 1


def _text(fields: Mapping[str, Any]) -> str:
    return orjson.dumps(fields, default=str).decode()


def _is_json(head: bytes) -> bool:
    for fields in first_records(head):
        inside = rows_within(fields)
        if any(table_of(*opened(row)) for row in (inside[:5] if inside is not None else [fields])):
            return True
    return False


LOADER = _Defender()
