"""Who may do what: roles, and bearer tokens of which the store keeps only the hash."""

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BigInteger, Column, Row, String, Table, insert, or_, select, update

from graph_hunt.casework.state import METADATA, Area, State, record, register
from graph_hunt.errors import InputError

TOKENS = Table(
    "api_token",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("revoked", BigInteger),
    Column("last_used", BigInteger),
)
register(Area("access", 1, (TOKENS,)))

PREFIX = "gh_"
"""How all tokens of ours begin."""
_FORM = re.compile(PREFIX + r"([0-9a-f]{16})_[A-Za-z0-9_-]{43}")
_NOBODY = "0" * 64
_USED_EVERY = 60_000
"""Milliseconds after which the last use is written anew: not each request shall be a write."""

_FARTHEST = 253_402_300_800_000
"""The end of the year 9999."""


class Role(StrEnum):
    """What a caller may do; each role may do all that those before it may."""

    READER = "reader"
    ANALYST = "analyst"
    RESPONDER = "responder"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        """This role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: `who` is what the trail says, `key` what a rate is counted by."""

    who: str
    role: Role
    key: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret; times in epoch milliseconds."""

    id: str
    name: str
    role: Role
    created: int
    expires: int | None
    revoked: int | None
    last_used: int | None

    def state(self, now: int | None = None) -> str:
        """Say whether it is live, revoked or expired."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= _now(now) else "live"


def create(
    state: State, *, role: Role, expires: int | None, who: str, name: str = "", now: int | None = None
) -> tuple[Token, str]:
    """Make a token; give it and the text that its holder sends, which is nowhere else."""
    if len(name) > 128 or not all(letter.isprintable() for letter in name):
        raise InputError("is no name", where="--name", expected="up to 128 printable characters")
    at = _now(now)
    if expires is not None and not at < expires < _FARTHEST:
        raise InputError("is over already, or too far", where="--expires", expected="a time to come before 10000")
    token = Token(secrets.token_hex(8), name, role, at, expires, None, None)
    text = f"{PREFIX}{token.id}_{secrets.token_urlsafe(32)}"
    with state.begin() as connection:
        connection.execute(
            insert(TOKENS).values(
                id=token.id, name=name, role=role.value, digest=_digest(text), created=at, expires=expires
            )
        )
        after = {"name": name, "role": role.value, "expires": expires}
        record(connection, who=who, action="create token", subject=f"token:{token.id}", after=after)
    return token, text


def revoke(state: State, id: str, *, who: str, now: int | None = None) -> None:
    """End a token at once."""
    with state.begin() as connection:
        found = connection.execute(select(TOKENS.c.revoked).where(TOKENS.c.id == id)).first()
        if found is None:
            raise InputError(f"no token has the id {id!r}", where="token", expected="an id that `token list` shows")
        if found.revoked is None:
            connection.execute(update(TOKENS).where(TOKENS.c.id == id).values(revoked=_now(now)))
            record(connection, who=who, action="revoke token", subject=f"token:{id}")


def tokens(state: State) -> list[Token]:
    """List the tokens, the oldest first."""
    with state.read() as connection:
        rows = connection.execute(select(TOKENS).order_by(TOKENS.c.created, TOKENS.c.id)).all()
    return [_token(row) for row in rows]


def any_live(state: State, now: int | None = None) -> bool:
    """Some token can be used."""
    wanted = select(TOKENS.c.id).where(
        TOKENS.c.revoked.is_(None), or_(TOKENS.c.expires.is_(None), TOKENS.c.expires > _now(now))
    )
    with state.read() as connection:
        return connection.execute(wanted.limit(1)).first() is not None


def verify(state: State, text: str, now: int | None = None) -> Caller | None:
    """Tell who sends a token, or nothing; the last use is kept to the minute."""
    formed = _FORM.fullmatch(text)
    if formed is None:
        return None
    at = _now(now)
    with state.read() as connection:
        row = connection.execute(select(TOKENS).where(TOKENS.c.id == formed[1])).first()
    # The id is public and finds the row; the secret is compared in constant time, whether or not there is a row.
    same = hmac.compare_digest(row.digest if row else _NOBODY, _digest(text))
    if row is None or not same or (token := _token(row)).state(at) != "live":
        return None
    if token.last_used is None or at - token.last_used >= _USED_EVERY:
        with state.begin() as connection:
            connection.execute(update(TOKENS).where(TOKENS.c.id == token.id).values(last_used=at))
    named = f" ({token.name})" if token.name else ""
    return Caller(f"token:{token.id}{named}", token.role, f"token:{token.id}")


def _token(row: "Row[tuple[object, ...]]") -> Token:
    return Token(row.id, row.name, Role(row.role), row.created, row.expires, row.revoked, row.last_used)


def _digest(text: str) -> str:
    # The secret is 256 random bits: there is nothing that a slow hash would protect from guessing.
    return hashlib.sha256(text.encode()).hexdigest()


def _now(now: int | None) -> int:
    return time.time_ns() // 1_000_000 if now is None else now
