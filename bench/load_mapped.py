"""Sources of one's own by a mapping file: CSV in bulk, and JSON lines record by record.

.venv/bin/python bench/load_mapped.py csv|json     one measurement, as JSON
.venv/bin/python bench/load_mapped.py              both, as a table
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import measure
import orjson
import pyarrow as pa
import telemetry

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders.mapped import Mapped, read_mapping

MAPPING = telemetry.ROOT / "tests" / "mapping" / "vpn.toml"
COUNTS = {"csv": 1_000_000, "json": 100_000}
_USERS = [f"CORP\\user{number}" for number in range(500)] + [f"guest{number}@acme.example" for number in range(50)]
_HEADER = ("date", "event", "user", "client_ip", "client_port", "assigned_ip", "device", "agent", "error")


def lines(count: int) -> Iterator[tuple[str, ...]]:
    """Make a gateway's lines: sign-ins, failures, leases."""
    chance = random.Random(7)
    moment = datetime(2026, 3, 2, 8)
    for _ in range(count):
        moment += timedelta(seconds=chance.randint(0, 2))
        event = chance.choice(("LOGIN", "LOGIN", "LOGIN_FAIL", "LEASE", "LOGOUT"))
        user, host = chance.choice(_USERS), f"pc{chance.randint(1, 500)}.corp.example"
        address, port = f"203.0.113.{chance.randint(1, 254)}", str(chance.randint(1024, 65535))
        error = "bad password" if event == "LOGIN_FAIL" else ""
        given = f"10.8.{chance.randint(0, 3)}.{chance.randint(1, 254)}"
        yield f"{moment:%d/%m/%Y %H:%M:%S}", event, user, address, port, given, host, "Client 5", error


def work(form: str) -> None:
    """Write the telemetry and read it."""
    pa.array([""])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"vpn.{form}")
        with file.open("wb") as stream:
            if form == "csv":
                stream.write(";".join(_HEADER).encode() + b"\n")
                stream.writelines(";".join(line).encode() + b"\n" for line in lines(COUNTS[form]))
            else:
                for line in lines(COUNTS[form]):
                    stream.write(orjson.dumps(dict(zip(_HEADER, line, strict=True))) + b"\n")
        source, loader = one_source(file), Mapped(read_mapping(MAPPING))
        measure.told(lambda: (sum(batch.records for batch in loader.read(source, Options())), {}))


def table() -> list[tuple[str, str, measure.Figure]]:
    """Every measurement, each in a process of its own: what it is, its work, its figure."""
    names = {"csv": "`--map`, CSV", "json": "`--map`, JSON lines"}
    return [(name, form, measure.best(__file__, form)) for form, name in names.items()]


def main() -> None:
    """Measure."""
    if len(sys.argv) > 1:
        work(sys.argv[1])
        return
    for name, _, figure in table():
        print(figure.line(name))


if __name__ == "__main__":
    main()
