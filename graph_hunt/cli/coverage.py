"""`coverage`: what of ATT&CK the hunts see in this workspace, and which log would open the rest."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.cli.options import FormatOption, Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import Format, err, many, out, print_csv, print_json, print_jsonl, row, shown, table
from graph_hunt.hunting import attack, library
from graph_hunt.hunting.coverage import Coverage, Covered, State, coverage, layer
from graph_hunt.hunting.export import as_json
from graph_hunt.workspace import Workspace

_STYLES = {State.SEEN: "green", State.PARTLY: "yellow", State.BLIND: "red", State.NO_HUNT: "dim"}
_WORDS = {State.SEEN: "seen", State.PARTLY: "partly", State.BLIND: "cannot see", State.NO_HUNT: "no hunt"}
_COLUMNS = ("technique", "name", "tactics", "state", "hunts", "url")


def coverage_command(
    navigator: Annotated[
        Path | None, typer.Option(help="Write a layer for the ATT&CK Navigator to this file.", dir_okay=False)
    ] = None,
    every: Annotated[bool, typer.Option("--every", help="List techniques without a hunt too.")] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Say what of ATT&CK has a hunt, what this telemetry lets it see, and which log would open what it cannot."""
    found = coverage(Workspace.codes_of(settings(workspace, neo4j)))
    shown_techniques = [one for one in found.techniques if one.hunts or every]
    match format:
        case Format.JSON:
            print_json(found.as_json())
        case Format.JSONL:
            print_jsonl(one.as_json() for one in shown_techniques)
        case Format.CSV:
            print_csv((_flat(one) for one in shown_techniques), _COLUMNS)
        case Format.TABLE:
            _print_matrix(found, every)
            _print_openings(found)
    if navigator:
        navigator.write_text(as_json(layer(found)) + "\n", encoding="utf-8")
        err.print(f"layer for the ATT&CK Navigator: {shown(navigator)}")


def _flat(one: Covered) -> dict[str, object]:
    return {**one.as_json(), "hunts": [sight.hunt.id for sight in one.hunts]}


def _print_matrix(found: Coverage, every: bool) -> None:
    made = table("tactic", "technique", "", "state", "hunts")
    for tactic in attack.tactics():
        column = [one for one in found.of_tactic(tactic) if one.hunts or every]
        for place, one in enumerate(column):
            row(
                made,
                tactic.name if place == 0 else "",
                one.technique.id,
                one.technique.name,
                Text(_WORDS[one.state], style=_STYLES[one.state]),
                _hunts(one),
            )
    out.print(made)


def _hunts(one: Covered) -> Text:
    """The hunts that see in green, the others in red."""
    text = Text()
    for place, sight in enumerate(one.hunts):
        text.append(", " if place else "")
        text.append(sight.hunt.id, style="green" if sight.sees else "red")
    return text


def _print_openings(found: Coverage) -> None:
    hunted = [one for one in found.techniques if one.hunts]
    seen = sum(one.state in (State.SEEN, State.PARTLY) for one in hunted)
    out.print(
        Text(
            f"\n{len(library.all_hunts())} hunts look for {len(hunted)} of {many(len(found.techniques), 'technique')}; "
            f"this telemetry shows {seen} of them, wholly or in part."
        )
    )
    if found.openings:
        made = table("more telemetry would open", "hunts", "how to get it", title="\nWhat would open more")
        for one in found.openings:
            opens = ", ".join(one.hunts) or "with others: " + ", ".join(one.parts)
            row(made, f"{one.telemetry.title} ({_first(one.telemetry.codes)})", opens, one.telemetry.opens)
        out.print(made)


def _first(codes: tuple[str, ...]) -> str:
    return codes[0] if len(codes) == 1 else f"{codes[0]} …"
