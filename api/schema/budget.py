"""The bound on how much one document may ask for: `first` multiplied down the tree, as GitHub counts it."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationRule,
    get_named_type,
)
from graphql.utilities import value_from_ast_untyped
from strawberry.extensions import SchemaExtension

NODES = 20_000
"""Things on all pages of a document together."""
_UNBOUND = 100
"""What a `first` counts as whose value is none."""


class NodeBudget(SchemaExtension):
    """Refuses a document before any of it runs, where its pages could hold too much together."""

    def on_validate(self) -> Iterator[None]:
        """Add the rule to those that the document must keep."""
        self.execution_context.validation_rules += (_rule(self.execution_context.variables or {}),)
        yield


def _rule(variables: Mapping[str, Any]) -> type[ValidationRule]:
    class Bounded(ValidationRule):
        def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
            schema: GraphQLSchema = self.context.schema
            root = schema.get_root_type(node.operation)
            defaults = {
                one.variable.name.value: value_from_ast_untyped(one.default_value)
                for one in node.variable_definitions or ()
                if one.default_value is not None
            }
            definitions = self.context.document.definitions
            fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
            asked = _Count(schema, fragments, {**defaults, **variables}).of(node.selection_set, root)
            if asked > NODES:
                words = f"the pages of this document could hold {asked} things; up to {NODES} are given at once"
                extensions = {"code": "TOO_MUCH", "argument": "first"}
                self.report_error(GraphQLError(words, node, extensions=extensions))

    return Bounded


class _Count:
    """Counts; each fragment once, so that fragments within fragments cost no time."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self._schema, self._fragments, self._variables = schema, fragments, dict(variables)
        self._known: dict[str, int] = {}

    def of(self, chosen: SelectionSetNode | None, parent: GraphQLNamedType | None) -> int:
        total = 0
        for one in chosen.selections if chosen else ():
            if isinstance(one, FieldNode):
                total += self._field(one, parent)
            elif isinstance(one, FragmentSpreadNode):
                total += self._fragment(one.name.value)
            else:
                within = getattr(one, "type_condition", None)
                narrowed = self._schema.get_type(within.name.value) if within else parent
                total += self.of(getattr(one, "selection_set", None), narrowed)
        return total

    def _fragment(self, name: str) -> int:
        if name not in self._known and name in self._fragments:
            # One that holds itself is refused by another rule; here it must only end.
            self._known[name] = 0
            found = self._fragments[name]
            self._known[name] = self.of(found.selection_set, self._schema.get_type(found.type_condition.name.value))
        return self._known.get(name, 0)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> int:
        known = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        field = parent.fields.get(node.name.value) if known else None  # type: ignore[union-attr]
        if field is None:
            return 0
        below = self.of(node.selection_set, get_named_type(field.type))
        if "first" not in field.args:
            return below
        given = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
        first = field.args["first"].default_value if given is None else value_from_ast_untyped(given, self._variables)
        length = first if isinstance(first, int) and first > 0 else _UNBOUND
        return length * (1 + below)
