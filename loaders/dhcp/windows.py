"""Windows' DHCP server: `DhcpSrvLog-*.log` and `DhcpV6SrvLog-*.log`, CSV under a list of what its ids mean."""

import csv
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from graph_hunt.events.batch import Rows
from graph_hunt.events.source import Options
from graph_hunt.loaders._table import header
from graph_hunt.loaders._text_log import Line, first_lines
from graph_hunt.loaders._values import account, text
from graph_hunt.loaders.dhcp.given import Lease, hardware

__all__ = ["Log", "is_log"]

_RECORD = re.compile(r'"?\d{2,5}"?,"?\d{1,2}/\d{1,2}/\d{2,4}"?,"?\d{1,2}:\d\d:\d\d"?,')
_NAMES = re.compile(r"ID,\s*Date,\s*Time,", re.IGNORECASE)
_FOURTH = ("id", "date", "time", "description", "ip address", "host name", "mac address", "user name")
_SIXTH = ("id", "date", "time", "description", "ipv6 address", "host name")
_LEASED = frozenset({"10", "11", "20", "11002", "11004", "11005"})
"""New, renewed, and BOOTP's; requested, renewed and rebound by version 6."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def is_log(head: bytes) -> bool:
    """Tell by the line that names the columns, or by the records."""
    found = first_lines(head, 100)
    if any(_NAMES.match(line.strip()) for line in found):
        return any(_is_header(line) for line in found)
    return bool(header(head)) and bool(found) and all(_RECORD.match(line) for line in found[:5])


def _is_header(line: str) -> bool:
    names = [name.strip().casefold() for name in line.split(",")]
    return names[:3] == ["id", "date", "time"] and bool({"ip address", "ipv6 address"} & set(names))


class Log:
    """Keeps the records of a log."""

    def __init__(self, rows: Rows, options: Options) -> None:
        self._rows, self._zone = rows, ZoneInfo(options.timezone)
        self._names: tuple[str, ...] = ()

    def keep(self, line: Line) -> None:
        """Add a lease, or count the record as not used; what stands above the records is none."""
        if line.fault:
            self._rows.reject(line.number, line.fault, line.raw)
        elif _NAMES.match(line.raw.strip()):
            self._names = tuple(name.strip().casefold() for name in line.raw.split(","))
        elif _RECORD.match(line.raw):
            self._record(line)
        elif line.raw[:1].isdigit() and line.raw.count(",") > 3:
            self._rows.reject(line.number, "its time cannot be read", line.raw)
        # Else a line of what the ids mean.
        else:
            self._rows.skip("DHCP/heading")

    def _record(self, line: Line) -> None:
        try:
            cells = next(csv.reader([line.raw]))
        except csv.Error as error:
            self._rows.reject(line.number, str(error), line.raw)
            return
        names = self._names or (_SIXTH if len(cells[0]) > 3 else _FOURTH)
        found = dict(zip(names, cells, strict=False))
        code = found["id"].strip()
        at = self._moment(found["date"], found["time"])
        if at is None:
            self._rows.reject(line.number, "its time cannot be read", line.raw)
            return
        self._rows.seen("DHCP server", "DHCP", at)
        if code not in _LEASED:
            self._rows.skip(f"DHCP/{code}")
            return
        user, _ = account(found.get("user name"))
        Lease(
            at,
            f"DHCP/{code}",
            text(found.get("ip address") or found.get("ipv6 address")),
            host=text(found.get("host name")),
            mac=hardware(found.get("mac address")),
            user=user,
        ).add(self._rows, line.number, line.raw)

    def _moment(self, date: str, time: str) -> int | None:
        """The month comes first, in every language of Windows."""
        try:
            month, day, year = (int(part) for part in date.split("/"))
            hour, minute, second = (int(part) for part in time.split(":"))
            full = year if year > 99 else 2000 + year
            found = datetime(full, month, day, hour, minute, second, tzinfo=self._zone)
        except ValueError:
            return None
        return (found - _EPOCH) // _MILLISECOND
