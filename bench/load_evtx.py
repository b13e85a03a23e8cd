#!/usr/bin/env python3
"""EVTX files: pyevtx-rs alone, and our event rows from the same files.

bench/load_evtx.py parser|rows [ROUNDS]     one measurement, as JSON
bench/load_evtx.py                          both, as a table
"""

import sys

import evtx
import measure
import pyarrow as pa
import telemetry

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders.windows import LOADER

ROUNDS = 4


def parser(rounds: int) -> tuple[int, dict[str, float]]:
    """The parser alone: every record as JSON text."""
    count = 0
    for _ in range(rounds):
        for path in telemetry.evtx():
            for _record in evtx.PyEvtxParser(str(path)).records_json():
                count += 1
    return count, {}


def rows(rounds: int) -> tuple[int, dict[str, float]]:
    """The loader: every record as rows of event tables, or counted as not used."""
    count, kept = 0, 0
    for _ in range(rounds):
        for path in telemetry.evtx():
            for batch in LOADER.read(one_source(path), Options()):
                count += batch.records
                kept += sum(table.num_rows for table in batch.tables.values())
    return count, {"rows": kept}


WORK = {"parser": parser, "rows": rows}


def table() -> list[tuple[str, str, measure.Figure]]:
    """Both measurements, each in a process of its own: what it is, its work, its figure."""
    names = {"parser": "the limit: pyevtx-rs alone, records to JSON text", "rows": "records to event rows"}
    return [(name, work, measure.best(__file__, work, ROUNDS)) for work, name in names.items()]


def main() -> None:
    """Measure."""
    if len(sys.argv) > 1:
        rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
        pa.array([""])
        measure.told(lambda: WORK[sys.argv[1]](rounds))
        return
    for name, _, figure in table():
        print(figure.line(name))


if __name__ == "__main__":
    main()
