"""`GET /hunts/{id}.csv` and `.jsonl`: what a hunt finds, as a file for other programs."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from graph_hunt.api.access import caller_of
from graph_hunt.api.answer import said
from graph_hunt.api.trail import Trail
from graph_hunt.errors import GraphHuntError, HuntError, InputError, ParameterError, UnknownEntity
from graph_hunt.hunting import library, visibility
from graph_hunt.hunting.export import FINDING_COLUMNS, csv_lines, json_lines
from graph_hunt.hunting.runner import Run, run
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace import Workspace

PREFIX = "/hunts/"
_OURS = ("since", "until", "scope")
_STATUSES = ((HuntError, 404), (UnknownEntity, 404), (ParameterError, 400), (InputError, 400))


class Form(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSONL = "jsonl"


def exports_router(current: Callable[[], Workspace], trail: Trail) -> APIRouter:
    """The routes that give findings as files."""
    router = APIRouter()

    @router.get(PREFIX + "{id}.{form}", summary="What a hunt finds; its own parameters are parameters here too.")
    async def export(
        id: str,
        form: Form,
        request: Request,
        since: str | None = None,
        until: str | None = None,
        scope: Annotated[list[str] | None, Query()] = None,
    ) -> Response:
        given = request.query_params.multi_items()
        values = {name: value for name, value in given if name not in _OURS}
        if len(values) < sum(name not in _OURS for name, _ in given):
            return said(400, "a parameter is given twice")

        def work() -> Run:
            ran = _run(current(), id, values, since, until, scope or [])
            if (caller := caller_of(request)) is not None:
                after = {"form": form.value, "state": ran.state, "findings": len(ran.findings)}
                trail.note(caller, "export hunt", f"hunt:{ran.hunt.id}", after)
            return ran

        try:
            ran = await asyncio.to_thread(work)
        except GraphHuntError as error:
            return said(next((status for kind, status in _STATUSES if isinstance(error, kind)), 503), str(error))
        if ran.cannot_see:
            return said(409, f"the hunt cannot see: it needs {visibility.in_words(ran.cannot_see)}")
        return said(504, "; ".join(ran.notes)) if ran.timed_out else _file(ran, form)

    return router


def _run(
    workspace: Workspace, id: str, values: dict[str, str], since: str | None, until: str | None, scope: list[str]
) -> Run:
    (hunt,) = library.find([id])
    window = resolve(*workspace.span(), bucket=workspace.preferences.bucket, since=since, until=until)
    return run(
        hunt,
        workspace.graph,
        workspace.events.codes(),
        window=window,
        parameters=dict(values),
        scope=workspace.scope(scope),
        surprise=surprise_of(workspace, [hunt]),
    )


def _file(ran: Run, form: Form) -> Response:
    rows = (finding.as_json() for finding in sorted(ran.findings, key=lambda one: one.order))
    lines = csv_lines(rows, FINDING_COLUMNS) if form is Form.CSV else json_lines(rows)
    kind = "text/csv; charset=utf-8" if form is Form.CSV else "application/x-ndjson"
    # The id is the library's own: no text of the request's reaches a header.
    headers = {
        "Content-Disposition": f'attachment; filename="{ran.hunt.id}.{form.value}"',
        "Graph-Hunt-State": ran.state,
    }
    return StreamingResponse((line.encode("utf-8", "replace") for line in lines), media_type=kind, headers=headers)
