"""The library, runs and findings."""

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.entities import EntityType, plain
from graph_hunt.api.schema.scalars import DateTime
from graph_hunt.hunting import visibility
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.hunt import Hunt


@strawberry.type(name="HuntParameter", description="A parameter of a hunt.")
class ParameterType:
    """A hunt's parameter."""

    name: str
    type: str
    default: JSON
    help: str


@strawberry.type(name="Telemetry", description="A kind of telemetry, and how to turn it on.")
class TelemetryType:
    """A kind of telemetry that a hunt needs."""

    name: str
    title: str
    table: str
    codes: list[str]
    opens: str

    @classmethod
    def of(cls, kind: visibility.Telemetry) -> "TelemetryType":
        """Show a kind of telemetry."""
        return cls(name=kind.name, title=kind.title, table=kind.table, codes=list(kind.codes), opens=kind.opens)


@strawberry.type(name="Hunt", description="A hunt of the library, and whether this workspace lets it see.")
class HuntType:
    """A hunt."""

    id: strawberry.ID
    title: str
    description: str
    hypothesis: str
    tactic: str
    attack: list[str]
    level: str
    visible: bool
    missing: list[list[TelemetryType]] = strawberry.field(
        description="What it needs and does not have: each group is needed, any one within a group would do."
    )
    parameters: list[ParameterType]
    benign: list[str]
    rule_out: list[str]
    response: list[str]
    cypher: str

    @classmethod
    def of(cls, hunt: Hunt, codes: visibility.Codes) -> "HuntType":
        """Show a hunt."""
        missing = visibility.missing(hunt, codes)
        return cls(
            id=strawberry.ID(hunt.id),
            title=hunt.title,
            description=hunt.description,
            hypothesis=hunt.hypothesis,
            tactic=hunt.tactic,
            attack=list(hunt.attack),
            level=hunt.level.value,
            visible=not missing,
            missing=[[TelemetryType.of(kind) for kind in group] for group in missing],
            parameters=[
                ParameterType(name=one.name, type=one.type.value, default=JSON(one.default), help=one.help)
                for one in hunt.parameters
            ],
            benign=list(hunt.benign),
            rule_out=list(hunt.rule_out),
            response=list(hunt.response),
            cypher=hunt.cypher,
        )


@strawberry.type(name="Involved", description="An entity's part in a finding.")
class InvolvedType:
    """An entity in a finding."""

    role: str
    entity: EntityType


@strawberry.type(name="Finding", description="What a hunt found.")
class FindingType:
    """A finding."""

    id: strawberry.ID
    hunt: str
    title: str
    level: str
    score: float
    attack: list[str]
    summary: str
    entities: list[InvolvedType]
    first_seen: DateTime
    last_seen: DateTime
    evidence: list[str] = strawberry.field(description="Event ids, for `evidence`.")

    @classmethod
    def of(cls, finding: Finding) -> "FindingType":
        """Show a finding."""
        return cls(
            id=strawberry.ID(finding.id),
            hunt=finding.hunt,
            title=finding.title,
            level=finding.level.value,
            score=finding.score,
            attack=list(finding.attack),
            summary=finding.summary,
            entities=[
                InvolvedType(role=one.role, entity=plain(one.label, one.key, one.name)) for one in finding.entities
            ],
            first_seen=DateTime(finding.first_seen),
            last_seen=DateTime(finding.last_seen),
            evidence=list(finding.evidence),
        )
