"""What the records of utmp, wtmp and btmp say: who logged on where, from where, who failed to, and when they left."""

import re
from collections import Counter
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._values import endpoint
from graph_hunt.loaders.syslog.who import place, user
from graph_hunt.loaders.utmp.layout import Login

__all__ = ["FAILED", "Logins"]

_BOOT, _WAITING, _LOGON, _END = 2, 6, 7, 8
_NAMES = (
    *("EMPTY", "RUN_LVL", "BOOT_TIME", "NEW_TIME", "OLD_TIME"),
    *("INIT_PROCESS", "LOGIN_PROCESS", "USER_PROCESS", "DEAD_PROCESS", "ACCOUNTING"),
)
FAILED = re.compile(r"(?:^|[/!\\_.-])btmp(?:$|[._-])", re.IGNORECASE)
"""The names under which systems keep failures: GDM writes them there with the type of a logon."""
_INSIDE = re.compile(r"tmux\(|:pts/|:\d+(?:\.\d+)?$|%\d")
_VIA = re.compile(r"^(\S+) via mosh")
_STRANGERS = ("(unknown)", "UNKNOWN")


class Logins:
    """Takes down the records of one file in their order; an end belongs to the last beginning on its line."""

    def __init__(self, rows: Rows, machine: str | None, *, failed: bool) -> None:
        self._rows, self._machine, self._failed = rows, machine, failed
        self._open: dict[str, Login] = {}
        self._told: Counter[tuple[object, ...]] = Counter()

    def keep(self, number: int, record: Login) -> None:
        """Take down one record."""
        name = f"Utmp/{_NAMES[record.kind]}"
        if record.kind:
            self._rows.seen(self._machine or "", "utmp", record.at)
        if record.kind == _LOGON:
            self._logon(number, record)
        elif record.kind == _END and (begun := self._open.pop(record.line, None)) is not None:
            columns = {"kind": "logoff", "outcome": "success", "duration": max(0, record.at - begun.at) // 1000}
            self._add(number, record, name, **columns, **self._who(begun))
        elif record.kind == _WAITING and self._is_failure(record):
            self._failure(number, record)
        else:
            if record.kind == _BOOT:
                # What was open then has ended, no one knows when.
                self._open.clear()
            self._rows.skip(name)

    def _logon(self, number: int, record: Login) -> None:
        if self._failed:
            self._failure(number, record)
            return
        self._open[record.line] = record
        inside = record.line.startswith("pts") and not record.ip and (not record.host or _INSIDE.search(record.host))
        self._add(
            number,
            record,
            "Utmp/USER_PROCESS",
            # A terminal's window, or tmux's, is part of a session that began elsewhere.
            kind="session" if inside else "logon",
            outcome="success",
            **self._who(record),
        )

    @staticmethod
    def _is_failure(record: Login) -> bool:
        """A terminal that waits for someone has the name LOGIN, or none."""
        return record.user not in ("", "LOGIN") or bool(record.ip) or record.line == "ssh:notty"

    def _failure(self, number: int, record: Login) -> None:
        who = self._who(record)
        known = "user" in who or "user_upn" in who
        # The reason is not recorded.
        reason = "other" if known else "unknown_user"
        self._add(number, record, "Utmp/failed", kind="logon", outcome="failure", reason=reason, **who)

    def _who(self, record: Login) -> dict[str, Any]:
        via = _VIA.match(record.host)
        written = via[1] if via else record.host
        source = {} if _INSIDE.search(written) or "[" in written else place(written)
        if record.ip and (ip := endpoint(record.ip)[0]):
            source["source_ip"] = ip
        remote = bool(source) or record.line.startswith(("ssh", "ftp"))
        return {
            **({} if record.user in _STRANGERS else user(record.user)),
            **source,
            "logon_type": "network" if remote else "interactive",
            "application": "sshd" if record.line.startswith("ssh") else None,
        }

    def _add(self, number: int, record: Login, code: str, **columns: Any) -> None:
        names = ("utmp", self._machine, code, record.pid, record.line, record.user, record.host, record.ip, record.at)
        again = self._told[names]
        self._told[names] += 1
        self._rows.add(
            "authentication",
            event_id=event_id(record.at, [*names, again] if again else names),
            time=record.at,
            code=code,
            recorder=self._machine,
            record=number,
            raw=_raw(record),
            target_host=self._machine,
            logon_id=f"{record.pid & 0xFFFFFFFF:#x}" if record.pid else None,
            device=record.line or None,
            **columns,
        )


def _raw(record: Login) -> str:
    parts = (_NAMES[record.kind], str(record.pid), record.line, record.user, record.host, record.ip or "")
    return "\t".join(parts)
