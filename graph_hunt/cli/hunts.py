"""`hunts` and `hunt`: the library, and running it."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.cli.arguments import print_argument
from graph_hunt.cli.incidents import print_incidents
from graph_hunt.cli.options import (
    FormatOption,
    Neo4jOption,
    ScopeOption,
    SinceOption,
    UntilOption,
    WorkspaceOption,
    settings,
)
from graph_hunt.cli.output import (
    Format,
    err,
    iso,
    level_text,
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
from graph_hunt.graph.entity import Entity
from graph_hunt.graph.scope import vicinity
from graph_hunt.graph.store import Graph
from graph_hunt.hunting import library, visibility
from graph_hunt.hunting.export import FINDING_COLUMNS
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.incidents import incidents_of
from graph_hunt.hunting.runner import LIMIT, TIMEOUT, Run, run_all
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import Window, resolve
from graph_hunt.workspace import Workspace

HOPS = 2
_FINDING = re.compile(r"[0-9a-f]{16}")
"""A finding's id; no name of an entity looks so."""


def hunts(
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    attack: Annotated[str | None, typer.Option(help="Only hunts for this ATT&CK technique, such as T1021.")] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """List the hunts, and what this workspace's telemetry lets each of them see."""
    chosen = library.of_technique(attack) if attack else library.all_hunts()
    codes = Workspace.codes_of(settings(workspace, neo4j))
    rows = [_described(hunt, codes) for hunt in chosen]
    match format:
        case Format.JSON:
            print_json(rows)
        case Format.JSONL:
            print_jsonl(rows)
        case Format.CSV:
            print_csv(rows, list(rows[0]) if rows else [])
        case Format.TABLE:
            made = table("hunt", "level", "ATT&CK", "sees", "title")
            for one in rows:
                sees = Text("yes", style="green") if one["visible"] else Text("no", style="red")
                row(made, one["id"], level_text(one["level"]), ", ".join(one["attack"]), sees, one["title"])
            out.print(made)
            for one in rows:
                if not one["visible"]:
                    out.print(Text.assemble((f"{one['id']} cannot see", "red"), f": needs {one['needs']}"))


def _described(hunt: Hunt, codes: visibility.Codes) -> dict[str, Any]:
    unseen = visibility.missing(hunt, codes)
    return {
        "id": hunt.id,
        "title": hunt.title,
        "tactic": hunt.tactic,
        "level": hunt.level.value,
        "attack": list(hunt.attack),
        "visible": not unseen,
        "needs": visibility.in_words(unseen),
        "opens": [kind.opens for group in unseen for kind in group],
        "hypothesis": hunt.hypothesis,
        "description": hunt.description,
        "parameters": [
            {"name": p.name, "type": p.type.value, "default": p.default, "help": p.help} for p in hunt.parameters
        ],
    }


def hunt(
    names: Annotated[list[str] | None, typer.Argument(help="Ids of hunts, as `hunts` lists them.")] = None,
    all: Annotated[bool, typer.Option("--all", help="Run every hunt.")] = False,
    param: Annotated[list[str] | None, typer.Option(help="A hunt's parameter, k=v; may be repeated.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    baseline_since: Annotated[str | None, typer.Option(help="Where the history to compare with begins.")] = None,
    scope: ScopeOption = None,
    around: Annotated[
        list[str] | None, typer.Option(help="Only what touches this entity, finding's id or indicator, or is near it.")
    ] = None,
    hops: Annotated[int, typer.Option(help="How many steps from it are near.", show_default=True)] = HOPS,
    incidents: Annotated[
        bool | None,
        typer.Option(
            "--incidents/--findings",
            help="Print findings of one story as one incident, or each by itself; tables of several hunts: incidents.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds for each hunt.")] = TIMEOUT,
    limit: Annotated[int, typer.Option(help="Rows for each hunt.")] = LIMIT,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Run hunts and print what they find; what a hunt cannot see is said, never passed over."""
    if (all and names) or not (all or names or around):
        raise typer.BadParameter("give the ids of hunts, or --all")
    chosen = library.find(names) if names else library.all_hunts()
    given = _parameters(param or [], chosen)
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        window = _window(opened, since, until, baseline_since)
        near = _near(opened, around, hops, window) if around else ()
        runs = run_all(
            chosen,
            opened.graph,
            opened.events.codes(),
            window=window,
            parameters=given,
            scope=[*opened.scope(scope or []), *near],
            timeout=timeout,
            limit=limit,
            surprise=surprise_of(opened, chosen),
        )
        grouped = (len(chosen) > 1 and format is Format.TABLE) if incidents is None else incidents
        print_runs(runs, format, len(chosen), opened.graph if grouped else None)


def _near(opened: Workspace, around: Sequence[str], hops: int, window: Window) -> tuple[str, ...]:
    """The keys near entities and findings; says how many of which kind."""
    start = [one for text in around for one in _starts(opened, text, window)]
    found = vicinity(opened.graph, start, hops, window.since, window.until)
    kinds = Counter(entity.label for entity, hop in found.items() if hop)
    told = ", ".join(many(number, label) for label, number in sorted(kinds.items())) or "nothing"
    err.print(Text(f"within {many(hops, 'step')} of {', '.join(shown(one.name) for one in start)}: {told}"))
    return tuple(dict.fromkeys(entity.key for entity in found))


def _starts(opened: Workspace, text: str, window: Window) -> Sequence[Entity]:
    """Who is meant: an entity, or all that a finding of this window names."""
    if not _FINDING.fullmatch(text):
        return opened.entities([text])
    hunts = library.all_hunts()
    runs = run_all(hunts, opened.graph, opened.events.codes(), window=window, surprise=surprise_of(opened, hunts))
    for finding in (one for ran in runs for one in ran.findings):
        if finding.id == text:
            return [Entity(one.label, one.key, one.name) for one in finding.entities]
    return opened.entities([text])


def _window(opened: Workspace, since: str | None, until: str | None, baseline_since: str | None) -> Window:
    first, last = opened.span()
    bucket = opened.preferences.bucket
    return resolve(first, last, bucket=bucket, since=since, until=until, baseline_since=baseline_since)


def _parameters(given: Sequence[str], chosen: Iterable[Hunt]) -> dict[str, object]:
    known = {parameter.name for one in chosen for parameter in one.parameters}
    values: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"--param {text}: expected name=value")
        if name not in known:
            has = ", ".join(sorted(known)) or "none"
            raise ParameterError(f"no chosen hunt has a parameter {name}; they have {has}")
        values[name] = value
    return values


def print_runs(runs: Iterable[Run], format: Format, total: int, graph: Graph | None = None) -> list[Finding]:
    """Print the runs' findings on stdout, and on stderr what the hunts could not see; return the findings.

    With a graph, which says whose mailboxes are, they are printed as incidents.
    """
    done: list[Run] = []
    with err.status("hunting …") as status:
        for run in runs:
            done.append(run)
            status.update(f"hunting … {len(done)} of {total}")
    findings = sorted((finding for run in done for finding in run.findings), key=lambda finding: finding.order)
    found = incidents_of(graph, findings) if graph else []
    if graph:
        print_incidents(found, format)
    else:
        _print_findings_as(findings, format)
    sys.stdout.flush()
    _print_notes(done, len(findings), len(found) if graph else None)
    return findings


def _print_findings_as(findings: Sequence[Finding], format: Format) -> None:
    match format:
        case Format.JSON:
            print_json([finding.as_json() for finding in findings])
        case Format.JSONL:
            print_jsonl(finding.as_json() for finding in findings)
        case Format.CSV:
            print_csv((finding.as_json() for finding in findings), FINDING_COLUMNS)
        case Format.TABLE:
            print_findings(findings)


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings as a table, the gravest first, and what the gravest of each hunt says against itself."""
    made = table("level", "score:n", "first seen", "hunt", "finding")
    for finding in findings:
        row(
            made,
            level_text(finding.level),
            f"{finding.score:.0f}",
            iso(finding.first_seen),
            finding.hunt,
            finding.summary,
        )
    if findings:
        out.print(made)
    gravest: dict[str, Finding] = {}
    for finding in findings:
        gravest.setdefault(finding.hunt, finding)
    for hunt, finding in gravest.items():
        out.print(Text(f"\n{hunt}", style="bold"))
        print_argument(finding)


def _print_notes(runs: Sequence[Run], findings: int, incidents: int | None) -> None:
    for run in runs:
        for note in run.notes:
            err.print(Text.assemble((run.hunt.id, "bold"), f": {note}"))
    blind = sum(bool(run.cannot_see) for run in runs)
    said = f"{many(findings, 'finding')} from {many(len(runs) - blind, 'hunt')}"
    if incidents is not None:
        said = f"{many(incidents, 'incident')} of {said}"
    err.print(said + (f"; {blind} could not see" if blind else ""))
