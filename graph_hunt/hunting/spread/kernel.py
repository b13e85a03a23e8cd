"""One pass over the acts in order of time that keeps, for each entity, the most likely way it was reached so far.

Likelihoods along a path multiply and none is over 1, so the best path to an act's one end by the time of the act,
continued over the act, is the best of the paths to its other end that end in this act: one pass is exact. Acts of one
instant may follow one another in any order: they are gone over until nothing changes. What an act leaves for a span
(credentials on a host) is followed when the span opens and whenever its start is reached while it is open. Backwards
is the same pass over reversed time with the ends of every act exchanged.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

NOBODY = 0
"""The entity that stands for none; it is never reached."""


class Rows(NamedTuple):
    """The acts in order of time: when, the entities by role, and the act's number."""

    time: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int32]
    act: npt.NDArray[np.int8]


class Spans(NamedTuple):
    """What acts left for a span, sorted by `out` and opening; times are multiplied by the direction."""

    opens: npt.NDArray[np.int64]
    closes: npt.NDArray[np.int64]
    out: npt.NDArray[np.int32]
    into: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    rule: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float64]
    first: npt.NDArray[np.int32]
    """By entity: where its spans begin."""
    order: npt.NDArray[np.int32]
    """All spans by opening."""


class Steps(NamedTuple):
    """The rules' application to acts, sorted by act."""

    first: npt.NDArray[np.int32]
    """By act: where its steps begin."""
    start: npt.NDArray[np.int8]
    end: npt.NDArray[np.int8]
    fixed: npt.NDArray[np.float64]
    """The likelihood, 0 where it falls with familiarity."""
    scaled: npt.NDArray[np.float64]
    """The likelihood that is multiplied by the row's rarity, 0 where it does not fall."""
    rule: npt.NDArray[np.int32]


class Question(NamedTuple):
    """Where and when to begin, until when, in which direction (1 or -1), and what is too unlikely to follow."""

    start: int
    at: int
    until: int
    direction: int
    floor: float
    pace: float


class Damping(NamedTuple):
    """What weakens a step: the entity that it leads into, and for rare acts' rules how familiar its row is."""

    entity: npt.NDArray[np.float64]
    rare: npt.NDArray[np.float32]


class _Labels(NamedTuple):
    """Each entity's state, and the labels given so far: (entity, parent label, rule, row), likelihood and time."""

    best: npt.NDArray[np.float64]
    current: npt.NDArray[np.int32]
    names: npt.NDArray[np.int32]
    likelihood: npt.NDArray[np.float64]
    time: npt.NDArray[np.int64]
    blocked: npt.NDArray[np.bool_]
    stack: npt.NDArray[np.int32]
    stacked: npt.NDArray[np.bool_]
    size: npt.NDArray[np.int64]
    """How many labels there are, and how many entities wait on the stack."""


# numba counts references of every array that it takes out of a tuple, which costs more than a row does: what runs once
# a row or a label takes its arrays one by one.


# fmt: off
@njit(cache=True)
def _give(  # type: ignore[no-untyped-def]
    best, current, names, likelihood, times, stack, stacked, size, out, into, likely, rule, row, now
):
# fmt: on
    """Give `into` a label that continues that of `out`."""
    count = size[0]
    size[0] = count + 1
    if count < len(times):
        names[count, 0] = into
        names[count, 1] = current[out]
        names[count, 2] = rule
        names[count, 3] = row
        likelihood[count] = likely
        times[count] = now
    best[into] = likely
    current[into] = count
    _wake(stack, stacked, size, into)


@njit(cache=True)
def _wake(stack, stacked, size, entity):  # type: ignore[no-untyped-def]
    """Let the spans of an entity be followed."""
    if not stacked[entity]:
        stacked[entity] = True
        stack[size[1]] = entity
        size[1] += 1


@njit(cache=True)
def _least(question, now):  # type: ignore[no-untyped-def]
    """How likely a path must be that ends now, so as not to be under the floor when time is counted."""
    return question.floor * (1.0 + abs(now - question.at) / question.pace)


