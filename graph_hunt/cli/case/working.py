"""`case run`, `judge`, `pin`, `note`, `hypothesis`, `view`, `withdraw`: the work in a case."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework import cases
from graph_hunt.casework.cases import Answer, Evidence, Hypothesis, Item, Judged, Note, View, pinning, running
from graph_hunt.casework.cases.answering import answer
from graph_hunt.casework.cases.entries import Judgement, Standing
from graph_hunt.casework.cases.template import FOLDER, Step, find
from graph_hunt.casework.state import State
from graph_hunt.cli.case.opening import CaseArgument, FromOption, ToOption, VersionOption, moment, numbered
from graph_hunt.cli.hunts import print_findings
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import err, iso, level_text, many, out, shown
from graph_hunt.cli.token import local_user, store
from graph_hunt.errors import InputError
from graph_hunt.hunting.finding import restored
from graph_hunt.hunting.window import Window, resolve
from graph_hunt.workspace import Workspace

_STYLES = {"found": "bold red", "not_found": "green", "cannot_see": "yellow"}
_SHOWN = 12
HypothesisOption = Annotated[int | None, typer.Option(help="The number of the hypothesis that it is about.")]
ParamOption = Annotated[list[str] | None, typer.Option(help="A hunt's parameter, k=v; may be repeated.")]
BecauseOption = Annotated[str, typer.Option(help="Why.")]


def run(
    case: CaseArgument,
    hunts: Annotated[list[str] | None, typer.Argument(help="Ids of hunts.")] = None,
    again: Annotated[int | None, typer.Option(help="Run again what ran as this number.")] = None,
    step: Annotated[list[str] | None, typer.Option(help="Only this step of the template; may be repeated.")] = None,
    rest: Annotated[bool, typer.Option("--rest", help="Only steps that have no answer yet.")] = False,
    hypothesis: HypothesisOption = None,
    param: ParamOption = None,
    since: FromOption = None,
    until: ToOption = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Answer the case's template step by step, or run hunts; what is found waits in the case to be judged."""
    if again is not None and hunts:
        raise typer.BadParameter("give hunts or --again, not both")
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened, store(workspace) as state:
        if again is not None:
            print_ran(running.again(state, opened, case, again, who=local_user()))
            return
        head = cases.get(state, case).head
        if not hunts:
            _answer(state, opened, head, step or (), rest=rest)
            return
        scope = head.scope
        keys, unknown = running.keys_of(opened, scope)
        for name in unknown:
            err.print(Text(f"nothing that was loaded goes by {shown(name)}"))
        asked = running.Asked(tuple(hunts or ()), _given(param), _window(opened, scope, since, until), keys, hypothesis)
        print_ran(running.run(state, opened, case, asked, who=local_user()))


def _answer(state: State, opened: Workspace, head: cases.Head, steps: Sequence[str], *, rest: bool) -> None:
    """Answer the template, and print each answer as it is kept."""
    if not head.template:
        raise InputError("has no template", where=f"case {head.id}", expected="ids of hunts to run")
    laid = find(head.template, opened.root / FOLDER)
    for step, item in answer(state, opened, head.id, laid, who=local_user(), steps=steps, rest=rest):
        print_answer(step, item, cases.get(state, head.id))


