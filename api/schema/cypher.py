"""Cypher from outside: for admins, where the server was started with it; it reads, and is bounded."""

import re
from typing import Annotated, Any, cast

import orjson
import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.scalars import refused
from graph_hunt.graph.dialect import refusals
from graph_hunt.hunting.export import as_json

ROWS = 1_000
PATIENCE = 30.0
_BEGINS = re.compile(r"(?:\s|//[^\n]*\n)*(?:MATCH|OPTIONAL\s+MATCH|UNWIND|WITH|RETURN)\b", re.IGNORECASE)
# What is written so is read by the engine only after the dialect's rules have looked: an escape may be a keyword, and a
# name in backticks a procedure's.
_HIDDEN = re.compile(r"\\u|`|\bUSE\b", re.IGNORECASE)


@strawberry.type(name="CypherRows", description="What a Cypher text returned.")
class RowsType:
    """Rows of an answer."""

    rows: list[JSON] = strawberry.field(description="The rows, each an object by the names that the text returns.")
    cut: bool = strawberry.field(description=f"There are more: {ROWS} are given at most.")


@strawberry.type
class CypherQuery:
    """Asking the graph in its own language."""

    @strawberry.field(
        description="Ask the graph in Cypher, in the part of it that hunts use; an admin's, where the server allows it."
    )
    async def cypher(
        self,
        info: Info,
        query: Annotated[str, strawberry.argument(description="The text; it only reads, and names no procedures.")],
        parameters: Annotated[JSON | None, strawberry.argument(description="Values by name, for `$name`.")] = None,
    ) -> RowsType | None:
        """Run a text."""
        if not info.context.cypher:
            raise refused("this server takes no Cypher; it would with `serve --allow-cypher`", "query")
        if (why := _refusal(query)) is not None:
            raise refused(why, "query")
        if not isinstance(parameters or {}, dict):
            raise refused("parameters must be an object of their values", "parameters")
        graph, values = info.context.workspace.graph, cast("dict[str, Any]", parameters or {})
        found = await aside(lambda: graph.query(query, values, timeout=PATIENCE, limit=ROWS + 1), "query")
        return RowsType(rows=[JSON(orjson.loads(as_json(row))) for row in found[:ROWS]], cut=len(found) > ROWS)


def _refusal(text: str) -> str | None:
    """Say why a text is not run, if it is not."""
    if not _BEGINS.match(text):
        return "the text must begin with MATCH, OPTIONAL MATCH, UNWIND, WITH or RETURN"
    if (hidden := _HIDDEN.search(text)) is not None:
        return f"{hidden[0]} is not taken here; give values as parameters"
    found = refusals(text)
    return f"line {found[0].line}: {found[0].found}: {found[0].why}" if found else None
