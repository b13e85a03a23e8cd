"""Answers a case's template step by step: found, not found, or cannot see, with what is missing.

A step is kept whole, with its run and its findings, before the next begins; answering again renews the answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import duckdb
from sqlalchemy import Connection

from graph_hunt.casework.cases import book, running
from graph_hunt.casework.cases.case import Case, Item
from graph_hunt.casework.cases.collection import rows_of
from graph_hunt.casework.cases.entries import Answer, Hypothesis, Judged, Judgement, Run, Seen
from graph_hunt.casework.cases.filled import Filled, fill
from graph_hunt.casework.cases.spreading import Spread, spread
from graph_hunt.casework.cases.template import Look, Step, Template
from graph_hunt.casework.state import State, record
from graph_hunt.errors import GraphHuntError, InputError
from graph_hunt.graph.projection import macros
from graph_hunt.hunting import library, runner
from graph_hunt.hunting.finding import Finding, Names, from_row, merged, restored
from graph_hunt.hunting.hunt import Level
from graph_hunt.hunting.visibility import Codes
from graph_hunt.workspace import Workspace


@dataclass(slots=True)
class _Seen:
    """What the parts of a step came to."""

    findings: list[Finding] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    sighted: bool = False
    """Some part could see."""
    details: dict[str, Any] | None = None


def answer(
    state: State,
    workspace: Workspace,
    id: int,
    template: Template,
    *,
    who: str,
    steps: Sequence[str] = (),
    rest: bool = False,
) -> Iterator[tuple[Step, Item[Answer]]]:
    """Answer the steps, or some of them, or those that have no answer yet."""
    known = {step.id for step in template.steps}
    if unknown := set(steps) - known:
        raise InputError(f"no step is called {', '.join(sorted(unknown))}", expected=", ".join(sorted(known)))
    case = book.get(state, id)
    answered = {one.entry.step for one in case.each(Answer)}
    chosen = [step for step in template.steps if (not steps or step.id in steps) and not (rest and step.id in answered)]
    filled = fill(workspace, case.head)
    with closing(workspace.resolved()) as connection:
        macros.define(connection)
        for step in chosen:
            seen = _look(workspace, connection, template, step, filled, book.get(state, id))
            yield step, _keep(state, id, step, filled, seen, who)


def state_of(seen: Sequence[Finding], *, sighted: bool) -> Seen:
    """What a step came to; what is merely informational is no find."""
    if any(finding.level is not Level.INFORMATIONAL for finding in seen):
        return Seen.FOUND
    return Seen.NOT_FOUND if sighted else Seen.CANNOT_SEE


def _look(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    template: Template,
    step: Step,
    filled: Filled,
    case: Case,
) -> _Seen:
    seen, codes = _Seen(), workspace.events.codes()
    seen.notes += [f"nothing that was loaded goes by {name}" for name in filled.unknown]
    _hunts(workspace, step, filled, seen)
    for look in step.looks:
        _ask(workspace, connection, look, filled, codes, seen)
    if step.radius:
        _spread(workspace, template, step, filled, case, seen)
    return seen


def _hunts(workspace: Workspace, step: Step, filled: Filled, seen: _Seen) -> None:
    if not step.hunts:
        return
    # Where the step's own fields are empty, what else was given narrows it rather than nothing.
    scope = filled.keys(step.scope) or filled.keys(("accounts", "ips", "hosts"))
    asked = running.Asked(step.hunts, {}, filled.window, scope)
    for one in running.hunted(workspace, library.find(step.hunts), asked):
        seen.findings += one.findings
        seen.outcomes.append(running.outcome(one))
        if one.cannot_see:
            seen.missing |= {kind.name: kind.opens for group in one.cannot_see for kind in group}
        else:
            seen.sighted = True
        seen.notes += [f"{one.hunt.id}: {note}" for note in one.notes]


def _ask(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    look: Look,
    filled: Filled,
    codes: Codes,
    seen: _Seen,
) -> None:
    if look.asks and not filled.keys(look.asks):
        seen.notes.append(f"{look.hunt.id}: not asked, for no {' or '.join(look.asks)} were given")
        return
    blind = [kind for kind in look.telemetry if not rows_of([kind], codes)]
    if blind and (not look.any_of or len(blind) == len(look.telemetry)):
        seen.missing |= {kind.name: kind.opens for kind in blind}
        titles = "; ".join(f"{kind.title} ({kind.table})" for kind in blind)
        seen.notes.append(f"{look.hunt.id}: cannot see: needs {titles}")
        seen.outcomes.append(_outcome(look, "cannot_see", ()))
        return
    findings, cut = _found(workspace, connection, look, filled)
    seen.sighted = True
    seen.findings += findings
    seen.outcomes.append(_outcome(look, "cut" if cut else "done", findings))
    if cut:
        seen.notes.append(f"{look.hunt.id}: cut at {running.LIMIT} rows; narrow the case's span")


def _found(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, look: Look, filled: Filled
) -> tuple[list[Finding], bool]:
    text = f"SELECT * FROM ({look.hunt.cypher}) ORDER BY first_seen LIMIT {running.LIMIT + 1}"  # noqa: S608
    try:
        result = connection.execute(text, filled.parameters(look.parameters))
    except duckdb.Error as error:
        raise InputError(f"look {look.hunt.id}: {error}", where=look.hunt.file) from error
    names = [column[0] for column in result.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    kept = rows[: running.LIMIT]
    known = runner.names_of(workspace.graph, look.hunt, kept)
    told = [from_row(look.hunt, row, known) for row in kept]
    found = [_translated(finding, look, row, known) for finding, row in zip(told, kept, strict=True)]
    return merged(found), len(rows) > len(kept)


def _translated(finding: Finding, look: Look, row: Mapping[str, Any], names: Names) -> Finding:
    """Say it in French too, in the details."""
    french = replace(look.hunt, summary=look.summary["fr"])
    told = {column: _word(value, look.values) for column, value in row.items()}
    said = {"title": look.title["fr"], "summary": from_row(french, told, names).summary}
    return replace(finding, details={**finding.details, "fr": said})


def _word(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [known.get(one, one) if isinstance(one, str) else one for one in value]
    return known.get(value, value) if isinstance(value, str) else value


def _outcome(look: Look, state: str, findings: Sequence[Finding]) -> dict[str, Any]:
    return {"hunt": look.hunt.id, "state": state, "notes": [], "findings": [finding.id for finding in findings]}


def _spread(workspace: Workspace, template: Template, step: Step, filled: Filled, case: Case, seen: _Seen) -> None:
    kept = [one.entry for one in case.each(Judged) if one.entry.judgement != Judgement.DISMISSED]
    known = [restored(one.finding) for one in kept]
    starts = [entity for name in step.radius for entity in filled.entities.get(name, ())]
    if not starts:
        seen.notes.append("no account or machine that was given is in what was loaded")
        return
    found: list[Spread] = []
    for start in starts:
        try:
            found.append(spread(workspace, template.id, step, start, known, filled.window, seen.findings))
        except GraphHuntError as error:
            seen.notes.append(f"{start.name}: {error}")
    seen.sighted = seen.sighted or bool(found)
    seen.findings += [one.finding for one in found if one.finding]
    seen.details = {"radius": [one.told for one in found]}


def _keep(state: State, id: int, step: Step, filled: Filled, seen: _Seen, who: str) -> Item[Answer]:
    hunts = {hunt.id: running.digest(hunt) for hunt in library.find(step.hunts)}
    hunts |= {look.hunt.id: running.digest(look.hunt) for look in step.looks}
    found = list({one.id: one for one in seen.findings}.values())
    with state.begin() as connection:
        book.hold(connection, id, who)
        hypothesis = _hypothesis(connection, id, step)
        run = None
        if hunts:
            entry = Run(
                hunts, {}, asdict(filled.window), filled.keys(step.scope), tuple(seen.outcomes), hypothesis, step.id
            )
            run = book.write(connection, id, entry, who, quiet=True).number
        new = running.keep(connection, id, found, who, hypothesis=hypothesis, run=run)
        came = state_of(found, sighted=seen.sighted)
        said = Answer(
            step=step.id,
            state=came.value,
            findings=tuple(one.id for one in found),
            missing=tuple(sorted(seen.missing)),
            notes=tuple(dict.fromkeys(seen.notes)),
            details=seen.details,
            run=run,
        )
        known = book.of_ref(connection, id, Answer, step.id)
        told = {"step": step.id, "state": came.value, "found": len(found), "new": len(new)}
        record(connection, who=who, action="case.answer", subject=f"case:{id}", after=told)
        if known is None:
            return book.write(connection, id, said, who, quiet=True)
        return book.rewrite(connection, id, known, said, who)


def _hypothesis(connection: Connection, id: int, step: Step) -> int | None:
    """The number that the template's hypothesis has in the case: it was written first, in order."""
    if step.hypothesis is None:
        return None
    found = book.of_number(connection, id, step.hypothesis)
    return step.hypothesis if found and isinstance(found.entry, Hypothesis) and not found.withdrawn else None
