"""Entra ID: sign-ins, audit log and risk detections, from Graph, the portal, Azure Monitor and Log Analytics.

Times are kept to the second, which is as far as all exports of one event agree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import Record, batches, first_records
from graph_hunt.loaders._table import Row, entries, header
from graph_hunt.loaders._values import UNLIKE, at, text
from graph_hunt.loaders.entra.audit import changed, name_of, risk_detected, risky_user
from graph_hunt.loaders.entra.forms import Log, is_header, log_of, record_of
from graph_hunt.loaders.entra.signin import signed_in

__all__ = ["LOADER"]

_TIMES = ("activityDateTime", "createdDateTime", "detectedDateTime", "riskLastUpdatedDateTime", "timeGenerated", "time")
_SECOND = 1000


@dataclass(frozen=True, slots=True)
class _Entra:
    name: str = "entra"
    by_record: bool = True

    def claims(self, source: Source) -> bool:
        """Tell by the fields of the first records, or by the columns."""
        return _is_json(source.head) or is_header(header(source.head))

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        out = Rows(self.name, source.name)

        def keep(one: Record | Row) -> None:
            if one.fault or one.fields is None:
                out.reject(one.number, one.fault, one.raw)
            else:
                _keep(one.fields, out, one.number, one.raw)

        yield from batches(entries(source, json=_is_json(source.head)), out, keep)


def _is_json(head: bytes) -> bool:
    return any(log_of(record_of(fields)) is not None for fields in first_records(head))


def _keep(fields: Mapping[str, Any], out: Rows, number: int, raw: str) -> None:
    record = record_of(fields)
    log = log_of(record)
    if log is None:
        out.reject(number, "not a record of an Entra log", raw)
        return
    when = _time(record)
    if when is None:
        out.reject(number, "it has no time that can be read", raw)
        return
    out.seen("Entra", f"Entra/{log}", when)
    code = f"Entra/{name_of(record)}" if log is Log.AUDIT else f"Entra/{log}"
    try:
        found = _row(record, log)
    except UNLIKE as error:
        out.reject(number, f"{code} is laid out otherwise: {error}", raw)
        return
    if found is None:
        out.skip(code)
        return
    table, columns = found
    identity = text(record.get("id")) or text(record.get("requestId")) or text(record.get("p_row_id"))
    identity = identity or orjson.dumps(record, option=orjson.OPT_SORT_KEYS, default=str).decode()
    kind = "audit" if log is Log.AUDIT else "risk" if table == "alert" else "sign-in"
    out.put(
        table,
        {
            "event_id": event_id(
                when, ["entra", kind, identity.casefold(), name_of(record) if log is Log.AUDIT else ""]
            ),
            "time": when,
            "code": code,
            "recorder": "Entra",
            "record": number,
            "raw": raw,
            **columns,
        },
    )


def _row(record: Mapping[str, Any], log: Log) -> tuple[str, dict[str, Any]] | None:
    if log is Log.AUDIT:
        columns = changed(record)
        return None if columns is None else ("change", columns)
    if log is Log.RISK:
        return "alert", risk_detected(record)
    if log is Log.RISKY_USER:
        return "alert", risky_user(record)
    return None if log is Log.OTHER else ("authentication", signed_in(record, log))


def _time(record: Mapping[str, Any]) -> int | None:
    for name in _TIMES:
        if name in record and (found := at(record[name])) is not None:
            return found // _SECOND * _SECOND
    # Exports whose columns were chosen by hand may keep a time only here.
    steps = record.get("authenticationDetails")
    for step in steps if isinstance(steps, list) else ():
        found = at(step.get("authenticationStepDateTime")) if isinstance(step, dict) else None
        if found is not None:
            return found // _SECOND * _SECOND
    return None


LOADER = _Entra()
