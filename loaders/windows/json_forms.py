"""The JSON forms that Windows events are shipped in, told apart record by record.

`evtx_dump`, winlogbeat (6.x, and ECS of 7.x and later), flat records of NXLog, Mordor and Log Analytics.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any

from graph_hunt.loaders.windows.clock import milliseconds
from graph_hunt.loaders.windows.event import Event, integer, sid, text
from graph_hunt.loaders.windows.rendered import Malformed, event_of, failed

Record = Mapping[str, Any]
_SYSMON = ("microsoft-windows-sysmon", "linux-sysmon")


def recognise(record: Any) -> Callable[[Record, tzinfo], Event] | None:
    """The reader of the record's form, or none where it is no Windows event."""
    if not isinstance(record, dict):
        return None
    if isinstance(record.get("Event"), dict) and "System" in record["Event"]:
        return _rendered
    if isinstance(record.get("winlog"), dict):
        return _beats
    if "log_name" in record and ("event_id" in record or "record_number" in record):
        return _beats6
    if "EventID" in record and ("Channel" in record or "SourceName" in record or "EventSourceName" in record):
        return _flat
    return None


def _rendered(record: Record, zone: tzinfo) -> Event:
    return event_of(record["Event"])


def _event(provider: Any, channel: Any, code: int | None, computer: Any, at: int | None, **rest: Any) -> Event:
    if code is None or at is None:
        raise Malformed("no event id" if code is None else "no time")
    provider, channel = text(provider) or "", text(channel) or ""
    if (provider or channel).casefold().startswith(_SYSMON):
        at = milliseconds(rest["data"].get("UtcTime")) or at
    return Event(provider=provider, channel=channel, id=code, computer=text(computer) or "", at=at, **rest)


def _beats(record: Record, zone: tzinfo) -> Event:
    """Winlogbeat 7 and later: `winlog.*`, with the time in `@timestamp`."""
    log = record["winlog"]
    data = log.get("event_data") or log.get("user_data") or {}
    code = log.get("event_id")
    if code is None:
        code = (record.get("event") or {}).get("code")
    return _event(
        log.get("provider_name"),
        log.get("channel"),
        integer(code),
        log.get("computer_name"),
        milliseconds(record.get("@timestamp")),
        number=integer(log.get("record_id")),
        data=data,
        user_sid=sid((log.get("user") or {}).get("identifier")),
        pid=integer((log.get("process") or {}).get("pid")),
        message=text(record.get("message")),
        failed=failed(log.get("keywords")),
    )


def _beats6(record: Record, zone: tzinfo) -> Event:
    """Winlogbeat 6 and earlier: everything at the top but `event_data`."""
    data = record.get("event_data") or record.get("user_data") or {}
    return _event(
        record.get("source_name"),
        record.get("log_name"),
        integer(record.get("event_id")),
        record.get("computer_name"),
        milliseconds(record.get("@timestamp")),
        number=integer(record.get("record_number")),
        data=data,
        user_sid=sid((record.get("user") or {}).get("identifier")),
        pid=integer(record.get("process_id")),
        message=text(record.get("message")),
        failed=failed(record.get("keywords")),
    )


def _flat(record: Record, zone: tzinfo) -> Event:
    """One level: NXLog's im_msvistalog, Mordor, exports of Log Analytics."""
    provider = record.get("SourceName") or record.get("ProviderName") or record.get("EventSourceName")
    channel = record.get("Channel")
    return _event(
        provider,
        channel,
        integer(record.get("EventID")),
        record.get("Hostname") or record.get("Computer") or record.get("host"),
        _flat_time(record, zone),
        number=integer(record.get("RecordNumber") or record.get("EventRecordID")),
        data=record,
        user_sid=sid(record.get("UserID")),
        pid=integer(record.get("ExecutionProcessID")),
        message=text(record.get("Message")),
        failed=failed(record.get("Keywords")) or record.get("EventType") == "AUDIT_FAILURE",
    )


_QUARTER = 15 * 60 * 1000


def _flat_time(record: Record, zone: tzinfo) -> int | None:
    """When it happened, in UTC.

    NXLog writes EventTime and EventReceivedTime in its machine's local time, without a zone; `@timestamp` is the
    moment the next program received it, in UTC. Both receptions are one moment but for seconds, so their difference,
    to a quarter of an hour, is the zone.
    """
    stamp = milliseconds(record.get("@timestamp"))
    local = record.get("EventTime")
    if isinstance(local, str) and stamp is not None:
        received = milliseconds(record.get("EventReceivedTime"), UTC)
        if received is not None and _unzoned(local):
            offset = round((stamp - received) / _QUARTER) * _QUARTER
            at = milliseconds(local, timezone(timedelta(milliseconds=-offset)) if abs(offset) < 86_400_000 else UTC)
            if at is not None:
                return at
        elif not _unzoned(local) and (at := milliseconds(local)) is not None:
            return at
    for name in ("TimeCreated", "TimeGenerated", "EventTime", "SystemTime"):
        if (at := milliseconds(record.get(name), zone)) is not None:
            return at
    return stamp


def _unzoned(value: str) -> bool:
    tail = value.strip()[-6:]
    return not (tail.endswith("Z") or tail[:1] in "+-")
