"""`detection` and `detect`: hunts and rules that run by themselves, and running those that are due."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.casework.detections import repository
from graph_hunt.casework.detections.detection import SUPPRESS, Detection, Kind, Standing, now_ms
from graph_hunt.casework.detections.proposal import Proposal, propose
from graph_hunt.casework.detections.watch import Watch, all_standing
from graph_hunt.casework.notifications.channel import channels
from graph_hunt.casework.notifications.trial import try_out
from graph_hunt.casework.sigma import rules
from graph_hunt.cli.hunts import print_findings
from graph_hunt.cli.options import Neo4jOption, ScopeOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, err, iso, many, out, print_json, row, shown, table
from graph_hunt.cli.token import local_user, store
from graph_hunt.errors import InputError
from graph_hunt.hunting import library
from graph_hunt.hunting.parameter import parse_duration
from graph_hunt.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="Detections: hunts and rules that run by themselves and raise alerts.")
NameArgument = Annotated[str, typer.Argument(help="A detection's name.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
ParamOption = Annotated[list[str] | None, typer.Option(help="A hunt's parameter, k=v; may be repeated.")]
SpanOption = Annotated[str | None, typer.Option(help="Look back so far from the newest event (7d); else at all.")]
ScheduleOption = Annotated[
    str | None, typer.Option(help="Cron's five fields, in UTC, as '0 6 * * 1-5'; without one it runs after each load.")
]
SuppressOption = Annotated[
    str | None, typer.Option(help="How long what repeats is counted into the same alert; 24h where not said, 0: never.")
]
ChannelOption = Annotated[
    list[str] | None, typer.Option(help="Tell its alerts by this channel of notify.toml; may be repeated.")
]
_SHOWN = 20


@app.command()
def add(
    name: NameArgument,
    hunt: Annotated[str | None, typer.Option(help="The hunt that it runs.")] = None,
    sigma: Annotated[Path | None, typer.Option(help="Or a file with the one Sigma rule that it runs.")] = None,
    param: ParamOption = None,
    scope: ScopeOption = None,
    since: SpanOption = None,
    schedule: ScheduleOption = None,
    suppress: SuppressOption = None,
    channel: ChannelOption = None,
    off: Annotated[bool, typer.Option("--off", help="Keep it, switched off.")] = False,
    quiet: Annotated[
        bool, typer.Option("--past-known", help="What it finds at first was known before: no alert is told of it.")
    ] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Make a detection of a hunt or a Sigma rule; its first run looks at what is loaded already."""
    if (hunt is None) == (sigma is None):
        raise typer.BadParameter("give --hunt or --sigma")
    kind, subject, title = _what(hunt, sigma)
    keys = _keys(scope or [], workspace, neo4j)
    one = Detection(
        name, kind, subject, title, _parameters(param or []), keys, since or "", schedule or "",
        _span(suppress, SUPPRESS), _known(channel or [], workspace), not off,
    )  # fmt: skip
    with store(workspace) as state:
        repository.add(state, one, who=local_user(), quiet=quiet)
    out.print(Text(f"detection {name}: {'off' if off else 'on'}, {_when(one)}"))


