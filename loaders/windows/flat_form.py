"""Flat records, one level deep: NXLog's im_msvistalog, Mordor, Fluent Bit, and the tables of Log Analytics."""

from collections.abc import Mapping
from datetime import UTC
from html import unescape
from typing import Any

import orjson

from graph_hunt.loaders.windows.clock import Clock, happened, milliseconds, quarters
from graph_hunt.loaders.windows.event import Event, integer, sid, text
from graph_hunt.loaders.windows.rendered import Malformed
from graph_hunt.loaders.windows.xml_form import parse

Record = Mapping[str, Any]
_SYSMON = ("microsoft-windows-sysmon", "linux-sysmon")


def event_named(provider: Any, channel: Any, code: int | None, computer: Any, at: int | None, **rest: Any) -> Event:
    """An event of a provider, or else of a channel; Sysmon's is placed by its own time."""
    computer = text(computer)
    if code is None or at is None or computer is None:
        raise Malformed(f"names no {'event id' if code is None else 'time' if at is None else 'computer'}")
    provider, channel = text(provider) or "", text(channel) or ""
    if (provider or channel).casefold().startswith(_SYSMON):
        at = happened(at, milliseconds(rest["data"].get("UtcTime")))
    return Event(provider=provider, channel=channel, id=code, computer=computer, at=at, **rest)


def is_security(code: int | None) -> bool:
    """Tell whether an id is one of the Security log's."""
    return code is not None and (code in (1100, 1102) or 4608 <= code <= 6424)


def flat(record: Record, clock: Clock) -> Event:
    """One level: NXLog's im_msvistalog, Mordor, and the tables of Log Analytics."""
    provider = (
        record.get("SourceName")
        or record.get("ProviderName")
        or record.get("Provider")
        or record.get("EventSourceName")
        or (record.get("Source") if "EventLog" in record else None)
    )
    channel = record.get("Channel") or record.get("EventLog")
    code = integer(record.get("EventID", record.get("EventId")))
    if not provider and not channel and is_security(code):
        channel = "Security"
    nested, values = _nested(record.get("EventData") or record.get("ExtraEventData"))
    if isinstance(inserts := record.get("StringInserts"), list):
        # Fluent Bit gives the values without their names.
        nested, values = {}, tuple("" if value is None else str(value) for value in inserts)
    return event_named(
        provider,
        channel,
        code,
        record.get("Hostname") or record.get("Computer") or record.get("HOSTNAME") or record.get("host"),
        flat_time(record, clock),
        number=integer(record.get("RecordNumber") or record.get("EventRecordID") or record.get("EventRecordId")),
        data=nested if nested is not None else _fields_of(record, code),
        user_sid=sid(record.get("UserID")),
        user=text(record.get("AccountName")) if "AccountType" in record else None,
        user_domain=text(record.get("Domain")) if "AccountType" in record else None,
        pid=integer(record.get("ExecutionProcessID") or record.get("ProcessID")),
        values=values,
        message=text(record.get("Message") or record.get("RenderedDescription")),
        keywords=_flat_keywords(record),
    )


def _flat_keywords(record: Record) -> Any:
    """The bit mask, which CSV writes in decimal; NXLog's EventType where there is none."""
    keywords = record.get("Keywords")
    return record.get("EventType") if keywords in (None, "") else integer(keywords) or keywords


def _nested(value: Any) -> tuple[Record | None, tuple[str, ...]]:
    """Log Analytics' EventData: an element of XML, or JSON, in text."""
    if isinstance(value, dict):
        return value, ()
    if not isinstance(value, str):
        return None, ()
    value = value.strip()
    if value.startswith("{"):
        try:
            found = orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise Malformed(f"EventData is not JSON: {error}") from error
        return found, ()
    if value.startswith("<"):
        # DataItem is how the older agent wrapped it.
        inner = value[value.find("<EventData") :] if "<EventData" in value else value
        inner = inner[: inner.find("</EventData>") + len("</EventData>")] if "</EventData>" in inner else inner
        event = parse(f"<Event><System><EventID>0</EventID>{_ANY}</System>{inner}</Event>")
        return event.data, event.values
    return None, ()


_ANY = '<TimeCreated SystemTime="1970-01-01T00:00:00Z"/><Computer>-</Computer>'


_OWN_ACCOUNT = (7045, 4778, 4779, 4825)
"""Events with a field AccountName of their own, whose place NXLog's takes."""


def _fields_of(record: Record, code: int | None) -> Record:
    """The event's own fields among NXLog's.

    Some versions of it leave XML escapes in values: they are undone where the message shows them to be escapes.
    """
    if code in _OWN_ACCOUNT and "AccountType" in record:
        record = {name: value for name, value in record.items() if name not in ("AccountName", "Domain")}
    message = record.get("Message")
    if not isinstance(message, str) or "SourceModuleType" not in record:
        return record
    escaped = {
        name: unescape(value)
        for name, value in record.items()
        if type(value) is str and "&" in value and ("&lt;" in value or "&amp;" in value or "&gt;" in value)
        if value not in message
    }
    return {**record, **escaped} if escaped else record


_TIMES = ("EventTime", "TimeCreated", "TimeGenerated", "SystemTime", "@timestamp")


def flat_time(record: Record, clock: Clock) -> int | None:
    """When it happened, in UTC.

    NXLog writes EventTime and EventReceivedTime in its machine's local time, without a zone; `@timestamp` is the
    moment the next program received it, in UTC. Both receptions are one moment but for seconds, so their difference,
    to a quarter of an hour, is the zone.
    """
    local = record.get("EventTime")
    if isinstance(local, str) and "@timestamp" in record and unzoned(local):
        stamp, received = milliseconds(record["@timestamp"]), milliseconds(record.get("EventReceivedTime"))
        at = milliseconds(local)
        if stamp is not None and received is not None and at is not None:
            return at + quarters(stamp - received)
    for name in _TIMES:
        value = record.get(name)
        if value is not None:
            at = milliseconds(value, UTC if name == "TimeGenerated" else clock.zone)
            if at is not None:
                return at + clock.behind
    return None


def unzoned(value: Any) -> bool:
    """Tell whether a time states no zone."""
    if not isinstance(value, str):
        return False
    value = value.strip()
    return not value.endswith("Z") and not any(sign in value[-6:] for sign in "+-")
