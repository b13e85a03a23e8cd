"""Sign-ins: of people, of applications by themselves, and of machines' identities."""

from collections.abc import Iterator, Mapping
from typing import Any

from graph_hunt.loaders._directory import GUID, principal
from graph_hunt.loaders._values import endpoint, flag, integer, text, walk
from graph_hunt.loaders.entra.applications import application
from graph_hunt.loaders.entra.errors import failure
from graph_hunt.loaders.entra.forms import Log

__all__ = ["account", "place", "signed_in"]

_RISKS = frozenset({"none", "low", "medium", "high"})
_FACTORLESS = frozenset({"password", "previously satisfied", "none"})


def signed_in(record: Mapping[str, Any], log: Log) -> dict[str, Any]:
    """The columns of a sign-in."""
    code = _error(record)
    reason = failure(code)
    said = " ".join(_said(record)).casefold()
    failed = code != 0
    mfa = _mfa(record, reason, said, failed)
    ip, port = endpoint(record.get("ipAddress") or record.get("callerIpAddress"))
    return {
        "kind": "sign_in",
        "outcome": "failure" if failed else "success",
        "reason": (reason or "other") if failed else None,
        **_who(record, log),
        "source_ip": ip,
        "source_port": port,
        "application": application(text(record.get("appId")), text(record.get("appDisplayName"))),
        "target_service": text(record.get("resourceDisplayName")),
        "package": text(record.get("clientAppUsed")) or text(record.get("clientCredentialType")),
        "client": _client(record),
        **place(record),
        "asn": text(record.get("autonomousSystemNumber")),
        **_device(record),
        "mfa": mfa,
        "mfa_method": _method(record) if mfa in ("satisfied", "approved", "denied", "timeout") else None,
        "risk": _risk(record),
        "session": text(record.get("sessionId")),
    }


def _error(record: Mapping[str, Any]) -> int:
    """The error number, 0 for success; one that is not told counts as none where the record says that it succeeded."""
    for value in (walk(record, "status", "errorCode"), record.get("resultType"), record.get("errorCode")):
        if (found := integer(value)) is not None:
            return found
    said = record.get("status") if isinstance(record.get("status"), str) else record.get("resultType")
    return 0 if said is None or str(said).casefold() == "success" else -1


def _who(record: Mapping[str, Any], log: Log) -> dict[str, str | None]:
    if log in (Log.SERVICE_PRINCIPAL, Log.MANAGED_IDENTITY):
        identifier = text(record.get("servicePrincipalId"))
        return principal(text(record.get("servicePrincipalName")), identifier)
    return account(text(record.get("userPrincipalName")), text(record.get("userId")))


def account(name: str | None, identifier: str | None) -> dict[str, str | None]:
    """An account by its principal name and object id, either of which may be missing or hidden."""
    sid = identifier.lower() if identifier is not None and GUID.fullmatch(identifier) else None
    if name is None or GUID.fullmatch(name):
        return {"user_sid": sid}
    return {"user_upn": name, "user_sid": sid} if "@" in name else {"user": name, "user_sid": sid}


def _client(record: Mapping[str, Any]) -> str | None:
    if agent := text(record.get("userAgent")):
        return agent
    parts = [
        text(record.get("clientAppUsed")),
        text(walk(record, "deviceDetail", "browser")) or text(record.get("browser")),
        text(walk(record, "deviceDetail", "operatingSystem")) or text(record.get("operatingSystem")),
    ]
    return "; ".join(part for part in parts if part) or None


def place(record: Mapping[str, Any]) -> dict[str, str | None]:
    """Where it came from, as the log itself says: country, city, coordinates."""
    found = record.get("location")
    if not isinstance(found, dict):
        found = record.get("locationDetails")
    if not isinstance(found, dict):
        # The portal's CSV: Paris, Ile-De-France, FR; Log Analytics' column: FR.
        parts = [part.strip() for part in (text(record.get("location")) or "").split(",")]
        return {
            "country": parts[-1].upper() if len(parts[-1]) == 2 else None,
            "city": text(parts[0]) if len(parts) > 1 else None,
        }
    country = text(found.get("countryOrRegion"))
    latitude, longitude = (walk(found, "geoCoordinates", name) for name in ("latitude", "longitude"))
    # Where it is not known, the log says 0, 0; and some exports are edited beyond the poles.
    known = type(latitude) in (int, float) and (latitude, longitude) != (0, 0) and abs(latitude) <= 90
    return {
        "country": country.upper() if country is not None and len(country) == 2 else country,
        "city": text(found.get("city")),
        "latitude": str(latitude) if known else None,
        "longitude": str(longitude) if known else None,
    }


def _device(record: Mapping[str, Any]) -> dict[str, str | None]:
    detail = record.get("deviceDetail")
    detail = detail if isinstance(detail, dict) else {}
    compliant = flag(detail["isCompliant"] if "isCompliant" in detail else record.get("compliant"))
    managed = flag(detail["isManaged"] if "isManaged" in detail else record.get("managed"))
    trust = "compliant" if compliant else "managed" if managed else "unmanaged" if managed is False else None
    name = text(detail.get("displayName")) or text(detail.get("deviceId")) or text(record.get("deviceId"))
    return {"device": name, "device_trust": trust}


def _steps(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    steps = record.get("authenticationDetails")
    if isinstance(steps, list):
        yield from (step for step in steps if isinstance(step, dict))


def _said(record: Mapping[str, Any]) -> Iterator[str]:
    """Everything that the record says of the second factor, in words."""
    yield str(walk(record, "status", "additionalDetails") or "")
    yield str(record.get("mfaResult") or "")
    yield str(walk(record, "mfaDetail", "authDetail") or "")
    for step in _steps(record):
        yield str(step.get("authenticationStepResultDetail") or "")


def _mfa(record: Mapping[str, Any], reason: str | None, said: str, failed: bool) -> str | None:
    if "mfa denied" in said or reason == "mfa_denied":
        silent = any(words in said for words in ("did not respond", "timed out", "timeout", "no response"))
        return "timeout" if silent else "denied"
    if "claim in the token" in said or "previously satisfied" in said or "by claim" in said:
        return "satisfied"
    if "mfa completed" in said or "mfa successfully completed" in said or "mfa requirement satisfied" in said:
        return "approved"
    if failed:
        return None
    required = str(record.get("authenticationRequirement") or "").casefold()
    if required == "multifactorauthentication":
        return "satisfied"
    return "not_required" if required == "singlefactorauthentication" else None


def _method(record: Mapping[str, Any]) -> str | None:
    if found := text(walk(record, "mfaDetail", "authMethod")) or text(record.get("mfaMethod")):
        return found
    methods = [text(step.get("authenticationMethod")) for step in _steps(record)]
    return next((method for method in methods if method and method.casefold() not in _FACTORLESS), None)


def _risk(record: Mapping[str, Any]) -> str | None:
    word = str(record.get("riskLevelDuringSignIn") or "").casefold()
    return word if word in _RISKS else None
