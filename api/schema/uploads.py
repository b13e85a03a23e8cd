"""Files that were sent to be loaded: how far each is, and what came of it."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

import strawberry

from graph_hunt.api.schema.context import Context, Info, aside
from graph_hunt.api.schema.hearing import changes
from graph_hunt.api.schema.scalars import BigInt, Connection, DateTime, page, window_of
from graph_hunt.casework.uploads import Upload


@strawberry.type(name="ReasonCount", description="How many records, and why.")
class ReasonType:
    """A count by reason."""

    reason: str = strawberry.field(description="Why.")
    count: int = strawberry.field(description="How many.")


def reasons(counts: Mapping[str, int]) -> list[ReasonType]:
    """Show counts by reason."""
    return [ReasonType(reason=reason, count=count) for reason, count in counts.items()]


@strawberry.type(name="TableRows", description="Rows of an event table.")
class TableRowsType:
    """An event table's rows."""

    table: str = strawberry.field(description="The table's name.")
    rows: int = strawberry.field(description="How many.")


def tables(rows: Mapping[str, int]) -> list[TableRowsType]:
    """Show rows by table."""
    return [TableRowsType(table=name, rows=count) for name, count in rows.items()]


@strawberry.type(
    name="LoadedSource", description="What came of one source of a load: a file, or a member of an archive."
)
class SourceType:
    """A source's account: records are used, not used or quarantined."""

    name: str = strawberry.field(description="Its name, from the file that was sent on.")
    outcome: str = strawberry.field(description="loaded, already loaded, broken off, unreadable or unclaimed.")
    loader: str | None = strawberry.field(description="Which loader read it.")
    records: int = strawberry.field(description="Records that were read.")
    used: int = strawberry.field(description="Records that became events.")
    not_used: list[ReasonType] = strawberry.field(description="Records that say nothing graph-hunt keeps, by code.")
    quarantined: list[ReasonType] = strawberry.field(description="Records that could not be read, by reason.")
    rows: list[TableRowsType] = strawberry.field(description="Rows by event table.")
    problem: str | None = strawberry.field(description="What was wrong with it.")

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "SourceType":
        """Show a source."""
        same = {name: told[name] for name in ("name", "outcome", "loader", "records", "used", "problem")}
        return cls(
            **same,
            not_used=reasons(told["not_used"]),
            quarantined=reasons(told["quarantined"]),
            rows=tables(told["rows"]),
        )


@strawberry.type(name="LoadResult", description="What came of a load.")
class ResultType:
    """A result: records are used, not used or quarantined."""

    records: int = strawberry.field(description="Records that were read.")
    used: int = strawberry.field(description="Records that became events.")
    not_used: int = strawberry.field(description="Records that say nothing graph-hunt keeps.")
    quarantined: int = strawberry.field(description="Records that could not be read, kept with the reason.")
    reasons: list[ReasonType] = strawberry.field(description="Why they could not be read.")
    rows: list[TableRowsType] = strawberry.field(description="Rows by event table.")
    duplicates: list[TableRowsType] = strawberry.field(description="Rows that were there already, by event table.")
    edges: int = strawberry.field(description="Edges of the graph that were written.")
    rebuilt: str | None = strawberry.field(description="Why the graph was made anew, where it was.")
    sightings: int = strawberry.field(description="New sightings of indicators.")
    seconds: float = strawberry.field(description="How long it took.")
    sources: int = strawberry.field(description="Sources in all.")
    told: strawberry.Private[list[Mapping[str, Any]]]

    @strawberry.field(description="Its sources, those with something wrong first; of very many, the first 500.")
    async def accounts(self, first: int = 25, after: str | None = None) -> Connection[SourceType]:
        """List sources."""
        offset, length = window_of(first, after)
        return page([SourceType.of(one) for one in self.told[offset : offset + length]], offset, len(self.told))

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "ResultType":
        """Show a result."""
        same = ("records", "used", "not_used", "quarantined", "edges", "rebuilt", "sightings", "seconds", "sources")
        return cls(
            **{name: told[name] for name in same},
            reasons=reasons(told["reasons"]),
            rows=tables(told["rows"]),
            duplicates=tables(told["duplicates"]),
            told=list(told["told"]),
        )


