"""The hunts' screens: the library, a hunt's form, a run as it goes, findings as table and graph."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Opener


def test_the_library_says_what_can_see_and_why_the_rest_cannot(opened: Opener) -> None:
    page = opened("/hunts")
    library = page.get_by_role("complementary", name="Library")
    expect(library.get_by_role("region", name="Credential access")).to_contain_text("Passwords of many accounts")
    library.get_by_role("button", name="Cannot see").click()
    expect(library.get_by_text("Passwords of many accounts")).to_have_count(0)
    library.get_by_role("link", name="Directory replicated by something that is no domain controller").click()
    expect(page.get_by_role("heading", name="cannot see")).to_be_visible()
    expect(page.get_by_text("Domain controllers:")).to_be_visible()


def test_words_and_techniques_narrow_the_library(opened: Opener) -> None:
    page = opened("/hunts")
    library = page.get_by_role("complementary", name="Library")
    library.get_by_role("searchbox").fill("T1003.006 controller")
    expect(library.get_by_role("listitem")).to_have_count(1)
    library.get_by_role("searchbox").fill("qwxz")
    expect(library.get_by_text("No hunt is like that.")).to_be_visible()


def test_a_hunt_is_run_by_the_form_of_its_header(opened: Opener) -> None:
    page = opened("/hunts/password-spray")
    accounts = page.get_by_label("min_accounts")
    expect(accounts).to_have_value("5")
    expect(page.get_by_label("within")).to_have_value("4h")
    accounts.fill("many")
    expect(page.get_by_text("This must be a whole number.")).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    accounts.fill("8")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("1 of 1 hunts")).to_be_visible()
    findings = page.get_by_role("region", name="Findings")
    spray = findings.get_by_role("button", name=re.compile("10 accounts that were never let in from KIOSK7"))
    spray.click()
    findings.get_by_role("button", name=re.compile("KIOSK7.*failure")).first.click()
    expect(findings.get_by_text("Original record")).to_be_visible()
    expect(findings.locator("pre")).to_contain_text('"EventID"')


def test_findings_are_shown_as_a_graph_too(opened: Opener) -> None:
    page = opened("/hunts/password-spray")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Graph").click()
    drawing = page.get_by_role("group", name="Findings as a graph")
    expect(drawing.get_by_role("link", name="host KIOSK7")).to_be_visible()
    drawing.get_by_role("link", name="host KIOSK7").press("Enter")
    expect(page).to_have_url(re.compile("#/entity/"))


def test_all_that_can_see_run_together(opened: Opener) -> None:
    page = opened("/hunts")
    page.get_by_role("button", name=re.compile("Run all")).click()
    expect(page.get_by_role("status").get_by_text("done")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^high \d")).click()
    expect(
        page.get_by_role("region", name="Findings").get_by_role("listitem").get_by_text("low", exact=True)
    ).to_have_count(0)
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", name="Latest runs")).to_be_visible()
