"""The HTTP application: GraphQL at /graphql, health beside it; for this machine only."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware
from strawberry.fastapi import GraphQLRouter

from graph_hunt import __version__
from graph_hunt.api.current import Current
from graph_hunt.api.ingest import LARGEST as LARGEST_DELIVERY
from graph_hunt.api.ingest import PREFIX as DELIVERIES
from graph_hunt.api.ingest import ingest_router
from graph_hunt.api.schema import SCHEMA, Context
from graph_hunt.errors import GraphHuntError
from graph_hunt.settings import Settings
from graph_hunt.workspace.ingest import Ingest

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
LARGEST = 1 << 20
"""Bytes of the largest request."""


def create_app(settings: Settings) -> FastAPI:
    """Make the application that serves a workspace."""
    current, ingest = Current(settings), Ingest(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(ingest.close)
        current.close()

    app = FastAPI(title="graph-hunt", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    # Only names of this machine: another site's page must not reach us through a name that it controls.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, "[::1]"])
    app.middleware("http")(_guarded)

    async def context() -> Context:
        return Context(await asyncio.to_thread(current.get))

    router: GraphQLRouter[Context, None] = GraphQLRouter(
        SCHEMA, context_getter=context, graphql_ide=None, allow_queries_via_get=False, multipart_uploads_enabled=False
    )
    app.include_router(router, prefix="/graphql", include_in_schema=False)
    app.include_router(ingest_router(ingest))
    app.get("/healthz", response_class=PlainTextResponse, summary="The process answers.")(_health)

    @app.get("/readyz", response_class=PlainTextResponse, summary="The graph and the events answer.")
    async def ready() -> Response:
        def ask() -> None:
            workspace = current.get()
            workspace.graph.query("RETURN 1 AS one", timeout=5)
            workspace.events.batches()

        try:
            await asyncio.to_thread(ask)
        except GraphHuntError as error:
            return PlainTextResponse(f"not ready: {error}\n", status_code=503)
        return PlainTextResponse("ready\n")

    return app


async def _health() -> str:
    return "ok\n"


async def _guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    length = request.headers.get("content-length", "0")
    largest = LARGEST_DELIVERY if request.url.path.startswith(DELIVERIES) else LARGEST
    if not length.isdecimal() or int(length) > largest:
        return PlainTextResponse(f"a request may have up to {largest} bytes\n", status_code=413)
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
