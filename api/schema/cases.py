"""Cases: what a hunt began with, all that was written down under it, and what became of it."""

from collections.abc import Mapping
from typing import Any, cast

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.case_entries import (
    AnswerType,
    CaseFindingType,
    CaseRunType,
    EvidenceType,
    FeedbackType,
    HostEntryType,
    HypothesisType,
    NoteType,
    RecommendationType,
    ResponseType,
    ViewType,
)
from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.hunts import TelemetryType
from graph_hunt.api.schema.scalars import Connection, DateTime, page, window_of
from graph_hunt.casework import cases
from graph_hunt.casework.cases import Case, Head, Item, advice, collection, pinning
from graph_hunt.casework.cases.template import FOLDER, find
from graph_hunt.casework.state import Change, history
from graph_hunt.hunting.finding import restored


@strawberry.type(name="CaseScope", description="What a case looks at; empty means all.")
class ScopeType:
    """A scope."""

    entities: list[str] = strawberry.field(description="Entities, by any of their names.")
    tags: list[str] = strawberry.field(description="Tags.")
    since: DateTime | None = strawberry.field(description="Where its span begins.")
    until: DateTime | None = strawberry.field(description="Where it ends.")


@strawberry.type(name="AuditLine", description="A line of the audit trail.")
class ChangeType:
    """A change."""

    at: DateTime = strawberry.field(description="When.")
    who: str = strawberry.field(description="Who.")
    action: str = strawberry.field(description="What was done.")
    before: JSON | None = strawberry.field(description="What it was.")
    after: JSON | None = strawberry.field(description="What it became.")

    @classmethod
    def of(cls, line: Change) -> "ChangeType":
        """Show a line."""
        before, after = cast("JSON | None", line.before), cast("JSON | None", line.after)
        return cls(at=DateTime(line.at), who=line.who, action=line.action, before=before, after=after)


@strawberry.type(name="CaseNeed", description="Telemetry that hypotheses need; any one of its kinds would do.")
class NeedType:
    """A need."""

    kinds: list[TelemetryType] = strawberry.field(description="What it is, and how to turn it on.")
    there: bool = strawberry.field(description="It was loaded.")
    rows: int = strawberry.field(description="How many records of it there are.")
    asked_by: list[str] = strawberry.field(description="The hunts and looks that need it.")
    hypotheses: list[int] = strawberry.field(description="The hypotheses that they are under.")


@strawberry.type(name="Advice", description="A recommendation that follows from the findings.")
class AdviceType:
    """Advice."""

    what: str = strawberry.field(description="Its name, for `addRecommendation`.")
    words: str = strawberry.field(description="What it says.")
    findings: list[str] = strawberry.field(description="The findings that it follows from.")


@strawberry.type(name="CheckedEvidence", description="What a pinned record is now.")
class CheckedType:
    """Checked evidence."""

    number: int = strawberry.field(description="The evidence's number.")
    state: str = strawberry.field(description="same, changed or gone.")


