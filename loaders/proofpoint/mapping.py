"""What TAP's fields become: a row of `mail` for each recipient of a message, one of `click` for a link opened."""

from collections.abc import Mapping
from typing import Any

from graph_hunt.loaders._mail import bare_id, direction
from graph_hunt.loaders._values import address, integer, strings, text
from graph_hunt.loaders.proofpoint.forms import Event

__all__ = ["happened"]

_ATTACHED = ("attached", "attachment")


def happened(event: Event, own: frozenset[str]) -> list[tuple[str, dict[str, Any]]]:
    """The rows of an event."""
    fields = event.fields
    if not event.is_message:
        return [("click", _click(fields, passed=event.passed))]
    recipients: list[str | None] = [*dict.fromkeys(strings(fields.get("recipient")))]
    columns = _message(fields, passed=event.passed)
    return [
        ("mail", {**columns, "recipient": one, "direction": _direction(fields, columns["sender"], one, own)})
        for one in recipients or [None]
    ]


def _click(fields: Mapping[str, Any], *, passed: bool | None) -> dict[str, Any]:
    return {
        "user_upn": text(fields.get("recipient")),
        "url": text(fields.get("url")),
        "action": None if passed is None else "allowed" if passed else "blocked",
        "message_id": bare_id(text(fields.get("messageID"))),
        "network_id": text(fields.get("GUID")),
        "source_ip": address(fields.get("clickIP")),
        "client": text(fields.get("userAgent")),
    }


def _message(fields: Mapping[str, Any], *, passed: bool | None) -> dict[str, Any]:
    shown = strings(fields.get("fromAddress"))
    parts = [one for one in _dicts(fields.get("messageParts")) if text(one.get("disposition")) in _ATTACHED]
    threats = _dicts(fields.get("threatsInfoMap"))
    links = [found for one in threats if (found := _link(one)) is not None]
    names = [text(one.get("filename")) or "" for one in parts]
    kept = text(fields.get("quarantineFolder")) or text(fields.get("quarantineRule"))
    verdicts = [found.lower() for one in threats if (found := text(one.get("classification"))) is not None]
    return {
        "message_id": bare_id(text(fields.get("messageID"))),
        "network_id": text(fields.get("GUID")),
        "sender": shown[0] if shown else text(fields.get("sender")),
        "sender_name": _display(text(fields.get("headerFrom"))),
        "return_path": text(fields.get("sender")),
        "reply_to": next(iter(strings(fields.get("replyToAddress"))), None),
        "subject": text(fields.get("subject")),
        "action": "delivered" if passed else "quarantined" if kept else None if passed is None else "blocked",
        "source_ip": address(fields.get("senderIP")),
        "client": text(fields.get("xmailer")),
        "urls": list(dict.fromkeys(links)) or None,
        "attachments": names or None,
        "attachment_hashes": [(text(one.get("sha256")) or "").lower() for one in parts] or None,
        "threats": list(dict.fromkeys(verdicts)) or None,
        "size": integer(fields.get("messageSize")),
    }


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if type(one) is dict] if type(value) is list else []


def _link(threat: Mapping[str, Any]) -> str | None:
    """The link of a threat that is one; some are given as a name only."""
    found = text(threat.get("threat"))
    if found is None or (text(threat.get("threatType")) or "").casefold() != "url":
        return None
    return found if "://" in found else f"http://{found}"


def _display(written: str | None) -> str | None:
    return text(written.partition("<")[0].strip().strip('"')) if written and "<" in written else None


def _direction(fields: Mapping[str, Any], sender: str | None, recipient: str | None, own: frozenset[str]) -> str | None:
    """By the organisation's own domains, else by the route that the message took."""
    if (found := direction(sender, recipient, own)) is not None:
        return found
    routes = " ".join(strings(fields.get("policyRoutes"))).casefold()
    ways = [way for way in ("inbound", "outbound") if way in routes]
    return ways[0] if len(ways) == 1 else None
