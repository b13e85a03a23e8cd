"""A record of Linux's audit log: its type, its event, its named values."""

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Entry", "entry_of", "values_of"]

_ENTRY = re.compile(
    r"(?:^|[\s:])(?:node=(\S+) )?type=(\w+|UNKNOWN\[\d+\]) (?:msg=)?audit\((\d{1,12})\.(\d{3}):(\d+)\):? ?(.*)$",
    re.DOTALL,
)
_VALUE = re.compile(r"([A-Za-z][\w-]*(?:\[\d+\])?)=(\"[^\"]*\"|\{[^}]*\}|[^\s'\x1d]*)")
_QUOTED = re.compile(r"\bmsg='(.*?)'(?=[\s\x1d]|[A-Z]|$)", re.DOTALL)
_ARGUMENT = re.compile(r"a\d+(?:\[\d+\])?$")
_HEXADECIMAL = re.compile(r"(?:[0-9A-F]{2})+$")
_TYPES = {
    "1100": "USER_AUTH",
    "1101": "USER_ACCT",
    "1102": "USER_MGMT",
    "1103": "CRED_ACQ",
    "1104": "CRED_DISP",
    "1105": "USER_START",
    "1106": "USER_END",
    "1108": "USER_CHAUTHTOK",
    "1112": "USER_LOGIN",
    "1113": "USER_LOGOUT",
    "1114": "ADD_USER",
    "1115": "DEL_USER",
    "1116": "ADD_GROUP",
    "1117": "DEL_GROUP",
    "1123": "USER_CMD",
    "1300": "SYSCALL",
    "1302": "PATH",
    "1305": "CONFIG_CHANGE",
    "1306": "SOCKADDR",
    "1307": "CWD",
    "1309": "EXECVE",
    "1320": "EOE",
    "1327": "PROCTITLE",
}
"""What the kernel's own log numbers."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record."""

    number: int
    raw: str
    node: str | None
    type: str
    at: int
    serial: int
    words: str


def entry_of(line: str, number: int) -> Entry | None:
    """Read a line; none where it is no audit record.

    >>> entry_of("node=web1 type=CWD msg=audit(1551485405.594:75): cwd=x", 1).at
    1551485405594
    """
    found = _ENTRY.search(line)
    if found is None:
        return None
    node, kind, seconds, fraction, serial, words = found.groups()
    at = int(seconds) * 1000 + int(fraction)
    return Entry(number, line, node, _TYPES.get(kind, kind), at, int(serial), words)


def values_of(words: str) -> dict[str, str]:
    """The named values, those of a program's own message among them; what says nothing is left out.

    >>> values_of("pid=7 auid=4294967295 msg='op=login acct=726F6F74 addr=? res=failed'")
    {'pid': '7', 'op': 'login', 'acct': 'root', 'res': 'failed'}
    """
    inner = _QUOTED.search(words)
    text = f"{words[: inner.start()]} {inner[1]} {words[inner.end() :]}" if inner else words
    found: dict[str, str] = {}
    for name, written in _VALUE.findall(text):
        value = _plain(name, written)
        if value is not None and name not in found:
            found[name] = value
    return found


_TEXTS = frozenset({"acct", "cmd", "cwd", "exe", "comm", "proctitle", "name", "key", "grp", "terminal", "unit"})
_NOTHING = frozenset({"", "?", "(null)", "(none)", "4294967295", "-1", "unset"})


@lru_cache(maxsize=16384)
def _plain(name: str, written: str) -> str | None:
    """A value without its quotes, or out of the hexadecimal that stands for what quotes could not hold."""
    if written[:1] == '"':
        written = written[1:-1]
    elif _is_hidden(name, written):
        written = bytes.fromhex(written).replace(b"\0", b" ").decode("utf-8", "replace").strip()
    return None if written in _NOTHING else written


def _is_hidden(name: str, written: str) -> bool:
    argument = _ARGUMENT.match(name) is not None and not written.isdigit()
    return (argument or name in _TEXTS) and len(written) > 2 and _HEXADECIMAL.match(written) is not None
