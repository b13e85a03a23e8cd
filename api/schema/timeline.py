"""Timelines: how much entities did in each bucket of time, and the events of it."""

from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.events import EventType
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.hunting.parameter import parse_duration
from graph_hunt.hunting.timeline import events_of, timeline
from graph_hunt.hunting.window import resolve

ENTITIES = 100


@strawberry.type(name="TimelineCount", description="How many events of one table are in one bucket of time.")
class CountType:
    """A count."""

    at: DateTime = strawberry.field(description="Where the bucket begins.")
    kind: str = strawberry.field(description="The event table, such as authentication.")
    count: int = strawberry.field(description="How many events.")


@strawberry.type
class TimelineQuery:
    """Asking for timelines."""

    @strawberry.field(
        description="Events that any of some users, hosts, addresses or mailboxes is in, by bucket of time and table."
    )
    async def timeline(
        self,
        info: Info,
        entities: Annotated[list[str], strawberry.argument(description=f"Up to {ENTITIES}, by any of their names.")],
        since: Annotated[
            str | None, strawberry.argument(description="A time, or a span before the newest event.")
        ] = None,
        until: Annotated[
            str | None, strawberry.argument(description="A time, or a span before the newest event.")
        ] = None,
        bucket: Annotated[str, strawberry.argument(description="How long a bucket is, such as 10m, 1h or 1d.")] = "1h",
    ) -> list[CountType] | None:
        """Give a timeline."""
        _bounded(entities)
        try:
            length = parse_duration(bucket)
        except ValueError as error:
            raise refused(f"bucket must be a span such as 1h, not {bucket!r}", "bucket") from error
        workspace = info.context.workspace
        window = await aside(lambda: resolve(*workspace.span(), bucket=1, since=since, until=until), "since")
        wanted = await aside(lambda: workspace.entities(entities), "entities")
        found = await aside(lambda: timeline(workspace, wanted, window.since, window.until, length), "bucket")
        return [CountType(at=DateTime(one.at), kind=one.kind, count=one.count) for one in found]

    @strawberry.field(description="The events that a timeline counts, the first first, with their original records.")
    async def events(
        self,
        info: Info,
        entities: Annotated[list[str], strawberry.argument(description=f"Up to {ENTITIES}, by any of their names.")],
        since: Annotated[
            str | None, strawberry.argument(description="A time, or a span before the newest event.")
        ] = None,
        until: Annotated[
            str | None, strawberry.argument(description="A time, or a span before the newest event.")
        ] = None,
        tables: Annotated[
            list[str] | None, strawberry.argument(description="Event tables to keep to; else all.")
        ] = None,
        first: int = 25,
        after: str | None = None,
    ) -> Connection[EventType] | None:
        """List events."""
        _bounded(entities)
        offset, length = window_of(first, after)
        workspace = info.context.workspace
        window = await aside(lambda: resolve(*workspace.span(), bucket=1, since=since, until=until), "since")
        wanted = await aside(lambda: workspace.entities(entities), "entities")
        ids, total = await aside(
            lambda: events_of(
                workspace, wanted, window.since, window.until, tables=tables or (), limit=length, skip=offset
            ),
            "tables",
        )
        rows = await aside(lambda: workspace.events.evidence(ids) if ids else [])
        # A record in two tables is one event here.
        told = {row["event_id"]: row for row in reversed(rows)}
        return page([EventType.of(told[event]) for event in ids], offset, total)


def _bounded(entities: list[str]) -> None:
    if not 1 <= len(entities) <= ENTITIES:
        raise refused(f"a timeline is of 1 to {ENTITIES} entities, not {len(entities)}", "entities")
