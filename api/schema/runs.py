"""Runs of hunts: begun at once, filled as the hunts go, told over a websocket while they do."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any, cast

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.context import Context, Info, aside
from graph_hunt.api.schema.coverage import CoverageQuery
from graph_hunt.api.schema.hearing import changes
from graph_hunt.api.schema.hunts import FindingType, TelemetryType
from graph_hunt.api.schema.incidents import (
    FindingFilter,
    FindingOrder,
    IncidentQuery,
    IncidentType,
    incidents_page,
    ordered,
)
from graph_hunt.api.schema.parameters import HuntParameters, own_values
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.api.schema.upkeep import UpkeepMutation, UpkeepQuery
from graph_hunt.api.schema.uploads import UploadMutation, UploadQuery, UploadSubscription
from graph_hunt.casework.runs import Asked, Kept
from graph_hunt.hunting import library, visibility
from graph_hunt.hunting.runner import LIMIT, TIMEOUT
from graph_hunt.hunting.window import Window, resolve
from graph_hunt.workspace import Workspace

LONGEST_WAIT = 60
LONGEST_HUNT = 600.0
MOST_ROWS = 10_000


@strawberry.type(name="HuntOutcome", description="What became of one hunt of a run.")
class OutcomeType:
    """An outcome."""

    hunt: str = strawberry.field(description="The hunt's id.")
    state: str = strawberry.field(description="done, cut, timed_out, cannot_see or failed.")
    cold_start: bool = strawberry.field(description="There was too little history to compare with.")
    notes: list[str] = strawberry.field(description="What to bear in mind.")
    seconds: float = strawberry.field(description="How long it took.")
    found: int = strawberry.field(description="How many findings it gave.")
    cannot_see: list[list[TelemetryType]] = strawberry.field(
        description="What it needs and was not loaded: each group is needed, any one within a group would do."
    )

    @classmethod
    def of(cls, outcome: Mapping[str, Any]) -> "OutcomeType":
        """Show an outcome."""
        known = visibility.catalogue()
        return cls(
            hunt=outcome["hunt"],
            state=outcome["state"],
            cold_start=outcome["cold_start"],
            notes=list(outcome["notes"]),
            seconds=outcome["seconds"],
            found=outcome["findings"],
            cannot_see=[[TelemetryType.of(known[name]) for name in group] for group in outcome["cannot_see"]],
        )


@strawberry.type(name="Progress", description="How far a run is.")
class ProgressType:
    """Progress."""

    done: int = strawberry.field(description="Hunts that are through.")
    total: int = strawberry.field(description="Hunts in all.")


@strawberry.type(name="Run", description="A run of one hunt or several; it outlives the server that it began on.")
class RunType:
    """A run."""

    id: strawberry.ID = strawberry.field(description="For `run` and `runProgress`.")
    hunts: list[str] = strawberry.field(description="The hunts' ids, in the order in which they run.")
    state: str = strawberry.field(description="queued, running, done, failed or cancelled.")
    problem: str | None = strawberry.field(description="Why it failed.")
    progress: ProgressType = strawberry.field(description="How far it is.")
    who: str = strawberry.field(description="Who began it.")
    parameters: JSON = strawberry.field(
        description="The parameters' values that were given; those for one hunt only under its id."
    )
    scope: list[str] = strawberry.field(description="Keys of the entities that findings had to touch; none: all.")
    since: DateTime = strawberry.field(description="Where its window begins.")
    until: DateTime = strawberry.field(description="Where its window ends.")
    created: DateTime = strawberry.field(description="When it was acknowledged.")
    started: DateTime | None = strawberry.field(description="When its first hunt began.")
    ended: DateTime | None = strawberry.field(description="When it was over.")
    outcomes: list[OutcomeType] = strawberry.field(description="What became of the hunts that are through.")

    @strawberry.field(description="What was found so far.")
    async def findings(
        self,
        info: Info,
        filter: FindingFilter | None = None,
        order: FindingOrder = FindingOrder.FOUND,
        first: int = 25,
        after: str | None = None,
    ) -> Connection[FindingType]:
        """List findings."""
        offset, length = window_of(first, after)
        if filter is None and order is FindingOrder.FOUND:
            found, total = await aside(lambda: info.context.runs.findings(self.id, length, offset))
            return page([FindingType.of(one) for one in found], offset, total)
        every = await aside(lambda: info.context.runs.all_findings(self.id))
        chosen = ordered(filter.of(every) if filter else every, order)
        return page([FindingType.of(one) for one in chosen[offset : offset + length]], offset, len(chosen))

    @strawberry.field(description="What was found so far, story by story, the most telling first.")
    async def incidents(self, info: Info, first: int = 25, after: str | None = None) -> Connection[IncidentType]:
        """List incidents."""
        return await incidents_page(info.context, self.id, first, after)

    @classmethod
    def of(cls, kept: Kept) -> "RunType":
        """Show a run."""
        return cls(
            id=strawberry.ID(kept.id),
            hunts=list(kept.asked.hunts),
            state=kept.state,
            problem=kept.problem,
            progress=ProgressType(done=len(kept.outcomes), total=kept.total),
            who=kept.who,
            parameters=JSON({**kept.asked.parameters, **kept.asked.own}),
            scope=list(kept.asked.scope),
            since=DateTime(kept.asked.window.since),
            until=DateTime(kept.asked.window.until),
            created=DateTime(kept.created),
            started=None if kept.started is None else DateTime(kept.started),
            ended=None if kept.ended is None else DateTime(kept.ended),
            outcomes=[OutcomeType.of(one) for one in kept.outcomes],
        )


Parameters = Annotated[JSON | None, strawberry.argument(description="An object of the parameters' values.")]
Typed = Annotated[HuntParameters | None, strawberry.argument(description="The parameters' values, typed, by hunt.")]
Scope = Annotated[list[str] | None, strawberry.argument(description="Entities that findings must touch.")]
Since = Annotated[str | None, strawberry.argument(description="A time, or a span before the newest event: 24h.")]
Until = Annotated[str | None, strawberry.argument(description="A time, or a span before the newest event.")]
BaselineSince = Annotated[
    str | None,
    strawberry.argument(description="Where the history that hunts compare with begins: a time, or a span before it."),
]
Seconds = Annotated[float, strawberry.argument(description=f"Seconds for each hunt, up to {LONGEST_HUNT:g}.")]
Rows = Annotated[int, strawberry.argument(description=f"Rows for each hunt, up to {MOST_ROWS}.")]
Wait = Annotated[int, strawberry.argument(description=f"Seconds to wait for its end, up to {LONGEST_WAIT}.")]


@dataclass(frozen=True, slots=True)
class Span:
    """The window as it was asked for."""

    since: str | None
    until: str | None
    baseline_since: str | None

    def window(self, workspace: Workspace) -> Window:
        """Settle it."""
        bucket, since = workspace.preferences.bucket, self.baseline_since
        return resolve(*workspace.span(), bucket=bucket, since=self.since, until=self.until, baseline_since=since)


@dataclass(frozen=True, slots=True)
class Given:
    """What a run was asked for, beside its hunts."""

    parameters: JSON | None
    typed: Any
    scope: list[str] | None
    span: Span
    timeout: float
    limit: int

    def bounds(self) -> tuple[float, int]:
        """Seconds and rows; refuses what is beyond what may be asked for."""
        if not 0 < self.timeout <= LONGEST_HUNT:
            raise refused(
                f"timeout must be above 0 and up to {LONGEST_HUNT:g} seconds, not {self.timeout:g}", "timeout"
            )
        if not 1 <= self.limit <= MOST_ROWS:
            raise refused(f"limit must be from 1 to {MOST_ROWS} rows, not {self.limit}", "limit")
        return self.timeout, self.limit

    def values(self) -> dict[str, Any]:
        """The parameters' values."""
        if not isinstance(self.parameters or {}, dict):
            raise refused("parameters must be an object of their values", "parameters")
        return cast("dict[str, Any]", self.parameters or {})


