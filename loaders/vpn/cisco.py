"""Cisco ASA and FTD: AnyConnect (Secure Client), WebVPN, IPsec; syslog lines of `%ASA-level-number`."""

import re

from graph_hunt.loaders._text_log import Line
from graph_hunt.loaders._values import text
from graph_hunt.loaders.vpn.session import Sessions, Told, why

__all__ = ["Log", "is_log"]

_MESSAGE = re.compile(r"%(?:ASA|FTD|PIX)-(?:\w+-)?\d-(?P<number>\d{6}): ?(?P<words>.*)$", re.DOTALL)
_OWN_TIME = re.compile(r"(?:^|\s)(\S+) ?: %(?:ASA|FTD)")
_ANGLED = re.compile(r"Group <(?P<group>[^>]*)> User <(?P<user>[^>]*)> IP <(?P<ip>[^>]*)> (?P<rest>.*)", re.DOTALL)
_EQUALS = re.compile(
    r"Group = (?P<group>[^,]*), (?:Username = (?P<user>[^,]*), )?IP = (?P<ip>[^,]*), (?P<rest>.*)", re.DOTALL
)
_REJECTED = re.compile(
    r"AAA user authentication Rejected ?: reason = (?P<why>.*?) ?: .*?"
    r"\buser = (?P<user>.*?)(?: ?: user IP = (?P<ip>\S+))?$"
)
_ASSIGNED = re.compile(r"IPv4 Address <(?P<four>[^>]*)>(?: IPv6 address <(?P<six>[^>]*)>)? assigned", re.IGNORECASE)
_PRIVATE = re.compile(r"Assigned private IP address (?P<inner>\S+) to remote user")
_DURATION = re.compile(r"Duration: (?:(\d+)d )?(\d+)h:(\d+)m:(\d+)s")
_STARTED = frozenset({"113039", "716001", "713119"})


def is_log(lines: list[str]) -> bool:
    """Tell whether most of the lines are such a firewall's."""
    return sum(_MESSAGE.search(line) is not None for line in lines) * 2 > len(lines)


class Log:
    """Keeps the lines of a log."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def keep(self, line: Line) -> None:
        """Add what the line says, or count it as not used."""
        if line.fault or line.at is None:
            self._sessions.reject(line, line.fault or "it has no time that can be read")
            return
        named = _OWN_TIME.search(line.raw)
        gateway = named[1] if named and ":" not in named[1] else None
        host = None if (line.host or "%").startswith("%") else line.host
        gateway = text(gateway or host)
        self._sessions.seen(gateway, line.at)
        found = _MESSAGE.search(line.raw)
        if found is None:
            self._sessions.skip("Cisco/other")
        elif not self._read(line, line.at, gateway, found["number"], found["words"].strip()):
            self._sessions.skip(f"Cisco/{found['number']}")

    def _read(self, line: Line, at: int, gateway: str | None, number: str, words: str) -> bool:
        code = f"Cisco/{number}"
        if number in ("113005", "113015", "113006"):
            refused = _REJECTED.search(words)
            if refused is None:
                return False
            told = Told(at, code, text(refused["user"]), text(refused["ip"]), gateway)
            self._sessions.refused(line, told, why(refused["why"], "other"))
            return True
        found = _ANGLED.search(words) or _EQUALS.search(words)
        if found is None:
            return False
        told = Told(at, code, text(found["user"]), text(found["ip"]), gateway, service=text(found["group"]))
        return self._session(line, told, number, found["rest"])

    def _session(self, line: Line, told: Told, number: str, rest: str) -> bool:
        if number in _STARTED and told.user is not None:
            self._sessions.signed_in(line, told)
        elif number == "716039":
            self._sessions.refused(line, told, why(rest, "bad_password"))
        elif number == "113019":
            self._sessions.ended(line, told, _seconds(rest))
        elif number == "722051" and (assigned := _ASSIGNED.search(rest)) is not None:
            inner = assigned["four"] if assigned["four"] not in ("", "0.0.0.0") else assigned["six"]
            return self._sessions.given(line, told, inner)
        elif number == "713228" and (assigned := _PRIVATE.search(rest)) is not None:
            return self._sessions.given(line, told, assigned["inner"])
        else:
            return False
        return True


def _seconds(words: str) -> int | None:
    found = _DURATION.search(words)
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
