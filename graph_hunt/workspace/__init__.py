"""A workspace: event store, graph and settings in one folder (the graph may be a Neo4j server's)."""

from graph_hunt.workspace.workspace import Loaded, Workspace

__all__ = ["Loaded", "Workspace"]
