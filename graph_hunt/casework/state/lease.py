"""Leases: of several processes one does a job, until it is done or its time is over."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from sqlalchemy import BigInteger, Column, String, Table, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from graph_hunt.casework.state.area import METADATA, Area, register
from graph_hunt.casework.state.state import State

LEASES = Table(
    "lease",
    METADATA,
    Column("name", String(128), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", BigInteger, nullable=False),
)
register(Area("lease", 1, (LEASES,)))


@contextmanager
def leased(state: State, name: str, seconds: float, *, now: int | None = None) -> Iterator[bool]:
    """Hold a lease within the block, and say whether it was got; one whose time is over is anyone's.

    `now` (epoch ms) stands for the clock.
    """
    holder = token_hex(16)
    got = take(state, name, holder, seconds, now=now)
    try:
        yield got
    finally:
        if got:
            give_back(state, name, holder)


def take(state: State, name: str, holder: str, seconds: float, *, now: int | None = None) -> bool:
    """Take a lease, or hold one's own longer; false where another has it."""
    at = time.time_ns() // 1_000_000 if now is None else now
    until = at + int(seconds * 1000)
    free = and_(LEASES.c.name == name, or_(LEASES.c.holder == holder, LEASES.c.until <= at))
    try:
        with state.begin() as connection:
            # One statement decides, so that two servers that ask at once cannot both get it.
            if connection.execute(update(LEASES).where(free).values(holder=holder, until=until)).rowcount:
                return True
            if connection.execute(select(LEASES.c.name).where(LEASES.c.name == name)).first():
                return False
            connection.execute(insert(LEASES).values(name=name, holder=holder, until=until))
    except IntegrityError:
        return False
    return True


def give_back(state: State, name: str, holder: str) -> None:
    """Let go of a lease, if it is still one's own."""
    with state.begin() as connection:
        connection.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.holder == holder))
