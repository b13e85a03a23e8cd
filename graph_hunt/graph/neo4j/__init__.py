"""The graph on a Neo4j server, over the official driver."""

from graph_hunt.graph.neo4j.store import Neo4jStore

__all__ = ["Neo4jStore"]
