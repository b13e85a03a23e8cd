"""The audit trail: who changed what, when, from what to what; written in the change's own transaction, never edited."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Connection, Integer, String, Table, insert, select, text

from graph_hunt.casework.state.area import METADATA, Area, register

AUDIT = Table(
    "audit",
    METADATA,
    # SQLite numbers rows by itself only where the key is its own INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("who", String(320), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(512), nullable=False, index=True),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the trail; `at` in epoch milliseconds."""

    id: int
    at: int
    who: str
    action: str
    subject: str
    before: Any
    after: Any


def record(
    connection: Connection, *, who: str, action: str, subject: str, before: Any = None, after: Any = None
) -> None:
    """Write a change to the trail, in the transaction that makes it."""
    at = time.time_ns() // 1_000_000
    values = {"at": at, "who": who, "action": action, "subject": subject, "before": before, "after": after}
    connection.execute(insert(AUDIT).values(values))


def history(connection: Connection, subject: str | None = None) -> Iterator[Change]:
    """Give the changes of a subject, or all, the earliest first."""
    wanted = select(AUDIT).order_by(AUDIT.c.id)
    if subject is not None:
        wanted = wanted.where(AUDIT.c.subject == subject)
    for row in connection.execute(wanted):
        yield Change(row.id, row.at, row.who, row.action, row.subject, row.before, row.after)


def _only_append(connection: Connection) -> None:
    """Have the database itself refuse to change or remove what was written."""
    if connection.dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER audit_no_{what.lower()} BEFORE {what} ON audit "
                    "BEGIN SELECT RAISE(ABORT, 'the audit trail is never edited'); END"
                )
            )
        return
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit trail is never edited'; END $$"
        )
    )
    connection.execute(
        text(
            "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()"
        )
    )


register(Area("audit", 1, (AUDIT,), after=_only_append))
