"""The graph of a report: those involved, in lanes from where it came from to where it went, and what joins them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from graph_hunt.casework.reports.words import Words
from graph_hunt.graph.store import Graph
from graph_hunt.hunting.finding import Finding, Involved

WIDTH = 1240
_LANES: tuple[tuple[str, ...], ...] = (
    ("IP", "Domain", "Url", "File", "Indicator"),
    ("Mailbox", "Message"),
    ("User", "App", "Group"),
    ("Host", "Process", "MailRule", "Persistence", "Alert"),
)
_MOST = 9
"""Entities that a lane shows."""
_BOX = (186, 40)
_ROW = 62
_TOP = 20
_TIMEOUT = 60.0
_COLOURS: Mapping[str, str] = {
    "IP": "#7a5195", "Domain": "#7a5195", "Url": "#7a5195", "File": "#7a5195", "Indicator": "#b30000",
    "Mailbox": "#2f6f8f", "Message": "#2f6f8f", "User": "#1b5e20", "App": "#1b5e20", "Group": "#1b5e20",
    "Host": "#8c510a", "Process": "#8c510a", "MailRule": "#b30000", "Persistence": "#b30000", "Alert": "#b30000",
}  # fmt: skip
_LONGEST = 27


@dataclass(frozen=True, slots=True)
class Box:
    """An entity, placed; `x` and `y` are its upper left corner."""

    x: float
    y: float
    label: str
    name: str
    kind: str

    @property
    def width(self) -> float:
        """How wide all boxes are."""
        return _BOX[0]

    @property
    def height(self) -> float:
        """How high."""
        return _BOX[1]

    @property
    def colour(self) -> str:
        """The colour of its kind."""
        return _COLOURS.get(self.label, "#444444")


@dataclass(frozen=True, slots=True)
class Line:
    """What joins two boxes: points, and the words at one of them."""

    points: tuple[tuple[float, float], ...]
    at: tuple[float, float]
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of `WIDTH` by `height`."""

    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int
    title: str

    def svg(self) -> str:
        """The picture as SVG, to stand in a page."""
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height:g}" role="img" '
            f'aria-label="{_safe(self.title)}" font-family="DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif">'
        ]
        for line in self.lines:
            points = " ".join(f"{x:g},{y:g}" for x, y in line.points)
            parts.append(f'<polyline points="{points}" fill="none" stroke="#9aa5b1" stroke-width="1.3"/>')
        for line in self.lines:
            x, y = line.at
            parts.append(
                f'<text x="{x:g}" y="{y:g}" font-size="10" text-anchor="middle" fill="#3b4652" stroke="#ffffff" '
                f'stroke-width="3" paint-order="stroke">{_safe(line.words)}</text>'
            )
        for box in self.boxes:
            width, height = _BOX
            parts.append(
                f'<rect x="{box.x:g}" y="{box.y:g}" width="{width}" height="{height}" rx="6" fill="#ffffff" '
                f'stroke="{box.colour}" stroke-width="1.6"/>'
                f'<text x="{box.x + 9:g}" y="{box.y + 15:g}" font-size="9" fill="{box.colour}">{_safe(box.kind)}</text>'
                f'<text x="{box.x + 9:g}" y="{box.y + 31:g}" font-size="11.5" fill="#111111">{_safe(box.name)}</text>'
            )
        return "".join([*parts, "</svg>"])


def draw(graph: Graph, findings: Sequence[Finding], said: Words) -> Picture | None:
    """Draw those involved in findings, the gravest first, and the edges between them; nothing where there are none."""
    involved: dict[tuple[str, str], Involved] = {}
    for finding in findings:
        for one in finding.entities:
            involved.setdefault((one.label, one.key), one)
    lanes: list[list[Involved]] = [[] for _ in _LANES]
    left_out = 0
    for one in involved.values():
        lane = next((number for number, labels in enumerate(_LANES) if one.label in labels), None)
        if lane is None or len(lanes[lane]) >= _MOST:
            left_out += 1
        else:
            lanes[lane].append(one)
    if not any(lanes):
        return None
    joined = _joined(graph, [one for lane in lanes for one in lane])
    _order(lanes, joined)
    boxes = _boxes(lanes, said)
    lines = [
        _line(boxes[start], boxes[end], ", ".join(said.edge(kind) for kind in kinds))
        for (start, end), kinds in joined.items()
    ]
    height = _TOP * 2 + max(len(lane) for lane in lanes) * _ROW
    return Picture(height, tuple(boxes.values()), tuple(lines), left_out, said["picture"])


