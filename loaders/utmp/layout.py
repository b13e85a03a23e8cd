"""How glibc lays out the records of utmp, wtmp and btmp (utmp(5)) and of lastlog, on each kind of machine.

Read by `struct`: the package `utmp` of PyPI knows the layout of its own machine only, gives up a whole file for one
record that is damaged, and does not read lastlog.
"""

import ipaddress
import struct
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["LATEST", "Entry", "Layout", "Login", "entry_of", "lastlog_layout", "login_layout", "login_of"]

LATEST = 4_102_444_800
"""2100: a later second is none that a machine wrote."""
_EARLIEST = 315_532_800
_TYPES = range(10)
_END = b"\0"


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout of records, by its `struct`."""

    form: struct.Struct

    @property
    def size(self) -> int:
        """How many bytes a record has."""
        return self.form.size

    @staticmethod
    def usual() -> "Layout":
        """The layout of most machines."""
        return _LOGINS[0]

    def entries(self, head: bytes) -> Iterator[bytes]:
        """Give the whole records that stand in bytes."""
        for start in range(0, len(head) - self.size + 1, self.size):
            yield head[start : start + self.size]


# Where time has 64 bits (ARM, MIPS, RISC-V), session and both halves of the time do; elsewhere they kept 32.
_LOGINS = tuple(
    Layout(struct.Struct(form))
    for form in (
        "<hxxi32s4s32s256shhiii16s20x",
        "<hxxi32s4s32s256shhqqq16s20x4x",
        ">hxxi32s4s32s256shhiii16s20x",
        ">hxxi32s4s32s256shhqqq16s20x4x",
    )
)
_LASTLOGS = tuple(Layout(struct.Struct(form)) for form in ("<i32s256s", "<q32s256s", ">i32s256s", ">q32s256s"))


@dataclass(frozen=True, slots=True)
class Login:
    """A record of utmp, wtmp or btmp."""

    kind: int
    pid: int
    line: str
    user: str
    host: str
    at: int
    ip: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of lastlog: the last logon of the account that its place in the file numbers."""

    line: str
    host: str
    at: int


def login_of(record: bytes, layout: Layout) -> Login:
    """Read a record of utmp; raise `ValueError` for what is none."""
    kind, pid, line, _, user, host, _, _, _, second, micros, address = layout.form.unpack(record)
    if kind not in _TYPES:
        raise ValueError(f"type {kind}, expected 0 to 9")
    if kind and not (0 <= second < LATEST and 0 <= micros < 1_000_000):
        raise ValueError(f"time {second}.{micros}, expected seconds since 1970")
    at = second * 1000 + micros // 1000
    return Login(kind, pid, _text(line, "line"), _text(user, "user"), _text(host, "host"), at, _address(address))


def entry_of(record: bytes, layout: Layout) -> Entry:
    """Read a record of lastlog; raise `ValueError` for what is none."""
    second, line, host = layout.form.unpack(record)
    if not _EARLIEST <= second < LATEST:
        raise ValueError(f"time {second}, expected seconds since 1970")
    if any(any(field.partition(_END)[2]) or _END not in field for field in (line, host)):
        raise ValueError("line or host is not filled up with zeros")
    return Entry(_text(line, "line"), _text(host, "host"), second * 1000)


def _text(field: bytes, name: str) -> str:
    content, _, _ = field.partition(_END)
    if name == "line" and len(content) == len(field):
        raise ValueError(f"line {content!r}, expected an end to it")
    found = content.decode("utf-8", "replace")
    if not all(letter.isprintable() or letter == "\N{REPLACEMENT CHARACTER}" for letter in found):
        raise ValueError(f"{name} {found!r}, expected text")
    return found


def _address(field: bytes) -> str | None:
    """An IPv4 address stands in the first four bytes, whatever the machine's order."""
    if not any(field):
        return None
    found = ipaddress.ip_address(field if any(field[4:]) else field[:4])
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def login_layout(head: bytes) -> Layout | None:
    """The layout in which the records of a head make sense as logins."""
    return next((layout for layout in _LOGINS if _are_logins(head, layout)), None)


def _are_logins(head: bytes, layout: Layout) -> bool:
    sound = odd = 0
    for record in layout.entries(head):
        try:
            login = login_of(record, layout)
        except ValueError:
            odd += 1
            continue
        # An empty record could be anything; one without place and name tells nothing either.
        sound += bool(login.kind and login.at >= _EARLIEST * 1000 and (login.line or login.user))
        odd += bool(not login.kind and any(record)) or bool(login.kind and login.at < _EARLIEST * 1000)
    return sound > odd


def lastlog_layout(block: bytes) -> Layout | None:
    """The layout in which the records of a block, from the file's beginning, make sense as last logons."""
    return next((layout for layout in _LASTLOGS if _are_lastlogs(block, layout)), None)


def _are_lastlogs(block: bytes, layout: Layout) -> bool:
    sound = odd = 0
    for record in layout.entries(block):
        if not any(record):
            continue
        try:
            entry = entry_of(record, layout)
        except ValueError:
            odd += 1
        else:
            sound += bool(entry.line)
            odd += not entry.line
    return sound > odd
