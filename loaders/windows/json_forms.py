"""The JSON forms that Windows events are shipped in, told apart record by record.

Rendered as `evtx_dump` does, winlogbeat (6.x, and ECS of 7.x and later), Wazuh, `Get-WinEvent`, EvtxECmd, the tables
of Log Analytics, and flat records of NXLog and Mordor. An export's wrapper (`_source`, `result`) is taken off first.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from graph_hunt.loaders.windows.clock import Clock, milliseconds, quarters
from graph_hunt.loaders.windows.event import Event, integer, sid, text
from graph_hunt.loaders.windows.flat_form import Record, event_named, flat, flat_time, is_security
from graph_hunt.loaders.windows.rendered import Malformed, event_of, fields
from graph_hunt.loaders.windows.xml_form import BEGINNING, parse

Reader = Callable[[Record, Clock], Event]


def recognise(record: Any) -> Reader | None:
    """The reader of the record's form, or none where it is no Windows event."""
    if not isinstance(record, dict):
        return None
    if "EventID" in record or "EventId" in record:
        return _recognise_flat(record)
    if isinstance(record.get("Event"), dict) and "System" in record["Event"]:
        return _rendered
    if isinstance(record.get("winlog"), dict) and ("event_id" in record["winlog"] or "channel" in record["winlog"]):
        return _beats
    if "log_name" in record and ("event_id" in record or "record_number" in record):
        return _beats6
    if isinstance(record.get("System"), dict) and "EventID" in record["System"]:
        return _bare
    if "winlog.event_id" in record or "winlog.channel" in record:
        return _dotted
    if "Id" in record and "LogName" in record and "ProviderName" in record:
        return _get_winevent
    return _recognise_wrapped(record)


_FINDINGS = ("RuleTitle", "detections")
"""Columns of Hayabusa's and Chainsaw's findings, which name the event that they found."""


def _recognise_flat(record: Record) -> Reader | None:
    if any(name in record for name in _FINDINGS):
        return None
    if "MapDescription" in record or ("EventRecordId" in record and "Payload" in record):
        return _evtxecmd
    if any(name in record for name in ("Channel", "SourceName", "EventSourceName", "Provider", "EventLog")):
        return flat
    # A projection of Log Analytics' SecurityEvent may have lost them.
    if "Computer" in record and "TimeGenerated" in record and is_security(integer(record.get("EventID"))):
        return flat
    return None


def _recognise_wrapped(record: Record) -> Reader | None:
    for name in ("_source", "fields"):
        if isinstance(record.get(name), dict) and recognise(record[name]):
            return lambda outer, clock: _inner(outer.get("_source") or outer["fields"], clock)
    data = record.get("data")
    if isinstance(data, dict) and isinstance(data.get("win"), dict) and isinstance(data["win"].get("system"), dict):
        return _wazuh
    message = record.get("SyslogMessage")
    if isinstance(message, str) and BEGINNING.match(message.lstrip()):
        return lambda outer, clock: parse(outer["SyslogMessage"].strip())
    result = record.get("result")
    raw = result.get("_raw") if isinstance(result, dict) else None
    if isinstance(raw, str) and BEGINNING.match(raw.lstrip()):
        return lambda outer, clock: parse(outer["result"]["_raw"].strip())
    return None


def _inner(record: Record, clock: Clock) -> Event:
    reader = recognise(record)
    if reader is None:
        raise Malformed("not a Windows event")
    return reader(record, clock)


def _rendered(record: Record, clock: Clock) -> Event:
    return event_of(record["Event"])


def _bare(record: Record, clock: Clock) -> Event:
    event = event_of(record)
    event.message = text(record.get("Message"))
    return event


def _part(record: Record, name: str) -> Record:
    found = record.get(name)
    return found if isinstance(found, dict) else {}


def _beats(record: Record, clock: Clock) -> Event:
    """Winlogbeat 7 and later: `winlog.*`, with the time in `@timestamp`."""
    log = record["winlog"]
    code = log.get("event_id")
    user = _part(log, "user")
    return event_named(
        log.get("provider_name"),
        log.get("channel"),
        integer(_part(record, "event").get("code") if code is None else code),
        log.get("computer_name"),
        milliseconds(record.get("@timestamp")),
        number=integer(log.get("record_id")),
        data=_part(log, "event_data") or _part(log, "user_data"),
        user_sid=sid(user.get("identifier")),
        user=text(user.get("name")),
        user_domain=text(user.get("domain")),
        pid=integer(_part(log, "process").get("pid")),
        values=_numbered(_part(log, "event_data")),
        message=text(record.get("message")),
        keywords=log.get("keywords") or _part(record, "event").get("outcome"),
    )


def _beats6(record: Record, clock: Clock) -> Event:
    """Winlogbeat 6 and earlier: everything at the top but `event_data`."""
    user = _part(record, "user")
    return event_named(
        record.get("source_name"),
        record.get("log_name"),
        integer(record.get("event_id")),
        record.get("computer_name"),
        milliseconds(record.get("@timestamp")),
        number=integer(record.get("record_number")),
        data=_part(record, "event_data") or _part(record, "user_data"),
        user_sid=sid(user.get("identifier")),
        user=text(user.get("name")),
        user_domain=text(user.get("domain")),
        pid=integer(record.get("process_id")),
        values=_numbered(_part(record, "event_data")),
        message=text(record.get("message")),
        keywords=record.get("keywords"),
    )


