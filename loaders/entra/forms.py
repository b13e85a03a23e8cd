"""The forms in which Entra's logs are exported, each turned into one set of names.

Graph says `userPrincipalName`, Log Analytics `UserPrincipalName`, its CSV adds ` [UTC]` to times, PowerShell capitals
inside, Azure Monitor puts all of it under `properties`, and the portal's CSV has words of its own. All of them become
Graph's names; records that have those already, most of them, are left as they are.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
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
        "date (utc)": "createdDateTime",
        "request id": "id",
        "user agent": "userAgent",
        "user id": "userId",
        "username": "userPrincipalName",
        "user principal name": "userPrincipalName",
        "application": "appDisplayName",
        "application id": "appId",
        "resource": "resourceDisplayName",
        "ip address": "ipAddress",
        "sign-in error code": "resultType",
        "failure reason": "resultDescription",
        "client app": "clientAppUsed",
        "device id": "deviceId",
        "operating system": "operatingSystem",
        "multifactor authentication result": "mfaResult",
        "multifactor authentication auth method": "mfaMethod",
        "authentication requirement": "authenticationRequirement",
        "session id": "sessionId",
        "autonomous system number": "autonomousSystemNumber",
        "autonomous system  number": "autonomousSystemNumber",
        "service principal id": "servicePrincipalId",
        "service principal name": "servicePrincipalName",
        "client credential type": "clientCredentialType",
        "managed identity type": "managedIdentityType",
        "activity": "activityDisplayName",
        "risk level": "riskLevel",
    }
)
_GRAPH = """
    id requestId createdDateTime activityDateTime detectedDateTime riskLastUpdatedDateTime timeGenerated time
    category type operationName activityDisplayName targetResources initiatedBy actorType actorUserPrincipalName
    actorObjectId actorDisplayName actorServicePrincipalName actorServicePrincipalId riskEventType riskType
    userPrincipalName userId appId appDisplayName ipAddress callerIpAddress status errorCode failureReason
    additionalDetails resultType resultDescription servicePrincipalId servicePrincipalName
    servicePrincipalDisplayName clientAppUsed clientCredentialType userAgent deviceDetail deviceId displayName
    operatingSystem browser isCompliant isManaged trustType location locationDetails city state countryOrRegion
    geoCoordinates latitude longitude mfaDetail authMethod authDetail authenticationDetails authenticationMethod
    authenticationStepResultDetail authenticationStepDateTime authenticationRequirement sessionId
    autonomousSystemNumber riskLevelDuringSignIn resourceDisplayName isInteractive managedIdentityType result
    resultReason key value modifiedProperties oldValue newValue riskLevel riskState riskDetail activity
    additionalInfo initiatingUserOrApp user app mfaResult mfaMethod properties compliant managed
"""
_NAMES: Mapping[str, str] = MappingProxyType({name.lower(): name for name in _GRAPH.split()})
_NESTED = frozenset(
    {
        *("status", "location", "locationDetails", "deviceDetail", "mfaDetail", "authenticationDetails"),
        *("initiatedBy", "targetResources", "additionalDetails", "additionalInfo", "properties"),
    }
)
_HEADERS = (
    {"userPrincipalName", "ipAddress", "appDisplayName"},
    {"servicePrincipalId", "ipAddress", "appId"},
    {"activityDisplayName", "initiatedBy", "targetResources"},
    {"activityDisplayName", "actorType"},
    {"riskEventType", "detectedDateTime"},
)
_PORTAL_TIME = "date (utc)"
_DEEP = (dict, list)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return name.strip().removesuffix("[UTC]").strip().casefold()


@lru_cache(maxsize=4096)
def _named(name: str) -> str:
    """A name as Graph writes it."""
    plain = _plain(name)
    return _NAMES.get(plain, plain)


def is_header(names: Iterable[str]) -> bool:
    """Tell an export by its columns."""
    found = {_plain(name) for name in names}
    portal = _PORTAL if _PORTAL_TIME in found else {}
    known = {portal.get(name) or _NAMES.get(name, name) for name in found}
    return any(known.issuperset(columns) for columns in _HEADERS)


def record_of(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record under Graph's names, its wrapping and the JSON in its cells undone."""
    if "createdDateTime" in fields or "activityDateTime" in fields:
        # Graph's own names of times; a record that has one has all names as Graph writes them.
        return fields
    inner = fields.get("properties")
    if type(inner) is dict:
        # Azure Monitor: what it says itself gives way to what the record says.
        return {**fields, **inner}
    if _PORTAL_TIME in {_plain(name) for name in fields}:
        # Only there do "Resource" and "Activity" mean what Graph calls otherwise.
        plain = {_plain(name): value for name, value in fields.items() if value}
        return {_PORTAL.get(name) or _NAMES.get(name, name): value for name, value in plain.items()}
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if value is not None and value != "":
            own = _named(name)
            found[own] = _opened(value) if own in _NESTED else value
    inner = found.pop("properties", None)
    return {**found, **inner} if isinstance(inner, dict) else found


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return _renamed(value)


def _renamed(value: Any) -> Any:
    """Name what lies inside as Graph does, too."""
    kind = type(value)
    if kind is dict:
        return {_named(n): _renamed(v) if type(v) in _DEEP else v for n, v in value.items()}
    if kind is list:
        return [_renamed(item) if type(item) in _DEEP else item for item in value]
    return value


def log_of(record: Mapping[str, Any]) -> Log | None:
    """Tell which log a record is from, by the category it names or by its fields; none where it is from no log here."""
    # A record of the audit log names its own category, which is not a log's; `type` is Log Analytics' table.
    for name in ("category", "type"):
        word = record.get(name)
        if type(word) is str and (found := _CATEGORIES.get(word.lower())):
            return found
    if "activityDisplayName" in record and ("targetResources" in record or "initiatedBy" in record):
        return Log.AUDIT
    if "activityDisplayName" in record and "actorType" in record:
        return Log.AUDIT
    if "detectedDateTime" in record and ("riskEventType" in record or "riskType" in record):
        return Log.RISK
    if "riskLastUpdatedDateTime" in record and "userPrincipalName" in record:
        return Log.RISKY_USER
    return _sign_in(record)


def _sign_in(record: Mapping[str, Any]) -> Log | None:
    if "createdDateTime" not in record and "timeGenerated" not in record:
        return None
    if record.get("servicePrincipalId") and not record.get("userPrincipalName") and "appId" in record:
        return Log.MANAGED_IDENTITY if "managedIdentityType" in record else Log.SERVICE_PRINCIPAL
    if "userPrincipalName" in record and ("appId" in record or "appDisplayName" in record):
        return Log.NON_INTERACTIVE if str(record.get("isInteractive")).casefold() == "false" else Log.SIGN_IN
    return None
