"""Timelines: how much entities did in each bucket of time."""

from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.scalars import DateTime, refused
from graph_hunt.hunting.parameter import parse_duration
from graph_hunt.hunting.timeline import timeline
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
        if not 1 <= len(entities) <= ENTITIES:
            raise refused(f"a timeline is of 1 to {ENTITIES} entities, not {len(entities)}", "entities")
        try:
            length = parse_duration(bucket)
        except ValueError as error:
            raise refused(f"bucket must be a span such as 1h, not {bucket!r}", "bucket") from error
        workspace = info.context.workspace
        window = await aside(lambda: resolve(*workspace.span(), bucket=1, since=since, until=until), "since")
        wanted = await aside(lambda: workspace.entities(entities), "entities")
        found = await aside(lambda: timeline(workspace, wanted, window.since, window.until, length), "bucket")
        return [CountType(at=DateTime(one.at), kind=one.kind, count=one.count) for one in found]
