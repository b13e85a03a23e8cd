"""The organisation's own list of accounts and computers: which identifiers are one, and what they are."""

from graph_hunt.events.directory.directory import Directory, Entry
from graph_hunt.events.directory.read import keep, kept, read_directory

__all__ = ["Directory", "Entry", "keep", "kept", "read_directory"]
