"""Make the pictures of the page: the demo's telemetry and the hunts' own, loaded, served, and looked at in Chromium."""

import base64
import io
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from graph_hunt.api.app import create_app
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CLOUD = ("high-risk-country", "first-country", "impossible-travel", "external-forwarding", "hiding-inbox-rule")
SIZE: ViewportSize = {"width": 1360, "height": 850}
PATIENCE = 60_000
SETTLING = 2_500
"""Milliseconds in which the graph's layout comes to rest."""
FOUND = """{ runs(first: 1) { edges { node { findings(first: 100) { edges { node {
    entities { entity { id } } } } } } } } }"""
MANY = 14
"""Entities that the graph joins by itself."""
SUSPECT = base64.b64encode(b"User:theshire\\pgustavo").decode()
MOMENT = "2020-08-05T06:00:00Z"


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve a workspace until the block is left; gives the address."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="critical"))
    with server.config.bind_socket() as socket:
        # Connections wait in its queue until the server takes them.
        socket.listen(64)
        work = threading.Thread(target=server.run, args=([socket],))
        work.start()
        try:
            yield f"http://127.0.0.1:{socket.getsockname()[1]}"
        finally:
            server.should_exit = True
            work.join()


def taken(page: Page, name: str) -> None:
    """Keep what is to be seen, once everything that was asked for is there."""
    expect(page.locator(".waiting")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    picture.save(IMAGES / f"{name}.webp", quality=88, method=6)


def hunts(page: Page) -> None:
    """All hunts, run; the gravest finding unfolded."""
    page.goto("/#/hunts")
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_role("status").get_by_text("done", exact=True)).to_be_visible()
    page.locator(".finding-head").first.click()
    expect(page.locator(".evidence .event").first).to_be_visible()
    taken(page, "hunts")


def graph(page: Page) -> None:
    """Who and what the run's findings name, in the graph."""
    told = page.request.post("/graphql", data={"query": FOUND}).json()["data"]["runs"]["edges"][0]["node"]
    named = [one["entity"]["id"] for edge in told["findings"]["edges"] for one in edge["node"]["entities"]]
    named = [id for id in dict.fromkeys(named) if b"theshire" in base64.b64decode(id)]
    page.goto(f"/#/graph?ids={','.join(named[:MANY])}")
    expect(page.locator(".graph-stage canvas").first).to_be_visible()
    page.wait_for_timeout(SETTLING)
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.wait_for_timeout(SETTLING)
    taken(page, "graph")


def blast(page: Page) -> None:
    """What the suspect could have reached."""
    page.goto(f"/#/blast/{SUSPECT}?at={MOMENT}")
    expect(page.locator("main h1")).to_be_visible()
    taken(page, "blast-radius")


def coverage(page: Page) -> None:
    """What of ATT&CK is seen."""
    page.goto("/#/coverage")
    expect(page.get_by_role("group", name="ATT&CK matrix")).to_be_visible()
    taken(page, "coverage")


def sign_ins(page: Page) -> None:
    """Where sign-ins came from."""
    page.goto("/#/map/KP")
    expect(page.get_by_role("region", name="Who signed in from: North Korea").get_by_role("row").nth(1)).to_be_visible()
    taken(page, "sign-ins")


def case(page: Page) -> None:
    """The phishing template, answered."""
    page.goto("/#/cases")
    page.get_by_role("button", name="New case").click()
    page.get_by_label("Laid out by").select_option(label="the phishing template")
    page.get_by_label("Accounts").fill("ann@corp.example\nbob@corp.example")
    page.get_by_label("Addresses").fill("198.51.100.7")
    page.get_by_role("button", name="Open the case").click()
    page.get_by_role("tab", name="Steps").click()
    page.get_by_role("button", name="Answer all steps").click()
    expect(page.get_by_text("9 of 9 steps answered")).to_be_visible(timeout=10 * PATIENCE)
    page.get_by_role("listitem", name="Where sign-ins came from").scroll_into_view_if_needed()
    taken(page, "case")


PICTURES = (hunts, graph, blast, coverage, sign_ins, case)


def main() -> None:
    """Make all pictures."""
    IMAGES.mkdir(exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    cloud = [path for hunt in CLOUD for path in sorted((ROOT / "tests" / "hunts" / hunt).glob("fires*"))]
    telemetry = sorted((ROOT / "graph_hunt" / "cli" / "telemetry").glob("*.zip"))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "w")
        with Workspace.open(settings) as workspace:
            workspace.load([*telemetry, *cloud])
        with served(settings) as address, sync_playwright() as playwright:
            options = ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=os.environ["GRAPH_HUNT_CHROMIUM"], args=options)
            page = browser.new_page(base_url=address, viewport=SIZE, locale="en-GB", timezone_id="UTC")
            page.set_default_timeout(PATIENCE)
            for make in PICTURES:
                make(page)
            browser.close()
    for path in sorted(IMAGES.glob("*.webp")):
        sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
