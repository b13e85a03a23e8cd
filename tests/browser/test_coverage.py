"""The coverage screen: ATT&CK's matrix, what is seen of it, and what would open more."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Opener


def test_the_matrix_says_what_is_seen_and_why_the_rest_is_not(opened: Opener) -> None:
    page = opened("/coverage")
    matrix = page.get_by_role("group", name="ATT&CK matrix")
    credentials = matrix.get_by_role("region", name="Credential access")
    expect(credentials.get_by_role("button", name="T1110.003 Password Spraying: seen")).to_be_visible()
    credentials.get_by_role("button", name=re.compile("T1558.003 Kerberoasting: its hunts cannot see")).click()
    chosen = page.get_by_role("region", name="Kerberoasting")
    expect(chosen).to_contain_text("Kerberos service tickets")
    expect(page).to_have_url(re.compile("#/coverage/T1558.003"))
    chosen.get_by_role("link", name=re.compile("Service tickets|tickets")).first.click()
    expect(page).to_have_url(re.compile("#/hunts/kerberoast"))


def test_techniques_without_a_hunt_are_shown_when_asked_for(opened: Opener) -> None:
    page = opened("/coverage")
    expect(page.get_by_text("No hunt looks for a technique of:")).to_contain_text("Reconnaissance")
    page.get_by_label("Techniques that no hunt looks for, too").check()
    expect(page.get_by_role("region", name="Reconnaissance").get_by_role("button").first).to_be_visible()
    expect(page.get_by_text("No hunt looks for a technique of:")).to_have_count(0)


def test_the_matrix_is_saved_for_the_navigator(opened: Opener, tmp_path: Path) -> None:
    page = opened("/coverage")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save for the ATT&CK Navigator").click()
    download.value.save_as(tmp_path / "layer.json")
    layer = json.loads((tmp_path / "layer.json").read_text())
    assert layer["domain"] == "enterprise-attack"
    assert "T1110.003" in {one["techniqueID"] for one in layer["techniques"]}
