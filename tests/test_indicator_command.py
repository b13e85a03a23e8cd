"""`indicator`: imported, met in the past and in what is loaded later, and in the graph, once."""

from pathlib import Path

from graph_hunt.casework.indicators.drawing import draw
from graph_hunt.casework.indicators.hunt import hunt
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.repository import give
from graph_hunt.casework.indicators.value import read
from graph_hunt.casework.state import State
from graph_hunt.graph import projection
from graph_hunt.graph.store import GraphStore
from tests.commands import answer, run
from tests.telemetry import add, stored

SIGN_IN = {
    "time": 1_000, "code": "t", "kind": "sign_in", "outcome": "success", "user_upn": "ann@corp.example",
    "source_ip": "198.51.100.7",
}  # fmt: skip
EDGES = (
    "MATCH (one:Indicator)-[met:MATCHES]->(address:IP) RETURN one.key AS indicator, address.key AS address, "
    "met.count AS times, met.first_seen AS first, met.last_seen AS last ORDER BY indicator"
)


def test_what_was_met_is_in_the_graph_once_and_grows_and_outlives_a_rebuild(
    tmp_path: Path, graph_store: GraphStore
) -> None:
    events = stored(tmp_path, [("authentication", SIGN_IN)])
    state = State.open(tmp_path / "state.db")
    give(state, [Indicator(read("198.51.100.0/24"))], who="me")
    projection.apply(events, graph_store, tmp_path / "deltas")
    edge = {"indicator": "network|198.51.100.0/24", "address": "198.51.100.7", "times": 1, "first": 1_000}
    edge["last"] = 1_000
    for _ in range(2):
        hunt(state, events)
        draw(state, graph_store)
        assert graph_store.query(EDGES) == [edge]
    add(events, tmp_path, [("authentication", {**SIGN_IN, "time": 9_000})])
    projection.apply(events, graph_store, tmp_path / "deltas")
    hunt(state, events)
    draw(state, graph_store)
    assert graph_store.query(EDGES) == [{**edge, "times": 2, "last": 9_000}]
    projection.rebuild(events, graph_store, tmp_path / "deltas")
    draw(state, graph_store)
    assert graph_store.query(EDGES) == [{**edge, "times": 2, "last": 9_000}]
    state.close()


def test_a_list_is_imported_and_shown_and_its_bad_line_is_said(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("hxxp://evil[.]example/a\n???\n")
    done = run("indicator", "import", tmp_path / "list.txt", "--source", "CERT", "-w", tmp_path / "case")
    assert (done.returncode, done.stdout) == (1, "indicators: 1 new, 0 changed, 0 known; 0 new sightings\n")
    assert "list.txt:2: '???' is no value" in done.stderr
    [one] = answer("indicator", "list", "--json", "-w", tmp_path / "case")
    assert (one["kind"], one["value"], one["sources"]) == ("url", "http://evil.example/a", ["CERT"])


def test_what_is_loaded_later_is_looked_through_and_a_rebuild_keeps_it(tmp_path: Path) -> None:
    case = tmp_path / "case"
    run("indicator", "add", "10.0.0[.]0/8", "-w", case)
    log = "Aug  6 10:00:00 web sshd[7]: Accepted password for ann from 10.1.2.3 port 22 ssh2\n"
    (tmp_path / "auth.log").write_text(log)
    done = run("load", tmp_path / "auth.log", "--year", "2026", "-w", case)
    assert "indicators: 1 new sighting; " in done.stderr
    assert "new sighting" not in run("load", tmp_path / "auth.log", "--year", "2026", "-w", case).stderr
    assert run("rebuild", "-w", case).returncode == 0
    assert run("indicator", "match", "-w", case).stdout == "0 new sightings\n"
    [one] = answer("indicator", "list", "--json", "-w", case)
    assert one["sightings"] == 1
    assert "1 Indicator" in run("status", "-w", case).stdout
