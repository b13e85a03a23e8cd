"""A detection: a hunt or a rule with its parameters and scope, and when it runs by itself."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from graph_hunt.casework.sigma import rules
from graph_hunt.errors import InputError
from graph_hunt.hunting import library
from graph_hunt.hunting.parameter import parse_duration

_NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
SUPPRESS = 86_400_000
"""Milliseconds for which what repeats is counted into the alert that it repeats, where nothing else is said."""


class Kind(StrEnum):
    """What a detection runs."""

    HUNT = "hunt"
    SIGMA = "sigma"
    COUNTRIES = "countries"
    INDICATORS = "indicators"


@dataclass(frozen=True, slots=True)
class Detection:
    """What somebody asked to be watched for; times and spans in milliseconds.

    `subject` is a hunt's id, or a Sigma rule's text. Without `schedule` it runs after each load.
    """

    id: str
    kind: Kind
    subject: str
    title: str
    parameters: Mapping[str, Any]
    scope: tuple[str, ...] = ()
    since: str = ""
    """A span before the newest event; '' is the whole loaded span."""
    schedule: str = ""
    """Five fields of cron, in UTC."""
    suppress: int = SUPPRESS
    channels: tuple[str, ...] = ()
    enabled: bool = True
    version: int = 1

    def said(self) -> dict[str, Any]:
        """What the trail keeps."""
        return {
            "kind": self.kind.value,
            "subject": self.subject,
            "parameters": dict(self.parameters),
            "scope": list(self.scope),
            "since": self.since,
            "schedule": self.schedule,
            "suppress": self.suppress,
            "channels": list(self.channels),
            "enabled": self.enabled,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """How a detection stands: when it ran, what became of that, and when it is due; times in epoch ms."""

    detection: Detection
    ran: int | None
    outcome: str
    """done, cut, timed_out, cannot_see or failed; '' before the first run."""
    notes: tuple[str, ...]
    due: int | None
    """When its schedule has it run; without one it runs when `seen` is not what the graph holds."""
    seen: str
    alerts: int
    open: int


def check(one: Detection) -> Detection:
    """Refuse a detection that could not run; give it with its parameters read."""
    if not _NAME.fullmatch(one.id) or len(one.id) > 64:
        raise InputError(f"{one.id!r} is no name of a detection", expected="small letters, digits, hyphens; up to 64")
    if one.kind is Kind.HUNT:
        (hunt,) = library.find([one.subject])
        values = hunt.values(one.parameters)
        one = replace(one, parameters={name: values[name] for name in one.parameters})
    elif one.kind is Kind.SIGMA:
        rules.one(one.subject, one.id)
    if one.kind is not Kind.HUNT and (one.parameters or one.scope):
        raise InputError("only hunts take parameters and a scope", where=one.id)
    if one.since:
        try:
            parse_duration(one.since)
        except (ValueError, TypeError) as error:
            raise InputError(f"{one.since!r} is no span", where="since", expected="such as 24h or 7d") from error
    if one.schedule:
        cron(one.schedule)
    if one.suppress < 0:
        raise InputError("is negative", where="suppress", expected="a span such as 24h, or 0")
    return one


def next_time(schedule: str, after: int) -> int | None:
    """Say when a schedule fires next, after a moment (epoch ms).

    >>> next_time("30 6 * * 1-5", 1_700_000_000_000)
    1700029800000
    """
    moment = datetime.fromtimestamp(after // 1000 + 1, UTC)
    found = cron(schedule).get_next_fire_time(None, moment)
    return None if found is None else round(found.timestamp() * 1000)


def cron(schedule: str) -> CronTrigger:
    """Read a schedule in cron's five fields; 0 and 7 are Sunday."""
    fields = schedule.split()
    try:
        if len(fields) != 5:
            raise ValueError(f"{len(fields)} fields")
        minute, hour, day, month, weekday = fields
        week = ",".join(map(_weekdays, weekday.split(",")))
        return CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=week, timezone=UTC)
    except ValueError as error:
        raise InputError(
            f"{schedule!r} is no schedule ({error})", where="schedule", expected="cron's five fields, as 0 6 * * 1-5"
        ) from error


def _weekdays(text: str) -> str:
    """Name the days of a part: APScheduler counts them from Monday, cron from Sunday."""
    part, slash, step = text.partition("/")
    if part == "*" and not slash:
        return "*"
    first, dash, last = ("0", "-", "6") if part == "*" else part.partition("-")
    begin = _day(first)
    end = _day(last) if dash else (6 if slash else begin)
    if end < begin:
        end += 7
    return ",".join(_DAYS[day % 7] for day in range(begin, end + 1, int(step) if slash else 1))


def _day(text: str) -> int:
    if text.isdecimal() and int(text) <= 7:
        return int(text)
    if text.lower() in _DAYS:
        return _DAYS.index(text.lower())
    raise ValueError(f"{text!r} is no day of the week")


def now_ms(now: int | None = None) -> int:
    """The moment given, or the clock's, in epoch ms."""
    return time.time_ns() // 1_000_000 if now is None else now
