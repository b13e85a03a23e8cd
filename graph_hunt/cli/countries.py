"""`countries`: what the organisation says of countries, and where accounts came from."""

from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework.countries.changing import change
from graph_hunt.casework.countries.habit import met
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, iso, out, print_json, row, table
from graph_hunt.cli.token import local_user, store
from graph_hunt.events.countries import read_countries, written
from graph_hunt.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="Countries: high risk, expected, and where accounts came from.")
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command("set")
def set_countries(
    high_risk: Annotated[str | None, typer.Option(help="ISO codes between commas, as KP,IR; '' for none.")] = None,
    expected: Annotated[str | None, typer.Option(help="ISO codes of where people work, as FR,BE.")] = None,
    population: Annotated[
        list[str] | None, typer.Option(help="More of them for users with a tag, as sales=US,DE; may be repeated.")
    ] = None,
    egress: Annotated[
        list[str] | None, typer.Option(help="A way out or VPN, as 'office=203.0.113.0/24'; may be repeated.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Say which countries are of high risk or expected; what is given replaces what was."""
    place = settings(workspace, None).workspace
    with store(workspace) as state:
        after = change(
            state,
            place,
            who=local_user(),
            high_risk=_list(high_risk),
            expected=_list(expected),
            populations=_named(population, "--population"),
            egress=_named(egress, "--egress"),
        )
    out.print(Text(written(after)))
    out.print("watched for from the next load on; at once with `graph-hunt detect --once`")


@app.command()
def show(workspace: WorkspaceOption = None) -> None:
    """Show what is said, as countries.toml has it."""
    out.print(Text(written(read_countries(settings(workspace, None).workspace))))


@app.command("met")
def list_met(
    user: Annotated[str | None, typer.Argument(help="Only this account's, by any of its names.")] = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """List the countries that accounts came from, or one account's habit, ways out left out."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        key = opened.entities([user])[0].key if user else None
        found = met(opened, key)
    if json:
        print_json(
            [
                {
                    "country": one.country, "word": one.word or None, "users": one.users, "days": one.days,
                    "successes": one.successes, "failures": one.failures,
                    "first": iso(one.first), "last": iso(one.last),
                }
                for one in found
            ]
        )  # fmt: skip
        return
    made = table("country", "", "users:n", "days:n", "let in:n", "refused:n", "first", "last")
    for one in found:
        numbers = map(count, (one.users, one.days, one.successes, one.failures))
        row(made, one.country, one.word.replace("_", " "), *numbers, iso(one.first), iso(one.last))
    out.print(made)


def _list(text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def _named(given: list[str] | None, option: str) -> dict[str, list[str]] | None:
    if given is None:
        return None
    found = {}
    for text in given:
        name, equals, rest = text.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"{option} {text}: expected name=…")
        found[name.strip()] = _list(rest) or []
    return found
