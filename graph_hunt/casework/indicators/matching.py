"""Finds indicators in events, in DuckDB: each distinct value is looked up once, whatever the number of events."""

# ruff: noqa: S608 - the SQL is made of names written here; indicators and telemetry reach it by tables and parameters.

import ipaddress
import re
from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from graph_hunt.casework.indicators.observed import KINDS, observed
from graph_hunt.casework.indicators.repository import Sought
from graph_hunt.casework.indicators.value import Kind

_OF = {
    "address": (Kind.IP, Kind.NETWORK),
    "name": (Kind.DOMAIN,),
    "url": (Kind.URL,),
    "mail": (Kind.MAIL,),
    "hash": (Kind.HASH,),
    "file": (Kind.FILE_NAME,),
    "subject": (Kind.SUBJECT,),
}
_NUMBER = " + ".join(
    f"(TRY_CAST(split_part(v, '.', {n}) AS BIGINT) << {shift})" for n, shift in ((1, 24), (2, 16), (3, 8), (4, 0))
)
_FOUR = r"regexp_full_match(v, '(\d{1,3}\.){3}\d{1,3}')"


def match(connection: duckdb.DuckDBPyConnection, indicators: Iterable[Sought]) -> duckdb.DuckDBPyRelation:
    """Give the sightings: indicator's id, event, at, event_table, field, value; one for an indicator and event."""
    by_kind: dict[Kind, list[Sought]] = {}
    for one in indicators:
        by_kind.setdefault(one.kind, []).append(one)
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE met (indicator VARCHAR, event VARCHAR, "at" BIGINT, event_table VARCHAR, '
        "field VARCHAR, value VARCHAR)"
    )
    for kind in KINDS:
        wanted = [one for known in _OF[kind] for one in by_kind.get(known, ())]
        if wanted:
            _meet(connection, kind, wanted)
    return connection.sql(
        "SELECT DISTINCT ON (indicator, event) * FROM met ORDER BY indicator, event, event_table, field, value"
    )


def _meet(connection: duckdb.DuckDBPyConnection, kind: str, wanted: Sequence[Sought]) -> None:
    # What a field holds is put into an indicator's form once an item, not once an event.
    fields = {f"items_{number}": one for number, one in enumerate(observed(kind))}
    for name, one in fields.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {one.items}")
    values = " UNION ".join(f"SELECT v FROM {name} WHERE v <> ''" for name in fields)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE seen AS {values}")
    _register(connection, "wanted", wanted)
    connection.execute("CREATE OR REPLACE TEMP TABLE hit (v VARCHAR, indicator VARCHAR, until BIGINT)")
    if kind == "name":
        connection.execute(
            "INSERT INTO hit SELECT seen.v, wanted.id, wanted.until FROM (SELECT v, unnest(list_transform("
            "range(1, len(string_split(v, '.')) + 1), lambda n: array_to_string(string_split(v, '.')[n:], '.'))) "
            "AS suffix FROM seen) seen JOIN wanted ON wanted.text = suffix"
        )
    else:
        connection.execute("INSERT INTO hit SELECT v, id, until FROM seen JOIN wanted ON wanted.text = v")
    if kind == "address":
        _networks(connection, [one for one in wanted if one.kind is Kind.NETWORK])
    if kind == "subject":
        _patterns(connection, [one for one in wanted if "*" in one.text])
    if not connection.execute("SELECT count(*) FROM hit").fetchall()[0][0]:
        return
    for name, one in fields.items():
        connection.execute(
            f"INSERT INTO met SELECT indicator, event_id, time, '{one.table}', '{one.field}', v FROM ({one.rows}) "
            f"JOIN (SELECT item, v, indicator, until FROM {name} JOIN hit USING (v)) USING (item) "
            "WHERE until IS NULL OR time < until"
        )


def _register(connection: duckdb.DuckDBPyConnection, name: str, wanted: Sequence[Sought]) -> None:
    rows = pa.table(
        {
            "id": pa.array([one.id for one in wanted], pa.string()),
            "text": pa.array([one.text for one in wanted], pa.string()),
            "until": pa.array([one.until for one in wanted], pa.int64()),
        }
    )
    connection.register(f"_{name}", rows)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM _{name}")
    connection.unregister(f"_{name}")


def _networks(connection: duckdb.DuckDBPyConnection, wanted: Sequence[Sought]) -> None:
    """Look addresses up by their first bits, a join for each length of prefix that occurs."""
    four: dict[int, list[Sought]] = {}
    six: dict[int, dict[int, list[Sought]]] = {}
    for one in wanted:
        network = ipaddress.ip_network(one.text)
        if network.version == 4:
            four.setdefault(network.prefixlen, []).append(one)
        else:
            first = int(network.network_address) >> (128 - network.prefixlen)
            six.setdefault(network.prefixlen, {}).setdefault(first, []).append(one)
    for length, group in four.items():
        _register(connection, "prefixed", group)
        bits = 32 - length
        connection.execute(
            f"INSERT INTO hit SELECT seen.v, id, until FROM (SELECT v, ({_NUMBER}) >> {bits} AS first FROM seen "
            f"WHERE {_FOUR}) seen JOIN (SELECT id, until, ({_NUMBER}) >> {bits} AS first "
            "FROM (SELECT *, split_part(text, '/', 1) AS v FROM prefixed)) USING (first)"
        )
    if not six:
        return
    for (text,) in connection.execute("SELECT v FROM seen WHERE contains(v, ':')").fetchall():
        try:
            number = int(ipaddress.IPv6Address(text))
        except ValueError:
            continue
        for length, firsts in six.items():
            for one in firsts.get(number >> (128 - length), ()):
                connection.execute("INSERT INTO hit VALUES (?, ?, ?)", [text, one.id, one.until])


def _patterns(connection: duckdb.DuckDBPyConnection, wanted: Sequence[Sought]) -> None:
    for one in wanted:
        pattern = "(?s)" + ".*".join(map(re.escape, one.text.split("*")))
        connection.execute(
            "INSERT INTO hit SELECT v, ?, ? FROM seen WHERE regexp_full_match(v, ?)",
            [one.id, one.until, pattern],
        )
