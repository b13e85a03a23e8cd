"""Logons on devices (DeviceLogonEvents) and those that Defender for Identity saw (IdentityLogonEvents)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._values import flag, text
from graph_hunt.loaders.defender.row import Found, Hunted
from graph_hunt.loaders.windows.event import logon_id

__all__ = ["logged_on", "logged_on_by_directory"]

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "interactive": "interactive",
        "local": "interactive",
        "network": "network",
        "batch": "batch",
        "service": "service",
        "proxy": "proxy",
        "unlock": "unlock",
        "networkcleartext": "cleartext",
        "newcredentials": "new_credentials",
        "remoteinteractive": "remote_interactive",
        "remoteinteractiverdplogons": "remote_interactive",
        "remotedesktop": "remote_interactive",
        "cachedinteractive": "cached",
        "cachedremoteinteractive": "remote_interactive",
        "cachedunlock": "unlock",
    }
)
_LETTERS = re.compile(r"[^a-z]")
_REASONS = (
    ("unknown_user", ("unknownuser", "nosuchuser", "doesnotexist", "notfound", "nosuchaccount", "principalunknown")),
    ("locked", ("locked",)),
    ("disabled", ("disabled", "revoked")),
    ("expired", ("expired", "mustchange")),
    ("bad_password", ("password", "credential", "preauth")),
    ("restricted", ("restrict", "notgranted", "hours", "notallowed", "denied", "workstation")),
)
_OUTCOMES = {"LogonSuccess": "success", "LogonFailed": "failure"}
_PACKAGES = {"ntlm": "NTLM", "kerberos": "Kerberos", "negotiate": "Negotiate"}
_DIRECTORY = "Active Directory"


@lru_cache(maxsize=1024)
def logon_type(word: str | None) -> str | None:
    """A logon's type, in the words of the `authentication` table."""
    return _TYPES.get(_LETTERS.sub("", word.casefold())) if word else None


@lru_cache(maxsize=1024)
def reason(word: str | None) -> str:
    """Why a logon failed.

    >>> reason("InvalidUserNameOrPassword"), reason("AccountLockedOut"), reason("Generic"), reason("UnknownUser")
    ('bad_password', 'locked', 'other', 'unknown_user')
    """
    letters = _LETTERS.sub("", (word or "").casefold())
    return next((said for said, parts in _REASONS if any(part in letters for part in parts)), "other")


def logged_on(row: Hunted) -> Found:
    """DeviceLogonEvents: what 4624 and 4625 say, and what Linux and macOS say of the same."""
    outcome = _OUTCOMES.get(row.action)
    found = row.fields.get
    return [
        (
            "authentication",
            {
                "kind": "logon",
                "outcome": outcome,
                "reason": reason(row.get("FailureReason")) if outcome == "failure" else None,
                **row.who(),
                "source_host": row.machine("RemoteDeviceName"),
                "source_ip": row.ip("RemoteIP"),
                "source_port": row.number("RemotePort") or None,
                "target_host": row.get("DeviceName"),
                "logon_type": logon_type(row.get("LogonType")),
                "package": _package(row),
                "logon_id": logon_id(found("LogonId")),
                "elevated": flag(found("IsLocalAdmin")),
                "process": row.initiator(),
            },
        )
    ]


def _package(row: Hunted) -> str | None:
    word = row.get("Protocol")
    return _PACKAGES.get(word.casefold(), word) if word is not None else None


def logged_on_by_directory(row: Hunted) -> Found:
    """IdentityLogonEvents: at a domain controller, or at one of Microsoft's services."""
    if (row.get("Application") or _DIRECTORY) != _DIRECTORY:
        return [("authentication", _signed_in(row))]
    return [("authentication", _at_controller(row))]


def _common(row: Hunted) -> dict[str, Any]:
    outcome = _OUTCOMES.get(row.action)
    return {
        "outcome": outcome,
        "reason": reason(row.get("FailureReason")) if outcome == "failure" else None,
        **row.who(),
        "source_host": row.get("DeviceName"),
        "source_ip": row.ip("IPAddress"),
        "source_port": row.number("Port") or None,
    }


def _at_controller(row: Hunted) -> dict[str, Any]:
    """What a domain controller did: check a password, give a ticket. It records; it is not the machine logged on to."""
    columns, protocol = _common(row), _package(row)
    said = (row.get("LogonType") or "").casefold()
    there = _device(row)
    columns["package"] = protocol
    domain = columns.get("user_domain")
    if said == "resource access" and protocol == "Kerberos" and there:
        short = there.partition(".")[0]
        return columns | {
            "kind": "ticket_service",
            "target_user": f"{short}$",
            "target_user_domain": there.partition(".")[2] or domain,
            "target_host": there,
            "target_service": text(row.added().get("Spns")) or there,
        }
    if protocol == "Kerberos" and not there:
        return columns | {"kind": "ticket_granting", "target_user": "krbtgt", "target_user_domain": domain}
    kind = logon_type(row.get("LogonType")) or ("network" if there else None)
    return columns | {"kind": "logon", "target_host": there, "logon_type": kind}


def _device(row: Hunted) -> str | None:
    """The machine that was logged on to, where the row names one beside the domain controller."""
    controller = (row.get("DestinationDeviceName") or "").partition(".")[0].casefold()
    for name in (row.get("TargetDeviceName"), text(row.added().get("TO.DEVICE"))):
        if name and name.partition(".")[0].casefold() != controller:
            return name
    return None


def _signed_in(row: Hunted) -> dict[str, Any]:
    columns = _common(row)
    if columns.get("user_upn") is not None:
        # Its name and domain are the principal name's parts, no Windows domain's.
        columns |= {"user": None, "user_domain": None}
    place = row.get("Location")
    return columns | {
        "kind": "sign_in",
        # A device's name there is what the browser says, not a machine that is known.
        "source_host": None,
        "device": columns["source_host"],
        "application": row.get("Application"),
        "package": row.get("LogonType"),
        "client": row.first("UserAgent", "DeviceType"),
        "country": place.upper() if place is not None and len(place) == 2 else None,
    }
