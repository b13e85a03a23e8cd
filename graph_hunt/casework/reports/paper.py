"""A report as PDF, on A4, with a font that carries accents; what the font does not have is written as an escape."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from graph_hunt.casework.reports.picture import WIDTH, Picture
from graph_hunt.casework.reports.report import Report, Section, Table

_FONTS = Path(__file__).parent / "fonts"
_NAME = "DejaVu"
_INK, _GREY, _BLUE = (28, 33, 38), (74, 85, 96), (32, 69, 94)
_HEAD = (238, 243, 246)
_SMALL = 7.2


def as_pdf(report: Report, now: int) -> bytes:
    """Write a report as PDF."""
    paper = _Paper(report)
    paper.set_creation_date(datetime.fromtimestamp(now / 1000, UTC))
    paper.add_page()
    _head(paper, report)
    for section in report.sections:
        _section(paper, section)
    content = bytes(paper.output())
    _close(paper)
    return content


class _Paper(FPDF):
    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self._report = report
        self.add_font(_NAME, "", _FONTS / "DejaVuSans.ttf")
        self.add_font(_NAME, "B", _FONTS / "DejaVuSans-Bold.ttf")
        self.set_lang(report.language)
        self.set_title(_text(f"{report.title}: {report.subtitle}"))
        self.set_creator("graph-hunt")
        self.set_margins(16, 16)
        self.set_auto_page_break(True, 18)
        self.set_font(_NAME, size=9)
        self.set_text_color(*_INK)

    def footer(self) -> None:
        """Number the page."""
        self.set_y(-13)
        self.set_font(_NAME, size=7.5)
        self.set_text_color(*_GREY)
        self.cell(0, 5, _text(self._report.subtitle)[:90])
        self.cell(0, 5, f"{self._report.page} {self.page_no()}", align="R")
        self.set_text_color(*_INK)


def _head(paper: FPDF, report: Report) -> None:
    paper.set_font(_NAME, "B", 18)
    paper.set_text_color(*_BLUE)
    _paragraph(paper, report.title, 8)
    paper.set_font(_NAME, size=11)
    paper.set_text_color(*_GREY)
    _paragraph(paper, report.subtitle, 5.5)
    paper.ln(3)
    for name, value in report.facts:
        paper.set_font(_NAME, size=8.5)
        paper.set_text_color(*_GREY)
        paper.cell(38, 5, _text(name))
        paper.set_text_color(*_INK)
        _paragraph(paper, value, 5)


def _section(paper: FPDF, section: Section) -> None:
    paper.ln(4)
    # A heading stays with what it is of.
    needed = 24 if section.picture is None else 30 + section.picture.height * paper.epw / WIDTH
    if paper.will_page_break(min(needed, paper.eph)):
        paper.add_page()
    paper.set_font(_NAME, "B", 12)
    paper.set_text_color(*_BLUE)
    paper.start_section(_text(section.title))
    _paragraph(paper, section.title, 6)
    paper.set_draw_color(*_BLUE)
    paper.line(paper.l_margin, paper.get_y(), paper.w - paper.r_margin, paper.get_y())
    paper.ln(1.5)
    paper.set_text_color(*_INK)
    paper.set_font(_NAME, size=9)
    for text in section.paragraphs:
        _paragraph(paper, text, 4.6)
        paper.ln(0.8)
    if section.picture is not None:
        _picture(paper, section.picture)
    if section.table is not None:
        _table(paper, section.table)


def _paragraph(paper: FPDF, text: str, height: float) -> None:
    paper.multi_cell(0, height, _text(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _table(paper: FPDF, table: Table) -> None:
    paper.set_font(_NAME, size=_SMALL)
    paper.set_draw_color(217, 224, 229)
    heads = FontFace(emphasis="BOLD", color=_BLUE, fill_color=_HEAD)
    with paper.table(
        col_widths=table.widths, text_align="LEFT", line_height=3.5, padding=0.8, headings_style=heads,
        borders_layout="HORIZONTAL_LINES", v_align="TOP",
    ) as made:  # fmt: skip
        for cells in (table.heads, *table.rows):
            row = made.row()
            for cell in cells:
                row.cell(_text(cell))
    paper.set_font(_NAME, size=9)


def _picture(paper: FPDF, picture: Picture) -> None:
    scale = paper.epw / WIDTH
    if paper.get_y() + picture.height * scale > paper.h - 20:
        paper.add_page()
    left, top = paper.l_margin, paper.get_y()
    paper.set_draw_color(154, 165, 177)
    paper.set_line_width(0.15)
    for line in picture.lines:
        paper.polyline([(left + x * scale, top + y * scale) for x, y in line.points])
    for line in picture.lines:
        x, y = line.at
        paper.set_font(_NAME, size=5)
        words = _text(line.words)
        width = paper.get_string_width(words)
        paper.set_fill_color(255, 255, 255)
        paper.rect(left + x * scale - width / 2, top + y * scale - 1.7, width, 2.1, style="F")
        paper.text(left + x * scale - width / 2, top + y * scale, words)
    for box in picture.boxes:
        colour = tuple(int(box.colour[place : place + 2], 16) for place in (1, 3, 5))
        paper.set_draw_color(*colour)
        paper.set_fill_color(255, 255, 255)
        x, y = left + box.x * scale, top + box.y * scale
        paper.rect(x, y, box.width * scale, box.height * scale, style="DF", round_corners=True, corner_radius=1)
        paper.set_font(_NAME, size=4.6)
        paper.set_text_color(*colour)
        paper.text(x + 1.4, y + 2.3, _text(box.kind))
        _fitting(paper, _text(box.name), 5.8, box.width * scale - 2.6)
        paper.set_text_color(*_INK)
        paper.text(x + 1.4, y + 4.9, _text(box.name))
    paper.set_y(top + picture.height * scale)
    paper.set_line_width(0.2)
    paper.set_font(_NAME, size=9)


def _fitting(paper: FPDF, text: str, size: float, width: float) -> None:
    """Set the largest font, up to a size, in which a text fits."""
    paper.set_font(_NAME, size=size)
    wide = paper.get_string_width(text)
    if wide > width:
        paper.set_font(_NAME, size=size * width / wide)


def _text(text: str) -> str:
    """Text in the font's letters; others, and what would turn the writing about, as escapes."""
    return "".join(c if c == "\n" or ord(c) in _letters() else c.encode("unicode_escape").decode() for c in text)


@cache
def _letters() -> frozenset[int]:
    paper = FPDF()
    paper.add_font(_NAME, "", _FONTS / "DejaVuSans.ttf")
    return frozenset(code for font in _close(paper) for code in font.cmap)


def _close(paper: FPDF) -> list[TTFFont]:
    """Close the fonts' files, which fpdf2 2.8 leaves open."""
    fonts = [font for font in paper.fonts.values() if isinstance(font, TTFFont)]
    for font in fonts:
        font.ttfont.close()
    return fonts