_Key = tuple[str, str]


def _joined(graph: Graph, shown: Sequence[Involved]) -> dict[tuple[_Key, _Key], list[str]]:
    keys: dict[str, list[str]] = {}
    for one in shown:
        keys.setdefault(one.label, []).append(one.key)
    known = {(one.label, one.key) for one in shown}
    every = sorted({one.key for one in shown})
    found: dict[tuple[_Key, _Key], list[str]] = {}
    for label, own in keys.items():
        # A label cannot be a parameter; it comes from the schema, through a finding.
        text = (
            f"MATCH (one:{label})-[edge]->(other) WHERE one.key IN $own AND other.key IN $every "
            "RETURN DISTINCT one.key AS one_key, type(edge) AS kind, labels(other)[0] AS label, other.key AS other_key"
        )
        for row in graph.query(text, {"own": own, "every": every}, timeout=_TIMEOUT, limit=None):
            start, end = (label, row["one_key"]), (row["label"], row["other_key"])
            if end in known and start != end:
                found.setdefault((start, end), []).append(row["kind"])
    return {ends: sorted(kinds) for ends, kinds in sorted(found.items())}


def _order(lanes: list[list[Involved]], joined: Mapping[tuple[_Key, _Key], object]) -> None:
    """Put each lane's entities near those they are joined to, so that fewer lines cross."""
    for _ in range(4):
        for number, lane in enumerate(lanes):
            place = {(one.label, one.key): row for other in lanes for row, one in enumerate(other)}
            near: dict[_Key, list[int]] = {}
            for start, end in joined:
                near.setdefault(start, []).append(place[end])
                near.setdefault(end, []).append(place[start])

            def middle(one: Involved, near: dict[_Key, list[int]] = near, place: dict[_Key, int] = place) -> float:
                key = one.label, one.key
                return sum(near[key]) / len(near[key]) if key in near else float(place[key])

            lanes[number] = sorted(lane, key=middle)


def _boxes(lanes: Sequence[Sequence[Involved]], said: Words) -> dict[_Key, Box]:
    used = [lane for lane in lanes if lane]
    most = max(len(lane) for lane in used)
    width = _BOX[0]
    gap = (WIDTH - width) / max(1, len(used) - 1) if len(used) > 1 else 0
    boxes = {}
    for number, lane in enumerate(used):
        x = number * gap if len(used) > 1 else (WIDTH - width) / 2
        begin = _TOP + (most - len(lane)) * _ROW / 2
        for row, one in enumerate(lane):
            boxes[one.label, one.key] = Box(x, begin + row * _ROW, one.label, _short(one.name), said.kind(one.label))
    return boxes


def _line(start: Box, end: Box, words: str) -> Line:
    width, height = _BOX
    if start.x == end.x:
        above, below = sorted((start, end), key=lambda box: box.y)
        if below.y - above.y <= _ROW:
            x = above.x + width * 0.7
            return Line(((x, above.y + height), (x, below.y)), (x, above.y + height + 14), words)
        # Around those that stand between.
        x, top, bottom = above.x + width, above.y + height / 2, below.y + height / 2
        out = x + 12 + (bottom - top) / 24
        return Line(((x, top), (out, top), (out, bottom), (x, bottom)), (out, (top + bottom) / 2), words)
    left, right = sorted((start, end), key=lambda box: box.x)
    told = words if left is start else f"← {words}"
    x1, y1, x2, y2 = left.x + width, left.y + height / 2, right.x, right.y + height / 2
    # Near its left end, where the lines of one box have not yet spread and those of others are far.
    along = min(0.5, 86 / max(x2 - x1, 1))
    return Line(((x1, y1), (x2, y2)), (x1 + (x2 - x1) * along, y1 + (y2 - y1) * along - 3), told)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 9]}…{name[-8:]}"


def _safe(text: str) -> str:
    """Text for XML: escaped, without characters that XML does not have."""
    return escape("".join(c if c.isprintable() else "\ufffd" for c in text), {'"': "&quot;"})
