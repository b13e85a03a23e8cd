"""Turns committed batches of events into the graph, each exactly once.

The graph is a function of the set of events alone: what a load adds is kept as a delta, the absolute value of all
that it touches is written, and the load is marked in the graph last. So after a kill the same step is simply done
again, and neither the order of loads nor how events are cut into batches shows in the graph.
"""

from graph_hunt.graph.projection.apply import HOUR, VERSION, Applied, Progress, Terms, apply, rebuild

__all__ = ["HOUR", "VERSION", "Applied", "Progress", "Terms", "apply", "rebuild"]
