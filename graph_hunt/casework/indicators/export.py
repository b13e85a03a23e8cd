"""Writes indicators as CSV, STIX 2.1 or MISP that `reading` reads back to the same."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.misp import as_misp
from graph_hunt.casework.indicators.repository import Kept
from graph_hunt.casework.indicators.stix import as_stix

COLUMNS = ("kind", "value", "source", "confidence", "tlp", "valid_from", "valid_until", "techniques")


class ExportFormat(StrEnum):
    """How indicators are written."""

    CSV = "csv"
    STIX = "stix"
    MISP = "misp"


def exported(kept: Sequence[Kept], format: ExportFormat, *, sightings: bool = False) -> str:
    """Write indicators in a format; `sightings` adds to STIX how often and when each was met."""
    match format:
        case ExportFormat.STIX:
            return as_stix(kept, sightings=sightings)
        case ExportFormat.MISP:
            return as_misp(kept)
        case ExportFormat.CSV:
            return as_csv(one.indicator for one in kept)


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
