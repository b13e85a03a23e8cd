"""What audit events become: logons, acting as another, processes, connections, accounts that change."""

import re
from collections import OrderedDict
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.loaders._values import address, integer
from graph_hunt.loaders.auditd.record import Entry, values_of
from graph_hunt.loaders.syslog.book import KEYS, Book
from graph_hunt.loaders.syslog.line import Line
from graph_hunt.loaders.syslog.who import place, user

__all__ = ["Audit"]

_OPEN = 64
"""How many events of several records are open at a time; the kernel mixes few."""
_EXECVE = frozenset({"59", "11", "221", "322", "281", "358"})
_CONNECT = frozenset({"42", "362", "203"})
_PARTS = frozenset({"EXECVE", "CWD", "PATH", "PROCTITLE", "SOCKADDR", "EOE", "BPRM_FCAPS", "FD_PAIR"})
_SWITCHING = ("su", "sudo", "runuser", "pkexec", "doas")
_UNATTENDED = ("cron", "crond", "atd", "systemd", "CRON")
_STRANGERS = frozenset({"(unknown)", "(invalid user)", "(unknown user)", "?"})
_ARGUMENT = re.compile(r"^a(\d+)(?:\[(\d+)\])?$")
_COMMAND = re.compile(r'\bcmdline="(.*)" redactors=', re.DOTALL)
_SOCKET = re.compile(r"laddr=(\S+) lport=(\d+)")
_CHANGES = {
    "ADD_USER": ("account", "created"),
    "DEL_USER": ("account", "deleted"),
    "ADD_GROUP": ("group", "created"),
    "DEL_GROUP": ("group", "deleted"),
    "USER_CHAUTHTOK": ("account", "password_reset"),
    "ACCT_LOCK": ("account", "disabled"),
    "ACCT_UNLOCK": ("account", "enabled"),
    "USER_MGMT": ("account", "changed"),
    "GRP_MGMT": ("group", "changed"),
}
_RUNS_AS = ("EUID", "effective_user", "euid")
_LONGEST = 8192


