"""The forms in which audit records are exported, each turned into the record that the service wrote."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

__all__ = ["Malformed", "is_header", "is_record", "record_of"]

_LOG_ANALYTICS: Mapping[str, str] = MappingProxyType(
    {
        "OfficeId": "Id",
        "OfficeWorkload": "Workload",
        "OfficeObjectId": "ObjectId",
        "Client_IPAddress": "ClientIPAddress",
        "Logon_Type": "LogonType",
        "Start_Time": "CreationTime",
        "Event_Data": "EventData",
        "Source_Name": "EventSource",
        "Site_Url": "SiteUrl",
        "AADTarget": "Target",
        "AzureActiveDirectory_EventType": "AzureActiveDirectoryEventType",
        "SendOnBehalfOfUserSmtp": "SendOnBehalfOfUserSmtp",
    }
)
"""Columns of Log Analytics' OfficeActivity that have other names than the record's."""

_NESTED = frozenset(
    {
        "Parameters",
        "ExtendedProperties",
        "ModifiedProperties",
        "OperationProperties",
        "Item",
        "Folder",
        "DestFolder",
        "Folders",
        "AffectedItems",
        "Actor",
        "Target",
        "DeviceProperties",
        "AppAccessContext",
        "Members",
        "ExtraProperties",
    }
)
_RECORD = ("CreationTime", "Operation")
_COLUMNS = (
    ("AuditData",),
    ("OfficeWorkload", "Operation"),
    ("TimeGenerated", "UserId", "ClientIP", "Operation", "Parameters"),
)


class Malformed(ValueError):
    """A record that cannot be read; says why."""


def is_header(names: Iterable[str]) -> bool:
    """Tell an export by its columns: with AuditData, or as Log Analytics lays it out."""
    found = set(names)
    return any(found.issuperset(columns) for columns in _COLUMNS)


def is_record(fields: Mapping[str, Any]) -> bool:
    """Tell an audit record, bare or wrapped."""
    if "AuditData" in fields or "auditData" in fields:
        return True
    if "OfficeWorkload" in fields and "Operation" in fields:
        return True
    return all(name in fields for name in _RECORD) and any(
        name in fields for name in ("RecordType", "Workload", "OrganizationId")
    )


def record_of(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take the record out of its wrapping; raise `Malformed` where it cannot be."""
    inner = fields.get("AuditData", fields.get("auditData"))
    if inner is not None:
        return _unwrapped(inner, fields)
    if "CreationTime" in fields and "Workload" in fields:
        return fields
    if "OfficeWorkload" in fields or "TimeGenerated" in fields:
        return _log_analytics(fields)
    if "Operation" in fields:
        return fields
    raise Malformed("not an audit record")


def _unwrapped(inner: Any, outer: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(inner, str):
        try:
            inner = orjson.loads(inner)
        except orjson.JSONDecodeError as error:
            raise Malformed(f"AuditData is not JSON: {error}") from error
    if not isinstance(inner, dict):
        raise Malformed("AuditData is not an object")
    if "Operation" in inner and "CreationTime" in inner:
        return inner
    # Graph's audit log query keeps the common fields outside, in its own case.
    common = {
        "Id": outer.get("id") or outer.get("RecordId") or outer.get("Identity"),
        "CreationTime": outer.get("createdDateTime") or outer.get("CreationDate"),
        "Operation": outer.get("operation") or outer.get("Operation") or outer.get("Operations"),
        "UserId": outer.get("userPrincipalName") or outer.get("userId") or outer.get("UserId") or outer.get("UserIds"),
        "ClientIP": outer.get("clientIp"),
        "ObjectId": outer.get("objectId"),
        "Workload": outer.get("service"),
        "RecordType": outer.get("auditLogRecordType") or outer.get("RecordType"),
    }
    return {**{name: value for name, value in common.items() if value is not None}, **inner}


def _log_analytics(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if value in ("", None):
            continue
        # The portal's CSV says "[UTC]" behind the name of a time.
        plain = name.removesuffix(" [UTC]")
        plain = _LOG_ANALYTICS.get(plain, plain)
        if plain in _NESTED and isinstance(value, str):
            try:
                value = orjson.loads(value)
            except orjson.JSONDecodeError as error:
                raise Malformed(f"{name} is not JSON: {error}") from error
        found[plain] = value
    found.setdefault("CreationTime", found.get("TimeGenerated"))
    found.setdefault("Workload", "Exchange" if "Parameters" in found else "Microsoft 365")
    return found
