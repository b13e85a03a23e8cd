"""CloudAppEvents: Microsoft 365's own audit records inside, and other applications' sign-ins."""

from typing import Any

import orjson

from graph_hunt.loaders._directory import GUID
from graph_hunt.loaders._values import text
from graph_hunt.loaders.defender.row import Found, Hunted, account

__all__ = ["audit_record", "used"]

_OUTCOMES = {"log on": "success", "logon": "success", "failed log on": "failure", "failedlogon": "failure"}


def audit_record(row: Hunted) -> dict[str, Any] | None:
    """The record of Microsoft 365's audit log that a row was made of, where it was."""
    inner = row.fields.get("RawEventData")
    if type(inner) is str and inner[:1] == "{":
        try:
            inner = orjson.loads(inner)
        except orjson.JSONDecodeError:
            return None
    if type(inner) is not dict or "CreationTime" not in inner or "Operation" not in inner:
        return None
    return inner if "Workload" in inner or "RecordType" in inner or "OrganizationId" in inner else None


def used(row: Hunted) -> Found:
    """A sign-in to an application that Defender for Cloud Apps watches."""
    words = (row.get("ActivityType") or "").casefold(), row.action.casefold()
    outcome = next((_OUTCOMES[word] for word in words if word in _OUTCOMES), None)
    if outcome is None:
        return []
    identifier = row.get("AccountObjectId")
    name = text(row.fields.get("AccountId"))
    upn = name if name is not None and "@" in name else None
    shown = None if upn or (name and GUID.fullmatch(name)) else row.first("AccountDisplayName", "AccountId")
    country = row.get("CountryCode")
    columns = {
        "kind": "sign_in",
        "outcome": outcome,
        "reason": "other" if outcome == "failure" else None,
        **account(shown, None, None, upn, identifier or name),
        "source_ip": row.ip("IPAddress"),
        "application": row.get("Application"),
        "client": row.get("UserAgent"),
        "country": country.upper() if country is not None else None,
        "city": row.get("City"),
        "device": row.get("DeviceType"),
    }
    return [("authentication", columns)]
