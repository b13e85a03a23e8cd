"""`blast-radius`: what a compromised entity could reach, or was reached by, and what would contain it."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.text import Text
from rich.tree import Tree

from graph_hunt.cli.options import FormatOption, Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import (
    Format,
    count,
    err,
    iso,
    many,
    out,
    print_csv,
    print_json,
    print_jsonl,
    row,
    shown,
    table,
)
from graph_hunt.errors import ParameterError
from graph_hunt.hunting.parameter import parse_duration, parse_time
from graph_hunt.hunting.spread import (
    BlastRadius,
    Branch,
    Containment,
    Direction,
    Entity,
    Named,
    Reached,
    Step,
    blast_radius,
    containment,
)
from graph_hunt.hunting.spread.blast import LEAST
from graph_hunt.hunting.spread.containment import ABOVE
from graph_hunt.hunting.tracing import activity_of
from graph_hunt.workspace import Workspace

REACHED_COLUMNS = ("label", "key", "name", "hop", "first_time", "likelihood", "path")
_NAMED = 8
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
    contain: Annotated[bool, typer.Option("--contain", help="Say what to reset and isolate to cut it.")] = False,
    contain_start: Annotated[bool, typer.Option(help="The start itself may be contained.")] = False,
    above: Annotated[float, typer.Option(help="Without targets: save what is at least this likely.")] = ABOVE,
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
        activity, origin = activity_of(opened), Entity(found.label, found.key)
        wanted = [Entity(one.label, one.key) for one in targets]
        radius = blast_radius(
            activity,
            origin,
            at,
            window=length,
            direction=direction,
            targets=wanted,
            limit=limit,
            minimum_likelihood=minimum,
        )
        cut = (
            containment(activity, origin, at, window=length, targets=wanted, above=above, contain_start=contain_start)
            if contain
            else None
        )
    match format:
        case Format.JSON:
            print_json({**radius.to_json(), **({"containment": cut.to_json()} if cut else {})})
        case Format.JSONL:
            print_jsonl(one.as_json() for one in radius.reached)
        case Format.CSV:
            print_csv((one.as_json() for one in radius.reached), REACHED_COLUMNS)
        case Format.TABLE:
            print_radius(radius)
            if cut:
                out.print()
                print_containment(cut)


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


def print_containment(found: Containment) -> None:
    """Print what to contain, what each step saves, and what only containing the start would."""
    if not found.goals:
        out.print(f"nothing else is reached with a likelihood of {found.above:.0%} or more")
        return
    out.print(Text(f"to save: {_names(found.goals)}"))
    if found.cut:
        fewest = "the fewest steps that save all" if found.smallest else "steps that save all (fewer may do)"
        out.print(Text(f"{fewest}: {_steps(found.cut)}"))
    if found.single_points:
        out.print(Text(f"each of these alone saves all: {_steps(found.single_points)}"))
    if found.in_order:
        made = table("step", "entity", "saves more:n")
        for step in found.in_order:
            row(made, step.action, f"{step.entity.label} {step.entity.name}", count(step.saves))
        out.print(made)
    if found.not_saved:
        out.print(Text(f"reached straight from the start: {_names(found.not_saved)}"))
    for note in found.notes:
        err.print(note)


def _names(entities: Sequence[Named]) -> str:
    shown_ones = ", ".join(shown(one.name) for one in entities[:_NAMED])
    hidden = len(entities) - _NAMED
    return f"{shown_ones} and {count(hidden)} more" if hidden > 0 else shown_ones


def _steps(steps: Sequence[Step]) -> str:
    return ", ".join(f"{step.action} {shown(step.entity.name)} (saves {count(step.saves)})" for step in steps)
