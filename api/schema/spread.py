"""Blast radius and containment."""

import strawberry

from graph_hunt.api.schema.entities import EntityType, plain
from graph_hunt.api.schema.scalars import DateTime
from graph_hunt.hunting.path import Path
from graph_hunt.hunting.spread import BlastRadius, Containment, Hop, Named, Reached, Step
from graph_hunt.schema import NODES


@strawberry.type(name="Reachable", description="An entity, or a directory as a whole (label Directory).")
class ReachableType:
    """An entity of a blast radius."""

    label: str = strawberry.field(description="The kind of node, or Directory.")
    key: str = strawberry.field(description="Unique among those of its label.")
    name: str = strawberry.field(description="As the telemetry writes it.")
    entity: EntityType | None = strawberry.field(description="The node; null for a directory.")

    @classmethod
    def of(cls, named: Named) -> "ReachableType":
        """Show an entity."""
        entity = plain(named.label, named.key, named.name) if named.label in NODES else None
        return cls(label=named.label, key=named.key, name=named.name, entity=entity)


@strawberry.type(name="Hop", description="One step of a path, with the event that shows it.")
class HopType:
    """A hop."""

    at: DateTime = strawberry.field(description="When.")
    source: ReachableType = strawberry.field(description="From where.")
    target: ReachableType = strawberry.field(description="To where.")
    rule: str = strawberry.field(description="The rule that makes it a step.")
    words: str = strawberry.field(description="What happened.")
    evidence: str = strawberry.field(description="The event's id, for `evidence`.")
    likelihood: float = strawberry.field(description="How likely control passes on by it, 0 to 1.")

    @classmethod
    def of(cls, hop: Hop) -> "HopType":
        """Show a hop."""
        return cls(
            at=DateTime(hop.at),
            source=ReachableType.of(hop.source),
            target=ReachableType.of(hop.target),
            rule=hop.rule,
            words=hop.words,
            evidence=hop.evidence,
            likelihood=hop.likelihood,
        )


@strawberry.type(name="Reached", description="An entity that is reached, with its most likely path.")
class ReachedType:
    """A reached entity."""

    reached: ReachableType = strawberry.field(description="Who or what.")
    hop: int = strawberry.field(description="How many steps away.")
    first_time: DateTime = strawberry.field(description="When it could first be reached.")
    likelihood: float = strawberry.field(description="How likely, 0 to 1.")
    path: list[HopType] = strawberry.field(description="The most likely way to it.")

    @classmethod
    def of(cls, reached: Reached) -> "ReachedType":
        """Show a reached entity."""
        return cls(
            reached=ReachableType.of(Named(reached.label, reached.key, reached.name)),
            hop=reached.hop,
            first_time=DateTime(reached.first_time),
            likelihood=reached.likelihood,
            path=[HopType.of(hop) for hop in reached.path],
        )


@strawberry.type(name="ContainmentStep", description="An entity to contain, and how many goals it saves.")
class StepType:
    """A step of containment."""

    action: str = strawberry.field(description="What to do, such as reset or isolate.")
    entity: ReachableType = strawberry.field(description="To whom or what.")
    saves: int = strawberry.field(description="How many goals it saves.")

    @classmethod
    def of(cls, step: Step) -> "StepType":
        """Show a step."""
        return cls(action=step.action, entity=ReachableType.of(step.entity), saves=step.saves)


@strawberry.type(
    name="Containment", description="The fewest accounts to reset and hosts to isolate that save the goals."
)
class ContainmentType:
    """A containment."""

    goals: list[ReachableType] = strawberry.field(description="What is to be saved.")
    cut: list[StepType] = strawberry.field(description="The fewest things to do that save all goals.")
    smallest: bool = strawberry.field(description="Whether no smaller cut exists.")
    single_points: list[StepType] = strawberry.field(description="What would each save all goals alone.")
    in_order: list[StepType] = strawberry.field(description="What to do, what saves most first.")
    not_saved: list[ReachableType] = strawberry.field(description="Goals that nothing saves.")
    notes: list[str] = strawberry.field(description="What to bear in mind.")

    @classmethod
    def of(cls, found: Containment) -> "ContainmentType":
        """Show a containment."""
        return cls(
            goals=[ReachableType.of(one) for one in found.goals],
            cut=[StepType.of(one) for one in found.cut],
            smallest=found.smallest,
            single_points=[StepType.of(one) for one in found.single_points],
            in_order=[StepType.of(one) for one in found.in_order],
            not_saved=[ReachableType.of(one) for one in found.not_saved],
            notes=list(found.notes),
        )


@strawberry.type(name="BlastRadius", description="Everything that is reached from a start, the likeliest first.")
class BlastRadiusType:
    """A blast radius."""

    start: ReachableType = strawberry.field(description="Where it begins.")
    at: DateTime = strawberry.field(description="When it begins.")
    reached: list[ReachedType] = strawberry.field(description="What is reached, the likeliest first.")
    total: int = strawberry.field(description="How much is reached in all.")
    not_reached: list[ReachableType] = strawberry.field(description="Targets that are not reached.")
    notes: list[str] = strawberry.field(description="What to bear in mind.")

    @classmethod
    def of(cls, radius: BlastRadius) -> "BlastRadiusType":
        """Show a blast radius."""
        return cls(
            start=ReachableType.of(radius.start),
            at=DateTime(radius.at),
            reached=[ReachedType.of(one) for one in radius.reached],
            total=sum(radius.total.values()),
            not_reached=[ReachableType.of(one) for one in radius.not_reached],
            notes=list(radius.notes),
        )


@strawberry.type(name="Path", description="The most likely way between two entities that goes forward in time.")
class PathType:
    """A path."""

    start: ReachableType = strawberry.field(description="Where it begins.")
    end: ReachableType = strawberry.field(description="Where it ends.")
    likelihood: float = strawberry.field(description="0 where no way leads there.")
    hops: list[HopType] = strawberry.field(description="The steps, in order of time.")

    @classmethod
    def of(cls, found: Path) -> "PathType":
        """Show a path."""
        return cls(
            start=ReachableType.of(found.start),
            end=ReachableType.of(found.end),
            likelihood=found.likelihood,
            hops=[HopType.of(hop) for hop in found.hops],
        )