@strawberry.type
class RunQuery(IncidentQuery, CoverageQuery, UploadQuery, UpkeepQuery):
    """Asking after runs."""

    @strawberry.field(description="A run by its id.")
    async def run(self, info: Info, id: strawberry.ID) -> RunType | None:
        """Find a run."""
        return RunType.of(await aside(lambda: info.context.runs.get(id), "id"))

    @strawberry.field(description="The runs, the newest first.")
    async def runs(self, info: Info, first: int = 25, after: str | None = None) -> Connection[RunType]:
        """List runs."""
        offset, length = window_of(first, after)
        found, total = await aside(lambda: info.context.runs.recent(length, offset))
        return page([RunType.of(one) for one in found], offset, total)


@strawberry.type
class RunMutation(UploadMutation, UpkeepMutation):
    """Beginning and ending runs."""

    @strawberry.mutation(description="Begin a run of one hunt; it is kept once this answers.")
    async def run_hunt(
        self,
        info: Info,
        id: str,
        parameters: Parameters = None,
        typed: Typed = None,
        scope: Scope = None,
        since: Since = None,
        until: Until = None,
        baseline_since: BaselineSince = None,
        timeout: Seconds = TIMEOUT,
        limit: Rows = LIMIT,
        wait: Wait = 0,
    ) -> RunType | None:
        """Run a hunt."""
        span = Span(since, until, baseline_since)
        return await _begin(info, [id], Given(parameters, typed, scope, span, timeout, limit), wait, "id")

    @strawberry.mutation(description="Begin a run of several hunts: those named, or all, for a technique or in all.")
    async def run_hunts(
        self,
        info: Info,
        ids: Annotated[list[str] | None, strawberry.argument(description="The hunts' ids; else all.")] = None,
        attack: Annotated[str | None, strawberry.argument(description="An ATT&CK technique, such as T1003.")] = None,
        parameters: Parameters = None,
        typed: Typed = None,
        scope: Scope = None,
        since: Since = None,
        until: Until = None,
        baseline_since: BaselineSince = None,
        timeout: Seconds = TIMEOUT,
        limit: Rows = LIMIT,
        wait: Wait = 0,
    ) -> RunType | None:
        """Run hunts."""
        if ids is not None and attack is not None:
            raise refused("name hunts or a technique, not both", "attack")
        chosen = ids if ids is not None else [h.id for h in library.all_hunts()]
        if attack is not None:
            chosen = [hunt.id for hunt in library.of_technique(attack)]
        span = Span(since, until, baseline_since)
        given = Given(parameters, typed, scope, span, timeout, limit)
        return await _begin(info, chosen, given, wait, "attack" if attack else "ids")

    @strawberry.mutation(description="End a run before its next hunt; what it found stays.")
    async def cancel_run(self, info: Info, id: strawberry.ID) -> RunType | None:
        """Cancel a run."""
        return RunType.of(await aside(lambda: info.context.runs.cancel(id), "id"))