class Audit:
    """Takes down audit records: one by one, or several of one event together."""

    def __init__(self, rows: Rows, host: str | None) -> None:
        self._rows, self._host = rows, host
        self._book = Book(rows)
        self._open: OrderedDict[tuple[str | None, int, int], list[Entry]] = OrderedDict()
        self._names: dict[tuple[str | None, str], str] = {}

    def take(self, entry: Entry) -> None:
        """Take down a record."""
        self._rows.seen(entry.node or self._host or "", "audit", entry.at)
        key = (entry.node, entry.at, entry.serial)
        if entry.type == "SYSCALL" or entry.type in _PARTS:
            self._open.setdefault(key, []).append(entry)
            if entry.type in ("PROCTITLE", "EOE"):
                self._close(self._open.pop(key))
            elif len(self._open) > _OPEN:
                self._close(self._open.popitem(last=False)[1])
        elif entry.type == "AUOMS_EXECVE":
            self._process(entry, _auoms(entry.words), entry.raw)
        else:
            self._alone(entry, values_of(entry.words))

    def end(self) -> None:
        """Take down what is still open."""
        while self._open:
            self._close(self._open.popitem(last=False)[1])
        self._book.end()

    def _line(self, entry: Entry, raw: str | None = None) -> Line:
        host = entry.node or self._host
        return Line(entry.number, raw or entry.raw, entry.at, host, "auditd", str(entry.serial), entry.type)

    def _skip(self, entry: Entry) -> None:
        kind = entry.type if entry.type.isidentifier() else "UNKNOWN"
        self._rows.skip(f"Auditd/{kind}")

    def _close(self, entries: list[Entry]) -> None:
        """An event of the kernel: a system call, and what it was called with."""
        call = next((entry for entry in entries if entry.type == "SYSCALL"), None)
        values: dict[str, str] = {}
        for entry in entries:
            if entry is not call:
                self._skip(entry)
            if entry.type == "EXECVE":
                values["command"] = _arguments(values_of(entry.words))
            elif entry.type in ("CWD", "SOCKADDR", "PROCTITLE"):
                values |= values_of(entry.words)
        if call is None:
            return
        called = values_of(call.words)
        number, raw = called.get("syscall"), "\n".join(entry.raw for entry in entries)
        executed = called.get("SYSCALL") in ("execve", "execveat") or number in _EXECVE
        if executed and ("command" in values or "proctitle" in values):
            self._process(call, {**values, **called}, raw)
        elif number in _CONNECT and (far := _far(values)) is not None:
            self._connection(call, called, far, raw)
        else:
            self._skip(call)

    def _process(self, entry: Entry, values: dict[str, str], raw: str) -> None:
        if values.get("success") != "yes":
            self._skip(entry)
            return
        line = self._line(entry, raw)
        command = values.get("command") or values.get("proctitle")
        self._book.add(
            line,
            "process",
            "Auditd/EXECVE",
            kind="start",
            host=line.host,
            **self._account(entry, values, *_RUNS_AS),
            logon_id=values.get("ses"),
            pid=integer(values.get("pid")),
            parent_pid=integer(values.get("ppid")),
            image=values.get("exe"),
            command_line=command[:_LONGEST] if command else None,
            current_directory=values.get("cwd"),
        )

    def _connection(self, entry: Entry, values: dict[str, str], far: tuple[str, int], raw: str) -> None:
        line = self._line(entry, raw)
        self._book.add(
            line,
            "network",
            "Auditd/SOCKADDR",
            kind="connection",
            outcome="success" if values.get("success") == "yes" or values.get("exit") == "-115" else "failure",
            host=line.host,
            direction="outbound",
            **self._account(entry, values, *_RUNS_AS),
            source_host=line.host,
            target_ip=far[0],
            target_port=far[1],
            process=values.get("exe"),
            pid=integer(values.get("pid")),
        )

    def _account(self, entry: Entry, values: dict[str, str], *names: str) -> dict[str, Any]:
        """An account, by name where the record or an earlier one tells it, else by number."""
        for name in names:
            if (written := values.get(name)) is not None:
                if written.isdigit():
                    written = self._named(entry, written)
                return user(written)
        return {}

    def _named(self, entry: Entry, number: str) -> str:
        return "root" if number == "0" else self._names.get((entry.node, number), f"uid {number}")

    def _alone(self, entry: Entry, values: dict[str, str]) -> None:
        kind = entry.type
        program = (values.get("exe") or "").rpartition("/")[2]
        if kind == "USER_LOGIN":
            self._login(entry, values, program)
        elif kind == "USER_AUTH" and values.get("res") in ("failed", "0"):
            self._refused(entry, values, program)
        elif kind == "USER_CMD":
            self._command(entry, values)
        elif kind in ("USER_START", "USER_END"):
            self._session(entry, values, program)
        elif kind in _CHANGES:
            self._changed(entry, values)
        elif kind == "CONFIG_CHANGE" and ("audit_enabled" in values or values.get("op") == "remove_rule"):
            what = "audit_enabled" if "audit_enabled" in values else "rule"
            row = {"object_kind": "policy", "operation": "changed", "object": f"audit {what}"}
            self._change(entry, values, {**row, "value": values.get(what), "old_value": values.get("old")})
        else:
            self._skip(entry)

    def _login(self, entry: Entry, values: dict[str, str], program: str) -> None:
        failed = values.get("res") in ("failed", "0")
        key = ("audit", entry.node or "", values.get("pid") or "")
        told = self._book.settle(key) if failed else {}
        row = self._logon(entry, values, program, "failure" if failed else "success")
        if not failed:
            self._book.forgive(key, row.get("user_upn") or row.get("user"), entry.at)
        if failed and "user" not in row and "user" in told:
            row["user"] = told["user"]
        self._book.add(self._line(entry), "authentication", "Auditd/USER_LOGIN", **row)

    def _refused(self, entry: Entry, values: dict[str, str], program: str) -> None:
        line = self._line(entry)
        if program in _SWITCHING:
            row = self._explicit(entry, values, program, "failure")
            self._book.add(line, "authentication", "Auditd/USER_AUTH", **row, reason="bad_password")
        elif program.startswith(_UNATTENDED):
            self._skip(entry)
        else:
            # Most programs write a USER_LOGIN of it as well.
            row = self._logon(entry, values, program, "failure")
            key = ("audit", entry.node or "", values.get("pid") or "")
            kind = KEYS if row["package"] in ("pubkey", "pubkey_auth") else "auth"
            self._book.hold(key, kind, line, "authentication", "Auditd/USER_AUTH", **row)

    def _logon(self, entry: Entry, values: dict[str, str], program: str, outcome: str) -> dict[str, Any]:
        named = values.get("acct") or values.get("ID") or values.get("id") or values.get("AUID")
        unknown = named is None or named in _STRANGERS
        who = {} if unknown or named is None else user(self._named(entry, named) if named.isdigit() else named)
        operation = values.get("op") or ""
        method = operation.partition(":")[2] if operation.startswith("PAM:") else operation
        remote = values.get("addr") or values.get("hostname")
        return {
            "kind": "logon",
            "outcome": outcome,
            "reason": None if outcome == "success" else "unknown_user" if unknown else "bad_password",
            **who,
            **place(remote),
            "target_host": entry.node or self._host,
            "logon_type": "network" if program.startswith("sshd") else None if address(remote) else "interactive",
            "package": method if method in ("password", "pubkey", "pubkey_auth", "gssapi") else None,
            "logon_id": values.get("ses"),
            "application": program or None,
        }

    def _explicit(self, entry: Entry, values: dict[str, str], program: str, outcome: str) -> dict[str, Any]:
        # sudo asks for the password of whoever calls it.
        own = program == "sudo" and entry.type == "USER_AUTH"
        target = None if own else values.get("acct")
        return {
            "kind": "explicit",
            "outcome": outcome,
            **self._account(entry, values, "AUID", "auid", "UID", "uid"),
            **{f"target_{column}": value for column, value in user(target).items()},
            "target_host": entry.node or self._host,
            "process": values.get("exe"),
            "logon_id": values.get("ses"),
            "package": program,
        }

    def _command(self, entry: Entry, values: dict[str, str]) -> None:
        line = self._line(entry)
        failed = values.get("res") in ("failed", "0")
        row = self._explicit(entry, values, "sudo", "failure" if failed else "success")
        row["process"] = row["process"] or "/usr/bin/sudo"
        reason = "restricted" if failed else None
        self._book.add(line, "authentication", "Auditd/USER_CMD", **row, reason=reason)
        command = values.get("cmd")
        if command and not failed:
            self._book.add(
                line,
                "process",
                "Auditd/USER_CMD",
                kind="start",
                host=line.host,
                guid=f"audit-{entry.at}-{entry.serial}",
                image=command.partition(" ")[0],
                command_line=command[:_LONGEST],
                current_directory=values.get("cwd"),
                logon_id=values.get("ses"),
                parent_pid=integer(values.get("pid")),
                parent_image=values.get("exe") or "/usr/bin/sudo",
            )

    def _session(self, entry: Entry, values: dict[str, str], program: str) -> None:
        if program.startswith(_UNATTENDED) or values.get("res") not in ("success", "1"):
            self._skip(entry)
        elif program in _SWITCHING:
            if entry.type == "USER_START" and program != "sudo":
                row = self._explicit(entry, values, program, "success")
                self._book.add(self._line(entry), "authentication", "Auditd/USER_START", **row)
            else:
                # sudo's command says more.
                self._skip(entry)
        elif entry.type == "USER_END":
            row = {**self._logon(entry, values, program, "success"), "kind": "logoff"}
            self._book.add(self._line(entry), "authentication", "Auditd/USER_END", **row)
        else:
            # The logon itself is told by USER_LOGIN; this tells whose number it is.
            number, name = values.get("auid"), values.get("acct")
            if number and name:
                self._names[entry.node, number] = name
            self._skip(entry)

    def _changed(self, entry: Entry, values: dict[str, str]) -> None:
        kind, operation = _CHANGES[entry.type]
        said = (values.get("op") or "").replace("-", " ")
        target, group = values.get("acct"), values.get("grp")
        if target is None and (number := values.get("ID") or values.get("id")) is not None:
            target = self._named(entry, number) if number.isdigit() else number
        if "to group" in said or "from group" in said or (group and target):
            kind, operation = "group", "member_removed" if "from" in said or "delet" in said else "member_added"
        if entry.type == "USER_CHAUTHTOK" and "PAM:chauthtok" not in said and "password" not in said:
            kind, operation = "account", "changed"
        row: dict[str, Any] = {"object_kind": kind, "operation": operation}
        row["object"] = group or values.get("acct") if kind == "group" else target
        if target is not None and (kind == "account" or operation.startswith("member")):
            row |= {f"target_{column}": value for column, value in user(target).items()}
        self._change(entry, values, row)

    def _change(self, entry: Entry, values: dict[str, str], row: dict[str, Any]) -> None:
        line = self._line(entry)
        self._book.add(
            line,
            "change",
            f"Auditd/{entry.type}",
            outcome="failure" if values.get("res") in ("failed", "0") else "success",
            host=line.host,
            **self._account(entry, values, "AUID", "auid", "UID", "uid"),
            logon_id=values.get("ses"),
            details=values.get("op"),
            process=values.get("exe"),
            pid=integer(values.get("pid")),
            **row,
        )


