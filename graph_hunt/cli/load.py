"""`load`: telemetry into the workspace, with an account of every source."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from graph_hunt import loaders
from graph_hunt.cli.after import follow_up, note_loaded
from graph_hunt.cli.following import follow_files
from graph_hunt.cli.mapping import by_mapping, check_mapping
from graph_hunt.cli.options import EventsOption, Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import count, err, out, print_json, row, shown, table
from graph_hunt.errors import InputError
from graph_hunt.events.identity import give_directory
from graph_hunt.events.source import Loader, Options
from graph_hunt.graph import projection
from graph_hunt.workspace import Loaded, Workspace
from graph_hunt.workspace.loading import LoadReport, Outcome, Progress, SourceReport

_SHOWN = 12
"""Lines of one kind that the table shows before it only counts them."""


def load(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, patterns, archives, or - for standard input.")],
    format: Annotated[str | None, typer.Option(help="The loader's name, where a source should not be guessed.")] = None,
    bucket: Annotated[str | None, typer.Option(help="Bucket of time of a new workspace: 1h (default) or 1d.")] = None,
    epoch: Annotated[str | None, typer.Option(help="The date of second 1 in LANL telemetry.")] = None,
    year: Annotated[int | None, typer.Option(help="The year of syslog lines that bear none.")] = None,
    timezone: Annotated[str, typer.Option(help="The zone of local times that name none.")] = "UTC",
    own_domain: Annotated[
        list[str] | None, typer.Option(help="A mail domain of the organisation's own; may be repeated.")
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="The machine of a log that does not name it, such as auditd's.")
    ] = None,
    directory: Annotated[
        list[Path] | None,
        typer.Option(help="The organisation's directory: CSV, LDIF or Entra's JSON; as `identities directory`."),
    ] = None,
    geoip: Annotated[
        list[Path] | None,
        typer.Option(
            help="A MaxMind DB file (GeoLite2 or DB-IP; City, ASN) to keep and to hear before the bundled one."
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="A mapping file: which fields of your own CSV or JSON become what.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="With --map: say what it would make, and load nothing.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on reading files and folders as they grow, until Ctrl-C.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the account as JSON.")] = False,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
    events: EventsOption = None,
) -> None:
    """Load telemetry: what it is is told by its content; loading a thing twice changes nothing."""
    said = {"own_domains": ",".join(own_domain or []), "host": host or ""}
    options = Options(
        epoch=_date(epoch) if epoch else Options().epoch,
        year=year,
        timezone=timezone,
        extra={name: value for name, value in said.items() if value},
    )
    if (check and not mapping) or (format and mapping):
        raise typer.BadParameter("--check goes with --map, and --format without it")
    if mapping and check:
        check_mapping(mapping, paths, options, json=json)
        return
    chosen, options = by_mapping(mapping, options) if mapping else (_loader(format) if format else None, options)
    if follow:
        loaded = follow_files(
            settings(workspace, neo4j, events), paths, options, chosen, bucket=bucket, directory=directory
        )
        if json:
            print_json(as_json(loaded))
        else:
            print_loaded(loaded)
        return
    with (
        Workspace.open(settings(workspace, neo4j, events), bucket=bucket) as opened,
        progress_bars() as (reading, writing),
    ):
        if directory:
            give_directory(opened.root, directory)
        if geoip:
            opened.give_geo(geoip)
        loaded = opened.load(paths, options, loader=chosen, progress=reading, advance=writing)
        if geoip and not loaded.applied.rebuilt:
            opened.rebuild(writing)
        note_loaded(opened, workspace, loaded.report.batches)
        follow_up(opened, workspace)
    if json:
        print_json(as_json(loaded))
    else:
        print_loaded(loaded)
    sys.stdout.flush()
    refused = any(
        one.outcome is Outcome.UNCLAIMED and one.name in {str(Path(path)) for path in paths} | {"-"}
        for one in loaded.report.sources
    )
    if loaded.report.bad or refused:
        raise typer.Exit(1)


def _date(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is not a date", where="--epoch", expected="ISO 8601, such as 2015-01-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _loader(name: str) -> Loader:
    known = {loader.name: loader for loader in loaders.all_loaders()}
    if name not in known:
        raise InputError(f"no loader is called {name!r}", where="--format", expected=", ".join(known))
    return known[name]


@contextmanager
def progress_bars() -> Iterator[tuple[Progress, projection.Progress]]:
    """Show on stderr what is read and written, and how much; nothing where stderr is no terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Bars(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        task = bars.add_task("reading …", total=None)
        records = 0

        def reading(name: str, more: int) -> None:
            nonlocal records
            records += more
            said = f"{count(records)} records  " if records else ""
            bars.update(task, description=said + shown(name)[-60:])

        def writing(what: str, done: int, of: int) -> None:
            share = f" {count(done)} of {count(of)}" if of else ""
            bars.update(task, description=f"{what}{share}")

        yield reading, writing


def as_json(loaded: Loaded) -> dict[str, Any]:
    """The account of a load."""
    report = loaded.report
    return {
        "seconds": round(report.seconds, 3),
        "records": report.total("records"),
        "used": report.total("used"),
        "not_used": report.total("unused"),
        "quarantined": report.total("quarantined"),
        "rows": dict(sum((one.rows for one in report.sources), Counter())),
        "duplicates": dict(report.duplicates),
        "graph": {
            "batches": loaded.applied.batches,
            "edges": dict(loaded.applied.edges),
            "rebuilt": loaded.applied.rebuilt or None,
        },
        "sources": [_source(one) for one in report.sources],
    }


def _source(one: SourceReport) -> dict[str, Any]:
    return {
        "name": one.name,
        "outcome": one.outcome.value,
        "loader": one.loader or None,
        "records": one.records,
        "used": one.used,
        "not_used": dict(one.unused.most_common()),
        "quarantined": dict(one.quarantined.most_common()),
        "rows": dict(one.rows),
        "problem": one.problem or None,
    }


def print_loaded(loaded: Loaded) -> None:
    """Print a load's account as tables."""
    report = loaded.report
    _print_loaders(report)
    rows = sum((one.rows for one in report.sources), Counter[str]())
    if rows:
        made = table("event table", "rows:n", "there already:n", title="Events")
        for name, number in sorted(rows.items()):
            row(made, name, count(number), count(report.duplicates[name]) if report.duplicates[name] else "")
        out.print(made)
        out.print()
    _print_problems(report)
    if loaded.applied.rebuilt:
        out.print(f"graph built anew: {loaded.applied.rebuilt}")
    written = sum(loaded.applied.edges.values())
    kinds = sum(bool(number) for number in loaded.applied.edges.values())
    out.print(f"graph: {count(written)} edges of {kinds} kinds written" if written else "graph: nothing new")
    out.print(f"loaded in {report.seconds:.1f} s, projected in {loaded.seconds:.1f} s")


def _print_loaders(report: LoadReport) -> None:
    made = table("loader", "sources:n", "records:n", "used:n", "not used:n", "quarantined:n", title="Sources")
    by_loader: dict[str, list[SourceReport]] = {}
    for one in report.sources:
        by_loader.setdefault(one.loader or f"({one.outcome.value})", []).append(one)
    for name, group in sorted(by_loader.items()):
        read = [one for one in group if one.outcome is not Outcome.KNOWN]
        known = len(group) - len(read)
        label = (
            f"{name} (already loaded)" if known and not read else f"{name} ({known} already loaded)" if known else name
        )
        part = LoadReport(sources=group)
        numbers = [count(part.total(what)) for what in ("records", "used", "unused", "quarantined")]
        row(made, label, count(len(group)), *numbers)
    out.print(made)
    out.print()


def _print_problems(report: LoadReport) -> None:
    problems = [one for one in report.sources if one.problem]
    serious = [one for one in problems if one.outcome in (Outcome.BROKEN, Outcome.UNREADABLE)]
    rest = [one for one in problems if one not in serious]
    for style, group in (("red", serious), ("yellow", rest)):
        for one in group[:_SHOWN]:
            out.print(Text(one.outcome.value, style=style), Text(shown(one.problem)))
        if len(group) > _SHOWN:
            out.print(f"… and {count(len(group) - _SHOWN)} more (--json lists all)")
    reasons: Counter[str] = Counter()
    for one in report.sources:
        reasons.update({f"{one.name}: {reason}": number for reason, number in one.quarantined.items()})
    for reason, number in reasons.most_common(_SHOWN):
        out.print(Text("quarantined", style="yellow"), Text(f"{count(number)}  {shown(reason)}"))
    if problems or reasons:
        out.print()
