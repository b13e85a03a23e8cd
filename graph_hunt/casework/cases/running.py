"""Runs hunts in a case: what ran is kept so that it can run again, and each finding waits to be judged, once."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection

from graph_hunt.casework.cases import book
from graph_hunt.casework.cases.case import Case, Item, Scope
from graph_hunt.casework.cases.entries import Hypothesis, Judged, Judgement, Run
from graph_hunt.casework.state import State, record
from graph_hunt.errors import InputError, UnknownCase, UnknownEntity
from graph_hunt.hunting import library, runner
from graph_hunt.hunting.export import as_json
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import Window, resolve
from graph_hunt.workspace import Workspace

LIMIT = 200
"""Rows that one hunt may give a case."""
_APART = {"file", "line"}
_TAGGED = ("User", "Host", "IP")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to run in a case: hunts by id, with parameters; under a hypothesis, as a step, or again."""

    hunts: tuple[str, ...]
    parameters: Mapping[str, object]
    window: Window
    scope: tuple[str, ...] = ()
    hypothesis: int | None = None
    step: str = ""
    repeats: int | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A run as it was kept, what each hunt came to, and which findings the case did not have before."""

    item: Item[Run]
    runs: tuple[runner.Run, ...]
    new: tuple[str, ...]
    changed: tuple[str, ...] = ()
    """Hunts that are no longer what they were when the run that this one repeats was made."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found."""
        return tuple(finding for run in self.runs for finding in run.findings)


def digest(hunt: Hunt) -> str:
    """Name a hunt's version: it changes with whatever could change what the hunt gives."""
    told = {name: value for name, value in asdict(hunt).items() if name not in _APART}
    return blake2b(as_json(told, indent=False).encode(), digest_size=8).hexdigest()


def run(state: State, workspace: Workspace, id: int, asked: Asked, *, who: str) -> Ran:
    """Run hunts in a case; the run and its findings are kept together or not at all."""
    hunts = library.find(asked.hunts)
    if not hunts:
        raise InputError("names no hunt", where=f"case {id}", expected="ids of hunts")
    case = book.get(state, id)
    if asked.hypothesis is not None:
        hypothesis_of(case, asked.hypothesis)
    done = tuple(hunted(workspace, hunts, asked))
    was = case_run(case, asked.repeats).entry.hunts if asked.repeats is not None else {}
    entry = Run(
        hunts={hunt.id: digest(hunt) for hunt in hunts},
        parameters=dict(asked.parameters),
        window=asdict(asked.window),
        scope=asked.scope,
        outcomes=tuple(outcome(one) for one in done),
        hypothesis=asked.hypothesis,
        step=asked.step,
        repeats=asked.repeats,
    )
    with state.begin() as connection:
        item = book.write(connection, id, entry, who, quiet=True)
        found = [finding for one in done for finding in one.findings]
        new = keep(connection, id, found, who, hypothesis=asked.hypothesis, run=item.number)
        after = {"number": item.number, "hunts": entry.hunts, "step": asked.step, "found": len(found), "new": len(new)}
        record(connection, who=who, action="case.run", subject=f"case:{id}", after=after)
    changed = tuple(name for name, version in entry.hunts.items() if was.get(name, version) != version)
    return Ran(item, done, tuple(new), changed)


def again(state: State, workspace: Workspace, id: int, number: int, *, who: str) -> Ran:
    """Run again what ran before: the same hunts, parameters, window and scope."""
    kept = case_run(book.get(state, id), number).entry
    asked = Asked(
        tuple(kept.hunts), kept.parameters, Window(**kept.window), kept.scope, kept.hypothesis, kept.step, number
    )
    return run(state, workspace, id, asked, who=who)


def hunted(workspace: Workspace, hunts: Sequence[Hunt], asked: Asked) -> Iterable[runner.Run]:
    """Run hunts, each with those of the parameters that it has."""
    return runner.run_all(
        hunts,
        workspace.graph,
        workspace.events.codes(),
        window=asked.window,
        parameters=asked.parameters,
        scope=asked.scope,
        limit=LIMIT,
        surprise=surprise_of(workspace, hunts),
    )


