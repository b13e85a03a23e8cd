"""Pulse Secure, now Ivanti Connect Secure: lines of `[address] user(realm)[roles] - words`."""

import re

from graph_hunt.loaders._text_log import Line
from graph_hunt.loaders._values import integer, text
from graph_hunt.loaders.vpn.session import Sessions, Told, why

__all__ = ["Log", "is_log"]

_LINE = re.compile(
    r"(?: - (?P<node>[\w.-]+) - )?\[(?P<ip>[0-9A-Fa-f.:]+)\] (?P<user>[^\[\]]*?)\((?P<realm>[^()]*)\)"
    r"\[(?P<roles>[^\]]*)\] - (?P<words>.*)$",
    re.DOTALL,
)
_NAMED = re.compile(r"Login (?:succeeded|failed) for (?P<user>[^/\s]+)/")
_GIVEN = re.compile(
    r"VPN Tunneling: Session started for user with IP(?:v4)? address (?P<inner>[0-9.]+)"
    r"(?:.*?\bhostname (?P<host>[^\s,]+))?"
)
_ENDED = re.compile(r"VPN Tunneling: Session ended for user with IP|Logout from |Session timed out for ")
_AFTER = re.compile(r"after (\d+) seconds")


def is_log(lines: list[str]) -> bool:
    """Tell whether most of the lines are such a gateway's."""
    return sum(_LINE.search(line) is not None for line in lines) * 2 > len(lines)


class Log:
    """Keeps the lines of a log."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def keep(self, line: Line) -> None:
        """Add what the line says, or count it as not used."""
        if line.fault or line.at is None:
            self._sessions.reject(line, line.fault or "it has no time that can be read")
            return
        found = _LINE.search(line.raw)
        if found is None:
            self._sessions.skip("Pulse/other")
            return
        words = found["words"]
        named = _NAMED.search(words)
        gateway = text(found["node"])
        self._sessions.seen(gateway, line.at)
        user = text(named["user"] if named else found["user"])
        kind = _kind(words)
        told = Told(line.at, f"Pulse/{kind}", user, found["ip"], gateway, service=text(found["realm"]))
        if kind == "login":
            self._sessions.signed_in(line, told)
        elif kind == "login-failed":
            self._sessions.refused(line, told, why(words.partition("Reason:")[2], "bad_password"))
        elif kind == "logout":
            lasted = _AFTER.search(words)
            self._sessions.ended(line, told, integer(lasted[1]) if lasted else None)
        elif (given := _GIVEN.search(words)) is None or not self._sessions.given(
            line, told, given["inner"], given["host"]
        ):
            self._sessions.skip(told.code)


def _kind(words: str) -> str:
    if words.startswith("Login succeeded"):
        return "login"
    if words.startswith("Login failed"):
        return "login-failed"
    if _ENDED.match(words):
        return "logout"
    return "tunnel" if _GIVEN.match(words) else "other"
