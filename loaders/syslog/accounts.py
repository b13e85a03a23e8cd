"""Accounts and groups that were made, changed or removed; passwords that were set; cron tables that were replaced."""

import re
from collections.abc import Callable
from typing import Any

from graph_hunt.loaders.syslog import pam
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.line import Line

__all__ = ["PROGRAMS", "told"]

PROGRAMS = (
    *("useradd", "userdel", "usermod", "adduser", "groupadd", "groupdel", "groupmod", "gpasswd"),
    *("passwd", "chpasswd", "chage", "chfn", "chsh", "crontab"),
)

_Change = Callable[[re.Match[str]], dict[str, Any]]


def _account(operation: str) -> _Change:
    return lambda found: {"object_kind": "account", "operation": operation, "target_user": found["name"]}


def _group(operation: str) -> _Change:
    return lambda found: {"object_kind": "group", "operation": operation, "object": found["name"]}


def _member(operation: str) -> _Change:
    return lambda found: {
        "object_kind": "group",
        "operation": operation,
        "object": found["group"],
        "target_user": found["name"],
        **({"user": found["by"]} if "by" in found.re.groupindex and found["by"] else {}),
    }


_NAME = r"'?(?P<name>[^\s',;:]+)'?"
_PATTERNS: tuple[tuple[re.Pattern[str], _Change], ...] = (
    (re.compile(rf"new user: name={_NAME}"), _account("created")),
    (re.compile(rf"delete user {_NAME}$"), _account("deleted")),
    (re.compile(rf"add {_NAME} to group '?(?P<group>[^\s']+)'?"), _member("member_added")),
    (re.compile(rf"(?:delete|remove) {_NAME} from group '?(?P<group>[^\s']+)'?"), _member("member_removed")),
    (re.compile(rf"user {_NAME} added by (?P<by>\S+) to group (?P<group>\S+)"), _member("member_added")),
    (re.compile(rf"user {_NAME} removed by (?P<by>\S+) from group (?P<group>\S+)"), _member("member_removed")),
    (re.compile(rf"new group: name={_NAME}"), _group("created")),
    (re.compile(rf"(?:delete group|group) {_NAME}(?: removed)?$"), _group("deleted")),
    (re.compile(rf"change user {_NAME} "), _account("changed")),
    (re.compile(rf"changed (?:user|password expiry for) {_NAME}"), _account("changed")),
    (re.compile(rf"lock user {_NAME}"), _account("disabled")),
    (re.compile(rf"unlock user {_NAME}"), _account("enabled")),
    (re.compile(rf"password (?:for {_NAME} changed|changed for (?P<other>\S+))"), _account("password_reset")),
)
_PAM_PASSWORD = re.compile(r"^pam_\w+\((?:passwd|chpasswd|system-auth)[^)]*\): password changed for (\S+)")
_CRONTAB = re.compile(r"^\((?P<by>[^)]*)\) (?P<what>REPLACE|DELETE) \((?P<whose>[^)]*)\)")
_SHADOW = "shadow group"


def told(line: Line, book: Book) -> None:
    """Take down what such a program says."""
    message = line.message
    columns = _cron(message) if line.program == "crontab" else _changed(message)
    if columns is None and (password := _PAM_PASSWORD.match(message)) is not None:
        columns = {"object_kind": "account", "operation": "password_reset", "target_user": password[1]}
    if columns is None:
        if not pam.told(line, book):
            book.skip(line, f"{line.program}/other")
        return
    columns.setdefault("object", columns.get("target_user"))
    row = {"outcome": "success", "host": line.host, "details": message[:400], "process": line.program, **columns}
    book.add(line, "change", f"{line.program}/{columns['object_kind']}", **row)


def _changed(message: str) -> dict[str, Any] | None:
    if _SHADOW in message or message.startswith("pam_"):
        # The group's shadow entry follows the group's own.
        return None
    for pattern, change in _PATTERNS:
        if (found := pattern.search(message)) is not None:
            columns = change(found)
            if "other" in pattern.groupindex and found["other"]:
                columns["target_user"] = found["other"]
            return columns
    return None


def _cron(message: str) -> dict[str, Any] | None:
    found = _CRONTAB.match(message)
    if found is None:
        return None
    operation = "changed" if found["what"] == "REPLACE" else "deleted"
    return {
        "object_kind": "task",
        "operation": operation,
        "user": found["by"],
        "object": f"crontab of {found['whose']}",
        "path": f"/var/spool/cron/crontabs/{found['whose']}",
    }
