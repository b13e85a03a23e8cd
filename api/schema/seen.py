"""Documents that were seen before are neither parsed nor checked against the schema again: clients send few, often.

What depends on who asks and on the variables' values (permissions, budget, text) is checked each time.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import DocumentNode, specified_rules
from strawberry.extensions import SchemaExtension

KEPT = 256
LONGEST = 16_384
"""Letters of the longest document that is kept: together they are few megabytes."""
_LOCK = threading.Lock()
_SEEN: "OrderedDict[str, _Seen]" = OrderedDict()
_SPECIFIED = frozenset(specified_rules)


@dataclass(slots=True)
class _Seen:
    document: DocumentNode
    valid: bool = False


class Seen(SchemaExtension):
    """Put it first: it takes away the rules that the specification has, where they were kept before."""

    def on_parse(self) -> Iterator[None]:
        """Give the document that was parsed before, or keep the one that is."""
        asked = self.execution_context
        known = _known(asked.query)
        if known is not None:
            asked.graphql_document = known.document
        yield
        if known is None and asked.query and len(asked.query) <= LONGEST and asked.graphql_document is not None:
            with _LOCK:
                _SEEN[asked.query] = _Seen(asked.graphql_document)
                while len(_SEEN) > KEPT:
                    _SEEN.popitem(last=False)

    def on_validate(self) -> Iterator[None]:
        """Leave out what was checked before."""
        asked = self.execution_context
        known = _known(asked.query)
        if known is not None and known.valid:
            asked.validation_rules = tuple(rule for rule in asked.validation_rules if rule not in _SPECIFIED)
        yield
        if known is not None and not asked.pre_execution_errors:
            known.valid = True


def _known(query: str | None) -> _Seen | None:
    with _LOCK:
        known = _SEEN.get(query or "")
        if known is not None:
            _SEEN.move_to_end(query or "")
        return known
