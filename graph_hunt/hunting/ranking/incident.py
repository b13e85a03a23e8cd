"""Incidents: logons that go back to one machine on one day, with the path to the most surprising of them, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from graph_hunt.hunting.ranking.kernel import DAY, TERMS, Scored
from graph_hunt.hunting.ranking.logons import Logons
from graph_hunt.hunting.summary import duration, iso

LEAST = 8.0
"""Bits below which a logon makes no incident."""
FURTHER = 2
FURTHER_SHARE = 0.5
"""How many of an incident's further logons count, and by how much: more than that lifts what is merely busy."""
_EVIDENCE = 20
_STEPS = 12


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a score, in bits and in words."""

    name: str
    bits: float
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """A logon on the path."""

    at: int
    account: str
    source: str
    target: str
    failed: bool
    bits: float
    event: str

    def as_json(self) -> dict[str, Any]:
        """The step as the command line and the API show it."""
        return {
            "at": iso(self.at),
            "account": self.account,
            "source": self.source,
            "target": self.target,
            "failed": self.failed,
            "bits": self.bits,
            "event": self.event,
        }


@dataclass(frozen=True, slots=True)
class Incident:
    """What one machine is at the root of on one day. `score` is in bits; `p` and `q` only where there is a past."""

    root: str
    root_label: str
    day: int
    score: float
    p: float | None
    q: float | None
    terms: tuple[Term, ...]
    path: tuple[Step, ...]
    accounts: tuple[str, ...]
    targets: tuple[str, ...]
    logons: int
    first_seen: int
    last_seen: int
    evidence: tuple[str, ...]

    @property
    def top(self) -> Step:
        """The most surprising logon: the path's last."""
        return self.path[-1]

    def as_json(self) -> dict[str, Any]:
        """The incident as the command line and the API show it."""
        return {
            "root": {"label": self.root_label, "key": self.root},
            "day": iso(self.day * DAY)[:10],
            "score": self.score,
            "p": self.p,
            "q": self.q,
            "terms": [{"name": term.name, "bits": term.bits, "words": term.words} for term in self.terms],
            "path": [step.as_json() for step in self.path],
            "accounts": list(self.accounts),
            "targets": list(self.targets),
            "logons": self.logons,
            "first_seen": iso(self.first_seen),
            "last_seen": iso(self.last_seen),
            "evidence": list(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Grouped:
    """All incidents by number: each one's root, day, score, top logon, and its logons (`rows` from `first`)."""

    root: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    top: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.root)

    def members(self, incident: int) -> npt.NDArray[np.int64]:
        """Give the rows of an incident, the highest score first."""
        return self.rows[self.first[incident] : self.first[incident + 1]]


def grouped(logons: Logons, scored: Scored) -> Grouped:
    """Group the logons of at least `LEAST` bits by root and day."""
    rows = np.flatnonzero(scored.score > LEAST)
    day = logons.column("time")[rows].astype(np.int64) // DAY
    root = scored.root[rows].astype(np.int64)
    order = np.lexsort((rows, -scored.score[rows], day, root))
    rows, day, root = rows[order], day[order], root[order]
    begins = np.flatnonzero(np.r_[True, (root[1:] != root[:-1]) | (day[1:] != day[:-1])]) if len(rows) else rows
    first = np.append(begins, len(rows)).astype(np.int64)
    top = rows[begins]
    score = scored.score[top].astype(np.float64)
    account, target = logons.column("account"), logons.column("target")
    for incident in np.flatnonzero(np.diff(first) > 1):
        members = rows[first[incident] : first[incident + 1]]
        score[incident] += FURTHER_SHARE * _further(members, account, target, scored.own)
    return Grouped(root[begins], day[begins], score, top, first, rows)


def _further(
    members: npt.NDArray[np.int64],
    account: npt.NDArray[Any],
    target: npt.NDArray[Any],
    own: npt.NDArray[np.float32],
) -> float:
    """Add up the bits of the next most surprising pairs of account and target after the first."""
    best: list[float] = []
    seen = set()
    for row in members[np.argsort(-own[members], kind="stable")]:
        pair = (account[row], target[row])
        if pair not in seen:
            seen.add(pair)
            best.append(float(own[row]))
            if len(best) > FURTHER:
                break
    return sum(best[1:])


def told(
    logons: Logons, scored: Scored, groups: Grouped, incident: int, p: float | None = None, q: float | None = None
) -> Incident:
    """Make an incident of its number, with its path and its terms in words."""
    members = groups.members(incident)
    time = logons.column("time")
    path = _path(scored, int(groups.top[incident]))
    steps = tuple(_step(logons, scored, row) for row in path)
    root = logons.machines.slice(int(groups.root[incident]), 1).to_pylist()[0]
    accounts = [logons.accounts["key"][int(n)].as_py() for n in _ordered(logons.column("account")[members])]
    targets = [logons.machines["key"][int(n)].as_py() for n in _ordered(logons.column("target")[members])]
    shown = list(dict.fromkeys([*path, *(int(row) for row in members)]))[:_EVIDENCE]
    further = float(groups.score[incident]) - float(scored.score[groups.top[incident]])
    return Incident(
        root=root["key"],
        root_label=root["label"],
        day=int(groups.day[incident]),
        score=round(float(groups.score[incident]), 1),
        p=p,
        q=q,
        terms=tuple(_terms(logons, scored, path, further)),
        path=steps,
        accounts=tuple(accounts),
        targets=tuple(targets),
        logons=len(members),
        first_seen=min(int(time[members].min()), steps[0].at),
        last_seen=int(time[members].max()),
        evidence=tuple(logons.evidence(row) for row in shown),
    )


def _ordered(numbers: npt.NDArray[Any]) -> list[Any]:
    return list(dict.fromkeys(numbers.tolist()))


def _path(scored: Scored, row: int) -> list[int]:
    """Follow a logon back to the root; of a long path its end, and where it began."""
    path = [row]
    while scored.follows[path[-1]] >= 0:
        path.append(int(scored.follows[path[-1]]))
    path.reverse()
    return path if len(path) <= _STEPS else [path[0], *path[-_STEPS + 1 :]]


def _step(logons: Logons, scored: Scored, row: int) -> Step:
    one = logons.rows.slice(row, 1).to_pylist()[0]
    return Step(
        at=one["time"],
        account=logons.accounts["name"][one["account"]].as_py(),
        source=logons.machines["name"][one["source"]].as_py(),
        target=logons.machines["name"][one["target"]].as_py(),
        failed=one["failed"],
        bits=round(float(scored.own[row]), 1),
        event=logons.evidence(row),
    )


def _terms(logons: Logons, scored: Scored, path: Sequence[int], further: float) -> list[Term]:
    """Say each term of the path's last logon that has bits, the largest first."""
    step = _step(logons, scored, path[-1])
    words = {
        "target": f"{step.account} never logged on to {step.target} before, nor do accounts of its kind usually",
        "source": f"{step.account} was never used from {step.source} before",
        "edge": f"{step.source} never logged on to {step.target} before",
        "chain": _chain_words(logons, scored, path),
        "burst": f"{step.account} and {step.source} do many new things within hours, more than they ever did",
        "accounts": f"several accounts that were never used from {step.source} are used there within hours",
    }
    bits = {name: float(scored.terms[path[-1], number]) for number, name in enumerate(TERMS)}
    told_ones = [Term(name, round(bits[name], 1), words[name]) for name in TERMS if bits[name] >= 0.05]
    if further >= 0.05:
        told_ones.append(Term("further", round(further, 1), "other new logons go back to the same root on that day"))
    return sorted(told_ones, key=lambda term: -term.bits)


def _chain_words(logons: Logons, scored: Scored, path: Sequence[int]) -> str:
    if len(path) < 2:
        return "something unusual reached the source within two days before"
    before, step = _step(logons, scored, path[-2]), _step(logons, scored, path[-1])
    gap = duration(step.at - before.at)
    return f"{before.account} had reached {before.target} from {before.source} {gap} before, which was unusual itself"
