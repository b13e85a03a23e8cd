"""`blast-radius`: what a compromised entity could reach, or was reached by, and what would contain it."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.text import Text
from rich.tree import Tree

from graph_hunt.cli.options import FormatOption, Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import Format, count, err, iso, many, out, print_csv, print_json, print_jsonl, shown
from graph_hunt.errors import ParameterError
from graph_hunt.hunting.parameter import parse_duration, parse_time
from graph_hunt.hunting.spread.activity import Activity, Entity
from graph_hunt.hunting.spread.blast import LEAST, blast_radius
from graph_hunt.hunting.spread.radius import BlastRadius, Branch, Direction, Reached
from graph_hunt.hunting.tracing import activity_of
from graph_hunt.workspace import Workspace

REACHED_COLUMNS = ("label", "key", "name", "hop", "first_time", "likelihood", "path")
STYLES = {"User": "cyan", "Host": "green", "IP": "magenta"}


def blast_radius_command(
    entity: Annotated[str, typer.Argument(help="A user, host or address, by any of its names.")],
    start: Annotated[
        str | None, typer.Option("--from", help="When it was compromised; without it, the first event loaded.")
    ] = None,
    window: Annotated[str, typer.Option(help="How long to follow it.")] = "7d",
    direction: Annotated[
        Direction, typer.Option(help="What it reaches, or what it was reached by.")
    ] = Direction.REACHES,
    target: Annotated[
        list[str] | None, typer.Option(help="Say of this entity whether it is reached; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Entities to print, the likeliest first.")] = 40,
    minimum: Annotated[float, typer.Option("--minimum-likelihood", help="Leave out what is less likely.")] = LEAST,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Trace the blast radius: everything that could be compromised after it, in order of time, ranked."""
    try:
        length = parse_duration(window)
    except (ValueError, TypeError) as error:
        raise ParameterError(f"--window must be a span such as 7d, not {window!r}") from error
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        found, *targets = opened.entities([entity, *(target or [])])
        at = opened.span()[0] if start is None else _moment(start)
        radius = blast_radius(
            activity_of(opened),
            Entity(found.label, found.key),
            at,
            window=length,
            direction=direction,
            targets=[Entity(one.label, one.key) for one in targets],
            limit=limit,
            minimum_likelihood=minimum,
        )
    match format:
        case Format.JSON:
            print_json(radius.to_json())
        case Format.JSONL:
            print_jsonl(one.as_json() for one in radius.reached)
        case Format.CSV:
            print_csv((one.as_json() for one in radius.reached), REACHED_COLUMNS)
        case Format.TABLE:
            print_radius(radius)


def _moment(text: str) -> int:
    try:
        return parse_time(text)
    except ValueError as error:
        raise ParameterError(f"--from must be a time such as 2020-08-06T06:26:00Z, not {text!r}") from error


def print_radius(radius: BlastRadius) -> None:
    """Print the radius as a tree: under each entity those reached through it, with time, rule and likelihood."""
    verb = "reaches" if radius.direction is Direction.REACHES else "was reached by"
    tree = Tree(
        Text.assemble(
            (shown(radius.start.name), "bold"),
            f" compromised at {iso(radius.at)} {verb} {_totals(radius.total.items())}",
        )
    )
    _hang(tree, radius.tree(), radius.direction)
    out.print(tree)
    for missed in radius.not_reached:
        out.print(Text(f"not reached: {missed.label} {shown(missed.name)}"))
    hidden = sum(radius.total.values()) - len(radius.reached)
    if hidden > 0:
        err.print(f"{count(hidden)} less likely ones are not shown (--limit)")
    for note in radius.notes:
        err.print(note)


def _totals(totals: Iterable[tuple[str, int]]) -> str:
    return ", ".join(many(number, label) for label, number in totals) or "nothing"


def _hang(tree: Tree, branch: Branch, direction: Direction) -> None:
    for child in branch.children:
        if child.reached is not None:
            _hang(tree.add(_line(child.reached, direction)), child, direction)


def _line(reached: Reached, direction: Direction) -> Text:
    hop: Any = reached.path[-1] if direction is Direction.REACHES else reached.path[0]
    return Text.assemble(
        (f"{reached.likelihood:6.1%} ", "bold"),
        (f"{reached.label} ", "dim"),
        (shown(reached.name), STYLES.get(reached.label, "")),
        (f"  {iso(hop.at)}  ", "dim"),
        shown(hop.words),
    )


def print_containment(activity: Activity, radius: BlastRadius) -> None:
    """Print what to reset and isolate, and what each saves."""
