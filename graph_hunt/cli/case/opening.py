"""`case new`, `list`, `change`, `close`, `reopen`: a case as a whole."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from shutil import copyfile
from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.casework import cases
from graph_hunt.casework.cases import Form, Head, Opening, Scope, Trigger, Verdict
from graph_hunt.casework.cases.template import FOLDER, find, read
from graph_hunt.cli.options import WorkspaceOption, settings
from graph_hunt.cli.output import count, iso, many, out, print_json, row, shown, table
from graph_hunt.cli.token import local_user, store
from graph_hunt.errors import InputError
from graph_hunt.hunting.parameter import parse_time

CaseArgument = Annotated[int, typer.Argument(metavar="CASE", help="A case's number, as `case list` shows it.")]
VersionOption = Annotated[
    int | None, typer.Option(help="Only if it still is at this version; as it is now where not said.")
]
EntityOption = Annotated[list[str] | None, typer.Option(help="An entity to look at, by any of its names.")]
TagOption = Annotated[list[str] | None, typer.Option(help="A tag: all who have it are looked at.")]
FromOption = Annotated[str | None, typer.Option("--since", help="Begin of the span, ISO 8601.")]
ToOption = Annotated[str | None, typer.Option("--until", help="End of the span, ISO 8601.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


class Language(StrEnum):
    """Languages of templates and reports."""

    EN = "en"
    FR = "fr"


def new(
    title: Annotated[str, typer.Argument(help="What it is about.", show_default=False)] = "",
    template: Annotated[
        str | None, typer.Option(help="Lay it out by a template: `phishing`, one of the workspace's, or a file.")
    ] = None,
    account: Annotated[list[str] | None, typer.Option(help="An account, for a template.")] = None,
    sender: Annotated[list[str] | None, typer.Option(help="A sender: an address or a domain.")] = None,
    ip: Annotated[list[str] | None, typer.Option(help="An address that an attacker came from.")] = None,
    host: Annotated[list[str] | None, typer.Option(help="A machine.")] = None,
    language: Annotated[Language, typer.Option(help="Of what the template writes.")] = Language.EN,
    trigger: Annotated[Trigger | None, typer.Option(help="What set the hunt off.")] = None,
    form: Annotated[Form | None, typer.Option(help="How it goes.")] = None,
    entity: EntityOption = None,
    tag: TagOption = None,
    since: FromOption = None,
    until: ToOption = None,
    summary: Annotated[str, typer.Option(help="What is known so far.")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Open a case, laid out by a template or empty; print its number."""
    span = moment(since, "--since"), moment(until, "--until")
    given = {"accounts": account, "senders": sender, "ips": ip, "hosts": host}
    filled = {name: values for name, values in given.items() if values}
    if template is None:
        if filled:
            raise InputError(f"{', '.join(filled)} are for a template", expected="--template, or --entity")
        opening = Opening(title, scope=Scope(tuple(entity or ()), tuple(tag or ()), *span))
    else:
        folder = settings(workspace, None).workspace / FOLDER
        laid = read(Path(template)) if template.endswith(".toml") else find(template, folder)
        if template.endswith(".toml"):
            # Kept with the workspace: the case is answered by it from then on.
            folder.mkdir(parents=True, exist_ok=True)
            copyfile(template, folder / f"{laid.id}.toml")
        opening = laid.opening(filled, title=title, language=language.value, since=span[0], until=span[1])
        scope = replace(opening.scope, entities=(*opening.scope.entities, *(entity or ())), tags=tuple(tag or ()))
        opening = replace(opening, scope=scope)
    opening = replace(opening, trigger=trigger or opening.trigger, form=form or opening.form, summary=summary)
    with store(workspace) as state:
        made = cases.open_case(state, opening, who=local_user())
    out.print(str(made.head.id))


def list_cases(
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    search: Annotated[str, typer.Option(help="Only those with this text in their title.")] = "",
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List the cases, those changed last first."""
    with store(workspace) as state:
        found, total = cases.listed(state, 1_000, closed=None if every else False, search=search)
    if json:
        print_json([head_json(one) for one in found])
        return
    made = table("case:n", "state", "changed", "by", "title")
    for one in found:
        state_text = one.verdict.value if one.verdict else "open"
        row(made, one.id, state_text, iso(one.changed), shown(one.changed_by), shown(one.title))
    out.print(made)
    if total > len(found):
        out.print(f"and {many(total - len(found), 'more case')}: narrow with --search")


def change(
    case: CaseArgument,
    title: Annotated[str | None, typer.Option(help="What it is about.")] = None,
    trigger: Annotated[Trigger | None, typer.Option(help="What set the hunt off.")] = None,
    form: Annotated[Form | None, typer.Option(help="How it goes.")] = None,
    entity: EntityOption = None,
    tag: TagOption = None,
    since: FromOption = None,
    until: ToOption = None,
    summary: Annotated[str | None, typer.Option(help="What it comes to.")] = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Change what a case says of itself; what is not given stays."""
    with store(workspace) as state:
        head = cases.get(state, case).head
        scope = Scope(
            head.scope.entities if entity is None else tuple(entity),
            head.scope.tags if tag is None else tuple(tag),
            head.scope.since if since is None else moment(since, "--since"),
            head.scope.until if until is None else moment(until, "--until"),
        )
        at = head.version if version is None else version
        told: dict[str, Any] = {"title": title, "trigger": trigger, "form": form, "summary": summary}
        cases.change(state, case, at, who=local_user(), scope=None if scope == head.scope else scope, **told)


def close(
    case: CaseArgument,
    verdict: Annotated[Verdict, typer.Option(help="What it came to.")],
    summary: Annotated[str, typer.Option(help="The same in words.")],
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Close a case with what it came to."""
    with store(workspace) as state:
        at = cases.get(state, case).head.version if version is None else version
        cases.close(state, case, at, verdict, summary, who=local_user())
    out.print(Text(f"case {case} is closed: {verdict.value}"))


def reopen(case: CaseArgument, version: VersionOption = None, workspace: WorkspaceOption = None) -> None:
    """Open a closed case again."""
    with store(workspace) as state:
        at = cases.get(state, case).head.version if version is None else version
        cases.reopen(state, case, at, who=local_user())


def head_json(head: Head) -> dict[str, Any]:
    """A case without what is in it."""
    return {
        "case": head.id,
        "version": head.version,
        "title": head.title,
        "trigger": head.trigger.value,
        "form": head.form.value,
        "scope": {
            "entities": list(head.scope.entities),
            "tags": list(head.scope.tags),
            "since": iso(head.scope.since) or None,
            "until": iso(head.scope.until) or None,
        },
        "template": head.template or None,
        "given": {name: list(values) for name, values in head.given.items()},
        "summary": head.summary,
        "verdict": head.verdict.value if head.verdict else None,
        "who": head.who,
        "created": iso(head.created),
        "changed_by": head.changed_by,
        "changed": iso(head.changed),
    }


def moment(text: str | None, where: str) -> int | None:
    """Read a time."""
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no time", where=where, expected="such as 2024-01-31T08:00:00Z") from error


def numbered(number: int, what: str) -> None:
    """Say what was written down, and its number."""
    out.print(Text(f"{what} {count(number)}"))
