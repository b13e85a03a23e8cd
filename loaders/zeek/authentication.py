"""Logons and tickets as Zeek sees them on the wire."""

from collections.abc import Mapping
from typing import Any

from graph_hunt.loaders._values import account, address, first, text
from graph_hunt.loaders.zeek.ends import Ends

__all__ = ["ntlm", "radius", "remote_desktop", "ssh", "ticket"]

_Row = tuple[str, dict[str, Any]]
_REFUSALS = (
    ("C_PRINCIPAL_UNKNOWN", "unknown_user"),
    ("PREAUTH_FAILED", "bad_password"),
    ("CLIENT_REVOKED", "disabled"),
    ("KEY_EXPIRED", "expired"),
    ("KDC_ERR_POLICY", "restricted"),
    ("NO_SUCH_USER", "unknown_user"),
    ("WRONG_PASSWORD", "bad_password"),
    ("LOGON_FAILURE", "bad_password"),
    ("LOCKED_OUT", "locked"),
    ("ACCOUNT_DISABLED", "disabled"),
    ("EXPIRED", "expired"),
    ("RESTRICTION", "restricted"),
)
_MACHINES = frozenset(
    {"host", "cifs", "ldap", "gc", "rpcss", "termsrv", "wsman", "dns", "netlogon", "restrictedkrbhost"}
)
"""Classes of services that run as the machine itself."""
_CIPHERS = ("aes256", "aes128", "rc4", "des")


def _outcome(success: Any) -> str | None:
    return ("success" if success else "failure") if type(success) is bool else None


def _reason(outcome: str | None, said: str | None) -> str | None:
    if outcome != "failure":
        return None
    return next((reason for words, reason in _REFUSALS if words in (said or "").upper()), "other")


def _client(written: str | None) -> dict[str, Any]:
    """The account of a principal `name/REALM`; an enterprise name bears its own domain."""
    name, _, realm = (written or "").rpartition("/")
    if not name:
        name, realm = realm, ""
    if "@" in name:
        return {"user": name, "user_upn": name}
    if name.casefold().startswith("host/"):
        # A machine, by its other name.
        name = name[5:].partition(".")[0] + "$"
    return {"user": text(name), "user_domain": text(realm)}


def ticket(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """kerberos: a ticket was asked for. That preauthentication is required is how every request begins."""
    asked, error = text(fields.get("request_type")), text(fields.get("error_msg"))
    if asked not in ("AS", "TGS"):
        return "no_request"
    if error is not None and "PREAUTH_REQUIRED" in error:
        return "preauth_required"
    who = _client(text(fields.get("client")))
    service = text(fields.get("service"))
    kind, _, name = (service or "").partition("/")
    outcome = _outcome(fields.get("success"))
    cipher = (text(fields.get("cipher")) or "").replace("arcfour", "rc4")
    row = {
        "kind": "ticket_granting" if asked == "AS" else "ticket_service",
        "outcome": outcome,
        "reason": _reason(outcome, error),
        **who,
        "target_service": service,
        "source_ip": ends.beginning,
        "source_port": ends.beginning_port,
        "package": "Kerberos",
        "encryption": next((one for one in _CIPHERS if one in cipher), None),
    }
    return "authentication", row | _service(kind, name, who.get("user_domain"))


def _service(kind: str, name: str, realm: str | None) -> dict[str, Any]:
    if kind == "krbtgt":
        return {"target_user": "krbtgt", "target_user_domain": text(name) or realm}
    if not name:
        return {"target_user": text(kind), "target_user_domain": realm}
    # Under which account other services run, their names do not tell.
    if kind.casefold() not in _MACHINES:
        return {}
    host = name.partition("/")[0].partition(":")[0]
    if address(host) is not None:
        return {}
    machine = host.partition(".")[0].removesuffix("$")
    return {"target_user": f"{machine}$", "target_user_domain": realm, "target_host": host.removesuffix("$")}


def ntlm(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """ntlm: a logon to a server, which names itself in its challenge."""
    success = fields.get("success")
    status = text(fields.get("status"))
    if type(success) is not bool and status is not None:
        success = status.upper().endswith("SUCCESS")
    outcome = _outcome(success)
    server = first(text(fields.get(name)) for name in ("server_dns_computer_name", "server_nb_computer_name"))
    return "authentication", {
        "kind": "logon",
        "outcome": outcome,
        "reason": _reason(outcome, status),
        "user": text(fields.get("username")),
        "user_domain": text(fields.get("domainname")),
        **ends.authentication(),
        "source_host": text(fields.get("hostname")),
        "target_host": server or ends.answering,
        "logon_type": "network",
        "package": "NTLM",
    }


def remote_desktop(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """rdp: a session was asked for. Its cookie is the name last used there, cut short by some clients; no proof."""
    user, domain = account(fields.get("cookie"))
    return "authentication", {
        "kind": "session",
        "user": user,
        "user_domain": domain,
        **ends.authentication(),
        "source_host": text(fields.get("client_name")),
        "logon_type": "remote_interactive",
        "application": "RDP",
        "client": text(fields.get("client_build")),
    }


def ssh(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """ssh: a logon whose account is hidden; Zeek infers from sizes whether it succeeded."""
    outcome = _outcome(fields.get("auth_success"))
    if outcome is None:
        return "no_logon"
    return "authentication", {
        "kind": "logon",
        "outcome": outcome,
        "reason": "bad_password" if outcome == "failure" else None,
        **ends.authentication(),
        "logon_type": "network",
        "application": "sshd",
        "client": text(fields.get("client")),
    }


def radius(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """radius: an access server asked whether someone may enter; `tunnel_client` is whom it asked for."""
    result = (text(fields.get("result")) or "").casefold()
    outcome = "success" if result == "success" else "failure" if result.startswith("fail") else None
    name, domain = account(fields.get("username"))
    return "authentication", {
        "kind": "logon",
        "outcome": outcome,
        "reason": "other" if outcome == "failure" else None,
        "user": name,
        "user_domain": domain,
        "user_upn": name if name and "@" in name else None,
        "source_ip": address(text(fields.get("tunnel_client"))),
        "target_host": ends.beginning,
        "application": "RADIUS",
        "device": text(fields.get("mac")),
    }
