"""What is surprising and what is usual: ranked incidents, baselines; and what the graph has yet to take in."""

from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.entities import EntityType, plain
from graph_hunt.api.schema.hunts import HuntType
from graph_hunt.api.schema.scalars import PAGE, DateTime, refused
from graph_hunt.graph.store import marks
from graph_hunt.hunting import library
from graph_hunt.hunting.baselines import Baseline, Usual
from graph_hunt.hunting.ranking import BUDGET, Incident, Question, Ranking, Step
from graph_hunt.hunting.tracing import baselines_of, ranked
from graph_hunt.hunting.window import resolve
from graph_hunt.schema import NODES


@strawberry.type(name="RankedTerm", description="A part of an incident's score.")
class TermType:
    """A term."""

    name: str = strawberry.field(description="Which part.")
    bits: float = strawberry.field(description="What it adds.")
    words: str = strawberry.field(description="What it says.")


@strawberry.type(name="RankedStep", description="A logon on an incident's path.")
class StepType:
    """A step."""

    at: DateTime = strawberry.field(description="When.")
    account: str = strawberry.field(description="The account's key.")
    source: str = strawberry.field(description="The key of the machine it came from.")
    target: str = strawberry.field(description="The key of the machine logged on to.")
    failed: bool = strawberry.field(description="Whether it was refused.")
    bits: float = strawberry.field(description="How surprising it is.")
    event: str = strawberry.field(description="The event's id, for `evidence`.")

    @classmethod
    def of(cls, step: Step) -> "StepType":
        """Show a step."""
        return cls(
            at=DateTime(step.at),
            account=step.account,
            source=step.source,
            target=step.target,
            failed=step.failed,
            bits=step.bits,
            event=step.event,
        )


@strawberry.type(name="RankedIncident", description="Surprising logons that go back to one machine on one day.")
class IncidentType:
    """An incident."""

    root: EntityType | None = strawberry.field(description="The machine at its root.")
    root_key: str = strawberry.field(description="The key of that machine.")
    score: float = strawberry.field(description="How surprising it is, in bits.")
    p: float | None = strawberry.field(description="How often the past was as surprising; null without a past.")
    q: float | None = strawberry.field(description="The false discovery rate up to here; null without a past.")
    terms: list[TermType] = strawberry.field(description="What the score is made of.")
    path: list[StepType] = strawberry.field(description="How it came to the most surprising logon, the last.")
    accounts: list[str] = strawberry.field(description="Keys of the accounts in it.")
    targets: list[str] = strawberry.field(description="Keys of the machines logged on to.")
    logons: int = strawberry.field(description="How many logons it has.")
    first_seen: DateTime = strawberry.field(description="Its first logon.")
    last_seen: DateTime = strawberry.field(description="Its last logon.")
    evidence: list[str] = strawberry.field(description="Event ids, for `evidence`.")

    @classmethod
    def of(cls, found: Incident) -> "IncidentType":
        """Show an incident."""
        return cls(
            root=plain(found.root_label, found.root, found.root) if found.root_label in NODES else None,
            root_key=found.root,
            score=found.score,
            p=found.p,
            q=found.q,
            terms=[TermType(name=one.name, bits=one.bits, words=one.words) for one in found.terms],
            path=[StepType.of(one) for one in found.path],
            accounts=list(found.accounts),
            targets=list(found.targets),
            logons=found.logons,
            first_seen=DateTime(found.first_seen),
            last_seen=DateTime(found.last_seen),
            evidence=list(found.evidence),
        )


@strawberry.type(name="Ranking", description="The incidents that a budget a day allows, the most surprising first.")
class RankingType:
    """A ranking."""

    incidents: list[IncidentType] = strawberry.field(description="Those within the budget.")
    total: int = strawberry.field(description="How many there are in all.")
    logons: int = strawberry.field(description="How many logons were ranked.")
    days: int = strawberry.field(description="How many days the window has.")
    cold_start: bool = strawberry.field(description="The window begins when everything was new.")
    notes: list[str] = strawberry.field(description="What to bear in mind.")

    @classmethod
    def of(cls, found: Ranking, first: int) -> "RankingType":
        """Show a ranking."""
        return cls(
            incidents=[IncidentType.of(one) for one in found.incidents[:first]],
            total=found.total,
            logons=found.logons,
            days=found.days,
            cold_start=found.cold_start,
            notes=list(found.notes),
        )


@strawberry.type(name="UsualValue", description="A value that an entity was seen with.")
class UsualType:
    """A usual value."""

    trait: str = strawberry.field(description="Which habit, such as host or hour.")
    value: str = strawberry.field(description="The value.")
    count: int = strawberry.field(description="How often.")
    days: int = strawberry.field(description="On how many days.")
    first_seen: DateTime = strawberry.field(description="When first.")
    last_seen: DateTime = strawberry.field(description="When last.")
    others: int = strawberry.field(description="How many other entities have it.")


