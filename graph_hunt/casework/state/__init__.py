"""The state store: small, transactional facts (cases, tokens, detections, audit) in SQLite or, by URL, PostgreSQL."""

from graph_hunt.casework.state.area import METADATA, Area, register
from graph_hunt.casework.state.audit import AUDIT, Change, history, record
from graph_hunt.casework.state.lease import give_back, leased, take
from graph_hunt.casework.state.state import State

__all__ = [
    "AUDIT",
    "METADATA",
    "Area",
    "Change",
    "State",
    "give_back",
    "history",
    "leased",
    "record",
    "register",
    "take",
]
