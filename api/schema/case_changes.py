"""Changing cases: opening, filling, judging, closing; each change is on the trail, none overwrites another's."""

from collections.abc import Callable
from dataclasses import asdict, replace
from enum import StrEnum
from typing import Annotated, Any, TypeVar, cast

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.case_entries import (
    CaseFindingType,
    CaseRunType,
    EvidenceType,
    FeedbackType,
    HypothesisType,
    NoteType,
    RecommendationType,
    ResponseType,
    ViewType,
)
from graph_hunt.api.schema.cases import CaseType, number_of
from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.scalars import DateTime, refused
from graph_hunt.casework import cases
from graph_hunt.casework.cases import Case, Form, Opening, Scope, Trigger, Verdict, pinning, running
from graph_hunt.casework.cases.entries import Entry, Judgement
from graph_hunt.casework.cases.template import FOLDER, LANGUAGES, find
from graph_hunt.errors import InputError
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace import Workspace

E = TypeVar("E", bound=StrEnum)
X = TypeVar("X", bound=Entry)
Id = Annotated[strawberry.ID, strawberry.argument(description="The case's number.")]
Number = Annotated[int, strawberry.argument(description="Its number within the case.")]
Version = Annotated[int, strawberry.argument(description="The version that was looked at.")]
About = Annotated[int | None, strawberry.argument(description="The number of the hypothesis that it is about.")]


@strawberry.input(name="CaseScopeInput", description="What a case looks at; empty means all.")
class ScopeInput:
    """A scope."""

    entities: list[str] = strawberry.field(default_factory=list, description="Entities, by any of their names.")
    tags: list[str] = strawberry.field(default_factory=list, description="Tags.")
    since: DateTime | None = strawberry.field(default=None, description="Where its span begins.")
    until: DateTime | None = strawberry.field(default=None, description="Where it ends.")

    def read(self) -> Scope:
        """It as a case keeps it."""
        return Scope(tuple(self.entities), tuple(self.tags), self.since, self.until)


@strawberry.input(name="CaseGivenInput", description="What fills a template.")
class GivenInput:
    """What is given."""

    accounts: list[str] = strawberry.field(default_factory=list, description="Accounts.")
    senders: list[str] = strawberry.field(default_factory=list, description="Senders: addresses or domains.")
    ips: list[str] = strawberry.field(default_factory=list, description="Addresses that an attacker came from.")
    hosts: list[str] = strawberry.field(default_factory=list, description="Machines.")

    def read(self) -> dict[str, list[str]]:
        """The fields that have something."""
        return {name: values for name, values in vars(self).items() if values}


