"""Cases: a template laid out and answered, findings kept and dismissed, evidence pinned, a response, the end."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, Opener


def new_case(page: Page, title: str) -> None:
    """Open an empty case."""
    page.get_by_role("button", name="New case").click()
    page.get_by_role("dialog").get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", level=1, name=re.compile(title))).to_be_visible()


def test_the_phishing_template_is_answered_step_by_step(opened: Opener) -> None:
    page = opened("/cases")
    page.get_by_role("button", name="New case").click()
    page.get_by_label("Laid out by").select_option(label="the phishing template")
    page.get_by_label("Accounts").fill("ann@corp.example")
    page.get_by_role("button", name="Open the case").click()
    page.get_by_role("tab", name="Steps").click()
    automation = page.get_by_role("listitem", name="Mailbox automation")
    automation.get_by_role("button", name="Answer").click()
    expect(automation.get_by_text("found", exact=True)).to_be_visible()
    expect(automation).to_contain_text("forwards its mail to drop@mailhaven.example")
    expect(page.get_by_text("1 of 9 steps answered")).to_be_visible()
    page.get_by_role("button", name="Answer the rest").click()
    expect(page.get_by_text("9 of 9 steps answered")).to_be_visible(timeout=5 * PATIENCE)
    expect(page.get_by_role("listitem", name="Who else received it")).to_contain_text("Not loaded: click")
    page.get_by_role("tab", name="Findings").click()
    finding = page.get_by_role("listitem").filter(has_text="forwards its mail to drop@mailhaven.example").first
    finding.get_by_role("button").first.click()
    finding.get_by_role("button", name="Pin its events").click()
    finding.get_by_role("button", name="Keep").click()
    expect(finding.get_by_text("kept", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Evidence").click()
    expect(page.get_by_role("row").filter(has_text="Mail forwarded").first).to_contain_text("same")
    page.get_by_role("tab", name="Response").click()
    page.get_by_role("button", name="Propose from the findings").click()
    expect(page.get_by_role("row").filter(has_text="ann").first).to_be_visible()
    page.get_by_role("button", name="Take it").first.click()
    expect(page.get_by_text("taken", exact=True)).to_be_visible()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("case.response.add").first).to_be_visible()


def test_a_case_is_kept_from_its_hypothesis_to_its_end(opened: Opener) -> None:
    page = opened("/cases")
    new_case(page, "Odd logons of alice")
    page.get_by_role("button", name="Suppose something").click()
    page.get_by_label("What is supposed").fill("another used her account")
    page.get_by_label("Techniques").fill("T1078")
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Say what became of it").click()
    page.get_by_label("State").select_option("refuted")
    page.get_by_label("Because").fill("she was at work")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("she was at work")).to_be_visible()
    page.get_by_label("A remark").fill("<b>called</b> her")
    page.get_by_label("A remark").press("Enter")
    expect(page.get_by_text("<b>called</b> her")).to_be_visible()
    page.get_by_role("button", name="Close the case").click()
    page.get_by_label("refuted").check()
    page.get_by_role("dialog").get_by_label("What it comes to").fill("Nothing was wrong.")
    page.get_by_role("dialog").get_by_role("button", name="Close the case").click()
    expect(page.get_by_role("button", name="Open again")).to_be_visible()
    page.get_by_role("link", name="← Cases").click()
    page.get_by_role("button", name="Closed").click()
    expect(page.get_by_role("row").filter(has_text="Odd logons of alice")).to_contain_text("refuted")


def test_a_case_report_is_saved_in_the_page_language(opened: Opener) -> None:
    page = opened("/cases")
    new_case(page, "What alice did")
    with page.expect_download() as saved:
        page.get_by_role("group", name="Report").get_by_role("button", name="HTML").click()
    assert "What alice did" in saved.value.path().read_text()


def test_a_finding_of_a_run_is_dismissed_into_a_new_case(opened: Opener) -> None:
    page = opened("/hunts/password-spray")
    page.get_by_role("button", name="Run", exact=True).click()
    finding = page.get_by_role("listitem").filter(has_text="KIOSK7")
    finding.get_by_role("button").first.click()
    finding.get_by_role("button", name="Dismiss").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Case").select_option(label="A new case")
    dialog.get_by_label("Title").fill("Kiosks")
    dialog.get_by_label("Why it does not count").fill("the kiosk's own test")
    dialog.get_by_role("button", name="Dismiss").click()
    finding.get_by_role("link", name=re.compile("dismissed in case")).click()
    page.get_by_role("tab", name="Findings").click()
    expect(page.get_by_role("listitem").filter(has_text="KIOSK7")).to_contain_text("dismissed")
