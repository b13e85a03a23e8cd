"""Detections and their alerts as they are raised, and indicators with where they were met."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, Opener


def test_an_alert_appears_while_one_looks_and_is_settled(opened: Opener) -> None:
    watching = opened("/detections")
    expect(watching.get_by_text("new ones appear by themselves")).to_be_visible()
    page = opened("/hunts/external-forwarding")
    page.get_by_role("link", name="Have it run by itself").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What it finds at first was known before").uncheck()
    dialog.get_by_role("button", name="Add a detection").click()
    expect(page.get_by_role("listitem", name="external-forwarding")).to_be_visible()
    page.get_by_role("button", name="Run what is due").click()
    alert = watching.get_by_role("listitem").filter(has_text="forwards its mail to drop@mailhaven.example")
    expect(alert.get_by_text("new", exact=True)).to_be_visible(timeout=2 * PATIENCE)
    alert.get_by_role("button").first.click()
    alert.get_by_role("button", name="Acknowledge").click()
    expect(alert.get_by_text("acknowledged")).to_be_visible()
    alert.get_by_role("button", name="Close the alert").click()
    closing = watching.get_by_role("dialog")
    closing.get_by_label("true, and harmless").check()
    closing.get_by_label("What was found out").fill("her own mailbox")
    closing.get_by_role("button", name="Close the alert").click()
    expect(alert.get_by_text("closed", exact=True)).to_be_visible()
    watching.get_by_role("button", name="Closed", exact=True).click()
    expect(watching.get_by_role("listitem").filter(has_text="drop@mailhaven.example").first).to_be_visible()


def test_a_detection_is_switched_off_and_removed(opened: Opener) -> None:
    page = opened("/detections/detections?hunt=password-spray")
    page.get_by_label("Name").fill("spray")
    page.get_by_role("dialog").get_by_role("button", name="Add a detection").click()
    spray = page.get_by_role("listitem", name="spray")
    switch = spray.get_by_role("switch", name="spray is switched on")
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    spray.get_by_role("button", name="Remove").click()
    spray.get_by_role("button", name="Remove for good?").click()
    expect(spray).to_have_count(0)


def test_indicators_are_given_and_say_where_they_were_met(opened: Opener, tmp_path: Path) -> None:
    page = opened("/detections/indicators")
    page.get_by_role("button", name="Give indicators").click()
    page.get_by_role("textbox", name="Indicators").fill("198.51.100[.]7\nno indicator")
    page.get_by_label("Who says so").fill("CERT")
    page.get_by_role("button", name="Take them").click()
    told = page.get_by_role("dialog").get_by_role("status")
    expect(told).to_contain_text("1 new, 0 changed, 0 known already")
    expect(told).to_contain_text("'no indicator' is no value")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("198.51.100.7: met in")).click()
    expect(page.get_by_role("dialog").get_by_role("button", name=re.compile("198.51.100.7")).first).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    download.value.save_as(tmp_path / "indicators.csv")
    assert "198.51.100.7" in (tmp_path / "indicators.csv").read_text()
