"""A Chromium, a served workspace on each engine, and pages of it on which no error may appear."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from graph_hunt.api.access import Access
from graph_hunt.api.app import create_app
from graph_hunt.settings import Neo4jTarget, Settings
from graph_hunt.workspace import Workspace
from tests import engines
from tests.browser import story

PATIENCE = 60_000
"""Milliseconds until something that does not appear is a failure; nothing waits for it to pass."""


def _chromium() -> str:
    for name in (os.environ.get("GRAPH_HUNT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    _missing("Chromium is missing: scripts/chromium installs it, or GRAPH_HUNT_CHROMIUM names one")


def _missing(words: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(words, pytrace=False)
    pytest.skip(words)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium for the tests of this folder; others need the thread's event loop, which Playwright keeps."""
    executable = _chromium()
    # Chromium's sandbox does not start for root, whom containers run tests as.
    options = ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    # WebGL without a graphics card.
    options += ["--enable-unsafe-swiftshader"]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=options)
        yield opened
        opened.close()


@contextmanager
def served(settings: Settings, access: Access | None = None) -> Iterator[str]:
    """A server of a workspace on a free port, until the block is left; gives its address."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings, access), host="127.0.0.1", port=0, log_level="critical")
    )
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


@pytest.fixture(scope="module", params=engines.ENGINES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the story's workspace, on each engine in turn."""
    folder = tmp_path_factory.mktemp("page")
    server: Neo4jTarget | None = request.getfixturevalue("neo4j_server") if request.param == "neo4j" else None
    made = Settings(folder / "w", server)

    def load() -> None:
        with Workspace.open(made) as workspace:
            loaded = workspace.load(story.written(folder))
        assert not loaded.report.bad, [source.problem for source in loaded.report.sources]

    if server is None:
        load()
        with served(made) as address:
            yield address
        return
    with engines.empty_neo4j(server):
        load()
        with served(made) as address:
            yield address


Opener = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Opener]:
    """Opens the page at a place of it (`/hunts`); at the end no page may have said anything but what it should."""
    complaints: list[str] = []
    contexts = []

    def said(message: ConsoleMessage) -> None:
        # What the drawn graph's driver says of its own speed is not the page's.
        if message.type in ("error", "warning") and "GL Driver Message" not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def opening(place: str = "/", **options: object) -> Page:
        chosen = {"locale": "en-GB", "timezone_id": "UTC", "viewport": {"width": 1280, "height": 800}, **options}
        context = browser.new_context(base_url=site, **chosen)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(f"thrown: {error}"))
        page.goto(f"/#{place}")
        return page

    yield opening
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(opened: Opener) -> Page:
    """The page at its beginning."""
    return opened()


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script, of the page's locked packages."""
    path = Path(__file__).parents[2] / "page" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        _missing("axe-core is missing: scripts/build-page installs the page's packages")
    return path.read_text(encoding="utf-8")
