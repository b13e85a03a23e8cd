"""Sign-ins to Google and, through it, to other applications; what was done with files; consents to applications."""

from typing import Any

from graph_hunt.loaders._values import flag
from graph_hunt.loaders.google_workspace.forms import Activity, Event

__all__ = ["denied", "file_used", "logged_out", "signed_in", "signed_in_by_saml", "token", "verified"]

Row = tuple[str, dict[str, Any]]

_REASONS = {
    "login_failure_invalid_password": "bad_password",
    "login_failure_account_disabled": "disabled",
    "login_failure_access_code_disallowed": "restricted",
    "login_failure_invalid_second_factor": "mfa_denied",
    "login_failure_unknown_user": "unknown_user",
}
_FIRST = frozenset({"password", "none", "not_set", "passkey", "saml"})
_LONGEST = 1000


def _where(activity: Activity) -> dict[str, Any]:
    return {
        "user_upn": activity.actor,
        "source_ip": activity.ip,
        "country": activity.country,
        "asn": activity.asn,
    }


def signed_in(activity: Activity, event: Event) -> list[Row]:
    """login_success, login_failure."""
    failed = event.name == "login_failure"
    kind = event.get("login_failure_type")
    reason = _REASONS.get(kind or "", "other") if failed else None
    methods = [method.lower() for method in event.all("login_challenge_method")]
    second = next((method for method in methods if method not in _FIRST), None)
    factor = flag(event.get("is_second_factor"))
    mfa = "denied" if reason == "mfa_denied" else None if failed else "satisfied" if second or factor else None
    if mfa is None and not failed and methods == ["password"]:
        mfa = "not_required"
    columns = {
        "kind": "sign_in",
        "outcome": "failure" if failed else "success",
        "reason": reason,
        **_where(activity),
        "user_upn": activity.actor or event.get("affected_email_address"),
        "application": "Google",
        "package": event.get("login_type"),
        "client": event.get("user_agent"),
        "mfa": mfa,
        "mfa_method": second,
        "risk": "high" if flag(event.get("is_suspicious")) else None,
    }
    return [("authentication", columns)]


def verified(activity: Activity, event: Event) -> list[Row]:
    """login_challenge, login_verification: another factor was asked for."""
    status = (event.get("login_challenge_status") or "").casefold()
    outcome = "success" if "pass" in status else "failure" if "fail" in status else None
    methods = [method.lower() for method in event.all("login_challenge_method")]
    columns = {
        "kind": "mfa",
        "outcome": outcome,
        "reason": "mfa_denied" if outcome == "failure" else None,
        **_where(activity),
        "application": "Google",
        "package": event.get("login_type"),
        "mfa": {"success": "approved", "failure": "denied"}.get(outcome or ""),
        "mfa_method": next((method for method in methods if method not in _FIRST), None),
    }
    return [("authentication", columns)]


def logged_out(activity: Activity, event: Event) -> list[Row]:
    """logout."""
    columns = {"kind": "logoff", "outcome": "success", **_where(activity), "application": "Google"}
    return [("authentication", columns)]


def signed_in_by_saml(activity: Activity, event: Event) -> list[Row]:
    """A sign-in to another application that trusts Google."""
    failed = event.name == "login_failure"
    columns = {
        "kind": "sign_in",
        "outcome": "failure" if failed else "success",
        "reason": "other" if failed else None,
        **_where(activity),
        "application": event.get("application_name"),
        "package": "saml",
        "device": event.get("device_id"),
    }
    return [("authentication", columns)]


def denied(activity: Activity, event: Event) -> list[Row]:
    """ACCESS_DENY_EVENT: context-aware access refused an application."""
    columns = {
        "kind": "sign_in",
        "outcome": "failure",
        "reason": "blocked",
        **_where(activity),
        "application": event.get("caa_application"),
        "device": event.get("caa_device_id"),
    }
    return [("authentication", columns)]


def file_used(activity: Activity, event: Event) -> list[Row]:
    """A file was opened, fetched, changed or shared: its user was active then and there."""
    if activity.actor is None or activity.ip is None:
        return []
    columns = {
        "kind": "session",
        "outcome": "success",
        **_where(activity),
        "application": "Google Drive",
        "target_service": event.get("doc_title", "doc_id"),
    }
    return [("authentication", columns)]


def token(activity: Activity, event: Event) -> list[Row]:
    """authorize, revoke: an application was allowed to act for a user, or no more."""
    given = event.name == "authorize"
    scopes = " ".join(event.all("scope"))
    words = [event.get("client_type"), f"scopes: {scopes}"[:_LONGEST] if scopes else None]
    columns = {
        "object_kind": "app",
        "operation": "consented" if given else "deleted",
        "outcome": "success",
        "user_upn": activity.actor,
        "source_ip": activity.ip,
        "object": event.get("app_name", "client_id"),
        "object_id": event.get("client_id"),
        "details": ", ".join(word for word in words if word) or None,
    }
    return [("change", columns)]
