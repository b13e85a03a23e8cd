"""Windows event logs: EVTX files, and the same events in the forms they are shipped in: JSON, XML, CSV, syslog.

`reading` tells how a source holds its records, the `*_form` modules read a record into an `Event`, `mapping` finds the
function for its provider and id, and that function gives the rows.
"""

from collections.abc import Iterator

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders.windows import evtx, reading

__all__ = ["LOADER"]


class _Windows:
    name = "windows"
    by_record = True

    def claims(self, source: Source) -> bool:
        """Tell whether the head is an event log, or holds Windows events as text."""
        return source.head.startswith(evtx.MAGIC) or reading.way(source.head) is not None

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        if source.head.startswith(evtx.MAGIC):
            with source.open() as stream:
                yield from evtx.read(stream, rows, source.size)
        else:
            yield from reading.read(source, options, rows)


LOADER: Loader = _Windows()
