"""Prints docs/schema.md: `python -m graph_hunt.schema > docs/schema.md`."""

from collections.abc import Iterable, Iterator, Sequence

from graph_hunt.schema import COMMON, EDGES, NODES, TABLES, Grain

_GRAINS = {
    Grain.LIFETIME: "one edge for each pair of ends and properties, however long it lasts",
    Grain.BUCKETED: "one such edge for each bucket of time",
    Grain.EVENT: "one edge an event",
}
_INTRODUCTION = """\
# Schema

Made from `graph_hunt/schema/` by `python -m graph_hunt.schema`; a test holds it to that. Loaders give the event tables,
the projection makes the graph of them, and hunts ask the graph.
"""
_NODES = """\
## Nodes

Every node has `key` (unique in its label), `name`, `first_seen` and `last_seen` (epoch ms, UTC: when its edges were
seen). `tags`, joined by commas, may stand on users, hosts and addresses.
"""
_EDGES = """\
## Edges

Every edge has `key` (unique in its type), `first_seen`, `last_seen`, `count` (of events) and `evidence` (the ids of the
earliest events, up to three); bucketed ones also `bucket`, the bucket's start. Two edges of a type between the same
ends differ in at least one of the properties below. A text that is not known is `''`.
"""
_TABLES = """\
## Event tables

Every column but the common ones may be null: what a source does not say is null, never `-` or an empty text.
"""


def document() -> str:
    """Write the schema as Markdown."""
    return "\n".join([_INTRODUCTION, _NODES, *_nodes(), _EDGES, *_edges(), _TABLES, *_tables()])


def _nodes() -> Iterator[str]:
    for node in NODES.values():
        yield f"### {node.label}\n\n{node.doc} Its key: {_cell(node.key)}.\n"
        if node.properties:
            yield _table(("property", "type", ""), ((f"`{p.name}`", p.type, p.doc) for p in node.properties))


def _edges() -> Iterator[str]:
    for edge in EDGES.values():
        ends = f"({'|'.join(edge.sources)})-[:{edge.type}]->({'|'.join(edge.targets)})"
        made = f" From {', '.join(f'`{table}`' for table in edge.tables)}." if edge.tables else ""
        yield f"### {edge.type}\n\n`{ends}`: {edge.doc} Grain: {_GRAINS[edge.grain]}.{made}\n"
        if edge.properties:
            yield _table(("property", "type", ""), ((f"`{p.name}`", p.type, p.doc) for p in edge.properties))


def _tables() -> Iterator[str]:
    yield "### Common columns\n"
    yield _table(("column", "type", ""), ((f"`{c.name}`", c.type, c.doc) for c in COMMON))
    for table in TABLES.values():
        yield f"### {table.name}\n\n{table.doc}\n"
        own = table.columns[len(COMMON) :]
        yield _table(("column", "type", ""), ((f"`{c.name}`", c.type, c.doc) for c in own))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201
