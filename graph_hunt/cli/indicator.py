"""`indicator`: what threat intelligence names, kept, looked for in all that is loaded, let pass, ended."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework.indicators import repository
from graph_hunt.casework.indicators.drawing import draw
from graph_hunt.casework.indicators.export import as_csv
from graph_hunt.casework.indicators.hunt import again, hunt
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.reading import read_file
from graph_hunt.casework.indicators.value import Kind, read
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
    files: Annotated[list[Path], typer.Argument(help="STIX 2.1, MISP (event or feed's folder), CSV or plain text.")],
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
    value: ValueArgument,
    kind: KindOption = None,
    source: Annotated[str, typer.Option(help="Who says so.")] = "",
    confidence: Annotated[int | None, typer.Option(min=0, max=100, help="How sure that is.")] = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Keep one value, and look for it in all that is loaded."""
    one = Indicator(read(value, kind), (source or local_user(),), confidence)
    _give([one], workspace, neo4j)


def _give(found: list[Indicator], workspace: Path | None, neo4j: str | None) -> None:
    with Workspace.open(settings(workspace, neo4j)) as opened, store(workspace) as state:
        given = repository.give(state, found, who=local_user())
        met = hunt(state, opened.events)
        draw(state, opened.graph)
    numbers = f"{count(len(given.new))} new, {count(len(given.changed))} changed, {count(given.same)} known"
    out.print(f"indicators: {numbers}; {many(met, 'new sighting')}")


@app.command("list")
def list_indicators(
    every: Annotated[bool, typer.Option("--all", help="Also those that are over or let pass.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List the indicators, those most often met first."""
    with store(workspace) as state:
        found = repository.kept(state, live=None if every else _now())
    if json:
        print_json(
            [
                {
                    **one.indicator.said(),
                    "since": iso(one.indicator.since) or None,
                    "until": iso(one.indicator.until) or None,
                    "sightings": one.sightings,
                    "last_sighting": iso(one.last) or None,
                }
                for one in found
            ]
        )
        return
    made = table("kind", "value", "sources", "sightings:n", "last", "until")
    for one in found:
        said = one.indicator
        sources = shown(", ".join(said.sources))
        row(
            made,
            said.value.kind.value,
            shown(said.value.text),
            sources,
            count(one.sightings),
            iso(one.last),
            iso(said.until),
        )
    out.print(made)


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
        met = hunt(state, opened.events)
        draw(state, opened.graph)
    out.print(many(met, "new sighting"))


@app.command()
def export(workspace: WorkspaceOption = None) -> None:
    """Write those that are looked for as CSV, which `indicator import` reads back."""
    with store(workspace) as state:
        sys.stdout.write(as_csv(one.indicator for one in repository.kept(state, live=_now())))


def _now() -> int:
    return time.time_ns() // 1_000_000
