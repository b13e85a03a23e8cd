"""What messages lie in: a file of their own, an mbox, Apple Mail's emlx, or a batch of SMTP commands."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

__all__ = ["LONGEST", "Piece", "reader"]

LONGEST = 128 << 20
"""A message longer than this is not kept."""

_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:")
_SEPARATOR = re.compile(
    rb"^From (?:\S.*?|)[ \t]*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?[ \t].{3,40}?\d{1,2}:\d\d.{0,20}?\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_MBOX = re.compile(rb"^From \S")
_COUNT = re.compile(rb"^\d{1,10}[ \t]*\r?\n")
_BATCH = re.compile(rb"^(?:HELO|EHLO|MAIL FROM:)", re.IGNORECASE)
_COMMAND = re.compile(rb"^(MAIL FROM|RCPT TO):\s*<?([^>\s]*)>?", re.IGNORECASE)
_MAIL = frozenset(
    b"""received return-path delivered-to x-original-to envelope-to delivery-date from to cc bcc subject date
    message-id mime-version content-type reply-to sender resent-from dkim-signature authentication-results
    received-spf arc-seal x-mailer x-received list-unsubscribe content-transfer-encoding x-spam-status""".split()
)
_TELLING = frozenset(b"received return-path delivered-to from message-id resent-from dkim-signature".split())
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A message: its number, its bytes, what its envelope says; or why it is not kept."""

    number: int
    content: bytes
    postmark: str = ""
    """The line that an mbox puts above it."""
    recipients: list[str] = field(default_factory=list)
    fault: str = ""


Reader = Callable[[BinaryIO], Iterator[Piece]]


def reader(head: bytes) -> Reader | None:
    """The way to read a source that begins so; none where it holds no messages."""
    head = _trimmed(head)
    if _MBOX.match(head) and _is_header(head.partition(b"\n")[2]):
        return _mbox
    if _is_header(head):
        return _single
    if (count := _COUNT.match(head)) and _is_header(head[count.end() :]):
        return _emlx
    return _batch if _BATCH.match(head) and re.search(rb"^DATA\r?$", head, re.MULTILINE | re.I) else None


def _trimmed(head: bytes) -> bytes:
    return head.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n \t")


def _is_header(head: bytes) -> bool:
    """Tell whether a text begins with the header of a message."""
    names: set[bytes] = set()
    strange = 0
    for line in head.split(b"\n", 400)[:400]:
        if not line.strip():
            break
        if line[:1] in b" \t":
            continue
        if (found := _FIELD.match(line)) is not None:
            names.add(found.group(1).lower())
        elif not names:
            return False
        else:
            strange += 1
    return len(names & _MAIL) >= _LEAST and bool(names & _TELLING) and strange <= len(names)


def _single(stream: BinaryIO) -> Iterator[Piece]:
    content = stream.read(LONGEST + 1)
    stream.read(1)
    if len(content) > LONGEST:
        yield _oversized(1, content)
    else:
        yield Piece(1, _trimmed(content))


def _oversized(number: int, content: bytes) -> Piece:
    return Piece(number, content[:65536], fault=f"a message of over {LONGEST >> 20} MiB")


def _mbox(stream: BinaryIO) -> Iterator[Piece]:
    number, postmark = 0, b""
    lines: list[bytes] = []
    length = 0
    first = True
    for line in stream:
        if first:
            line = line.removeprefix(codecs.BOM_UTF8)
            first = not line.strip()
            if first:
                continue
            postmark = line
            continue
        if line.startswith(b"From ") and _SEPARATOR.match(line):
            number += 1
            yield _from_mbox(number, lines, postmark, length)
            lines, length, postmark = [], 0, line
            continue
        length += len(line)
        if length <= LONGEST:
            # "From " at the beginning of a line was hidden by one more of these.
            lines.append(line[1:] if line[:1] == b">" and line.lstrip(b">").startswith(b"From ") else line)
    yield _from_mbox(number + 1, lines, postmark, length)
    stream.read(1)


def _from_mbox(number: int, lines: list[bytes], postmark: bytes, length: int) -> Piece:
    content = b"".join(lines)
    if length > LONGEST:
        return _oversized(number, content)
    return Piece(number, content, postmark.decode("utf-8", "replace").strip())


def _emlx(stream: BinaryIO) -> Iterator[Piece]:
    """Apple Mail: a line with the message's length, the message, and a property list."""
    size = int(stream.readline().strip() or b"0")
    content = stream.read(min(size, LONGEST + 1))
    yield _oversized(1, content) if size > LONGEST else Piece(1, content)
    stream.read(1)


def _batch(stream: BinaryIO) -> Iterator[Piece]:
    """Batch SMTP (RFC 2442): commands, and messages between DATA and a full stop."""
    number, recipients = 0, []
    lines: list[bytes] | None = None
    for line in stream:
        bare = line.rstrip(b"\r\n")
        if lines is None:
            if (command := _COMMAND.match(bare)) is not None:
                if command.group(1).upper() == b"RCPT TO":
                    recipients.append(command.group(2).decode("utf-8", "replace"))
                else:
                    recipients = []
            elif bare.upper() == b"DATA":
                lines = []
        elif bare == b".":
            number += 1
            yield _from_batch(number, lines, recipients)
            lines, recipients = None, []
        else:
            lines.append(line[1:] if line.startswith(b"..") else line)
    if lines:
        yield _from_batch(number + 1, lines, recipients)
    stream.read(1)


def _from_batch(number: int, lines: list[bytes], recipients: list[str]) -> Piece:
    postmark = lines.pop(0).decode("utf-8", "replace").strip() if lines and lines[0].startswith(b"From ") else ""
    content = b"".join(lines)
    if len(content) > LONGEST:
        return _oversized(number, content)
    return Piece(number, content, postmark, recipients)
