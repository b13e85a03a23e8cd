"""OpenSSH's server, and Dropbear: who logged on from where, and who failed to.

sshd tells of one attempt in several lines: `Invalid user`, PAM's failure, `Failed password`. The last of them counts,
and the others only where it does not come. A connection that ends without any of them, though it named a user, failed
too: where only keys are allowed, nothing else is ever said of it.
"""

import re
from typing import Any

from graph_hunt.loaders.syslog import pam
from graph_hunt.loaders.syslog.book import KEYS, Book
from graph_hunt.loaders.syslog.line import Line
from graph_hunt.loaders.syslog.pam import Failure, failure_of
from graph_hunt.loaders.syslog.who import place, user

__all__ = ["PROGRAMS", "told"]

PROGRAMS = ("sshd", "sshd-session", "sshd-auth", "dropbear")

_PREFIX = re.compile(r"^(?:error|fatal|info|notice|warning): +")
_ATTEMPT = re.compile(
    r"(Accepted|Failed) (\S+) for ((?:invalid|illegal) user )?(.*?) from (\S+)(?: port (\d+))?"
    r"(?: on \S+(?: port \d+)?)?(?: +ssh\d?)?(?: *:.*| \[preauth\])?$"
)
_UNPLACED = re.compile(r"Accepted (\S+) for (\S+)$")
_INVALID = re.compile(r"(?:Invalid|Illegal) user (.*) from (\S+)(?: port (\d+))?$")
_REFUSED = re.compile(r"User (.+?)(?: from (\S+))? not allowed because (.+)$")
_PAM = re.compile(r"PAM: (.+?) for ((?:illegal|invalid) user )?(.*) from (\S+)(?: via \S+)?$")
_ROOT = re.compile(r"ROOT LOGIN REFUSED FROM (\S+)(?: port (\d+))?")
_EXCEEDED = re.compile(
    r"maximum authentication attempts exceeded for (?:(?:invalid|illegal) user )?(.*) from (\S+) port (\d+)"
)
_GAVE_UP = re.compile(
    r"(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting) "
    r"(authenticating|invalid|illegal) user (.*) (\S+) port (\d+)"
)
_TOO_MANY = re.compile(r"Disconnecting: Too many authentication failures(?: for (\S+))?()()")
_NOTHING_LEFT = re.compile(
    r"Received disconnect from ()(\S+?)(?: port (\d+))?: ?\d+: .*(?:Auth fail|authentication methods available)"
)
_CONNECTION = re.compile(
    r"(?:Connection|Received disconnect|Disconnected) (?:closed by|reset by|from) "
    r"([\d.]+|[\da-fA-F:.]+:[\da-fA-F:.]+?)(?: port (\d+)|[: ]|$)"
)
_BEGINS = ("Connection from",)
_ENDS = (
    *("Connection closed", "Connection reset", "Disconnect", "Received disconnect", "Close session"),
    *("ssh_dispatch_run", *_BEGINS),
)
_FAILURES = (_GAVE_UP, _EXCEEDED, _TOO_MANY, _NOTHING_LEFT)
_SECRETS = ("password", "keyboard-interactive", "keyboard-interactive/pam", "challenge-response", "gssapi-with-mic")
_DROPBEAR = re.compile(
    r"(?:(?:Password|PAM password|Pubkey|pubkey) auth (succeeded)|Bad (?:PAM )?password attempt|Login attempt) for "
    r"(nonexistent user|'(.*?)')(?: with .*)? from (\S+?)(?::(\d+))?$"
)


def told(line: Line, book: Book) -> None:
    """Take down what sshd says."""
    message = line.message
    if line.program == "dropbear":
        _dropbear(line, book)
        return
    if message[:4] == "pam_":
        failure = failure_of(line)
        if failure is None:
            pam.told(line, book)
        else:
            _pam(line, book, failure)
        return
    bare = _PREFIX.sub("", message)
    word = bare[:7]
    if word in ("Accepte", "Failed "):
        _attempt(line, book, bare)
    elif word in ("Invalid", "Illegal") and (found := _INVALID.match(_unmarked(bare))) is not None:
        _hold(
            line, book, "invalid", "InvalidUser", reason="unknown_user", **place(found[2], found[3]), **user(found[1])
        )
    elif word[:5] == "User " and (found := _REFUSED.match(_unmarked(bare))) is not None:
        _refused(line, book, found[1], found[2], found[3])
    elif (found := _PAM.match(_unmarked(bare))) is not None:
        unknown = found[2] is not None or "not known" in found[1]
        reason = "unknown_user" if unknown else "locked" if "locked" in found[1] else "bad_password"
        _hold(line, book, "pam", "Failed", reason=reason, **place(found[4]), **user(found[3]))
    elif (found := _ROOT.match(bare)) is not None:
        _refused(line, book, "root", found[1], "root may not")
    else:
        _ending(line, book, bare)


