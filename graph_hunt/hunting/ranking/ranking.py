"""The ranking: the incidents of a window that are worth a budget of an analyst's time, the most surprising first."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_hunt.hunting.ranking.calibration import FEWEST, Tested, p_values, q_values, standing, tested, within
from graph_hunt.hunting.ranking.incident import Grouped, Incident, grouped, told
from graph_hunt.hunting.ranking.kernel import DAY, Columns, Scored, score
from graph_hunt.hunting.ranking.logons import Logons

BUDGET = 9.0
"""Incidents a day that are shown where nothing else is said."""
HUB_SHARE, HUB_ACCOUNTS = 0.2, 20
"""A machine that this share of all accounts, and at least so many, came from or went to is a hub or a sink."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A machine that so many accounts use that a path through it says little."""

    key: str
    role: str
    """hub (accounts come from it) or sink (they go to it)"""
    accounts: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was ranked: the incidents within the budget, of how many, and what to bear in mind."""

    incidents: tuple[Incident, ...]
    total: int
    logons: int
    days: int
    cold_start: bool
    hubs: tuple[Hub, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The ranking as the command line and the API show it."""
        return {
            "incidents": [one.as_json() for one in self.incidents],
            "total": self.total,
            "logons": self.logons,
            "days": self.days,
            "cold_start": self.cold_start,
            "hubs": [{"key": one.key, "role": one.role, "accounts": one.accounts} for one in self.hubs],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Question:
    """A window, a budget a day, a false discovery rate and keys to keep to, a past without incidents; epoch ms."""

    since: int
    until: int
    budget: float = BUDGET
    fdr: float | None = None
    scope: tuple[str, ...] = ()
    clean: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Index:
    """The notable logons in order of time, and entities' numbers by key."""

    columns: Columns
    rows: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    accounts: dict[str, int]
    machines: dict[str, int]


def _index(logons: Logons, groups: Grouped) -> _Index:
    columns, rows = logons.columns, np.sort(groups.rows)
    accounts, machines = (
        {key: number for number, key in enumerate(table["key"].to_pylist())}
        for table in (logons.accounts, logons.machines)
    )
    return _Index(columns, rows, columns.time[rows], accounts, machines)


class Ranked:
    """Logons that the pass has gone over; any number of questions are asked of them."""

    def __init__(self, logons: Logons) -> None:
        self.logons = logons
        self.scored: Scored = score(logons.columns, len(logons.accounts), len(logons.machines))
        self.groups: Grouped = grouped(logons, self.scored)
        self._index: _Index | None = None

    def answer(self, question: Question) -> Ranking:
        """Give the incidents of a window that fit the budget."""
        chosen = within(self.groups, question.since, question.until)
        p = self._p(question, chosen)
        q = None if p is None else q_values(p)
        keep = self._in_scope(chosen, question.scope)
        days = max(1, math.ceil((question.until - question.since) / DAY))
        order = np.argsort(-self.groups.score[chosen], kind="stable")
        order = order[keep[order]]
        total = len(order)
        if question.fdr is not None and q is not None:
            order = order[q[order] <= question.fdr]
        order = order[: max(1, math.floor(question.budget * days))]
        incidents = tuple(
            told(
                self.logons,
                self.scored,
                self.groups,
                int(chosen[at]),
                None if p is None else float(f"{p[at]:.3g}"),
                None if q is None else float(f"{q[at]:.3g}"),
            )
            for at in order
        )
        cold = len(self.logons) > 0 and question.since < self._begin + DAY
        notes = tuple(self._notes(question, cold, p is not None))
        return Ranking(incidents, total, len(self.logons), days, cold, self.hubs(), notes)

    def calibration(self, since: int, until: int, fdr: float) -> Tested:
        """Test the p-values on a window without incidents."""
        return tested(self.groups, max(since, self._begin + DAY), until, fdr)

    def surprise(self, keys: Collection[str], since: int, until: int) -> float:
        """Give the highest bits of a logon in a span that names one of these accounts and one of these machines."""
        index = self._index = self._index or _index(self.logons, self.groups)
        accounts = [index.accounts[key] for key in keys if key in index.accounts]
        machines = [index.machines[key] for key in keys if key in index.machines]
        rows = index.rows[slice(*np.searchsorted(index.time, [since, until + 1]))]
        if not (accounts or machines):
            return 0.0
        fits = np.isin(index.columns.account[rows], accounts) if accounts else np.ones(len(rows), bool)
        if machines:
            fits &= np.isin(index.columns.source[rows], machines) | np.isin(index.columns.target[rows], machines)
        return float(self.scored.score[rows[fits]].max()) if fits.any() else 0.0

    def hubs(self) -> tuple[Hub, ...]:
        """List the machines that many accounts came from or went to."""
        found = []
        account = self.logons.column("account").astype(np.int64)
        least = max(HUB_ACCOUNTS, HUB_SHARE * len(self.logons.accounts))
        for role, end in (("hub", "source"), ("sink", "target")):
            pairs = np.unique(self.logons.column(end).astype(np.int64) << 32 | account)
            counts = np.bincount(pairs >> 32, minlength=len(self.logons.machines))
            found += [
                Hub(self.logons.machines["key"][int(machine)].as_py(), role, int(counts[machine]))
                for machine in np.flatnonzero(counts >= least)
            ]
        return tuple(sorted(found, key=lambda hub: (-hub.accounts, hub.key, hub.role)))

    @property
    def _begin(self) -> int:
        return int(self.logons.rows["time"][0].as_py()) if len(self.logons) else 0

    def _p(self, question: Question, chosen: npt.NDArray[np.int64]) -> npt.NDArray[np.float64] | None:
        """Compare with the past: a window that is said to be without incidents, else all before the window.

        The first day is no past, for all of it is new.
        """
        since, until = question.clean or (0, question.since)
        past = within(self.groups, max(since, (self._begin // DAY + 1) * DAY + DAY - 1), until)
        past = np.setdiff1d(past, chosen)
        if len(past) < FEWEST:
            return None
        stands = standing(self.groups)
        return p_values(stands[past], stands[chosen])

    def _in_scope(self, chosen: npt.NDArray[np.int64], scope: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Tell which incidents have a logon that names a key of the scope."""
        if not scope:
            return np.ones(len(chosen), bool)
        accounts = self._numbers(self.logons.accounts["key"], set(scope))
        machines = self._numbers(self.logons.machines["key"], set(scope))
        touches = np.isin(self.logons.column("account"), accounts)
        for end in ("source", "target"):
            touches |= np.isin(self.logons.column(end), machines)
        roots = np.isin(self.groups.root, machines)
        return np.array([roots[one] or touches[self.groups.members(one)].any() for one in chosen], bool)

    @staticmethod
    def _numbers(keys: Any, wanted: set[str]) -> npt.NDArray[np.int64]:
        found = pc.is_in(keys, value_set=pa.array(sorted(wanted), pa.string()))
        return np.flatnonzero(np.asarray(found.to_numpy(zero_copy_only=False), bool))

    def _notes(self, question: Question, cold: bool, calibrated: bool) -> list[str]:
        notes = []
        if not len(self.logons):
            notes.append("cannot see: no logons of people's accounts from one machine to another were loaded")
        elif cold:
            notes.append(
                "cold start: the window includes the first day of telemetry, when everything is new; "
                "new things weigh less until it is known how rare they are"
            )
        if question.fdr is not None and not calibrated:
            notes.append(
                f"no false discovery rate: fewer than {FEWEST} incidents lie before the window to compare with; "
                "narrow it with --since, or name a window without incidents with --clean"
            )
        return notes
