"""What of ATT&CK the hunts look for, what a workspace's telemetry lets them see, and which log would open the rest."""

from graph_hunt.hunting.coverage.coverage import Coverage, Covered, Opening, Sight, State, coverage
from graph_hunt.hunting.coverage.navigator import layer

__all__ = ["Coverage", "Covered", "Opening", "Sight", "State", "coverage", "layer"]
