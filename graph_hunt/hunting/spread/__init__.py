"""Spread: what a compromised account, machine, address, mailbox or message could reach, and how to contain it."""

from graph_hunt.hunting.spread.activity import Activity, Entity
from graph_hunt.hunting.spread.blast import blast_radius
from graph_hunt.hunting.spread.collect import collect
from graph_hunt.hunting.spread.containment import Containment, Step, containment
from graph_hunt.hunting.spread.radius import BlastRadius, Branch, Direction, Hop, Named, Reached
from graph_hunt.hunting.spread.rules import RULES, Rule
from graph_hunt.hunting.spread.storage import kept

__all__ = [
    "RULES",
    "Activity",
    "BlastRadius",
    "Branch",
    "Containment",
    "Direction",
    "Entity",
    "Hop",
    "Named",
    "Reached",
    "Rule",
    "Step",
    "blast_radius",
    "collect",
    "containment",
    "kept",
]
