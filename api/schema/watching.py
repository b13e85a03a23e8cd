"""All that concerns watching: detections, alerts, countries, indicators."""

import strawberry

from graph_hunt.api.schema.alerts import AlertMutation, AlertQuery
from graph_hunt.api.schema.countries import CountryMutation, CountryQuery
from graph_hunt.api.schema.detections import DetectionMutation, DetectionQuery
from graph_hunt.api.schema.indicators import IndicatorMutation, IndicatorQuery


@strawberry.type
class WatchQuery(DetectionQuery, AlertQuery, CountryQuery, IndicatorQuery):
    """Asking."""


@strawberry.type
class WatchMutation(DetectionMutation, AlertMutation, CountryMutation, IndicatorMutation):
    """Doing."""