def _dotted(record: Record, clock: Clock) -> Event:
    """Winlogbeat's fields by their whole names, as Kibana exports them; a value may stand in a list of its own."""
    whole: dict[str, Any] = {}
    for name, value in record.items():
        at = whole
        *path, last = name.split(".")
        for step in path:
            inner = at.setdefault(step, {})
            at = inner if isinstance(inner, dict) else {}
        listed = isinstance(value, list) and len(value) == 1
        at[last] = value[0] if listed else value
    return _beats(whole, clock)


def _numbered(data: Record) -> tuple[str, ...]:
    """Winlogbeat's names for values without one: param1, param2 …"""
    names: list[str] = []
    while (name := f"param{len(names) + 1}") in data:
        names.append(name)
    return tuple(str(data[name]) for name in names)


def _wazuh(record: Record, clock: Clock) -> Event:
    """Wazuh's `data.win`: as rendered, but names begin in lower case."""
    system, data = record["data"]["win"]["system"], _part(record["data"]["win"], "eventdata")
    return event_named(
        system.get("providerName"),
        system.get("channel"),
        integer(system.get("eventID")),
        system.get("computer"),
        milliseconds(system.get("systemTime")),
        number=integer(system.get("eventRecordID")),
        data={name[:1].upper() + name[1:]: value for name, value in data.items()},
        pid=integer(system.get("processID")),
        message=(text(system.get("message")) or "").strip('"') or None,
        keywords=system.get("severityValue") or system.get("keywords"),
    )


def _get_winevent(record: Record, clock: Clock) -> Event:
    """`Get-WinEvent | ConvertTo-Json` or `Export-Csv`: values without names, and the rendered message."""
    user = record.get("UserId")
    properties = record.get("Properties")
    values = (
        [_value(entry.get("Value")) for entry in properties if isinstance(entry, dict)]
        if isinstance(properties, list)
        else []
    )
    return event_named(
        record.get("ProviderName"),
        record.get("LogName"),
        integer(record.get("Id")),
        record.get("MachineName"),
        _created(record, clock),
        number=integer(record.get("RecordId")),
        data={},
        user_sid=sid(_value(user)),
        pid=integer(record.get("ProcessId")),
        values=tuple(values),
        message=text(record.get("Message")),
        keywords=integer(record.get("Keywords")) or record.get("KeywordsDisplayNames"),
    )


def _created(record: Record, clock: Clock) -> int | None:
    at = milliseconds(_value(record.get("TimeCreated")), clock.zone)
    return None if at is None else at + clock.behind


def _value(value: Any) -> str:
    """A value of PowerShell's, which writes a SID or a date as an object."""
    if isinstance(value, dict):
        value = value.get("Value") or value.get("value") or value.get("DateTime") or ""
    return "" if value is None else str(value)


def _evtxecmd(record: Record, clock: Clock) -> Event:
    """EvtxECmd: the whole of EventData or UserData is JSON in `Payload`."""
    payload = record.get("Payload")
    try:
        node = orjson.loads(payload) if isinstance(payload, str) and payload else payload
    except orjson.JSONDecodeError as error:
        raise Malformed(f"Payload is not JSON: {error}") from error
    data, values = _payload(node if isinstance(node, dict) else {})
    return event_named(
        record.get("Provider"),
        record.get("Channel"),
        integer(record.get("EventId", record.get("EventID"))),
        record.get("Computer"),
        milliseconds(record.get("TimeCreated")),
        number=integer(record.get("EventRecordId")),
        data=data,
        user_sid=sid(record.get("UserId")),
        pid=integer(record.get("ProcessId")),
        values=values,
        keywords=record.get("Keywords"),
    )


def _payload(node: Mapping[str, Any]) -> tuple[Record, tuple[str, ...]]:
    data = node.get("EventData")
    listed = data.get("Data") if isinstance(data, dict) else None
    if isinstance(listed, dict):
        listed = [listed]
    if isinstance(listed, list):
        named = {entry["@Name"]: entry.get("#text") for entry in listed if isinstance(entry, dict) and "@Name" in entry}
        return {**{k: v for k, v in data.items() if k != "Data"}, **named}, ()  # type: ignore[union-attr]
    if isinstance(listed, str):
        return {}, tuple(listed.split(", "))
    found, values = fields(node)
    return {name: value for name, value in found.items() if not name.startswith("@")}, values


_UTC_TIME = re.compile(r"UtcTime: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)")


def behind(records: Iterable[Record]) -> int:
    """How far a shipper's times are behind UTC (ms), by records of Sysmon, which tell UTC themselves."""
    found = []
    for record in records:
        reader = recognise(record)
        if reader is flat or reader is _get_winevent:
            stated = flat_time(record, Clock()) if reader is flat else _created(record, Clock())
            told = record.get("UtcTime")
            if told is None and (match := _UTC_TIME.search(str(record.get("Message")))):
                told = match[1]
            utc = milliseconds(told)
            if stated is not None and utc is not None:
                found.append(quarters(utc - stated))
    usual = max(set(found), key=found.count) if found else 0
    return usual if found.count(usual) * 2 > len(found) and abs(usual) <= 14 * 3_600_000 else 0
