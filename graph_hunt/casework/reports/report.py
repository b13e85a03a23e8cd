"""A report as a value: sections of paragraphs, tables and a picture, in one language."""

from dataclasses import dataclass

from graph_hunt.casework.reports.picture import Picture


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; `wide` says which column takes what is left of the width."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    """In hundredths of the page."""
    exact: tuple[int, ...] = ()
    """Columns whose text is a digest, an id or a value: written as it is."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: a heading, paragraphs, a table, a picture."""

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report in one language."""

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    page: str
    """The word for a page's number."""
