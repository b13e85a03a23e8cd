"""Transactions that are done again where it is not known whether they were done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import neo4j

Result = TypeVar("Result")

_LOST = 9
"""How often in a row the answer to a commit may be lost."""


def surely(session: neo4j.Session, work: Callable[[neo4j.ManagedTransaction], Result]) -> Result:
    """Do what may be done twice, and do it again where the answer to its commit was lost."""
    from neo4j.exceptions import IncompleteCommit

    for _ in range(_LOST):
        try:
            return session.execute_write(work)
        except IncompleteCommit:
            continue
    return session.execute_write(work)
