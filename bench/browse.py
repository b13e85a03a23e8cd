"""What the page costs a person in time: the first view, opening who has 10,000 neighbours, and moving 5,000 dots.

python bench/browse.py          # needs Chromium (scripts/chromium) and the page's packages (scripts/build-page)
"""

import argparse
import http.server
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
FRAMES = """() => new Promise(resolve => {
    const times = []; const begun = performance.now();
    const frame = now => { times.push(now); now - begun < 3000 ? requestAnimationFrame(frame) : resolve(times); };
    requestAnimationFrame(frame);
})"""


def write_logons(folder: Path, neighbours: int) -> Path:
    """Write logons of so many users on one host, in the format of LANL's authentication set."""
    path = folder / "auth.txt"
    with path.open("w", encoding="ascii") as lines:
        for number in range(neighbours):
            lines.write(
                f"{number + 1},U{number}@DOM1,U{number}@DOM1,C{number % 500 + 2},C1,Kerberos,Network,LogOn,Success\n"
            )
    return path


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """A server of the workspace, as one starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "graph-hunt"), "serve", "-w", str(workspace), "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urlopen(f"{address}/readyz").read()
                break
            except URLError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def seconds(browser: Browser, address: str, place: str, shown: str) -> float:
    """The time from asking for a place of the page until something is shown, in a browser that has none of it yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(f"{address}/#{place}", wait_until="commit")
    page.locator(shown).first.wait_for()
    taken = time.perf_counter() - begun
    context.close()
    return taken


def frames(page: Page, dots: int) -> tuple[float, float]:
    """Frames a second while the drawing is dragged about, and while it is zoomed."""
    page.goto(f"{page.url.split('?')[0]}?dots={dots}")
    page.wait_for_function("document.body.dataset.laidOut", timeout=180_000)
    page.wait_for_timeout(1_500)
    rates = []
    for move in (_drag, _zoom):
        page.evaluate(f"window.frames_of = ({FRAMES})()")
        begun = time.perf_counter()
        step = 0
        if move is _drag:
            page.mouse.move(640, 400)
            page.mouse.down()
        while time.perf_counter() - begun < 2.8:
            move(page, step)
            step += 1
        if move is _drag:
            page.mouse.up()
        times = page.evaluate("window.frames_of")
        rates.append((len(times) - 1) / (times[-1] - times[0]) * 1_000)
    return rates[0], rates[1]


def _drag(page: Page, step: int) -> None:
    page.mouse.move(640 + 200 * ((step % 40) / 40 - 0.5), 400 + 120 * ((step % 31) / 31 - 0.5))


def _zoom(page: Page, step: int) -> None:
    page.mouse.wheel(0, -120 if step % 12 < 6 else 120)


@contextmanager
def drawing(folder: Path) -> Iterator[str]:
    """The large drawing, built and served by itself."""
    built = folder / "drawing"
    subprocess.run(
        [str(ROOT / "scripts" / "npm"), "exec", "--", "vite", "build", "bench", "--outDir", str(built), "--base", "./"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    handler = partial(_Quiet, directory=str(built))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--neighbours", type=int, default=10_000)
    parser.add_argument("--dots", type=int, default=5_000)
    given = parser.parse_args()
    chromium = os.environ.get("GRAPH_HUNT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    flags = ["--no-sandbox", "--enable-unsafe-swiftshader"]
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        load = [str(Path(sys.executable).parent / "graph-hunt"), "load", str(write_logons(folder, given.neighbours))]
        subprocess.run(
            [*load, "-w", str(folder / "w")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        print("| work | seconds (median of 5) |\n|---|---|")
        with served(folder / "w") as address:
            host = "SG9zdDpjMQ=="
            for name, place, shown in (
                ("first view", "/search", ".beginning, .nothing-loaded"),
                (
                    f"an entity with {given.neighbours:,} neighbours, to its timeline",
                    f"/entity/{host}",
                    ".histogram rect",
                ),
                ("its relations", f"/entity/{host}", ".relations .relation"),
                ("its events", f"/entity/{host}", ".evidence .event"),
                ("the same in the graph, counted", f"/graph?ids={host}", ".graph-panel .relation"),
            ):
                seconds(browser, address, place, shown)
                median = statistics.median(seconds(browser, address, place, shown) for _ in range(RUNS))
                print(f"| {name} | {median:.2f} |", flush=True)
        with drawing(folder) as place:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(place + "?dots=10")
            dragged, zoomed = frames(page, given.dots)
            laid = int(page.evaluate("document.body.dataset.laidOut"))
        print(f"\n{given.dots:,} dots: laid out in {laid / 1000:.1f} s;")
        print(f"{dragged:.0f} frames/s while dragged, {zoomed:.0f} while zoomed")
        browser.close()


if __name__ == "__main__":
    main()
