"""The drawn graph, worked on by its panel and table, and by the mouse on the drawing itself."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener


def beginning(page: Page, name: str) -> None:
    """Begin the drawing with an entity."""
    box = page.get_by_role("combobox", name="Add an entity")
    box.fill(name)
    page.get_by_role("option", name=re.compile(re.escape(name), re.IGNORECASE)).first.wait_for()
    box.press("Enter")
    expect(page.locator(".graph-panel h2")).to_have_text(re.compile(re.escape(name), re.IGNORECASE))


@pytest.fixture
def graph(opened: Opener) -> Page:
    """A drawing with a user whose logons are unfolded: some hosts, and a group of the others."""
    page = opened("/graph")
    beginning(page, "corp\\alice")
    page.locator(".graph-panel .relation", has_text="logged on to").click()
    expect(page.get_by_role("img", name=re.compile("14 entities and 13 lines"))).to_be_visible()
    return page


def table(page: Page) -> None:
    page.get_by_role("tab", name=re.compile("Table")).click()


def alone(page: Page) -> tuple[float, float]:
    """Go back to the first entity, and say where it stands: in the middle of the drawing."""
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("img", name=re.compile("1 entities"))).to_be_visible()
    expect(page.get_by_role("region", name="Time")).to_have_count(0)
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_counts_come_first_and_what_is_left_out_is_said(graph: Page) -> None:
    expect(graph.locator(".graph-panel")).to_contain_text(re.compile(r"Showing 12 of \d+"))
    expect(graph.get_by_role("complementary", name="Legend")).to_contain_text("more entities stand in groups")
    table(graph)
    expect(graph.locator(".graph-panel")).to_contain_text(re.compile(r"\d+ more: Host"))


def test_a_group_unfolds_step_by_step_and_undoing_goes_back(graph: Page) -> None:
    table(graph)
    graph.get_by_role("button", name=re.compile("more: Host")).first.click()
    graph.get_by_role("button", name="Unfold more of them").click()
    expect(graph.get_by_role("img", name=re.compile("39 entities"))).to_be_visible()
    graph.get_by_role("button", name="Undo").click()
    expect(graph.get_by_role("img", name=re.compile("14 entities"))).to_be_visible()
    graph.get_by_role("button", name="Redo").click()
    expect(graph.get_by_role("img", name=re.compile("39 entities"))).to_be_visible()


def test_a_line_shows_its_raw_events(graph: Page) -> None:
    table(graph)
    graph.locator("tr", has_text="logged on to").locator("button.cell").first.click()
    expect(graph.locator(".acts li").first).to_be_visible()
    graph.locator(".evidence .event").first.click()
    expect(graph.locator(".evidence pre")).to_contain_text("alice")


def test_time_filters_the_lines_and_plays(graph: Page) -> None:
    slider = graph.get_by_role("slider", name="Span of time")
    slider.focus()
    slider.press("ArrowRight")
    expect(graph.get_by_role("img", name=re.compile("and 13 lines"))).to_have_count(0)
    graph.get_by_role("button", name="All of it").click()
    expect(graph.get_by_role("img", name=re.compile("and 13 lines"))).to_be_visible()
    graph.get_by_role("button", name="Play").click()
    expect(graph.get_by_role("button", name="All of it")).to_be_visible()
    graph.get_by_role("button", name="Pause").click()


def test_hiding_keeping_and_kinds(graph: Page) -> None:
    legend = graph.get_by_role("complementary", name="Legend")
    legend.get_by_role("button", name=re.compile("Host")).click()
    expect(graph.get_by_role("img", name=re.compile("1 entities and 0 lines"))).to_be_visible()
    legend.get_by_role("button", name="Show all kinds").click()
    table(graph)
    boxes = graph.locator(".graph-panel input[type=checkbox]")
    boxes.nth(1).check()
    boxes.nth(2).check()
    # The first entity is chosen still.
    graph.get_by_role("button", name="3 entities").click()
    expect(graph.get_by_role("heading", name="3 entities")).to_be_visible()
    graph.get_by_role("button", name="Hide", exact=True).click()
    expect(legend.get_by_role("button", name="Show the 3 hidden")).to_be_visible()
    expect(graph.get_by_role("img", name=re.compile("11 entities"))).to_be_visible()


def test_a_way_between_two_goes_forward_in_time(graph: Page) -> None:
    table(graph)
    graph.locator(".graph-panel input[type=checkbox]").nth(1).check()
    graph.get_by_role("button", name="2 entities").click()
    graph.get_by_role("button", name=re.compile(r"From corp\\alice", re.IGNORECASE)).click()
    expect(graph.get_by_text(re.compile(r"\d+ steps?, likelihood \d+"))).to_be_visible()


def test_the_menu_offers_relations_and_hunts(graph: Page) -> None:
    graph.mouse.click(*alone(graph), button="right")
    menu = graph.get_by_role("menu", name=re.compile("alice", re.IGNORECASE))
    expect(menu.get_by_role("menuitem", name=re.compile("logged on to"))).to_be_visible()
    expect(menu).to_contain_text("Hunt for it")
    graph.keyboard.press("Escape")
    expect(menu).to_have_count(0)


def test_a_link_brings_the_same_drawing(graph: Page, opened: Opener) -> None:
    graph.context.grant_permissions(["clipboard-read", "clipboard-write"])
    graph.get_by_role("button", name="Copy a link to this view").click()
    expect(graph.get_by_role("button", name="Copy a link to this view")).to_contain_text("Copied")
    link = graph.evaluate("navigator.clipboard.readText()")
    other = opened(link.partition("#")[2])
    expect(other.get_by_role("img", name=re.compile("14 entities and 13 lines"))).to_be_visible()


def test_the_drawing_is_exported(graph: Page, tmp_path: Path) -> None:
    contents = {}
    for name in ("PNG", "SVG", "GraphML", "CSV"):
        graph.get_by_role("button", name="Export").click()
        with graph.expect_download() as download:
            graph.get_by_role("menuitem", name=re.compile(name)).click()
        path = tmp_path / name
        download.value.save_as(path)
        contents[name] = path.read_bytes()
    assert contents["PNG"].startswith(b"\x89PNG")
    assert ElementTree.fromstring(contents["SVG"]).tag.endswith("svg")
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    drawn = ElementTree.fromstring(contents["GraphML"])
    assert len(drawn.findall(".//g:node", space)) == 14
    assert len(drawn.findall(".//g:edge", space)) == 13
    lines = contents["CSV"].decode().splitlines()
    assert lines[0] == "source,source_kind,relation,target,target_kind,first_seen,last_seen,count,failed"
    assert len(lines) == 13


def test_a_dragged_entity_stays_where_it_was_put(graph: Page) -> None:
    x, y = alone(graph)
    graph.mouse.move(x, y)
    graph.mouse.down()
    graph.mouse.move(x + 90, y + 60, steps=5)
    graph.mouse.up()
    graph.mouse.click(x + 90, y + 60)
    expect(graph.locator(".graph-panel .badge", has_text="pinned")).to_be_visible()


def test_a_view_is_saved_to_a_case_and_drawn_again_from_there(graph: Page) -> None:
    graph.get_by_role("button", name="Save", exact=True).click()
    dialog = graph.get_by_role("dialog", name="Save this view to a case")
    dialog.get_by_label("Name").fill("alice's logons")
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("link", name="To the case").click()
    graph.get_by_role("link", name="alice's logons").click()
    expect(graph.get_by_role("img", name=re.compile("14 entities and 13 lines"))).to_be_visible()
