"""Events in the Elastic Common Schema, as Beats, Elastic Agent and Elasticsearch give them.

A document that carries a Windows event (`winlog`) is that event, and read as the Windows loader reads it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import add_event, batches, first_records, json_records, sound
from graph_hunt.loaders._values import UNLIKE, at
from graph_hunt.loaders.ecs.document import Document, document_of
from graph_hunt.loaders.ecs.mapping import categories, made_of
from graph_hunt.loaders.windows.clock import Clock
from graph_hunt.loaders.windows.json_forms import recognise
from graph_hunt.loaders.windows.mapping import store
from graph_hunt.loaders.windows.reading import clock_of
from graph_hunt.loaders.windows.rendered import Malformed

__all__ = ["LOADER"]


@dataclass(frozen=True, slots=True)
class _Ecs:
    name: str = "ecs"
    by_record: bool = True

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records, none of which carries a Windows event."""
        records = first_records(source.head)
        if any(recognise(fields) is not None for fields in records):
            return False
        return any(document_of(fields) is not None for fields in records)

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)
        clock = clock_of(source, options)

        kept = sound(out, partial(_keep, clock=clock), unlike=(Malformed, *UNLIKE))
        with source.open() as stream:
            yield from batches(json_records(stream, source.head), out, kept)


def _keep(fields: dict[str, Any], out: Rows, number: int, raw: str, clock: Clock) -> None:
    windows = recognise(fields) if _may_be_windows(fields) else None
    if windows is not None:
        store(windows(fields, clock), out, number, raw)
        return
    document = document_of(fields)
    if document is None:
        out.reject(number, "not an event of the Elastic Common Schema", raw)
        return
    written = document.fields["@timestamp"]
    when = at(written[0] if type(written) is list and written else written)
    if when is None:
        out.reject(number, f"@timestamp is not a time: {written!r}", raw)
        return
    found = categories(document)
    recorder = document.machine() or document.get("observer.hostname", "event.module", "agent.name") or "ecs"
    out.seen(recorder, f"ECS/{document.get('event.dataset', 'event.module') or 'event'}", when)
    made = [(category, row) for category in found for row in made_of(document, category)]
    if not made:
        out.skip(f"ECS/{found[0] if found else document.get('event.dataset', 'event.action') or 'event'}")
        return
    names = ["ecs", *_names(document)]
    rows = [(f"ECS/{category}", table, columns) for category, (table, columns) in made]
    add_event(out, rows, names, at=when, recorder=recorder, number=number, raw=raw)


def _may_be_windows(fields: dict[str, Any]) -> bool:
    """Tell quickly what is worth a closer look: nearly no document is."""
    if "winlog" in fields or "winlog.event_id" in fields or "winlog.channel" in fields:
        return True
    inner = fields.get("_source")
    inner = inner if type(inner) is dict else fields.get("fields")
    return type(inner) is dict and any(name.startswith("winlog") for name in inner)


def _names(document: Document) -> list[str]:
    """What names an event: its own id, with what makes that one of a kind; Elasticsearch's; or all that it says."""
    own = document.get("event.id")
    if own is not None:
        return [
            own,
            document.get("host.id", "host.name") or "",
            document.get("event.dataset") or "",
            document.get("event.action") or "",
        ]
    if document.identity is not None:
        return [document.identity]
    return [orjson.dumps(document.fields, option=orjson.OPT_SORT_KEYS, default=str).decode()]


LOADER = _Ecs()
