"""How a source of one's own is laid out: JSON or CSV, and of CSV the delimiter and the columns."""

import csv

from graph_hunt.events.source import Source
from graph_hunt.loaders._records import first_records, text_encoding
from graph_hunt.loaders.mapped.mapping import Mapping

__all__ = ["columns_of", "is_json"]

_DELIMITERS = ",;\t|"


def is_json(source: Source, mapping: Mapping) -> bool:
    """Tell JSON from CSV: by what the mapping says, else by how the source begins."""
    return mapping.format == "json" if mapping.format else bool(first_records(source.head))


def columns_of(head: bytes, mapping: Mapping) -> tuple[str, tuple[str, ...]]:
    """The delimiter and the columns of CSV."""
    text = head.decode(text_encoding(head), "replace").lstrip("\ufeff")
    line = next((one for one in text.splitlines() if one.strip() and not one.startswith("#TYPE")), "")
    delimiter = mapping.delimiter or max(_DELIMITERS, key=line.count)
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return delimiter, tuple(cell.strip() for cell in cells)
