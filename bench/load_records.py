"""Loaders that read record by record: a sample repeated to a hundred thousand records, read by its loader.

.venv/bin/python bench/load_records.py SAMPLE [WORKERS]     one measurement, as JSON
.venv/bin/python bench/load_records.py                      all of them, as a table

SAMPLE is a file under tests/samples with a record a line.
"""

import sys
import tempfile
from pathlib import Path

import measure
import pyarrow as pa
import telemetry

from graph_hunt import loaders
from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options

SAMPLES = telemetry.ROOT / "tests" / "samples"
NAMES = (
    "m365/management_activity.jsonl",
    "m365/search_unified_audit_log.csv",
    "entra/azure_monitor.jsonl",
    "entra/portal_signins.csv",
    "alerts/hayabusa.jsonl",
    "alerts/hayabusa.csv",
    "lanl/flows.txt",
    "message_trace/reporting_service.jsonl",
    "message_trace/extended.csv",
    "syslog/auth.log",
    "syslog/journal.jsonl",
    "auditd/audit.log",
    "iis/u_ex240603.log",
    "defender/event_hub.jsonl",
    "defender/portal_logons.csv",
    "google_workspace/activities.jsonl",
    "okta/event_stream.jsonl",
    "ecs/documents.jsonl",
    "ocsf/events.jsonl",
)
SIDE_BY_SIDE = ("okta/event_stream.jsonl", "m365/management_activity.jsonl")
"""Those measured with two processes as well."""
RECORDS = 100_000


def repeated(sample: Path, file: Path) -> None:
    """Write the sample's records over and over, its header once."""
    lines = sample.read_bytes().splitlines(keepends=True)
    header = lines[:1] if sample.suffix == ".csv" else []
    body = lines[len(header) :]
    with file.open("wb") as stream:
        stream.writelines([*header, *(body * (RECORDS // len(body) + 1))])


def work(sample: str, workers: int = 1) -> None:
    """Read it by so many processes."""
    pa.array([""])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, Path(sample).name)
        repeated(SAMPLES / sample, file)
        source = one_source(file)
        loader = loaders.find(source)
        if loader is None:
            raise SystemExit(f"no loader claims {sample}")
        measure.told(lambda: (sum(batch.records for batch in loaders.read(loader, source, Options(), workers)), {}))


def table() -> list[tuple[str, str, measure.Figure]]:
    """Every measurement, each in a process of its own: what it is, its work, its figure."""
    alone = [(f"`{name}` repeated", name, measure.best(__file__, name)) for name in NAMES]
    return alone + [
        (f"`{name}` repeated, by two processes", f"{name} 2", measure.best(__file__, name, 2)) for name in SIDE_BY_SIDE
    ]


def main() -> None:
    """Measure."""
    if len(sys.argv) > 1:
        work(sys.argv[1], *map(int, sys.argv[2:3]))
        return
    for name, _, figure in table():
        print(figure.line(name))


if __name__ == "__main__":
    main()
