"""`rank`: the incidents that a budget a day allows, the most surprising logons first, each explained."""

import re
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.cli.options import (
    FormatOption,
    Neo4jOption,
    ScopeOption,
    SinceOption,
    UntilOption,
    WorkspaceOption,
    settings,
)
from graph_hunt.cli.output import Format, count, err, iso, many, out, print_csv, print_json, print_jsonl, shown
from graph_hunt.errors import ParameterError
from graph_hunt.hunting.ranking import BUDGET, Incident, Question, Ranked, Ranking, Tested
from graph_hunt.hunting.tracing import ranked
from graph_hunt.hunting.window import Window, resolve
from graph_hunt.workspace import Workspace

COLUMNS = (
    "root", "day", "score", "p", "q", "first_seen", "last_seen", "accounts", "targets", "logons", "terms", "path",
    "evidence",
)  # fmt: skip
_HUBS = 8


def rank_command(
    budget: Annotated[str, typer.Option(help="Incidents to show for each day of the window, such as 9/day.")] = (
        f"{BUDGET:g}/day"
    ),
    since: SinceOption = None,
    until: UntilOption = None,
    scope: ScopeOption = None,
    fdr: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Leave out what would raise the false discovery rate above.")
    ] = None,
    clean: Annotated[
        str | None, typer.Option(help="A window without incidents to compare with, SINCE..UNTIL; else all before.")
    ] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Test the p-values on the window, said to be without incidents.")
    ] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Rank logons and the paths they form by how surprising they are; what a budget a day allows is shown."""
    a_day = _budget(budget)
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        window = _window(opened, since, until)
        keys = opened.scope(scope or [])
        quiet = _span(opened, clean)
        found = ranked(opened)
    if calibrate:
        _calibration(found, window, 0.05 if fdr is None else fdr, format)
        return
    question = Question(window.since, window.until, a_day, fdr, keys, quiet)
    _print(found.answer(question), format)


def _budget(text: str) -> float:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:/\s*(?:d|day))?\s*", text)
    if match is None or float(match[1]) <= 0:
        raise ParameterError(f"--budget must be incidents a day such as 9/day, not {text!r}")
    return float(match[1])


def _window(opened: Workspace, since: str | None, until: str | None) -> Window:
    first, last = opened.span()
    return resolve(first, last, bucket=1, since=since, until=until)


def _span(opened: Workspace, clean: str | None) -> tuple[int, int] | None:
    if clean is None:
        return None
    since, dots, until = clean.partition("..")
    if not dots:
        raise ParameterError(f"--clean must be SINCE..UNTIL, not {clean!r}")
    window = _window(opened, since or None, until or None)
    return window.since, window.until


def _calibration(found: Ranked, window: Window, fdr: float, format: Format) -> None:
    tested = found.calibration(window.since, window.until, fdr)
    told = {
        "fdr": tested.fdr,
        "days": tested.days,
        "incidents": tested.incidents,
        "reported": tested.reported,
        "days_reported": tested.days_reported,
        "at_most": {f"{share:g}": number for share, number in tested.at_most.items()},
    }
    match format:
        case Format.JSON:
            print_json(told)
        case Format.JSONL:
            print_jsonl([told])
        case Format.CSV:
            print_csv([told], list(told))
        case Format.TABLE:
            _print_calibration(tested)


def _print_calibration(tested: Tested) -> None:
    out.print(
        f"{many(tested.incidents, 'incident')} on {many(tested.days, 'day')}; each day held out and tested "
        "against the others"
    )
    for share, number in tested.at_most.items():
        out.print(f"p at most {share:g}: {count(number)} ({share * tested.incidents:.0f} expected)")
    out.print(
        f"at a false discovery rate of {tested.fdr:g}: {many(tested.reported, 'incident')} reported on "
        f"{tested.days_reported} of {many(tested.days, 'day')}"
    )


def _print(ranking: Ranking, format: Format) -> None:
    match format:
        case Format.JSON:
            print_json(ranking.as_json())
        case Format.JSONL:
            print_jsonl(one.as_json() for one in ranking.incidents)
        case Format.CSV:
            print_csv((_flat(one) for one in ranking.incidents), COLUMNS)
        case Format.TABLE:
            for place, incident in enumerate(ranking.incidents, 1):
                _print_incident(place, incident)
    for note in ranking.notes:
        err.print(note)
    hubs = ", ".join(f"{shown(one.key)} ({one.role}, {many(one.accounts, 'account')})" for one in ranking.hubs[:_HUBS])
    if hubs:
        err.print(f"machines that so many accounts use that a path through them says little: {hubs}")
    err.print(
        f"{many(len(ranking.incidents), 'incident')} of {count(ranking.total)} on {many(ranking.days, 'day')}, "
        f"from {many(ranking.logons, 'logon')}"
    )


def _flat(incident: Incident) -> dict[str, object]:
    return {**incident.as_json(), "root": incident.root}


def _print_incident(place: int, incident: Incident) -> None:
    chance = "" if incident.p is None else f"  p {incident.p:.2g}, q {incident.q:.2g}"
    head = f"  from {shown(incident.root)}  {iso(incident.first_seen)} to {iso(incident.last_seen)}"
    out.print(Text.assemble((f"{place}. {incident.score:.0f} bits", "bold"), head, (chance, "dim")))
    for step in incident.path:
        failed = " (failed)" if step.failed else ""
        out.print(
            Text.assemble(
                (f"   {iso(step.at)}  ", "dim"),
                (shown(step.account), "cyan"),
                f"  {shown(step.source)} -> {shown(step.target)}{failed}",
                (f"  {step.bits:.0f} bits", "dim"),
            )
        )
    for term in incident.terms:
        out.print(Text.assemble((f"   {term.bits:5.1f}  ", "bold"), shown(term.words)))
    more = incident.logons - 1
    if more:
        who = f"{many(len(incident.accounts), 'account')}, {many(len(incident.targets), 'target')}"
        out.print(Text(f"   and {many(more, 'more logon')} that go back to it ({who} in all)", style="dim"))
