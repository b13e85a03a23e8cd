"""Running hunts: what a run says beside its findings."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from graph_hunt.errors import HuntError
from graph_hunt.events.store import EventStore
from graph_hunt.graph.store import PURPOSE, Graph, GraphStore
from graph_hunt.hunting import library, runner, visibility
from graph_hunt.hunting.finding import restored
from graph_hunt.hunting.runner import Run
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace.preferences import Preferences
from graph_hunt.workspace.workspace import Workspace
from tests import engines, hunt_cases
from tests.paths import ROOT


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace that holds what fires the hunt remote-execution: four findings."""
    folder = tmp_path_factory.mktemp("workspace")
    workspace = Workspace(folder, Preferences(), EventStore.open(folder / "events"), engines.empty_kglite())
    workspace.load(hunt_cases.telemetry("remote-execution", "fires"))
    return workspace


def run(workspace: Workspace, hunt: str, **options: object) -> Run:
    (chosen,) = library.find([hunt])
    window = resolve(*workspace.span(), since=options.pop("since", None))  # type: ignore[arg-type]
    return runner.run(chosen, workspace.graph, workspace.events.codes(), window=window, **options)  # type: ignore[arg-type]


def test_findings_come_gravest_first_with_names_and_roles(loaded: Workspace) -> None:
    done = run(loaded, "remote-execution")
    assert [finding.level.value for finding in done.findings] == ["high", "high", "high", "medium"]
    first = done.findings[0].as_json()
    assert first["entities"] == [
        {"label": "User", "key": "corp\\adm-bob", "name": "CORP\\adm-bob", "role": "account"},
        {"label": "Host", "key": "ws3", "name": "WS3", "role": "source"},
        {"label": "Host", "key": "srv1.corp.example", "name": "srv1.corp.example", "role": "target"},
    ]
    assert first["first_seen"] == "2024-03-04T09:00:01.200Z"
    assert first["attack"] == ["T1047", "T1021.003", "T1021.006"]
    assert (done.state, done.notes, done.cold_start) == ("done", (), False)


def test_a_row_limit_is_said(loaded: Workspace) -> None:
    done = run(loaded, "remote-execution", limit=2)
    assert len(done.findings) == 2
    assert (done.state, done.notes) == ("cut", ("cut at 2 rows; narrow the window or the scope, or raise the limit",))


def test_a_hunt_that_runs_too_long_is_stopped_and_said(graph_store: GraphStore) -> None:
    slow = library.find(["fan-out"])[0]
    assert slow.cypher.startswith("MATCH")
    text = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a * b = -1 RETURN count(a) AS n"
    hunt = replace(slow, cypher=text)
    codes = {("authentication", "Security/4624"): 1}
    done = runner.run(hunt, graph_store, codes, window=resolve(0, 1), timeout=0.2)
    assert (done.state, done.findings) == ("timed_out", ())
    assert done.notes == ("stopped after 0.2 s; narrow the window or the scope, or allow more time",)


def test_a_hunt_without_its_telemetry_cannot_see_and_says_what_is_missing(loaded: Workspace) -> None:
    done = run(loaded, "remote-service")
    assert (done.state, done.findings) == ("cannot_see", ())
    assert done.notes[0].startswith("cannot see: needs services installed (change: System/7045, Security/4697")
    (missing,) = done.as_json()["cannot_see"]
    assert missing[0]["table"] == "change"
    assert missing[0]["codes"][:2] == ["System/7045", "Security/4697"]
    assert "System 7045" in missing[0]["opens"]


def test_scope_keeps_the_findings_that_touch_it(loaded: Workspace) -> None:
    for key in ("corp\\dan", "ws6.corp.example"):
        done = run(loaded, "remote-execution", scope=[key])
        assert [finding.entities[0].key for finding in done.findings] == ["corp\\dan"]


def test_a_finding_keeps_its_identity_when_the_window_moves(loaded: Workspace) -> None:
    whole = {finding.id for finding in run(loaded, "remote-execution").findings}
    later = {finding.id for finding in run(loaded, "remote-execution", since="2024-03-04T10:00:00Z").findings}
    assert len(whole) == 4
    assert len(later) == 3
    assert later < whole