def _arguments(values: dict[str, str]) -> str:
    """A command line of the arguments of EXECVE, long ones put together again."""
    found: dict[tuple[int, int], str] = {}
    for name, value in values.items():
        if (argument := _ARGUMENT.match(name)) is not None:
            found[int(argument[1]), int(argument[2] or 0)] = value
    parts: dict[int, str] = {}
    for (number, _), value in sorted(found.items()):
        parts[number] = parts.get(number, "") + value
    return " ".join(parts[number] for number in sorted(parts))


def _auoms(words: str) -> dict[str, str]:
    """The values of a record of Azure's agent, whose command line may hold quotes."""
    command = _COMMAND.search(words)
    values = values_of(words[: command.start()] if command else words)
    if command:
        values["command"] = command[1]
    return values


def _far(values: dict[str, str]) -> tuple[str, int] | None:
    """The address and port that a socket is connected to."""
    if (told := _SOCKET.search(values.get("SADDR", ""))) is not None:
        ip = address(told[1])
        return (ip, int(told[2])) if ip else None
    try:
        content = bytes.fromhex(values.get("saddr", ""))
    except ValueError:
        return None
    if content[:2] == b"\x02\x00" and len(content) >= 8:
        ip = address(".".join(str(byte) for byte in content[4:8]))
    elif content[:2] == b"\x0a\x00" and len(content) >= 24:
        ip = address(":".join(content[at : at + 2].hex() for at in range(8, 24, 2)))
    else:
        return None
    return (ip, int.from_bytes(content[2:4])) if ip else None
