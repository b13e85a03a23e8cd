"""FortiGate: lines of `key=value` whose type is event and subtype vpn; SSL and IPsec."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_hunt.events.source import Options
from graph_hunt.loaders._text_log import Line
from graph_hunt.loaders._values import first, integer, text
from graph_hunt.loaders.vpn.session import Sessions, Told, why

__all__ = ["Log", "is_log"]

_PAIR = re.compile(r'(?<![\w-])([A-Za-z_][\w-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))')
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def _pairs(raw: str) -> dict[str, str]:
    found = ((name, text(quoted or plain)) for name, quoted, plain in _PAIR.findall(raw))
    return {name: value for name, value in found if value is not None}


def is_log(lines: list[str]) -> bool:
    """Tell whether most of the lines name the fields that all of FortiGate's have."""
    own = [all(f"{name}=" in line for name in ("date", "time", "type", "subtype", "logid")) for line in lines]
    return sum(own) * 2 > len(own)


class Log:
    """Keeps the lines of a log."""

    def __init__(self, sessions: Sessions, options: Options) -> None:
        self._sessions, self._zone = sessions, ZoneInfo(options.timezone)

    def keep(self, line: Line) -> None:
        """Add what the line says, or count it as not used."""
        fields = {} if line.fault else _pairs(line.raw)
        at = self._moment(fields)
        if at is None:
            self._sessions.reject(line, line.fault or "date, time, eventtime: no time that can be read")
            return
        gateway = first(fields.get(name) for name in ("devname", "devid"))
        self._sessions.seen(gateway, at)
        action = fields.get("action", "other").casefold()
        if fields.get("subtype") != "vpn":
            self._sessions.skip(f"FortiGate/{fields.get('type', 'other')}-{fields.get('subtype', 'other')}")
            return
        user = first(fields.get(name) for name in ("xauthuser", "eapuser", "user"))
        told = Told(
            at,
            f"FortiGate/{action}",
            user,
            first(fields.get(name) for name in ("remip", "srcip")),
            gateway,
            service=first(fields.get(name) for name in ("xauthgroup", "group", "vpntunnel")),
            package=fields.get("tunneltype"),
        )
        if user is None or not self._session(line, told, action, fields):
            self._sessions.skip(told.code)

    def _session(self, line: Line, told: Told, action: str, fields: dict[str, str]) -> bool:
        if action == "ssl-login-fail":
            said = f"{fields.get('reason', '')} {fields.get('msg', '')}"
            self._sessions.refused(line, told, why(said, "bad_password"))
            return True
        if action == "tunnel-down":
            self._sessions.ended(line, told, integer(fields.get("duration")))
            return True
        if action != "tunnel-up":
            return False
        inner = first(fields.get(name) for name in ("tunnelip", "assignip"))
        given = self._sessions.given(line, told, inner)
        # A tunnel follows the portal's session at once, in a line of the same action.
        if not given or fields.get("tunneltype") != "ssl-tunnel":
            self._sessions.signed_in(line, told)
        return True

    def _moment(self, fields: dict[str, str]) -> int | None:
        """Epoch seconds (or finer, told by size), else local time with or without its offset."""
        written = fields.get("eventtime", "")
        if written.isdecimal() and len(written) in (10, 13, 16, 19):
            return int(written.ljust(13, "0")[:13])
        try:
            found = datetime.fromisoformat(f"{fields.get('date')}T{fields.get('time')}")
        except ValueError:
            return None
        offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)", fields.get("tz", ""))
        if offset is None:
            return (found.replace(tzinfo=self._zone) - _EPOCH) // _MILLISECOND
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3])) * (-1 if offset[1] == "-" else 1)
        return (found.replace(tzinfo=UTC) - shift - _EPOCH) // _MILLISECOND
