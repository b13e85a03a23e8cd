"""Timelines: events counted by bucket and table, each once, in the span that was asked for."""

from collections.abc import Iterator

import pytest

from graph_hunt.errors import ParameterError
from graph_hunt.graph.entity import Entity
from graph_hunt.hunting.timeline import Count, events_of, timeline
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.written import windows_logon, write_lines

NOON = 1_709_294_400_000
ALICE, BOB = Entity("User", "corp\\alice", "alice"), Entity("User", "corp\\bob", "bob")
SRV2 = Entity("Host", "srv2.corp.example", "SRV2")


@pytest.fixture(scope="module")
def workspace(module_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Logons of two accounts within two minutes."""
    folder = tmp_path_factory.mktemp("timeline")
    lines = [
        windows_logon(1, "alice"),
        windows_logon(2, "alice", target="SRV2.corp.example"),
        windows_logon(61, "alice"),
        windows_logon(3, "bob", target="SRV2.corp.example"),
    ]
    with Workspace.open(module_settings) as opened:
        opened.load([write_lines(folder / "logons.json", lines)])
        yield opened


@pytest.mark.parametrize(
    ("entities", "counts"),
    [
        ([ALICE], [(0, 2), (60_000, 1)]),
        ([BOB], [(0, 1)]),
        ([SRV2], [(0, 2)]),
        ([ALICE, SRV2], [(0, 3), (60_000, 1)]),
        ([Entity("Mailbox", "a@corp.example", "a")], []),
    ],
)
def test_events_are_counted_once(workspace: Workspace, entities: list[Entity], counts: list[tuple[int, int]]) -> None:
    found = timeline(workspace, entities, NOON, NOON + 3_600_000, 60_000)
    assert found == [Count(NOON + at, "authentication", count) for at, count in counts]


def test_a_span_ends_before_its_end(workspace: Workspace) -> None:
    (found,) = timeline(workspace, [ALICE], NOON + 2_000, NOON + 61_000, 60_000)
    assert found == Count(NOON, "authentication", 1)


@pytest.mark.parametrize(
    ("entity", "until", "bucket"),
    [
        (ALICE, NOON, 60_000),
        (ALICE, NOON + 10, 10),
        (ALICE, NOON + 86_400_000, 1_000),
        (Entity("File", "f", "f"), 1, 1),
    ],
)
def test_what_makes_no_timeline_is_refused(workspace: Workspace, entity: Entity, until: int, bucket: int) -> None:
    with pytest.raises(ParameterError):
        timeline(workspace, [entity], NOON, until, bucket)


def test_the_ledger_is_kept_until_the_events_change(workspace: Workspace) -> None:
    assert workspace.ledger() is workspace.ledger()


def test_events_are_listed_in_order_of_time_by_pages(workspace: Workspace) -> None:
    first, total = events_of(workspace, [ALICE], NOON, NOON + 3_600_000, limit=2)
    rest, _ = events_of(workspace, [ALICE], NOON, NOON + 3_600_000, limit=2, skip=2)
    times = [row["time"] - NOON for row in workspace.events.evidence(first + rest)]
    assert (len(first), len(rest), total, times) == (2, 1, 3, [1_000, 2_000, 61_000])


def test_events_of_tables_that_hold_none_are_none(workspace: Workspace) -> None:
    assert events_of(workspace, [ALICE], NOON, NOON + 3_600_000, tables=["process"]) == ([], 0)
    with pytest.raises(ParameterError, match="is no event table"):
        events_of(workspace, [ALICE], NOON, NOON + 3_600_000, tables=["'"])