def _unmarked(message: str) -> str:
    return message.removesuffix("[preauth]").rstrip()


def _key(line: Line) -> tuple[str, ...] | None:
    return ("sshd", line.host or "", line.pid) if line.pid else None


def _row(line: Line, outcome: str, **columns: Any) -> dict[str, Any]:
    method = columns.get("package")
    return {
        "kind": "logon",
        "outcome": outcome,
        "target_host": line.host,
        # A password is given to the server as it is; any other proof is not.
        "logon_type": "cleartext" if method == "password" else "network",
        "application": "sshd",
        **columns,
    }


def _hold(line: Line, book: Book, kind: str, code: str, **columns: Any) -> None:
    row = _row(line, "failure", **columns)
    key = _key(line)
    if key is None:
        book.add(line, "authentication", f"sshd/{code}", **row)
    else:
        book.hold(key, kind, line, "authentication", f"sshd/{code}", **row)


def _attempt(line: Line, book: Book, message: str) -> None:
    found = _ATTEMPT.match(message)
    if found is None:
        if (unplaced := _UNPLACED.match(message)) is not None:
            columns = {"package": unplaced[1], **user(unplaced[2])}
            book.add(line, "authentication", "sshd/Accepted", **_row(line, "success", **columns))
        else:
            book.skip(line, "sshd/other")
        return
    what, method, invalid, name, source, port = found.groups()
    columns = {"package": method, **user(name), **place(source, port)}
    key = _key(line)
    if what == "Accepted":
        if key is not None:
            book.forgive(key, columns.get("user_upn") or columns.get("user"), line.at)
        book.add(line, "authentication", "sshd/Accepted", **_row(line, "success", **columns))
    elif method == "none":
        book.skip(line, "sshd/other")
    elif method in _SECRETS or key is None:
        named = "user" in columns or "user_upn" in columns
        reason = "bad_password" if named and not invalid else "unknown_user"
        if key is not None:
            session = book.session(key, line.at)
            session.failed = True
            reason = "restricted" if session.restricted else reason
            book.settle(key)
        book.add(line, "authentication", "sshd/Failed", **_row(line, "failure", reason=reason, **columns))
    elif book.session(key, line.at).held.get(KEYS):
        # A client offers one key after another, its owner's own too.
        book.skip(line, "sshd/repeated")
    else:
        _hold(line, book, KEYS, "Failed", reason="unknown_user" if invalid else "other", **columns)


def _refused(line: Line, book: Book, name: str, source: str | None, why: str) -> None:
    reason = "locked" if "locked" in why else "restricted"
    key = _key(line)
    if key is not None:
        # It goes on as if there were no such user.
        book.session(key, line.at).restricted = True
    _hold(line, book, "refused", "NotAllowed", reason=reason, **user(name), **place(source))


def _pam(line: Line, book: Book, failure: Failure) -> None:
    if not failure.attempt:
        book.skip(line, "sshd/other")
        return
    reason = "bad_password" if failure.user else "unknown_user"
    columns = {**user(failure.user or failure.remote_user), **place(failure.place)}
    _hold(line, book, "pam", "Failed", reason=reason, **columns)


def _ending(line: Line, book: Book, message: str) -> None:
    key = _key(line)
    found = next((match for pattern in _FAILURES if (match := pattern.match(message)) is not None), None)
    if key is None or not (found or message.startswith(_ENDS)):
        book.skip(line, "sshd/other")
        return
    session = book.session(key, line.at)
    connection = _CONNECTION.match(message)
    if connection is not None and not session.place:
        session.place = place(connection[1], connection[2])
    if found is not None and found[found.re.groups - 1]:
        session.place = place(found[found.re.groups - 1], found[found.re.groups])
    if message.startswith(_BEGINS):
        book.skip(line, "sshd/other")
        return
    book.release(key)
    if found is None or session.failed:
        book.skip(line, "sshd/other")
        return
    unknown = found.re is _GAVE_UP and found[1] != "authenticating"
    row = _row(line, "failure", reason="unknown_user" if unknown else "other", **user(found[found.re.groups - 2]))
    book.add(line, "authentication", "sshd/GaveUp", **row, **session.place)
    session.failed = True


def _dropbear(line: Line, book: Book) -> None:
    found = _DROPBEAR.match(line.message)
    if found is None:
        book.skip(line, "dropbear/other")
        return
    succeeded, _, name, source, port = found.groups()
    method = "publickey" if line.message[:1] in "Pp" and "ubkey" in line.message[:7] else "password"
    reason = None if succeeded else "bad_password" if name else "unknown_user"
    columns = {"package": method, "application": "dropbear", **user(name), **place(source, port)}
    row = _row(line, "success" if succeeded else "failure", reason=reason, **columns)
    book.add(line, "authentication", "dropbear/Accepted" if succeeded else "dropbear/Failed", **row)
