"""Hayabusa's timelines: a finding is named by its computer, record and rule, whatever profile wrote it."""

from collections.abc import Iterable, Mapping
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._records import Record
from graph_hunt.loaders._table import Row
from graph_hunt.loaders._values import UNLIKE, integer, text
from graph_hunt.loaders.alerts.clock import Clock
from graph_hunt.loaders.alerts.words import account_columns, details, host, level, source_address, techniques

__all__ = ["Reader", "is_finding", "is_header"]

_CODE = "Hayabusa/finding"
_DETAILS = ("Details", "ExtraFieldInfo", "AllFieldInfo")
_ANY = ("RuleTitle", "Level", "Computer", "EventID")
_TIMESKETCH = ("datetime", "message", "timestamp_desc", "Level", "Computer")


def is_header(names: Iterable[str]) -> bool:
    """Tell a timeline by the columns that every profile has."""
    found = set(names)
    return found.issuperset(("Timestamp", *_ANY)) or found.issuperset(_TIMESKETCH)


def is_finding(fields: Mapping[str, Any]) -> bool:
    """Tell a finding by the fields that every profile has."""
    return is_header(fields)


class Reader:
    """Turns findings into alerts."""

    def __init__(self, rows: Rows, clock: Clock) -> None:
        self._rows, self._clock = rows, clock

    def record(self, record: Record) -> None:
        """Keep a finding in JSON."""
        if record.fields is None or not is_finding(record.fields):
            self._rows.reject(record.number, record.fault or "not a Hayabusa finding", record.raw)
        else:
            try:
                self._keep(record.fields, record.number, record.raw)
            except UNLIKE as error:
                self._rows.reject(record.number, f"a finding laid out otherwise: {error}", record.raw)

    def row(self, row: Row) -> None:
        """Keep a finding in CSV."""
        if row.fault:
            self._rows.reject(row.number, row.fault, row.raw)
        else:
            self._keep(row.fields, row.number, row.raw)

    def _keep(self, fields: Mapping[str, Any], number: int, raw: str) -> None:
        written = str(fields.get("Timestamp") or fields.get("datetime") or "")
        at = self._clock(written)
        if at is None:
            self._rows.reject(number, f"the time {written!r} cannot be read", raw)
            return
        title = str(fields.get("RuleTitle") or fields.get("message") or "")
        named = [fields.get("Computer"), fields.get("RecordID"), fields.get("EventID"), title]
        parts = {name: _parts(fields.get(name)) for name in _DETAILS}
        if integer(fields.get("RecordID")) is None:
            # A correlation of several records, named by what it found.
            named.append(details(parts["Details"]) or details(parts["AllFieldInfo"]))
        merged = parts["AllFieldInfo"] | parts["ExtraFieldInfo"] | parts["Details"]
        computer = host(fields.get("Computer"))
        self._rows.seen(computer or "Hayabusa", _CODE, at)
        self._rows.add(
            "alert",
            event_id=event_id(at, ["hayabusa", *(str(name).casefold() for name in named)]),
            time=at,
            code=_CODE,
            recorder=computer,
            record=number,
            raw=raw,
            product="Hayabusa",
            title=title or None,
            level=level(fields.get("Level")),
            techniques=techniques(_words(fields.get("MitreTags"))),
            host=computer,
            **account_columns(merged),
            source_ip=source_address(merged),
            details=details(parts["Details"]) or details(merged),
            rule=text(fields.get("RuleID")) or text(fields.get("RuleFile")),
        )


def _words(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else (value,)


def _parts(value: object) -> dict[str, Any]:
    """The fields of a finding: an object in JSON, `name: value` between broken bars, tabs or lines in CSV."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, str) or value in ("", "-", "DUP"):
        return {}
    text = value.replace("\r\n", " ¦ ").replace("\t", " ¦ ")
    found: dict[str, Any] = {}
    for part in text.split(" ¦ "):
        name, colon, rest = part.partition(": ")
        if colon:
            found[name.strip()] = rest.strip()
        else:
            found[""] = f"{found['']} {part}" if "" in found else part
    return found
