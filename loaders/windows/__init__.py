"""Windows event logs: EVTX files, and the same events as JSON in the forms they are shipped in."""

from collections.abc import Iterator
from datetime import tzinfo
from zoneinfo import ZoneInfo

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders.windows import evtx, json_source
from graph_hunt.loaders.windows.json_forms import recognise

__all__ = ["LOADER"]


class _Windows:
    name = "windows"

    def claims(self, source: Source) -> bool:
        """Tell whether the head is an event log, or begins with a Windows event in JSON."""
        return source.head.startswith(evtx.MAGIC) or _begins_with_event(source.head)

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        if source.head.startswith(evtx.MAGIC):
            with source.on_disk() as path:
                yield from evtx.read(path, rows)
            return
        zone: tzinfo = ZoneInfo(options.timezone)
        with source.open() as stream:
            yield from json_source.read_lines(stream, rows, zone)


def _begins_with_event(head: bytes) -> bool:
    for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()[:5]:
        try:
            if recognise(orjson.loads(line)):
                return True
        except orjson.JSONDecodeError:
            continue
    return False


LOADER: Loader = _Windows()