@strawberry.type
class CaseMutation:
    """Changing cases."""

    @strawberry.mutation(description="Open a case, empty or laid out by a template, which then gives what is left out.")
    async def open_case(
        self,
        info: Info,
        title: str = "",
        trigger: str | None = None,
        form: str | None = None,
        scope: ScopeInput | None = None,
        summary: str = "",
        template: Annotated[str | None, strawberry.argument(description="One of `caseTemplates`.")] = None,
        given: Annotated[GivenInput | None, strawberry.argument(description="What fills the template.")] = None,
        language: Annotated[str, strawberry.argument(description="Of what the template writes: en or fr.")] = "en",
    ) -> CaseType | None:
        """Open a case."""
        context = info.context

        def work() -> Case:
            looked = scope.read() if scope else Scope()
            if template is None:
                opening = Opening(title, scope=looked)
            else:
                opening = _laid_out(context.workspace, template, given, looked, title, language)
            opening = replace(
                opening,
                trigger=_choice(Trigger, trigger, "trigger") if trigger else opening.trigger,
                form=_choice(Form, form, "form") if form else opening.form,
                summary=summary,
            )
            return cases.open_case(context.state, opening, who=context.who)

        made = await aside(work, "title")
        return CaseType.of(made.head, made)

    @strawberry.mutation(description="Change what a case says of itself; what is not given stays.")
    async def change_case(
        self,
        info: Info,
        id: Id,
        version: Version,
        title: str | None = None,
        trigger: str | None = None,
        form: str | None = None,
        scope: ScopeInput | None = None,
        summary: str | None = None,
    ) -> CaseType | None:
        """Change a case."""

        def work() -> cases.Head:
            return cases.change(
                info.context.state,
                number_of(id),
                version,
                who=info.context.who,
                title=title,
                trigger=_choice(Trigger, trigger, "trigger") if trigger else None,
                form=_choice(Form, form, "form") if form else None,
                scope=scope.read() if scope else None,
                summary=summary,
            )

        return CaseType.of(await aside(work, "version"))

    @strawberry.mutation(description="Close a case: confirmed, refuted or inconclusive, with what it came to.")
    async def close_case(self, info: Info, id: Id, version: Version, verdict: str, summary: str) -> CaseType | None:
        """Close a case."""
        state, who = info.context.state, info.context.who

        def work() -> cases.Head:
            came = _choice(Verdict, verdict, "verdict")
            return cases.close(state, number_of(id), version, came, summary, who=who)

        return CaseType.of(await aside(work, "version"))

    @strawberry.mutation(description="Open a closed case again.")
    async def reopen_case(self, info: Info, id: Id, version: Version) -> CaseType | None:
        """Reopen a case."""
        state, who = info.context.state, info.context.who
        return CaseType.of(await aside(lambda: cases.reopen(state, number_of(id), version, who=who), "version"))

    @strawberry.mutation(description="Suppose something.")
    async def add_hypothesis(
        self,
        info: Info,
        case: Id,
        text: str,
        techniques: list[str] | None = None,
        confirms: str = "",
        refutes: str = "",
    ) -> HypothesisType | None:
        """Add a hypothesis."""
        return HypothesisType.of(
            await _add(info, case, lambda: cases.Hypothesis(text, tuple(techniques or ()), confirms, refutes))
        )

    @strawberry.mutation(description="Change a hypothesis, or say what became of it; what is not given stays.")
    async def change_hypothesis(
        self,
        info: Info,
        case: Id,
        number: Number,
        version: Version,
        text: str | None = None,
        techniques: list[str] | None = None,
        confirms: str | None = None,
        refutes: str | None = None,
        status: str | None = None,
        because: str | None = None,
    ) -> HypothesisType | None:
        """Change a hypothesis."""
        given = {"text": text, "confirms": confirms, "refutes": refutes, "status": status, "because": because}
        given |= {"techniques": None if techniques is None else tuple(techniques)}  # type: ignore[dict-item]
        return HypothesisType.of(await _alter(info, case, number, version, cases.Hypothesis, given))

    @strawberry.mutation(description="Write a remark.")
    async def add_note(self, info: Info, case: Id, text: str, hypothesis: About = None) -> NoteType | None:
        """Add a note."""
        return NoteType.of(await _add(info, case, lambda: cases.Note(text, hypothesis)))

    @strawberry.mutation(description="Pin events, with the SHA-256 of each record; all or none.")
    async def pin_events(
        self, info: Info, case: Id, events: list[str], caption: str = "", hypothesis: About = None
    ) -> list[EvidenceType] | None:
        """Pin events."""
        context = info.context

        def work() -> list[Any]:
            place, who = (context.state, context.workspace, number_of(case)), context.who
            return pinning.pin_events(*place, events, who=who, caption=caption, hypothesis=hypothesis)

        return [EvidenceType.of(one) for one in await aside(work, "events")]

    @strawberry.mutation(description="Pin the edges of a kind that lead from one entity to another, and their records.")
    async def pin_edges(
        self,
        info: Info,
        case: Id,
        source: str,
        kind: str,
        target: str,
        caption: str = "",
        hypothesis: About = None,
    ) -> list[EvidenceType] | None:
        """Pin edges."""
        context = info.context

        def work() -> list[Any]:
            place, who = (context.state, context.workspace, number_of(case)), context.who
            edge = source, kind, target
            return pinning.pin_edges(*place, *edge, who=who, caption=caption, hypothesis=hypothesis)

        return [EvidenceType.of(one) for one in await aside(work, "kind")]

    @strawberry.mutation(description="Save a pivot.")
    async def save_view(
        self, info: Info, case: Id, name: str, entity: str = "", asked: JSON | None = None, hypothesis: About = None
    ) -> ViewType | None:
        """Save a view."""
        if not isinstance(asked or {}, dict):
            raise refused("asked must be an object", "asked")
        kept = cast("dict[str, Any] | None", asked)
        return ViewType.of(await _add(info, case, lambda: cases.View(name, entity, kept, hypothesis)))

    @strawberry.mutation(description="Run hunts in the case, in its scope and window unless others are given.")
    async def run_in_case(
        self,
        info: Info,
        case: Id,
        hunts: list[str],
        parameters: JSON | None = None,
        since: str | None = None,
        until: str | None = None,
        scope: list[str] | None = None,
        hypothesis: About = None,
    ) -> CaseRunType | None:
        """Run hunts."""
        if not isinstance(parameters or {}, dict):
            raise refused("parameters must be an object of their values", "parameters")
        given = cast("dict[str, object]", parameters or {})
        context = info.context

        def work() -> running.Ran:
            own = cases.get(context.state, number_of(case)).head.scope
            workspace = context.workspace
            window = running.window_of(workspace, own)
            if since or until:
                bucket = workspace.preferences.bucket
                window = resolve(*workspace.span(), bucket=bucket, since=since or own.since, until=until or own.until)
            chosen = own if scope is None else replace(own, entities=tuple(scope))
            keys, _ = running.keys_of(workspace, chosen)
            asked = running.Asked(tuple(hunts), given, window, keys, hypothesis)
            return running.run(context.state, workspace, number_of(case), asked, who=context.who)

        return CaseRunType.of((await aside(work, "hunts")).item)

    @strawberry.mutation(description="Run again what ran before in the case: same hunts, parameters, window, scope.")
    async def repeat_case_run(self, info: Info, case: Id, number: Number) -> CaseRunType | None:
        """Repeat a run."""
        context = info.context

        def work() -> running.Ran:
            return running.again(context.state, context.workspace, number_of(case), number, who=context.who)

        return CaseRunType.of((await aside(work, "number")).item)

    @strawberry.mutation(description="Keep a finding, or dismiss it with the reason.")
    async def judge_finding(
        self, info: Info, case: Id, finding: strawberry.ID, version: Version, judgement: str, because: str = ""
    ) -> CaseFindingType | None:
        """Judge a finding."""
        context = info.context

        def work() -> Any:
            made = _choice(Judgement, judgement, "judgement")
            place = context.state, number_of(case), finding
            return running.judge(*place, made, because, who=context.who, version=version)

        return CaseFindingType.of(await aside(work, "judgement"))

    @strawberry.mutation(description="Propose something to be contained.")
    async def add_response(
        self, info: Info, case: Id, action: str, target: str, owner: str = "", state: str = "proposed", remark: str = ""
    ) -> ResponseType | None:
        """Add a response."""
        return ResponseType.of(await _add(info, case, lambda: cases.Response(action, target, owner, state, remark)))

    @strawberry.mutation(description="Say who contains it and how far it is; what is not given stays.")
    async def change_response(
        self,
        info: Info,
        case: Id,
        number: Number,
        version: Version,
        owner: str | None = None,
        state: str | None = None,
        remark: str | None = None,
    ) -> ResponseType | None:
        """Change a response."""
        given = {"owner": owner, "state": state, "remark": remark}
        return ResponseType.of(await _alter(info, case, number, version, cases.Response, given))

    @strawberry.mutation(description="Choose a recommendation of the catalogue, or give one in words.")
    async def add_recommendation(
        self, info: Info, case: Id, what: str, findings: list[str] | None = None, owner: str = ""
    ) -> RecommendationType | None:
        """Add a recommendation."""
        entry = await _add(info, case, lambda: cases.Recommendation(what, tuple(findings or ()), owner))
        return RecommendationType.of(entry)

    @strawberry.mutation(description="Write down what stays of the case for the next one.")
    async def add_feedback(
        self, info: Info, case: Id, learned: str, what: str, remark: str = ""
    ) -> FeedbackType | None:
        """Add feedback."""
        return FeedbackType.of(await _add(info, case, lambda: cases.Feedback(learned, what, remark)))

    @strawberry.mutation(description="Have something in a case no longer count; it is kept, with the reason.")
    async def withdraw_from_case(
        self, info: Info, case: Id, number: Number, version: Version, because: str
    ) -> CaseType | None:
        """Withdraw something."""
        context = info.context

        def work() -> Case:
            cases.withdraw(context.state, number_of(case), number, version, because, who=context.who)
            return cases.get(context.state, number_of(case))

        found = await aside(work, "version")
        return CaseType.of(found.head, found)


