"""Palo Alto's GlobalProtect: PAN-OS's CSV lines of type GLOBALPROTECT, and before 9.1 of SYSTEM."""

import csv
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_hunt.events.source import Options
from graph_hunt.loaders._text_log import Line
from graph_hunt.loaders._values import at as moment
from graph_hunt.loaders._values import first, integer, text
from graph_hunt.loaders.vpn.session import Sessions, Told, why

__all__ = ["Log", "is_log"]

_LINE = re.compile(r"(?:^|[\s:])(\d*,\d{4}/\d\d/\d\d \d\d:\d\d:\d\d,[^,]*,[A-Z-]+,.*)$", re.DOTALL)
_OURS = re.compile(r",(?:GLOBALPROTECT,|SYSTEM,globalprotect,)", re.IGNORECASE)
_EXACT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SYSTEM = re.compile(r"globalprotect(portal|gateway)-(auth|config|logout|regist)-?(succ|fail)?")
_SAID = {
    "ip": re.compile(r"Login from: ([^,\s]+)"),
    "user": re.compile(r"User name: ([^,]+?)(?:,|\.? *$)"),
    "inner": re.compile(r"Private IP: ([^,\s]+)"),
    "machine": re.compile(r"(?:Machine|Computer|Host) name: ([^,\s]+)"),
    "reason": re.compile(r"Reason: ([^,]+)"),
}


def is_log(lines: list[str]) -> bool:
    """Tell whether most of the lines are PAN-OS's, and one is GlobalProtect's."""
    own = [line for line in lines if _LINE.search(line)]
    return len(own) * 2 > len(lines) and any(_OURS.search(line) for line in own)


class Log:
    """Keeps the lines of a log."""

    def __init__(self, sessions: Sessions, options: Options) -> None:
        self._sessions, self._zone = sessions, ZoneInfo(options.timezone)

    def keep(self, line: Line) -> None:
        """Add what the line says, or count it as not used."""
        found = None if line.fault else _LINE.search(line.raw)
        try:
            cells = next(csv.reader([found[1]])) if found is not None else []
        except csv.Error as error:
            self._sessions.reject(line, str(error))
            return
        at = self._moment(cells)
        if at is None:
            self._sessions.reject(line, line.fault or "no line of PAN-OS with a time that can be read")
            return
        gateway = text(line.host) or text(cells[2])
        self._sessions.seen(gateway, at)
        cells += [""] * (40 - len(cells))
        if cells[3].upper() == "GLOBALPROTECT":
            self._current(line, at, gateway, cells)
        elif (event := _SYSTEM.fullmatch(cells[8])) is not None:
            self._former(line, at, gateway, event, cells[14])
        else:
            self._sessions.skip(f"PAN-OS/{cells[3] or 'other'}")

    def _current(self, line: Line, at: int, gateway: str | None, cells: list[str]) -> None:
        event, succeeded = cells[8], cells[28].casefold() != "failure"
        public = first(None if one in ("0.0.0.0", "::") else text(one) for one in cells[15:17])
        inner = first(None if one in ("0.0.0.0", "::") else text(one) for one in cells[17:19])
        told = Told(
            at,
            f"GlobalProtect/{event or 'other'}",
            text(cells[12]),
            public,
            gateway,
            client=" ".join(filter(None, (cells[22], cells[21]))),
            device=cells[14],
            service=cells[33],
            package=cells[10],
        )
        said = " ".join((cells[25], cells[26], cells[27]))
        self._session(line, told, event, succeeded, said, inner, integer(cells[30]))

    def _former(self, line: Line, at: int, gateway: str | None, event: re.Match[str], words: str) -> None:
        said = {name: found[1] if (found := pattern.search(words)) else None for name, pattern in _SAID.items()}
        what = {"config": "connected", "regist": "register"}.get(event[2], event[2])
        told = Told(
            at, f"GlobalProtect/{event[1]}-{what}", text(said["user"]), said["ip"], gateway, device=said["machine"]
        )
        reason = said["reason"] or words
        self._session(line, told, f"{event[1]}-{what}", event[3] != "fail", reason, said["inner"], None)

    def _session(
        self, line: Line, told: Told, event: str, succeeded: bool, said: str, inner: str | None, lasted: int | None
    ) -> None:
        if event in ("portal-auth", "gateway-auth") and succeeded:
            # Portal and gateway are signed in to one after the other.
            self._sessions.signed_in(line, told)
        elif event in ("portal-auth", "gateway-auth"):
            self._sessions.refused(line, told, why(said, "bad_password"))
        elif event == "gateway-logout":
            self._sessions.ended(line, told, lasted)
        elif not (event == "gateway-connected" and succeeded and self._sessions.given(line, told, inner, told.device)):
            self._sessions.skip(told.code)

    def _moment(self, cells: list[str]) -> int | None:
        """The finest time with its zone, where the line has one; else the gateway's local time."""
        exact = next((cell for cell in cells[30:] if _EXACT.fullmatch(cell)), None)
        if exact is not None:
            return moment(exact)
        try:
            found = datetime.strptime((cells[6] or cells[1]) if len(cells) > 6 else "", "%Y/%m/%d %H:%M:%S")
        except ValueError:
            return None
        return (found.replace(tzinfo=self._zone) - _EPOCH) // _MILLISECOND
