"""What graph-hunt stores, declared once: the event tables and the kinds of node and edge.

Loaders, the event store, the projection, constraints, `docs/schema.md`, the checks of hunts and the GraphQL types
all follow from here.
"""

from graph_hunt.schema.kinds import EDGES, NODES, EdgeKind, Grain, NodeKind, Property
from graph_hunt.schema.tables import COMMON, TABLES, Column, EventTable, Type

__all__ = [
    "COMMON",
    "EDGES",
    "NODES",
    "TABLES",
    "Column",
    "EdgeKind",
    "EventTable",
    "Grain",
    "NodeKind",
    "Property",
    "Type",
]
