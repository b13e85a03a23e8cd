"""Draw the README's picture: the demo's output as an SVG of a terminal."""

import sys
import tempfile
from pathlib import Path

from rich.terminal_theme import TerminalTheme

from graph_hunt.cli import demo, output

ROOT = Path(__file__).resolve().parent.parent
GROUND, INK = (18, 22, 30), (214, 220, 230)
NORMAL = [
    GROUND,
    (235, 100, 100),
    (120, 200, 130),
    (230, 190, 90),
    (110, 160, 240),
    (190, 140, 230),
    (90, 200, 210),
    INK,
]
BRIGHT = [(110, 120, 135), (255, 130, 130), (150, 225, 160), (245, 210, 120), (140, 185, 255), (215, 170, 250)]
THEME = TerminalTheme(GROUND, INK, NORMAL, [*BRIGHT, (120, 220, 230), (255, 255, 255)])


def main() -> None:
    """Run the demo with its output recorded, and save it."""
    output.out.record, output.out.width = True, 150
    with tempfile.TemporaryDirectory() as folder:
        demo.demo(Path(folder) / "demo", steps=False)
    picture = output.out.export_svg(title="scripts/demo", theme=THEME, unique_id="demo")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "demo.svg"
    # The font's address names a host of the outside; the viewer's own monospace font serves as well.
    target.write_text(
        "\n".join(line.rstrip() for line in _without_fonts(picture).splitlines()) + "\n", encoding="utf-8"
    )


def _without_fonts(picture: str) -> str:
    while (start := picture.find("@font-face")) >= 0:
        picture = picture[:start] + picture[picture.index("}", start) + 1 :]
    return picture


if __name__ == "__main__":
    main()
