"""What ISC's dhcpd, dnsmasq and Kea say in syslog or in logs of their own."""

import re

from graph_hunt.events.batch import Rows
from graph_hunt.loaders._text_log import Line, first_lines
from graph_hunt.loaders._values import text
from graph_hunt.loaders.dhcp.given import Lease, hardware

__all__ = ["Log", "is_log"]

_MAC = r"(?P<mac>[0-9A-Fa-f]{1,2}(?:[:-][0-9A-Fa-f]{1,2}){5})"
_LEASES = (
    (
        "dhcpd",
        re.compile(rf"\bDHCPACK on (?P<ip>[\d.]+) to (?:{_MAC}|\S+)?(?: \((?P<host>[^)]*)\))?(?: via (?P<via>\S+))?"),
    ),
    ("dnsmasq", re.compile(rf"\bDHCPACK\([^)]*\) (?P<ip>[\d.]+) {_MAC}(?: (?P<host>\S+))?")),
    (
        "kea",
        re.compile(
            rf"\bDHCP4_LEASE_ALLOC \[hwtype=\d+ (?:{_MAC})?.*?lease (?P<ip>[\d.]+) has been allocated", re.DOTALL
        ),
    ),
    (
        "kea",
        re.compile(r"\bDHCP6_LEASE_ALLOC .*?lease for address (?P<ip>[0-9A-Fa-f:.]+)\b.*? has been allocated"),
    ),
    (
        "kea",
        re.compile(
            r"\bAddress: ?(?P<ip>[0-9A-Fa-f:.]+) has been (?:assigned|renewed|rebound) for .*?"
            rf"(?:hardware address: (?:hwtype=\d+ )?{_MAC}|$)"
        ),
    ),
)
_SPOKEN = re.compile(
    r"(?:\b(?:dhcpd|dhcpd6|dnsmasq-dhcp|kea-dhcp[46])\b|\b(DHCP(?:DISCOVER|OFFER|REQUEST|ACK|NAK|RELEASE|INFORM|DECLINE)"
    r"|DHCP[46]_[A-Z_]+)\b|Address: ?\S+ has been (?:assigned|renewed|rebound|released) )"
)
_WORD = re.compile(r"\b(DHCP(?:DISCOVER|OFFER|REQUEST|ACK|NAK|RELEASE|INFORM|DECLINE|EXPIRE)|DHCP[46]_[A-Z0-9_]+)\b")


def is_log(head: bytes) -> bool:
    """Tell whether four in five of the first lines are such a server's: of a mixture, syslog's loader reads more."""
    found = first_lines(head)
    spoken = [line for line in found if _SPOKEN.search(line)]
    return (
        bool(spoken)
        and len(spoken) * 5 >= len(found) * 4
        and any(_WORD.search(line) or "Address:" in line for line in spoken)
    )


class Log:
    """Keeps the lines of a log."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def keep(self, line: Line) -> None:
        """Add a lease, or count the line as not used."""
        if line.fault or line.at is None:
            self._rows.reject(line.number, line.fault or "it has no time that can be read", line.raw)
            return
        host = text(line.host)
        self._rows.seen(host or "DHCP server", "DHCP", line.at)
        for product, pattern in _LEASES:
            if (found := pattern.search(line.raw)) is not None:
                groups = found.groupdict()
                Lease(
                    line.at,
                    f"DHCP/{product}-ack",
                    groups["ip"],
                    host=text(groups.get("host")),
                    mac=hardware(groups.get("mac")),
                    server=host,
                ).add(self._rows, line.number, line.raw)
                return
        word = _WORD.search(line.raw)
        self._rows.skip(f"DHCP/{word[1] if word else 'other'}")
