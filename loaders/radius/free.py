"""FreeRADIUS's log (`radius.log`, or syslog), where `log { auth = yes }` has it tell of every answer."""

import re

from graph_hunt.events.batch import Rows
from graph_hunt.loaders._text_log import Line, first_lines
from graph_hunt.loaders._values import text
from graph_hunt.loaders.radius.logon import Answer, person

__all__ = ["Log", "is_log"]

_ANSWER = re.compile(
    r"(?P<what>Login OK|Login incorrect|Invalid user)(?: \((?P<why>.*?)\))?: \[(?P<user>.*?)\] "
    r"\(from client (?P<client>\S+) port (?P<port>\d+)(?: cli (?P<cli>\S+?))?(?P<inner> via TLS tunnel)?\)"
)
_SPOKEN = re.compile(
    r"\b(?:radiusd|freeradius)\b(?:\[\d+\])?:|(?:Login OK|Login incorrect|Invalid user|\(\d+\))\s.*\bfrom client "
    r"|Ignoring request to (?:auth|acct) address"
    r"|^\w{3} \w{3} +\d+ [\d:]{8} \d{4} : (?:Auth|Info|Error|Warning|Proxy|Debug): "
)
_TELLING = re.compile(r"from client |Ignoring request to (?:auth|acct) address|\bAuth: |rlm_|radiusd|freeradius")
_PASSWORD = re.compile(r"/(?:<via Auth-Type = [^>]*>|<[^>]*>|.*)$")
_METHOD = re.compile(r"<via Auth-Type = ([^>]*)>")
_WHY = (
    ("previously rejected", "other"),
    ("not found", "unknown_user"),
    ("no such user", "unknown_user"),
    ("user-name contains", "unknown_user"),
    ("locked", "locked"),
    ("disabled", "disabled"),
    ("expired", "expired"),
    ("simultaneous", "restricted"),
    ("unauthorized", "restricted"),
)
_TOGETHER = 5000
"""Milliseconds within which the answers inside and outside of a tunnel are one."""


def is_log(head: bytes) -> bool:
    """Tell whether most of the first lines are FreeRADIUS's."""
    found = first_lines(head)
    spoken = [line for line in found if _SPOKEN.search(line)]
    return bool(spoken) and len(spoken) * 5 >= len(found) * 4 and any(_TELLING.search(line) for line in spoken)


class Log:
    """Keeps the lines of a log.

    A logon through a tunnel (PEAP, TTLS) is told twice: inside, where the account stands, then outside.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._inner: dict[tuple[str, str | None, str], int] = {}

    def keep(self, line: Line) -> None:
        """Add an answer, or count the line as not used."""
        found = _ANSWER.search(line.raw)
        if line.fault or line.at is None:
            self._rows.reject(line.number, line.fault or "it has no time that can be read", line.raw)
            return
        server = text(line.host)
        self._rows.seen(server or "RADIUS server", "RADIUS", line.at)
        if found is None:
            self._rows.skip("RADIUS/other")
            return
        outcome = "success" if found["what"] == "Login OK" else "failure"
        attempt = (found["client"], found["cli"], outcome)
        if found["inner"]:
            self._note(attempt, line.at)
        elif (inside := self._inner.pop(attempt, None)) is not None and line.at - inside <= _TOGETHER:
            self._rows.skip("RADIUS/outside-of-tunnel")
            return
        self._answer(line, line.at, found, outcome, server)

    def _note(self, attempt: tuple[str, str | None, str], at: int) -> None:
        if len(self._inner) > 10_000:
            self._inner.clear()
        self._inner[attempt] = at

    def _answer(self, line: Line, at: int, found: re.Match[str], outcome: str, server: str | None) -> None:
        written = found["user"].strip()
        method = _METHOD.search(written)
        # A machine's own name has a slash, too; what follows any other is its password, where that is logged.
        machine = written.casefold().startswith("host/")
        name = written[:5] + _PASSWORD.sub("", written[5:]) if machine else _PASSWORD.sub("", written)
        Answer(
            at,
            f"FreeRADIUS/{'accept' if outcome == 'success' else 'reject'}",
            outcome,
            _reason(found) if outcome == "failure" else None,
            who=person(name.strip()),
            server=server,
            access_server=text(found["client"]),
            station=text(found["cli"]),
            package=text(method[1]) if method else None,
            names=(line.message,),
        ).add(self._rows, line)


def _reason(found: re.Match[str]) -> str:
    why = (found["why"] or "").casefold()
    default = "unknown_user" if found["what"] == "Invalid user" else "bad_password"
    return next((reason for words, reason in _WHY if words in why), default)
