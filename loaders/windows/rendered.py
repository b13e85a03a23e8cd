"""A record as `evtx` renders it to JSON: System with `#attributes`, EventData or UserData."""

from collections.abc import Mapping
from typing import Any

from graph_hunt.loaders.windows.clock import happened, milliseconds
from graph_hunt.loaders.windows.event import Event, integer, sid

SYSMON = ("Microsoft-Windows-Sysmon", "Linux-Sysmon")
"""Providers whose events happened when UtcTime says, not when they were written."""


class Malformed(ValueError):
    """A record that lacks what makes it an event; its text says what."""


def attributes(node: Any) -> Mapping[str, Any]:
    """A node's XML attributes."""
    if not isinstance(node, dict):
        return {}
    found = node.get("#attributes", node)
    return found if isinstance(found, dict) else {}


def content(node: Any) -> Any:
    """A node's text, its attributes left aside."""
    return node.get("#text", node.get("Value")) if isinstance(node, dict) else node


def event_of(node: Mapping[str, Any]) -> Event:
    """Read the Event from `{"Event": {"System": …}}`'s inner part."""
    system = node.get("System")
    if not isinstance(system, dict):
        raise Malformed("no System in the event")
    at = milliseconds(attributes(system.get("TimeCreated")).get("SystemTime"))
    number = integer(content(system.get("EventID")))
    computer = content(system.get("Computer"))
    if number is None or at is None or not computer:
        missing = "event id" if number is None else "time" if at is None else "computer"
        raise Malformed(f"names no {missing}")
    provider = attributes(system.get("Provider"))
    data, values = fields(node)
    channel = str(content(system.get("Channel")) or "")
    if provider.get("Name") in SYSMON:
        at = happened(at, milliseconds(data.get("UtcTime")))
    return Event(
        provider=str(provider.get("Name") or ""),
        channel=channel,
        id=number,
        computer=str(computer),
        at=at,
        number=integer(content(system.get("EventRecordID"))),
        data=data,
        user_sid=sid(attributes(system.get("Security")).get("UserID")),
        pid=integer(attributes(system.get("Execution")).get("ProcessID")),
        values=values,
        keywords=content(system.get("Keywords")),
    )


def fields(node: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The named fields of EventData or UserData, and the unnamed ones in order."""
    data = node.get("EventData")
    if isinstance(data, dict):
        return _event_data(data)
    data = node.get("UserData")
    if isinstance(data, dict):
        inner = next((part for name, part in data.items() if isinstance(part, dict) and name != "#attributes"), data)
        return {name: content(value) for name, value in inner.items() if name != "#attributes"}, ()
    return {}, ()


def _event_data(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    plain = data.get("Data")
    if plain is None:
        return data, ()
    if isinstance(plain, dict):
        plain = plain.get("#text")
    listed = plain if isinstance(plain, list) else [plain]
    values = tuple("" if value is None else str(value) for value in listed)
    return {name: value for name, value in data.items() if name not in ("Data", "#attributes")}, values