# fmt: off
@njit(cache=True)
def _settle(  # type: ignore[no-untyped-def]
    best, current, names, likelihood, times, blocked, stack, stacked, size, time, ids, act, rare, entity, first,
    start, end, fixed, scaled, rule, opens, closes, span_into, span_row, span_rule, left, span_first, near, now,
    direction, least
):
# fmt: on
    """Follow all that happens at one instant until nothing changes; its rows are around `near`."""
    low = high = near
    while low > 0 and time[low - 1] >= now:
        low -= 1
    while high < len(time) and time[high] <= now:
        high += 1
    changed = True
    while changed:
        changed = False
        while size[1]:
            size[1] -= 1
            out = stack[size[1]]
            stacked[out] = False
            begin = span_first[out]
            beyond = begin + np.searchsorted(opens[begin : span_first[out + 1]], direction * now, "right")
            for span in range(beyond - 1, begin - 1, -1):
                into = span_into[span]
                likely = best[out] * left[span] * entity[into if direction > 0 else out]
                if likely > best[into] and closes[span] >= direction * now and likely >= least and not blocked[into]:
                    _give(
                        best, current, names, likelihood, times, stack, stacked, size, out, into, likely,
                        span_rule[span], span_row[span], now,
                    )  # fmt: skip
                    changed = True
        for row in range(low, high):
            for step in range(first[act[row]], first[act[row] + 1]):
                out, into = ids[row, start[step]], ids[row, end[step]]
                damp = entity[into]
                if direction < 0:
                    out, into = into, out
                likely = best[out] * (fixed[step] + scaled[step] * rare[row]) * damp
                if likely > best[into] and likely >= least and not blocked[into]:
                    _give(
                        best, current, names, likelihood, times, stack, stacked, size, out, into, likely,
                        rule[step], row, now,
                    )  # fmt: skip
                    changed = True


# fmt: off
@njit(cache=True)
def _seek(  # type: ignore[no-untyped-def]
    best, blocked, place, opening, question, time, ids, act, rare, entity, first, start, end, fixed, scaled, opens,
    order, out_of, into_of, left
):
# fmt: on
    """Go on to where a row or an opening span makes something likelier; give both places reached."""
    sign = question.direction
    last = len(time) if sign > 0 else -1
    until = sign * question.until
    while place != last and sign * time[place] <= until:
        now = sign * time[place]
        while opening < len(order) and opens[order[opening]] <= now:
            if _opening_tells(best, blocked, entity, question, order[opening], opens, out_of, into_of, left):
                return place, opening
            opening += 1
        if best[ids[place, 0]] > 0.0 or best[ids[place, 1]] > 0.0 or best[ids[place, 2]] > 0.0:
            for step in range(first[act[place]], first[act[place] + 1]):
                out, into = ids[place, start[step]], ids[place, end[step]]
                damped = into
                if sign < 0:
                    out, into = into, out
                likely = best[out] * (fixed[step] + scaled[step] * rare[place])
                if likely > best[into]:
                    likely *= entity[damped]
                    if likely > best[into] and likely >= _least(question, time[place]) and not blocked[into]:
                        return place, opening
        place += sign
    while opening < len(order) and opens[order[opening]] <= until:
        if _opening_tells(best, blocked, entity, question, order[opening], opens, out_of, into_of, left):
            break
        opening += 1
    return place, opening


@njit(cache=True)
def _opening_tells(best, blocked, entity, question, span, opens, out_of, into_of, left):  # type: ignore[no-untyped-def]
    """Tell whether a span that opens makes something likelier."""
    out, into, sign = out_of[span], into_of[span], question.direction
    likely = best[out] * left[span] * entity[into if sign > 0 else out]
    return likely > best[into] and likely >= _least(question, sign * opens[span]) and not blocked[into]


