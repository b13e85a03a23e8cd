"""graph-hunt: telemetry becomes a graph of users, hosts, addresses and messages, and hunts run on it."""

__version__ = "0.1.0"
