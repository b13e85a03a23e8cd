"""Turns the driver's errors into graph-hunt's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graph_hunt.errors import QueryError, QueryTimeout, StoreError, StoreUnavailable

if TYPE_CHECKING:
    from neo4j.exceptions import Neo4jError

_MEMORY = ("OutOfMemory", "MemoryPool", "TransactionMemory")
_TIMED_OUT = "TransactionTimedOut"
_VIOLATED = "Neo.ClientError.Schema.ConstraintValidationFailed"


class TooBig(Exception):
    """A transaction took more memory than the server gives it."""


def out_of_memory(error: Neo4jError) -> bool:
    """Tell whether the server ran out of memory for a transaction."""
    return any(part in (error.code or "") for part in _MEMORY)


def violates(error: Neo4jError) -> bool:
    """Tell whether a thing with that key is there already."""
    return error.code == _VIOLATED


@contextmanager
def translated(uri: str, timeout: float | None = None) -> Iterator[None]:
    """Raise graph-hunt's errors for the driver's."""
    from neo4j.exceptions import AuthError, DriverError, Forbidden, Neo4jError

    try:
        yield
    except (AuthError, Forbidden) as error:
        raise StoreUnavailable(f"{uri}: the server refuses the account: {_said(error)}") from error
    except Neo4jError as error:
        if _TIMED_OUT in (error.code or ""):
            raise QueryTimeout(f"the query took longer than {timeout:g} s" if timeout else _said(error)) from error
        if error.is_retryable():
            raise StoreUnavailable(f"{uri}: {_said(error)}") from error
        raise QueryError(_said(error)) from error
    except DriverError as error:
        raise StoreUnavailable(f"{uri}: {error}") from error
    except TooBig as error:
        raise StoreError(f"{uri}: the server has too little memory even for one row's transaction") from error
    except (TypeError, ValueError) as error:
        raise QueryError(str(error)) from error


def _said(error: Neo4jError) -> str:
    return error.message or error.code or str(error)
