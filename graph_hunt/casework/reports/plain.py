"""A report as Markdown; telemetry in it stays text."""

import re

from graph_hunt.casework.reports.report import Report, Section, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")


def as_markdown(report: Report) -> str:
    """Write a report as Markdown."""
    parts = [f"# {report.title}", f"**{_text(report.subtitle)}**"]
    parts.append("\n".join(f"- **{_text(name)}** {_text(value)}" for name, value in report.facts))
    for section in report.sections:
        parts += _section(section)
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> list[str]:
    parts = [f"## {_text(section.title)}", *(_paragraph(one) for one in section.paragraphs)]
    if section.picture is not None:
        lines = [f"- {_text(box.kind)} {_text(box.name)}" for box in section.picture.boxes]
        parts.append("\n".join(lines))
    if section.table is not None:
        parts.append(_table(section.table))
    return parts


def _paragraph(text: str) -> str:
    return f"- {_text(text[2:])}" if text.startswith("• ") else _text(text)


def _table(table: Table) -> str:
    lines = ["| " + " | ".join(_text(head) for head in table.heads) + " |", "|" + " --- |" * len(table.heads)]
    for row in table.rows:
        cells = [
            _code(cell) if column in table.exact else "<br>".join(_text(line) for line in cell.split("\n"))
            for column, cell in enumerate(row)
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _text(text: str) -> str:
    """Text in which nothing is a mark."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return _SPECIAL.sub(r"\\\1", plain).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(text: str) -> str:
    """Text as it is, in code marks; a bar would end a cell, and a mark the code."""
    plain = "".join(c if c.isprintable() else "" for c in text.replace("\n", ""))
    return f"`{plain.replace('`', chr(39)).replace('|', chr(0x2502))}`" if plain else ""
