"""Indicators: what threat intelligence names, given, promoted, let pass, ended, met, exported."""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Context, Info, aside
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.casework.detections.detection import now_ms
from graph_hunt.casework.detections.watch import Watch
from graph_hunt.casework.indicators import repository
from graph_hunt.casework.indicators.drawing import draw
from graph_hunt.casework.indicators.export import ExportFormat, exported
from graph_hunt.casework.indicators.hunt import again, hunt
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.promotion import USUAL, promote
from graph_hunt.casework.indicators.ranking import rank
from graph_hunt.casework.indicators.reading import read_file
from graph_hunt.casework.indicators.repository import Given, Kept, Sighting
from graph_hunt.casework.indicators.value import Kind, read
from graph_hunt.errors import InputError, StoreBusy, WorkspaceBusy
from graph_hunt.workspace import Workspace

_PROBLEMS = 100
strawberry.enum(Kind, name="IndicatorKind", description="What an indicator's value is.")
strawberry.enum(ExportFormat, name="IndicatorFormat", description="How indicators are written.")
Value = Annotated[str, strawberry.argument(description="A value, defanged or not.")]
OfKind = Annotated[Kind | None, strawberry.argument(description="What it is, where its form does not tell.")]


@strawberry.type(name="IndicatorSighting", description="Where an indicator was met.")
class SightingType:
    """A sighting."""

    at: DateTime = strawberry.field(description="When.")
    event: str = strawberry.field(description="The event's id, for `evidence`.")
    table: str = strawberry.field(description="Its table.")
    field: str = strawberry.field(description="The field that holds the value.")
    value: str = strawberry.field(description="The value.")

    @classmethod
    def of(cls, one: Sighting) -> "SightingType":
        """Show a sighting."""
        return cls(at=DateTime(one.at), event=one.event, table=one.table, field=one.field, value=one.value)


@strawberry.type(name="KeptIndicator", description="A value that threat intelligence names, and what is said of it.")
class IndicatorType:
    """An indicator."""

    kind: Kind = strawberry.field(description="What its value is.")
    value: str = strawberry.field(description="The value.")
    sources: list[str] = strawberry.field(description="Who says so.")
    confidence: int | None = strawberry.field(description="How sure that is, 0 to 100.")
    tlp: str | None = strawberry.field(description="Who may see it.")
    since: DateTime | None = strawberry.field(description="From when it is valid.")
    until: DateTime | None = strawberry.field(description="To when it is valid.")
    techniques: list[str] = strawberry.field(description="ATT&CK's techniques.")
    added: DateTime = strawberry.field(description="When it was first given.")
    met: int = strawberry.field(description="In how many events it was met.")
    last_met: DateTime | None = strawberry.field(description="The last of them.")
    reached: float | None = strawberry.field(
        description="How many entities a compromise of those who met it is expected to have reached; where ranked."
    )

    @strawberry.field(description="Where it was met, the latest first.")
    async def sightings(self, info: Info, first: int = 25, after: str | None = None) -> Connection[SightingType]:
        """List sightings."""
        offset, length = window_of(first, after)
        value = read(self.value, self.kind)
        found = await aside(lambda: repository.sightings(info.context.state, value, limit=length, skip=offset))
        return page([SightingType.of(one) for one in found], offset, self.met)

    @classmethod
    def of(cls, one: Kept, reached: float | None = None) -> "IndicatorType":
        """Show an indicator."""
        said = one.indicator
        return cls(
            kind=said.value.kind,
            value=said.value.text,
            sources=list(said.sources),
            confidence=said.confidence,
            tlp=said.tlp or None,
            since=None if said.since is None else DateTime(said.since),
            until=None if said.until is None else DateTime(said.until),
            techniques=list(said.techniques),
            added=DateTime(one.added),
            met=one.sightings,
            last_met=None if one.last is None else DateTime(one.last),
            reached=reached,
        )


@strawberry.type(name="IndicatorsGiven", description="What became of indicators that were given.")
class GivenType:
    """What became of them."""

    new: list[str] = strawberry.field(description="Values that were not known.")
    changed: list[str] = strawberry.field(description="Values of which more is known now.")
    same: int = strawberry.field(description="How many were known as they are.")
    sightings: int = strawberry.field(description="In how many events more they were met.")
    alerts: int = strawberry.field(description="Alerts that this raised.")
    problems: list[str] = strawberry.field(description="What gave no indicator, and why.")


@strawberry.type
class IndicatorQuery:
    """Asking after indicators."""

    @strawberry.field(description="The indicators, those most often met first, or ranked by blast radius.")
    async def indicators(
        self,
        info: Info,
        every: Annotated[bool, strawberry.argument(description="Also those that are over or let pass.")] = False,
        ranked: Annotated[bool, strawberry.argument(description="Only those met, by what they reached.")] = False,
        search: Annotated[str, strawberry.argument(description="A part of the value or of a source.")] = "",
        first: int = 25,
        after: str | None = None,
    ) -> Connection[IndicatorType]:
        """List indicators."""
        offset, length = window_of(first, after)
        context = info.context

        def work() -> list[tuple[Kept, float | None]]:
            found = repository.kept(context.state, live=None if every else now_ms())
            text = search.casefold()
            found = [
                one for one in found if text in "\n".join([one.indicator.value.text, *one.indicator.sources]).casefold()
            ]
            if ranked:
                return [(one.kept, one.reached) for one in rank(context.workspace, context.state, found)]
            return [(one, None) for one in found]

        found = await aside(work)
        shown = [IndicatorType.of(*one) for one in found[offset : offset + length]]
        return page(shown, offset, len(found))

    @strawberry.field(description="An indicator by its value.")
    async def indicator(self, info: Info, value: Value, kind: OfKind = None) -> IndicatorType | None:
        """Find an indicator."""
        return IndicatorType.of(await aside(lambda: repository.get(info.context.state, read(value, kind)), "value"))

    @strawberry.field(description="Those that are looked for, as a file's text: CSV, STIX 2.1 or MISP.")
    async def indicator_export(
        self, info: Info, format: ExportFormat = ExportFormat.STIX, sightings: bool = False
    ) -> str | None:
        """Export indicators."""
        state = info.context.state
        return await aside(lambda: exported(repository.kept(state, live=now_ms()), format, sightings=sightings))


