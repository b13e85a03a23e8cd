#!/usr/bin/env python3
"""Indicators met in events: a repository of many, an event store of many, and one look at all of both.

bench/match_indicators.py [--events 10_000_000] [--indicators 1_000_000] [--folder FOLDER]

Events are made up: logons, connections, clicks, mail and processes, of two million addresses, half a million names and
URLs; one indicator in a hundred occurs. Three figures: keeping the indicators, looking for them in all events (which is
what an import into a loaded workspace costs), and looking for all of them in what a load of a hundredth of it brings.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import duckdb
import measure

from graph_hunt.casework.indicators.hunt import hunt
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.repository import count, give
from graph_hunt.casework.indicators.value import read
from graph_hunt.casework.state import State
from graph_hunt.events.batch import Batch
from graph_hunt.events.inputs import one_source
from graph_hunt.events.store import EventStore
from graph_hunt.schema import TABLES

ADDRESSES, NAMES = 2_000_000, 500_000
PART = 1_000_000
SHARES = {"authentication": 0.4, "network": 0.3, "click": 0.1, "mail": 0.1, "process": 0.1}
_IP = "concat_ws('.', 11 + h % 200, (h >> 8) % 256, (h >> 16) % 256, (h >> 24) % 256)"
_NAME = "'host' || (h % {names}) || '.site' || (h % 997) || '.example'"
_FILLED = {
    "authentication": {"kind": "'sign_in'", "outcome": "'success'", "source_ip": _IP, "\"user\"": "'u' || (h % 5000)"},
    "network": {
        "kind": "'connection'", "source_ip": _IP, "target_ip": _IP.replace("h", "(h + 7)"), "target_host": _NAME,
    },
    "click": {"url": "'http://' || " + _NAME + " || '/p' || (h % 13)", "\"user\"": "'u' || (h % 5000)"},
    "mail": {
        "message_id": "'m' || n", "sender": "'s' || (h % 9000) || '@' || " + _NAME, "recipient": "'u@corp.example'",
        "subject": "'subject ' || (h % 100000)", "urls": "['http://' || " + _NAME + " || '/p' || (h % 13)]",
    },
    "process": {"image": "'C:\\p\\' || (h % 20000) || '.exe'", "sha256": "sha256((h % {names})::VARCHAR)"},
}  # fmt: skip


def store(folder: Path, events: int, first: int = 0) -> EventStore:
    """An event store of so many events, or so many more."""
    made = EventStore.open(folder / "events")
    file = folder / f"{first}.txt"
    file.write_text(str(first))
    connection = duckdb.connect()
    with made.appender() as appender:
        reading = appender.begin(one_source(file), "bench")
        for begin in range(first, first + events, PART):
            length = min(PART, first + events - begin)
            tables = {}
            at = begin
            for table, share in SHARES.items():
                rows = round(length * share)
                tables[table] = connection.sql(_rows(table, at, rows)).to_arrow_table().cast(TABLES[table].schema)
                at += rows
            appender.append(reading, Batch(tables=tables, records=length, used=length))
        appender.finish(reading)
    return made


def _rows(table: str, begin: int, rows: int) -> str:
    common = {
        "event_id": "printf('%012x%016x', time + 17592186044416, n)", "time": "time", "source": "'bench'",
        "code": "'Bench/1'", "recorder": "'r1'", "file": "'bench'", "record": "n",
    }  # fmt: skip
    filled = {**common, **{name.strip('"'): sql.format(names=NAMES) for name, sql in _FILLED[table].items()}}
    columns = ", ".join(f'{filled.get(column.name, "NULL")} AS "{column.name}"' for column in TABLES[table].columns)
    # Seven days of events; which value an event holds is drawn from its number.
    return (
        f"SELECT {columns} FROM (SELECT n, 1700000000000 + (n * 7919) % 604800000 AS time, "
        f"hash(n * 31 + {len(table)}) % {ADDRESSES} AS drawn, (hash(drawn) >> 8)::BIGINT AS h "
        f"FROM range({begin}, {begin + rows}) t(n))"
    )


def indicators(number: int) -> list[Indicator]:
    """So many indicators, one in a hundred of which is among the events' values."""
    connection = duckdb.connect()
    drawn = f"(hash(CASE WHEN i % 100 = 0 THEN i % {ADDRESSES} ELSE i + 10 * {ADDRESSES} END) >> 8)::BIGINT"
    # Others have names and addresses of their own: a network beyond those of events, another top-level name.
    kinds = f"""
        SELECT CASE
            WHEN i % 100 = 0 THEN {_IP}
            WHEN i % 20 < 11 THEN '2001:db8::' || printf('%x:%x', i // 65536, i % 65536)
            WHEN i % 20 < 12 THEN '2001:db8:' || printf('%x:%x', i // 65536, i % 65536) || '::/64'
            WHEN i % 20 < 16 THEN 'bad' || i || '.evil.example'
            WHEN i % 20 < 18 THEN 'http://bad' || i || '.evil.example/a'
            ELSE sha256('bad' || i) END
        FROM (SELECT i, {drawn} AS h FROM range({number}) t(i))
    """
    return [Indicator(read(text), ("bench",)) for (text,) in connection.execute(kinds).fetchall()]


def main() -> None:
    """Measure, each step in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--indicators", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", nargs=2)
    asked = parser.parse_args()
    if asked.step:
        folder, step = Path(asked.step[1]), asked.step[0]
        state = State.open(folder / "state.db")
        if step == "give":
            given = indicators(asked.indicators)
            measure.told(lambda: (len(give(state, given, who="bench").new), {}))
            return
        events = EventStore.open(folder / "events")
        rows = asked.events if step == "all" else asked.events // 100
        measure.told(lambda: (rows, {"sightings": hunt(state, events), "indicators": count(state)[0]}))
        return
    folder = Path(tempfile.mkdtemp(prefix="indicators-", dir=asked.folder))
    sizes = ("--events", asked.events, "--indicators", asked.indicators)
    script = Path(__file__).name
    try:
        store(folder, asked.events)
        print(measure.alone(script, *sizes, "--step", "give", folder).line("indicators kept"), flush=True)
        figure = measure.alone(script, *sizes, "--step", "all", folder)
        print(figure.line("events looked through for all of them"), json.dumps(figure.extra), flush=True)
        store(folder, asked.events // 100, asked.events)
        figure = measure.alone(script, *sizes, "--step", "more", folder)
        print(figure.line("events of a later load looked through"), json.dumps(figure.extra), flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
