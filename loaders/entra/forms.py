"""The forms in which Entra's logs are exported, each turned into one set of names.

Graph says `userPrincipalName`, Log Analytics `UserPrincipalName`, its CSV adds ` [UTC]` to times, PowerShell capitals
inside, Azure Monitor puts all of it under `properties`, and the portal's CSV has words of its own. Names are
compared in lower case here, and the portal's become Graph's.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import orjson

__all__ = ["Log", "is_header", "log_of", "record_of"]


class Log(StrEnum):
    """Which of Entra's logs a record is from."""

    SIGN_IN = "SignIn"
    NON_INTERACTIVE = "NonInteractiveSignIn"
    SERVICE_PRINCIPAL = "ServicePrincipalSignIn"
    MANAGED_IDENTITY = "ManagedIdentitySignIn"
    AUDIT = "Audit"
    RISK = "RiskDetection"
    RISKY_USER = "RiskyUser"
    OTHER = "Other"


_CATEGORIES: Mapping[str, Log] = MappingProxyType(
    {
        "signinlogs": Log.SIGN_IN,
        "adfssigninlogs": Log.SIGN_IN,
        "noninteractiveusersigninlogs": Log.NON_INTERACTIVE,
        "aadnoninteractiveusersigninlogs": Log.NON_INTERACTIVE,
        "serviceprincipalsigninlogs": Log.SERVICE_PRINCIPAL,
        "aadserviceprincipalsigninlogs": Log.SERVICE_PRINCIPAL,
        "managedidentitysigninlogs": Log.MANAGED_IDENTITY,
        "aadmanagedidentitysigninlogs": Log.MANAGED_IDENTITY,
        "auditlogs": Log.AUDIT,
        "userriskevents": Log.RISK,
        "aaduserriskevents": Log.RISK,
        "serviceprincipalriskevents": Log.RISK,
        "aadserviceprincipalriskevents": Log.RISK,
        "riskyusers": Log.RISKY_USER,
        "aadriskyusers": Log.RISKY_USER,
        "microsoftgraphactivitylogs": Log.OTHER,
        "provisioninglogs": Log.OTHER,
        "aadprovisioninglogs": Log.OTHER,
        "networkaccesstrafficlogs": Log.OTHER,
        "enrichedoffice365auditlogs": Log.OTHER,
    }
)

_PORTAL: Mapping[str, str] = MappingProxyType(
    {
        "date (utc)": "createddatetime",
        "request id": "id",
        "user agent": "useragent",
        "user id": "userid",
        "username": "userprincipalname",
        "user principal name": "userprincipalname",
        "application": "appdisplayname",
        "application id": "appid",
        "resource": "resourcedisplayname",
        "ip address": "ipaddress",
        "sign-in error code": "resulttype",
        "failure reason": "resultdescription",
        "client app": "clientappused",
        "device id": "deviceid",
        "operating system": "operatingsystem",
        "multifactor authentication result": "mfaresult",
        "multifactor authentication auth method": "mfamethod",
        "authentication requirement": "authenticationrequirement",
        "session id": "sessionid",
        "autonomous system number": "autonomoussystemnumber",
        "autonomous system  number": "autonomoussystemnumber",
        "service principal id": "serviceprincipalid",
        "service principal name": "serviceprincipalname",
        "client credential type": "clientcredentialtype",
        "managed identity type": "managedidentitytype",
        "activity": "activitydisplayname",
        "risk level": "risklevel",
    }
)
_NESTED = frozenset(
    {
        *("status", "location", "locationdetails", "devicedetail", "mfadetail", "authenticationdetails"),
        *("initiatedby", "targetresources", "additionaldetails", "additionalinfo", "properties"),
    }
)
_HEADERS = (
    {"userprincipalname", "ipaddress", "appdisplayname"},
    {"serviceprincipalid", "ipaddress", "appid"},
    {"activitydisplayname", "initiatedby", "targetresources"},
    {"activitydisplayname", "actortype"},
    {"riskeventtype", "detecteddatetime"},
)


_PORTAL_TIME = "date (utc)"


def _plain(name: str) -> str:
    return name.strip().removesuffix("[UTC]").strip().casefold()


def is_header(names: Iterable[str]) -> bool:
    """Tell an export by its columns."""
    found = {_plain(name) for name in names}
    if _PORTAL_TIME in found:
        found = {_PORTAL.get(name, name) for name in found}
    return any(found.issuperset(columns) for columns in _HEADERS)


def record_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A record under lower-case names, its wrapping and the JSON in its cells undone."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if value is None or value == "":
            continue
        plain = _plain(name)
        found[plain] = _opened(value) if plain in _NESTED else value
    if _PORTAL_TIME in found:
        # Only there do "Resource" and "Activity" mean what Graph calls otherwise.
        return {_PORTAL.get(name, name): value for name, value in found.items()}
    inner = found.pop("properties", None)
    if isinstance(inner, dict):
        for name, value in inner.items():
            if value is not None:
                found[name] = _opened(value) if name in _NESTED else value
    return found


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return _lowered(value)


def _lowered(value: Any) -> Any:
    """Lower the names inside, too; they are few."""
    if isinstance(value, dict):
        return {name.casefold(): _lowered(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_lowered(item) for item in value]
    return value


def log_of(record: Mapping[str, Any]) -> Log | None:
    """Tell which log a record is from, by the category it names or by its fields; none where it is from no log here."""
    # A record of the audit log names its own category, which is not a log's; `type` is Log Analytics' table.
    for name in ("category", "type"):
        if found := _CATEGORIES.get(str(record.get(name)).casefold()):
            return found
    if "activitydisplayname" in record and not record.keys().isdisjoint(
        {"targetresources", "initiatedby", "actortype"}
    ):
        return Log.AUDIT
    if not record.keys().isdisjoint({"riskeventtype", "risktype"}) and "detecteddatetime" in record:
        return Log.RISK
    if "risklastupdateddatetime" in record and "userprincipalname" in record:
        return Log.RISKY_USER
    if record.keys().isdisjoint({"createddatetime", "timegenerated"}):
        return None
    if "serviceprincipalid" in record and "userprincipalname" not in record and "appid" in record:
        return Log.MANAGED_IDENTITY if "managedidentitytype" in record else Log.SERVICE_PRINCIPAL
    if "userprincipalname" in record and not record.keys().isdisjoint({"appid", "appdisplayname"}):
        return Log.NON_INTERACTIVE if str(record.get("isinteractive")).casefold() == "false" else Log.SIGN_IN
    return None
