"""Run the benchmarks and write their tables into docs/benchmarks.md (see bench/run)."""

import argparse
import os
import platform
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import both_engines
import load_evtx
import load_lanl
import load_mapped
import load_records
import rank_logons
import write_graph

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
HEADER = "| work | command | count | seconds | rate | peak memory |\n|---|---|---|---|---|---|\n"


def _row(name: str, command: str, figure: load_lanl.measure.Figure) -> str:
    extra = "".join(f"; {key.replace('_', ' ')} {value:,.0f}" for key, value in figure.extra.items())
    cells = (name, f"`{command}`", f"{figure.count:,}{extra}", f"{figure.seconds:.2f}", figure.pace)
    return f"| {' | '.join(cells)} | {figure.peak_mb:,} MB |\n"


def lanl(events: int) -> str:
    """The table of LANL at one size."""
    lines = [HEADER]
    lines += [
        _row(name, f"bench/load_lanl.py {work.format(events=events)}", figure)
        for name, work, figure in load_lanl.table(events)
    ]
    return "".join(lines)


def evtx(_: int) -> str:
    """The table of EVTX."""
    return HEADER + "".join(
        _row(name, f"bench/load_evtx.py {work}", figure) for name, work, figure in load_evtx.table()
    )


def records(_: int) -> str:
    """The table of record loaders."""
    lines = [_row(name, f"bench/load_records.py {work}", figure) for name, work, figure in load_records.table()]
    lines += [_row(name, f"bench/load_mapped.py {work}", figure) for name, work, figure in load_mapped.table()]
    return HEADER + "".join(lines)


def logons(_: int) -> str:
    """The table of logons loaded and ranked, beside LogonTracer's figure."""
    lines = [_row(name, f"bench/rank_logons.py {work}", figure) for name, work, figure in rank_logons.table()]
    return f"{HEADER}{''.join(lines)}| LogonTracer, 4,000 logons | | 4,000 | {rank_logons.LOGONTRACER} | | |\n"


def graph(_: int) -> str:
    """The table of writing to both engines."""
    return HEADER + "".join(
        _row(name, f"bench/write_graph.py {work} 1000000", figure)
        for name, work, figure in write_graph.table(1_000_000)
    )


def both(_: int) -> str:
    """The table of whole loads and hunts on both engines."""
    return HEADER + "".join(
        _row(name, f"bench/both_engines.py {work} 1000000", figure)
        for name, work, figure in both_engines.table(1_000_000)
    )


def blast(_: int) -> str:
    """What the measurement of blast radius prints, at both sizes."""
    printed = []
    for size, seeds in (("1_000_000", ("7", "21", "22")), ("10_000_000", ("7",))):
        arguments = ["bench/blast_radius.py", "--events", size, "--seeds", *seeds]
        given = {**os.environ, "PYTHONPATH": "."}
        told = subprocess.run(
            [sys.executable, *arguments], check=True, capture_output=True, text=True, env=given
        ).stdout
        printed.append(f"`PYTHONPATH=. .venv/bin/python {' '.join(arguments)}`\n{told}\n")
    return "".join(printed)


def page(_: int) -> str:
    """What the page costs a person in time, as `browse.py` prints it."""
    arguments = ["bench/browse.py"]
    told = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout
    return f"`.venv/bin/python {' '.join(arguments)}`\n\n{told}\n"


def serve(_: int) -> str:
    """What a server answers in, as `serve.py` prints it."""
    arguments = ["bench/serve.py", "--events", "10_000_000"]
    given = {**os.environ, "PYTHONPATH": "."}
    told = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, env=given).stdout
    return f"`PYTHONPATH=. .venv/bin/python {' '.join(arguments)}`\n\n{told}\n"


def _write(mark: str, text: str) -> None:
    document = DOCUMENT.read_text()
    begin, end = f"<!-- bench:{mark} -->", "<!-- bench:end -->"
    pattern = re.compile(re.escape(begin) + r"\n.*?" + re.escape(end), re.DOTALL)
    if not pattern.search(document):
        raise SystemExit(f"{DOCUMENT}: no marker {begin}")
    DOCUMENT.write_text(pattern.sub(lambda _: f"{begin}\n{text}{end}", document, count=1))


def _machine() -> str:
    programs = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pyarrow", "kglite", "evtx"))
    return f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {programs}.\n"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", nargs="*", default=["1_000_000", "10_000_000"])
    parser.add_argument(
        "--only", nargs="*", default=["lanl", "evtx", "logons", "records", "graph", "both", "blast", "serve", "page"]
    )
    parser.add_argument("--print", action="store_true")
    chosen = parser.parse_args()
    tables = {}
    for size in chosen.events if "lanl" in chosen.only else []:
        events = int(size.replace("_", ""))
        tables[f"lanl-{events}"] = lambda events=events: lanl(events)
    for name, make in (
        ("evtx", evtx),
        ("logons", logons),
        ("records", records),
        ("graph", graph),
        ("both", both),
        ("blast", blast),
        ("serve", serve),
        ("page", page),
    ):
        if name in chosen.only:
            tables[name] = lambda make=make: make(0)
    for mark, make in tables.items():
        text = make()
        print(f"{mark}\n{text}", flush=True)
        if not chosen.print:
            _write(mark, text)
    if not chosen.print:
        _write("machine", _machine())


if __name__ == "__main__":
    main()
