"""The library, runs and findings."""

import orjson
import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.entities import EntityType, plain
from graph_hunt.api.schema.scalars import DateTime
from graph_hunt.hunting import visibility
from graph_hunt.hunting.argument import Pull
from graph_hunt.hunting.export import as_json
from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.hunt import Hunt


@strawberry.type(name="HuntParameter", description="A parameter of a hunt.")
class ParameterType:
    """A hunt's parameter."""

    name: str = strawberry.field(description="What it is called.")
    type: str = strawberry.field(description="What its values are.")
    default: JSON = strawberry.field(description="What it is where nothing is given.")
    help: str = strawberry.field(description="What it does.")


@strawberry.type(name="Telemetry", description="A kind of telemetry, and how to turn it on.")
class TelemetryType:
    """A kind of telemetry that a hunt needs."""

    name: str = strawberry.field(description="Its short name.")
    title: str = strawberry.field(description="What it is.")
    table: str = strawberry.field(description="The event table that it fills.")
    codes: list[str] = strawberry.field(description="The codes of its records.")
    opens: str = strawberry.field(description="How to turn it on.")

    @classmethod
    def of(cls, kind: visibility.Telemetry) -> "TelemetryType":
        """Show a kind of telemetry."""
        return cls(name=kind.name, title=kind.title, table=kind.table, codes=list(kind.codes), opens=kind.opens)


@strawberry.type(name="Hunt", description="A hunt of the library, and whether this workspace lets it see.")
class HuntType:
    """A hunt."""

    id: strawberry.ID = strawberry.field(description="Names it.")
    title: str = strawberry.field(description="What it looks for, in a line.")
    description: str = strawberry.field(description="What the attacker does, what it misses, what else looks like it.")
    hypothesis: str = strawberry.field(description="What is supposed.")
    tactic: str = strawberry.field(description="ATT&CK's tactic.")
    attack: list[str] = strawberry.field(description="ATT&CK's techniques.")
    level: str = strawberry.field(description="How grave a finding is.")
    visible: bool = strawberry.field(description="Whether what was loaded lets it see.")
    missing: list[list[TelemetryType]] = strawberry.field(
        description="What it needs and does not have: each group is needed, any one within a group would do."
    )
    parameters: list[ParameterType] = strawberry.field(description="What can be set.")
    benign: list[str] = strawberry.field(description="What harmless things look like it.")
    rule_out: list[str] = strawberry.field(description="How to tell those.")
    response: list[str] = strawberry.field(description="What to do about a finding.")
    cypher: str = strawberry.field(description="The query itself.")

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

    role: str = strawberry.field(description="Its part.")
    entity: EntityType = strawberry.field(description="Who or what.")

    @classmethod
    def of(cls, one: Involved) -> "InvolvedType":
        """Show an entity's part."""
        return cls(role=one.role, entity=plain(one.label, one.key, one.name))


@strawberry.type(name="EventsToPull", description="Events that would settle a finding.")
class PullType:
    """Events to pull."""

    telemetry: str = strawberry.field(description="The kind of telemetry, by its short name.")
    title: str = strawberry.field(description="What it is.")
    codes: list[str] = strawberry.field(description="The codes of its records, those that were loaded.")
    about: list[str] = strawberry.field(description="Names of the entities that they are about.")
    since: DateTime = strawberry.field(description="From when.")
    until: DateTime = strawberry.field(description="Until when.")
    words: str = strawberry.field(description="It in one line.")

    @classmethod
    def of(cls, pull: Pull) -> "PullType":
        """Show what to pull."""
        return cls(
            telemetry=pull.telemetry,
            title=pull.title,
            codes=list(pull.codes),
            about=list(pull.about),
            since=DateTime(pull.since),
            until=DateTime(pull.until),
            words=pull.words,
        )


@strawberry.type(name="Finding", description="What a hunt found.")
class FindingType:
    """A finding."""

    id: strawberry.ID = strawberry.field(description="The same in every run over the same events.")
    hunt: str = strawberry.field(description="The hunt's id.")
    title: str = strawberry.field(description="The hunt's title.")
    level: str = strawberry.field(description="How grave it is.")
    score: float = strawberry.field(description="0 to 100, within its level.")
    attack: list[str] = strawberry.field(description="ATT&CK's techniques.")
    summary: str = strawberry.field(description="What was found, in a sentence.")
    entities: list[InvolvedType] = strawberry.field(description="Who and what is in it.")
    first_seen: DateTime = strawberry.field(description="Its first event.")
    last_seen: DateTime = strawberry.field(description="Its last event.")
    evidence: list[str] = strawberry.field(description="Event ids, for `evidence`.")
    tactic: str = strawberry.field(description="ATT&CK's tactic that its hunt is of.")
    details: JSON = strawberry.field(description="What else the hunt returned, by its columns' names.")
    benign: list[str] = strawberry.field(description="It could be harmless where one of these holds.")
    rule_out: list[str] = strawberry.field(description="How to tell that.")
    events_to_pull: list[PullType] = strawberry.field(description="Which events to look at.")
    not_evaluable: list[TelemetryType] = strawberry.field(description="What would say more and was never loaded.")
    subject: str = strawberry.field(description="Names who is in it, whatever the day: what repeats has the same.")

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
            entities=[InvolvedType.of(one) for one in finding.entities],
            first_seen=DateTime(finding.first_seen),
            last_seen=DateTime(finding.last_seen),
            evidence=list(finding.evidence),
            tactic=finding.tactic,
            details=JSON(orjson.loads(as_json(dict(finding.details)))),
            benign=list(finding.benign),
            rule_out=list(finding.rule_out),
            events_to_pull=[PullType.of(one) for one in finding.pull],
            not_evaluable=[TelemetryType.of(one) for one in finding.not_evaluable],
            subject=finding.subject,
        )
