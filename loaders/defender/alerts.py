"""AlertInfo and AlertEvidence: what Microsoft's products raised, and what they named."""

import re
from collections.abc import Mapping
from typing import Any

from graph_hunt.loaders._values import address, is_sid, text
from graph_hunt.loaders.defender.row import Found, Hunted, account

__all__ = ["evidence", "raised"]

_TECHNIQUE = re.compile(r"\bT\d{4}(?:\.\d{3})?\b")
_LEVELS = frozenset({"informational", "low", "medium", "high", "critical"})


def _alert(row: Hunted) -> dict[str, Any]:
    level = (row.get("Severity") or "").casefold()
    techniques = _TECHNIQUE.findall(str(row.fields.get("AttackTechniques") or ""))
    title = row.get("Title")
    return {
        "product": row.first("ServiceSource", "DetectionSource"),
        "title": title or row.get("AlertId"),
        "level": level if level in _LEVELS else None,
        "techniques": list(dict.fromkeys(techniques)) or None,
    }


def raised(row: Hunted) -> Found:
    """AlertInfo: an alert, without what it is about."""
    words = [row.get("Category"), row.get("DetectionSource"), row.get("AlertId")]
    return [("alert", _alert(row) | {"details": "; ".join(word for word in words if word) or None})]


def evidence(row: Hunted) -> Found:
    """AlertEvidence: one of the things that an alert is about."""
    told = row.added()
    words = [
        row.get("EntityType"),
        *(row.get(name) for name in ("FileName", "FolderPath", "SHA256", "ProcessCommandLine", "RemoteUrl")),
        *(row.get(name) for name in ("RegistryKey", "EmailSubject", "NetworkMessageId", "Application")),
        text(told.get("CommandLine")),
        row.get("AlertId"),
    ]
    columns = _alert(row) | {
        "host": row.get("DeviceName") or _host(told),
        **_who(row, told),
        "source_ip": row.ip("RemoteIP", "LocalIP") or address(told.get("Address")),
        "details": "; ".join(word for word in words if word) or None,
    }
    return [("alert", columns)]


def _host(told: Mapping[str, Any]) -> str | None:
    """The machine, where only the entity itself names it."""
    host = told if told.get("Type") == "host" else told.get("Host")
    if type(host) is not dict and host is not told:
        return None
    name, domain = (text(host.get(part)) for part in ("HostName", "DnsDomain"))
    return f"{name}.{domain}" if name and domain and "." not in name else name


def _who(row: Hunted, told: Mapping[str, Any]) -> dict[str, str | None]:
    found = row.who()
    if not found and str(row.get("EntityType")).casefold() in ("user", "mailbox"):
        name, suffix = text(told.get("Name")), text(told.get("UPNSuffix"))
        upn = f"{name}@{suffix}" if name and suffix else text(told.get("MailboxPrimaryAddress"))
        sid = text(told.get("Sid"))
        found = account(name, told.get("NTDomain"), sid if is_sid(sid) else None, upn, told.get("AadUserId"))
    return found
