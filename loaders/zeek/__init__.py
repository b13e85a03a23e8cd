"""Zeek's logs: what was seen on the wire between machines; tabbed or JSON lines, one log or several in a file."""

from collections.abc import Iterator

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._records import Record, batches, first_records, json_records
from graph_hunt.loaders.zeek.mapping import Servers, keep
from graph_hunt.loaders.zeek.shape import is_zeek, shape
from graph_hunt.loaders.zeek.tabs import has_header, tabbed

__all__ = ["LOADER"]

_LOOKED_AT = 20


class _Zeek:
    name = "zeek"

    def claims(self, source: Source) -> bool:
        """Tell by the header of a tabbed log, or by the names of the fields."""
        return has_header(source.head) or any(is_zeek(fields) for fields in first_records(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows, servers = Rows(self.name, source.name), Servers()
        told = {shape(fields) for fields in first_records(source.head, _LOOKED_AT)} - {""}
        # What leaves out its telling fields is of the file's one log, where it has but one.
        only = told.pop() if len(told) == 1 else ""

        def record(one: Record) -> None:
            if one.fields is None:
                rows.reject(one.number, one.fault, one.raw)
            else:
                keep(one.fields, shape(one.fields) or only, rows, one, servers)

        with source.open() as stream:
            records = tabbed(stream) if has_header(source.head) else json_records(stream, source.head)
            yield from batches(records, rows, record)


LOADER: Loader = _Zeek()
