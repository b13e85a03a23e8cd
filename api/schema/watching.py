"""All that concerns watching: detections, alerts, countries, indicators, Sigma."""

import strawberry

from graph_hunt.api.schema.alerts import AlertMutation, AlertQuery
from graph_hunt.api.schema.countries import CountryMutation, CountryQuery
from graph_hunt.api.schema.detections import DetectionMutation, DetectionQuery
from graph_hunt.api.schema.indicators import IndicatorMutation, IndicatorQuery
from graph_hunt.api.schema.sigma import SigmaMutation, SigmaQuery


@strawberry.type
class WatchQuery(DetectionQuery, AlertQuery, CountryQuery, IndicatorQuery, SigmaQuery):
    """Asking."""


@strawberry.type
class WatchMutation(DetectionMutation, AlertMutation, CountryMutation, IndicatorMutation, SigmaMutation):
    """Doing."""
