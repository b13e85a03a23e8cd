"""Loaders: each turns one family of telemetry into event tables, and knows nothing of graphs.

A loader is a module or package here with an object `LOADER`; there is no list to edit.
"""

import importlib
import pkgutil
from functools import cache

from graph_hunt.events.source import Loader, Source
from graph_hunt.loaders._refusals import refusal
from graph_hunt.loaders._side_by_side import read

__all__ = ["all_loaders", "find", "read", "refusal"]


@cache
def all_loaders() -> tuple[Loader, ...]:
    """Every loader in this folder, by name."""
    found: list[Loader] = []
    for module in pkgutil.iter_modules(__path__, prefix=f"{__name__}."):
        if module.name.rpartition(".")[2].startswith("_"):
            continue
        found.append(importlib.import_module(module.name).LOADER)
    return tuple(sorted(found, key=lambda loader: loader.name))


def find(source: Source) -> Loader | None:
    """The loader that claims the source, or none."""
    return next((loader for loader in all_loaders() if loader.claims(source)), None)
