"""The page as a whole: its policy, its accessibility in both colours and languages, and telemetry that attacks it."""

import base64
import json
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser import story
from tests.browser.conftest import Opener

ALICE = base64.b64encode(b"User:corp\\alice").decode()
SCREENS = {
    "search": "/search?q=alice",
    "hunts": "/hunts",
    "hunt": "/hunts/password-spray",
    "coverage": "/coverage",
    "map": "/map/KP",
    "load": "/load",
    "cases": "/cases",
    "detections": "/detections",
    "indicators": "/detections/indicators",
    "entity": f"/entity/{ALICE}",
    "graph": f"/graph?ids={ALICE}",
    "blast": f"/blast/{ALICE}",
}
"""Screens that can be opened by their address alone."""


def test_only_the_pages_own_files_run(site: str) -> None:
    with urllib.request.urlopen(site) as answer:
        policy, text = answer.headers["Content-Security-Policy"], answer.read().decode()
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "style=" not in text and "onload" not in text
    assert text.count("<script") == text.count('<script type="module" crossorigin src="./assets/')


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_serious(opened: Opener, axe: str, screen: str, scheme: str) -> None:
    page = opened(SCREENS[screen], color_scheme=scheme, bypass_csp=True)
    expect(page.locator("main h1").first).to_be_visible()
    expect(page.locator(".waiting")).to_have_count(0)
    assert _complaints(page, axe) == []


def _complaints(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {node['html'][:200]}" for one in serious for node in one["nodes"][:3]]


@pytest.mark.parametrize(("screen", "title"), [("/search", "Recherche"), ("/hunts", "Chasses")])
def test_the_page_speaks_the_browsers_language(opened: Opener, screen: str, title: str) -> None:
    page = opened(screen, locale="fr-FR")
    expect(page.get_by_role("link", name=title).first).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_keyboard_leads_everywhere(page: Page) -> None:
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.locator("main").focus()
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", name="Hunts", level=1)).to_be_visible()
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()


@pytest.mark.parametrize("name", [story.SCRIPT, story.REVERSED, story.LONG[:150]], ids=["script", "reversed", "long"])
def test_hostile_names_are_text(opened: Opener, name: str) -> None:
    page = opened("/search")
    page.get_by_role("searchbox").fill(name)
    hit = page.locator(".hits a").first
    expect(hit).to_contain_text(shown(name))
    assert page.locator("img").count() == 0
    assert "\u202e" not in page.locator("body").inner_text()


def shown(name: str) -> str:
    """How a name appears: what turns the direction of text is written out, and what is long is cut."""
    return json.dumps(name).strip('"')[:40]
