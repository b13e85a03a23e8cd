"""The forms in which Proofpoint TAP's events come, each turned into the SIEM API's own.

The API answers with four lists; collectors give an event each, with a word that says of which list; Log Analytics'
custom tables have a table for each, and in the older ones the type at the end of each column's name.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from graph_hunt.loaders._values import text

__all__ = ["Event", "events_within", "is_header"]

_LISTS = ("messagesDelivered", "messagesBlocked", "clicksPermitted", "clicksBlocked")
_SAYING = ("type", "status", "eventType", "event_type", "record_type", "TableName")
"""Where collectors say which list an event is of."""
_TYPED = re.compile(r"_(?:s|g|t|d|b)$")
_CLICK, _MESSAGE = ({"clickTime", "url"}, {"messageTime", "GUID"})


@dataclass(frozen=True, slots=True)
class Event:
    """A message or a click, with the API's fields, and whether it was let through, where that is said."""

    fields: Mapping[str, Any]
    is_message: bool
    passed: bool | None

    @property
    def clock(self) -> str:
        """The field that holds its time."""
        return "messageTime" if self.is_message else "clickTime"

    @property
    def code(self) -> str:
        """The name of its list, as far as it is known."""
        if self.passed is None:
            return "message" if self.is_message else "click"
        passed = ("messagesDelivered", "messagesBlocked") if self.is_message else ("clicksPermitted", "clicksBlocked")
        return passed[0] if self.passed else passed[1]


def is_header(names: Iterable[str]) -> bool:
    """Tell an export of Log Analytics' tables by its columns."""
    return _is_message(found := {_TYPED.sub("", name) for name in names}) or _is_click(found)


def _is_click(names: set[str]) -> bool:
    return names >= _CLICK and bool({"threatID", "clickIP"} & names)


def _is_message(names: set[str]) -> bool:
    return names >= _MESSAGE and bool({"threatsInfoMap", "policyRoutes", "modulesRun"} & names)


def events_within(fields: Mapping[str, Any]) -> list[Event] | None:
    """The events of a record: the one that it is, or those of an answer; none where it is not Proofpoint's."""
    if "queryEndTime" in fields and any(name in fields for name in _LISTS):
        return [_event(one, name) for name in _LISTS for one in fields.get(name) or () if type(one) is dict]
    if (inner := fields.get("event")) is not None and type(inner) is dict and events_within(inner):
        return events_within(inner)
    plain = _untyped(fields)
    names = set(plain)
    if not _is_message(names) and not _is_click(names):
        return None
    said = " ".join(found for name in (*_SAYING, "Type") if (found := text(fields.get(name))) is not None)
    return [_event(plain, said)]


def _event(fields: Mapping[str, Any], said: str) -> Event:
    said = said.casefold()
    blocked, passed = "block" in said, "permitted" in said or "delivered" in said
    return Event(fields, is_message="messageTime" in fields, passed=None if blocked == passed else passed)


def _untyped(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A row of Log Analytics: names without their types, lists read from their text."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if type(value) is str and value[:1] in ("[", "{"):
            with suppress(orjson.JSONDecodeError):
                value = orjson.loads(value)
        found.setdefault(_TYPED.sub("", name), value)
    return found
