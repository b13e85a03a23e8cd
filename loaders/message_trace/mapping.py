"""Records of a trace or tracking log as rows of `mail`: one for each recipient."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from types import MappingProxyType
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._mail import bare_id, direction, guid
from graph_hunt.loaders._values import address, at, integer, text

__all__ = ["Reading", "keep"]

_EVENTS: Mapping[str, str | None] = MappingProxyType(
    {
        "RECEIVE": "received",
        "DELIVER": "delivered",
        "SEND": "sent",
        "SENDEXTERNAL": "sent",
        "FAIL": "bounced",
        "BADMAIL": "bounced",
        "DROP": "blocked",
        "POISONMESSAGE": "blocked",
        "QUARANTINE": "quarantined",
        "SPAM": "junked",
        "MALWARE": "blocked",
    }
)
"""The events that say where a message went; the others are steps of the transport on its way."""
_STATUSES = (
    ("quarantin", "quarantined"),
    ("filteredasspam", "blocked"),
    ("deliver", "delivered"),
    ("fail", "bounced"),
    ("drop", "blocked"),
    ("send", "sent"),
)
_INBOUND = frozenset({"incoming", "inbound", "1"})
_ORIGINATING = frozenset({"originating", "outbound", "2"})
_ADDRESS = re.compile(r"[^\s;,<>{}\"']+@[^\s;,<>{}\"']+")
_STATUS_SEPARATOR = "##"
_MILLISECONDS = re.compile(r"^/Date\((-?\d+)(?:[+-]\d{4})?\)/$")
_CLIENT = re.compile(r"\bClientType:\s*(\w+)")
_SECOND = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read records: the zone of a tracking log's local times, and the organisation's own domains."""

    zone: tzinfo = UTC
    own: frozenset[str] = frozenset()


def keep(record: Mapping[str, Any], rows: Rows, number: int, raw: str, reading: Reading) -> None:
    """Add a record's rows, or count it as not used, or say why it cannot be read."""
    event = "".join(str(record.get("event") or "").upper().split())
    # Times of the service are UTC even where they do not say so; those that a shell shows are local.
    zone = reading.zone if event and "received" not in record else UTC
    when = _time(record.get("received"), zone) or _time(record.get("time"), zone)
    if when is None:
        rows.reject(number, "it has no time that can be read", raw)
        return
    code = f"Exchange/{event or 'MessageTrace'}"
    # A server that sends notes the one that it sends to as the server.
    place = "client_host" if event == "SEND" else "server"
    recorder = text(record.get(place)) or text(record.get("server")) or "Exchange Online"
    rows.seen(recorder, "Exchange", when)
    if event and event not in _EVENTS:
        rows.skip(code)
        return
    # The exports of a trace agree to the second only; a log's own events are told apart by more.
    when = when if event else when // _SECOND * _SECOND
    columns = _columns(record, event)
    identity = columns["network_id"] or columns["message_id"] or text(record.get("internal_id")) or raw
    event_names = [event, text(record.get("source")), text(record.get("server")), text(record.get("internal_id"))]
    seen: set[str] = set()
    for recipient, action in _recipients(record, event):
        names = ["exchange", identity, (recipient or "").casefold(), action, *(event_names if event else ())]
        found = event_id(when, names)
        if found in seen:
            continue
        seen.add(found)
        told = _direction(record, action, event) if not reading.own else None
        rows.add(
            "mail",
            event_id=found,
            time=when,
            code=code,
            recorder=recorder,
            record=number,
            raw=raw,
            **columns,
            recipient=recipient,
            action=action,
            direction=told or direction(columns["sender"], recipient, reading.own),
        )


def _time(value: Any, zone: tzinfo) -> int | None:
    if type(value) is str and (found := _MILLISECONDS.match(value)) is not None:
        return int(found.group(1))
    return at(value, zone)


def _columns(record: Mapping[str, Any], event: str) -> dict[str, Any]:
    sender = text(record.get("sender"))
    context = text(record.get("context"))
    client = _CLIENT.search(context) if context else None
    origin = address(record.get("origin"))
    if origin is None and event == "RECEIVE":
        origin = address(record.get("client_ip"))
    filtered = event in ("FAIL", "DROP") and text(record.get("source")) == "AGENT" and context is not None
    return {
        "message_id": bare_id(text(record.get("message_id"))),
        "network_id": guid(text(record.get("network_id"))),
        "sender": None if sender == "<>" else sender,
        "return_path": _returned(record),
        "subject": text(record.get("subject")),
        "source_ip": origin,
        "client": client.group(1) if client else None,
        "threats": [context] if filtered else None,
        "size": integer(record.get("size")),
    }


def _returned(record: Mapping[str, Any]) -> str | None:
    found = text(record.get("return_path"))
    return None if found == "<>" else found


def _recipients(record: Mapping[str, Any], event: str) -> Iterator[tuple[str | None, str | None]]:
    """Give each recipient, and where the message went for it."""
    told = record.get("recipient_status")
    if type(told) is str and _STATUS_SEPARATOR in told and "recipient" not in record:
        for part in told.split(";"):
            who, _, status = part.partition(_STATUS_SEPARATOR)
            if found := _ADDRESS.search(who):
                yield found.group(), _status(status)
        return
    action = _EVENTS.get(event) if event else _status(text(record.get("status")) or "")
    if event == "FAIL" and text(record.get("source")) == "AGENT":
        action = "blocked"
    named = record.get("recipient")
    written = " ".join(map(str, named)) if isinstance(named, list) else str(named or "")
    for found in _ADDRESS.findall(written) or [None]:
        yield found, action


def _status(written: str) -> str | None:
    """What a status such as `Receive, Deliver` or `FilteredAsSpam` comes to; none while the message is on its way."""
    words = written.casefold().replace(" ", "")
    return next((action for word, action in _STATUSES if word in words), None)


def _direction(record: Mapping[str, Any], action: str | None, event: str) -> str | None:
    said = str(record.get("directionality") or "").casefold()
    if said in _INBOUND:
        return "inbound"
    if said in _ORIGINATING:
        # What starts here and is put into a mailbox here never left.
        return {"delivered": "internal", "sent": "outbound"}.get(action or "") if event or action else None
    return None
