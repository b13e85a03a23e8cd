"""What both tools' findings have in common: levels, techniques, accounts, the machine named."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graph_hunt.loaders._values import account, address, is_sid, text

__all__ = ["account_columns", "details", "level", "source_address", "techniques"]

_TECHNIQUE = re.compile(r"\b[Tt](\d{4}(?:\.\d{3})?)\b")
_LEVELS = {
    "emer": "critical",
    "emergency": "critical",
    "crit": "critical",
    "critical": "critical",
    "high": "high",
    "med": "medium",
    "medium": "medium",
    "low": "low",
    "info": "informational",
    "informational": "informational",
}
_USERS = (
    ("TgtUser", "TgtDomain", "TgtSID"),
    ("TgtUser", "TargetDomainName", "TargetUserSid"),
    ("TargetUserName", "TargetDomainName", "TargetUserSid"),
    ("User", "Domain", "SID"),
    ("SrcUser", "SrcDomain", "SrcSID"),
    ("SubjectUserName", "SubjectDomainName", "SubjectUserSid"),
    ("Target User", "Target Domain", "Target SID"),
    ("User Name", "Domain", "SID"),
    ("Username", "Domain", "SID"),
)
"""Where the account stands, the one acted on before the one that acts: a logon is the target's."""
_ADDRESSES = ("SrcIP", "IpAddress", "IP Address", "Source IP", "ClientAddress", "SourceIp", "SourceAddress", "ClientIP")
_NOTHING = frozenset({"", "-", "n/a", "N/A"})


def level(word: object) -> str | None:
    """A finding's level in full."""
    return _LEVELS.get(str(word).strip().casefold())


def techniques(words: Iterable[object]) -> list[str] | None:
    """The ATT&CK techniques among tags, in order, each once."""
    found = (f"T{number}" for word in words for number in _TECHNIQUE.findall(str(word)))
    return list(dict.fromkeys(found)) or None


def account_columns(fields: Mapping[str, Any]) -> dict[str, str | None]:
    """The account that a finding is about, from whichever of its fields has one."""
    found: dict[str, str | None] = {}
    for name, domain, identifier in _USERS:
        value = fields.get(name)
        user, own_domain = account(value if isinstance(value, str) else None)
        if user is None:
            continue
        if found and found["user"] != user:
            break
        if is_sid(user):
            return {"user_sid": user}
        found = {
            "user": user,
            "user_domain": own_domain or text(fields.get(domain)),
            "user_sid": text(fields.get(identifier)),
        }
        if found["user_domain"]:
            break
    return found


def source_address(fields: Mapping[str, Any]) -> str | None:
    """The address that a finding names as the source."""
    return next((found for name in _ADDRESSES if (found := address(fields.get(name)))), None)


def host(value: object) -> str | None:
    """The machine that a finding is about."""
    found = text(value)
    return None if found is None or found.casefold() in ("localhost", ".") else found.lstrip("\\")


def details(fields: Mapping[str, Any]) -> str | None:
    """A finding's fields in words, as Hayabusa separates them."""
    parts = []
    for name, value in fields.items():
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        if value is not None and str(value).strip() not in _NOTHING:
            parts.append(f"{name}: {value}" if name else str(value))
    return " ¦ ".join(parts) or None
