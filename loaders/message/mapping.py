"""A message as rows of `mail`: one for each recipient, and those of the messages inside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._mail import bare_id, direction
from graph_hunt.loaders._values import address, first, text
from graph_hunt.loaders.message import verdicts
from graph_hunt.loaders.message.container import Piece
from graph_hunt.loaders.message.headers import Headers, addresses, decoded, moment
from graph_hunt.loaders.message.parts import Content, content_of
from graph_hunt.loaders.message.received import Hop, chain, checked_address, handed_over_by

__all__ = ["Reading", "keep"]

_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "x-smtp-rcpt")
_NAMED = ("to", "cc", "bcc", "resent-to", "resent-cc", "apparently-to")
_KEPT = 65536
_DEEPEST = 5
_EARLIEST, _LATEST = 0, 4_102_444_800_000
_CLIENTS = ("x-mailer", "user-agent", "x-newsreader", "x-php-originating-script")
_ORIGINS = ("x-originating-ip", "x-sender-ip", "x-client-ip", "x-source-ip")
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, IndexError, RecursionError)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read messages: the zone of times that name none, and the reader's own domains."""

    zone: tzinfo
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a message stands: in a file, or inside another message."""

    code: str
    digest: str
    at: int | None = None
    """The time of the message that it stands in."""
    action: str | None = None
    recipients: tuple[str, ...] = ()


def keep(piece: Piece, rows: Rows, reading: Reading) -> None:
    """Add a message's rows, or say why it has none."""
    raw = piece.content[:_KEPT].decode("utf-8", "replace")
    if piece.fault:
        rows.reject(piece.number, piece.fault, raw)
        return
    try:
        message = message_from_bytes(piece.content)
        place = _Place(
            "Message/received",
            sha256(piece.content).hexdigest(),
            moment(_postmark_time(piece.postmark), reading.zone),
            recipients=tuple(piece.recipients),
        )
        found = list(_rows(message, reading, place, _DEEPEST)) if len(message) else []
    except _BROKEN as error:
        rows.reject(piece.number, f"no message: {type(error).__name__}: {error}"[:200], raw)
        return
    if not found:
        fault = "neither Received nor Date tells its time" if len(message) else "it has no header"
        rows.reject(piece.number, fault, raw)
    for row in found:
        # Only a message of the file itself has its size, and its text.
        size = len(piece.content) if row["code"] == "Message/received" else None
        rows.add("mail", record=piece.number, raw=raw, size=size, **row)


def _postmark_time(postmark: str) -> str | None:
    """The time in the line above a message in an mbox: the five words and more behind the address."""
    words = postmark.split()
    return " ".join(words[2:]) or None


def _rows(message: Message, reading: Reading, place: _Place, depth: int) -> Iterator[dict[str, Any]]:
    headers = Headers(message)
    content = content_of(message)
    hops = chain(headers, reading.zone)
    at = _time(headers, hops, reading.zone, place)
    if at is None:
        return
    columns = _columns(headers, hops, content, place)
    named = [*place.recipients, *_recipients(headers, hops)]
    unique = {one.casefold(): one for one in reversed(named)}
    recipients: list[str | None] = [*reversed(unique.values())] or [None]
    identity = columns["message_id"] or place.digest
    for recipient in recipients:
        names = ["message", identity, columns["sender"] or "", columns["subject"] or "", (recipient or "").casefold()]
        yield {
            "event_id": event_id(at, names),
            "time": at,
            "code": place.code,
            "recorder": hops[0].by if hops else None,
            **columns,
            "recipient": recipient,
            "direction": direction(columns["sender"], recipient, reading.own),
        }
    if depth:
        action = "bounced" if content.bounced else None
        for inner in content.messages:
            digest = sha256(f"{identity}\n{len(inner)}".encode("utf-8", "replace")).hexdigest()
            yield from _rows(inner, reading, _Place("Message/attached", digest, at, action), depth - 1)


def _time(headers: Headers, hops: Iterable[Hop], zone: tzinfo, place: _Place) -> int | None:
    """When the message came: as its newest hop says, else its author, else what it stands in."""
    times = (*(hop.at for hop in hops), moment(headers.first("date", "resent-date"), zone))
    return first((*(at for at in times if at is not None and _EARLIEST <= at < _LATEST), place.at))


def _columns(headers: Headers, hops: list[Hop], content: Content, place: _Place) -> dict[str, Any]:
    authors = addresses(headers.all("from")) or addresses(headers.all("sender"))
    returned = next((found for _, found in addresses(headers.all("return-path"))), None)
    replies = addresses(headers.all("reply-to"))
    relays = list(dict.fromkeys(hop.ip for hop in hops if hop.ip is not None))
    if (origin := _origin(headers)) is not None and origin not in relays:
        relays.append(origin)
    return {
        "message_id": bare_id(headers.first("message-id")),
        "network_id": text(headers.first("x-ms-exchange-organization-network-message-id")),
        "sender": text(authors[0][1]) if authors else returned,
        "sender_name": text(authors[0][0]) if authors else _unaddressed(headers),
        "return_path": text(returned),
        "reply_to": text(replies[0][1]) if replies else None,
        "subject": text(decoded(headers.first("subject"))),
        "action": place.action or verdicts.action(headers),
        "source_ip": handed_over_by(hops, checked_address(headers)) or origin,
        "relays": relays or None,
        "client": text(decoded(headers.first(*_CLIENTS))),
        "urls": content.urls or None,
        "attachments": content.attachments or None,
        "attachment_hashes": content.hashes or None,
        "threats": verdicts.threats(headers),
        **verdicts.authentication(headers),
    }


def _unaddressed(headers: Headers) -> str | None:
    """What a From field without an address says."""
    said = decoded(headers.first("from"))
    return text(said.partition("<")[0].strip(" \"'")) if said else None


def _origin(headers: Headers) -> str | None:
    """The address of the program that the message was written in, where the sender's service tells."""
    return first(address(value.strip("[]() ")) for name in _ORIGINS for value in headers.all(name))


def _recipients(headers: Headers, hops: list[Hop]) -> Iterator[str]:
    """Name the recipients, those of the envelope first."""
    for name in _ENVELOPE:
        yield from (found for _, found in addresses(headers.all(name)))
    yield from (hop.recipient for hop in hops[:1] if hop.recipient is not None)
    for name in _NAMED:
        yield from (found for _, found in addresses(headers.all(name)))
