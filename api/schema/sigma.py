"""Sigma: a SOC's own rules checked and run over all that is loaded, kept as detections; hunts written as rules."""

from typing import Annotated, Any

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.detections import Channels, DetectionType, Schedule, Since, Suppress, shown, values
from graph_hunt.api.schema.hunts import FindingType
from graph_hunt.api.schema.scalars import refused
from graph_hunt.casework.detections import repository
from graph_hunt.casework.detections.detection import Detection, Kind
from graph_hunt.casework.sigma import rules as reading
from graph_hunt.casework.sigma.export import Written, exported, of_hunt
from graph_hunt.casework.sigma.rules import Refused, Rule
from graph_hunt.casework.sigma.running import TIMEOUT, Ran, run
from graph_hunt.hunting import library
from graph_hunt.hunting.window import resolve

_RULES = 200
Text = Annotated[str, strawberry.argument(description="Sigma rules as YAML, one document each.")]


@strawberry.type(name="SigmaRefusal", description="A rule that does not run here.")
class RefusalType:
    """A refused rule."""

    where: str = strawberry.field(description="Which.")
    kind: str = strawberry.field(description="not_kept, not_converted or malformed.")
    why: str = strawberry.field(description="Why.")


@strawberry.type(name="SigmaRun", description="What became of one rule.")
class SigmaRunType:
    """A rule that ran."""

    rule: str = strawberry.field(description="Its id.")
    title: str = strawberry.field(description="Its title.")
    source: str = strawberry.field(description="The events that it looks at.")
    state: str = strawberry.field(description="done, cut, timed_out or failed; '' where it was only checked.")
    problem: str | None = strawberry.field(description="What went wrong.")
    events: int = strawberry.field(description="How many events it found.")
    findings: list[FindingType] = strawberry.field(description="One an account, host and day.")

    @classmethod
    def of(cls, one: Ran) -> "SigmaRunType":
        """Show a run."""
        return cls(
            rule=one.rule.id,
            title=one.rule.title,
            source=one.rule.source.name,
            state=one.state,
            problem=one.problem or None,
            events=one.events,
            findings=[FindingType.of(finding) for finding in one.findings],
        )


@strawberry.type(name="SigmaResult", description="What became of rules.")
class ResultType:
    """A result."""

    ran: list[SigmaRunType] = strawberry.field(description="Those that run here.")
    refused: list[RefusalType] = strawberry.field(description="Those that do not.")


@strawberry.type(name="SigmaRules", description="A hunt or detection written as Sigma rules.")
class WrittenType:
    """Rules that were written."""

    text: str | None = strawberry.field(description="YAML documents; null where Sigma cannot say it.")
    lost: list[str] = strawberry.field(description="What they lose, or why there are none.")


@strawberry.type
class SigmaQuery:
    """Asking of Sigma."""

    @strawberry.field(description="Which rules would run here, and why the others do not.")
    async def sigma_check(self, info: Info, rules: Text) -> ResultType | None:
        """Check rules."""
        found = await aside(lambda: list(reading.read(rules, "rules")), "rules")
        return _result(found, [Ran(one, "") for one in found if isinstance(one, Rule)])

    @strawberry.field(description="A hunt, by its id, or a detection, by its name, as Sigma rules.")
    async def sigma_export(self, info: Info, id: strawberry.ID) -> WrittenType | None:
        """Export as Sigma."""
        context = info.context

        def work() -> Written:
            if any(hunt.id == id for hunt in library.all_hunts()):
                return of_hunt(str(id))
            return exported(repository.get(context.state, str(id)), context.workspace.root, context.state)

        written = await aside(work, "id")
        return WrittenType(text=written.text or None, lost=list(written.lost))


@strawberry.type
class SigmaMutation:
    """Doing with Sigma."""

    @strawberry.mutation(description="Run rules over all that is loaded, past events too; nothing is kept of it.")
    async def run_sigma(
        self,
        info: Info,
        rules: Text,
        since: Annotated[
            str | None, strawberry.argument(description="A time, or a span before the newest event.")
        ] = None,
    ) -> ResultType | None:
        """Run rules."""
        workspace = info.context.workspace

        def work() -> ResultType:
            found = list(reading.read(rules, "rules"))
            chosen = [one for one in found if isinstance(one, Rule)]
            if len(chosen) > _RULES:
                raise refused(f"at most {_RULES} rules at once, not {len(chosen)}", "rules")
            begin = resolve(*workspace.span(), bucket=1, since=since).since if since else 0
            return _result(found, list(run(workspace, chosen, since=begin, timeout=TIMEOUT)))

        return await aside(work, "rules")

    @strawberry.mutation(description="Keep a Sigma rule as a detection.")
    async def add_sigma_detection(
        self,
        info: Info,
        id: strawberry.ID,
        rule: Annotated[str, strawberry.argument(description="The rule, as YAML.")],
        since: Since = None,
        schedule: Schedule = None,
        suppress: Suppress = None,
        channels: Channels = None,
        enabled: bool = True,
        past_known: bool = False,
    ) -> DetectionType | None:
        """Add a detection."""
        context = info.context

        def work() -> None:
            given: dict[str, Any] = values(context, None, None, since, schedule, suppress, channels)
            title = reading.one(rule).title
            one = Detection(str(id), Kind.SIGMA, rule, title, {}, enabled=enabled, **given)
            repository.add(context.state, one, who=context.who, quiet=past_known)

        await aside(work, "rule")
        return await shown(context, id)


def _result(found: list[Rule | Refused], ran: list[Ran]) -> ResultType:
    refusals = [one for one in found if isinstance(one, Refused)]
    return ResultType(
        ran=[SigmaRunType.of(one) for one in ran],
        refused=[RefusalType(where=one.where, kind=one.kind, why=one.why) for one in refusals],
    )
