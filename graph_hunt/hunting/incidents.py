"""Incidents: the findings of one story as one, in order of time, the most telling story first.

A low finding joins the story that it has most to do with, and never joins two of them. `docs/incidents.md` says when
findings belong together.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from graph_hunt.graph.store import Graph
from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.hunt import Level
from graph_hunt.hunting.linking import WITHIN, Owners, glues, links
from graph_hunt.hunting.summary import iso

RAISED = 3
"""Tactics of its grave findings that raise an incident's level by one."""
SHOWN = 6
"""Steps that a title names at most."""
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Incident:
    """Findings of one story, the earliest first; `telling` is the id of the one that says most, `summary` its sentence.

    `score` is 0 to 100 over all levels; `title` names the steps in their order; `entities` come the most named first.
    """

    id: str
    title: str
    level: Level
    score: float
    summary: str
    telling: str
    first_seen: int
    last_seen: int
    tactics: tuple[str, ...]
    attack: tuple[str, ...]
    entities: tuple[Involved, ...]
    findings: tuple[Finding, ...]

    @property
    def order(self) -> tuple[Any, ...]:
        """Sorts incidents: the gravest level, then the highest score, then the earliest."""
        return (-self.level.rank, -self.score, self.first_seen, self.id)

    def as_json(self) -> dict[str, Any]:
        """The incident as the command line and the API show it."""
        return {
            "id": self.id,
            "title": self.title,
            "level": self.level.value,
            "score": self.score,
            "summary": self.summary,
            "telling": self.telling,
            "first_seen": iso(self.first_seen),
            "last_seen": iso(self.last_seen),
            "tactics": list(self.tactics),
            "attack": list(self.attack),
            "entities": [
                {"label": one.label, "key": one.key, "name": one.name, "role": one.role} for one in self.entities
            ],
            "findings": [finding.as_json() for finding in self.findings],
        }


def incidents(
    findings: Iterable[Finding], *, owners: Owners | None = None, hubs: Collection[str] = (), within: int = WITHIN
) -> list[Incident]:
    """Group findings into incidents, the most telling first; the keys of `hubs` join nothing.

    What is information alone is no incident; as part of a story it is told.
    """
    unique = {one.id: one for one in findings}
    ordered = sorted(unique.values(), key=lambda one: (one.first_seen, one.order))
    groups = _groups(ordered, links(ordered, owners or {}, hubs, within))
    found = (_incident([ordered[place] for place in group]) for group in groups)
    return sorted((one for one in found if one.level is not Level.INFORMATIONAL), key=lambda one: one.order)


def incidents_of(graph: Graph, findings: Iterable[Finding], *, hubs: Collection[str] = ()) -> list[Incident]:
    """Group findings into incidents, mailboxes taken for the accounts that the graph says own them."""
    kept = list(findings)
    return incidents(kept, owners=_owners(graph, kept), hubs=hubs)


def _owners(graph: Graph, findings: Iterable[Finding]) -> Owners:
    boxes = sorted({one.key for finding in findings for one in finding.entities if one.label == "Mailbox"})
    if not boxes:
        return {}
    text = "MATCH (owner:User)-[:OWNS]->(box:Mailbox) WHERE box.key IN $keys RETURN box.key AS box, owner.key AS owner"
    owners: dict[str, set[str]] = defaultdict(set)
    for row in graph.query(text, {"keys": boxes}, timeout=_TIMEOUT, limit=None):
        owners[row["box"]].add(row["owner"])
    # One mailbox with several owners is shared: it stands for itself.
    return {box: min(keys) for box, keys in owners.items() if len(keys) == 1}


def _groups(findings: Sequence[Finding], pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Places of findings that belong together, each in order of time."""
    strong = [glues(one) for one in findings]
    root = list(range(len(findings)))
    beside: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        if strong[one] == strong[other]:
            root[_root(root, one)] = _root(root, other)
        else:
            low, grave = (other, one) if strong[one] else (one, other)
            beside[low].add(grave)
    # What low findings have made of themselves goes, all of it, to the gravest story that any of them touches.
    joined: dict[int, set[int]] = defaultdict(set)
    for low, graves in beside.items():
        joined[_root(root, low)] |= graves
    for place, graves in joined.items():
        root[place] = _root(root, min(graves, key=lambda one: findings[one].order))
    groups: dict[int, list[int]] = defaultdict(list)
    for place in range(len(findings)):
        groups[_root(root, place)].append(place)
    return list(groups.values())


def _root(root: list[int], place: int) -> int:
    while root[place] != place:
        root[place] = root[root[place]]
        place = root[place]
    return place


def _incident(findings: Sequence[Finding]) -> Incident:
    telling = min(findings, key=lambda one: one.order)
    grave = [one for one in findings if glues(one)]
    return Incident(
        id=blake2b((grave or findings)[0].id.encode(), digest_size=8, person=b"incident").hexdigest(),
        title=_title(findings),
        level=_level(telling.level, grave),
        score=_score(findings),
        summary=telling.summary,
        telling=telling.id,
        first_seen=findings[0].first_seen,
        last_seen=max(one.last_seen for one in findings),
        tactics=tuple(dict.fromkeys(one.tactic for one in findings if one.tactic)),
        attack=tuple(sorted({technique for one in findings for technique in one.attack})),
        entities=_entities(findings),
        findings=tuple(findings),
    )


def _title(findings: Sequence[Finding]) -> str:
    """The steps in their order, each once; the gravest where they are many."""
    steps: dict[str, Finding] = {}
    for one in findings:
        known = steps.get(one.title)
        steps[one.title] = one if known is None or one.order < known.order else known
    kept = set(sorted(steps, key=lambda title: steps[title].order)[:SHOWN])
    more = f" and {len(steps) - len(kept)} more" if len(steps) > len(kept) else ""
    return " -> ".join(title for title in steps if title in kept) + more


def _level(gravest: Level, grave: Sequence[Finding]) -> Level:
    if len({one.tactic for one in grave}) < RAISED:
        return gravest
    return list(Level)[min(gravest.rank + 1, len(Level) - 1)]


def _score(findings: Sequence[Finding]) -> float:
    """The best finding's weight, and of what it leaves half the next hunt's best, a quarter of the one after …"""
    best: dict[str, float] = {}
    for one in findings:
        best[one.hunt] = max(best.get(one.hunt, 0.0), (one.level.rank + one.score / 100) / len(Level))
    left = 1.0
    for place, weight in enumerate(sorted(best.values(), reverse=True)):
        left *= 1 - weight / 2**place
    return round(100 * (1 - left), 1)


def _entities(findings: Sequence[Finding]) -> tuple[Involved, ...]:
    """Everybody named, by how many findings name them; the part is that of the first."""
    known: dict[tuple[str, str], Involved] = {}
    named: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        for one in finding.entities:
            known.setdefault((one.label, one.key), one)
        named.update({(one.label, one.key) for one in finding.entities})
    order: Mapping[tuple[str, str], int] = {key: place for place, key in enumerate(known)}
    return tuple(known[key] for key in sorted(known, key=lambda key: (-named[key], order[key])))
