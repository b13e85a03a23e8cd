"""The command line: `graph-hunt`."""

from graph_hunt.cli.app import main

__all__ = ["main"]
