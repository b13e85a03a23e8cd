"""`POST /ingest/{loader}`: telemetry from shippers, acknowledged once the event store has it."""

import asyncio
import math
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends
from fastapi.responses import JSONResponse

from graph_hunt.api.answer import said
from graph_hunt.errors import GraphHuntError, InputError, Overloaded
from graph_hunt.workspace.ingest import Ingest
from graph_hunt.workspace.loading import Outcome, SourceReport

LARGEST = 16 << 20
"""Bytes of the largest delivery, as it is sent."""
PREFIX = "/ingest/"
_UNFOLDED = 256 << 20
_RETRY_AFTER = 2
_UNREAD = ("application/msgpack", "application/x-msgpack", "multipart/", "application/x-www-form-urlencoded")


def ingest_router(ingest: Ingest, dependencies: Sequence[Depends] = ()) -> APIRouter:
    """The routes that take deliveries; `dependencies` say who may."""
    router = APIRouter(dependencies=list(dependencies))

    @router.post(PREFIX + "{loader}", summary="Telemetry as JSON, NDJSON or lines, plain or compressed.")
    async def take(loader: str, request: Request) -> Response:
        if (refusal := _refused(request)) is not None:
            return refusal
        if ingest.full:
            return _later("more is waiting to be committed than can be kept", 429)
        body = await _body(request)
        if body is None:
            return said(413, f"a delivery may have up to {LARGEST} bytes")
        try:
            future = ingest.offer(loader, body)
            reports = await asyncio.shield(asyncio.wrap_future(future))
        except InputError as error:
            return said(404, str(error))
        except Overloaded as error:
            return _later(str(error), 429)
        except GraphHuntError as error:
            return _later(str(error), 503)
        unreadable = [one.problem for one in reports if one.outcome is Outcome.UNREADABLE]
        if unreadable and not any(one.records for one in reports):
            return said(400, "; ".join(unreadable))
        return JSONResponse(_account(reports))

    return router


def _refused(request: Request) -> Response | None:
    # A page of another site may post to this machine, but its browser says where the page is from.
    if "origin" in request.headers:
        return said(403, "deliveries are for shippers, not for browsers")
    kind = request.headers.get("content-type", "").lower()
    if kind.startswith(_UNREAD):
        return said(415, f"{kind} is not read; send JSON, NDJSON or lines (Fluent Bit: Format json_lines)")
    return None


async def _body(request: Request) -> bytes | None:
    """The body, or nothing where it is too long; what is compressed by itself is told later by its first bytes."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > LARGEST:
            return None
        pieces.append(piece)
    body = b"".join(pieces)
    if request.headers.get("content-encoding", "").lower() == "deflate":
        inflate = zlib.decompressobj()
        try:
            body = inflate.decompress(body, _UNFOLDED)
        except zlib.error:
            return body
        return None if inflate.unconsumed_tail else body
    return body


def _account(reports: Sequence[SourceReport]) -> dict[str, Any]:
    return {
        "records": sum(one.records for one in reports),
        "used": sum(one.used for one in reports),
        "not_used": sum(one.unused.total() for one in reports),
        "quarantined": dict(sum((one.quarantined for one in reports), Counter())),
        "rows": dict(sum((one.rows for one in reports), Counter())),
        "already_known": bool(reports) and all(one.outcome is Outcome.KNOWN for one in reports),
        "problems": [one.problem for one in reports if one.problem],
    }


def _later(words: str, status: int) -> JSONResponse:
    return said(status, words, {"Retry-After": str(math.ceil(_RETRY_AFTER))})
