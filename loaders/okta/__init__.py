"""Okta's System Log: sign-ins, second factors, and what administrators changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import batches, first_records, sound
from graph_hunt.loaders._table import entries, header
from graph_hunt.loaders._values import at, text
from graph_hunt.loaders.okta.forms import events_within, is_header
from graph_hunt.loaders.okta.mapping import Logged, mapper_of

__all__ = ["LOADER"]


@dataclass(frozen=True, slots=True)
class _Okta:
    name: str = "okta"
    by_record: bool = True

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records, or by the columns."""
        return _is_json(source.head) or is_header(header(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)
        kept = sound(out, _keep)
        yield from batches(entries(source, json=_is_json(source.head)), out, kept)


def _is_json(head: bytes) -> bool:
    return any(events_within(fields) is not None for fields in first_records(head))


def _keep(fields: Mapping[str, Any], out: Rows, number: int, raw: str) -> None:
    events = events_within(fields)
    if events is None:
        out.reject(number, "not an event of Okta's System Log", raw)
        return
    made = []
    for event in events:
        when = at(event.get("published"))
        if when is None:
            out.reject(number, f"published is not a time: {event.get('published')!r}", raw)
            return
        kind = text(event.get("eventType")) or "?"
        out.seen("Okta", "Okta", when)
        mapper = mapper_of(kind)
        found = mapper(Logged(event, kind)) if mapper is not None else []
        made += [(event, kind, when, table, columns) for table, columns in found]
    if not made:
        out.skip(f"Okta/{text(events[0].get('eventType')) or '?'}")
        return
    for event, kind, when, table, columns in made:
        identity = text(event.get("uuid")) or orjson.dumps(event, option=orjson.OPT_SORT_KEYS, default=str).decode()
        out.put(
            table,
            {
                "event_id": event_id(when, ["okta", identity.casefold()]),
                "time": when,
                "code": f"Okta/{kind}",
                "recorder": "Okta",
                "record": number,
                "raw": raw,
                **columns,
            },
        )


LOADER = _Okta()