@strawberry.type(name="LoadProgress", description="How far a load is.")
class LoadProgressType:
    """Progress."""

    phase: str = strawberry.field(description="waiting, reading, following, or what of the graph is written.")
    records: int = strawberry.field(description="Records that were read so far.")
    source: str | None = strawberry.field(description="What is being read.")
    done: int | None = strawberry.field(description="How much of the phase is done, where that is known.")
    total: int | None = strawberry.field(description="Of how much.")

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "LoadProgressType":
        """Show progress."""
        source = told.get("source")
        return cls(
            phase=told.get("phase", "waiting"),
            records=told.get("records", 0),
            source=None if source is None else source.replace("\\", "/").rpartition("/uploads/")[2].partition("/")[2],
            done=told.get("done"),
            total=told.get("of"),
        )


@strawberry.type(
    name="Upload", description="A file that was sent to `POST /load`; it outlives the server that took it."
)
class UploadType:
    """An upload."""

    id: strawberry.ID = strawberry.field(description="For `upload` and `loadProgress`.")
    name: str = strawberry.field(description="The file's name.")
    bytes: BigInt = strawberry.field(description="How long it is.")
    sha256: str = strawberry.field(description="The SHA-256 of its content.")
    state: str = strawberry.field(description="queued, running, done, failed or cancelled.")
    problem: str | None = strawberry.field(description="Why it failed.")
    who: str = strawberry.field(description="Who sent it.")
    created: DateTime = strawberry.field(description="When it was acknowledged.")
    started: DateTime | None = strawberry.field(description="When its loading began.")
    ended: DateTime | None = strawberry.field(description="When it was over.")
    progress: LoadProgressType | None = strawberry.field(description="How far it is, while it is loaded.")
    result: ResultType | None = strawberry.field(description="What came of it, once it is done.")

    @classmethod
    def of(cls, upload: Upload) -> "UploadType":
        """Show an upload."""
        same = {name: getattr(upload, name) for name in ("name", "sha256", "state", "problem", "who")}
        return cls(
            **same,
            id=strawberry.ID(upload.id),
            bytes=BigInt(upload.size),
            created=DateTime(upload.created),
            started=None if upload.started is None else DateTime(upload.started),
            ended=None if upload.ended is None else DateTime(upload.ended),
            progress=LoadProgressType.of(upload.progress) if upload.state == "running" else None,
            result=None if upload.result is None else ResultType.of(upload.result),
        )


Id = Annotated[strawberry.ID, strawberry.argument(description="What `POST /load` answered with.")]


@strawberry.type
class UploadQuery:
    """Asking after uploads."""

    @strawberry.field(description="A file that was sent to be loaded, by its id.")
    async def upload(self, info: Info, id: Id) -> UploadType | None:
        """Find an upload."""
        return UploadType.of(await aside(lambda: info.context.uploads.get(id), "id"))

    @strawberry.field(description="Files that were sent to be loaded, the newest first.")
    async def uploads(self, info: Info, first: int = 25, after: str | None = None) -> Connection[UploadType]:
        """List uploads."""
        offset, length = window_of(first, after)
        found, total = await aside(lambda: info.context.uploads.recent(length, offset))
        return page([UploadType.of(one) for one in found], offset, total)


@strawberry.type
class UploadMutation:
    """Ending uploads."""

    @strawberry.mutation(description="End an upload; events that it committed already stay.")
    async def cancel_upload(self, info: Info, id: Id) -> UploadType | None:
        """Cancel an upload."""
        return UploadType.of(await aside(lambda: info.context.uploads.cancel(id), "id"))


@strawberry.type
class UploadSubscription:
    """Hearing of uploads."""

    @strawberry.subscription(description="A file that is loaded, at each change until it is over.")
    async def load_progress(self, info: Info, id: Id) -> AsyncIterator[UploadType]:
        """Tell of an upload."""
        async with aclosing(_told(info.context, id)) as told:
            async for one in told:
                yield UploadType.of(one)


async def _told(context: Context, id: str) -> AsyncGenerator[Upload, None]:
    last: Upload | None = None
    async with aclosing(changes(lambda heard: context.uploads.listen(id, heard))) as heard:
        async for _ in heard:
            found = await aside(lambda: context.uploads.get(id), "id")
            if found != last:
                yield found
            last = found
            if found.over:
                return
