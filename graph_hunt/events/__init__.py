"""The event store: what was loaded, exactly once, with its evidence and who is who in it."""
