"""Keeping a finding of a run or an alert in a case, or dismissing it there."""

from typing import Annotated

import strawberry

from graph_hunt.api.schema.case_changes import Id
from graph_hunt.api.schema.case_entries import CaseFindingType
from graph_hunt.api.schema.cases import number_of
from graph_hunt.api.schema.context import Info, aside
from graph_hunt.casework.cases import Item, Judged, keeping
from graph_hunt.casework.cases.entries import Judgement
from graph_hunt.casework.detections.alerts import alert as alert_of
from graph_hunt.errors import InputError
from graph_hunt.hunting.finding import Finding

Run = Annotated[strawberry.ID | None, strawberry.argument(description="The run that found it.")]
Alert = Annotated[strawberry.ID | None, strawberry.argument(description="Or the alert that it is of.")]


@strawberry.type
class KeepMutation:
    """Taking findings into a case."""

    @strawberry.mutation(description="Take a finding of a run or an alert into a case: kept, or dismissed with why.")
    async def keep_finding(
        self,
        info: Info,
        case: Id,
        finding: strawberry.ID,
        run: Run = None,
        alert: Alert = None,
        judgement: str = "kept",
        because: str = "",
    ) -> CaseFindingType | None:
        """Keep a finding."""
        context = info.context

        def work() -> Item[Judged]:
            if judgement not in list(Judgement):
                raise InputError(f"{judgement!r} is none", where="judgement", expected=", ".join(Judgement))
            made = _found(info, finding, run, alert)
            return keeping.take(context.state, number_of(case), made, Judgement(judgement), because, who=context.who)

        return CaseFindingType.of(await aside(work, "finding"))


def _found(info: Info, finding: str, run: str | None, alert: str | None) -> Finding:
    context = info.context
    if (run is None) == (alert is None):
        raise InputError("a finding is of a run or of an alert", where="run", expected="one of both")
    made = context.runs.all_findings(run) if run else (alert_of(context.state, str(alert)).finding,)
    for one in made:
        if one.id == finding:
            return one
    raise InputError(f"there is no finding {finding!r}", where="finding", expected="the id of one of its findings")
