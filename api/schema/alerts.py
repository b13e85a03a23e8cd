"""Alerts: what detections raised, how it was told, and what people made of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.hunts import FindingType
from graph_hunt.api.schema.scalars import Connection, DateTime, page, refused, window_of
from graph_hunt.casework.detections import alerts as kept
from graph_hunt.casework.detections.alerts import Alert, AlertState, Verdict
from graph_hunt.casework.notifications.deliveries import Delivery

_LOOK = 2.0
"""Seconds between two looks for new alerts: another process may raise them."""
_AT_ONCE = 100

strawberry.enum(AlertState, name="AlertState", description="How far people are with an alert.")
strawberry.enum(Verdict, name="AlertVerdict", description="What a closed alert was.")
Version = Annotated[
    int | None, strawberry.argument(description="Its version as it was read; refused where it is another now.")
]


@strawberry.type(name="Delivery", description="An alert's way by one channel.")
class DeliveryType:
    """A delivery."""

    channel: str = strawberry.field(description="The channel's name.")
    state: str = strawberry.field(description="waiting, told or given_up.")
    attempts: int = strawberry.field(description="How often it was sent.")
    problem: str | None = strawberry.field(description="Why it was not taken the last time.")
    ended: DateTime | None = strawberry.field(description="When it was taken or given up.")

    @classmethod
    def of(cls, one: Delivery) -> "DeliveryType":
        """Show a delivery."""
        ended = None if one.ended is None else DateTime(one.ended)
        return cls(channel=one.channel, state=one.state, attempts=one.attempts, problem=one.problem, ended=ended)


@strawberry.type(name="DetectionAlert", description="A detection's new finding, and what people made of it.")
class AlertType:
    """An alert."""

    id: strawberry.ID = strawberry.field(description="Names it.")
    number: int = strawberry.field(description="Grows with each new one: `newAlerts` goes on after it.")
    detection: str = strawberry.field(description="The detection that raised it.")
    state: AlertState = strawberry.field(description="How far people are with it.")
    verdict: Verdict | None = strawberry.field(description="What it was, once it is closed.")
    note: str | None = strawberry.field(description="What was found out.")
    who: str | None = strawberry.field(description="Who changed it last.")
    created: DateTime = strawberry.field(description="When it was raised.")
    changed: DateTime = strawberry.field(description="When it was changed last.")
    last: DateTime = strawberry.field(description="The last event of what it stands for, repeats included.")
    repeats: int = strawberry.field(description="Later findings of the same subject that were counted into it.")
    version: int = strawberry.field(description="Grows with each change.")
    finding: FindingType = strawberry.field(description="What was found.")
    deliveries: list[DeliveryType] = strawberry.field(description="How it was told.")

    @classmethod
    def of(cls, one: Alert) -> "AlertType":
        """Show an alert."""
        return cls(
            id=strawberry.ID(one.id),
            number=one.number,
            detection=one.detection,
            state=one.state,
            verdict=one.verdict,
            note=one.note,
            who=one.who,
            created=DateTime(one.created),
            changed=DateTime(one.changed),
            last=DateTime(one.last),
            repeats=one.repeats,
            version=one.version,
            finding=FindingType.of(one.finding),
            deliveries=[DeliveryType.of(sent) for sent in one.deliveries],
        )


@strawberry.type
class AlertQuery:
    """Asking after alerts."""

    @strawberry.field(description="The alerts, the newest first; those of some states or of one detection.")
    async def alerts(
        self,
        info: Info,
        states: list[AlertState] | None = None,
        detection: str | None = None,
        first: int = 25,
        after: str | None = None,
    ) -> Connection[AlertType]:
        """List alerts."""
        offset, length = window_of(first, after)
        state = info.context.state
        found, total = await aside(
            lambda: kept.alerts(state, states=states or (), detection=detection, limit=length, skip=offset)
        )
        return page([AlertType.of(one) for one in found], offset, total)

    @strawberry.field(description="An alert by its id.")
    async def alert(self, info: Info, id: strawberry.ID) -> AlertType | None:
        """Find an alert."""
        return AlertType.of(await aside(lambda: kept.alert(info.context.state, id), "id"))


@strawberry.type
class AlertMutation:
    """Working on alerts."""

    @strawberry.mutation(description="Acknowledge, close (with a verdict) or reopen alerts.")
    async def settle_alerts(
        self,
        info: Info,
        ids: list[strawberry.ID],
        state: AlertState,
        verdict: Verdict | None = None,
        note: str | None = None,
        version: Version = None,
    ) -> list[AlertType]:
        """Settle alerts."""
        context = info.context
        if not 0 < len(ids) <= _AT_ONCE:
            raise refused(f"from 1 to {_AT_ONCE} alerts at once, not {len(ids)}", "ids")

        def work() -> list[Alert]:
            said = {"who": context.who, "verdict": verdict, "note": note, "version": version}
            return [kept.settle(context.state, id, state, **said) for id in ids]  # type: ignore[arg-type]  # mixed values

        return [AlertType.of(one) for one in await aside(work, "ids")]


@strawberry.type
class AlertSubscription:
    """Hearing of alerts."""

    @strawberry.subscription(description="Each new alert; those after a number first, where one is given.")
    async def new_alerts(self, info: Info, after: int | None = None) -> AsyncIterator[AlertType]:
        """Tell of alerts."""
        state = info.context.state
        number = await aside(lambda: kept.newest(state)) if after is None else after
        while True:
            found, _ = await aside(lambda: kept.alerts(state, after=number, limit=_AT_ONCE))  # noqa: B023 - run at once
            for one in found:
                number = one.number
                if one.verdict is not Verdict.KNOWN:
                    yield AlertType.of(one)
            if not found:
                await asyncio.sleep(_LOOK)
