"""`indicator`: what threat intelligence names, kept, looked for in all that is loaded, let pass, ended."""

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.casework.after import after_change
from graph_hunt.casework.indicators import repository
from graph_hunt.casework.indicators.export import ExportFormat, exported
from graph_hunt.casework.indicators.hunt import again
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.promotion import USUAL, promote
from graph_hunt.casework.indicators.ranking import rank
from graph_hunt.casework.indicators.reading import read_file
from graph_hunt.casework.indicators.value import Kind, read
from graph_hunt.casework.state import State
from graph_hunt.cli.after import print_after
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, err, iso, many, out, print_json, row, shown, table
from graph_hunt.cli.token import local_user, store
from graph_hunt.errors import InputError
from graph_hunt.hunting.parameter import parse_duration
from graph_hunt.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="Indicators: imported, matched against all that is loaded, let pass.")
KindOption = Annotated[Kind | None, typer.Option(help="What it is, where its form does not tell.")]
ValueArgument = Annotated[str, typer.Argument(help="A value, defanged or not.")]


@app.command("import")
def import_files(
    files: Annotated[
        list[Path], typer.Argument(help="STIX 2.1, MISP (event or feed's folder), OpenIOC, CSV or plain text.")
    ],
    source: Annotated[str, typer.Option(help="Who says so, where the file does not.")] = "",
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Keep what files name, and look for it in all that is loaded."""
    found = [one for file in files for one in read_file(file, source)]
    bad = [one for one in found if isinstance(one, InputError)]
    for one in bad:
        err.print(Text(shown(str(one))))
    _give([one for one in found if isinstance(one, Indicator)], workspace, neo4j)
    if bad:
        raise typer.Exit(1)


@app.command()
def add(
    value: Annotated[str | None, typer.Argument(help="A value, defanged or not.")] = None,
    kind: Annotated[
        list[Kind] | None,
        typer.Option(
            help="What it is, where its form does not tell; of a finding: what to take of it, may be repeated."
        ),
    ] = None,
    source: Annotated[str, typer.Option(help="Who says so.")] = "",
    confidence: Annotated[int | None, typer.Option(min=0, max=100, help="How sure that is.")] = None,
    finding: Annotated[
        str | None, typer.Option("--from-finding", help="Take what a finding names, by its id: URLs and hashes.")
    ] = None,
    case: Annotated[
        int | None, typer.Option(help="The case that says so; without a finding, all findings that it keeps.")
    ] = None,
    hunt: Annotated[list[str] | None, typer.Option(help="The hunt that found it, where it is in no run.")] = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Keep one value, or what findings name, and look for it in all that is loaded."""
    if (value is None) == (finding is None and case is None):
        raise typer.BadParameter("give a value, or --from-finding, or --case")
    if value is not None:
        one = Indicator(read(value, kind[0] if kind else None), (source or local_user(),), confidence)
        _give([one], workspace, neo4j)
        return
    with Workspace.open(settings(workspace, neo4j)) as opened, store(workspace) as state:
        said = {"finding": finding, "case": case, "kinds": kind or USUAL, "hunts": hunt or [], "confidence": confidence}
        done = promote(opened, state, who=local_user(), **said)  # type: ignore[arg-type]  # mixed values
        for taken in done.values:
            out.print(Text(f"{taken.kind.value} {shown(taken.text)}"))
        print_given(done.given, follow(opened, state))


def _give(found: list[Indicator], workspace: Path | None, neo4j: str | None) -> None:
    with Workspace.open(settings(workspace, neo4j)) as opened, store(workspace) as state:
        given = repository.give(state, found, who=local_user())
        print_given(given, follow(opened, state))


def follow(opened: Workspace, state: State) -> int:
    """Look for what is new, and tell of it; give the new sightings."""
    after = after_change(opened, state)
    print_after(replace(after, sightings=0))
    return after.sightings


def print_given(given: repository.Given, met: int) -> None:
    """Say what became of what was given."""
    numbers = f"{count(len(given.new))} new, {count(len(given.changed))} changed, {count(given.same)} known"
    out.print(f"indicators: {numbers}; {many(met, 'new sighting')}")


@app.command("list")
def list_indicators(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over or let pass.")] = False,
    ranked: Annotated[
        bool, typer.Option("--rank", help="Those that were met, by how far a compromise could have spread from there.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """List the indicators, those most often met first."""
    reached: dict[str, float] = {}
    with store(workspace) as state:
        found = repository.kept(state, live=None if every else _now())
        if ranked:
            with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
                ordered = rank(opened, state, found)
            found = [one.kept for one in ordered]
            reached = {one.kept.indicator.value.id: one.reached for one in ordered}
    if json:
        print_json([as_json(one, reached.get(one.indicator.value.id)) for one in found])
        return
    made = table("kind", "value", "sources", "sightings:n", "last", "until", *(["reached:n"] if ranked else []))
    for one in found:
        said = one.indicator
        cells = [said.value.kind.value, shown(said.value.text), shown(", ".join(said.sources)), count(one.sightings)]
        more = [f"{reached[said.value.id]:.1f}"] if ranked else []
        row(made, *cells, iso(one.last), iso(said.until), *more)
    out.print(made)


def as_json(one: repository.Kept, reached: float | None = None) -> dict[str, Any]:
    """An indicator as the command line shows it."""
    said = {
        **one.indicator.said(),
        "since": iso(one.indicator.since) or None,
        "until": iso(one.indicator.until) or None,
        "added": iso(one.added),
        "sightings": one.sightings,
        "first_sighting": iso(one.first) or None,
        "last_sighting": iso(one.last) or None,
    }
    return said if reached is None else {**said, "reached": reached}


@app.command()
def show(value: ValueArgument, kind: KindOption = None, workspace: WorkspaceOption = None) -> None:
    """Show an indicator, and where it was met last, as JSON."""
    wanted = read(value, kind)
    with store(workspace) as state:
        kept = repository.get(state, wanted)
        met = repository.sightings(state, wanted)
    places = [
        {"at": iso(one.at), "table": one.table, "field": one.field, "value": one.value, "event": one.event}
        for one in met
    ]
    print_json({**as_json(kept), "met": places})


@app.command()
def allow(
    value: ValueArgument,
    reason: Annotated[str, typer.Option(help="Why it may pass.")],
    kind: KindOption = None,
    span: Annotated[str | None, typer.Option("--for", help="A span, such as 30d; for good without it.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Let a value pass, and what lies within it: a domain's names, a network's addresses."""
    until = _now() + parse_duration(span) if span else None
    with store(workspace) as state:
        repository.allow(state, read(value, kind), reason=reason, who=local_user(), until=until)


@app.command()
def expire(value: ValueArgument, kind: KindOption = None, workspace: WorkspaceOption = None) -> None:
    """End an indicator now: it is kept, with its sightings, and no longer looked for."""
    with store(workspace) as state:
        repository.expire(state, read(value, kind), who=local_user())


@app.command()
def match(workspace: WorkspaceOption = None, neo4j: Neo4jOption = None) -> None:
    """Look for all indicators in all that is loaded; sightings that are kept already are not counted again."""
    with Workspace.open(settings(workspace, neo4j)) as opened, store(workspace) as state:
        again(state)
        met = follow(opened, state)
    out.print(many(met, "new sighting"))


@app.command()
def export(
    format: Annotated[ExportFormat, typer.Option("--format", "-f", help="csv, stix (2.1) or misp.")] = ExportFormat.CSV,
    sightings: Annotated[bool, typer.Option("--sightings", help="STIX: also how often and when each was met.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write those that are looked for; `indicator import` reads it back the same."""
    with store(workspace) as state:
        sys.stdout.write(exported(repository.kept(state, live=_now()), format, sightings=sightings))


@app.command()
def forbid(value: ValueArgument, kind: KindOption = None, workspace: WorkspaceOption = None) -> None:
    """Let a value no longer pass: it is looked for again, in what came meanwhile too."""
    with store(workspace) as state:
        repository.forbid(state, read(value, kind), who=local_user())


def _now() -> int:
    return time.time_ns() // 1_000_000
