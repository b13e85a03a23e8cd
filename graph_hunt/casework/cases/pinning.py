"""Pins evidence to a case: original records and edges, with the digest of what they were, and checks them again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from graph_hunt.casework.cases import book
from graph_hunt.casework.cases.case import Case, Item
from graph_hunt.casework.cases.entries import Evidence
from graph_hunt.casework.state import State
from graph_hunt.errors import InputError
from graph_hunt.events.event_id import time_of
from graph_hunt.graph.around import Around, Way, edges
from graph_hunt.hunting.export import as_json
from graph_hunt.workspace import Workspace

MOST = 100
"""Records that are pinned at once."""
_EDGES = 20
_OURS = {"batch", "raw_missing"}
"""What the store says of a row, which another load of the same record may say otherwise."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a pinned piece of evidence is now: the same, changed, or gone from the workspace."""

    item: Item[Evidence]
    state: str


def pin_events(
    state: State,
    workspace: Workspace,
    id: int,
    ids: Sequence[str],
    *,
    who: str,
    caption: str = "",
    hypothesis: int | None = None,
) -> list[Item[Evidence]]:
    """Pin events, all or none; what is pinned already stays as it is."""
    return _pin(state, id, [_of_row(row, caption, hypothesis) for row in _known(ids, workspace)], who)


def pin_edges(
    state: State,
    workspace: Workspace,
    id: int,
    source: str,
    kind: str,
    target: str,
    *,
    who: str,
    caption: str = "",
    hypothesis: int | None = None,
) -> list[Item[Evidence]]:
    """Pin the edges of a kind from one entity to another, the last twenty, with the events that they rest on."""
    one, other = workspace.entities([source, target])
    around = Around(kinds=(kind,), labels=(other.label,), way=Way.OUTGOING, other=other.key)
    found, _ = edges(workspace.graph, one, around, _EDGES)
    if not found:
        raise InputError(f"no edge {kind} leads from {source} to {target}", where=f"case {id}")
    ends = {"source": asdict(one), "target": asdict(other)}
    entries = []
    for edge in found:
        told = {name: value for name, value in asdict(edge).items() if name not in ("other", "outgoing")}
        content = {**told, **ends}
        basis = _digest(_canonical(content)), "edge", edge.first_seen, kind
        entries.append(Evidence(f"edge:{edge.key}", *basis, content, caption, hypothesis))
    shown = list(dict.fromkeys(event for edge in found for event in edge.evidence))[:MOST]
    rows = workspace.events.evidence(shown) if shown else []
    return _pin(state, id, [*entries, *(_of_row(row, caption, hypothesis) for row in rows)], who)


def check(case: Case, workspace: Workspace) -> list[Checked]:
    """Look whether the pinned records are what they were; an edge grows with what is loaded, and is not held to it."""
    pinned = [one for one in case.each(Evidence) if one.entry.basis != "edge"]
    ids = [one.entry.subject.removeprefix("event:") for one in pinned]
    rows = {row["event_id"]: row for row in (workspace.events.evidence(ids) if ids else [])}
    found = []
    for one, event in zip(pinned, ids, strict=True):
        row = rows.get(event)
        state = "gone" if row is None else "same" if _measured(row, one.entry.basis) == one.entry.sha256 else "changed"
        found.append(Checked(one, state))
    return found


def _known(ids: Sequence[str], workspace: Workspace) -> Sequence[Mapping[str, Any]]:
    if not 1 <= len(ids) <= MOST:
        raise InputError(f"are {len(ids)}", where="events", expected=f"1 to {MOST} event ids at once")
    rows = workspace.events.evidence(list(dict.fromkeys(ids)))
    missing = set(ids) - {row["event_id"] for row in rows}
    if missing:
        raise InputError(f"no event is called {', '.join(sorted(missing)[:5])}", where="events")
    return rows


def _of_row(row: Mapping[str, Any], caption: str, hypothesis: int | None) -> Evidence:
    basis = "raw" if row.get("raw") is not None else "row"
    content = {name: value for name, value in row.items() if name not in _OURS}
    event = row["event_id"]
    what = row.get("code") or row["table"]
    return Evidence(f"event:{event}", _measured(row, basis), basis, time_of(event), what, content, caption, hypothesis)


def _measured(row: Mapping[str, Any], basis: str) -> str:
    if basis == "raw":
        return _digest(str(row.get("raw") or ""))
    return _digest(_canonical({name: value for name, value in row.items() if name not in {*_OURS, "raw"}}))


def _canonical(content: Mapping[str, Any]) -> str:
    return as_json(dict(sorted(content.items())), indent=False)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _pin(state: State, id: int, entries: Sequence[Evidence], who: str) -> list[Item[Evidence]]:
    pinned = []
    with state.begin() as connection:
        book.hold(connection, id, who)
        for entry in entries:
            known = book.of_ref(connection, id, Evidence, entry.subject)
            pinned.append(known if known and not known.withdrawn else book.write(connection, id, entry, who))
    return pinned