@njit(cache=True)
def _begin(labels, question):  # type: ignore[no-untyped-def]
    """Give the start its label."""
    labels.best[question.start] = 1.0
    labels.current[question.start] = 0
    labels.names[0, 0] = question.start
    labels.names[0, 1:] = -1
    labels.likelihood[0], labels.time[0] = 1.0, question.at
    labels.size[0] = 1
    _wake(labels.stack, labels.stacked, labels.size, question.start)


@njit(cache=True, nogil=True)
def _pass(labels, rows, spans, steps, damping, question):  # type: ignore[no-untyped-def]
    """Go through time from `at` to `until`, from one instant that changes something to the next."""
    best, current, names, likelihood, times, blocked, stack, stacked, size = labels
    time, ids, act = rows
    opens, closes, span_out, span_into, span_row, span_rule, left, span_first, order = spans
    first, start, end, fixed, scaled, rule = steps
    entity, rare = damping
    sign = question.direction
    _begin(labels, question)
    place, now = np.searchsorted(time, question.at, "left"), question.at
    opening = 0
    while sign * now <= sign * question.until:
        while opening < len(order) and opens[order[opening]] <= sign * now:
            if opens[order[opening]] == sign * now and best[span_out[order[opening]]] > 0.0:
                _wake(stack, stacked, size, span_out[order[opening]])
            opening += 1
        _settle(
            best, current, names, likelihood, times, blocked, stack, stacked, size, time, ids, act, rare, entity,
            first, start, end, fixed, scaled, rule, opens, closes, span_into, span_row, span_rule, left, span_first,
            place, now, sign, _least(question, now),
        )  # fmt: skip
        place = _beyond(time, place, now, sign)
        place, opening = _seek(
            best, blocked, place, opening, question, time, ids, act, rare, entity, first, start, end, fixed, scaled,
            opens, order, span_out, span_into, left,
        )  # fmt: skip
        now = question.until + sign
        if 0 <= place < len(time) and sign * time[place] <= sign * question.until:
            now = time[place]
        if opening < len(order) and opens[order[opening]] <= sign * now:
            now = sign * opens[order[opening]]
        if sign < 0:
            place += 1


@njit(cache=True)
def _beyond(time, place, now, sign):  # type: ignore[no-untyped-def]
    """Give the place of the next row after the instant `now`, near which `place` is."""
    if sign > 0:
        while place < len(time) and time[place] <= now:
            place += 1
        return place
    while place > 0 and time[place - 1] >= now:
        place -= 1
    return place - 1


class Reach(NamedTuple):
    """The labels that a pass gave, in the order they were given; each entity's are ever likelier along its path."""

    entity: npt.NDArray[np.int32]
    parent: npt.NDArray[np.int32]
    """The label that this one continues; -1 at the start."""
    rule: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    likelihood: npt.NDArray[np.float64]
    """Along the path, without the fading with time."""
    time: npt.NDArray[np.int64]


def spread(
    rows: Rows,
    spans: Spans,
    steps: Steps,
    damping: Damping,
    question: Question,
    blocked: npt.NDArray[np.bool_],
) -> Reach:
    """Find everything that can be reached, entity NOBODY and those blocked left out."""
    entities = len(damping.entity)
    # Memory that is not used is not taken; where the labels do not fit, the pass is run again with room for them.
    room = max(4096, 16 * entities)
    while True:
        labels = _Labels(
            names=np.empty((room, 4), np.int32),
            likelihood=np.empty(room, np.float64),
            time=np.empty(room, np.int64),
            best=np.zeros(entities),
            current=np.full(entities, -1, np.int32),
            blocked=blocked,
            stack=np.empty(entities, np.int32),
            stacked=np.zeros(entities, np.bool_),
            size=np.zeros(2, np.int64),
        )
        _pass(labels, rows, spans, steps, damping, question)
        given = int(labels.size[0])
        if given <= room:
            break
        room = given
    entity, parent, rule, row = labels.names[:given].T
    return Reach(entity, parent, rule, row, labels.likelihood[:given], labels.time[:given])
