"""Records of Zeek's logs as rows.

The sensor is the recorder of connections, look-ups and leases alone: in the other tables the recorder is taken for a
machine that took part, which a sensor did not. So is `host` null in `network`: nobody's own view is recorded.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._records import Record
from graph_hunt.loaders._values import UNLIKE, address, text
from graph_hunt.loaders.zeek import authentication, wire
from graph_hunt.loaders.zeek.ends import Ends

__all__ = ["Servers", "keep"]

_Row = tuple[str, dict[str, Any]]
_MAPPERS: Mapping[str, Callable[[Mapping[str, Any], Ends], _Row | str]] = MappingProxyType(
    {
        "conn": wire.connection,
        "dns": wire.lookup,
        "ssl": wire.encrypted,
        "dhcp": wire.lease,
        "smb_mapping": wire.share,
        "smb_files": wire.shared_file,
        "dce_rpc": wire.remote_call,
        "kerberos": authentication.ticket,
        "ntlm": authentication.ntlm,
        "rdp": authentication.remote_desktop,
        "ssh": authentication.ssh,
        "radius": authentication.radius,
    }
)
"""What each log's record becomes: a row of a table, or why it gives none."""
_SENSOR = ("_system_name", "@system", "_node_name", "peer")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PASSING = ("duration", "bytes_in", "bytes_out", "packets", "host")
"""Columns that do not name an event: the two forms write them with other precision, or not every file tells them."""
_CONNECTIONS = 100_000


class Servers:
    """The names of servers, by the connection in which they were called so, as other logs do not say them."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, uid: str, columns: dict[str, Any]) -> None:
        """Put the name of the server in place of its address, where it is known."""
        host = columns["host"]
        if address(host) is None:
            if len(self._names) > _CONNECTIONS:
                self._names.clear()
            self._names[uid] = host
        elif uid in self._names:
            columns["host"] = self._names[uid]


def keep(fields: Mapping[str, Any], log: str, rows: Rows, record: Record, servers: Servers) -> None:
    """Add a record's row, count it as not used, or say why it cannot be read."""
    moment = _moment(fields.get("ts"))
    if moment is None:
        rows.reject(record.number, "ts: no time that can be read", record.raw)
        return
    # Rotated and filtered logs bear longer names, as conn_red.
    known = log if log in _MAPPERS else log.partition("-")[0].removesuffix("_red")
    mapper = _MAPPERS.get(known)
    sensor = next((said for name in _SENSOR if (said := text(fields.get(name)))), "zeek")
    at = moment // 1000
    rows.seen(sensor, f"Zeek/{log or 'other'}", at)
    if mapper is None:
        rows.skip(f"Zeek/{log or 'other'}")
        return
    try:
        found = mapper(fields, Ends(fields))
    except UNLIKE as error:
        rows.reject(record.number, f"{known}: {type(error).__name__}: {error}"[:200], record.raw)
        return
    if isinstance(found, str):
        rows.skip(f"Zeek/{known}/{found}")
        return
    table, columns = found
    uid = text(fields.get("uid")) or ""
    if table == "access" and columns["host"] is not None:
        servers.name(uid, columns)
    named = [str(columns[name]) for name in sorted(columns) if name not in _PASSING and columns[name] is not None]
    rows.put(
        table,
        {
            "event_id": event_id(at, ["zeek", known, uid, moment, *named]),
            "time": at,
            "code": f"Zeek/{known}",
            "recorder": sensor if table == "network" else None,
            "record": record.number,
            "raw": record.raw,
            **columns,
        },
    )


def _moment(value: Any) -> int | None:
    """A time in microseconds since the epoch: seconds, or ISO 8601 where Zeek was told so."""
    if type(value) in (float, int):
        return round(value * 1_000_000) if 0 <= value < 1e11 else None
    if type(value) is not str:
        return None
    try:
        return _moment(float(value))
    except ValueError:
        pass
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (found - _EPOCH) // timedelta(microseconds=1)
