"""Templates of cases and their answers; what a case would need to see, and what follows from its findings."""

from typing import Annotated

import strawberry

from graph_hunt.api.schema.case_entries import AnswerType, HostEntryType
from graph_hunt.api.schema.cases import CaseType, number_of
from graph_hunt.api.schema.context import Info, aside
from graph_hunt.casework import cases
from graph_hunt.casework.cases import Case, custody
from graph_hunt.casework.cases.answering import answer
from graph_hunt.casework.cases.template import FOLDER, Step, Template, find, names
from graph_hunt.errors import InputError


@strawberry.type(name="TemplateStep", description="A question that hunts and looks answer together.")
class StepType:
    """A step."""

    id: strawberry.ID = strawberry.field(description="For `runCase` and the answers.")
    title: str = strawberry.field(description="What it is about.")
    question: str = strawberry.field(description="What it asks.")
    hypothesis: int | None = strawberry.field(description="The number of the template's hypothesis.")
    hunts: list[str] = strawberry.field(description="The hunts that answer it.")
    looks: list[str] = strawberry.field(description="The template's own looks.")

    @classmethod
    def of(cls, step: Step, language: str) -> "StepType":
        """Show a step."""
        return cls(
            id=strawberry.ID(step.id),
            title=step.title[language],
            question=step.question[language],
            hypothesis=step.hypothesis,
            hunts=list(step.hunts),
            looks=[look.hunt.id for look in step.looks],
        )


@strawberry.type(name="TemplateField", description="What a template is filled with.")
class FieldType:
    """A field."""

    name: str = strawberry.field(description="accounts, senders, ips or hosts.")
    help: str = strawberry.field(description="What is meant.")


@strawberry.type(name="CaseTemplate", description="A kind of case, laid out beforehand.")
class TemplateType:
    """A template."""

    id: strawberry.ID = strawberry.field(description="For `openCase`.")
    fields: list[FieldType] = strawberry.field(description="What it is filled with.")
    steps: list[StepType] = strawberry.field(description="Its steps.")

    @classmethod
    def of(cls, laid: Template, language: str) -> "TemplateType":
        """Show a template."""
        return cls(
            id=strawberry.ID(laid.id),
            fields=[FieldType(name=name, help=words[language]) for name, words in laid.fields.items()],
            steps=[StepType.of(step, language) for step in laid.steps],
        )


Language = Annotated[str, strawberry.argument(description="en or fr.")]


@strawberry.type
class CaseTemplateQuery:
    """Asking after templates."""

    @strawberry.field(description="The templates that a case can be laid out by.")
    async def case_templates(self, info: Info, language: Language = "en") -> list[TemplateType]:
        """List templates."""
        folder = info.context.workspace.root / FOLDER
        found = await aside(lambda: [find(name, folder) for name in names(folder)])
        return [TemplateType.of(one, "fr" if language == "fr" else "en") for one in found]


@strawberry.type
class CaseAnswerMutation:
    """Answering templates, and keeping the ledger of hosts."""

    @strawberry.mutation(description="Answer the case's template, some steps of it, or those without an answer.")
    async def run_case(
        self, info: Info, case: strawberry.ID, steps: list[str] | None = None, rest: bool = False
    ) -> list[AnswerType] | None:
        """Answer the template."""
        context = info.context

        def work() -> list[AnswerType]:
            head = cases.get(context.state, number_of(case)).head
            if not head.template:
                raise InputError("has no template", where=f"case {head.id}", expected="one that a template laid out")
            laid = find(head.template, context.workspace.root / FOLDER)
            place = context.state, context.workspace, head.id, laid
            return [AnswerType.of(item) for _, item in answer(*place, who=context.who, steps=steps or (), rest=rest)]

        return await aside(work, "steps")

    @strawberry.mutation(description="Enter the case's machines into its ledger, or bring it up.")
    async def list_case_hosts(self, info: Info, case: strawberry.ID) -> list[HostEntryType] | None:
        """Enter hosts."""
        context = info.context
        id = number_of(case)
        found = await aside(lambda: custody.list_hosts(context.state, context.workspace, id, who=context.who), "case")
        return [HostEntryType.of(one) for one in found]

    @strawberry.mutation(description="Say that a machine is clean, and why; without `cleared`, take it back.")
    async def clear_case_host(
        self, info: Info, case: strawberry.ID, host: str, version: int, because: str = "", cleared: bool = True
    ) -> HostEntryType | None:
        """Clear a host."""
        context, id = info.context, number_of(case)

        def work() -> cases.Item[cases.Listed]:
            if cleared:
                return custody.clear(context.state, id, host, because, who=context.who, version=version)
            return custody.suspect(context.state, context.workspace, id, host, who=context.who)

        return HostEntryType.of(await aside(work, "host"))

    @strawberry.mutation(description="Add what the findings name to be contained.")
    async def propose_responses(self, info: Info, case: strawberry.ID) -> CaseType | None:
        """Propose responses."""
        context, id = info.context, number_of(case)

        def work() -> Case:
            for one in cases.advice.proposed(cases.get(context.state, id)):
                cases.add(context.state, id, one, who=context.who)
            return cases.get(context.state, id)

        found = await aside(work, "case")
        return CaseType.of(found.head, found)
