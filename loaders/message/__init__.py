"""Messages of RFC 5322: .eml, mbox, Maildir and emlx files, batch SMTP. Nothing is fetched, nothing executed."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._mail import own_domains
from graph_hunt.loaders._records import batches
from graph_hunt.loaders.message.container import reader
from graph_hunt.loaders.message.mapping import Reading, keep

__all__ = ["LOADER"]


class _Message:
    name = "message"

    def claims(self, source: Source) -> bool:
        """Tell by the header fields that the source begins with."""
        return reader(source.head) is not None

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        pieces = reader(source.head)
        if pieces is None:
            raise UnreadableInput("does not begin as a message does", where=source.name)
        reading = Reading(ZoneInfo(options.timezone), own_domains(options))
        out = Rows(self.name, source.name)
        with source.open() as stream:
            yield from batches(pieces(stream), out, lambda piece: keep(piece, out, reading))


LOADER: Loader = _Message()
