"""A state store that is open: transactions, and tables that are there when one begins."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from graph_hunt.casework.state.area import METADATA, VERSIONS, Area, areas, settle
from graph_hunt.errors import InputError, StateUnavailable

_PATIENCE = 30
"""Seconds that a writer waits for another's transaction."""
_LOCK = 0x67726170
"""Names the lock that PostgreSQL holds while tables are made."""


class State:
    """The state store; threads may share it."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self.where = engine, where
        self._settled: dict[str, Area] = {}
        self._lock = threading.Lock()

    @classmethod
    def open(cls, target: str | Path) -> "State":
        """Open the store: a SQLite file, which is made, or PostgreSQL by URL; its tables are made or brought up."""
        engine = _server(target) if isinstance(target, str) and "://" in target else _file(Path(target))
        state = cls(engine, str(target) if isinstance(target, Path) else engine.url.render_as_string())
        try:
            state._settle()
        except OperationalError as error:
            engine.dispose()
            raise StateUnavailable(f"{state.where}: cannot be used as state store ({error.orig})") from error
        except BaseException:
            engine.dispose()
            raise
        return state

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed, durably, when the block ends; dropped when an error leaves it."""
        self._settle()
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: it waits for no writer, and no writer waits for it."""
        self._settle()
        with self._engine.execution_options(reading=True).begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _settle(self) -> None:
        """Make or bring up the tables of areas that became known since."""
        if all(self._settled.get(area.name) is area for area in areas()):
            return
        with self._lock, self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            METADATA.create_all(connection, tables=[VERSIONS], checkfirst=True)
            for area in areas():
                settle(connection, area, time.time_ns() // 1_000_000)
        # Only what was committed is settled: an error above leaves the next transaction to try again.
        self._settled.update({area.name: area for area in areas()})


def _server(target: str) -> Engine:
    try:
        url = make_url(target)
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() != "postgresql":
            raise InputError(f"{url.get_backend_name()} is not served", where="state store", expected="postgresql://…")
        return create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise InputError(str(error), where="state store", expected="a path or postgresql://…") from error
    except ModuleNotFoundError as error:
        raise InputError(
            f"the driver {error.name} is not installed", where="state store", expected="pip install 'psycopg[binary]'"
        ) from error


def _file(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateUnavailable(f"{path}: cannot be made ({error.strerror})") from error
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, entry: Any) -> None:
    # Python's own BEGIN comes late and is deferred: two writers that both read first would end in SQLITE_BUSY.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
