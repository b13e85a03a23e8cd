"""Messages, what came of them, their links and attachments, and links that were opened.

The tables are joined by NetworkMessageId in the graph: a link's or attachment's row names the message by nothing else,
and has neither sender nor recipient, so that nothing is delivered twice.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._values import flag, text
from graph_hunt.loaders.defender.forms import added
from graph_hunt.loaders.defender.row import Found, Hunted

__all__ = ["attachment", "clicked", "delivered", "handled", "link"]

_DIRECTIONS: Mapping[str, str] = MappingProxyType(
    {"inbound": "inbound", "outbound": "outbound", "intra-org": "internal", "intraorg": "internal"}
)
_PLACES = (("quarantine", "quarantined"), ("junk", "junked"), ("delet", "deleted"), ("inbox", "delivered"))
_ACTIONS: Mapping[str, str] = MappingProxyType(
    {"delivered": "delivered", "junked": "junked", "blocked": "blocked", "replaced": "blocked"}
)
_LIST = re.compile(r"[,;]")


def _message(row: Hunted) -> dict[str, Any]:
    identity = row.get("InternetMessageId")
    return {
        "message_id": identity.strip("<> ") or None if identity is not None else None,
        "network_id": row.get("NetworkMessageId"),
    }


def _direction(row: Hunted) -> str | None:
    return _DIRECTIONS.get((row.get("EmailDirection") or "").casefold())


def _words(value: Any) -> list[str] | None:
    """The words of a column that holds a list as text, with or without JSON's brackets."""
    parts = (text(part.strip().strip('"')) for part in _LIST.split((text(value) or "").strip("[]")))
    return [part for part in parts if part is not None] or None


def _action(row: Hunted) -> str | None:
    """What became of it: the place tells quarantine from refusal."""
    place, action = (row.get("DeliveryLocation") or "").casefold(), (row.get("DeliveryAction") or "").casefold()
    if "quarantine" in place:
        return "quarantined"
    return _ACTIONS.get(action) or next((said for part, said in _PLACES if part in place or part in action), None)


def delivered(row: Hunted) -> Found:
    """EmailEvents: a message, once for each recipient."""
    checks = {name.casefold(): str(value).casefold() or None for name, value in _checks(row).items() if value}
    url = row.get("Url")
    columns = _message(row) | {
        "sender": row.first("SenderFromAddress", "SenderMailFromAddress"),
        "sender_name": row.get("SenderDisplayName"),
        "return_path": row.get("SenderMailFromAddress"),
        "recipient": row.get("RecipientEmailAddress"),
        "subject": row.get("Subject"),
        "direction": _direction(row),
        "action": _action(row),
        "source_ip": row.ip("SenderIPv4", "SenderIPv6"),
        "urls": [url] if url is not None else None,
        "spf": checks.get("spf"),
        "dkim": checks.get("dkim"),
        "dmarc": checks.get("dmarc"),
        "threats": _words(row.fields.get("ThreatTypes")),
        "size": row.number("EmailSize"),
    }
    return _kept(columns)


def _kept(columns: dict[str, Any]) -> Found:
    """A row that names its message; one that names none says nothing."""
    return [("mail", columns)] if columns["message_id"] or columns["network_id"] else []


def _checks(row: Hunted) -> Mapping[str, Any]:
    return added(row.fields.get("AuthenticationDetails"))


def link(row: Hunted) -> Found:
    """EmailUrlInfo: a link in a message."""
    url = row.get("Url")
    return _kept(_message(row) | {"urls": [url]}) if url is not None else []


def attachment(row: Hunted) -> Found:
    """EmailAttachmentInfo: an attachment of a message."""
    name, digest = row.get("FileName"), row.hash("SHA256")
    if name is None and digest is None:
        return []
    columns = _message(row) | {
        "attachments": [name or digest],
        "attachment_hashes": [digest or ""],
        "threats": _words(row.fields.get("ThreatTypes")),
    }
    return _kept(columns)


def handled(row: Hunted) -> Found:
    """EmailPostDeliveryEvents: a message was moved or removed after it had been delivered."""
    if (row.get("ActionResult") or "success").casefold() not in ("success", "succeeded"):
        return []
    words = f"{row.get('Action') or ''} {row.get('DeliveryLocation') or ''}".casefold()
    columns = _message(row) | {
        "recipient": row.get("RecipientEmailAddress"),
        "action": next((said for part, said in _PLACES if part in words), None),
        "threats": _words(row.fields.get("ThreatTypes")),
    }
    return _kept(columns)


def clicked(row: Hunted) -> Found:
    """UrlClickEvents: a link in mail, Teams or a document was opened."""
    url = row.get("Url")
    if url is None:
        return []
    blocked = row.action.casefold().startswith(("clickblocked", "urlerror", "blocked"))
    through = flag(row.fields.get("IsClickedThrough"))
    columns = _message(row) | {
        **row.who(),
        "url": url,
        "action": "overridden" if through else "blocked" if blocked else "allowed",
        "source_ip": row.ip("IPAddress"),
        "client": row.first("AppName", "Workload"),
    }
    return [("click", columns)]
