"""Microsoft 365's Unified Audit Log, in every form it is exported in: CSV with AuditData, JSON, Log Analytics."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import Record, batches, first_records
from graph_hunt.loaders._table import Row, entries, header
from graph_hunt.loaders.m365.forms import Malformed, is_header, is_record, record_of
from graph_hunt.loaders.m365.mapping import keep, keep_alert
from graph_hunt.loaders.m365.threats import is_graph_alert

__all__ = ["LOADER"]


@dataclass(frozen=True, slots=True)
class _M365:
    name: str = "m365"
    by_record: bool = True

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records, or by the columns."""
        return _is_json(source.head) or is_header(header(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches; a record that an export holds twice has one identity."""
        out = Rows(self.name, source.name)

        def record(one: Record | Row) -> None:
            if one.fault or one.fields is None:
                out.reject(one.number, one.fault, one.raw)
                return
            try:
                if is_graph_alert(one.fields):
                    keep_alert(one.fields, out, one.number, one.raw)
                else:
                    keep(record_of(one.fields), out, one.number, one.raw)
            except Malformed as error:
                out.reject(one.number, str(error), one.raw)

        yield from batches(entries(source, json=_is_json(source.head)), out, record)


def _is_json(head: bytes) -> bool:
    return any(is_record(fields) or is_graph_alert(fields) for fields in first_records(head))


LOADER = _M365()
