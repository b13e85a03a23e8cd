"""What resolvers get: the workspace, and a way to work off the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLError
from strawberry.fastapi import BaseContext

from graph_hunt.api.schema.batches import Batches
from graph_hunt.api.trail import Trail
from graph_hunt.casework.access import Caller
from graph_hunt.casework.runs import Runs
from graph_hunt.casework.state import State
from graph_hunt.casework.uploads import Uploads
from graph_hunt.errors import (
    Conflict,
    GraphHuntError,
    HuntError,
    InputError,
    Overloaded,
    ParameterError,
    QueryTimeout,
    StoreUnavailable,
    UnknownCase,
    UnknownDetection,
    UnknownEntity,
    UnknownRun,
)
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

T = TypeVar("T")
_ENGINE = ThreadPoolExecutor(16, "engine")
Info = strawberry.Info["Context", Any]

_CODES: tuple[tuple[type[GraphHuntError], str], ...] = (
    (UnknownEntity, "NOT_FOUND"),
    (UnknownRun, "NOT_FOUND"),
    (UnknownDetection, "NOT_FOUND"),
    (UnknownCase, "NOT_FOUND"),
    (Conflict, "CONFLICT"),
    (HuntError, "NOT_FOUND"),
    (Overloaded, "OVERLOADED"),
    (ParameterError, "BAD_USER_INPUT"),
    (InputError, "BAD_USER_INPUT"),
    (QueryTimeout, "TIMEOUT"),
    (StoreUnavailable, "UNAVAILABLE"),
)


class Context(BaseContext):
    """The context of one request."""

    def __init__(
        self,
        workspace: Workspace,
        caller: Caller | None = None,
        trail: Trail | None = None,
        runs: Runs | None = None,
        cypher: bool = False,
        state: State | None = None,
        settings: Settings | None = None,
        uploads: Uploads | None = None,
    ) -> None:
        super().__init__()
        self.workspace, self.caller, self.trail, self._runs = workspace, caller, trail, runs
        self._state, self._settings, self._uploads = state, settings, uploads
        self.cypher = cypher
        self.batches = Batches(workspace, aside)

    @property
    def who(self) -> str:
        """What the trail calls the caller."""
        return self.caller.who if self.caller else "local"

    @property
    def state(self) -> State:
        """The state store; only a server has one open."""
        if self._state is None:
            raise GraphQLError("the state store is a server's", extensions={"code": "UNAVAILABLE"})
        return self._state

    @property
    def settings(self) -> Settings:
        """What is served, so that it can be opened for writing."""
        if self._settings is None:
            raise GraphQLError("only a server writes", extensions={"code": "UNAVAILABLE"})
        return self._settings

    @property
    def uploads(self) -> Uploads:
        """The files that were sent to be loaded; only a server takes them."""
        if self._uploads is None:
            raise GraphQLError("uploads are a server's", extensions={"code": "UNAVAILABLE"})
        return self._uploads

    @property
    def runs(self) -> Runs:
        """The runs of hunts; only a server keeps them."""
        if self._runs is None:
            raise GraphQLError("runs are kept by a server", extensions={"code": "UNAVAILABLE"})
        return self._runs


async def aside(work: Callable[[], T], argument: str = "") -> T:
    """Do blocking work in a thread; an error of ours becomes one of GraphQL's, with its code and argument."""
    try:
        # As `asyncio.to_thread`, on threads of its own: who waits for an engine keeps no token from being checked.
        return await asyncio.get_running_loop().run_in_executor(_ENGINE, partial(copy_context().run, work))
    except GraphHuntError as error:
        code = next((code for kind, code in _CODES if isinstance(error, kind)), "FAILED")
        extensions = {"code": code, **({"argument": argument} if argument else {})}
        raise GraphQLError(str(error), extensions=extensions) from error
