"""The claims on addresses that sightings hold, with machines by their keys, and the intervals that follow."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import duckdb
import pyarrow as pa

from graph_hunt.events.identity.addresses import Claim, Interval, intervals
from graph_hunt.events.identity.edits import Edits
from graph_hunt.events.identity.hosts import Machines, fold, machine_name
from graph_hunt.events.identity.links import ALWAYS
from graph_hunt.events.identity.names import address, short

_STRANGERS = """
    SELECT DISTINCT lower(c.host) FROM sighted c JOIN sighted o ON o.ip = c.ip AND o."hour" = c."hour"
    WHERE c.reason = 'machine_account' AND o.reason IN ('lease', 'connection')
        AND lower(split_part(o.host, '.', 1)) <> lower(split_part(c.host, '.', 1))
    UNION
    SELECT lower(host) FROM (SELECT host, "hour", replace(lower(ip), '::ffff:', '') AS plain FROM sighted
                             WHERE reason = 'machine_account')
    WHERE NOT contains(plain, ':') GROUP BY lower(host), "hour" HAVING count(DISTINCT plain) >= 3
    """
"""A machine has an address or two of the old kind at a time; an account that many machines share comes from each."""


def strangers(table: pa.Table) -> frozenset[str]:
    """Give the `$` accounts, without the sign, that are no machine by the addresses that they came from.

    One was surely another machine's then; or they were three and more within an hour.
    """
    if not table.num_rows:
        return frozenset()
    with duckdb.connect() as connection:
        connection.register("sighted", table)
        return frozenset(name for (name,) in connection.execute(_STRANGERS).fetchall())


def held_addresses(
    table: pa.Table, machines: Machines, edits: Edits, guests: frozenset[str] = frozenset()
) -> Iterator[Interval]:
    """Give the intervals of each address, those that were decided by hand first; `guests` are no machines."""
    pinned = dict(edits.pairs("join", "address"))
    for ip, host in sorted(pinned.items()):
        yield Interval(ip, machines.key(host), -ALWAYS, ALWAYS, "joined by hand", -ALWAYS, ALWAYS, 0, "", True)
    split = set(edits.pairs("split", "address"))
    for ip, rows in groupby(_claims(table, machines, guests), key=itemgetter(0)):
        known = address(ip)
        if known is None or ip in pinned or edits.tags.shared(known):
            continue
        heard = [Claim(*row[1:]) for row in rows if (ip, row[3]) not in split]
        yield from intervals(ip, heard, public=known.is_global)


_CLAIMS = """
    WITH claims AS (
        SELECT ips.ip, c."first", c."last", hosts.key AS host, c.reason, c."count", c.sample
        FROM sighted c JOIN ips ON ips.text = c.ip JOIN hosts ON hosts.text = c.host
        WHERE hosts.own OR c.reason NOT IN ('name', 'lookup')
    ), contested AS (SELECT ip FROM claims GROUP BY ip HAVING min(host) <> max(host))
    SELECT * FROM claims WHERE ip IN (FROM contested)
    UNION ALL
    SELECT ip, min("first"), max("last"), host, reason, sum("count")::BIGINT, min(sample)
    FROM claims WHERE ip NOT IN (FROM contested) GROUP BY ip, host, reason
    ORDER BY ALL
    """
"""The claims in order of address and time; of an address that one machine alone claims, one of each reason."""


def _claims(
    table: pa.Table, machines: Machines, guests: frozenset[str]
) -> list[tuple[str, int, int, str, str, int, str]]:
    """Read the claims; a name that was met or looked up counts for machines of the organisation only."""
    if not table.num_rows:
        return []
    ips = [(text, ip) for text in table["ip"].unique().to_pylist() if (ip := _claimable(text)) is not None]
    hosts = []
    for text in table["host"].unique().to_pylist():
        name = machine_name(text)
        if name is not None and short(fold(name)) not in guests:
            hosts.append((text, machines.nearest(name), short(fold(name)) in machines.own))
    with duckdb.connect() as connection:
        connection.register("sighted", table)
        connection.register("ips", _columns(("text", "ip"), ips))
        connection.register("hosts", _columns(("text", "key", "own"), hosts))
        return connection.execute(_CLAIMS).fetchall()


def _columns(names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> pa.Table:
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    types = {"own": pa.bool_()}
    return pa.table({n: pa.array(v, types.get(n, pa.string())) for n, v in zip(names, values, strict=True)})


def _claimable(text: str) -> str | None:
    found = address(text.strip())
    unusable = found is None or found.is_loopback or found.is_unspecified or found.is_multicast
    return None if unusable else str(found)
