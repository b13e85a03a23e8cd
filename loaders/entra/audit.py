"""Entra's audit log and risk detections."""

from collections.abc import Mapping
from typing import Any

from graph_hunt.loaders._directory import Activity, Target, change_of, clean, normal, principal
from graph_hunt.loaders._values import address, first, strings, text, walk
from graph_hunt.loaders.entra.signin import account, place

__all__ = ["changed", "name_of", "risk_detected", "risky_user"]

_LEVELS = frozenset({"low", "medium", "high"})
_MOST_TARGETS = 3
_MOST_PROPERTIES = 5
_OUTCOMES = {"success": "success", "failure": "failure", "failed": "failure", "timeout": "failure"}


def name_of(record: Mapping[str, Any]) -> str:
    """The activity's name, as both directory logs share it."""
    return normal(str(record.get("activitydisplayname") or record.get("operationname") or ""))


def changed(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The columns of a change to the directory; none where the activity is not kept."""
    targets, modified = _targets(record)
    columns = change_of(Activity(name_of(record), targets, modified, text(record.get("category"))))
    if columns is None:
        return None
    if not columns.get("details"):
        columns["details"] = text(record.get("resultreason"))
    result = str(record.get("result") or record.get("resulttype") or "").casefold()
    return {"outcome": _OUTCOMES.get(result, "success"), **_who(record), "source_ip": _ip(record), **columns}


def _who(record: Mapping[str, Any]) -> dict[str, str | None]:
    user, app = walk(record, "initiatedby", "user"), walk(record, "initiatedby", "app")
    if isinstance(user, dict) and (user.get("userprincipalname") or user.get("id")):
        return account(text(user.get("userprincipalname")), text(user.get("id")))
    if isinstance(app, dict):
        name = text(app.get("displayname")) or text(app.get("serviceprincipalname"))
        return principal(name, text(app.get("serviceprincipalid")) or text(app.get("appid")))
    if "actortype" in record:
        if str(record["actortype"]).casefold() == "user":
            return account(text(record.get("actoruserprincipalname")), text(record.get("actorobjectid")))
        name = text(record.get("actordisplayname")) or text(record.get("actorserviceprincipalname"))
        return principal(name, text(record.get("actorserviceprincipalid")) or text(record.get("actorobjectid")))
    return account(text(record.get("initiatinguserorapp")), None)


def _ip(record: Mapping[str, Any]) -> str | None:
    told = [item for item in record.get("additionaldetails") or () if isinstance(item, dict)]
    listed = (item.get("value") for item in told if str(item.get("key")).casefold() == "ipaddr")
    inner = walk(record, "initiatedby", "user", "ipaddress")
    return first(address(value) for value in (inner, *listed, record.get("calleripaddress"), record.get("ipaddress")))


def _targets(record: Mapping[str, Any]) -> tuple[tuple[Target, ...], dict[str, tuple[str | None, str | None]]]:
    modified: dict[str, tuple[str | None, str | None]] = {}
    targets: list[Target] = []
    listed = record.get("targetresources")
    for item in listed if isinstance(listed, list) else _portal_targets(record):
        if not isinstance(item, dict):
            continue
        upn = text(item.get("userprincipalname"))
        kind = text(item.get("type")) or ("User" if upn else "")
        targets.append(Target(kind, text(item.get("displayname")), text(item.get("id")), upn))
        for change in item.get("modifiedproperties") or ():
            if isinstance(change, dict) and (name := text(change.get("displayname"))):
                modified[name] = (clean(change.get("newvalue")), clean(change.get("oldvalue")))
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
                "displayname": record.get(f"{head}modifiedproperty{number}name"),
                "oldvalue": record.get(f"{head}modifiedproperty{number}oldvalue"),
                "newvalue": record.get(f"{head}modifiedproperty{number}newvalue"),
            }
            for number in range(1, _MOST_PROPERTIES + 1)
        ]
        names = {
            "type": "type",
            "displayname": "displayname",
            "id": "objectid",
            "userprincipalname": "userprincipalname",
        }
        found.append({name: record.get(head + tail) for name, tail in names.items()} | {"modifiedproperties": changes})
    return found


def risk_detected(record: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a risk detection."""
    kind = first((text(record.get("riskeventtype")), text(record.get("risktype"))))
    where = place(record)
    words = [
        text(record.get("activity")),
        ", ".join(part for part in (where.get("city"), where.get("country")) if part) or None,
        text(record.get("riskstate")),
        text(record.get("riskdetail")),
    ]
    told = record.get("additionalinfo")
    techniques = [
        technique
        for item in (told if isinstance(told, list) else ())
        if isinstance(item, dict) and str(item.get("key")).casefold() == "mitretechniques"
        for technique in strings(str(item.get("value") or "").replace(",", ";"))
    ]
    return {
        "product": "Entra ID Protection",
        "title": kind,
        "level": _level(record),
        "techniques": techniques or None,
        **_risky(record),
        "source_ip": address(record.get("ipaddress") or record.get("calleripaddress")),
        "details": "; ".join(word for word in words if word) or None,
        "rule": kind,
    }


def risky_user(record: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a change in a user's risk."""
    words = [text(record.get("riskstate")), text(record.get("riskdetail"))]
    return {
        "product": "Entra ID Protection",
        "title": "risky user",
        "level": _level(record),
        **_risky(record),
        "details": "; ".join(word for word in words if word) or None,
        "rule": "riskyUser",
    }


def _risky(record: Mapping[str, Any]) -> dict[str, str | None]:
    if identifier := text(record.get("serviceprincipalid")):
        return principal(text(record.get("serviceprincipaldisplayname")), identifier)
    return account(text(record.get("userprincipalname")), text(record.get("userid")))


def _level(record: Mapping[str, Any]) -> str | None:
    word = str(record.get("risklevel") or "").casefold()
    return word if word in _LEVELS else "informational" if word == "none" else None
