"""Entra's audit log and risk detections."""

from collections.abc import Mapping
from typing import Any

import orjson

from graph_hunt.loaders._directory import Activity, Target, change_of, clean, normal, principal
from graph_hunt.loaders._values import address, strings, text, walk
from graph_hunt.loaders.entra.signin import account, place

__all__ = ["changed", "name_of", "risk_detected", "risky_user"]

_LEVELS = frozenset({"low", "medium", "high"})
_MOST_TARGETS = 3
_MOST_PROPERTIES = 5
_OUTCOMES = {"success": "success", "failure": "failure", "failed": "failure", "timeout": "failure"}


def name_of(record: Mapping[str, Any]) -> str:
    """The activity's name, as both directory logs share it."""
    return normal(str(record.get("activityDisplayName") or record.get("operationName") or ""))


def changed(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The columns of a change to the directory; none where the activity is not kept."""
    targets, modified = _targets(record)
    columns = change_of(Activity(name_of(record), targets, modified))
    if columns is None:
        return None
    if not columns.get("details"):
        columns["details"] = text(record.get("resultReason"))
    result = str(record.get("result") or record.get("resultType") or "").casefold()
    return {"outcome": _OUTCOMES.get(result, "success"), **_who(record), "source_ip": _ip(record), **columns}


def _who(record: Mapping[str, Any]) -> dict[str, str | None]:
    user, app = walk(record, "initiatedBy", "user"), walk(record, "initiatedBy", "app")
    if isinstance(user, dict) and (user.get("userPrincipalName") or user.get("id")):
        return account(text(user.get("userPrincipalName")), text(user.get("id")))
    if isinstance(app, dict):
        name = text(app.get("displayName")) or text(app.get("servicePrincipalName"))
        return principal(name, text(app.get("servicePrincipalId")) or text(app.get("appId")))
    if "actorType" in record:
        if str(record["actorType"]).casefold() == "user":
            return account(text(record.get("actorUserPrincipalName")), text(record.get("actorObjectId")))
        name = text(record.get("actorDisplayName")) or text(record.get("actorServicePrincipalName"))
        return principal(name, text(record.get("actorServicePrincipalId")) or text(record.get("actorObjectId")))
    return account(text(record.get("initiatingUserOrApp")), None)


def _ip(record: Mapping[str, Any]) -> str | None:
    if found := address(walk(record, "initiatedBy", "user", "ipAddress")):
        return found
    told = record.get("additionalDetails")
    for item in told if isinstance(told, list) else ():
        if (
            isinstance(item, dict)
            and str(item.get("key")).casefold() == "ipaddr"
            and (found := address(item.get("value")))
        ):
            return found
    return address(record.get("callerIpAddress")) or address(record.get("ipAddress"))


def _targets(record: Mapping[str, Any]) -> tuple[tuple[Target, ...], dict[str, tuple[str | None, str | None]]]:
    modified: dict[str, tuple[str | None, str | None]] = {}
    targets: list[Target] = []
    listed = record.get("targetResources")
    for item in listed if isinstance(listed, list) else _portal_targets(record):
        if not isinstance(item, dict):
            continue
        upn = text(item.get("userPrincipalName"))
        kind = text(item.get("type")) or text(item.get("Type")) or ("User" if upn else "")
        targets.append(Target(kind, text(item.get("displayName")), text(item.get("id")), upn))
        for change in item.get("modifiedProperties") or ():
            if isinstance(change, dict) and (name := text(change.get("displayName"))):
                modified[name] = (clean(change.get("newValue")), clean(change.get("oldValue")))
    return tuple(targets), modified


def _portal_targets(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The targets that the portal's CSV spreads over columns: Target1Type, Target1ModifiedProperty1Name …"""
    found = []
    for place_of in range(1, _MOST_TARGETS + 1):
        head = f"target{place_of}"
        if f"{head}type" not in record and f"{head}displayname" not in record:
            break
        changes = [
            {
                "displayName": record.get(f"{head}modifiedproperty{number}name"),
                "oldValue": record.get(f"{head}modifiedproperty{number}oldvalue"),
                "newValue": record.get(f"{head}modifiedproperty{number}newvalue"),
            }
            for number in range(1, _MOST_PROPERTIES + 1)
        ]
        found.append(
            {
                "type": record.get(f"{head}type"),
                "displayName": record.get(f"{head}displayname"),
                "id": record.get(f"{head}objectid"),
                "userPrincipalName": record.get(f"{head}userprincipalname"),
                "modifiedProperties": changes,
            }
        )
    return found


def risk_detected(record: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a risk detection."""
    kind = text(record.get("riskEventType")) or text(record.get("riskType"))
    where = place(record)
    words = [
        text(record.get("activity")),
        ", ".join(part for part in (where.get("city"), where.get("country")) if part) or None,
        text(record.get("riskState")),
        text(record.get("riskDetail")),
    ]
    techniques = [
        technique
        for item in _told(record.get("additionalInfo"))
        if str(item.get("Key", item.get("key"))).casefold() == "mitretechniques"
        for technique in strings(str(item.get("Value", item.get("value")) or "").replace(",", ";"))
    ]
    return {
        "product": "Entra ID Protection",
        "title": kind,
        "level": _level(record),
        "techniques": techniques or None,
        **_risky(record),
        "source_ip": address(record.get("ipAddress") or record.get("callerIpAddress")),
        "details": "; ".join(word for word in words if word) or None,
        "rule": kind,
    }


def _told(value: Any) -> list[dict[str, Any]]:
    """What the detection adds, which stands in one text."""
    try:
        listed = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return []
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def risky_user(record: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a change in a user's risk."""
    words = [text(record.get("riskState")), text(record.get("riskDetail"))]
    return {
        "product": "Entra ID Protection",
        "title": "risky user",
        "level": _level(record),
        **_risky(record),
        "details": "; ".join(word for word in words if word) or None,
        "rule": "riskyUser",
    }


def _risky(record: Mapping[str, Any]) -> dict[str, str | None]:
    if identifier := text(record.get("servicePrincipalId")):
        return principal(text(record.get("servicePrincipalDisplayName")), identifier)
    return account(text(record.get("userPrincipalName")), text(record.get("userId")))


def _level(record: Mapping[str, Any]) -> str | None:
    word = str(record.get("riskLevel") or "").casefold()
    return word if word in _LEVELS else "informational" if word == "none" else None
