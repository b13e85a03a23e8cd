"""`demo`: the bundled telemetry, loaded, hunted and traced, as one would do with one's own."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt import loaders
from graph_hunt.cli.hunts import print_runs
from graph_hunt.cli.load import print_loaded, progress_bars
from graph_hunt.cli.output import Format, iso, out, shown
from graph_hunt.cli.spread import print_containment, print_radius
from graph_hunt.hunting import library
from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.runner import run_all
from graph_hunt.hunting.spread import Entity, blast_radius, containment
from graph_hunt.hunting.tracing import activity_of
from graph_hunt.hunting.window import resolve
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

TELEMETRY = Path(__file__).parent / "telemetry"


def demo(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", "-w", help="Where to put it; a temporary folder where not said.")
    ] = None,
    steps: Annotated[bool, typer.Option("--steps/--no-steps", help="Say what to try next.")] = True,
) -> None:
    """Load the bundled telemetry, hunt in it, trace the blast radius, and say what to try next."""
    place = workspace or Path(tempfile.gettempdir()) / "graph-hunt-demo"
    if workspace is None:
        shutil.rmtree(place, ignore_errors=True)
    with Workspace.open(Settings(place)) as opened:
        _heading("1. Load: three Windows hosts of a lab, 5 and 6 August 2020 (OTRF Security-Datasets, MIT)")
        with progress_bars() as (reading, writing):
            loaded = opened.load(sorted(TELEMETRY.glob("*.zip")), progress=reading, advance=writing)
        print_loaded(loaded)
        _heading("2. Hunt: what the library finds in it; findings of one story are one incident")
        hunts = library.all_hunts()
        window = resolve(*opened.span(), bucket=opened.preferences.bucket)
        runs = run_all(hunts, opened.graph, opened.events.codes(), window=window)
        findings = print_runs(runs, Format.TABLE, len(hunts), opened.graph)
        start = _suspect(findings)
        if start is None:
            return
        suspect, at = start
        _heading(f"3. Blast radius: {shown(suspect.name)} was compromised at {iso(at)}; what could that reach?")
        activity = activity_of(opened)
        radius = blast_radius(activity, Entity(suspect.label, suspect.key), at)
        print_radius(radius)
        _heading("4. Containment: the fewest accounts and hosts that cut it")
        print_containment(containment(activity, Entity(suspect.label, suspect.key), at, contain_start=True))
    if steps:
        _next_steps(place, suspect, at)


def _heading(text: str) -> None:
    out.print()
    out.print(Text(text, style="bold"))
    out.print()


def _suspect(findings: list[Finding]) -> tuple[Involved, int] | None:
    """The user whom the gravest findings name most, and the time of the first of them."""
    named: dict[str, list[tuple[Finding, Involved]]] = {}
    for finding in findings:
        for one in finding.entities:
            if one.label == "User" and finding.level.rank >= 2:
                named.setdefault(one.key, []).append((finding, one))
    if not named:
        return None
    most = max(named.values(), key=lambda pairs: (sum(finding.level.rank for finding, _ in pairs), pairs[0][1].key))
    return most[0][1], min(finding.first_seen for finding, _ in most)


def _next_steps(place: Path, suspect: Involved, at: int) -> None:
    _heading("Try next")
    name = suspect.name.replace("'", "'\\''")
    for line in (
        f"graph-hunt pivot '{name}' -w {place}",
        f"graph-hunt hunts -w {place}",
        f"graph-hunt hunt --all --format json -w {place}",
        f"graph-hunt blast-radius '{name}' --from {iso(at)} --direction reached_by -w {place}",
        "graph-hunt load YOUR.evtx",
    ):
        out.print(Text("  " + line), soft_wrap=True)
    out.print()
    known = ", ".join(loader.name for loader in loaders.all_loaders())
    out.print(f"Loaders: {known}. docs/loaders.md says how to export each.")
