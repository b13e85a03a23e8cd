"""Blast radius: from an entity and a time, along likelihood, to what would contain it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener


@pytest.fixture
def radius(opened: Opener) -> Page:
    """The blast radius of a user who logged on to sixty hosts within a minute."""
    page = opened("/blast")
    box = page.get_by_role("combobox", name="Who or what was compromised?")
    box.fill("corp\\alice")
    page.get_by_role("option", name=re.compile("alice", re.IGNORECASE)).first.wait_for()
    box.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(r"^Reaches \d\d"))).to_be_visible()
    return page


def rows(page: Page) -> int:
    """How many are listed."""
    return page.locator(".blast-tree tbody tr").count()


def test_what_is_reached_is_listed_with_its_path_and_evidence(radius: Page) -> None:
    radius.locator(".branch", has_text=re.compile("SRV10", re.IGNORECASE)).first.click()
    path = radius.locator(".path")
    expect(path).to_contain_text(re.compile(r"alice logged on to SRV10", re.IGNORECASE))
    path.get_by_role("button", name="Evidence").first.click()
    path.locator(".evidence .event").first.click()
    expect(path.locator(".evidence pre")).to_contain_text("alice")


def test_sliders_narrow_it_and_stay_in_the_address(radius: Page) -> None:
    before = rows(radius)
    slider = radius.get_by_label(re.compile("Likelihood from"))
    slider.focus()
    for _ in range(6):
        slider.press("ArrowRight")
    expect(radius).to_have_url(re.compile("least=0.5"))
    expect(radius.locator(".blast-body:not(.stale)")).to_be_visible()
    expect(radius.locator(".blast-tree tbody tr")).not_to_have_count(before)
    assert rows(radius) < before
    window = radius.get_by_label(re.compile("Within"))
    window.focus()
    window.press("ArrowLeft")
    expect(radius).to_have_url(re.compile("window=3d"))


def test_ticking_tells_at_once_what_is_saved(radius: Page) -> None:
    radius.get_by_role("checkbox", name=re.compile("^Contain SRV1.corp", re.IGNORECASE)).check()
    expect(radius.get_by_role("status").get_by_text(re.compile(r"^saves \d+"))).to_be_visible()
    expect(radius.locator(".blast-tree tr.contained")).to_have_count(1)
    radius.get_by_role("checkbox", name="The start itself is contained").check()
    expect(radius.get_by_text(re.compile(r"^0 of \d+ reached still"))).to_be_visible()
    radius.get_by_role("button", name="Untick all").click()
    expect(radius.locator(".blast-tree tr.contained")).to_have_count(0)


def test_steps_are_drawn_from_left_to_right(radius: Page) -> None:
    radius.get_by_role("button", name="Steps").click()
    drawing = radius.get_by_role("img", name=re.compile(r"The \d+ reached by steps"))
    expect(drawing).to_be_visible()
    expect(drawing).to_contain_text("1 step")


def test_backwards_it_tells_what_could_have_led_there(radius: Page) -> None:
    radius.get_by_role("button", name="What could have led to it").click()
    expect(radius).to_have_url(re.compile("back=1"))
    expect(radius.get_by_role("heading", name=re.compile("could have led here"))).to_be_visible()
    expect(radius.get_by_role("heading", name="Containment")).to_have_count(0)


def test_a_time_that_is_none_is_not_asked_for(radius: Page) -> None:
    at = radius.get_by_label("Compromised at (UTC)")
    at.fill("yesterday")
    expect(at).to_have_attribute("aria-invalid", "true")
    at.fill("2024-03-02 00:00")
    at.press("Enter")
    expect(radius).to_have_url(re.compile("at=2024-03-02T00"))
    expect(radius.get_by_text("Nothing, within this time and likelihood.")).to_be_visible()
