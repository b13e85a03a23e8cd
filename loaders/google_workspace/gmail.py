"""Gmail's log: messages and their way, what was done with them once delivered, links that were opened."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._mail import bare_id
from graph_hunt.loaders._values import address, flag, integer, strings, text
from graph_hunt.loaders.google_workspace.forms import Activity, Event

__all__ = ["happened"]

Row = tuple[str, dict[str, Any]]

_ACTIONS: Mapping[int, str] = MappingProxyType(
    {1: "sent", 2: "delivered", 4: "junked", 5: "quarantined", 11: "sent", 30: "bounced"}
)
"""Of event types: what became of the message (11 is forwarding that a user set up)."""
_STAGES: Mapping[int, str] = MappingProxyType({2: "received", 3: "delivered", 10: "sent", 18: "bounced", 19: "blocked"})
"""Of delivery stages, where the event has no type: accepted, handled, handed on, bounced, dropped."""
_DEEDS: Mapping[int, str] = MappingProxyType(
    {
        7: "access",
        12: "move",
        13: "delete",
        14: "move",
        17: "access",
        18: "access",
        19: "access",
        26: "move",
        27: "delete",
        28: "access",
        31: "access",
        32: "sync",
        33: "access",
    }
)
"""Of event types: what was done in the mailbox."""
_CLICKS = (15, 16)
_DISPOSITIONS = {2: "spam", 3: "phishing", 4: "suspicious", 5: "malware"}
_CLIENTS = {"IMAP": "imap", "POP3": "pop", "API": "rest", "WEB": "web", "ANDROID": "rest", "IOS": "rest"}
_ADDRESS = re.compile(r"[^\s:,;<>]+@[^\s:,;<>]+")


def happened(activity: Activity, event: Event) -> list[Row]:
    """The rows of an event of Gmail's log; none for steps on the way."""
    told = _plain(event.parameters.get("event_info"))
    message = _plain(event.parameters.get("message_info"))
    info = told if isinstance(told, dict) else {}
    mail = message if isinstance(message, dict) else {}
    kind, stage = integer(info.get("mail_event_type")) or 0, integer(mail.get("action_type"))
    if kind in _CLICKS:
        return [("click", _click(activity, mail))]
    if kind in _DEEDS:
        return [("mailbox", _deed(activity, info, mail, _DEEDS[kind]))]
    action = _ACTIONS.get(kind) if kind else _STAGES.get(stage or 0)
    if flag(info.get("success")) is False and action in ("received", "delivered"):
        action = "blocked"
    if action is None:
        return []
    columns = _mail(activity, mail, action)
    recipients: list[str | None] = [*_recipients(mail)] or [None]
    return [("mail", {**columns, "recipient": one}) for one in recipients]


def _plain(value: Any) -> Any:
    """A parameter's value, its lists of parameters made names and values."""
    if type(value) is list:
        return [_plain(item) for item in value]
    if type(value) is not dict:
        return value
    inner = value.get("parameter")
    if type(inner) is list:
        found = {}
        for item in inner:
            if type(item) is dict and type(item.get("name")) is str:
                found[item["name"]] = _plain(next((item[name] for name in item if name != "name"), None))
        return found
    return {name: _plain(item) for name, item in value.items()}


def _of(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _all(fields: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = fields.get(name)
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _recipients(mail: Mapping[str, Any]) -> list[str]:
    named = [found for item in _all(mail, "destination") if (found := text(item.get("address"))) is not None]
    return list(dict.fromkeys(named or _ADDRESS.findall(text(mail.get("flattened_destinations")) or "")))


def _mail(activity: Activity, mail: Mapping[str, Any], action: str) -> dict[str, Any]:
    source, way = _of(mail, "source"), _of(mail, "connection_info")
    attached = _all(mail, "attachment")
    relays = [found for name in ("smtp_in_connect_ip", "client_ip") if (found := address(way.get(name))) is not None]
    inside = flag(way.get("is_internal")) or flag(way.get("is_intra_domain"))
    heading = "outbound" if action == "sent" else "inbound" if action in ("received", "delivered", "junked") else None
    return {
        "message_id": bare_id(text(mail.get("rfc2822_message_id"))),
        "sender": text(source.get("from_header_address")) or text(source.get("address")),
        "sender_name": text(source.get("from_header_displayname")),
        "return_path": text(source.get("address")),
        "subject": text(mail.get("subject")),
        "direction": "internal" if inside else heading,
        "action": "junked" if action == "delivered" and flag(mail.get("is_spam")) else action,
        "source_ip": relays[0] if relays else activity.ip,
        "relays": relays or None,
        "client": text(source.get("service")),
        # The log names no links, only whose they are.
        "urls": [f"http://{name.lower()}" for name in strings(mail.get("link_domain"))] or None,
        "attachments": [text(item.get("file_name")) or "" for item in attached] or None,
        "attachment_hashes": [(text(item.get("sha256")) or "").lower() for item in attached] or None,
        "spf": _result(way.get("spf_pass")),
        "dkim": _result(way.get("dkim_pass")),
        "dmarc": _result(way.get("dmarc_pass")),
        "threats": _threats(mail, attached) or None,
        "size": integer(mail.get("payload_size")),
    }


def _result(passed: Any) -> str | None:
    found = flag(passed)
    return None if found is None else "pass" if found else "fail"


def _threats(mail: Mapping[str, Any], attached: list[dict[str, Any]]) -> list[str]:
    disposition = _DISPOSITIONS.get(integer(_of(mail, "spam_info").get("disposition")) or 0)
    found = [disposition] if disposition else ["spam"] if flag(mail.get("is_spam")) else []
    return list(dict.fromkeys([*found, *(name for item in attached if (name := _family(item)) is not None)]))


def _family(item: Mapping[str, Any]) -> str | None:
    """A family of malware; numbers name classes, of which 0 is none."""
    found = text(item.get("malware_family"))
    return None if found is None or found == "0" else f"malware {found}" if found.isdigit() else found


def _deed(activity: Activity, info: Mapping[str, Any], mail: Mapping[str, Any], operation: str) -> dict[str, Any]:
    context = _of(info, "client_context")
    delegate = text(_of(context, "session_context").get("delegate_user_email"))
    identity = bare_id(text(mail.get("rfc2822_message_id")))
    client = text(context.get("client_type"))
    return {
        "operation": operation,
        "outcome": "failure" if flag(info.get("success")) is False else "success",
        "user_upn": delegate or activity.actor,
        "mailbox": activity.actor,
        "logon_kind": "delegate" if delegate else "owner" if activity.actor else None,
        "client": client,
        "protocol": _CLIENTS.get(client or ""),
        "client_ip": activity.ip or address(_of(mail, "connection_info").get("client_ip")),
        "subject": text(mail.get("subject")),
        "message_ids": [identity] if identity else None,
        "items": 1,
    }


def _click(activity: Activity, mail: Mapping[str, Any]) -> dict[str, Any]:
    interaction = _of(_of(mail, "post_delivery_info"), "interaction")
    return {
        "user_upn": activity.actor,
        "url": text(interaction.get("link_url")),
        "action": "allowed",
        "message_id": bare_id(text(mail.get("rfc2822_message_id"))),
        "source_ip": activity.ip,
    }
