"""IIS: requests to Exchange (EWS, OWA, ActiveSync, MAPI …), and logons that a web server refused."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._records import batches
from graph_hunt.loaders.iis.lines import is_own_format, is_w3c, own_format, w3c
from graph_hunt.loaders.iis.mapping import Requests

__all__ = ["LOADER"]


class _Iis:
    name = "iis"

    def claims(self, source: Source) -> bool:
        """Tell by the fields that the first lines name, or by the first line's layout."""
        return is_w3c(source.head) or is_own_format(source.head)

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        requests = Requests(rows)
        with source.open() as stream:
            lines = w3c(stream) if is_w3c(source.head) else own_format(stream, ZoneInfo(options.timezone))
            yield from batches(lines, rows, requests.keep)


LOADER: Loader = _Iis()
