"""Dovecot: who logged in to read mail, or failed to.

Its login processes count the attempts of a connection; its authentication processes say why each one failed. Where both
are in the log, the former become rows and take their reason from the latter.
"""

import re
from typing import Any

from graph_hunt.loaders._values import address, text
from graph_hunt.loaders.syslog import pam
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.line import Line
from graph_hunt.loaders.syslog.who import user

__all__ = ["PROGRAMS", "Dovecot", "sign_in"]

PROGRAMS = frozenset(
    {
        *("dovecot", "dovecot-auth", "auth", "auth-worker", "auth-userdb"),
        *("imap-login", "pop3-login", "managesieve-login", "submission-login"),
        *("imap", "pop3", "lmtp", "managesieve", "submission"),
    }
)
_PROCESS = re.compile(r"(?:dovecot: )?([a-z][\w-]*)(\([^()]*\))?(<[^<>]*>)?: +", re.IGNORECASE)
_LEVEL = re.compile(r"(?:Info|Error|Warning|Debug|Panic|Fatal): +")
_FAILED = re.compile(r"\((?:proxy dest )?auth failed(?:, (\d+) attempts)?[^()]*\)")
_PLAIN = re.compile(r"\(tried to use dis(?:abled|allowed) \w+ auth\)")
_SUCCEEDED = re.compile(r"(?:Login: |proxy\([^()]*\): started proxying)")
_USER = re.compile(r"\buser=<(.{0,512}?)>(?:,|$)")
_METHOD = re.compile(r"\bmethod=([\w-]+)")
_ADDRESS = re.compile(r".*\brip=([^\s,]+)", re.DOTALL)
_SESSION = re.compile(r"\bsession=<([^<>]*)>")
_CHECKED = re.compile(r"(?:^|[\s:])([a-z][\w-]*)\(([^,()]*),([^,()]*)(?:,[^()]*)?\): (.+)$", re.IGNORECASE | re.DOTALL)
_GIVEN = re.compile(r"^\(([^,()]+),([^,()]+)")
_WHY = (
    ("unknown user", "unknown_user"),
    ("user not known", "unknown_user"),
    ("mismatch", "bad_password"),
    ("invalid credentials", "bad_password"),
    ("authentication failure", "bad_password"),
    ("permission denied", "restricted"),
    ("expired", "expired"),
    ("disabled", "disabled"),
    ("locked", "locked"),
)
_APPLICATIONS = {"imap": "IMAP", "pop3": "POP3", "managesieve": "ManageSieve", "submission": "SMTP"}


def sign_in(
    line: Line,
    application: str,
    who: str | None,
    ip: str | None,
    outcome: str,
    reason: str | None,
    method: str | None = None,
) -> dict[str, Any]:
    """The columns of a sign-in to a mail service."""
    return {
        "kind": "sign_in",
        "outcome": outcome,
        "reason": reason,
        **user(who),
        "source_ip": ip,
        "target_host": line.host,
        "package": method,
        "application": application,
    }


class Dovecot:
    """Takes down what Dovecot says."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._last: dict[tuple[str | None, str | None], str] = {}

    def told(self, line: Line) -> None:
        """Take down a line."""
        service, given, words = _process(line)
        if service.endswith("-login"):
            self._login(line, service.removesuffix("-login"), words)
        elif service.startswith("auth") or service in ("dovecot", "dovecot-auth"):
            self._checked(line, given, words)
        else:
            self._book.skip(line, f"Dovecot/{service if service in PROGRAMS else 'other'}")

    def _login(self, line: Line, protocol: str, words: str) -> None:
        named, placed = _USER.search(words), _ADDRESS.match(words)
        name, ip = text(named[1]) if named else None, address(placed[1]) if placed else None
        method, session = _METHOD.search(words), _SESSION.search(words)
        application = _APPLICATIONS.get(protocol, protocol)
        failed, plain = _FAILED.search(words), _PLAIN.search(words)
        row = sign_in(line, application, name, ip, "success", None, method[1] if method else None)
        row["session"] = session[1] if session else None
        if failed is not None:
            times = min(int(failed[1] or 1), 100)
            told = [self.settled(line, ip, name) for _ in range(times)]
            reason = next((one["reason"] for one in told if "reason" in one), "bad_password")
            row |= {"outcome": "failure", "reason": reason}
            self._book.add(line, "authentication", "Dovecot/login_failed", times=times, **row)
        elif plain is not None and name is not None:
            row |= {"outcome": "failure", "reason": "restricted"}
            self._book.add(line, "authentication", "Dovecot/login_failed", **row)
        elif _SUCCEEDED.match(words) and name is not None:
            self.proven(line, ip, name)
            self._book.add(line, "authentication", "Dovecot/login", **row)
        else:
            self._book.skip(line, "Dovecot/login-other")

    def _checked(self, line: Line, given: str, words: str) -> None:
        found = _CHECKED.search(words)
        if found is None and (failure := pam.failure_of(line)) is not None and failure.attempt:
            self._hold(line, failure.user or failure.remote_user, failure.place, "bad_password")
            return
        if found is not None:
            who, ip, why = found[2], found[3], found[4]
        elif (parties := _GIVEN.match(given)) is not None:
            who, ip, why = parties[1], parties[2], words
        else:
            self._book.skip(line, "Dovecot/auth")
            return
        reason = next((reason for word, reason in _WHY if word in why.casefold()), None)
        if reason is None:
            self._book.skip(line, "Dovecot/auth")
        else:
            self._hold(line, who, ip, reason)

    def _hold(self, line: Line, who: str | None, place: str | None, reason: str) -> None:
        name, ip = text(who), address(place)
        row = sign_in(line, "Dovecot", name, ip, "failure", reason)
        if name is not None:
            if len(self._last) > 20_000:
                self._last.clear()
            self._last[line.host, ip] = name
        self._book.hold(_key(line, ip, name), "auth", line, "authentication", "Dovecot/auth_failed", **row)

    def settled(self, line: Line, ip: str | None, who: str | None) -> dict[str, Any]:
        """What the authentication said of an attempt that another program has a row for: who, and why it failed."""
        name = who if who is not None else self._last.get((line.host, ip))
        told = self._book.settle(_key(line, ip, name))
        return {column: told[column] for column in ("user", "user_upn", "reason") if told.get(column) is not None}

    def proven(self, line: Line, ip: str | None, who: str) -> None:
        """Drop what was held of failures before a success in the same connection."""
        self._book.forgive(_key(line, ip, who), who, line.at)


def _key(line: Line, ip: str | None, who: str | None) -> tuple[str, ...]:
    return ("mail", line.host or "", ip or "", (who or "").casefold())


def _process(line: Line) -> tuple[str, str, str]:
    """The process that speaks, its arguments, and its words."""
    service, given, words = line.program, line.arguments, line.message
    if service == "dovecot" and (found := _PROCESS.match(words)) is not None:
        service, given, words = found[1].lower(), found[2] or "", words[found.end() :]
    if (level := _LEVEL.match(words)) is not None:
        words = words[level.end() :]
    return service, given, words
