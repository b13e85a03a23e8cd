"""The header fields of a message, read whatever their authors did to them: words, addresses, times, charsets."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.message import Message
from email.utils import parsedate_tz
from quopri import decodestring

__all__ = ["Address", "Headers", "addresses", "decoded", "in_charset", "moment"]

Address = tuple[str | None, str]
"""A display name, and an address."""

_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+|[\r\n]+")
_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")
_PLAIN = re.compile(r"[^\s<>()\[\]\",;:\\]{1,256}@[^\s<>()\[\]\",;:\\]+")
_ANGLE = re.compile(r"<\s*([^<>]*)\s*>")
_PIECES = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)|<[^<>]*>|[,;]|[^",;<(]+|.', re.DOTALL)
_COMMENT = re.compile(r"\(((?:[^()\\]|\\.)*)\)")
_ROUTE = re.compile(r"^(?:@[^:]*:)")
_CHARSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-cyrillic": "mac_cyrillic",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "default": "utf-8",
    "unknown-8bit": "utf-8",
}
"""Charsets by what is written under their names; some are supersets, and some names Python has not."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Headers:
    """A message's header fields, in order, unfolded; bytes beyond ASCII are read in the message's charset."""

    def __init__(self, message: Message) -> None:
        charset = message.get_content_charset()
        self._fields: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            written = str(value)
            written = _whole(_FOLD.sub(" ", written) if "\n" in written or "\r" in written else written, charset)
            self._fields.setdefault(name.strip().casefold(), []).append(written.strip())

    def all(self, name: str) -> list[str]:
        """Every field of that name, the topmost (newest) first."""
        return self._fields.get(name, [])

    def first(self, *names: str) -> str | None:
        """The topmost of the first of these names that says something."""
        return next((value for name in names for value in self.all(name) if value), None)

    def __contains__(self, name: str) -> bool:
        return name in self._fields


def _whole(value: str, charset: str | None) -> str:
    if value.isascii():
        return value
    content = value.encode("utf-8", "surrogateescape")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return in_charset(content, charset or "cp1252")


def in_charset(content: bytes, charset: str | None) -> str:
    """Read bytes in the charset that they are said to be in, or else in a likely one.

    >>> in_charset(b"caf\\xe9", "iso-8859-1"), in_charset(b"caf\\xc3\\xa9", "x-unknown")
    ('café', 'café')
    """
    name = (charset or "utf-8").strip().strip("\"'").casefold()
    for one in (_CHARSETS.get(name, name), "utf-8"):
        try:
            return content.decode(one)
        except (UnicodeError, LookupError, ValueError):
            continue
    try:
        return content.decode(_CHARSETS.get(name, name), "replace") if charset else content.decode("cp1252", "replace")
    except (UnicodeError, LookupError, ValueError):
        return content.decode("cp1252", "replace")


def decoded(value: str | None) -> str | None:
    """Read the encoded words of RFC 2047 in a field; none where nothing is left.

    >>> decoded("=?utf-8?Q?Gr=C3=BC?= =?UTF-8?B?w59l?= from =?x?q?broken"), decoded(" ")
    ('Grüße from =?x?q?broken', None)
    """
    if value is None:
        return None
    if "=?" in value:
        value = "".join(_decoded(_BETWEEN.sub(r"\1", value)))
    # A field is one line, and what no eye sees is kept: it is what tells some lures.
    value = " ".join(value.replace("\x00", "").split())
    return value or None


def _decoded(value: str) -> Iterator[str]:
    """Give the parts of a field; neighbours of one charset are joined first, as letters may be split between them."""
    waiting, charset, end = b"", "", 0
    for word in _WORD.finditer(value):
        if word.start() > end or (waiting and word.group(1).casefold() != charset):
            if waiting:
                yield in_charset(waiting, charset)
            waiting = b""
            yield value[end : word.start()]
        charset, end = word.group(1).casefold(), word.end()
        waiting += _content(word.group(2), word.group(3))
    if waiting:
        yield in_charset(waiting, charset)
    yield value[end:]


def _content(encoding: str, written: str) -> bytes:
    if encoding in "qQ":
        return decodestring(written.encode("utf-8", "replace"), header=True)
    try:
        letters = written.encode("ascii", "ignore").rstrip(b"= ")
        return b64decode(letters + b"=" * (-len(letters) % 4))
    except Error:
        return written.encode("utf-8", "replace")


def addresses(values: Iterable[str]) -> list[Address]:
    """Give the addresses in fields such as From and To.

    >>> addresses(['"Roe, Ann" <ann@a.example>, bob@b.example (Bob)', "undisclosed-recipients:;"])
    [('Roe, Ann', 'ann@a.example'), ('Bob', 'bob@b.example')]
    """
    return [found for value in values for piece in _split(value) if (found := _address(piece)) is not None]


def _split(value: str) -> Iterator[str]:
    piece = ""
    for part in _PIECES.findall(value):
        if part in (",", ";"):
            yield piece
            piece = ""
        else:
            piece += part
    yield piece


def _address(piece: str) -> Address | None:
    said, comment = _COMMENT.sub(" ", piece), _COMMENT.search(piece)
    angle = next((found for found in reversed(list(_ANGLE.finditer(said))) if "@" in found.group(1)), None)
    if angle is not None:
        name = decoded(said[: angle.start()].strip().strip("\"'"))
        return (name.strip("\"'").strip() or None if name else None), _bare(angle.group(1))
    if (plain := _PLAIN.search(said)) is not None:
        name = decoded(comment.group(1)) if comment else None
        return name, _bare(plain.group())
    return None


def _bare(written: str) -> str:
    """An address without the spaces, quotes, route and `mailto:` that surround some."""
    written = _ROUTE.sub("", "".join(written.split()).strip("\"'")).removeprefix("mailto:")
    return written.rstrip(".,;") or written


def moment(value: str | None, zone: tzinfo) -> int | None:
    """Read a time of RFC 5322 in epoch ms, in whichever of its broken forms; `zone` is that of one that names none.

    >>> moment("Mon, 19 Feb 2001 13:57:29 +0100 (CET)", UTC), moment("yesterday", UTC)
    (982587449000, None)
    """
    if not value:
        return None
    try:
        found = parsedate_tz(value)
        if found is None:
            return None
        offset = found[9]
        at = zone if offset is None else timezone(timedelta(seconds=offset))
        moment = datetime(*found[:5], min(found[5], 59), tzinfo=at)
        return (moment - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
