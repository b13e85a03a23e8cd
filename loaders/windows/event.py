"""A Windows event in one shape, whatever form it was read in, and how its fields' values are cleaned."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Row = tuple[str, dict[str, Any]]
"""An event table's name and its columns, the common ones left out."""


@dataclass(slots=True)
class Event:
    """One event log record; not frozen, since building a frozen one takes three times as long."""

    provider: str
    channel: str
    id: int
    computer: str
    at: int
    number: int | None
    """Its EventRecordID, where the form has it."""
    data: Mapping[str, Any]
    """The named fields of EventData or UserData, as written."""
    user_sid: str | None = None
    """The account in whose name it was written (System/Security)."""
    user: str | None = None
    user_domain: str | None = None
    """Its name, where the form resolved it."""
    pid: int | None = None
    """The process that wrote it."""
    values: tuple[str, ...] = field(default=())
    """Fields without a name, in order."""
    message: str | None = None
    """The rendered message, where the form has it."""
    keywords: Any = None
    """Its keywords: a bit mask as an integer or hexadecimal, words, or a list of words."""

    @property
    def failed(self) -> bool:
        """Its keywords say `Audit Failure`."""
        return failed(self.keywords)

    def text(self, name: str) -> str | None:
        """A field's text, null where it is blank."""
        value = self.data.get(name)
        # What most values are first: a call less for each.
        if type(value) is str and value and value[0] > " " and value[-1] > " ":
            return None if value in _BLANK else value
        return text(value)

    def writer(self) -> dict[str, str | None]:
        """The columns of the account in whose name it was written."""
        return {"user": self.user, "user_domain": self.user_domain, "user_sid": self.user_sid}

    def who(self, name: str) -> dict[str, str | None]:
        """The columns of the account that a field names, as a SID or with its domain."""
        value = self.data.get(name)
        if found := sid(value):
            return {"user_sid": found}
        user, domain = account(value)
        return {"user": user, "user_domain": domain}

    def sid(self, name: str) -> str | None:
        """A field's SID, null where it is none."""
        return sid(self.data.get(name))

    def number_of(self, name: str) -> int | None:
        """A field's integer, decimal or hexadecimal."""
        return integer(self.data.get(name))

    def logon_id(self, name: str) -> str | None:
        """A field's session identifier, null where it is zero."""
        return logon_id(self.data.get(name))

    def address(self, name: str) -> str | None:
        """A field's address, null where it is none or the machine's own."""
        return address(self.data.get(name))

    def machine(self, name: str) -> str | None:
        """A field's machine name, null where it is blank or names the recorder."""
        return machine(self.data.get(name), self.computer)


Mapper = Callable[[Event], list[Row]]
"""Turns an event into rows; none where the event says nothing that a table keeps."""

_AUDIT_FAILURE = 0x0010000000000000
_LONGEST_INTEGER = 19
_SPACES = " \t\r\n\x00"
_BLANK = frozenset({"", "-", "--", "N/A", "n/a", "(null)", "(NULL)", "NULL", "null", "%%1793"})
_LOCAL_NAMES = frozenset({"localhost", "local", ".", "unknown", "127.0.0.1", "::1"})


def text(value: Any) -> str | None:
    """Trim a value; null where it is blank."""
    if value is None:
        return None
    if type(value) is not str:
        if isinstance(value, (dict, list)):
            return None
        value = str(value)
    if value and (value[0] <= " " or value[-1] <= " "):
        value = value.strip(_SPACES)
    return None if value in _BLANK else value


def failed(keywords: Any) -> bool:
    """The keywords say `Audit Failure`: as a bit mask, in words, or in a list of words."""
    if isinstance(keywords, str):
        if keywords[:2] != "0x":
            return "fail" in keywords.casefold()
        try:
            return bool(int(keywords, 16) & _AUDIT_FAILURE)
        except ValueError:
            return False
    if isinstance(keywords, int):
        return bool(keywords & _AUDIT_FAILURE)
    return isinstance(keywords, list) and any(failed(word) for word in keywords)


def sid(value: Any) -> str | None:
    """Read a SID; null where it is blank, the null SID, or a name.

    >>> sid("%{S-1-5-18}"), sid("S-1-0-0"), sid("NULL SID")
    ('S-1-5-18', None, None)
    """
    found = text(value)
    if found is None:
        return None
    if found.startswith("%{"):
        found = found[2:].rstrip("}")
    return found if found[:4].upper() == "S-1-" and found.upper() != "S-1-0-0" else None


def integer(value: Any) -> int | None:
    """Read a decimal or hexadecimal integer; null where it is neither, or beyond 64 bits."""
    if type(value) is str and len(value) < _LONGEST_INTEGER and value.isdecimal():
        return int(value)
    if type(value) is not int:
        found = text(value)
        if found is None:
            return None
        try:
            value = int(found, 16) if found[:2] in ("0x", "0X") else int(found)
        except ValueError:
            return None
    return value if -(1 << 63) <= value < 1 << 63 else None


def logon_id(value: Any) -> str | None:
    """Read a session identifier into lower-case hexadecimal without leading zeros; null where it is zero.

    >>> logon_id("0x00000000000003E7"), logon_id(999), logon_id("0x0")
    ('0x3e7', '0x3e7', None)
    """
    try:
        number = int(value, 16) if type(value) is str and value[:2] == "0x" else integer(value)
    except ValueError:
        return None
    return hex(number) if number else None


@lru_cache(maxsize=65536)
def _address(value: str) -> str | None:
    if value[:1] == "[":
        value = value[1:].partition("]")[0]
    elif value.count(":") == 1:
        value = value.partition(":")[0]
    try:
        found = ipaddress.ip_address(value.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return None if found.is_loopback or found.is_unspecified else str(found)


def address(value: Any) -> str | None:
    """Read an IP address, a port after it dropped; null where it is none, loopback or unspecified.

    >>> address("::ffff:10.0.0.1"), address("::1"), address("LOCAL"), address("[fe80::1%4]:3389")
    ('10.0.0.1', None, None, 'fe80::1')
    """
    found = text(value)
    return None if found is None else _address(found)


@lru_cache(maxsize=65536)
def short(name: str) -> str:
    """A machine's name without its DNS domain, in lower case; an address stays whole."""
    name = name.casefold()
    stem, _, rest = name.partition(".")
    return name if rest and stem.isdigit() else stem


def machine(value: Any, recorder: str = "") -> str | None:
    r"""Read a machine's name, leading backslashes dropped; null where it is blank or the recorder itself.

    >>> machine(r"\\PC1", "dc1.corp.example"), machine("DC1", "dc1.corp.example"), machine("localhost")
    ('PC1', None, None)
    """
    found = text(value)
    if found is None:
        return None
    found = found.lstrip("\\")
    if not found or found.casefold() in _LOCAL_NAMES:
        return None
    return None if recorder and short(found) == short(recorder) else found


def account(value: Any) -> tuple[str | None, str | None]:
    r"""Split `DOMAIN\name`; the domain is null where there is none.

    >>> account(r"CORP\ann"), account("ann@corp.example"), account("-")
    (('ann', 'CORP'), ('ann@corp.example', None), (None, None))
    """
    found = text(value)
    if found is None:
        return None, None
    domain, separator, name = found.partition("\\")
    return (text(name), text(domain)) if separator else (found, None)
