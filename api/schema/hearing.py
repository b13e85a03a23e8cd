"""Hearing of changes: at once where this process makes them, within seconds where another does."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator

from graphql import GraphQLError, OperationType, get_operation_ast
from starlette.requests import Request
from strawberry.extensions import SchemaExtension

LOOK = 2.0
"""Seconds after which one looks even if nothing was heard: another server may have made a change."""


async def changes(listen: Callable[[Callable[[], object]], Callable[[], None]]) -> AsyncGenerator[None, None]:
    """Say that there may be something new: at first, whenever it is heard, and every few seconds."""
    loop, heard = asyncio.get_running_loop(), asyncio.Event()

    def hear() -> None:
        # One who tells may outlive the loop that listened.
        if not loop.is_closed():
            loop.call_soon_threadsafe(heard.set)

    end = listen(hear)
    try:
        while True:
            heard.clear()
            yield
            try:
                await asyncio.wait_for(heard.wait(), LOOK)
            except TimeoutError:
                continue
    finally:
        end()


class BySocket(SchemaExtension):
    """Refuses a subscription that comes by POST: one answer would be all that it could give."""

    def on_validate(self) -> Iterator[None]:
        """Refuse it beside what else is wrong with the document."""
        asked = self.execution_context
        if asked.graphql_document is not None and isinstance(getattr(asked.context, "request", None), Request):
            chosen = get_operation_ast(asked.graphql_document, asked.operation_name)
            if chosen is not None and chosen.operation is OperationType.SUBSCRIPTION:
                words = "subscriptions go over a websocket (graphql-transport-ws)"
                asked.pre_execution_errors = [GraphQLError(words, extensions={"code": "BAD_REQUEST"})]
        yield
