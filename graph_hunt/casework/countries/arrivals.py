"""Who came from which country, in the events: sign-ins and logons with an address, and what was done in mailboxes."""

# ruff: noqa: S608 - the SQL is made of names written here; telemetry reaches it by tables and parameters.

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address

import duckdb
import pyarrow as pa

from graph_hunt.events.geo import locate
from graph_hunt.events.geo import scope as scope_of
from graph_hunt.events.resolve import resolve
from graph_hunt.workspace import Workspace

_EVIDENCE = 20
_ADDRESS = r"regexp_replace(lower({}), '^::ffff:([0-9.]+)$', '\1')"
_COUNTRY = "upper(nullif(trim(country), ''))"
_SOURCES = (
    ("authentication", "source_ip", "country", "kind NOT IN ('logoff', 'disconnect', 'session_end')", "outcome"),
    ("mailbox", "client_ip", "NULL", "true", "coalesce(outcome, 'success')"),
)
"""Table, address, the country that the source itself states, which rows, what came of them."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one account did on one day from one country; times in epoch ms."""

    user: str
    name: str
    tags: tuple[str, ...]
    country: str
    day: int
    addresses: tuple[str, ...]
    successes: int
    failures: int
    first: int
    last: int
    evidence: tuple[str, ...]


def arrivals(
    workspace: Workspace, *, leave_out: Callable[[str], bool], wanted: Callable[[str], bool] | None = None,
    since: int | None = None, user: str | None = None,
) -> Iterator[Arrival]:  # fmt: skip
    """Give who came from the wanted countries; without any such address nobody is resolved, which is quick.

    What the source states of the country counts before what the address says.
    """
    with closing(workspace.events.connection()) as connection:
        places = _places(workspace, connection, leave_out)
        if wanted is not None and not _any(connection, places, wanted):
            return
        connection.register("places", places)
        connection.execute("CREATE TEMP TABLE placed AS SELECT * FROM places")
        resolve(connection, workspace.ledger(), workspace.geo)
        for row in connection.execute(_rows(), {"since": since or 0, "user": user}).fetchall():
            if wanted is None or wanted(row[3]):
                yield _arrival(row)


def _places(workspace: Workspace, connection: duckdb.DuckDBPyConnection, leave_out: Callable[[str], bool]) -> pa.Table:
    """Look up where each public address is; those that say nothing of a person are marked to be left out."""
    asked = " UNION ".join(
        f"SELECT {_ADDRESS.format(address)} FROM {table} WHERE {address} IS NOT NULL" for table, address, *_ in _SOURCES
    )
    texts = [text for (text,) in connection.execute(asked).fetchall() if _public(text)]
    found = locate(texts, workspace.geo)
    rows = [(text, found[text].country, leave_out(text)) for text in sorted(texts)]
    columns = list(zip(*rows, strict=True)) or [()] * 3
    names, types = ("address", "place", "left_out"), (pa.string(), pa.string(), pa.bool_())
    return pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})


def _public(text: str) -> bool:
    try:
        return scope_of(ip_address(text)) == "public"
    except ValueError:
        return False


def _any(connection: duckdb.DuckDBPyConnection, places: pa.Table, wanted: Callable[[str], bool]) -> bool:
    stated = f"SELECT DISTINCT {_COUNTRY} FROM authentication WHERE country IS NOT NULL"
    codes = {code for (code,) in connection.execute(stated).fetchall() if code}
    codes |= {code for code in places.column("place").to_pylist() if code}
    return any(map(wanted, codes))


def _rows() -> str:
    parts = []
    for table, address, stated, which, outcome in _SOURCES:
        country = _COUNTRY if stated == "country" else "NULL"
        parts.append(
            f"SELECT user_key, coalesce({country}, place) AS at_country, time, event_id, {outcome} AS came, address "
            f"FROM {table}_resolved JOIN placed ON address = {_ADDRESS.format(address)} "
            f"WHERE user_label = 'User' AND NOT left_out AND time >= $since AND {which} "
            "AND ($user IS NULL OR user_key = $user)"
        )
    return f"""
        SELECT user_key, any_value(coalesce(u.name, user_key)), any_value(u.tags), at_country, time // 86400000 AS day,
            list(DISTINCT address ORDER BY address), count(*) FILTER (came = 'success'),
            count(*) FILTER (came = 'failure'), min(time), max(time),
            list(DISTINCT event_id ORDER BY event_id)[:{_EVIDENCE}]
        FROM ({" UNION ALL ".join(parts)}) LEFT JOIN user_nodes u ON u.key = user_key
        WHERE at_country IS NOT NULL AND came IN ('success', 'failure')
        GROUP BY user_key, at_country, day ORDER BY day, user_key, at_country
    """


def _arrival(row: Sequence[object]) -> Arrival:
    user, name, tags, country, day, addresses, successes, failures, first, last, evidence = row
    listed = tuple(str(tags).split(",")) if tags else ()
    counted = int(str(successes)), int(str(failures)), int(str(first)), int(str(last))
    places, events = (tuple(map(str, one)) for one in (addresses, evidence) if isinstance(one, list))
    return Arrival(str(user), str(name), listed, str(country), int(str(day)), places, *counted, events)
