"""The identity ledger: which account, machine or address an identifier in telemetry means, and why."""

from graph_hunt.events.identity.difference import differs
from graph_hunt.events.identity.edits import (
    DIRECTORY,
    EDITS,
    TAGS,
    Edit,
    Edits,
    give_directory,
    read_edits,
    record,
    said_in,
)
from graph_hunt.events.identity.explain import decide, identifiers_of, links_of
from graph_hunt.events.identity.ledger import Ledger, Meaning
from graph_hunt.events.identity.links import Link
from graph_hunt.events.identity.sightings import Sightings, sight, together

__all__ = [
    "DIRECTORY",
    "EDITS",
    "TAGS",
    "Edit",
    "Edits",
    "Ledger",
    "Link",
    "Meaning",
    "Sightings",
    "decide",
    "differs",
    "give_directory",
    "identifiers_of",
    "links_of",
    "read_edits",
    "record",
    "said_in",
    "sight",
    "together",
]
