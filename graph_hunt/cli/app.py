"""The commands, put together; an error of ours is one line on stderr, never a traceback."""

import os
import sys

import typer
from rich.text import Text

from graph_hunt import __version__
from graph_hunt.cli import (
    alert,
    audit,
    baseline,
    case,
    countries,
    coverage,
    custody,
    demo,
    detection,
    export,
    hunts,
    identities,
    indicator,
    load,
    neighbours,
    path,
    pivot,
    rank,
    removal,
    serve,
    sigma,
    spread,
    state,
    token,
)
from graph_hunt.cli.output import err, shown
from graph_hunt.errors import GraphHuntError

app = typer.Typer(
    name="graph-hunt",
    help="Hunt compromise in a graph of users, hosts, addresses and messages.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS = (
    load.load, hunts.hunts, hunts.hunt, pivot.pivot, path.path, state.status, state.doctor, state.rebuild,
    removal.loads, removal.undo, removal.prune, serve.serve, serve.schema, demo.demo, audit.audit, custody.custody,
    detection.detect,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
app.add_typer(identities.app, name="identities")
app.add_typer(token.app, name="token")
app.add_typer(indicator.app, name="indicator")
app.add_typer(detection.app, name="detection")
app.add_typer(alert.app, name="alert")
app.add_typer(countries.app, name="countries")
app.add_typer(sigma.app, name="sigma")
app.add_typer(export.app, name="export")
export.app.command("ocsf")(neighbours.ocsf)
app.add_typer(case.app, name="case")
app.command("blast-radius")(spread.blast_radius_command)
app.command("coverage")(coverage.coverage_command)
app.command("rank")(rank.rank_command)
app.command("baseline")(baseline.baseline_command)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"graph-hunt {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Hunt compromise in a graph of users, hosts, addresses and messages."""


def main() -> None:
    """Run `graph-hunt`; exit status 0 done, 1 bad input reported, 2 usage."""
    try:
        app()
    except GraphHuntError as error:
        err.print(Text.assemble(("error", "bold red"), ": ", shown(error)), soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("interrupted; what was acknowledged is kept, and loading again goes on")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
