"""Loading files from the page: sent, loaded with progress, every record accounted for."""

import re

from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Opener
from tests.written import windows_logon

LINES = [*(windows_logon(7000 + number, "zoe") for number in range(50)), '{"EventID": 4624, broken']
LOGONS: FilePayload = {"name": "logons.json", "mimeType": "application/json", "buffer": "\n".join(LINES).encode()}
AGAIN: FilePayload = {"name": "again.json", "mimeType": "application/json", "buffer": LOGONS["buffer"]}
NONSENSE: FilePayload = {"name": "what.bin", "mimeType": "application/octet-stream", "buffer": b"\0\1\2" * 99}


def test_files_are_sent_and_every_record_is_accounted_for(opened: Opener) -> None:
    page = opened("/load")
    page.get_by_label("Choose files").set_input_files([LOGONS, NONSENSE])
    files = page.get_by_role("list", name="Files").get_by_role("listitem")
    logons = files.filter(has=page.get_by_text("logons.json").first)
    expect(logons.get_by_text("loaded").first).to_be_visible()
    expect(logons.get_by_role("img", name="50 records used, 0 not used, 1 quarantined")).to_be_visible()
    expect(logons.get_by_text("not JSON")).to_be_visible()
    nonsense = files.filter(has=page.get_by_text("what.bin").first)
    expect(nonsense.get_by_text("no loader knows it")).to_be_visible()
    page.get_by_role("link", name="Search").first.click()
    page.get_by_role("searchbox").fill("zoe")
    expect(page.get_by_role("link", name=re.compile("zoe")).first).to_be_visible()


def test_what_is_loaded_already_is_not_counted_twice(opened: Opener) -> None:
    page = opened("/load")
    page.get_by_label("Choose files").set_input_files([AGAIN])
    again = page.get_by_role("list", name="Files").get_by_role("listitem").filter(has_text="again.json").first
    expect(again.get_by_text(re.compile("known already")).first).to_be_visible()


def test_files_can_be_dropped(opened: Opener) -> None:
    page = opened("/load")
    content = windows_logon(8000, "yann")
    dropped = page.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'dropped.json')); return data; }",
        content,
    )
    page.locator(".drop").dispatch_event("drop", {"dataTransfer": dropped})
    files = page.get_by_role("list", name="Files")
    expect(files.get_by_role("img", name="1 records used, 0 not used, 0 quarantined")).to_be_visible()