@strawberry.type(name="UsualVolume", description="How much of something a day has.")
class VolumeType:
    """A usual volume."""

    trait: str = strawberry.field(description="Of what.")
    median: float = strawberry.field(description="The median over the days.")
    deviation: float = strawberry.field(description="The median absolute deviation.")
    most: float = strawberry.field(description="The most.")
    days: int = strawberry.field(description="Over how many days.")


@strawberry.type(name="Baseline", description="What is usual for a user, a machine or a mailbox.")
class BaselineType:
    """A baseline."""

    entity: EntityType | None = strawberry.field(description="Whose it is.")
    days: int = strawberry.field(description="Days of telemetry.")
    active_days: int = strawberry.field(description="Days on which the entity was seen.")
    cold_start: bool = strawberry.field(description="There is too little history for it to mean much.")
    usual: list[UsualType] = strawberry.field(description="Its habits, the most usual of each first.")
    volumes: list[VolumeType] = strawberry.field(description="How much a day has.")

    @classmethod
    def of(cls, found: Baseline, name: str, first: int) -> "BaselineType":
        """Show a baseline, so many values of each habit."""
        seen: dict[str, int] = {}
        shown = []
        for one in found.usual:
            seen[one.trait] = seen.get(one.trait, 0) + 1
            if seen[one.trait] <= first:
                shown.append(_usual(one))
        return cls(
            entity=plain(found.label, found.key, name) if found.label in NODES else None,
            days=found.days,
            active_days=found.active_days,
            cold_start=found.cold_start,
            usual=shown,
            volumes=[
                VolumeType(trait=v.trait, median=v.median, deviation=v.deviation, most=v.most, days=v.days)
                for v in found.volumes
            ],
        )


def _usual(one: Usual) -> UsualType:
    return UsualType(
        trait=one.trait,
        value=one.value,
        count=one.count,
        days=one.days,
        first_seen=DateTime(one.first_seen),
        last_seen=DateTime(one.last_seen),
        others=one.others,
    )


@strawberry.type(name="IngestState", description="How far the graph is behind the events.")
class IngestType:
    """The state of ingest."""

    batches: int = strawberry.field(description="Batches of events that were committed.")
    pending: int = strawberry.field(description="Those that are not in the graph yet.")


@strawberry.type
class UsualQuery:
    """Asking what is surprising and what is usual."""

    @strawberry.field(description="A hunt of the library, by its id.")
    async def hunt(self, info: Info, id: strawberry.ID) -> HuntType | None:
        """Find a hunt."""
        events = info.context.workspace.events
        return await aside(lambda: HuntType.of(library.find([id])[0], events.codes()), "id")

    @strawberry.field(description="Logons and the paths they form, ranked by how surprising they are.")
    async def rank(
        self,
        info: Info,
        budget: Annotated[float, strawberry.argument(description="Incidents a day.")] = BUDGET,
        fdr: Annotated[float | None, strawberry.argument(description="The highest false discovery rate.")] = None,
        since: str | None = None,
        until: str | None = None,
        scope: list[str] | None = None,
        first: int = 25,
    ) -> RankingType | None:
        """Rank."""
        if not 0 < budget <= 10_000:
            raise refused(f"budget must be above 0 and up to 10000 incidents a day, not {budget:g}", "budget")
        if fdr is not None and not 0 <= fdr <= 1:
            raise refused(f"fdr must be from 0 to 1, not {fdr:g}", "fdr")
        if not 1 <= first <= PAGE:
            raise refused(f"first must be from 1 to {PAGE}, not {first}", "first")
        workspace = info.context.workspace
        window = await aside(lambda: resolve(*workspace.span(), bucket=1, since=since, until=until), "since")
        keys = await aside(lambda: workspace.scope(scope or []), "scope")
        question = Question(window.since, window.until, budget, fdr, keys)
        return RankingType.of(await aside(lambda: ranked(workspace).answer(question)), first)

    @strawberry.field(description="What is usual for an entity, or was before a time.")
    async def baseline(
        self,
        info: Info,
        entity: Annotated[str, strawberry.argument(description="By any of its names.")],
        before: DateTime | None = None,
        first: Annotated[int, strawberry.argument(description="Values of each habit.")] = 10,
    ) -> BaselineType | None:
        """Give a baseline."""
        if not 1 <= first <= PAGE:
            raise refused(f"first must be from 1 to {PAGE}, not {first}", "first")
        workspace = info.context.workspace

        def work() -> BaselineType:
            (found,) = workspace.entities([entity])
            kept, asked = baselines_of(workspace), (found.label, found.key)
            usual = kept.of(*asked) if before is None else kept.of(*asked, int(before))
            return BaselineType.of(usual, found.name, first)

        return await aside(work, "entity")

    @strawberry.field(description="How far the graph is behind the events.")
    async def ingest(self, info: Info) -> IngestType:
        """Tell how far the graph is."""
        workspace = info.context.workspace

        def work() -> IngestType:
            batches = workspace.events.batches()
            applied = {batch for mark in marks(workspace.graph) for batch in mark.batches}
            return IngestType(batches=len(batches), pending=len([one for one in batches if one not in applied]))

        return await aside(work)
