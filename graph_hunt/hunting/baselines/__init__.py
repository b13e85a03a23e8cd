"""What is usual for a user, a machine or a mailbox: kept by day with the workspace, added to as telemetry is loaded."""

from graph_hunt.hunting.baselines.baseline import Baseline, Baselines, Usual, Volume
from graph_hunt.hunting.baselines.storage import updated

__all__ = ["Baseline", "Baselines", "Usual", "Volume", "updated"]
