"""The map of sign-ins: countries with their counts, the high-risk ones marked, who came from one."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener


def test_countries_are_marked_and_tell_who_came_from_them(opened: Opener) -> None:
    page = opened("/map")
    world = page.get_by_role("group", name="Map of the world")
    korea = world.get_by_role("button", name="North Korea: 4 sign-ins of 2 accounts, high risk")
    expect(world.get_by_role("button", name=re.compile("high risk"))).to_have_count(1)
    korea.click()
    told = page.get_by_role("region", name="Who signed in from: North Korea")
    expect(told.get_by_role("row")).to_have_count(4)
    expect(page).to_have_url(re.compile("#/map/KP"))
    told.get_by_role("link", name="175.45.176.98").click()
    expect(page).to_have_url(re.compile("#/entity/"))


def test_the_table_says_what_the_map_does(opened: Opener) -> None:
    page = opened("/map")
    row = page.get_by_role("row", name=re.compile("France"))
    expect(row.get_by_role("cell").nth(1)).to_have_text("1")
    row.get_by_role("button", name="France").click()
    expect(page.get_by_role("region", name="Who signed in from: France")).to_contain_text("dan@corp.example")


def test_the_map_is_narrowed_to_an_account(opened: Opener) -> None:
    page = opened("/map")
    page.get_by_label("Account", exact=True).fill("dan@corp.example")
    page.get_by_label("Account", exact=True).press("Enter")
    expect(page.get_by_text("From 1 country.")).to_be_visible()
    page.get_by_label("Account", exact=True).fill("nobody@corp.example")
    page.get_by_label("Account", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("nobody@corp.example")
