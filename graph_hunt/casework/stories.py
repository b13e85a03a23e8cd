"""The incidents that a run's findings form, kept at hand until the run finds more."""

import threading
from collections import OrderedDict

from graph_hunt.casework.runs import Runs
from graph_hunt.graph.store import Graph
from graph_hunt.hunting.incidents import Incident, incidents_of

_KEPT = 8
_LOCK = threading.Lock()
_KNOWN: OrderedDict[tuple[str, int], tuple[Incident, ...]] = OrderedDict()
"""By the run's id and how many findings it had."""


def incidents_of_run(runs: Runs, graph: Graph, id: str) -> tuple[Incident, ...]:
    """Group what a run found so far; raises `UnknownRun` where there is none of that id."""
    runs.get(id)
    findings = runs.all_findings(id)
    key = id, len(findings)
    with _LOCK:
        known = _KNOWN.get(key)
    if known is None:
        known = tuple(incidents_of(graph, findings))
        with _LOCK:
            _KNOWN[key] = known
            while len(_KNOWN) > _KEPT:
                _KNOWN.popitem(last=False)
    return known
