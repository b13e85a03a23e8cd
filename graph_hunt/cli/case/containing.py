"""`case respond`, `recommend`, `learn`: what is done about it, and what stays."""

from dataclasses import replace
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework import cases
from graph_hunt.casework.cases import Action, Feedback, Learned, Recommendation, Response, advice
from graph_hunt.casework.cases.entries import Progress
from graph_hunt.cli.case.opening import CaseArgument, VersionOption, numbered
from graph_hunt.cli.case.working import of_kind
from graph_hunt.cli.options import WorkspaceOption
from graph_hunt.cli.output import many, out, shown
from graph_hunt.cli.token import local_user, store

OwnerOption = Annotated[str | None, typer.Option(help="Who does it.")]
RemarkOption = Annotated[str | None, typer.Option(help="What else is to be said.")]


def respond(
    case: CaseArgument,
    action: Annotated[Action | None, typer.Argument(help="What is to be done.")] = None,
    target: Annotated[str, typer.Argument(help="Whom or what to.")] = "",
    owner: OwnerOption = None,
    state: Annotated[Progress | None, typer.Option(help="How far it is.")] = None,
    remark: RemarkOption = None,
    number: Annotated[int | None, typer.Option(help="Change this one rather than add one.")] = None,
    propose: Annotated[bool, typer.Option("--propose", help="Add what the findings name to be contained.")] = False,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Hand something over to be contained, or say how far it is."""
    given = {"owner": owner, "state": state.value if state else None, "remark": remark}
    told = {name: value for name, value in given.items() if value is not None}
    with store(workspace) as kept:
        if propose:
            who = local_user()
            added = [cases.add(kept, case, one, who=who) for one in advice.proposed(cases.get(kept, case))]
            for item in added:
                out.print(Text(shown(f"{item.number}  {item.entry.action}  {item.entry.target}")), soft_wrap=True)
            return
        if number is None:
            if action is None:
                raise typer.BadParameter("give an action and its target, or --number")
            made = replace(Response(action.value, target), **told)
            numbered(cases.add(kept, case, made, who=local_user()).number, "response")
            return
        before = of_kind(kept, case, number, Response)
        at = before.version if version is None else version
        cases.alter(kept, case, number, at, replace(before.entry, **told), who=local_user())


def recommend(
    case: CaseArgument,
    what: Annotated[list[str] | None, typer.Argument(help="One of the catalogue, or words of your own.")] = None,
    finding: Annotated[list[str] | None, typer.Option(help="A finding that it follows from.")] = None,
    owner: OwnerOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Recommend what would make it harder the next time; without words, show what the findings suggest."""
    with store(workspace) as kept:
        if not what:
            for one in advice.recommended(cases.get(kept, case)):
                reasons = f" ({many(len(one.findings), 'finding')})" if one.findings else ""
                out.print(Text(f"{one.what}: {advice.in_words(one.what, 'en')}{reasons}"))
        for text in what or ():
            one = Recommendation(text, tuple(finding or ()), owner or "")
            numbered(cases.add(kept, case, one, who=local_user()).number, "recommendation")


def learn(
    case: CaseArgument,
    learned: Annotated[Learned, typer.Argument(help="What came of it.")],
    what: Annotated[str, typer.Argument(help="Which: the indicator, the detection, the flaw …")],
    remark: RemarkOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write down what stays of the case for the next one."""
    with store(workspace) as kept:
        made = Feedback(learned.value, what, remark or "")
        numbered(cases.add(kept, case, made, who=local_user()).number, "feedback")
