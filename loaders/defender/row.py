"""A row of advanced hunting, and what its tables have in common: whose account, which process, which machine."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from graph_hunt.loaders._directory import GUID
from graph_hunt.loaders._values import address, at, integer, is_sid, text
from graph_hunt.loaders.defender.forms import added

__all__ = ["Found", "Hunted", "Mapper", "account", "lower", "path_of", "process_guid"]

Found = list[tuple[str, dict[str, Any]]]
"""Rows of event tables: each the table's name and the columns."""


class Hunted(NamedTuple):
    """One row of one of advanced hunting's tables; a tuple, for one is made for each of millions."""

    fields: Mapping[str, Any]
    table: str
    action: str
    """Its ActionType, '' where it has none."""

    def get(self, name: str) -> str | None:
        """A column's text."""
        value = self.fields.get(name)
        if type(value) is str and len(value) > _LONG and not value[0].isspace() and not value[-1].isspace():
            # The common case by itself: most texts need no second look.
            return value
        return text(value) if value is not None else None

    def first(self, *names: str) -> str | None:
        """The text of the first of these columns that says something."""
        for name in names:
            found = text(self.fields.get(name))
            if found is not None:
                return found
        return None

    def number(self, name: str) -> int | None:
        """A column's whole number."""
        return integer(self.fields.get(name))

    def ip(self, *names: str) -> str | None:
        """The first of these columns that is an address."""
        for name in names:
            found = address(self.fields.get(name))
            if found is not None:
                return found
        return None

    def hash(self, name: str) -> str | None:
        """A hash in lower case."""
        return lower(self.fields.get(name))

    def added(self) -> Mapping[str, Any]:
        """What AdditionalFields holds."""
        return added(self.fields.get("AdditionalFields"))

    def machine(self, name: str) -> str | None:
        """Another machine's name; null where it is the row's own machine."""
        found = self.get(name)
        if found is None or found.casefold() in _SELF:
            return None
        own = self.get("DeviceName")
        return None if own is not None and _short(found) == _short(own) else found

    def who(self, prefix: str = "Account") -> dict[str, str | None]:
        """The account in the columns that begin so."""
        name, domain, sid, upn, identifier = _COLUMNS[prefix]
        get = self.fields.get
        return account(get(name), get(domain), get(sid), get(upn), get(identifier))

    def actor(self) -> dict[str, str | None]:
        """The account that the process ran as which did it, and that process."""
        return {
            **self.who("InitiatingProcessAccount"),
            "process": self.initiator(),
            "process_guid": self.initiator_guid(),
            "pid": self.number("InitiatingProcessId") or None,  # type: ignore[dict-item]
        }

    def initiator(self) -> str | None:
        """The image of the process that did it."""
        return path_of(self.get("InitiatingProcessFolderPath"), self.get("InitiatingProcessFileName"))

    def initiator_guid(self) -> str | None:
        """What identifies the process that did it on its machine."""
        get = self.fields.get
        started = get("InitiatingProcessCreationTime")
        return process_guid(get("InitiatingProcessId"), started, get("InitiatingProcessUniqueId"))


_COLUMNS = {
    prefix: tuple(prefix + part for part in ("Name", "Domain", "Sid", "Upn", "ObjectId"))
    for prefix in ("Account", "InitiatingProcessAccount", "RequestAccount")
}

Mapper = Callable[[Hunted], Found]
"""Turns a row into rows of event tables; none where it says nothing that a table keeps."""

_SELF = frozenset({"localhost", "127.0.0.1", "::1", "."})
_TEN_MILLISECONDS = 10
_LONG = 13
"""A text that is longer is none of those that say nothing."""


@lru_cache(maxsize=1 << 16)
def _short(name: str) -> str:
    return name.partition(".")[0].casefold()


def account(name: Any, domain: Any, sid: Any, upn: Any, identifier: Any) -> dict[str, str | None]:
    r"""An account; its name may be a principal name, its SID missing or no SID at all.

    >>> account("ann", "corp", "S-1-5-21-1-2-3-4", None, None)["user_sid"]
    'S-1-5-21-1-2-3-4'
    >>> account("ann@corp.example", None, None, None, "8F1C0D9E-0000-4000-8000-000000000001")
    {'user_upn': 'ann@corp.example', 'user_sid': '8f1c0d9e-0000-4000-8000-000000000001'}
    """
    return _account(
        *(part if type(part) is str else text(part) for part in (name, domain, sid, upn, identifier))
    ).copy()


@lru_cache(maxsize=1 << 16)
def _account(
    name: str | None, domain: str | None, sid: str | None, upn: str | None, identifier: str | None
) -> dict[str, str | None]:
    user, found = text(name), text(upn)
    if user is not None and "\\" in user:
        domain, _, user = user.partition("\\")
    if user is not None and "@" in user and text(domain) is None:
        user, found = None, found or user
    written, own = text(sid), text(identifier)
    if not is_sid(written):
        written = own.lower() if own is not None and GUID.fullmatch(own) else None
    columns = {
        "user": user,
        "user_domain": text(domain) if user is not None else None,
        "user_upn": found if found is not None and "@" in found else None,
        "user_sid": written,
    }
    return {name: value for name, value in columns.items() if value is not None}


def lower(value: Any) -> str | None:
    """A text in lower case."""
    found = text(value)
    return found.lower() if found is not None else None


def path_of(folder: str | None, name: str | None) -> str | None:
    r"""A file's path, whether its folder's column has its name or not.

    >>> path_of(r"c:\windows\cmd.exe", "CMD.EXE"), path_of(r"C:\Windows", "cmd.exe"), path_of(None, "cmd.exe")
    ('c:\\windows\\cmd.exe', 'C:\\Windows\\cmd.exe', 'cmd.exe')
    """
    if folder is None or name is None:
        return folder or name
    if folder.casefold().endswith(name.casefold()):
        return folder
    separator = "/" if folder.startswith("/") else "\\"
    return folder.rstrip(separator) + separator + name


def process_guid(pid: Any, started: Any, unique: Any = None) -> str | None:
    """What identifies a process on its machine: number and start, which every table has; else the sensor's own id.

    Starts are cut to ten milliseconds: on Linux some columns have no more.
    """
    number = integer(pid)
    if number and type(started) is str and (known := _begun(number, started)) is not None:
        return known
    found = text(unique)
    return found if found not in (None, "0") else None


@lru_cache(maxsize=1 << 16)
def _begun(number: int, started: str) -> str | None:
    moment = at(started)
    return f"{number}-{moment // _TEN_MILLISECONDS}" if moment is not None else None
