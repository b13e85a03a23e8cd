"""Proofpoint's Targeted Attack Protection: messages with threats, delivered or blocked, and links that were opened."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._mail import own_domains
from graph_hunt.loaders._records import batches, first_records, sound
from graph_hunt.loaders._table import entries, header
from graph_hunt.loaders._values import at, text
from graph_hunt.loaders.proofpoint.forms import Event, events_within, is_header
from graph_hunt.loaders.proofpoint.mapping import happened
from graph_hunt.loaders.proofpoint.syslog import is_syslog, syslog_records

__all__ = ["LOADER"]


class _Proofpoint:
    name = "proofpoint"

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records, by the columns, or by the structured data of the first lines."""
        return _is_json(source.head) or is_header(header(source.head)) or is_syslog(source.head)

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)
        own = own_domains(options)
        kept = sound(out, lambda fields, to, number, raw: _keep(fields, to, number, raw, own))
        if is_syslog(source.head):
            with source.open() as stream:
                yield from batches(syslog_records(stream), out, kept)
        else:
            yield from batches(entries(source, json=_is_json(source.head)), out, kept)


def _is_json(head: bytes) -> bool:
    return any(events_within(fields) is not None for fields in first_records(head)) or _is_long_answer(head)


def _is_long_answer(head: bytes) -> bool:
    """Tell an answer of the API that does not end within the head."""
    start = head[:256].lstrip()
    return start[:1] == b"{" and b'"queryEndTime"' in start and any(name in head for name in _LISTS)


_LISTS = (b'"messagesDelivered"', b'"messagesBlocked"', b'"clicksPermitted"', b'"clicksBlocked"')


def _keep(fields: Mapping[str, Any], out: Rows, number: int, raw: str, own: frozenset[str]) -> None:
    events = events_within(fields)
    if events is None:
        out.reject(number, "neither a message nor a click of Proofpoint TAP", raw)
        return
    timed = [(event, at(event.fields.get(event.clock))) for event in events]
    for event, when in timed:
        if when is None:
            out.reject(number, f"{event.clock} is not a time: {event.fields.get(event.clock)!r}"[:200], raw)
            return
    made = [(event, when, table, row) for event, when in timed if when for table, row in happened(event, own)]
    for _, when in timed:
        out.seen("Proofpoint", "TAP", when or 0)
    if not made:
        out.skip(f"Proofpoint/{timed[0][0].code if timed else 'empty'}")
        return
    for event, when, table, row in made:
        out.put(
            table,
            {
                "event_id": event_id(when, ["proofpoint", event.code, _identity(event), row.get("recipient")]),
                "time": when,
                "code": f"Proofpoint/{event.code}",
                "recorder": "Proofpoint",
                "record": number,
                "raw": raw if len(timed) == 1 else orjson.dumps(event.fields).decode(),
                **row,
            },
        )


def _identity(event: Event) -> str:
    """What names the event: a click's or a message's own identifier; else its content."""
    named = text(event.fields.get("id")) or (text(event.fields.get("GUID")) if event.is_message else None)
    return named or orjson.dumps(event.fields, option=orjson.OPT_SORT_KEYS).decode()


LOADER: Loader = _Proofpoint()
