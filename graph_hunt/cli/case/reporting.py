"""`case report`: the case as Markdown, HTML or PDF, in English or French."""

import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from graph_hunt.casework import cases, reports
from graph_hunt.casework.cases.template import FOLDER, find
from graph_hunt.casework.custody import brought
from graph_hunt.cli.case.opening import CaseArgument, Language
from graph_hunt.cli.options import Neo4jOption, WorkspaceOption, settings
from graph_hunt.cli.output import err, shown
from graph_hunt.cli.token import store
from graph_hunt.errors import InputError
from graph_hunt.workspace import Workspace


class ReportFormat(StrEnum):
    """What a report is written as."""

    MD = "md"
    HTML = "html"
    PDF = "pdf"


def report(
    case: CaseArgument,
    format: Annotated[ReportFormat | None, typer.Option(help="By the file's ending where not said, else md.")] = None,
    language: Annotated[Language, typer.Option(help="The report's language.")] = Language.EN,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; standard output without it.")] = None,
    workspace: WorkspaceOption = None,
    neo4j: Neo4jOption = None,
) -> None:
    """Write the report of a case."""
    form = format or _form(output)
    now = time.time_ns() // 1_000_000
    with Workspace.open(settings(workspace, neo4j), read_only=True) as opened, store(workspace) as state:
        found = cases.get(state, case)
        laid = find(found.head.template, opened.root / FOLDER) if found.head.template else None
        made = reports.gather(found, opened, laid, language.value, now=now, loaded=brought(opened.events, state))
    match form:
        case ReportFormat.MD:
            content = reports.as_markdown(made).encode()
        case ReportFormat.HTML:
            content = reports.as_html(made).encode()
        case ReportFormat.PDF:
            content = reports.as_pdf(made, now)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", where=str(output)) from error
    err.print(Text(f"written: {shown(output)}"))


def _form(output: Path | None) -> ReportFormat:
    ending = output.suffix.lstrip(".").lower() if output else ""
    return ReportFormat(ending) if ending in list(ReportFormat) else ReportFormat.MD
