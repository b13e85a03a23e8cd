"""The HTTP application: GraphQL at /graphql, health and deliveries beside it, behind the gate."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from strawberry import UNSET
from strawberry.exceptions import ConnectionRejectionError
from strawberry.fastapi import GraphQLRouter
from strawberry.types.unset import UnsetType

from graph_hunt import __version__, loaders
from graph_hunt.api.access import Access, Gate, Verify, caller_of, verifier
from graph_hunt.api.current import Current
from graph_hunt.api.exports import exports_router
from graph_hunt.api.guard import Guard
from graph_hunt.api.ingest import LARGEST as LARGEST_DELIVERY
from graph_hunt.api.ingest import PREFIX as DELIVERIES
from graph_hunt.api.ingest import ingest_router
from graph_hunt.api.load import LARGEST as LARGEST_UPLOAD
from graph_hunt.api.load import PATH as LOAD
from graph_hunt.api.load import load_router
from graph_hunt.api.metrics import Measured, Metrics, metrics_router
from graph_hunt.api.page import STATIC, add_graphiql, add_page
from graph_hunt.api.reports import reports_router
from graph_hunt.api.schema import SCHEMA, Context
from graph_hunt.api.trail import Trail
from graph_hunt.casework.after import meet
from graph_hunt.casework.detections.watch import Scheduler, Watch
from graph_hunt.casework.runs import Runs
from graph_hunt.casework.state import State
from graph_hunt.casework.uploads import Uploads
from graph_hunt.errors import GraphHuntError
from graph_hunt.graph.store import ASKER
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from graph_hunt.workspace.ingest import AUTO, Ingest

LARGEST = 1 << 20
"""Bytes of the largest request."""
_THREADS = 32
"""Threads for what blocks but is short: tokens, the trail. The engine's work has its own (`schema/context.py`)."""


class _Router(GraphQLRouter[Context, None]):
    verify: Verify

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Take the token from a websocket's first message, where its handshake could not bring one."""
        if context.caller is None:
            given = context.connection_params
            text = given.get("authorization") if isinstance(given, dict) else None
            kind, _, token = text.partition(" ") if isinstance(text, str) else ("", "", "")
            if kind.lower() == "bearer":
                context.caller = await asyncio.to_thread(self.verify, token)
            if context.caller is None:
                raise ConnectionRejectionError
            # Whatever comes over this connection is asked by tasks that begin here.
            ASKER.set(context.caller.who)
        return UNSET  # type: ignore[no-any-return]  # strawberry leaves its type open


def create_app(
    settings: Settings, access: Access | None = None, static: Path = STATIC, *, largest_upload: int = LARGEST_UPLOAD
) -> FastAPI:
    """Make the application that serves a workspace; without `access` it is for this machine only, without tokens."""
    access = access or Access()
    current, state = Current(settings), State.open(settings.state_store)
    scheduler = Scheduler(Watch(state, current.get, settings.workspace))
    ingest = Ingest(settings, apply=lambda: _applied(settings, state, scheduler))
    verify, trail = verifier(state, access.provider), Trail(state)
    runs, uploads = Runs(state, current.get), Uploads(state, settings, loaded=scheduler.soon)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "asyncio"))
        scheduler.start()
        await asyncio.to_thread(runs.resume)
        await asyncio.to_thread(uploads.resume)
        yield
        await asyncio.to_thread(uploads.close)
        await asyncio.to_thread(runs.close)
        await asyncio.to_thread(ingest.close)
        await asyncio.to_thread(scheduler.close)
        current.close()
        state.close()

    app = FastAPI(title="graph-hunt", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(Gate, access=access, verify=verify)
    # Only names of our own: another site's page must not reach us through a name that it controls.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=access.names, www_redirect=False)
    app.add_middleware(Guard, largest=partial(_largest, largest_upload))
    metrics = Metrics(current.get, state, ingest)
    app.add_middleware(Measured, metrics=metrics)

    async def context(connection: HTTPConnection) -> Context:
        # Only a graph that was published since has to be waited for.
        workspace = current.quick
        if workspace is None:
            workspace = await asyncio.to_thread(current.get)
        caller = caller_of(connection)
        return Context(workspace, caller, trail, runs, access.cypher, state, settings, uploads)

    router = _Router(
        SCHEMA, context_getter=context, graphql_ide=None, allow_queries_via_get=False, multipart_uploads_enabled=False
    )
    router.verify = verify
    add_graphiql(app)
    app.include_router(router, prefix="/graphql", include_in_schema=False)

    async def delivered(loader: str, request: Request) -> None:
        caller = caller_of(request)
        if caller is not None and (loader == AUTO or loader in {one.name for one in loaders.all_loaders()}):
            await asyncio.to_thread(trail.deliver, caller, loader)

    app.include_router(metrics_router(metrics))
    app.include_router(exports_router(current.get, trail))
    app.include_router(reports_router(current.get, state))
    app.include_router(ingest_router(ingest, [Depends(delivered)]))
    app.include_router(load_router(uploads, trail, largest_upload))
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

    add_page(app, static)
    return app


def _applied(settings: Settings, state: State, scheduler: Scheduler) -> None:
    """Have graph, sightings and alerts follow what was delivered."""
    with Workspace.open(settings) as workspace:
        workspace.apply()
        meet(workspace, state)
    scheduler.soon()


async def _health() -> str:
    return "ok\n"


def _largest(upload: int, path: str) -> int:
    """Bytes that a request to a path may send."""
    if path == LOAD:
        return upload
    return LARGEST_DELIVERY if path.startswith(DELIVERIES) else LARGEST
