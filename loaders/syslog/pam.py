"""PAM's own lines, whatever program they come from: sessions, and failures to prove who one is."""

import re
from dataclasses import dataclass
from typing import Any

from graph_hunt.loaders._values import text
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.line import Line
from graph_hunt.loaders.syslog.who import place, user

__all__ = ["Failure", "Opened", "failure_of", "opened", "told"]

_MODULE = re.compile(r"^(pam_\w+)\(([^():\s]+)(?::(\w+))?\): *(.*)$", re.DOTALL)
_FAILURE = re.compile(r"^authentication failure; *(.*)$", re.DOTALL)
_VALUE = re.compile(r"(?:^|\s)(logname|uid|euid|tty|ruser|rhost|user)=")
_OPENED = re.compile(r"^session opened for user ([^\s(]+)(?:\(uid=\d+\))? by ([^\s(]*)(?:\(uid=(\d+)\))?")
_CLOSED = re.compile(r"^session closed for user ([^\s(]+)")
_INTERACTIVE = ("login", "gdm", "lightdm", "sddm", "kdm", "xdm", "kde", "lxdm", "greetd")
_REMOTE = ("xrdp", "vnc", "x2go", "nx", "remote")
_SILENT = ("cron", "crond", "atd", "systemd-user", "runuser", "polkit-1", "sudo", "sudo-i", "screen", "chfn", "chsh")
"""Services whose sessions nobody began at that moment, or of which their program tells more."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What PAM says of a failure; `attempt` where it tells of an attempt, not of one told of already."""

    service: str
    attempt: bool
    user: str | None = None
    remote_user: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that began: whose it is, and who began it."""

    service: str
    user: str
    by: str | None


def _taken(line: Line) -> tuple[str, str, str, str] | None:
    """Module, service, phase and words of PAM's lines."""
    if line.arguments.startswith("(pam_"):
        return line.arguments.strip("()"), line.program, "", line.message
    found = _MODULE.match(line.message)
    return (found[1], found[2], found[3] or "", found[4]) if found else None


def failure_of(line: Line) -> Failure | None:
    """What PAM says of a failure in a line; none where the line is none of PAM's, or tells of a session."""
    taken = _taken(line)
    if taken is None or taken[3].startswith("session "):
        return None
    _, service, _, words = taken
    found = _FAILURE.match(words)
    if found is None:
        return Failure(service, attempt=False)
    values = _values(found[1])
    return Failure(
        service, attempt=True, user=values.get("user"), remote_user=values.get("ruser"), place=values.get("rhost")
    )


def _values(words: str) -> dict[str, str]:
    """The named values; each reaches to the next name that may follow it, for users write names of their own making."""
    marks = list(_VALUE.finditer(words))
    found: dict[str, str] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        value = text(words[mark.end() : following.start() if following else len(words)].removesuffix("[preauth]"))
        if value is not None:
            # The last word of that name is PAM's own.
            found[mark[1]] = value
    return found


def opened(line: Line) -> Opened | None:
    """The session that a line says was opened."""
    taken = _taken(line)
    found = _OPENED.match(taken[3]) if taken else None
    return Opened(taken[1], found[1], text(found[2])) if taken and found else None


def told(line: Line, book: Book) -> bool:
    """Take down what PAM says in a program's name; tell whether it was PAM's line at all."""
    taken = _taken(line)
    if taken is None:
        return False
    _, service, _, words = taken
    if service in _SILENT:
        book.skip(line, f"PAM/{_safe(service)}")
        return True
    if (session := opened(line)) is not None:
        row = _row(line, service, "success", session.user, "logon")
        book.forgive(_key(line, service), session.user, line.at)
        if service == "sshd":
            book.skip(line, "sshd/repeated")
        else:
            book.add(line, "authentication", "PAM/session_opened", **row)
    elif (closed := _CLOSED.match(words)) is not None:
        row = _row(line, service, "success", closed[1], "logoff")
        book.add(line, "authentication", "PAM/session_closed", **row)
    else:
        _failed(line, book, service)
    return True


def _failed(line: Line, book: Book, service: str) -> None:
    failure = failure_of(line)
    if failure is None or not failure.attempt:
        if failure is not None and "authentication success" in line.message:
            book.forgive(_key(line, service), None, line.at)
        book.skip(line, "PAM/other")
        return
    who = failure.user or failure.remote_user
    row = _row(line, service, "failure", who, "logon")
    row |= {"reason": "bad_password" if failure.user else "unknown_user", **place(failure.place)}
    # Of several modules that are asked one after another, the last one's word counts.
    book.hold(_key(line, service), "pam", line, "authentication", "PAM/authentication_failure", **row)


def _key(line: Line, service: str) -> tuple[str, ...]:
    return ("pam", line.host or "", service, line.pid or str(line.at))


def _row(line: Line, service: str, outcome: str, who: str | None, kind: str) -> dict[str, Any]:
    logon = "interactive" if service.startswith(_INTERACTIVE) else None
    if service.startswith(_REMOTE):
        logon = "remote_interactive"
    return {
        "kind": kind,
        "outcome": outcome,
        "target_host": line.host,
        "logon_type": logon,
        "package": "PAM",
        "application": service,
        **user(who),
    }


def _safe(name: str) -> str:
    return name if re.fullmatch(r"[\w.@-]{1,40}", name) else "other"
