"""RADIUS servers' logs: FreeRADIUS, and Microsoft's NPS (formerly IAS) in its three formats."""

from collections.abc import Callable, Iterator

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._records import batches
from graph_hunt.loaders._text_log import Line, lines
from graph_hunt.loaders.radius import free, policy_server

__all__ = ["LOADER"]


class _Radius:
    name = "radius"

    def claims(self, source: Source) -> bool:
        """Tell by what the first lines say."""
        return policy_server.is_log(source.head) or free.is_log(source.head)

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        keep: Callable[[Line], None] = (
            policy_server.Log(rows, options).keep if policy_server.is_log(source.head) else free.Log(rows).keep
        )
        with source.open() as stream:
            yield from batches(lines(source, stream, options), rows, keep)


LOADER: Loader = _Radius()
