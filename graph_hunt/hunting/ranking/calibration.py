"""Scores turned into p-values from the workspace's own past, and the false discovery rate they are cut at.

Scores grow with the history behind them, so an incident is measured against its own day: in units of the score that a
tenth of that day's incidents exceed. Its p-value is the share of the past's incidents that stand as high, itself
counted (conformal): it holds whatever the distribution, as far as the past is like the present and free of incidents.
Among the past's highest tenth, where counting would need years, an exponential tail fitted to them is read instead.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph_hunt.hunting.ranking.incident import Grouped
from graph_hunt.hunting.ranking.kernel import DAY

FEWEST = 20
"""Incidents that a past must hold for a p-value to mean anything."""

TAIL = 0.1
"""The share of a day's incidents that stands over the day's level, and of the past's that the tail is fitted to."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tested:
    """A calibration window tested on itself: of each day's incidents, held out in turn, how many would be reported."""

    fdr: float
    days: int
    incidents: int
    reported: int
    days_reported: int
    at_most: dict[float, int]
    """Incidents whose p-value is at most this; as many as the share says are expected."""


def standing(groups: Grouped) -> Floats:
    """Give each incident's score in units of its day's level; days of few incidents share one level."""
    found = np.empty(len(groups))
    few = np.zeros(len(groups), bool)
    for day in np.unique(groups.day):
        same = groups.day == day
        if np.count_nonzero(same) < FEWEST:
            few |= same
        else:
            found[same] = groups.score[same] / np.quantile(groups.score[same], 1 - TAIL)
    if few.any():
        found[few] = groups.score[few] / np.quantile(groups.score[few], 1 - TAIL)
    return found


def p_values(past: Floats, present: Floats) -> Floats:
    """Give for each the share of the past that stands at least as high."""
    ordered = np.sort(past)
    above = len(ordered) - np.searchsorted(ordered, present, side="left")
    p = np.asarray((above + 1) / (len(ordered) + 1), np.float64)
    begin = np.quantile(ordered, 1 - TAIL)
    beyond = ordered[ordered > begin] - begin
    if len(beyond):
        p = np.where(present > begin, TAIL * np.exp(-(present - begin) / beyond.mean()), p)
    return p


def q_values(p: Floats) -> Floats:
    """Give the lowest false discovery rate at which each would be reported (Benjamini and Hochberg)."""
    if not len(p):
        return p
    order = np.argsort(p, kind="stable")
    q = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.minimum.accumulate(q[::-1])[::-1]
    found = np.empty(len(p))
    found[order] = np.minimum(1.0, q)
    return found


def within(groups: Grouped, since: int, until: int) -> npt.NDArray[np.int64]:
    """Give the numbers of the incidents on days that begin in a window."""
    begin = groups.day * DAY
    return np.flatnonzero((begin > since - DAY) & (begin < until))


def tested(groups: Grouped, since: int, until: int, fdr: float) -> Tested:
    """Hold out each day of a window in turn and test its incidents against the others'."""
    chosen = within(groups, since, until)
    stands, day = standing(groups)[chosen], groups.day[chosen]
    days = np.unique(day)
    every = np.ones(len(chosen))
    reported = days_reported = 0
    for one in days:
        held = day == one
        if np.count_nonzero(~held) < FEWEST:
            continue
        every[held] = p_values(stands[~held], stands[held])
        found = int(np.count_nonzero(q_values(every[held]) <= fdr))
        reported += found
        days_reported += found > 0
    at_most = {share: int(np.count_nonzero(every <= share)) for share in (0.5, 0.1, 0.05, 0.01)}
    return Tested(fdr, len(days), len(chosen), reported, days_reported, at_most)