def judge(
    case: CaseArgument,
    findings: Annotated[list[str], typer.Argument(help="Findings, by their ids.")],
    judgement: Annotated[Judgement, typer.Option("--as", help="What you make of them.")],
    because: BecauseOption = "",
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Keep findings, or dismiss them with the reason."""
    with store(workspace) as state:
        for finding in findings:
            running.judge(state, case, finding, judgement, because, who=local_user(), version=version)


def pin(
    case: CaseArgument,
    events: Annotated[list[str] | None, typer.Argument(help="Events, by their ids.")] = None,
    edge: Annotated[
        tuple[str, str, str] | None,
        typer.Option(metavar="FROM KIND TO", help="Edges instead: `--edge 'CORP\\alice' LOGGED_ON SRV1`."),
    ] = None,
    caption: Annotated[str, typer.Option(help="What it shows.")] = "",
    hypothesis: HypothesisOption = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Pin original records, or edges and theirs, with the SHA-256 of each."""
    if (edge is None) == (not events):
        raise typer.BadParameter("give the ids of events, or --edge")
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened, store(workspace) as state:
        who = local_user()
        if edge is not None:
            found = pinning.pin_edges(state, opened, case, *edge, who=who, caption=caption, hypothesis=hypothesis)
        else:
            found = pinning.pin_events(
                state, opened, case, events or [], who=who, caption=caption, hypothesis=hypothesis
            )
    for one in found:
        out.print(Text(f"{one.number}  {one.entry.sha256}  {_told(one)}"), soft_wrap=True)


def note(
    case: CaseArgument,
    text: Annotated[str, typer.Argument(help="What it says; `-` reads standard input.")],
    hypothesis: HypothesisOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a remark."""
    words = typer.get_text_stream("stdin").read() if text == "-" else text
    with store(workspace) as state:
        numbered(cases.add(state, case, Note(words, hypothesis), who=local_user()).number, "note")


def hypothesis(
    case: CaseArgument,
    text: Annotated[str | None, typer.Argument(help="What is supposed.")] = None,
    attack: Annotated[list[str] | None, typer.Option(help="A technique of ATT&CK; may be repeated.")] = None,
    confirms: Annotated[str | None, typer.Option(help="What would confirm it.")] = None,
    refutes: Annotated[str | None, typer.Option(help="What would refute it.")] = None,
    number: Annotated[int | None, typer.Option(help="Change this one rather than add one.")] = None,
    status: Annotated[Standing | None, typer.Option(help="What became of it.")] = None,
    because: Annotated[str | None, typer.Option(help="Why.")] = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Suppose something, or say what became of it."""
    with store(workspace) as state:
        if number is None:
            made = Hypothesis(text or "", tuple(attack or ()), confirms or "", refutes or "")
            numbered(cases.add(state, case, made, who=local_user()).number, "hypothesis")
            return
        before = of_kind(state, case, number, Hypothesis)
        given = {"text": text, "confirms": confirms, "refutes": refutes, "because": because}
        given |= {"status": status.value if status else None}
        told = {**before.entry.said(), **{name: value for name, value in given.items() if value is not None}}
        after = Hypothesis.read(told if attack is None else {**told, "techniques": tuple(attack)})
        cases.alter(state, case, number, before.version if version is None else version, after, who=local_user())


def view(
    case: CaseArgument,
    entity: Annotated[str, typer.Argument(help="What is looked at; `graph-hunt pivot` shows it again.")],
    name: Annotated[str, typer.Option(help="What the view is called.")] = "",
    kind: Annotated[list[str] | None, typer.Option(help="Only relations of this kind.")] = None,
    hypothesis: HypothesisOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Save a pivot."""
    asked = {"kinds": kind} if kind else None
    with store(workspace) as state:
        made = cases.add(state, case, View(name or entity, entity, asked, hypothesis), who=local_user())
        numbered(made.number, "view")


def withdraw(
    case: CaseArgument,
    number: Annotated[int, typer.Argument(help="Its number within the case.")],
    because: Annotated[str, typer.Option(help="Why it no longer counts.")],
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Have something in a case no longer count; it is kept, with the reason."""
    with store(workspace) as state:
        at = cases.item(state, case, number).version if version is None else version
        cases.withdraw(state, case, number, at, because, who=local_user())


def of_kind(state: State, case: int, number: int, kind: type[cases.T]) -> Item[cases.T]:
    """What has a number in a case, and must be of a kind."""
    found = cases.item(state, case, number)
    if not isinstance(found.entry, kind):
        raise InputError(f"{number} is no {kind.KIND}", where=f"case {case}", expected=found.entry.KIND)
    return found


def print_answer(step: Step, item: Item[Answer], case: cases.Case) -> None:
    """Print what a step came to, with what was found or is missing."""
    entry = item.entry
    words = entry.state.replace("_", " ")
    out.print(Text.assemble((f"{words:<10}", _STYLES[entry.state]), f"  {step.title['en']}: {step.question['en']}"))
    findings = {one.entry.id: restored(one.entry.finding) for one in case.each(Judged)}
    found = [findings[id] for id in entry.findings if id in findings]
    for finding in sorted(found, key=lambda finding: finding.order)[:_SHOWN]:
        mark = level_text(f"  {finding.level.value:<14}"), f"{iso(finding.first_seen)}  {shown(finding.summary)}"
        out.print(Text.assemble(*mark, (f"  {finding.hunt} {finding.id}", "dim")))
    if len(found) > _SHOWN:
        out.print(f"  and {many(len(found) - _SHOWN, 'more finding')}")
    for remark in entry.notes:
        out.print(Text(f"  {shown(remark)}", style="dim"))
    out.print()


def print_ran(ran: running.Ran) -> None:
    """Say what a run found, and what it could not see."""
    print_findings(sorted(ran.findings, key=lambda finding: finding.order))
    for one in ran.runs:
        for remark in one.notes:
            err.print(Text(f"{one.hunt.id}: {remark}"))
    for name in ran.changed:
        err.print(Text(f"{name} is no longer what it was when it ran first"))
    told = f"run {ran.item.number}: {many(len(ran.findings), 'finding')}, {len(ran.new)} of them new to the case"
    err.print(Text(told))


def _given(param: list[str] | None) -> dict[str, object]:
    values: dict[str, object] = {}
    for text in param or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"--param {text}: expected name=value")
        values[name] = value
    return values


def _window(opened: Workspace, scope: cases.Scope, since: str | None, until: str | None) -> Window:
    if since is None and until is None:
        return running.window_of(opened, scope)
    begin = moment(since, "--since") if since else scope.since
    end = moment(until, "--until") if until else scope.until
    return resolve(*opened.span(), bucket=opened.preferences.bucket, since=begin, until=end)


def _told(item: Item[Evidence]) -> str:
    return shown(f"{item.entry.what}  {item.entry.subject}")
