"""All that concerns watching: detections, alerts, countries."""

import strawberry

from graph_hunt.api.schema.alerts import AlertMutation, AlertQuery
from graph_hunt.api.schema.countries import CountryMutation, CountryQuery
from graph_hunt.api.schema.detections import DetectionMutation, DetectionQuery


@strawberry.type
class WatchQuery(DetectionQuery, AlertQuery, CountryQuery):
    """Asking."""


@strawberry.type
class WatchMutation(DetectionMutation, AlertMutation, CountryMutation):
    """Doing."""
