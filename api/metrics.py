"""`GET /metrics`: how the server fares and what is loaded, for Prometheus."""

import asyncio
import time
from collections.abc import Callable, Iterator

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_hunt.api import permissions
from graph_hunt.casework.state import AUDIT, State
from graph_hunt.errors import GraphHuntError
from graph_hunt.workspace import Workspace
from graph_hunt.workspace.ingest import Ingest

PATH = "/metrics"
_METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What is counted of one server."""

    def __init__(self, current: Callable[[], Workspace], state: State, ingest: Ingest) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "graph_hunt_http_requests", "Requests, by route and status.", ("route", "method", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "graph_hunt_http_request_seconds", "Time until a request was answered wholly.", ("route",),
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.registry.register(_Stored(current, state, ingest))


class Measured:
    """Counts and times requests; as ASGI middleware, outermost, so that refusals count too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, and note what came of it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, begun = "500", time.perf_counter()

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            route = route_of(scope["path"])
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.requests.labels(route, method, status).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - begun)


def route_of(path: str) -> str:
    """A route's name in the counts: what a client makes up must not become a series of its own."""
    places = (*permissions.PUBLIC, *(place for _, place, _ in permissions.ROUTES))
    return next((place for place in places if permissions.at(path, place)), "other")


class _Stored(Collector):
    """What the stores say at the time they are asked."""

    def __init__(self, current: Callable[[], Workspace], state: State, ingest: Ingest) -> None:
        self._current, self._state, self._ingest = current, state, ingest

    def describe(self) -> list[Metric]:
        """Nothing is asked of the stores when this is made known."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Ask the stores."""
        full = GaugeMetricFamily("graph_hunt_ingest_full", "1 while deliveries are turned away.")
        full.add_metric([], float(self._ingest.full))
        yield full
        done = CounterMetricFamily("graph_hunt_actions", "Lines of the audit trail, by action.", labels=["action"])
        with self._state.read() as connection:
            wanted = select(AUDIT.c.action, func.count()).group_by(AUDIT.c.action).order_by(AUDIT.c.action)
            for action, number in connection.execute(wanted):
                done.add_metric([action], number)
        yield done
        yield from _loaded(self._current())


def _loaded(workspace: Workspace) -> Iterator[Metric]:
    found = workspace.events.status()
    records = GaugeMetricFamily("graph_hunt_records", "Records read, by what became of them.", labels=["became"])
    for became, number in (
        ("used", found.used),
        ("not_used", sum(found.unused.values())),
        ("quarantined", sum(found.quarantined.values())),
    ):
        records.add_metric([became], number)
    rows = GaugeMetricFamily("graph_hunt_rows", "Rows that stand, by event table.", labels=["table"])
    for table, number in found.tables.items():
        rows.add_metric([table], number)
    size = GaugeMetricFamily("graph_hunt_events_bytes", "The event store's bytes on disk.")
    size.add_metric([], found.size)
    yield from (records, rows, size)
    if found.last is not None:
        last = GaugeMetricFamily("graph_hunt_last_event_timestamp_seconds", "The time of the newest event.")
        last.add_metric([], found.last / 1000)
        yield last


def metrics_router(metrics: Metrics) -> APIRouter:
    """The route that Prometheus asks."""
    router = APIRouter()

    @router.get(PATH, summary="Counts and times, for Prometheus.")
    async def told() -> Response:
        try:
            text = await asyncio.to_thread(generate_latest, metrics.registry)
        except GraphHuntError as error:
            return Response(f"{error}\n", status_code=503, media_type="text/plain")
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router
