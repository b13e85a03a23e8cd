"""`POST /load`: a file of telemetry, streamed to disk, acknowledged once it is there for good, then loaded."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from graph_hunt import loaders
from graph_hunt.api.access import caller_of
from graph_hunt.api.answer import said
from graph_hunt.api.guard import TooLarge
from graph_hunt.api.trail import Trail
from graph_hunt.casework.uploads import Asked, Incoming, Uploads, check
from graph_hunt.errors import InputError, Overloaded

PATH = "/load"
LARGEST = 4 << 30
"""Bytes of the largest file, where nothing else is said."""
AUTO = "auto"
_BLOCK = 1 << 20
_OCTETS = "application/octet-stream"


def load_router(uploads: Uploads, trail: Trail, largest: int) -> APIRouter:
    """The route that takes files."""
    router = APIRouter()

    @router.post(PATH, status_code=202, summary="A file of telemetry as the body; what it is is told by its content.")
    async def take(
        request: Request,
        name: Annotated[str, Query(min_length=1, max_length=1024, description="The file's name.")],
        loader: Annotated[str, Query(description="A loader's name, where the content should not tell.")] = AUTO,
        year: Annotated[int | None, Query(ge=1970, le=9999, description="The year of lines that bear none.")] = None,
        timezone: Annotated[str, Query(max_length=64, description="The zone of local times that name none.")] = "UTC",
        epoch: Annotated[str | None, Query(description="The date of second 1 in LANL telemetry.")] = None,
        host: Annotated[str | None, Query(max_length=255, description="The machine of a log that names none.")] = None,
        own_domain: Annotated[list[str] | None, Query(description="Mail domains of one's own.")] = None,
    ) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _OCTETS:
            return said(415, f"send the file itself as the body, as {_OCTETS}")
        try:
            asked = Asked(None if loader == AUTO else loader, _options(year, timezone, epoch, host, own_domain))
            check(asked, {one.name: one for one in loaders.all_loaders()})
            id, incoming = await asyncio.to_thread(uploads.receive, name)
        except InputError as error:
            return said(400, str(error))
        except Overloaded as error:
            return said(429, str(error), {"Retry-After": "10"})
        return await _received(request, incoming, largest, lambda: _kept(request, uploads, trail, id, incoming, asked))

    return router


async def _received(request: Request, incoming: Incoming, largest: int, keep: Callable[[], Any]) -> Response:
    """Receive the body, and acknowledge it; what comes to nothing leaves nothing."""
    kept = False
    try:
        waiting: list[bytes] = []
        async for piece in request.stream():
            waiting.append(piece)
            if sum(map(len, waiting)) >= _BLOCK:
                await asyncio.to_thread(incoming.write, b"".join(waiting))
                waiting = []
            if incoming.size > largest:
                return _too_large(largest)
        await asyncio.to_thread(incoming.write, b"".join(waiting))
        if incoming.size > largest:
            return _too_large(largest)
        if not incoming.size:
            return said(400, "the file is empty")
        told = await asyncio.to_thread(keep)
        kept = True
        return JSONResponse(told, status_code=202)
    except TooLarge:
        return _too_large(largest)
    except ClientDisconnect:
        return said(400, "the file broke off")
    except OSError as error:
        return said(507, f"the file cannot be kept: {error.strerror}")
    finally:
        if not kept:
            await asyncio.to_thread(incoming.drop)


def _kept(
    request: Request, uploads: Uploads, trail: Trail, id: str, incoming: Incoming, asked: Asked
) -> dict[str, Any]:
    caller = caller_of(request)
    if caller is not None:
        trail.note(caller, "load file", f"upload:{id}", {"name": incoming.name, "bytes": incoming.size})
    upload = uploads.begin(id, incoming, asked, caller.who if caller else "local")
    return {"id": upload.id, "name": upload.name, "bytes": upload.size, "sha256": upload.sha256}


def _options(
    year: int | None, timezone: str, epoch: str | None, host: str | None, own_domain: list[str] | None
) -> dict[str, Any]:
    """What the file does not say itself, but for what is as it is usually."""
    options: dict[str, Any] = {}
    if year is not None:
        options["year"] = year
    if timezone != "UTC":
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise InputError(f"{timezone!r} is no zone", where="timezone", expected="such as Europe/Paris") from error
        options["timezone"] = timezone
    if epoch is not None:
        try:
            moment = datetime.fromisoformat(epoch)
        except ValueError as error:
            raise InputError(f"{epoch!r} is not a date", where="epoch", expected="ISO 8601") from error
        options["epoch"] = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    extra = {"host": host or "", "own_domains": ",".join(own_domain or [])}
    if any(extra.values()):
        options["extra"] = {key: value for key, value in extra.items() if value}
    return options


def _too_large(largest: int) -> Response:
    return said(413, f"a file may have up to {largest} bytes; larger ones load by `graph-hunt load`")
