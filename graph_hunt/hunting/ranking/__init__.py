"""Ranks logons and the paths that they form by how surprising they are, in bits; docs/ranking.md explains the terms."""

from graph_hunt.hunting.ranking.calibration import Tested
from graph_hunt.hunting.ranking.incident import Incident, Step, Term
from graph_hunt.hunting.ranking.logons import Logons, collect, kept
from graph_hunt.hunting.ranking.ranking import BUDGET, Hub, Question, Ranked, Ranking

__all__ = [
    "BUDGET",
    "Hub",
    "Incident",
    "Logons",
    "Question",
    "Ranked",
    "Ranking",
    "Step",
    "Term",
    "Tested",
    "collect",
    "kept",
]
