"""What acts leave for a span: the credentials that lie on a machine from a logon to its end."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph_hunt.hunting.spread.acts import CODES
from graph_hunt.hunting.spread.kernel import Rows, Spans
from graph_hunt.hunting.spread.rules import RULES, Role

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Logoffs:
    """Sessions' ends: the machine and the account, the logon's identifier (0 where not said), act number and time."""

    host: npt.NDArray[np.int32]
    account: npt.NDArray[np.int32]
    session: npt.NDArray[np.uint64]
    act: npt.NDArray[np.int8]
    time: Ints


@dataclass(frozen=True, slots=True)
class Left:
    """What rows left: the row, the rule by which it is followed, how likely, and until when."""

    row: npt.NDArray[np.int64]
    rule: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float64]
    until: Ints


_MIX = np.uint64(0x9E3779B97F4A7C15)


def _session(host: npt.NDArray[np.int32], rest: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Digest what a session is known by, on its machine."""
    mixed = (host.astype(np.uint64) * _MIX) ^ rest
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _MIX
    return mixed ^ (mixed >> np.uint64(29))


def _named(
    host: npt.NDArray[np.int32],
    account: npt.NDArray[np.int32],
    session: npt.NDArray[np.uint64],
    act: npt.NDArray[np.int8],
) -> npt.NDArray[np.uint64]:
    """Know a session by its identifier where there is one, else by its account and kind of logon."""
    unnamed = (account.astype(np.uint64) << np.uint64(8)) | act.astype(np.uint64)
    return _session(host, np.where(session != 0, session, ~unnamed))


def ends(time: Ints, sessions: npt.NDArray[np.uint64], off: npt.NDArray[np.uint64], off_time: Ints) -> Ints:
    """Find for each session begun at `time` its first logoff from then on; the largest integer where there is none."""
    order = np.lexsort((off_time, off))
    off, off_time = off[order], off_time[order]
    never = np.iinfo(np.int64).max
    found = np.full(len(time), never)
    low, high = np.searchsorted(off, sessions, "left"), np.searchsorted(off, sessions, "right")
    for place in np.flatnonzero(low < high):
        first = low[place] + np.searchsorted(off_time[low[place] : high[place]], time[place])
        if first < high[place]:
            found[place] = off_time[first]
    return found


def left(rows: Rows, session: npt.NDArray[np.uint64], logoffs: Logoffs) -> Left:
    """Work out what the rows left and until when; `session` is each row's logon identifier, 0 where not said."""
    off = _named(logoffs.host, logoffs.account, logoffs.session, logoffs.act)
    parts = []
    for number, rule in enumerate(RULES):
        for act, hold in rule.holds.items():
            row = np.flatnonzero(rows.act == CODES[act])
            start, end = rows.ids[row, rule.start], rows.ids[row, rule.end]
            row = row[(start != 0) & (end != 0)]
            time, until = rows.time[row], rows.time[row] + hold.span
            if hold.until_logoff:
                ids = rows.ids[row]
                named = _named(ids[:, Role.TARGET], ids[:, Role.ACCOUNT], session[row], rows.act[row])
                found = ends(time, named, off, logoffs.time)
                until = np.where(found != np.iinfo(np.int64).max, found, until)
            parts.append((row, np.full(len(row), number), np.full(len(row), rule.likelihood[act]), until))
    rows_left, rules, weights, untils = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Left(rows_left, rules.astype(np.int32), weights, untils)


def spans(rows: Rows, held: Left, entities: int, direction: int) -> Spans:
    """Lay out what rows left for a pass in a direction."""
    starts = np.array([rule.start for rule in RULES])[held.rule]
    finishes = np.array([rule.end for rule in RULES])[held.rule]
    out, into = rows.ids[held.row, starts], rows.ids[held.row, finishes]
    opens, closes = rows.time[held.row], held.until
    if direction < 0:
        out, into, opens, closes = into, out, -closes, -opens
    order = np.lexsort((held.row, opens, out))
    first = np.zeros(entities + 1, np.int32)
    np.cumsum(np.bincount(out, minlength=entities), out=first[1:])
    return Spans(
        opens[order],
        closes[order],
        out[order],
        into[order],
        held.row[order].astype(np.int32),
        held.rule[order],
        held.weight[order],
        first,
        np.argsort(opens[order], kind="stable").astype(np.int32),
    )
