"""`sigma`: a SOC's own rules run over all that is loaded; hunts and detections written as rules."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from graph_hunt.casework.detections import repository
from graph_hunt.casework.sigma.export import exported, of_hunt
from graph_hunt.casework.sigma.rules import Refused, Rule, outcomes, read_files
from graph_hunt.casework.sigma.running import TIMEOUT, Ran, run
from graph_hunt.cli.hunts import print_findings
from graph_hunt.cli.options import Neo4jOption, SinceOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, err, many, out, print_json, row, shown, table
from graph_hunt.cli.token import store
from graph_hunt.errors import InputError
from graph_hunt.hunting import library
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="Sigma: rules run over all that is loaded; hunts written as rules.")
RulesArgument = Annotated[list[Path], typer.Argument(help="Files and folders of Sigma rules.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
_SHOWN = 20


@app.command("run")
def run_rules(
    rules: RulesArgument,
    since: SinceOption = None,
    timeout: Annotated[float, typer.Option(help="Seconds for each rule.")] = TIMEOUT,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Run rules over all that is loaded, past events too; what does not run here is said with the reason."""
    found = list(read_files(rules))
    chosen = [one for one in found if isinstance(one, Rule)]
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened:
        begin = resolve(*opened.span(), bucket=1, since=since).since if since else 0
        done = []
        with err.status("running …") as status:
            for one in run(opened, chosen, since=begin, timeout=timeout):
                done.append(one)
                status.update(f"running … {len(done)} of {len(chosen)}")
    if json:
        print_json(_json(found, done))
    else:
        _print(found, done)
    if any(one.kind == "malformed" for one in found if isinstance(one, Refused)):
        raise typer.Exit(1)


@app.command()
def check(rules: RulesArgument, json: JsonOption = False) -> None:
    """Say which rules would run here, and why the others do not."""
    found = list(read_files(rules))
    if json:
        print_json(_json(found, []))
        return
    made = table("outcome", "rules:n")
    for name, number in outcomes(found).most_common():
        row(made, name.replace("_", " "), count(number))
    out.print(made)
    for one in [one for one in found if isinstance(one, Refused)][:_SHOWN]:
        out.print(Text(f"{one.kind.replace('_', ' ')}  {shown(one.where)}: {shown(one.why)}"))


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="A hunt's id or a detection's name.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Write a hunt or a detection as Sigma rules on stdout; what they lose is said on stderr."""
    if any(name == hunt.id for hunt in library.all_hunts()):
        written = of_hunt(name)
    else:
        with store(workspace) as state:
            written = exported(repository.get(state, name), settings(workspace, None).workspace, state)
    for lost in written.lost:
        err.print(Text(f"lost: {lost}"))
    if not written.text:
        raise InputError(f"{name} cannot be written as Sigma", expected="; ".join(written.lost))
    sys.stdout.write(written.text)


def _print(found: list[Rule | Refused], done: list[Ran]) -> None:
    findings = sorted((one for ran in done for one in ran.findings), key=lambda one: one.order)
    print_findings(findings)
    for one in found:
        if isinstance(one, Refused) and one.kind == "malformed":
            err.print(Text.assemble(("malformed", "red"), f" {shown(one.where)}: {shown(one.why)}"))
    for ran in done:
        if ran.problem:
            err.print(Text.assemble((ran.rule.title, "bold"), f": {ran.state}: {shown(ran.problem)}"))
    kinds = outcomes(found)
    fired = sum(bool(ran.events) for ran in done)
    err.print(
        f"{many(len(done), 'rule')} ran, {fired} found something; {kinds['not_kept']} are of events that are not kept, "
        f"{kinds['not_converted']} could not be converted, {kinds['malformed']} are malformed"
    )


def _json(found: list[Rule | Refused], done: list[Ran]) -> dict[str, Any]:
    return {
        "outcomes": dict(outcomes(found)),
        "refused": [
            {"where": one.where, "kind": one.kind, "why": one.why} for one in found if isinstance(one, Refused)
        ],
        "ran": [
            {
                "rule": one.rule.id,
                "title": one.rule.title,
                "where": one.rule.where,
                "source": one.rule.source.name,
                "state": one.state,
                "events": one.events,
                "problem": one.problem or None,
                "findings": [finding.as_json() for finding in one.findings],
            }
            for one in done
        ],
    }