def _laid_out(
    workspace: Workspace, name: str, given: GivenInput | None, scope: Scope, title: str, language: str
) -> Opening:
    if language not in LANGUAGES:
        raise InputError(f"{language!r} is none", where="language", expected=", ".join(LANGUAGES))
    laid = find(name, workspace.root / FOLDER)
    filled = given.read() if given else {}
    made = laid.opening(filled, title=title, language=language, since=scope.since, until=scope.until)
    return replace(made, scope=replace(made.scope, entities=(*made.scope.entities, *scope.entities), tags=scope.tags))


async def _add(info: Info, id: str, make: Callable[[], X]) -> cases.Item[X]:
    state, who = info.context.state, info.context.who
    return await aside(lambda: cases.add(state, number_of(id), make(), who=who), "case")


async def _alter(info: Info, id: str, number: int, version: int, kind: type[X], given: dict[str, Any]) -> cases.Item[X]:
    context = info.context

    def work() -> cases.Item[X]:
        before = cases.item(context.state, number_of(id), number).entry
        if not isinstance(before, kind):
            raise InputError(f"{number} is no {kind.KIND}", where=f"case {id}", expected=before.KIND)
        told = {**asdict(before), **{name: value for name, value in given.items() if value is not None}}
        return cases.alter(context.state, number_of(id), number, version, kind(**told), who=context.who)

    return await aside(work, "version")


def _choice(kind: type[E], value: str, where: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise InputError(f"{value!r} is none", where=where, expected=", ".join(kind)) from None
