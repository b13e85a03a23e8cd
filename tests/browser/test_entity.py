"""Search and an entity's page, as one goes from a name to the records behind it."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser import story
from tests.browser.conftest import Opener


@pytest.fixture
def alice(page: Page) -> Page:
    """The page of a user, found by a part of the name."""
    page.get_by_role("searchbox").fill("alice")
    hit = page.locator(".hits a", has_text=re.compile(r"^corp\\alice", re.IGNORECASE)).first
    hit.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"corp\\alice", re.IGNORECASE))
    return page


def test_a_search_narrows_by_kind_and_walks_by_arrows(page: Page) -> None:
    box = page.get_by_role("searchbox")
    box.fill("srv1")
    expect(page.locator(".hits a").first).to_be_visible()
    page.get_by_role("button", name="Host", exact=True).click()
    expect(page).to_have_url(re.compile("kind=Host"))
    expect(page.get_by_role("button", name="Host", exact=True)).to_have_attribute("aria-pressed", "true")
    box.press("ArrowDown")
    expect(page.locator("[data-hit='0']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^SRV1", re.IGNORECASE))


def test_what_was_opened_and_pinned_is_found_again(alice: Page) -> None:
    alice.get_by_role("button", name="Pin", exact=True).click()
    alice.get_by_role("link", name="Search", exact=True).click()
    expect(alice.get_by_role("heading", name="Pinned")).to_be_visible()
    expect(alice.get_by_role("heading", name="Recent")).to_be_visible()
    expect(alice.locator(".hits a", has_text=re.compile("alice", re.IGNORECASE))).to_have_count(2)


def test_relations_are_counted_and_unfold_into_neighbours(alice: Page) -> None:
    relation = alice.locator(".relation", has_text="logged on to")
    expect(relation).to_contain_text(re.compile(r"\d+"))
    relation.click()
    expect(alice.locator(".neighbours .entity-link")).to_have_count(25)
    expect(alice.locator(".neighbours")).to_contain_text(re.compile(r"1–25 of \d+"))
    alice.locator(".neighbours").get_by_role("button", name="Next").click()
    expect(alice.locator(".neighbours")).to_contain_text(re.compile(r"26–\d+ of \d+"))


def test_a_brushed_span_keeps_to_its_events(alice: Page) -> None:
    header = alice.locator("section", has=alice.get_by_role("heading", name="Events")).locator("header")
    expect(header).to_contain_text(re.compile(r"1–50 of \d+"))
    slider = alice.get_by_role("slider", name="Span of time")
    slider.focus()
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("–"))
    expect(header).not_to_contain_text("1–50 of")
    alice.get_by_role("button", name="All of it").click()
    expect(header).to_contain_text(re.compile(r"1–50 of \d+"))


def test_an_event_shows_its_original_record(alice: Page) -> None:
    alice.locator(".evidence .event").first.click()
    expect(alice.locator(".evidence pre")).to_contain_text("alice")


def test_a_long_name_is_cut_and_an_attack_is_text(opened: Opener) -> None:
    page = opened("/search")
    page.get_by_role("searchbox").fill(story.LONG[:150])
    hit = page.locator(".hits a").first
    expect(hit).to_contain_text("…")
    assert len(hit.inner_text()) < 300
    hit.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("…")
    assert len(heading.inner_text()) < 300
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_role("searchbox").fill("onerror")
    # What was opened lately is listed until the answer is there.
    page.locator(".hits a", has_text="onerror").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.SCRIPT)
    assert page.locator("img").count() == 0


def test_the_beginning_tells_what_stands_out(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Hunt (now|again)$")).click()
    expect(page).to_have_url(re.compile("hunts/run/"))
    page.get_by_role("link", name="Search", exact=True).click()
    beginning = page.locator("section", has=page.get_by_role("heading", name="What stands out"))
    expect(beginning).to_contain_text("hunted")


def test_an_entity_shows_what_was_found_about_it(opened: Opener, site: str) -> None:
    body = json.dumps({"query": 'mutation { runHunt(id: "password-spray", wait: 60) { id } }'}).encode()
    request = urllib.request.Request(f"{site}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        assert "errors" not in json.load(answer)
    page = opened("/search")
    page.locator(".incidents .entity-link").first.click()
    findings = page.locator("section", has=page.get_by_role("heading", name="Findings"))
    expect(findings.locator(".badge").first).to_be_visible()


def test_an_entity_whose_name_no_request_holds_is_not_asked_for(opened: Opener) -> None:
    page = opened("/entity/" + "A" * 600_000)
    expect(page.get_by_text("too long for a request")).to_be_visible()
