"""Reports of cases: Markdown, self-contained HTML and PDF, in English and French."""

from graph_hunt.casework.reports.content import gather
from graph_hunt.casework.reports.page import as_html
from graph_hunt.casework.reports.paper import as_pdf
from graph_hunt.casework.reports.plain import as_markdown
from graph_hunt.casework.reports.report import Report

__all__ = ["Report", "as_html", "as_markdown", "as_pdf", "gather"]
