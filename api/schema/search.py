"""Search over all kinds of entity."""

from typing import Annotated

import strawberry

from graph_hunt.api.schema.context import Info, aside
from graph_hunt.api.schema.entities import EntityType, plain
from graph_hunt.api.schema.scalars import Connection, page, window_of
from graph_hunt.graph.search import MOST, search


@strawberry.type(name="SearchHit", description="An entity that a search found.")
class SearchHit:
    """A hit."""

    entity: EntityType = strawberry.field(description="What was found.")
    how: str = strawberry.field(description="How near it is: exact, prefix, part or similar.")


@strawberry.type
class SearchQuery:
    """Searching."""

    @strawberry.field(
        description=f"Entities by a part of a name, address, hash or subject, the nearest first; at most {MOST}."
    )
    async def search(
        self,
        info: Info,
        text: Annotated[str, strawberry.argument(description="A part, in any case.")],
        labels: Annotated[list[str] | None, strawberry.argument(description="Kinds to keep to; else all.")] = None,
        first: int = 25,
        after: str | None = None,
    ) -> Connection[SearchHit]:
        """Search."""
        offset, length = window_of(first, after)
        graph = info.context.workspace.graph
        found = await aside(lambda: search(graph, text, labels or ()), "text")
        hits = [
            SearchHit(entity=plain(one.entity.label, one.entity.key, one.entity.name), how=one.how)
            for one in found[offset : offset + length]
        ]
        return page(hits, offset, len(found))
