"""Keeps an `Activity` on disk, for one state of the event store; a new process maps it instead of collecting it."""

import json
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from graph_hunt.hunting.keeping import map_table, save, write_table
from graph_hunt.hunting.spread.activity import Activity, Entities
from graph_hunt.hunting.spread.acts import SCANS
from graph_hunt.hunting.spread.collect import collect
from graph_hunt.hunting.spread.rules import RULES

_VERSION = 2
"""Counts changes of what is collected that neither the scans nor the rules show."""
_FORMAT = blake2b(repr((_VERSION, SCANS, RULES)).encode(), digest_size=8).hexdigest()
"""Changes with what an activity is made of, so that one of older rules is not used."""


def kept(folder: Path, state: str, connect: Callable[[], duckdb.DuckDBPyConnection]) -> Activity:
    """Give the activity of a state of the events and identities, collected only where it is not kept yet.

    `state` names what `connect` would give: its journal's batches and its ledger. `connect` opens a connection on
    which `resolve` has been run; it is closed after use.
    """
    place = folder / blake2b(f"{_FORMAT}\x1f{state}".encode(), digest_size=12).hexdigest()
    found = _load(place)
    if found is not None:
        return found
    with connect() as connection:
        activity = collect(connection)
    try:
        save(place, partial(_save, activity))
    except OSError:
        # A full disk or a folder that may not be written to costs time, not the answer.
        return activity
    return _load(place) or activity


def _save(activity: Activity, folder: Path) -> None:
    for name, array in activity.arrays().items():
        np.save(folder / f"{name}.npy", array)
    write_table(folder / "entities.arrow", activity.entities.table)
    (folder / "contents.json").write_text(json.dumps(sorted(activity.arrays())))


def _load(place: Path) -> Activity | None:
    """Map what is kept; nothing where it is not there or was spoiled."""
    try:
        names = json.loads((place / "contents.json").read_text())
        arrays = {name: np.asarray(np.load(place / f"{name}.npy", mmap_mode="r")) for name in names}
        entities = Entities(map_table(place / "entities.arrow").combine_chunks())
        return Activity.of_arrays(entities, arrays)
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return None
