"""Writes indicators as CSV that `reading` reads back to the same."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from graph_hunt.casework.indicators.indicator import Indicator

COLUMNS = ("kind", "value", "source", "confidence", "tlp", "valid_from", "valid_until", "techniques")


def as_csv(indicators: Iterable[Indicator]) -> str:
    """Write a line for each indicator, under a head."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for one in indicators:
        sure = "" if one.confidence is None else one.confidence
        times = (_iso(one.since), _iso(one.until))
        sources, techniques = ";".join(one.sources), ";".join(one.techniques)
        lines.writerow([one.value.kind.value, one.value.text, sources, sure, one.tlp, *times, techniques])
    return text.getvalue()


def _iso(at: int | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
