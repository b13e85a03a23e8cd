"""A finding: a row that a hunt returned, with its entities named, its sentence, and an identity that lasts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from graph_hunt.hunting.argument import Pull, not_evaluable, pulls
from graph_hunt.hunting.hunt import RESERVED_COLUMNS, Hunt, Level
from graph_hunt.hunting.summary import iso, render
from graph_hunt.hunting.visibility import Codes, Telemetry

EVIDENCE = 20
"""Event ids that a finding keeps at most, the earliest first."""
_DAY = 86_400_000
_USUAL_SCORE = (10.0, 30.0, 50.0, 70.0, 90.0)

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Involved:
    """An entity in a finding."""

    label: str
    key: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a hunt found; `score` is 0 to 100 within its level, `id` the same in every run over the same events.

    It argues with itself: it could be harmless where one of `benign` holds, `rule_out` says how to tell, `pull` which
    events to look at; `not_evaluable` names telemetry that would say more and was never loaded.
    """

    id: str
    hunt: str
    title: str
    level: Level
    attack: tuple[str, ...]
    summary: str
    entities: tuple[Involved, ...]
    first_seen: int
    last_seen: int
    score: float
    evidence: tuple[str, ...]
    details: Mapping[str, Any]
    subject: str = ""
    """Names who is in it, whatever the day: what repeats has the same."""
    tactic: str = ""
    benign: tuple[str, ...] = ()
    rule_out: tuple[str, ...] = ()
    pull: tuple[Pull, ...] = ()
    not_evaluable: tuple[Telemetry, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The finding as the command line and the API show it."""
        return {
            "id": self.id,
            "hunt": self.hunt,
            "title": self.title,
            "level": self.level.value,
            "tactic": self.tactic,
            "attack": list(self.attack),
            "summary": self.summary,
            "entities": [
                {"label": one.label, "key": one.key, "name": one.name, "role": one.role} for one in self.entities
            ],
            "first_seen": iso(self.first_seen),
            "last_seen": iso(self.last_seen),
            "score": self.score,
            "evidence": list(self.evidence),
            "details": dict(self.details),
            "benign": list(self.benign),
            "rule_out": list(self.rule_out),
            "pull": [one.as_json() for one in self.pull],
            "not_evaluable": [kind.as_json() for kind in self.not_evaluable],
        }

    @property
    def order(self) -> tuple[Any, ...]:
        """Sorts findings: the gravest level, then the highest score, then the earliest."""
        return (-self.level.rank, -self.score, self.first_seen, self.hunt, self.id)


def from_row(hunt: Hunt, row: Mapping[str, Any], names: Names, *, damp: bool = False) -> Finding:
    """Make a finding of a row; `damp` where there is no history that the hunt could compare with."""
    entities = involved(hunt, row, names)
    level = Level(row.get("level") or hunt.level)
    score = row.get("score")
    score = _USUAL_SCORE[level.rank] if score is None else max(0.0, min(100.0, float(score)))
    first = int(row["first_seen"])
    return Finding(
        id=_identity(hunt, row, first),
        hunt=hunt.id,
        title=hunt.title,
        level=level.lowered() if damp else level,
        attack=hunt.attack,
        summary=render(hunt.summary, {**row, **_names_by_column(hunt, row, names)}),
        entities=entities,
        first_seen=first,
        last_seen=int(row["last_seen"]),
        score=round(score / 2 if damp else score, 1),
        evidence=_earliest(row.get("evidence") or ()),
        details=_details(hunt, row),
        subject=_identity(hunt, row),
        tactic=hunt.tactic,
        benign=hunt.benign,
        rule_out=hunt.rule_out,
    )


def argued(finding: Finding, hunt: Hunt, codes: Codes) -> Finding:
    """Say which events to pull about a finding, and what cannot be told without telemetry that was never loaded."""
    about = tuple(dict.fromkeys(one.name for one in finding.entities))
    pull = pulls(hunt, codes, about, finding.first_seen, finding.last_seen)
    return replace(finding, pull=pull, not_evaluable=not_evaluable(hunt, codes))


def restored(row: Mapping[str, Any]) -> Finding:
    """Give a finding back that was kept with `asdict` as JSON; one kept earlier may lack what was added since."""
    lists = {name: tuple(row.get(name, ())) for name in ("attack", "evidence", "benign", "rule_out")}
    parts: dict[str, Any] = {
        "entities": tuple(Involved(**one) for one in row["entities"]),
        "pull": tuple(
            Pull(**{**one, "codes": tuple(one["codes"]), "about": tuple(one["about"])}) for one in row.get("pull", ())
        ),
        "not_evaluable": tuple(
            Telemetry(**{**one, "codes": tuple(one["codes"])}) for one in row.get("not_evaluable", ())
        ),
    }
    return Finding(**{**row, **lists, **parts, "level": Level(row["level"])})


def merged(findings: Sequence[Finding]) -> list[Finding]:
    """Findings in order, those of one identity as one: the widest span, the highest score, all evidence."""
    found: dict[str, Finding] = {}
    for one in sorted(findings, key=lambda finding: finding.order):
        known = found.get(one.id)
        found[one.id] = one if known is None else _joined(known, one)
    return sorted(found.values(), key=lambda finding: finding.order)


def involved(hunt: Hunt, row: Mapping[str, Any], names: Names) -> tuple[Involved, ...]:
    """The entities that a row names, in the order the hunt declares them."""
    found: dict[tuple[str, str, str], Involved] = {}
    for entity in hunt.entities:
        for key in keys_in(row.get(entity.column)):
            label = next((one for one in entity.labels if (one, key) in names), entity.labels[0])
            found[label, key, entity.role] = Involved(label, key, names.get((label, key), key), entity.role)
    return tuple(found.values())


def keys_in(value: object) -> tuple[str, ...]:
    """The keys in a column's value: one, several or none."""
    if value is None or value == "":
        return ()
    if isinstance(value, list | tuple):
        return tuple(dict.fromkeys(str(item) for item in value if item not in (None, "")))
    return (str(value),)


def _names_by_column(hunt: Hunt, row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for entity in hunt.entities:
        named = [
            next((names[one, key] for one in entity.labels if (one, key) in names), key)
            for key in keys_in(row.get(entity.column))
        ]
        shown[entity.column] = named if isinstance(row.get(entity.column), list | tuple) else "".join(named)
    return shown


def _identity(hunt: Hunt, row: Mapping[str, Any], first: int | None = None) -> str:
    """The hunt, the day if there is one, and who is in it; not the members of lists, which grow as more is loaded."""
    single = ((one.role, row.get(one.column)) for one in hunt.entities)
    parts = [
        hunt.id,
        "" if first is None else str(first // _DAY),
        *(f"{role}\x1e{key}" for role, key in single if isinstance(key, str)),
    ]
    return named_by(*parts)


def named_by(*parts: str) -> str:
    """Name a finding, or what repeats in findings, by what tells it apart, for good."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _details(hunt: Hunt, row: Mapping[str, Any]) -> dict[str, Any]:
    apart = RESERVED_COLUMNS | {entity.column for entity in hunt.entities}
    return {column: value for column, value in row.items() if column not in apart}


def _earliest(ids: Sequence[Any]) -> tuple[str, ...]:
    return tuple(sorted(set(_flat(ids))))[:EVIDENCE]


def _flat(ids: Sequence[Any]) -> Iterator[str]:
    """The ids in lists of lists: a hunt may collect the evidence of what it collected."""
    for item in ids:
        if isinstance(item, list | tuple):
            yield from _flat(item)
        elif item:
            yield item


def _joined(one: Finding, other: Finding) -> Finding:
    return replace(
        one,
        first_seen=min(one.first_seen, other.first_seen),
        last_seen=max(one.last_seen, other.last_seen),
        score=max(one.score, other.score),
        evidence=_earliest((*one.evidence, *other.evidence)),
    )
