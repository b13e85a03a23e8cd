"""Findings of a run, chosen and ordered, and the incidents that they form."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Context, Info, aside
from graph_hunt.api.schema.hunts import FindingType, InvolvedType
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.casework.stories import incidents_of_run
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.hunt import Level
from graph_hunt.hunting.incidents import Incident


@strawberry.enum(name="FindingOrder", description="Which findings come first.")
class FindingOrder(Enum):
    """Which findings come first."""

    FOUND = strawberry.enum_value("found", description="Those found first; a page keeps its place while a run goes on.")
    GRAVEST = strawberry.enum_value("gravest", description="The gravest level, then the highest score.")
    EARLIEST = strawberry.enum_value("earliest", description="Those whose events came first.")


@strawberry.input(name="FindingFilter", description="What must hold of a finding; all that is given must.")
class FindingFilter:
    """Tests of a finding."""

    hunts: list[str] | None = strawberry.field(default=None, description="It is of one of these hunts, by id.")
    levels: list[str] | None = strawberry.field(default=None, description="It is of one of these levels, such as high.")
    tactics: list[str] | None = strawberry.field(default=None, description="Its hunt is of one of these tactics.")
    entities: list[str] | None = strawberry.field(
        default=None, description="One of these is in it: keys, or `Label:key`."
    )

    def of(self, findings: Sequence[Finding]) -> list[Finding]:
        """Choose."""
        for level in self.levels or ():
            if level not in list(Level):
                raise refused(f"{level!r} is no level; those are {', '.join(Level)}", "filter")
        return [one for one in findings if self._holds(one)]

    def _holds(self, finding: Finding) -> bool:
        named = {name for one in finding.entities for name in (one.key, f"{one.label}:{one.key}")}
        return (
            (self.hunts is None or finding.hunt in self.hunts)
            and (self.levels is None or finding.level.value in self.levels)
            and (self.tactics is None or finding.tactic in self.tactics)
            and (self.entities is None or not named.isdisjoint(self.entities))
        )


def ordered(findings: Sequence[Finding], order: FindingOrder) -> list[Finding]:
    """Put findings in an order."""
    if order is FindingOrder.FOUND:
        return list(findings)
    if order is FindingOrder.EARLIEST:
        return sorted(findings, key=lambda one: (one.first_seen, one.order))
    return sorted(findings, key=lambda one: one.order)


@strawberry.type(name="Incident", description="Findings of one story, taken together.")
class IncidentType:
    """An incident."""

    id: strawberry.ID = strawberry.field(description="The same in every run over the same events.")
    title: str = strawberry.field(description="Its steps, in their order.")
    level: str = strawberry.field(description="How grave it is.")
    score: float = strawberry.field(description="0 to 100, over all levels.")
    summary: str = strawberry.field(description="What its most telling finding says.")
    telling: FindingType = strawberry.field(description="The finding that says most.")
    tactics: list[str] = strawberry.field(description="Tactics of its findings, in the order of their first.")
    attack: list[str] = strawberry.field(description="ATT&CK's techniques.")
    entities: list[InvolvedType] = strawberry.field(description="Who and what is in it, those most named first.")
    first_seen: DateTime = strawberry.field(description="Its first event.")
    last_seen: DateTime = strawberry.field(description="Its last event.")
    parts: strawberry.Private[tuple[Finding, ...]]

    @strawberry.field(description="Its findings, the earliest first.")
    async def findings(self, first: int = 25, after: str | None = None) -> Connection[FindingType]:
        """List its findings."""
        offset, length = window_of(first, after)
        return page([FindingType.of(one) for one in self.parts[offset : offset + length]], offset, len(self.parts))

    @classmethod
    def of(cls, found: Incident) -> "IncidentType":
        """Show an incident."""
        return cls(
            id=strawberry.ID(found.id),
            title=found.title,
            level=found.level.value,
            score=found.score,
            summary=found.summary,
            telling=FindingType.of(next(one for one in found.findings if one.id == found.telling)),
            tactics=list(found.tactics),
            attack=list(found.attack),
            entities=[InvolvedType.of(one) for one in found.entities],
            first_seen=DateTime(found.first_seen),
            last_seen=DateTime(found.last_seen),
            parts=found.findings,
        )


async def incidents_page(context: Context, run: str, first: int, after: str | None) -> Connection[IncidentType]:
    """Give a page of a run's incidents."""
    offset, length = window_of(first, after)
    found = await aside(lambda: incidents_of_run(context.runs, context.workspace.graph, run), "run")
    return page([IncidentType.of(one) for one in found[offset : offset + length]], offset, len(found))


@strawberry.type
class IncidentQuery:
    """Asking for incidents."""

    @strawberry.field(description="What the findings of a run tell, story by story, the most telling first.")
    async def incidents(
        self,
        info: Info,
        run: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="The run's id; else the newest that is done and has several hunts."),
        ] = None,
        first: int = 25,
        after: str | None = None,
    ) -> Connection[IncidentType]:
        """List incidents."""
        window_of(first, after)
        context = info.context
        if run is None:
            newest = await aside(lambda: context.runs.newest(hunts=2))
            if newest is None:
                return page([], 0, 0)
            run = strawberry.ID(newest.id)
        return await incidents_page(context, run, first, after)
