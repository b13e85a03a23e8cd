"""Events in the Open Cybersecurity Schema Framework (1.x), as Amazon Security Lake and many products write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import Record, batches, first_records, json_records
from graph_hunt.loaders._values import UNLIKE, at, integer
from graph_hunt.loaders.ocsf.event import Event, is_event
from graph_hunt.loaders.ocsf.mapping import CLASSES

__all__ = ["LOADER"]


@dataclass(frozen=True, slots=True)
class _Ocsf:
    name: str = "ocsf"

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records."""
        return any(is_event(fields) for fields in first_records(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)

        def keep(one: Record) -> None:
            if one.fault or one.fields is None:
                out.reject(one.number, one.fault, one.raw)
                return
            try:
                _keep(one, one.fields, out)
            except UNLIKE as error:
                out.reject(one.number, f"laid out otherwise: {error}", one.raw)

        with source.open() as stream:
            yield from batches(json_records(stream, source.head), out, keep)


def _keep(one: Record, fields: dict[str, Any], out: Rows) -> None:
    number = integer(fields.get("class_uid"))
    if number is None or not is_event(fields):
        out.reject(one.number, "not an event of the Open Cybersecurity Schema", one.raw)
        return
    when = at(fields.get("time"))
    when = when if when is not None else at(fields.get("time_dt"))
    if when is None:
        out.reject(one.number, f"time is not a time: {fields.get('time')!r}", one.raw)
        return
    event = Event(fields, integer(fields.get("activity_id")) or 0)
    code = f"OCSF/{number}"
    recorder = event.machine() or event.get("metadata", "product", "name") or "OCSF"
    out.seen(recorder, code, when)
    mapper = CLASSES.get(number)
    made = mapper(event) if mapper is not None else []
    if not made:
        out.skip(code)
        return
    own = event.get("metadata", "uid")
    product = event.get("metadata", "product", "name") or ""
    content = own or orjson.dumps(fields, option=orjson.OPT_SORT_KEYS, default=str).decode()
    names = ["ocsf", product.casefold(), number, content]
    places: dict[str, int] = {}
    for table, columns in made:
        place = places[table] = places.get(table, -1) + 1
        out.add(
            table,
            event_id=event_id(when, names, place),
            time=when,
            code=code,
            recorder=recorder,
            record=one.number,
            raw=one.raw,
            **columns,
        )


LOADER = _Ocsf()
