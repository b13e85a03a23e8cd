"""Runs hunts on a graph: what was found, what cannot be seen, and where an answer was cut short."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph_hunt.errors import QueryTimeout
from graph_hunt.graph.store import Graph, purpose
from graph_hunt.hunting import visibility
from graph_hunt.hunting.finding import Finding, Names, argued, from_row, keys_in, merged
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.hunting.visibility import Codes, Telemetry
from graph_hunt.hunting.window import Window

TIMEOUT = 60.0
"""Seconds that one hunt may take."""
LIMIT = 1_000
"""Rows that one hunt may return."""
_NAMED_AT_ONCE = 5_000
Surprise = Callable[[Finding], float]
"""Gives the bits of the most surprising logon that a finding is about; docs/ranking.md."""
SURPRISING = "lateral_movement"
"""The tactic whose findings are ordered by surprise too."""
_SURPRISE_MOST = 30.0
"""The most that surprise adds to a score, half a point for a bit."""


@dataclass(frozen=True, slots=True)
class Run:
    """What became of one hunt. `cannot_see` is not empty where the telemetry it needs was never loaded."""

    hunt: Hunt
    window: Window
    parameters: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()
    cannot_see: tuple[tuple[Telemetry, ...], ...] = ()
    unaided: tuple[Telemetry, ...] = ()
    cold_start: bool = False
    cut: bool = False
    timed_out: bool = False
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def state(self) -> str:
        """In one word: done, cut, timed_out or cannot_see."""
        if self.cannot_see:
            return "cannot_see"
        return "timed_out" if self.timed_out else "cut" if self.cut else "done"

    def as_json(self) -> dict[str, Any]:
        """The run as the command line and the API show it."""
        return {
            "hunt": self.hunt.id,
            "title": self.hunt.title,
            "state": self.state,
            "window": self.window.as_json(),
            "cold_start": self.cold_start,
            "parameters": dict(self.parameters),
            "cannot_see": [[kind.as_json() for kind in group] for group in self.cannot_see],
            "unaided": [kind.as_json() for kind in self.unaided],
            "notes": list(self.notes),
            "findings": [finding.as_json() for finding in self.findings],
        }


def run(
    hunt: Hunt,
    graph: Graph,
    codes: Codes,
    *,
    window: Window,
    parameters: Mapping[str, object] | None = None,
    scope: Sequence[str] = (),
    timeout: float = TIMEOUT,
    limit: int = LIMIT,
    surprise: Surprise | None = None,
) -> Run:
    """Run one hunt; `scope` narrows it to rows that touch one of these entities' keys."""
    values = hunt.values(parameters or {})
    cold = hunt.baseline and window.cold_start
    unseen, unaided = visibility.missing(hunt, codes), visibility.unaided(hunt, codes)
    if unseen:
        note = f"cannot see: needs {visibility.in_words(unseen)}"
        return Run(hunt, window, values, cannot_see=unseen, unaided=unaided, notes=(note,))
    begun = time.monotonic()
    try:
        with purpose(f"hunt {hunt.id}"):
            rows = graph.query(hunt.cypher, {**values, **_common(window, scope)}, timeout=timeout, limit=limit + 1)
    except QueryTimeout:
        note = f"stopped after {timeout:g} s; narrow the window or the scope, or allow more time"
        return Run(hunt, window, values, unaided=unaided, timed_out=True, notes=(note,), seconds=timeout)
    cut = len(rows) > limit
    names = names_of(graph, hunt, rows[:limit])
    found = merged([from_row(hunt, row, names, damp=cold) for row in rows[:limit]])
    findings = tuple(argued(finding, hunt, codes) for finding in found)
    if surprise and hunt.tactic == SURPRISING:
        findings = _by_surprise(findings, surprise)
    notes, seconds = tuple(_notes(cold, cut, limit)), time.monotonic() - begun
    return Run(hunt, window, values, findings, (), unaided, cold, cut, False, notes, seconds)


def _common(window: Window, scope: Sequence[str]) -> dict[str, Any]:
    """The parameters that every hunt is given; `COMMON_PARAMETERS` names them."""
    return {
        "since": window.since,
        "until": window.until,
        "baseline_since": window.baseline_since,
        "scope": list(scope),
        "cold_start": window.cold_start,
    }


def run_all(
    hunts: Iterable[Hunt],
    graph: Graph,
    codes: Codes,
    *,
    window: Window,
    parameters: Mapping[str, object] | None = None,
    scope: Sequence[str] = (),
    timeout: float = TIMEOUT,
    limit: int = LIMIT,
    surprise: Surprise | None = None,
) -> Iterator[Run]:
    """Run hunts one after the other; each takes of `parameters` those that it has."""
    for hunt in hunts:
        own = {parameter.name for parameter in hunt.parameters}
        given = {name: value for name, value in (parameters or {}).items() if name in own}
        yield run(
            hunt,
            graph,
            codes,
            window=window,
            parameters=given,
            scope=scope,
            timeout=timeout,
            limit=limit,
            surprise=surprise,
        )


def _by_surprise(findings: Sequence[Finding], surprise: Surprise) -> tuple[Finding, ...]:
    """Add to each finding's score what its logons' surprise is worth, say it in the details, and order anew."""
    weighed = []
    for finding in findings:
        bits = round(surprise(finding), 1)
        score = round(min(100.0, finding.score + min(_SURPRISE_MOST, bits / 2)), 1)
        weighed.append(replace(finding, score=score, details={**finding.details, "surprise": bits}))
    return tuple(sorted(weighed, key=lambda finding: finding.order))


def names_of(graph: Graph, hunt: Hunt, rows: Sequence[Mapping[str, Any]]) -> Names:
    """The names of the entities in rows, by (label, key); a key that no node of the label has is left out."""
    wanted: dict[str, set[str]] = {}
    for entity in hunt.entities:
        keys = {key for row in rows for key in keys_in(row.get(entity.column))}
        for label in entity.labels:
            wanted.setdefault(label, set()).update(keys)
    names: dict[tuple[str, str], str] = {}
    for label, keys in wanted.items():
        ordered = sorted(keys)
        for begin in range(0, len(ordered), _NAMED_AT_ONCE):
            # A label cannot be a parameter; this one comes from schema.NODES, never from telemetry.
            text = f"MATCH (entity:{label}) WHERE entity.key IN $keys RETURN entity.key AS key, entity.name AS name"
            found = graph.query(text, {"keys": ordered[begin : begin + _NAMED_AT_ONCE]}, timeout=TIMEOUT, limit=None)
            names.update({(label, row["key"]): row["name"] or row["key"] for row in found})
    return names


def _notes(cold: bool, cut: bool, limit: int) -> Iterator[str]:
    if cold:
        yield "cold start: less than a day of telemetry, so nothing to compare with; levels and scores are lowered"
    if cut:
        yield f"cut at {limit} rows; narrow the window or the scope, or raise the limit"
