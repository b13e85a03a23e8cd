"""Sign-ins, and what was done with files: who was active, from where, with what."""

from typing import Any

from graph_hunt.loaders._values import flag, text
from graph_hunt.loaders.entra.applications import application
from graph_hunt.loaders.entra.errors import failure
from graph_hunt.loaders.m365.record import Audit, Row

__all__ = ["file_used", "signed_in"]

_MFA_DETAIL = {"mfa": "satisfied"}


def signed_in(audit: Audit) -> list[Row]:
    """UserLoggedIn and UserLoginFailed."""
    extended, device = audit.pairs("ExtendedProperties"), audit.pairs("DeviceProperties")
    failed = audit.operation == "UserLoginFailed" or audit.get("ResultStatus") in ("Failed", "Failure")
    reason = failure(audit.fields.get("ErrorNumber"), audit.get("LogonError")) if failed else None
    ip, port = audit.ip()
    target = audit.fields.get("Target")
    resource = target[0].get("ID") if isinstance(target, list) and target and isinstance(target[0], dict) else None
    return [
        (
            "authentication",
            {
                "kind": "sign_in",
                "outcome": "failure" if failed else "success",
                "reason": reason or ("other" if failed else None),
                **audit.who(),
                "source_ip": ip,
                "source_port": port,
                "application": application(audit.get("ApplicationId") or audit.get("ObjectId")),
                "target_service": application(text(resource)),
                "package": text(extended.get("RequestType")),
                "client": audit.client(),
                "device": text(device.get("DisplayName")) or text(device.get("Id")),
                "device_trust": _trust(device),
                "mfa": "denied" if reason == "mfa_denied" else None,
                "session": text(device.get("SessionId")),
            },
        )
    ]


def _trust(device: dict[str, Any]) -> str | None:
    if flag(device.get("IsCompliantAndManaged")) or flag(device.get("IsCompliant")):
        return "compliant"
    return "unmanaged" if "IsCompliantAndManaged" in device or "IsCompliant" in device else None


def file_used(audit: Audit) -> list[Row]:
    """A file of SharePoint or OneDrive was opened, fetched, shared or removed: its user was active then and there."""
    ip, port = audit.ip()
    who = audit.who()
    if ip is None and not who:
        return []
    managed = flag(audit.fields.get("IsManagedDevice"))
    context = audit.fields.get("AppAccessContext")
    session = context.get("AADSessionId") if isinstance(context, dict) else None
    return [
        (
            "authentication",
            {
                "kind": "session",
                "outcome": "success",
                **who,
                "source_ip": ip,
                "source_port": port,
                "application": audit.workload,
                "target_service": audit.get("ObjectId"),
                "client": audit.client(),
                "device": audit.get("DeviceDisplayName"),
                "device_trust": None if managed is None else "managed" if managed else "unmanaged",
                "session": text(session),
            },
        )
    ]