def test_without_history_a_hunt_that_compares_says_so_and_speaks_lower(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, Preferences(), EventStore.open(tmp_path / "events"), engines.empty_kglite())
    lines = hunt_cases.telemetry("admin-share", "fires")[0].read_text(encoding="utf-8").splitlines()
    (tmp_path / "last.jsonl").write_text("\n".join(line for line in lines if "2024-03-06" in line))
    workspace.load([tmp_path / "last.jsonl"])
    done = run(workspace, "admin-share")
    assert done.cold_start
    assert done.notes == (
        "cold start: less than a day of telemetry, so nothing to compare with; levels and scores are lowered",
    )
    assert [(one.level.value, one.score) for one in done.findings if one.entities[0].key == "corp\\ann"] == [
        ("low", 50.0)
    ]


def test_an_unknown_hunt_is_answered_with_near_ones() -> None:
    with pytest.raises(HuntError, match="no hunt has that id; near it: remote-service"):
        library.find(["remote-servic"])


def test_a_technique_stands_for_its_sub_techniques() -> None:
    assert "remote-service" in {hunt.id for hunt in library.of_technique("T1021")}
    assert "remote-service" in {hunt.id for hunt in library.of_technique("T1021.002")}
    assert "remote-service" not in {hunt.id for hunt in library.of_technique("T1021.001")}


def test_every_kind_of_telemetry_is_needed_by_some_hunt_or_helps_it() -> None:
    named = {name for hunt in library.all_hunts() for name in (*sum(hunt.needs, ()), *hunt.helps)}
    assert named <= set(visibility.catalogue())


def test_a_hunt_outside_the_portable_subset_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bridge.cypher"
    (hunt,) = library.find(["bridge"])
    text = (ROOT / "queries" / hunt.file).read_text(encoding="utf-8")
    file.write_text(text.replace("user.first_seen AS user_since", "timestamp() AS user_since"), encoding="utf-8")
    with pytest.raises(HuntError, match="times: they are integer epoch milliseconds") as caught:
        library.one(file)
    assert caught.value.line == hunt.line + 2


def test_surprise_adds_to_the_score_of_lateral_findings_and_is_told(loaded: Workspace) -> None:
    plain = run(loaded, "remote-execution").findings
    weighed = run(loaded, "remote-execution", surprise=lambda finding: 20.0 if finding.id == plain[2].id else 100.0)
    scores = {finding.id: (finding.score, finding.details["surprise"]) for finding in weighed.findings}
    assert scores[plain[2].id] == (plain[2].score + 10, 20.0)
    assert scores[plain[0].id] == (min(100.0, plain[0].score + 30), 100.0)
    assert [finding.order for finding in weighed.findings] == sorted(finding.order for finding in weighed.findings)


class _Watched:
    """The graph itself, which notes what its queries are said to be for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.purposes: list[str] = []

    def query(self, text: str, parameters: Mapping[str, Any] | None = None, **terms: Any) -> list[dict[str, Any]]:
        self.purposes.append(PURPOSE.get())
        return self._graph.query(text, parameters, **terms)


def test_a_server_is_told_which_hunt_asks(loaded: Workspace) -> None:
    (chosen,) = library.find(["remote-execution"])
    watched = _Watched(loaded.graph)
    runner.run(chosen, watched, loaded.events.codes(), window=resolve(*loaded.span()))
    assert watched.purposes[0] == "hunt remote-execution"
    assert PURPOSE.get() == ""


def test_a_finding_argues_with_itself(loaded: Workspace) -> None:
    done = run(loaded, "remote-execution")
    first = done.findings[0]
    assert first.benign == done.hunt.benign
    assert first.rule_out == done.hunt.rule_out
    said = first.as_json()
    assert said["pull"][1] == {
        "telemetry": "logon",
        "title": "successful logons",
        "codes": ["Security/4624"],
        "about": ["CORP\\adm-bob", "WS3", "srv1.corp.example"],
        "since": "2024-03-04T08:00:01.200Z",
        "until": "2024-03-04T10:00:01.200Z",
    }
    assert [one["telemetry"] for one in said["pull"]] == ["process_started", "logon"]
    assert [one["telemetry"] for one in said["not_evaluable"]] == ["share_access", "service_ticket", "connection"]
    assert said["not_evaluable"][1]["codes"][0] == "Security/4769"
    assert said["not_evaluable"][1]["opens"].startswith("Domain controllers: Audit Kerberos Service Ticket Operations")
    assert restored(orjson.loads(orjson.dumps(asdict(first)))) == first


def test_a_finding_kept_by_an_earlier_version_is_given_back(loaded: Workspace) -> None:
    first = asdict(run(loaded, "remote-execution").findings[0])
    for later in ("benign", "rule_out", "pull", "not_evaluable", "tactic"):
        del first[later]
    assert restored(first).benign == ()