@strawberry.type
class RunSubscription(UploadSubscription):
    """Hearing of runs."""

    @strawberry.subscription(description="A run, at each change until it is over.")
    async def run_progress(self, info: Info, id: strawberry.ID) -> AsyncIterator[RunType]:
        """Tell of a run."""
        async with aclosing(_changes(info.context, id, "id")) as told:
            async for kept in told:
                yield RunType.of(kept)


async def _begin(info: Info, hunts: list[str], given: "Given", wait: int, argument: str) -> RunType:
    if not 0 <= wait <= LONGEST_WAIT:
        raise refused(f"wait must be from 0 to {LONGEST_WAIT} seconds, not {wait}", "wait")
    context, workspace = info.context, info.context.workspace
    bounds = given.bounds()
    window = await aside(lambda: given.span.window(workspace), "since")
    keys = await aside(lambda: workspace.scope(given.scope or []), "scope")
    asked = Asked(tuple(hunts), window, given.values(), keys, *bounds, own=own_values(given.typed))
    kept = await aside(lambda: context.runs.begin(asked, context.who), argument)
    if wait:
        try:
            async with asyncio.timeout(wait), aclosing(_changes(context, kept.id, argument)) as told:
                async for one in told:
                    kept = one
        except TimeoutError:
            kept = await aside(lambda: context.runs.get(kept.id))
    return RunType.of(kept)


async def _changes(context: Context, id: str, argument: str) -> AsyncGenerator[Kept, None]:
    """Give a run as it is and after each change; the last is when it is over."""
    told: Kept | None = None
    async with aclosing(changes(lambda heard: context.runs.listen(id, heard))) as heard:
        async for _ in heard:
            kept = await aside(lambda: context.runs.get(id), argument)
            if kept != told:
                yield kept
            told = kept
            if kept.over:
                return
