"""What other programs take: findings as OCSF, cases as TheHive's alerts and as MISP events."""

from graph_hunt.casework.neighbours.ocsf import as_ocsf
from graph_hunt.casework.neighbours.share import as_misp_event, as_thehive

__all__ = ["as_misp_event", "as_ocsf", "as_thehive"]
