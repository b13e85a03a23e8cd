"""`case show`: a case with all that is in it."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.casework import cases
from graph_hunt.casework.cases import Case, Item, pinning
from graph_hunt.casework.cases.entries import KINDS
from graph_hunt.cli.case.opening import CaseArgument, JsonOption, head_json
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import iso, level_text, out, print_json, row, shown, table
from graph_hunt.cli.token import store
from graph_hunt.workspace import Workspace


def show(
    case: CaseArgument,
    check: Annotated[bool, typer.Option("--check", help="Compare the pinned records with what is loaded now.")] = False,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Show a case with all that is in it."""
    with store(workspace) as state:
        found = cases.get(state, case)
    states: dict[int, str] = {}
    if check:
        with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
            states = {one.item.number: one.state for one in pinning.check(found, opened)}
    if json:
        print_json({**head_json(found.head), "items": [item_json(one, states) for one in found.items]})
    else:
        _print(found, states)
    if any(state != "same" for state in states.values()):
        raise typer.Exit(1)


def item_json(item: Item[Any], states: dict[int, str]) -> dict[str, Any]:
    """Something in a case."""
    return {
        "number": item.number,
        "kind": item.entry.KIND,
        "version": item.version,
        "who": item.who,
        "at": iso(item.at),
        "changed_by": item.changed_by,
        "changed": iso(item.changed),
        "withdrawn": item.withdrawn,
        **({"now": states[item.number]} if item.number in states else {}),
        "entry": item.entry.said(),
    }


def _print(case: Case, states: dict[int, str]) -> None:
    head = case.head
    ended = f"closed, {head.verdict.value}" if head.verdict else "open"
    out.print(Text(f"case {head.id} (version {head.version}), {ended}: {shown(head.title)}", style="bold"))
    looks = [*head.scope.entities, *(f"tag {tag}" for tag in head.scope.tags)]
    span = f"{iso(head.scope.since) or 'the first event'} to {iso(head.scope.until) or 'the last'}"
    out.print(Text(shown(f"{head.trigger.value}, {head.form.value}; {', '.join(looks) or 'everything'}; {span}")))
    if head.summary:
        out.print(Text(shown(head.summary)))
    for kind in KINDS.values():
        items = case.each(kind)
        if items and kind in _ROWS:
            columns, cells = _ROWS[kind]
            made = table("nr:n", *columns, title=f"\n{kind.KIND}")
            for one in items:
                row(made, one.number, *cells(one), *([states[one.number]] if one.number in states else []))
            out.print(made)


def _finding(item: Item[Any]) -> list[Any]:
    told = item.entry.finding
    judged = item.entry.judgement + (f": {item.entry.because}" if item.entry.because else "")
    return [item.entry.id, level_text(str(told["level"])), judged, iso(told["first_seen"]), told["summary"]]


def _hypothesis(item: Item[Any]) -> list[Any]:
    entry = item.entry
    return [entry.status, ", ".join(entry.techniques), entry.text + (f" ({entry.because})" if entry.because else "")]


def _run(item: Item[Any]) -> list[Any]:
    states = ", ".join(f"{one['hunt']} {one['state']} {len(one['findings'])}" for one in item.entry.outcomes)
    return [item.entry.step, iso(item.at), states]


_Cells = Callable[[Item[Any]], list[Any]]
_ROWS: dict[type[Any], tuple[tuple[str, ...], _Cells]] = {
    cases.Hypothesis: (("status", "ATT&CK", "what is supposed"), _hypothesis),
    cases.Answer: (
        ("step", "state", "notes"),
        lambda one: [one.entry.step, one.entry.state, "; ".join(one.entry.notes)],
    ),
    cases.Run: (("step", "at", "hunts"), _run),
    cases.Judged: (("id", "level", "judged", "first seen", "finding"), _finding),
    cases.Evidence: (
        ("at", "what", "SHA-256", "caption"),
        lambda one: [iso(one.entry.at), one.entry.what, one.entry.sha256, one.entry.caption],
    ),
    cases.Note: (("at", "who", "note"), lambda one: [iso(one.at), one.who, one.entry.text]),
    cases.View: (("name", "entity"), lambda one: [one.entry.name, one.entry.entity]),
    cases.Response: (
        ("state", "action", "target", "owner", "remark"),
        lambda one: [one.entry.state, one.entry.action, one.entry.target, one.entry.owner, one.entry.remark],
    ),
    cases.Recommendation: (("owner", "what"), lambda one: [one.entry.owner, one.entry.what]),
    cases.Feedback: (
        ("learned", "what", "remark"), lambda one: [one.entry.learned, one.entry.what, one.entry.remark],
    ),
    cases.Listed: (
        ("state", "host", "first", "last", "because"),
        lambda one: [one.entry.state, one.entry.name, iso(one.entry.since), iso(one.entry.until), one.entry.because],
    ),
}  # fmt: skip
