"""The parts of a message: its links, its attachments, the messages inside it. Nothing is opened but to be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from hashlib import sha256

from graph_hunt.loaders._links import in_html, in_text, unwrapped
from graph_hunt.loaders.message.headers import decoded, in_charset

__all__ = ["Content", "content_of"]

_MARKUP = (".htm", ".html", ".shtml", ".xhtml", ".xht", ".svg")
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype|html|head|body|div|table|meta|p|a)\b", re.I | re.S
)
_READ = 4 << 20
"""How much of a text is looked through for links."""
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, AssertionError, IndexError, KeyError)
"""What the standard library raises where a message breaks the rules of MIME in ways that it did not foresee."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the parts of one message hold; the messages inside it have theirs."""

    urls: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    bounced: bool = False
    """It reports that the message inside was not delivered."""


def content_of(message: Message) -> Content:
    """Read the parts of a message."""
    links: list[str] = []
    found = Content(bounced=_is_bounce(message))
    for part in _leaves(message):
        if part.get_content_maintype() == "message" and isinstance(part.get_payload(), list):
            found.messages.extend(inner for inner in part.get_payload() if isinstance(inner, Message))
            _attach(found, part, b"")
            continue
        kind, name = part.get_content_type(), _name(part)
        content = _bytes(part)
        if kind == "text/rfc822-headers":
            continue
        if name is not None or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            _attach(found, part, content)
        if kind.startswith("text/") or kind == "application/xhtml+xml" or (name or "").lower().endswith(_MARKUP):
            links.extend(_links(in_charset(content[:_READ], part.get_content_charset()), kind, name))
    found.urls.extend(unwrapped(links))
    return found


def _is_bounce(message: Message) -> bool:
    return message.get_content_type() == "multipart/report" and (
        str(message.get_param("report-type", "")).casefold() == "delivery-status"
    )


def _leaves(message: Message) -> Iterator[Message]:
    """Give the parts that have content, those of messages inside left out, in the order that they stand in."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if part.get_content_type() == "message/delivery-status":
            continue
        if isinstance(payload, list) and part.get_content_maintype() != "message":
            waiting.extend(reversed([inner for inner in payload if isinstance(inner, Message)]))
        else:
            yield part


def _attach(found: Content, part: Message, content: bytes) -> None:
    name = _name(part)
    if not content and name is None:
        return
    found.attachments.append(name or "")
    # Of a message inside, the parser does not keep the bytes as they were.
    found.hashes.append(sha256(content).hexdigest() if content else "")


def _name(part: Message) -> str | None:
    try:
        written = part.get_filename()
    except _UNREADABLE:
        return None
    name = decoded(written)
    # A path is no part of a name, whatever the sender's system was.
    return re.split(r"[\\/]", name)[-1].strip() or None if name else None


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except _UNREADABLE:
        content = None
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _links(text: str, kind: str, name: str | None) -> Iterator[str]:
    markup = kind in ("text/html", "application/xhtml+xml") or (name or "").lower().endswith(_MARKUP)
    if markup or _LOOKS_LIKE_HTML.match(text):
        yield from in_html(text)
    else:
        yield from in_text(text)
