"""Entra's sign-ins as advanced hunting keeps them: of people, and of applications by themselves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._directory import principal
from graph_hunt.loaders._values import flag, text
from graph_hunt.loaders.defender.row import Found, Hunted
from graph_hunt.loaders.entra.applications import application
from graph_hunt.loaders.entra.errors import failure

__all__ = ["signed_in", "signed_in_by_itself"]

_RISKS: Mapping[str, str] = MappingProxyType(
    {
        "0": "none",
        "1": "none",
        "10": "low",
        "50": "medium",
        "100": "high",
        "none": "none",
        "low": "low",
        "medium": "medium",
        "high": "high",
    }
)
_REQUIREMENTS = {"multifactorauthentication": "satisfied", "singlefactorauthentication": "not_required"}


def _common(row: Hunted) -> dict[str, Any]:
    code = row.number("ErrorCode") or 0
    country = row.get("Country")
    return {
        "kind": "sign_in",
        "outcome": "failure" if code else "success",
        "reason": (failure(code) or "other") if code else None,
        "source_ip": row.ip("IPAddress"),
        "application": application(row.get("ApplicationId"), row.get("Application")),
        "target_service": row.get("ResourceDisplayName"),
        "country": country.upper() if country is not None else None,
        "city": row.get("City"),
        "latitude": row.get("Latitude"),
        "longitude": row.get("Longitude"),
        "session": row.get("SessionId"),
    }


def signed_in(row: Hunted) -> Found:
    """AADSignInEventsBeta, EntraIdSignInEvents."""
    columns = _common(row)
    failed = columns["outcome"] == "failure"
    requirement = (row.get("AuthenticationRequirement") or "").casefold()
    mfa = "denied" if columns["reason"] == "mfa_denied" else None if failed else _REQUIREMENTS.get(requirement)
    risk = row.get("RiskLevelDuringSignIn")
    columns |= {
        **row.who(),
        "package": row.get("ClientAppUsed"),
        "client": row.first("UserAgent", "Browser"),
        "device": row.first("DeviceName", "EntraIdDeviceId", "AadDeviceId"),
        "device_trust": _trust(row),
        "mfa": mfa,
        "risk": _RISKS.get(risk.casefold()) if risk is not None else None,
    }
    return [("authentication", columns)]


def _trust(row: Hunted) -> str | None:
    compliant, managed = flag(row.fields.get("IsCompliant")), flag(row.fields.get("IsManaged"))
    return "compliant" if compliant else "managed" if managed else "unmanaged" if managed is False else None


def signed_in_by_itself(row: Hunted) -> Found:
    """AADSpnSignInEventsBeta, EntraIdSpnSignInEvents: a service principal or a machine's identity."""
    who = principal(text(row.fields.get("ServicePrincipalName")), row.get("ServicePrincipalId"))
    return [("authentication", _common(row) | who)]
