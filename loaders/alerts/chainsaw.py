"""Chainsaw's detections: one for each rule that matched a document, or a group of documents."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._records import Record
from graph_hunt.loaders._table import Row
from graph_hunt.loaders._values import UNLIKE
from graph_hunt.loaders.alerts.clock import Clock
from graph_hunt.loaders.alerts.words import account_columns, details, host, level, source_address, techniques

__all__ = ["Reader", "is_detection", "is_header"]

_CODE = "Chainsaw/detection"
_FIELD = re.compile(r"^(\w[\w ]*): (.*)$", re.MULTILINE)
_COLUMNS = frozenset({"timestamp", "detections", "path"})


def is_header(names: Iterable[str]) -> bool:
    """Tell a table by its first three columns."""
    return tuple(names)[:3] == ("timestamp", "detections", "path")


def is_detection(fields: Mapping[str, Any]) -> bool:
    """Tell a detection by its group, rule and documents."""
    return {"group", "name", "timestamp"} <= fields.keys() and ("document" in fields or "documents" in fields)


class Reader:
    """Turns detections into alerts."""

    def __init__(self, rows: Rows, clock: Clock) -> None:
        self._rows, self._clock = rows, clock

    def record(self, record: Record) -> None:
        """Keep a detection in JSON."""
        fields = record.fields
        if fields is None or not is_detection(fields):
            self._rows.reject(record.number, record.fault or "not a Chainsaw detection", record.raw)
            return
        try:
            self._detection(record, fields)
        except UNLIKE as error:
            self._rows.reject(record.number, f"a detection laid out otherwise: {error}", record.raw)

    def _detection(self, record: Record, fields: Mapping[str, Any]) -> None:
        at = self._time(str(fields["timestamp"]), record.number, record.raw)
        if at is None:
            return
        documents = fields.get("documents") or [fields.get("document")]
        events = [_event(document) for document in documents]
        names = sorted({str(event.get("Computer")) for event in events if event.get("Computer")})
        numbers = sorted(str(event.get("EventRecordID")) for event in events)
        first = events[0]
        self._add(
            at,
            record.number,
            record.raw,
            # A group of documents is on no one machine, unless all of them are on the same.
            names[0] if len(names) == 1 else None,
            str(fields["name"]),
            (*names, *numbers),
            level=level(fields.get("level")),
            techniques=techniques(fields.get("tags") or ()),
            details=f"{fields['group']} ¦ {details(first) or ''}".removesuffix(" ¦ "),
            rule=fields.get("id") or None,
            **account_columns(first),
            source_ip=source_address(first),
        )

    def row(self, row: Row) -> None:
        """Keep a row of a table, once for each rule it names."""
        if row.fault:
            self._rows.reject(row.number, row.fault, row.raw)
            return
        at = self._time(row.fields["timestamp"], row.number, row.raw)
        if at is None:
            return
        fields = {name: value for name, value in row.fields.items() if name not in _COLUMNS}
        # A cell that is an object stands there as YAML.
        inner = {name: value.strip("\"' ") for cell in fields.values() for name, value in _FIELD.findall(cell)}
        for title in dict.fromkeys(row.fields["detections"].split(";")):
            self._add(
                at,
                row.number,
                row.raw,
                fields.get("Computer"),
                title,
                (fields.get("Computer"), fields.get("Record ID")),
                details=details(fields),
                **account_columns(inner | fields),
                source_ip=source_address(inner | fields),
            )

    def _time(self, written: str, number: int, raw: str) -> int | None:
        at = self._clock(written)
        if at is None:
            self._rows.reject(number, f"the time {written!r} cannot be read", raw)
        return at

    def _add(
        self, at: int, number: int, raw: str, computer: object, title: str, named: Iterable[object], **columns: Any
    ) -> None:
        machine = host(computer)
        self._rows.seen(machine or "Chainsaw", _CODE, at)
        self._rows.put(
            "alert",
            {
                "event_id": event_id(at, ["chainsaw", title, *(str(name).casefold() for name in named)]),
                "time": at,
                "code": _CODE,
                "recorder": machine,
                "record": number,
                "raw": raw,
                "product": "Chainsaw",
                "title": title,
                "host": machine,
                **columns,
            },
        )


def _event(document: object) -> dict[str, Any]:
    """The fields of a document: those of its System and its data in one."""
    content = document.get("data") if isinstance(document, dict) else None
    event = content.get("Event") if isinstance(content, dict) else None
    if not isinstance(event, dict):
        return dict(content) if isinstance(content, dict) else {}
    found: dict[str, Any] = {}
    for part in ("System", "EventData", "UserData"):
        inner = event.get(part)
        if part == "UserData" and isinstance(inner, dict):
            inner = next((value for value in inner.values() if isinstance(value, dict)), inner)
        if isinstance(inner, dict):
            found |= {name: value for name, value in inner.items() if not name.endswith("_attributes")}
    return {name: value for name, value in found.items() if not isinstance(value, dict)}