def keep(
    connection: Connection, id: int, found: Iterable[Finding], who: str, *, hypothesis: int | None, run: int | None
) -> list[str]:
    """Have findings wait in a case to be judged; one that is there stays judged, its content becomes that of now."""
    new: list[Judged] = []
    for finding in {one.id: one for one in found}.values():
        told = asdict(finding)
        known = book.of_ref(connection, id, Judged, finding.id)
        if known is None:
            new.append(Judged(finding.id, told, hypothesis=hypothesis, run=run))
        elif as_json(known.entry.finding, indent=False) != as_json(told, indent=False):
            book.rewrite(connection, id, known, replace(known.entry, finding=told), who)
    for entry in new:
        book.write(connection, id, entry, who, quiet=True)
    return [entry.id for entry in new]


def judge(
    state: State, id: int, finding: str, judgement: Judgement, because: str, *, who: str, version: int | None = None
) -> Item[Judged]:
    """Keep a finding or dismiss it, with the reason."""
    with state.begin() as connection:
        known = book.of_ref(connection, id, Judged, finding)
    if known is None:
        raise UnknownCase(f"case {id} has no finding {finding}")
    entry = replace(known.entry, judgement=judgement.value, because=because)
    return book.alter(state, id, known.number, known.version if version is None else version, entry, who=who)


def window_of(workspace: Workspace, scope: Scope) -> Window:
    """The window of a scope over what is loaded."""
    if not workspace.events.batches():
        # Nothing is there to look at: every hunt says so.
        return Window(0, 1, 0)
    first, last = workspace.span()
    return resolve(first, last, bucket=workspace.preferences.bucket, since=scope.since, until=scope.until)


def keys_of(workspace: Workspace, scope: Scope) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys that a scope stands for, and the names among its own that nothing loaded goes by."""
    keys: dict[str, None] = {}
    unknown = []
    for name in scope.entities:
        try:
            keys.update(dict.fromkeys(one.key for one in workspace.entities([name])))
        except UnknownEntity:
            unknown.append(name)
            # As no key is called so, nothing is found for it; without it a scope that is empty would mean all.
            keys[name.casefold()] = None
    for tag in scope.tags:
        tagged = _tagged(workspace, tag)
        keys.update(dict.fromkeys(tagged or [f"tag:{tag}"]))
        unknown += [] if tagged else [tag]
    return tuple(keys), tuple(unknown)


def _tagged(workspace: Workspace, tag: str) -> list[str]:
    found: list[str] = []
    for label in _TAGGED:
        # A label cannot be a parameter; these are the schema's.
        text = f"MATCH (entity:{label}) WHERE entity.tags CONTAINS $tag RETURN entity.key AS key, entity.tags AS tags"
        rows = workspace.graph.query(text, {"tag": tag}, timeout=runner.TIMEOUT, limit=None)
        found += [row["key"] for row in rows if tag in row["tags"].split(",")]
    return sorted(found)


def case_run(case: Case, number: int) -> Item[Run]:
    """The run of a number."""
    for one in case.each(Run, withdrawn=True):
        if one.number == number:
            return one
    raise UnknownCase(f"case {case.head.id} has no run {number}")


def hypothesis_of(case: Case, number: int) -> Item[Hypothesis]:
    """The hypothesis of a number."""
    for one in case.each(Hypothesis):
        if one.number == number:
            return one
    raise UnknownCase(f"case {case.head.id} has no hypothesis {number}")


def outcome(run: runner.Run) -> dict[str, Any]:
    """What became of a hunt, as a run keeps it."""
    return {
        "hunt": run.hunt.id,
        "state": run.state,
        "cold_start": run.cold_start,
        "notes": list(run.notes),
        "cannot_see": [[kind.name for kind in group] for group in run.cannot_see],
        "findings": [finding.id for finding in run.findings],
        "seconds": round(run.seconds, 3),
        "at": time.time_ns() // 1_000_000,
    }
