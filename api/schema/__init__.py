"""The GraphQL schema."""

from graph_hunt.api.schema.context import Context
from graph_hunt.api.schema.root import SCHEMA

__all__ = ["SCHEMA", "Context"]
