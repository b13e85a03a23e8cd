"""The audit trail of the API: who ran, exported and delivered what, written before it is done."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode
from graphql.language import DocumentNode, FragmentDefinitionNode
from graphql.pyutils import Undefined
from graphql.utilities import value_from_ast_untyped
from strawberry.extensions import SchemaExtension

from graph_hunt.casework.access import Caller
from graph_hunt.casework.state import State, record

NOTED: dict[str, tuple[str, str, str]] = {
    "cypher": ("cypher", "graph", ""),
    "runHunt": ("run hunt", "hunt", "id"),
    "runHunts": ("run hunts", "hunts", "ids"),
    "cancelRun": ("cancel run", "run", "id"),
    "cancelUpload": ("cancel upload", "upload", "id"),
    "detect": ("detect", "detections", ""),
    "tryChannel": ("try channel", "channel", "name"),
    "runSigma": ("run sigma", "rules", ""),
    "matchIndicators": ("match indicators", "indicators", ""),
    "indicatorExport": ("export indicators", "indicators", ""),
    "detectionProposal": ("propose detection", "finding", "finding"),
}
"""Fields of GraphQL's roots that go on the trail: what it is called, what its subject is, which argument names that."""

_LONGEST = 4_096
_SUBJECT = 512
_AGAIN = 3_600.0
"""Seconds after which a shipper's deliveries are noted again: each would be a line for every few events."""
_SHIPPERS = 10_000


class Trail:
    """Writes the lines of one server."""

    def __init__(self, state: State, clock: Callable[[], float] = time.monotonic) -> None:
        self._state, self._clock = state, clock
        self._delivered: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, caller: Caller, action: str, subject: str, after: Any = None) -> None:
        """Write a line."""
        with self._state.begin() as connection:
            record(connection, who=_plain(caller.who, 320), action=action, subject=_plain(subject), after=after)

    def deliver(self, caller: Caller, loader: str) -> None:
        """Write that someone delivers, at first and then once an hour."""
        key, now = (caller.key, loader), self._clock()
        if now - self._delivered.get(key, now - _AGAIN) < _AGAIN:
            return
        self.note(caller, "deliver", f"loader:{loader}")
        self._delivered[key] = now
        self._delivered.move_to_end(key)
        if len(self._delivered) > _SHIPPERS:
            self._delivered.popitem(last=False)


class Noted(SchemaExtension):
    """Writes what a document will run; where it cannot be written, nothing runs."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Write the lines."""
        context, document = self.execution_context.context, self.execution_context.graphql_document
        trail: Trail | None = getattr(context, "trail", None)
        if trail is not None and document is not None and context.caller is not None:
            lines = list(
                _lines(document, self.execution_context.operation_name, self.execution_context.variables or {})
            )
            for action, subject, after in lines:
                await asyncio.to_thread(trail.note, context.caller, action, subject, after)
        yield


def _lines(
    document: DocumentNode, chosen: str | None, variables: Mapping[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        if chosen is not None and (operation.name is None or operation.name.value != chosen):
            continue
        for field in _fields(operation.selection_set, fragments):
            if field.name.value in NOTED:
                action, kind, key = NOTED[field.name.value]
                given = {
                    one.name.value: value_from_ast_untyped(one.value, dict(variables)) for one in field.arguments or ()
                }
                yield action, f"{kind}:{given.pop(key, '')}", _bounded(given)


def _fields(chosen: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    for one in chosen.selections:
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, InlineFragmentNode):
            yield from _fields(one.selection_set, fragments)
        elif isinstance(one, FragmentSpreadNode):
            # A document that was found valid has no fragment that holds itself.
            yield from _fields(fragments[one.name.value].selection_set, fragments)


def _bounded(given: dict[str, Any]) -> dict[str, Any]:
    """Arguments as they were given, those that are long as the beginning of their text."""
    bounded = {}
    for name, value in given.items():
        text = value if isinstance(value, str) else repr(value)
        bounded[name] = value if len(text) <= _LONGEST and _plain(text, _LONGEST) == text else _plain(text, _LONGEST)
    # A variable that was not given is Undefined, which no store takes.
    given = {name: value for name, value in bounded.items() if value is not None and value is not Undefined}
    written: dict[str, Any] = json.loads(json.dumps(given, default=str))
    return written


def _plain(text: str, longest: int = _SUBJECT) -> str:
    """Text that every store takes: no lone surrogates, no NUL."""
    return text[:longest].encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