@strawberry.type(name="Case", description="A case: a hunt from its trigger to the response.")
class CaseType:
    """A case."""

    id: strawberry.ID = strawberry.field(description="Its number.")
    version: int = strawberry.field(description="Of what the case says of itself; what is in it has its own.")
    title: str = strawberry.field(description="What it is about.")
    trigger: str = strawberry.field(description="weak_signal, anomaly, indicator, finding or request.")
    form: str = strawberry.field(description="structured, unstructured or situational.")
    scope: ScopeType = strawberry.field(description="What it looks at.")
    template: str = strawberry.field(description="The template that it was laid out by.")
    given: JSON = strawberry.field(description="What the template was filled with.")
    summary: str = strawberry.field(description="What it comes to, in words.")
    verdict: str | None = strawberry.field(description="Of a closed case: confirmed, refuted or inconclusive.")
    closed: bool = strawberry.field(description="It has come to its end.")
    who: str = strawberry.field(description="Who opened it.")
    created: DateTime = strawberry.field(description="When.")
    changed_by: str = strawberry.field(description="Who changed it last.")
    changed: DateTime = strawberry.field(description="When.")
    _case: strawberry.Private[Case | None] = None

    @classmethod
    def of(cls, head: Head, case: Case | None = None) -> "CaseType":
        """Show a case; what is in it is read when it is asked for."""
        scope = head.scope
        span = [None if one is None else DateTime(one) for one in (scope.since, scope.until)]
        return cls(
            id=strawberry.ID(str(head.id)),
            version=head.version,
            title=head.title,
            trigger=head.trigger.value,
            form=head.form.value,
            scope=ScopeType(entities=list(scope.entities), tags=list(scope.tags), since=span[0], until=span[1]),
            template=head.template,
            given=_json(head.given),
            summary=head.summary,
            verdict=head.verdict.value if head.verdict else None,
            closed=head.closed,
            who=head.who,
            created=DateTime(head.created),
            changed_by=head.changed_by,
            changed=DateTime(head.changed),
            _case=case,
        )

    async def _items(self, info: Info, kind: type[Any], *, withdrawn: bool = False) -> list[Item[Any]]:
        if self._case is None:
            self._case = await aside(lambda: cases.get(info.context.state, int(self.id)), "id")
        return self._case.each(kind, withdrawn=withdrawn)

    @strawberry.field(description="What is supposed.")
    async def hypotheses(self, info: Info) -> list[HypothesisType]:
        """List hypotheses."""
        return [HypothesisType.of(one) for one in await self._items(info, cases.Hypothesis)]

    @strawberry.field(description="Remarks.")
    async def notes(self, info: Info) -> list[NoteType]:
        """List notes."""
        return [NoteType.of(one) for one in await self._items(info, cases.Note)]

    @strawberry.field(description="What was pinned.")
    async def evidence(self, info: Info) -> list[EvidenceType]:
        """List evidence."""
        return [EvidenceType.of(one) for one in await self._items(info, cases.Evidence)]

    @strawberry.field(description="The pinned records, compared with what is loaded now.")
    async def checked(self, info: Info) -> list[CheckedType]:
        """Check evidence."""
        await self._items(info, cases.Evidence)
        case = cast("Case", self._case)
        found = await aside(lambda: pinning.check(case, info.context.workspace))
        return [CheckedType(number=one.item.number, state=one.state) for one in found]

    @strawberry.field(description="Pivots that were saved.")
    async def views(self, info: Info) -> list[ViewType]:
        """List views."""
        return [ViewType.of(one) for one in await self._items(info, cases.View)]

    @strawberry.field(description="Hunts that ran.")
    async def runs(self, info: Info) -> list[CaseRunType]:
        """List runs."""
        return [CaseRunType.of(one) for one in await self._items(info, cases.Run)]

    @strawberry.field(description="What was found, the gravest first.")
    async def findings(
        self, info: Info, judgement: str | None = None, first: int = 25, after: str | None = None
    ) -> Connection[CaseFindingType]:
        """List findings."""
        offset, length = window_of(first, after)
        found = [
            one
            for one in await self._items(info, cases.Judged)
            if judgement is None or one.entry.judgement == judgement
        ]
        found.sort(key=lambda one: restored(one.entry.finding).order)
        return page([CaseFindingType.of(one) for one in found[offset : offset + length]], offset, len(found))

    @strawberry.field(description="What the steps of the template came to.")
    async def answers(self, info: Info) -> list[AnswerType]:
        """List answers."""
        return [AnswerType.of(one) for one in await self._items(info, cases.Answer)]

    @strawberry.field(description="What is handed over to be contained.")
    async def responses(self, info: Info) -> list[ResponseType]:
        """List responses."""
        return [ResponseType.of(one) for one in await self._items(info, cases.Response)]

    @strawberry.field(description="What would make it harder the next time.")
    async def recommendations(self, info: Info) -> list[RecommendationType]:
        """List recommendations."""
        return [RecommendationType.of(one) for one in await self._items(info, cases.Recommendation)]

    @strawberry.field(description="What stays of the case.")
    async def feedback(self, info: Info) -> list[FeedbackType]:
        """List feedback."""
        return [FeedbackType.of(one) for one in await self._items(info, cases.Feedback)]

    @strawberry.field(description="Which telemetry its hypotheses need; what is missing comes first.")
    async def collection(self, info: Info) -> list[NeedType]:
        """Check the collection."""
        await self._items(info, cases.Hypothesis)
        case, workspace = cast("Case", self._case), info.context.workspace

        def work() -> list[collection.Need]:
            laid = find(self.template, workspace.root / FOLDER) if self.template else None
            return collection.check(case, workspace.events.codes(), laid)

        return [
            NeedType(
                kinds=[TelemetryType.of(kind) for kind in need.kinds],
                there=need.there,
                rows=need.rows,
                asked_by=list(need.asked_by),
                hypotheses=list(need.hypotheses),
            )
            for need in await aside(work)
        ]

    @strawberry.field(description="What is recommended after the findings that count: kept ones, else grave ones.")
    async def advice(self, info: Info, language: str = "en") -> list[AdviceType]:
        """Recommend."""
        await self._items(info, cases.Judged)
        spoken = "fr" if language == "fr" else "en"
        found = advice.recommended(cast("Case", self._case))
        return [
            AdviceType(what=one.what, words=advice.in_words(one.what, spoken), findings=list(one.findings))
            for one in found
        ]

    @strawberry.field(description="The ledger of hosts.")
    async def hosts(self, info: Info) -> list[HostEntryType]:
        """List hosts."""
        return [HostEntryType.of(one) for one in await self._items(info, cases.Listed)]

    @strawberry.field(description="Who changed what in it, the newest first.")
    async def history(self, info: Info, first: int = 25, after: str | None = None) -> Connection[ChangeType]:
        """List changes."""
        offset, length = window_of(first, after)

        def work() -> list[Change]:
            with info.context.state.read() as connection:
                return list(history(connection, f"case:{self.id}"))[::-1]

        lines = await aside(work)
        return page([ChangeType.of(one) for one in lines[offset : offset + length]], offset, len(lines))


@strawberry.type
class CaseQuery:
    """Asking after cases."""

    @strawberry.field(description="A case by its number.")
    async def case(self, info: Info, id: strawberry.ID) -> CaseType | None:
        """Find a case."""
        found = await aside(lambda: cases.get(info.context.state, number_of(id)), "id")
        return CaseType.of(found.head, found)

    @strawberry.field(description="The cases, those changed last first; open ones, closed ones or all.")
    async def cases(
        self, info: Info, closed: bool | None = None, search: str = "", first: int = 25, after: str | None = None
    ) -> Connection[CaseType]:
        """List cases."""
        offset, length = window_of(first, after)
        found, total = await aside(
            lambda: cases.listed(info.context.state, length, offset, closed=closed, search=search)
        )
        return page([CaseType.of(one) for one in found], offset, total)


def number_of(id: str) -> int:
    """A case's number; what is none is no case's."""
    return int(id) if id.isdecimal() and len(id) < 16 else 0


def _json(value: Mapping[str, Any]) -> JSON:
    return cast("JSON", {name: list(one) for name, one in value.items()})
