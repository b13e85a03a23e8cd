"""Acting as another: sudo, su, doas and pkexec; and what was run so."""

import re
from typing import Any

from graph_hunt.loaders._values import integer, text
from graph_hunt.loaders.syslog import pam
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.line import Line
from graph_hunt.loaders.syslog.who import user

__all__ = ["PROGRAMS", "told"]

_NAMES = "HOST|TTY|PWD|CHROOT|CWD|USER|GROUP|TSID|ENV|COMMAND"
_SUDO = re.compile(rf"^ *(\S+) : (?:(?!(?:{_NAMES})=)(.*?) ; )?((?:{_NAMES})=.*)$", re.DOTALL)
_PAIR = re.compile(rf"(?:^| ; )({_NAMES})=")
_ATTEMPTS = re.compile(r"(\d+) incorrect password attempts?")
_SU = (
    re.compile(r"^(?P<failed>FAILED su|Successful su) for (?P<target>\S+) by (?P<user>\S*)"),
    re.compile(r"^(?P<failed>FAILED SU )?\(to (?P<target>\S+)\) (?P<user>\S+) on \S+"),
    re.compile(r"^(?P<failed>BAD SU )?(?P<user>\S+) to (?P<target>\S+) on /"),
)
_DOAS = re.compile(r"^(?P<user>\S+) ran command (?P<command>.*) as (?P<target>\S+) from (?P<folder>/.*)$")
_DOAS_FAILED = re.compile(r"^failed (?:auth|command) for (?P<user>\S+)")
_PKEXEC = re.compile(
    r"^(?P<user>\S+): (?P<what>Executing command|Error executing command as another user: [^\[]*) *"
    r"\[USER=(?P<target>[^\]]*)\] \[TTY=[^\]]*\] \[CWD=(?P<folder>[^\]]*)\] \[COMMAND=(?P<command>.*)\]$"
)
_IMAGES = {"sudo": "/usr/bin/sudo", "su": "/usr/bin/su", "doas": "/usr/bin/doas", "pkexec": "/usr/bin/pkexec"}
PROGRAMS = tuple(_IMAGES)


def told(line: Line, book: Book) -> None:
    """Take down what such a program says."""
    {"sudo": _sudo, "su": _su, "doas": _doas, "pkexec": _pkexec}[line.program](line, book)


def _explicit(line: Line, who: str | None, target: str | None, outcome: str, reason: str | None) -> dict[str, Any]:
    return {
        "kind": "explicit",
        "outcome": outcome,
        "reason": reason,
        **user(who),
        **{f"target_{column}": value for column, value in user(target).items()},
        "target_host": line.host,
        "process": _IMAGES[line.program],
        "package": line.program,
    }


def _ran(line: Line, book: Book, who: str | None, command: str, folder: str | None) -> None:
    """Note the command; it has no number of its own, so that of the program that started it stands for it."""
    unnumbered = f"{line.program}-{line.at}-{line.again}" if line.pid is None else None
    book.add(
        line,
        "process",
        f"{line.program}/COMMAND",
        kind="start",
        host=line.host,
        **user(who),
        guid=unnumbered,
        pid=integer(line.pid),
        image=text(command.partition(" ")[0]),
        command_line=text(command),
        current_directory=text(folder),
        parent_image=_IMAGES[line.program],
        parent_pid=integer(line.pid),
    )


def _sudo(line: Line, book: Book) -> None:
    found = _SUDO.match(line.message)
    if found is None:
        if not pam.told(line, book):
            book.skip(line, "sudo/other")
        return
    who, fault, told = found.groups()
    values = _values(told)
    command, target = values.get("COMMAND"), values.get("USER")
    reason, times = _fault(fault)
    row = _explicit(line, who, target, "failure" if reason else "success", reason)
    book.add(line, "authentication", "sudo/failed" if reason else "sudo/COMMAND", times=times, **row)
    if command and not reason:
        _ran(line, book, target, command, values.get("PWD"))


def _values(told: str) -> dict[str, str]:
    """The named values; a command, the last, may hold anything."""
    found: dict[str, str] = {}
    marks = list(_PAIR.finditer(told))
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        if mark[1] == "COMMAND":
            found["COMMAND"] = told[mark.end() :]
            break
        found[mark[1]] = told[mark.end() : following.start() if following else len(told)].strip()
    return found


def _fault(said: str | None) -> tuple[str | None, int]:
    """Why sudo refused, and how often."""
    if not said or said.startswith("(command continued)"):
        return None, 1
    if (attempts := _ATTEMPTS.search(said)) is not None:
        return "bad_password", int(attempts[1])
    return ("bad_password" if "password is required" in said else "restricted"), 1


def _su(line: Line, book: Book) -> None:
    session = book.session(("su", line.host or "", line.pid or str(line.at)), line.at)
    if (begun := pam.opened(line)) is not None:
        if session.told:
            # su itself has said so.
            book.skip(line, "su/repeated")
        else:
            book.add(line, "authentication", "su/session", **_explicit(line, begun.by, begun.user, "success", None))
            session.told = True
        return
    if (failure := pam.failure_of(line)) is not None:
        if failure.attempt:
            row = _explicit(line, failure.remote_user, failure.user, "failure", "bad_password")
            book.hold(
                ("su", line.host or "", line.pid or str(line.at)), "pam", line, "authentication", "su/failed", **row
            )
        else:
            book.skip(line, "su/other")
        return
    found = next((match for pattern in _SU if (match := pattern.match(line.message)) is not None), None)
    if found is None or session.told:
        book.skip(line, "su/repeated" if found else "su/other")
        return
    failed = (found["failed"] or "").upper().startswith(("FAILED", "BAD"))
    key = ("su", line.host or "", line.pid or str(line.at))
    if failed:
        book.settle(key)
    else:
        book.forgive(key, found["user"], line.at)
        session.told = True
    reason = "bad_password" if failed else None
    row = _explicit(line, found["user"], found["target"], "failure" if failed else "success", reason)
    book.add(line, "authentication", "su/failed" if failed else "su/session", **row)


def _doas(line: Line, book: Book) -> None:
    if (found := _DOAS.match(line.message)) is not None:
        row = _explicit(line, found["user"], found["target"], "success", None)
        book.add(line, "authentication", "doas/COMMAND", **row)
        _ran(line, book, found["target"], found["command"], found["folder"])
    elif (failed := _DOAS_FAILED.match(line.message)) is not None:
        row = _explicit(
            line, failed["user"], None, "failure", "restricted" if "command" in failed[0] else "bad_password"
        )
        book.add(line, "authentication", "doas/failed", **row)
    else:
        book.skip(line, "doas/other")


def _pkexec(line: Line, book: Book) -> None:
    found = _PKEXEC.match(line.message)
    if found is None:
        if not pam.told(line, book):
            book.skip(line, "pkexec/other")
        return
    failed = found["what"].startswith("Error")
    row = _explicit(
        line, found["user"], found["target"], "failure" if failed else "success", "other" if failed else None
    )
    book.add(line, "authentication", "pkexec/failed" if failed else "pkexec/COMMAND", **row)
    if not failed:
        _ran(line, book, found["target"], found["command"], found["folder"])
