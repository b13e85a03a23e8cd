"""Runs of hunts: begun at once, filled as the hunts go, told over a websocket while they do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, cast

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.context import Context, Info, aside
from graph_hunt.api.schema.hunts import FindingType, TelemetryType
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.casework.runs import Asked, Kept
from graph_hunt.hunting import library, visibility
from graph_hunt.hunting.window import resolve

LONGEST_WAIT = 60
_LOOK = 2.0
"""Seconds after which a run is looked at even if nothing was heard: another server may work on it."""


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
    since: DateTime = strawberry.field(description="Where its window begins.")
    until: DateTime = strawberry.field(description="Where its window ends.")
    created: DateTime = strawberry.field(description="When it was acknowledged.")
    started: DateTime | None = strawberry.field(description="When its first hunt began.")
    ended: DateTime | None = strawberry.field(description="When it was over.")
    outcomes: list[OutcomeType] = strawberry.field(description="What became of the hunts that are through.")

    @strawberry.field(description="What was found so far, in the order in which it was found.")
    async def findings(self, info: Info, first: int = 25, after: str | None = None) -> Connection[FindingType]:
        """List findings."""
        offset, length = window_of(first, after)
        found, total = await aside(lambda: info.context.runs.findings(self.id, length, offset))
        return page([FindingType.of(one) for one in found], offset, total)

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
            since=DateTime(kept.asked.window.since),
            until=DateTime(kept.asked.window.until),
            created=DateTime(kept.created),
            started=None if kept.started is None else DateTime(kept.started),
            ended=None if kept.ended is None else DateTime(kept.ended),
            outcomes=[OutcomeType.of(one) for one in kept.outcomes],
        )


Parameters = Annotated[JSON | None, strawberry.argument(description="An object of the parameters' values.")]
Scope = Annotated[list[str] | None, strawberry.argument(description="Entities that findings must touch.")]
Since = Annotated[str | None, strawberry.argument(description="A time, or a span before the newest event: 24h.")]
Until = Annotated[str | None, strawberry.argument(description="A time, or a span before the newest event.")]
Wait = Annotated[int, strawberry.argument(description=f"Seconds to wait for its end, up to {LONGEST_WAIT}.")]


@strawberry.type
class RunQuery:
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
class RunMutation:
    """Beginning and ending runs."""

    @strawberry.mutation(description="Begin a run of one hunt; it is kept once this answers.")
    async def run_hunt(
        self,
        info: Info,
        id: str,
        parameters: Parameters = None,
        scope: Scope = None,
        since: Since = None,
        until: Until = None,
        wait: Wait = 0,
    ) -> RunType | None:
        """Run a hunt."""
        return await _begin(info, [id], parameters, scope, since, until, wait, "id")

    @strawberry.mutation(description="Begin a run of several hunts: those named, or all, for a technique or in all.")
    async def run_hunts(
        self,
        info: Info,
        ids: Annotated[list[str] | None, strawberry.argument(description="The hunts' ids; else all.")] = None,
        attack: Annotated[str | None, strawberry.argument(description="An ATT&CK technique, such as T1003.")] = None,
        parameters: Parameters = None,
        scope: Scope = None,
        since: Since = None,
        until: Until = None,
        wait: Wait = 0,
    ) -> RunType | None:
        """Run hunts."""
        if ids is not None and attack is not None:
            raise refused("name hunts or a technique, not both", "attack")
        chosen = ids if ids is not None else [h.id for h in library.all_hunts()]
        if attack is not None:
            chosen = [hunt.id for hunt in library.of_technique(attack)]
        return await _begin(info, chosen, parameters, scope, since, until, wait, "attack" if attack else "ids")

    @strawberry.mutation(description="End a run before its next hunt; what it found stays.")
    async def cancel_run(self, info: Info, id: strawberry.ID) -> RunType | None:
        """Cancel a run."""
        return RunType.of(await aside(lambda: info.context.runs.cancel(id), "id"))


@strawberry.type
class RunSubscription:
    """Hearing of runs."""

    @strawberry.subscription(description="A run, at each change until it is over.")
    async def run_progress(self, info: Info, id: strawberry.ID) -> AsyncIterator[RunType]:
        """Tell of a run."""
        async for kept in _changes(info.context, id, "id"):
            yield RunType.of(kept)


async def _begin(
    info: Info,
    hunts: list[str],
    parameters: JSON | None,
    scope: list[str] | None,
    since: str | None,
    until: str | None,
    wait: int,
    argument: str,
) -> RunType:
    if not 0 <= wait <= LONGEST_WAIT:
        raise refused(f"wait must be from 0 to {LONGEST_WAIT} seconds, not {wait}", "wait")
    if not isinstance(parameters or {}, dict):
        raise refused("parameters must be an object of their values", "parameters")
    context, given = info.context, cast("dict[str, Any]", parameters or {})
    workspace, who = context.workspace, context.caller.who if context.caller else "local"
    bucket = workspace.preferences.bucket
    window = await aside(lambda: resolve(*workspace.span(), bucket=bucket, since=since, until=until), "since")
    keys = await aside(lambda: tuple(one.key for one in workspace.entities(scope or [])), "scope")
    kept = await aside(lambda: context.runs.begin(Asked(tuple(hunts), window, given, keys), who), argument)
    if wait:
        try:
            async with asyncio.timeout(wait):
                async for one in _changes(context, kept.id, argument):
                    kept = one
        except TimeoutError:
            kept = await aside(lambda: context.runs.get(kept.id))
    return RunType.of(kept)


async def _changes(context: Context, id: str, argument: str) -> AsyncIterator[Kept]:
    """Give a run as it is and after each change; the last is when it is over."""
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    end = context.runs.listen(id, lambda: loop.call_soon_threadsafe(heard.set))
    told: Kept | None = None
    try:
        while told is None or not told.over:
            heard.clear()
            kept = await aside(lambda: context.runs.get(id), argument)
            if kept != told:
                yield kept
            told = kept
            if not kept.over:
                try:
                    await asyncio.wait_for(heard.wait(), _LOOK)
                except TimeoutError:
                    continue
    finally:
        end()
