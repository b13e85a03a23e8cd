"""The page of a server that demands tokens: it asks for one, keeps it for the tab, and forgets it."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph_hunt.api.access import Access
from graph_hunt.casework.access import Role, create
from graph_hunt.casework.state import State
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.browser.conftest import PATIENCE, served
from tests.written import windows_logon, write_lines


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a server that demands tokens, and a token."""
    settings = Settings(tmp_path / "w")
    with Workspace.open(settings) as workspace:
        workspace.load([write_lines(tmp_path / "logons.json", [windows_logon(1, "alice")])])
    with closing(State.open(settings.state_store)) as state:
        _, token = create(state, role=Role.ANALYST, expires=None, who="test")
    with served(settings, Access(demanded=True)) as address:
        yield address, token


def test_a_token_is_asked_for_and_kept_for_the_tab(browser: Browser, guarded: tuple[str, str]) -> None:
    address, token = guarded
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page: Page = context.new_page()
    page.goto(address)
    page.get_by_label("Token", exact=True).fill("gh_wrong")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("That token is unknown, expired or revoked.")).to_be_visible()
    page.get_by_label("Token", exact=True).fill(token)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("searchbox").fill("alice")
    expect(page.locator(".hits a").first).to_contain_text(re.compile("alice", re.IGNORECASE))
    page.reload()
    expect(page.get_by_role("searchbox")).to_be_visible()
    page.get_by_role("button", name="Forget the token").click()
    expect(page.get_by_label("Token", exact=True)).to_be_visible()
    context.close()