@strawberry.type
class IndicatorMutation:
    """Keeping indicators."""

    @strawberry.mutation(description="Keep one value, and look for it in all that is loaded.")
    async def add_indicator(
        self, info: Info, value: Value, kind: OfKind = None, source: str = "", confidence: int | None = None
    ) -> GivenType | None:
        """Add an indicator."""
        context = info.context
        if confidence is not None and not 0 <= confidence <= 100:
            raise refused("confidence is from 0 to 100", "confidence")

        def work() -> GivenType:
            one = Indicator(read(value, kind), (source or context.who,), confidence)
            return _followed(context, repository.give(context.state, [one], who=context.who))

        return await aside(work, "value")

    @strawberry.mutation(description="Keep what a file's text names: STIX 2.1, MISP, OpenIOC, CSV or plain text.")
    async def import_indicators(
        self,
        info: Info,
        text: str,
        source: Annotated[str, strawberry.argument(description="Who says so, where the text does not.")] = "",
    ) -> GivenType | None:
        """Import indicators."""
        context = info.context

        def work() -> GivenType:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "text"
                file.write_text(text, "utf-8")
                found = list(read_file(file, source or context.who))
            problems = [str(one).removeprefix(str(file)).lstrip(": ") for one in found if isinstance(one, InputError)]
            good = [one for one in found if isinstance(one, Indicator)]
            return _followed(context, repository.give(context.state, good, who=context.who), problems)

        return await aside(work, "text")

    @strawberry.mutation(description="Keep what a finding names, or all findings that a case keeps: URLs and hashes.")
    async def promote_finding(
        self,
        info: Info,
        finding: Annotated[strawberry.ID | None, strawberry.argument(description="A finding's id.")] = None,
        case: Annotated[int | None, strawberry.argument(description="The case that says so.")] = None,
        kinds: Annotated[list[Kind] | None, strawberry.argument(description="What to take of it.")] = None,
        hunts: Annotated[list[str] | None, strawberry.argument(description="Hunts that may have found it.")] = None,
        confidence: int | None = None,
    ) -> GivenType | None:
        """Promote a finding."""
        context = info.context

        def work() -> GivenType:
            done = promote(
                context.workspace,
                context.state,
                who=context.who,
                finding=finding,
                case=case,
                kinds=kinds or USUAL,
                hunts=hunts or (),
                confidence=confidence,
            )
            return _followed(context, done.given)

        return await aside(work, "finding")

    @strawberry.mutation(
        description="Let a value pass, and what lies within it: a domain's names, a network's addresses."
    )
    async def allow_indicator(
        self, info: Info, value: Value, reason: str, kind: OfKind = None, until: DateTime | None = None
    ) -> bool | None:
        """Let pass."""
        state, who, end = info.context.state, info.context.who, None if until is None else int(until)
        await aside(lambda: repository.allow(state, read(value, kind), reason=reason, who=who, until=end), "value")
        return True

    @strawberry.mutation(description="Let a value no longer pass: it is looked for again, in what came meanwhile too.")
    async def forbid_indicator(self, info: Info, value: Value, kind: OfKind = None) -> GivenType | None:
        """Let it no longer pass."""
        context = info.context

        def work() -> GivenType:
            repository.forbid(context.state, read(value, kind), who=context.who)
            return _followed(context, Given((), (), 0))

        return await aside(work, "value")

    @strawberry.mutation(description="End an indicator: now, or at a moment.")
    async def expire_indicator(
        self, info: Info, value: Value, kind: OfKind = None, at: DateTime | None = None
    ) -> IndicatorType | None:
        """End an indicator."""
        context, end = info.context, None if at is None else int(at)

        def work() -> Kept:
            wanted = read(value, kind)
            repository.expire(context.state, wanted, who=context.who, at=end)
            return repository.get(context.state, wanted)

        return IndicatorType.of(await aside(work, "value"))

    @strawberry.mutation(description="Look for all indicators in all that is loaded, anew.")
    async def match_indicators(self, info: Info) -> GivenType | None:
        """Match indicators."""
        context = info.context

        def work() -> GivenType:
            again(context.state)
            return _followed(context, Given((), (), 0))

        return await aside(work)


def _followed(context: Context, given: Given, problems: list[str] | None = None) -> GivenType:
    """Look for what is new, draw it where no other process is at the graph, and raise alerts."""
    met = hunt(context.state, context.workspace.events)
    # Who is at the graph now draws it, or the next load does.
    with suppress(StoreBusy, WorkspaceBusy), Workspace.open(context.settings) as opened:
        draw(context.state, opened.graph)
    looked = Watch(context.state, lambda: context.workspace, context.workspace.root).look()
    return GivenType(
        new=[one.text for one in given.new],
        changed=[one.text for one in given.changed],
        same=given.same,
        sightings=met,
        alerts=looked.new,
        problems=(problems or [])[:_PROBLEMS],
    )
