"""Runs one detection over a workspace as it is now, whatever its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from graph_hunt.casework.countries import watching as countries
from graph_hunt.casework.detections.detection import Detection, Kind
from graph_hunt.casework.indicators import alerting
from graph_hunt.casework.indicators.repository import count
from graph_hunt.casework.sigma import running as sigma
from graph_hunt.casework.sigma.rules import one
from graph_hunt.casework.state import State
from graph_hunt.errors import GraphHuntError
from graph_hunt.events.countries import FILE, read_countries
from graph_hunt.graph.store import marks
from graph_hunt.hunting import library, runner
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.tracing import surprise_of
from graph_hunt.hunting.window import Window, resolve
from graph_hunt.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Done:
    """What a run gave: done, cut, timed_out, cannot_see or failed."""

    state: str
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


Way = Callable[[Workspace, State, Detection], Done]


def run(workspace: Workspace, state: State, detection: Detection) -> Done:
    """Run a detection; what goes wrong is its outcome."""
    try:
        return _WAYS[detection.kind](workspace, state, detection)
    except GraphHuntError as error:
        return Done("failed", (str(error),))


def holds(workspace: Workspace, state: State, kind: Kind) -> str:
    """Name what a detection of a kind would look at: it changes when there is more, or less, to be seen."""
    if kind is Kind.HUNT:
        parts = sorted(f"{mark.load} {batch}" for mark in marks(workspace.graph) for batch in mark.batches)
    else:
        # An entry keeps its name when days are pruned from it.
        parts = sorted(f"{one.batch} {sum(part.rows for part in one.parts)}" for one in workspace.events.entries())
        if kind is Kind.INDICATORS:
            parts += [str(count(state))]
        if kind is Kind.COUNTRIES:
            parts += [read_countries(workspace.root).digest, workspace.edits.digest]
            parts += [f"{path.name} {path.stat().st_mtime_ns}" for path in workspace.geo]
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def window_of(workspace: Workspace, detection: Detection) -> Window:
    """The window that a detection looks at now."""
    first, last = workspace.span()
    return resolve(first, last, bucket=workspace.preferences.bucket, since=detection.since or None)


def _hunt(workspace: Workspace, state: State, detection: Detection) -> Done:
    (hunt,) = library.find([detection.subject])
    done = runner.run(
        hunt,
        workspace.graph,
        workspace.events.codes(),
        window=window_of(workspace, detection),
        parameters=detection.parameters,
        scope=detection.scope,
        surprise=surprise_of(workspace, [hunt]),
    )
    return Done(done.state, done.notes, done.findings)


def _sigma(workspace: Workspace, state: State, detection: Detection) -> Done:
    since = window_of(workspace, detection).since if detection.since else 0
    [ran] = sigma.run(workspace, [one(detection.subject, detection.id)], since=since)
    return Done(ran.state, (ran.problem,) if ran.problem else (), ran.findings)


def _countries(workspace: Workspace, state: State, detection: Detection) -> Done:
    if not read_countries(workspace.root).said:
        return Done("done", (f"{FILE} names no countries to watch for",))
    since = window_of(workspace, detection).since if detection.since else None
    return Done("done", (), tuple(countries.findings(workspace, since)))


def _indicators(workspace: Workspace, state: State, detection: Detection) -> Done:
    since = window_of(workspace, detection).since if detection.since else None
    found, more = alerting.findings(workspace, state, since)
    notes = (f"only the latest {alerting.MOST} days of indicators; narrow it with a span",) if more else ()
    return Done("cut" if more else "done", notes, tuple(found))


_WAYS: Mapping[Kind, Way] = {
    Kind.HUNT: _hunt,
    Kind.SIGMA: _sigma,
    Kind.COUNTRIES: _countries,
    Kind.INDICATORS: _indicators,
}
