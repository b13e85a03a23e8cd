"""Kea's lease files (`kea-leases4.csv`, `kea-leases6.csv`): each change of a lease is a line."""

from collections.abc import Iterable

from graph_hunt.events.batch import Rows
from graph_hunt.loaders._table import Row
from graph_hunt.loaders._values import integer, text
from graph_hunt.loaders.dhcp.given import Lease, hardware

__all__ = ["is_lease_file", "keep"]

_NAMES = {"address", "valid_lifetime", "expire", "subnet_id", "hostname"}
_STATES = {1: "declined", 2: "reclaimed", 3: "released"}


def is_lease_file(names: Iterable[str]) -> bool:
    """Tell by the names of the columns."""
    return set(names) >= _NAMES


def keep(row: Row, rows: Rows) -> None:
    """Add a lease that is held; it was given its lifetime before it expires."""
    if row.fault:
        rows.reject(row.number, row.fault, row.raw)
        return
    expire, lifetime = integer(row.fields["expire"]), integer(row.fields["valid_lifetime"])
    if expire is None or lifetime is None or not 0 <= expire - lifetime < 1 << 33:
        rows.reject(row.number, "expire, valid_lifetime: no time that can be read", row.raw)
        return
    at = (expire - lifetime) * 1000
    rows.seen("DHCP server", "DHCP", at)
    state = integer(row.fields.get("state")) or 0
    if state or not lifetime:
        rows.skip(f"DHCP/kea-{_STATES.get(state, 'other') if state else 'deleted'}")
        return
    host = text(row.fields["hostname"].replace("&#x2c", ","))
    Lease(at, "DHCP/kea-lease", text(row.fields["address"]), host=host, mac=hardware(row.fields.get("hwaddr"))).add(
        rows, row.number, row.raw
    )
