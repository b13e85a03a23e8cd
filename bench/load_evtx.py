"""EVTX files: pyevtx-rs alone, and our event rows from the same files.

.venv/bin/python bench/load_evtx.py parser|rows [ROUNDS]     one measurement, as JSON
.venv/bin/python bench/load_evtx.py                          both, as a table
"""

import sys

import evtx
import measure
import pyarrow as pa
import telemetry

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders.windows import LOADER

ROUNDS = 40


def prepare(rounds: int) -> tuple[int, dict[str, float]]:
    """Make the log, in a process of its own: a process begins with its parent's peak of memory."""
    telemetry.evtx_joined(rounds)
    return rounds, {}


def parser(rounds: int) -> tuple[int, dict[str, float]]:
    """The parser alone: every record as JSON text."""
    return sum(1 for _ in evtx.PyEvtxParser(str(telemetry.evtx_joined(rounds))).records_json()), {}


def rows(rounds: int) -> tuple[int, dict[str, float]]:
    """The loader: every record as rows of event tables, or counted as not used."""
    count, kept = 0, 0
    for batch in LOADER.read(one_source(telemetry.evtx_joined(rounds)), Options()):
        count += batch.records
        kept += sum(table.num_rows for table in batch.tables.values())
    return count, {"rows": kept}


WORK = {"prepare": prepare, "parser": parser, "rows": rows}


def table() -> list[tuple[str, str, measure.Figure]]:
    """Both measurements, each in a process of its own: what it is, its work, its figure."""
    measure.alone(__file__, "prepare", ROUNDS)
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
