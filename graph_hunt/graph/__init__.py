"""The graph: projected from the event store into an embedded engine or Neo4j."""
