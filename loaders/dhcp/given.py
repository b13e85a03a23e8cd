"""A lease as a row, whoever gave it."""

from dataclasses import dataclass

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._values import address, text

__all__ = ["Lease", "hardware"]


def hardware(written: str | None) -> str | None:
    """A hardware address in its usual form; null where it is none.

    >>> hardware("005056ABCDEF"), hardware("00-50-56-ab-cd-ef"), hardware("1"), hardware(None)
    ('00:50:56:ab:cd:ef', '00:50:56:ab:cd:ef', None, None)
    """
    digits = "".join(one for one in written or "" if one.isalnum()).lower()
    if len(digits) != 12 or any(one not in "0123456789abcdef" for one in digits):
        return None
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


@dataclass(frozen=True, slots=True)
class Lease:
    """What a server says it gave."""

    at: int
    code: str
    ip: str | None
    host: str | None = None
    mac: str | None = None
    user: str | None = None
    server: str | None = None

    def add(self, rows: Rows, record: int, raw: str) -> None:
        """Add its row, or say why there is none."""
        given = address(self.ip)
        if given is None:
            rows.reject(record, f"no address: {self.ip}"[:200], raw)
            return
        host = text((self.host or "").rstrip("."))
        if host is not None and (address(host) is not None or " " in host):
            host = None
        rows.add(
            "network",
            event_id=event_id(self.at, ["dhcp", self.server, self.code, given, self.mac, host]),
            time=self.at,
            code=self.code,
            recorder=self.server,
            record=record,
            raw=raw,
            kind="lease",
            outcome="success",
            protocol="dhcp",
            user=self.user,
            source_host=host,
            source_ip=given,
            mac=self.mac,
        )
