"""`GET /cases/{id}/report.pdf`, `.html` and `.md`: the report of a case, in English or French."""

import asyncio
import time
from collections.abc import Callable
from enum import StrEnum

from fastapi import APIRouter, Response

from graph_hunt.api.answer import said
from graph_hunt.casework import cases, reports
from graph_hunt.casework.cases.template import FOLDER, find
from graph_hunt.casework.custody import brought
from graph_hunt.casework.state import State
from graph_hunt.errors import GraphHuntError, UnknownCase
from graph_hunt.workspace import Workspace

PREFIX = "/cases/"


class Form(StrEnum):
    """How a report is written."""

    PDF = "pdf"
    HTML = "html"
    MD = "md"


class Language(StrEnum):
    """A report's language."""

    EN = "en"
    FR = "fr"


_KINDS = {Form.PDF: "application/pdf", Form.HTML: "text/html; charset=utf-8", Form.MD: "text/markdown; charset=utf-8"}


def reports_router(current: Callable[[], Workspace], state: State) -> APIRouter:
    """The route that gives reports."""
    router = APIRouter()

    @router.get(PREFIX + "{id}/report.{form}", summary="The report of a case.")
    async def report(id: int, form: Form, language: Language = Language.EN) -> Response:
        try:
            content = await asyncio.to_thread(_written, current, state, id, form, language)
        except UnknownCase as error:
            return said(404, str(error))
        except GraphHuntError as error:
            return said(503, str(error))
        name = f'attachment; filename="case-{id}-{language.value}.{form.value}"'
        # Its own style, and nothing that runs: the page says so too.
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        headers = {"Content-Disposition": name, "Content-Security-Policy": policy}
        return Response(content, media_type=_KINDS[form], headers=headers)

    return router


def _written(current: Callable[[], Workspace], state: State, id: int, form: Form, language: Language) -> bytes:
    workspace, now = current(), time.time_ns() // 1_000_000
    case = cases.get(state, id)
    laid = find(case.head.template, workspace.root / FOLDER) if case.head.template else None
    made = reports.gather(case, workspace, laid, language.value, now=now, loaded=brought(workspace.events, state))
    match form:
        case Form.PDF:
            return reports.as_pdf(made, now)
        case Form.HTML:
            return reports.as_html(made).encode()
        case Form.MD:
            return reports.as_markdown(made).encode()
