"""What waits to be told: written in the transaction that makes an alert, sent until it is taken or given up.

A kill between sending and noting it sends once more, under the same id: receivers tell it by that.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, and_, func, insert, select, update

from graph_hunt.casework.notifications.channel import Channel, channels
from graph_hunt.casework.notifications.message import Told
from graph_hunt.casework.notifications.sending import send
from graph_hunt.casework.state import METADATA, Area, State, register
from graph_hunt.errors import GraphHuntError, InputError

DELIVERIES = Table(
    "delivery",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("alert", String(32), nullable=False, index=True),
    Column("channel", String(128), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("next", BigInteger, nullable=False),
    Column("problem", String(1024)),
    Column("ended", BigInteger),
)
register(Area("deliveries", 1, (DELIVERIES,)))

ATTEMPTS = 10
"""Times that an alert is sent by a channel before it is given up: over some eight hours."""
_FIRST = 60_000
"""Milliseconds to the second attempt; each later one waits twice as long."""
Tell = Callable[[str, str], Told | None]
"""Gives what is told of a delivery's alert; nothing where it is gone."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far an alert's way by one channel has come: waiting, told or given_up."""

    channel: str
    state: str
    attempts: int
    problem: str | None
    ended: int | None


def post(connection: Connection, alert: str, names: Iterable[str], now: int) -> None:
    """Have an alert told by channels, in the transaction that makes it."""
    rows = [
        {"id": _id(alert, name), "alert": alert, "channel": name, "state": "waiting", "attempts": 0, "next": now}
        for name in dict.fromkeys(names)
    ]
    if rows:
        connection.execute(insert(DELIVERIES), rows)


def _id(alert: str, channel: str) -> str:
    return blake2b(f"{alert}\x1f{channel}".encode(), digest_size=16).hexdigest()


def deliveries(connection: Connection, alerts: Sequence[str]) -> Mapping[str, list[Delivery]]:
    """Give the deliveries of alerts."""
    found: dict[str, list[Delivery]] = {alert: [] for alert in alerts}
    wanted = select(DELIVERIES).where(DELIVERIES.c.alert.in_(alerts)).order_by(DELIVERIES.c.channel)
    for row in connection.execute(wanted):
        found[row.alert].append(Delivery(row.channel, row.state, row.attempts, row.problem, row.ended))
    return found


def deliver(state: State, root: Path, told: Tell, *, now: int | None = None) -> int:
    """Send all that is due; give how many were taken."""
    at = time.time_ns() // 1_000_000 if now is None else now
    with state.read() as connection:
        due = and_(DELIVERIES.c.state == "waiting", DELIVERIES.c.next <= at)
        rows = connection.execute(select(DELIVERIES).where(due).order_by(DELIVERIES.c.next)).all()
    if not rows:
        return 0
    try:
        known: Mapping[str, Channel] = channels(root)
    except InputError as error:
        _LOG.error("%s", error)
        return 0
    taken = 0
    for row in rows:
        later = at + _FIRST * 2**row.attempts
        mine = and_(DELIVERIES.c.id == row.id, DELIVERIES.c.state == "waiting", DELIVERIES.c.attempts == row.attempts)
        with state.begin() as connection:
            claim = update(DELIVERIES).where(mine).values(attempts=row.attempts + 1, next=later)
            # Of two processes that look at once, one gets it; if it is killed now, the next attempt is due later.
            if not connection.execute(claim).rowcount:
                continue
        problem = _sent(known.get(row.channel), row.channel, told(row.id, row.alert))
        taken += problem is None
        _note(state, row.id, row.attempts + 1, problem, at)
    return taken


def _sent(channel: Channel | None, name: str, told: Told | None) -> str | None:
    """Send, and say why it could not be; nothing where it could, or need not."""
    if channel is None:
        return f"there is no channel {name}"
    if told is None or told.finding.level.rank < channel.level.rank:
        return None
    try:
        send(channel, told)
    except GraphHuntError as error:
        return str(error)
    return None


def _note(state: State, id: str, attempts: int, problem: str | None, now: int) -> None:
    ended = problem is None or attempts >= ATTEMPTS
    word = "told" if problem is None else "given_up" if ended else "waiting"
    values = {"state": word, "problem": problem[:1024] if problem else None, "ended": now if ended else None}
    with state.begin() as connection:
        connection.execute(update(DELIVERIES).where(DELIVERIES.c.id == id).values(**values))


def waiting(state: State) -> int:
    """Count what is still to be told."""
    with state.read() as connection:
        return connection.execute(select(func.count()).where(DELIVERIES.c.state == "waiting")).scalar_one()
