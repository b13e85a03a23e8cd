"""Refuses text that is none: half of a surrogate pair, which JSON can write and no store or index takes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import ArgumentNode, GraphQLError, ValidationRule, VariableNode
from strawberry.extensions import SchemaExtension

_HALF = re.compile("[\ud800-\udfff]")


class WholeText(SchemaExtension):
    """Refuses a document before any of it runs, where a variable's text is not whole; names the argument."""

    def on_validate(self) -> Iterator[None]:
        """Add the rule to those that the document must keep, where there is reason to."""
        variables = self.execution_context.variables or {}
        if broken := {name for name, value in variables.items() if not whole(value)}:
            self.execution_context.validation_rules += (_rule(broken),)
        yield


def whole(value: Any) -> bool:
    """Tell whether all text in a value could be written as UTF-8."""
    if isinstance(value, str):
        return _HALF.search(value) is None
    if isinstance(value, Mapping):
        return all(whole(name) and whole(one) for name, one in value.items())
    return not isinstance(value, Sequence) or all(whole(one) for one in value)


def _rule(broken: set[str]) -> type[ValidationRule]:
    class Whole(ValidationRule):
        def enter_variable(self, node: VariableNode, _key: Any, parent: Any, _path: Any, above: list[Any]) -> None:
            argument = next(
                (one.name.value for one in (parent, *reversed(above)) if isinstance(one, ArgumentNode)), None
            )
            # Where it is declared it is no one's argument yet.
            if node.name.value in broken and argument is not None:
                words = f"{argument} has half of a surrogate pair, which is no text"
                extensions = {"code": "BAD_USER_INPUT", "argument": argument}
                self.report_error(GraphQLError(words, node, extensions=extensions))

    return Whole
