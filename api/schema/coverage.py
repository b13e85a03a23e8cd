"""Coverage: ATT&CK's matrix, what hunts see of it in what was loaded, and which telemetry would open more."""

from enum import Enum
from typing import Annotated, cast

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.hunts import TelemetryType
from graph_hunt.hunting import attack
from graph_hunt.hunting.attack import Tactic
from graph_hunt.hunting.coverage import Coverage, Covered, Opening, coverage, layer
from graph_hunt.hunting.coverage import State as Seen


@strawberry.enum(name="CoverageState", description="What is seen of a technique.")
class StateType(Enum):
    """What is seen of a technique."""

    SEEN = strawberry.enum_value("seen", description="All of its hunts see.")
    PARTLY = strawberry.enum_value("partly", description="Some of its hunts see.")
    BLIND = strawberry.enum_value("blind", description="It has hunts, and what they need was not loaded.")
    NO_HUNT = strawberry.enum_value("no_hunt", description="No hunt looks for it.")


@strawberry.type(name="TechniqueCoverage", description="A technique of ATT&CK, and the hunts that look for it.")
class TechniqueType:
    """A technique."""

    id: str = strawberry.field(description="ATT&CK's id, such as T1021.002.")
    name: str = strawberry.field(description="What it is called.")
    parent: str = strawberry.field(description="The technique that a sub-technique belongs to; else its own id.")
    url: str = strawberry.field(description="Its page.")
    state: StateType = strawberry.field(description="What is seen of it.")
    hunts: list[str] = strawberry.field(description="Ids of the hunts that look for it.")
    seeing: list[str] = strawberry.field(description="Those of them that what was loaded lets see.")

    @classmethod
    def of(cls, one: Covered) -> "TechniqueType":
        """Show a technique."""
        return cls(
            id=one.technique.id,
            name=one.technique.name,
            parent=one.technique.parent,
            url=one.technique.url,
            state=StateType(one.state.value),
            hunts=[sight.hunt.id for sight in one.hunts],
            seeing=[sight.hunt.id for sight in one.hunts if sight.sees],
        )


@strawberry.type(name="TacticCoverage", description="A column of ATT&CK's matrix.")
class TacticType:
    """A tactic."""

    id: str = strawberry.field(description="ATT&CK's id, such as TA0008.")
    name: str = strawberry.field(description="What it is called.")
    short: str = strawberry.field(description="ATT&CK's short name, such as lateral-movement.")
    techniques: list[TechniqueType] = strawberry.field(description="Its techniques, by id.")

    @classmethod
    def of(cls, tactic: Tactic, found: Coverage, whole: bool) -> "TacticType":
        """Show a column."""
        shown = [TechniqueType.of(one) for one in found.of_tactic(tactic) if whole or one.hunts]
        return cls(id=tactic.id, name=tactic.name, short=tactic.short, techniques=shown)


@strawberry.type(name="CoverageOpening", description="Telemetry that was not loaded, and what it would open.")
class OpeningType:
    """An opening."""

    telemetry: TelemetryType = strawberry.field(description="What it is, and how to turn it on.")
    hunts: list[str] = strawberry.field(description="Hunts that it alone would let see.")
    parts: list[str] = strawberry.field(description="Hunts for which it is one part of what is missing.")
    techniques: list[str] = strawberry.field(description="Techniques that it alone would open, and no hunt sees now.")

    @classmethod
    def of(cls, one: Opening) -> "OpeningType":
        """Show an opening."""
        return cls(
            telemetry=TelemetryType.of(one.telemetry),
            hunts=list(one.hunts),
            parts=list(one.parts),
            techniques=list(one.techniques),
        )


@strawberry.type(name="Coverage", description="What of ATT&CK the library looks for, and what can be seen of it.")
class CoverageType:
    """Coverage."""

    attack: str = strawberry.field(description="ATT&CK's version.")
    tactics: list[TacticType] = strawberry.field(description="The matrix, column by column.")
    openings: list[OpeningType] = strawberry.field(description="Telemetry to turn on, what opens most first.")
    techniques: int = strawberry.field(description="Techniques that a hunt looks for.")
    seen: int = strawberry.field(description="Techniques that a hunt looks for and sees, at least in part.")
    found: strawberry.Private[Coverage]

    @strawberry.field(description="It as a layer of the ATT&CK Navigator.")
    async def navigator(self) -> JSON:
        """Draw it."""
        return cast("JSON", layer(self.found))

    @classmethod
    def of(cls, found: Coverage, whole: bool) -> "CoverageType":
        """Show coverage."""
        return cls(
            attack=attack.VERSION,
            tactics=[TacticType.of(tactic, found, whole) for tactic in attack.tactics()],
            openings=[OpeningType.of(one) for one in found.openings],
            techniques=sum(bool(one.hunts) for one in found.techniques),
            seen=sum(one.state in (Seen.SEEN, Seen.PARTLY) for one in found.techniques),
            found=found,
        )


@strawberry.type
class CoverageQuery:
    """Asking for coverage."""

    @strawberry.field(
        description="ATT&CK's matrix with the hunts for each technique, and what they see in what was loaded."
    )
    async def coverage(
        self,
        info: Info,
        all: Annotated[bool, strawberry.argument(description="Techniques that no hunt looks for, too.")] = False,
    ) -> CoverageType:
        """Give coverage."""
        events = info.context.workspace.events
        return await aside(lambda: CoverageType.of(coverage(events.codes()), all))
