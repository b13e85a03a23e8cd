"""Events in the Open Cybersecurity Schema Framework (1.x), as Amazon Security Lake and many products write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import add_event, batches, first_records, json_records, sound
from graph_hunt.loaders._values import at, integer
from graph_hunt.loaders.ocsf.event import Event, is_event
from graph_hunt.loaders.ocsf.mapping import CLASSES

__all__ = ["LOADER"]


@dataclass(frozen=True, slots=True)
class _Ocsf:
    name: str = "ocsf"
    by_record: bool = True

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records."""
        return any(is_event(fields) for fields in first_records(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)
        with source.open() as stream:
            yield from batches(json_records(stream, source.head), out, sound(out, _keep))


def _keep(fields: dict[str, Any], out: Rows, number: int, raw: str) -> None:
    kind = integer(fields.get("class_uid"))
    if kind is None or not is_event(fields):
        out.reject(number, "not an event of the Open Cybersecurity Schema", raw)
        return
    when = at(fields.get("time"))
    when = when if when is not None else at(fields.get("time_dt"))
    if when is None:
        out.reject(number, f"time is not a time: {fields.get('time')!r}", raw)
        return
    event = Event(fields, integer(fields.get("activity_id")) or 0)
    code = f"OCSF/{kind}"
    recorder = event.machine() or event.get("metadata", "product", "name") or "OCSF"
    out.seen(recorder, code, when)
    mapper = CLASSES.get(kind)
    made = mapper(event) if mapper is not None else []
    if not made:
        out.skip(code)
        return
    own = event.get("metadata", "uid")
    product = event.get("metadata", "product", "name") or ""
    content = own or orjson.dumps(fields, option=orjson.OPT_SORT_KEYS, default=str).decode()
    names = ["ocsf", product.casefold(), kind, content]
    rows = [(code, table, columns) for table, columns in made]
    add_event(out, rows, names, at=when, recorder=recorder, number=number, raw=raw)


LOADER = _Ocsf()