@app.command("list")
def list_detections(json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """List the detections: when they run, what became of the last run, and their alerts."""
    with store(workspace) as state:
        found = all_standing(state)
    if json:
        print_json([as_json(one) for one in found])
        return
    made = table("name", "runs", "when", "last run", "outcome", "alerts:n", "open:n")
    for one in found:
        kept = one.detection
        when = _when(kept) if kept.enabled else "off"
        row(made, kept.id, _subject(kept), when, iso(one.ran), one.outcome, count(one.alerts), count(one.open))
    out.print(made)


@app.command()
def show(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Show a detection, and what it lets pass, as JSON."""
    with store(workspace) as state:
        repository.get(state, name)
        (found,) = [one for one in all_standing(state) if one.detection.id == name]
        with state.read() as connection:
            passing = repository.allowed(connection, name, now_ms())
    let = [{"pattern": one.pattern, "reason": one.reason, "until": iso(one.until) or None} for one in passing]
    print_json({**as_json(found), "allowed": let})


@app.command()
def on(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Switch a detection on."""
    _switch(name, True, workspace)


@app.command()
def off(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Switch a detection off; its alerts stay."""
    _switch(name, False, workspace)


@app.command()
def change(
    name: NameArgument,
    param: ParamOption = None,
    scope: ScopeOption = None,
    since: SpanOption = None,
    schedule: ScheduleOption = None,
    suppress: SuppressOption = None,
    channel: ChannelOption = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Change a detection: what is given replaces what was; '' takes a schedule or a span away."""
    values: dict[str, Any] = {}
    if param is not None:
        values["parameters"] = _parameters(param)
    if scope is not None:
        values["scope"] = _keys(scope, workspace, neo4j)
    if channel is not None:
        values["channels"] = _known([one for one in channel if one], workspace)
    if suppress is not None:
        values["suppress"] = _span(suppress, SUPPRESS)
    values |= {key: value for key, value in (("since", since), ("schedule", schedule)) if value is not None}
    if not values:
        raise typer.BadParameter("say what to change")
    with store(workspace) as state:
        one = repository.change(state, name, who=local_user(), **values)
    out.print(Text(f"detection {name}: {'on' if one.enabled else 'off'}, {_when(one)}"))


@app.command()
def remove(name: NameArgument, workspace: WorkspaceOption = None) -> None:
    """Remove a detection; its alerts stay."""
    with store(workspace) as state:
        repository.remove(state, name, who=local_user())
    out.print(Text(f"detection {shown(name)} is removed; its alerts stay"))


@app.command()
def allow(
    name: Annotated[str, typer.Argument(help="A detection's name, or '*' for all.")],
    pattern: Annotated[str, typer.Argument(help=r"The key or name of an entity, `*` for any text: corp\svc-*.")],
    reason: Annotated[str, typer.Option(help="Why it may pass.")],
    span: Annotated[str | None, typer.Option("--for", help="A span, such as 30d; for good without it.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Let findings pass that have an entity of this key or name."""
    until = now_ms() + parse_duration(span) if span else None
    with store(workspace) as state:
        repository.allow(state, name, pattern, reason=reason, who=local_user(), until=until)


@app.command()
def forbid(
    name: NameArgument,
    pattern: Annotated[str, typer.Argument(help="What was let pass.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Let it no longer pass; what did meanwhile is looked at again."""
    with store(workspace) as state:
        repository.forbid(state, name, pattern, who=local_user())


@app.command("from-finding")
def from_finding(
    finding: Annotated[str, typer.Argument(help="A finding's id, as `hunt --format json` gives it.")],
    hunt: Annotated[list[str] | None, typer.Option(help="The hunt that found it, where it is in no run.")] = None,
    keep: Annotated[str | None, typer.Option("--add", help="Keep it under this name, switched off.")] = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Propose the detection that would have caught a finding, and show what else it would have raised in the past."""
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened, store(workspace) as state:
        found = propose(opened, state, finding, hunts=hunt or [])
        if keep:
            one = repository.proposed(found.detection, keep)
            repository.add(state, one, who=local_user())
    if json:
        print_json(_proposal(found))
    else:
        _print_proposal(found)
    if keep:
        err.print(Text(f"detection {keep} is kept, switched off: `graph-hunt detection on {keep}`"))


@app.command("channels")
def list_channels(
    test: Annotated[str | None, typer.Option(help="Tell a made-up alert by this channel.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """List the channels of the workspace's notify.toml, or try one."""
    found = channels(settings(workspace, None).workspace)
    if test is not None:
        if test not in found:
            raise InputError(f"there is no channel {test!r}", expected=", ".join(found) or "one in notify.toml")
        try_out(found[test])
        out.print(Text(f"channel {test}: told"))
        return
    made = table("channel", "kind", "from level", "to")
    for one in found.values():
        to = one.settings.get("url") or one.settings.get("path") or one.settings.get("host")
        row(made, one.name, one.kind, one.level.value, to)
    out.print(made)


def detect(
    once: Annotated[bool, typer.Option("--once", help="Look once and end, as from cron.")] = False,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Run the detections that are due, and tell the alerts that wait; `serve` does so by itself."""
    if not once:
        raise typer.BadParameter("say --once; what goes on and on is `graph-hunt serve`")
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened, store(workspace) as state:
        looked = Watch(state, lambda: opened, opened.root).look()
    if json:
        ran = [
            {
                "detection": one.detection, "outcome": one.done.state, "notes": list(one.done.notes),
                "findings": len(one.done.findings), "new": list(one.raised.new), "repeated": one.raised.repeated,
                "let_pass": one.raised.passed,
            }
            for one in looked.ran
        ]  # fmt: skip
        print_json({"ran": ran, "told": looked.told})
        return
    made = table("detection", "outcome", "findings:n", "new:n", "repeated:n", "let pass:n")
    for one in looked.ran:
        numbers = len(one.done.findings), len(one.raised.new), one.raised.repeated, one.raised.passed
        row(made, one.detection, one.done.state, *map(count, numbers))
    if looked.ran:
        out.print(made)
    out.print(f"{many(len(looked.ran), 'detection')} ran, {many(looked.new, 'new alert')}, {looked.told} told")


def as_json(one: Standing) -> dict[str, Any]:
    """A detection as the command line shows it."""
    kept = one.detection
    return {
        "name": kept.id,
        **kept.said(),
        "title": kept.title,
        "version": kept.version,
        "last_run": iso(one.ran) or None,
        "outcome": one.outcome or None,
        "notes": list(one.notes),
        "next_run": iso(one.due) or None,
        "alerts": one.alerts,
        "open": one.open,
    }


def _proposal(found: Proposal) -> dict[str, Any]:
    return {
        "finding": found.finding.as_json(),
        "detection": {"name": found.detection.id, **found.detection.said()},
        "caught": found.caught,
        "state": found.state,
        "notes": list(found.notes),
        "others": [one.as_json() for one in found.others],
    }


def _print_proposal(found: Proposal) -> None:
    one = found.detection
    given = ", ".join(f"{name}={value}" for name, value in one.parameters.items()) or "its usual parameters"
    out.print(Text(f"finding: {shown(found.finding.summary)}"))
    out.print(Text(f"hunt {one.subject} with {given}, {_when(one)}"))
    word = (
        "catches it"
        if found.caught
        else f"does NOT catch it ({found.state}); the parameters it was found with are not known"
    )
    levels = ", ".join(f"{number} {level}" for level, number in found.by_level.items())
    others = many(len(found.others), "other finding")
    out.print(f"{word}; in the past it would have raised {others}" + (f" ({levels})" if levels else ""))
    print_findings(found.others[:_SHOWN])


def _switch(name: str, enabled: bool, workspace: Path | None) -> None:
    with store(workspace) as state:
        repository.change(state, name, who=local_user(), enabled=enabled)
    out.print(Text(f"detection {shown(name)} is {'on' if enabled else 'off'}"))


def _what(hunt: str | None, sigma: Path | None) -> tuple[Kind, str, str]:
    """What a detection runs: kind, subject and title."""
    if hunt is not None:
        (found,) = library.find([hunt])
        return Kind.HUNT, found.id, found.title
    assert sigma is not None
    try:
        text = sigma.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=str(sigma)) from error
    return Kind.SIGMA, text, rules.one(text, str(sigma)).title


def _when(one: Detection) -> str:
    return f"at {one.schedule}" if one.schedule else "after each load"


def _subject(one: Detection) -> str:
    return one.subject if one.kind is Kind.HUNT else one.kind.value


def _parameters(given: list[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"--param {text}: expected name=value")
        values[name] = value
    return values


def _keys(names: list[str], workspace: Path | None, neo4j: str | None) -> tuple[str, ...]:
    if not names:
        return ()
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        return tuple(entity.key for entity in opened.entities(names))


def _known(names: list[str], workspace: Path | None) -> tuple[str, ...]:
    found = channels(settings(workspace, None).workspace)
    for name in names:
        if name not in found:
            raise InputError(f"there is no channel {name!r}", expected=", ".join(found) or "one in notify.toml")
    return tuple(names)


def _span(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    try:
        return 0 if text == "0" else parse_duration(text)
    except (ValueError, TypeError) as error:
        raise InputError(f"{text!r} is no span", where="--suppress", expected="such as 24h, or 0") from error
