"""Sigma rules mean here what they mean elsewhere, run over what is loaded, and hunts are written as ones."""

import json
from pathlib import Path

import pytest
import yaml
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule

from graph_hunt.casework.after import after_change
from graph_hunt.casework.detections import alerts, repository
from graph_hunt.casework.detections.detection import Detection, Kind
from graph_hunt.casework.sigma import rules
from graph_hunt.casework.sigma.export import exported, of_hunt, templates
from graph_hunt.casework.sigma.rules import Refused, Rule
from graph_hunt.casework.sigma.running import run
from graph_hunt.casework.state import State
from graph_hunt.errors import InputError
from graph_hunt.events.store import EventStore
from graph_hunt.graph.store import GraphStore
from graph_hunt.hunting import library
from graph_hunt.workspace import Workspace
from graph_hunt.workspace.preferences import Preferences
from tests import engines, hunt_cases
from tests.commands import answer
from tests.commands import run as command
from tests.telemetry import add

HEAD = """title: A rule
id: 5b2f2f7e-6b0e-4d0a-9a52-8d8f5a0f0a01
status: test
level: high
tags: [attack.t1059.001, attack.execution]
"""
PROCESSES = "logsource: {product: windows, category: process_creation}\n"


def rule(detection: str, logsource: str = PROCESSES) -> str:
    return f"{HEAD}{logsource}detection: {detection}\n"


def process(number: int, image: str | None, command: str | None, **more: object) -> tuple[str, dict[str, object]]:
    row = {"time": number, "kind": "start", "host": "pc1", "user": "ann", "user_domain": "CORP", "pid": number}
    return "process", {**row, "code": "Sysmon/1", "image": image, "command_line": command, **more}


ROWS = [
    process(
        1,
        r"C:\Windows\System32\cmd.exe",
        "cmd /c WhoAmI",
        integrity="high",
        raw='{"Event":{"EventData":{"Company":"Microsoft"}}}',
    ),
    process(
        2, r"C:\Tools\evil's 100%_a.exe", "a" * 50, parent_image=r"C:\Tools\evil's 100%_a.exe", raw='{"Company":"Evil"}'
    ),
    process(3, "/usr/bin/python3", "python3 -c x", raw="{broken"),
    process(4, None, None, raw="<Event><Data Name='Company'>Microsoft</Data></Event>"),
    process(5, r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", "-enc 10.1.2.3", pid=500),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Five processes, and what Security said."""
    root = tmp_path_factory.mktemp("sigma")
    made = Workspace(root, Preferences(), EventStore.open(root / "events"), engines.empty_kglite())
    security = {
        "time": 6,
        "code": "Security/4662",
        "kind": "directory",
        "host": "dc1",
        "user": "ann",
        "user_domain": "CORP",
    }
    raw = '{"EventID":4662,"SubjectUserName":"ann","Properties":"{1131f6aa-9c07-11d1-f79f-00c04fc2dcd2}"}'
    add(made.events, root, [*ROWS, ("access", {**security, "raw": raw})])
    made.apply()
    return made


@pytest.mark.parametrize(
    ("detection", "found"),
    [
        (r"{s: {Image|endswith: '\CMD.exe'}, condition: s}", [1]),
        ("{s: {CommandLine|contains: whoami}, condition: s}", [1]),
        ("{s: {CommandLine|contains|cased: whoami}, condition: s}", []),
        (r"{s: {Image|startswith: 'c:\windows\'}, condition: s}", [1, 5]),
        (r"{s: {Image: 'C:\\*\cmd.ex?'}, condition: s}", [1]),
        (r"{s: {Image|contains: 'evil''s 100%_a'}, condition: s}", [2]),
        (r"{s: {Image|contains: '100?_a'}, condition: s}", [2]),
        (r"{s: {Image|contains: '10%_'}, condition: s}", []),
        ("{s: {CommandLine|re: '^a{40,}$'}, condition: s}", [2]),
        ("{s: {CommandLine|re|i: 'WHOAMI$'}, condition: s}", [1]),
        ("{s: {Image|fieldref: ParentImage}, condition: s}", [2]),
        ("{s: {CommandLine: null}, condition: s}", [4]),
        ("{s: {CommandLine|exists: true}, f: {IntegrityLevel: high}, condition: s and not f}", [2, 5]),
        ("{s: {ProcessId|gte: 5}, condition: s}", [5]),
        ("{s: {ProcessId: 500}, condition: s}", [5]),
        ("{s: {Company: Microsoft}, condition: s}", [1, 4]),
        ("{s: {Company: [Evil, Other]}, condition: s}", [2]),
        ("{s: {CommandLine|contains|all: [cmd, whoami]}, condition: s}", [1]),
        ("{s: {User: 'corp\\ann'}, f: {Company: Microsoft}, condition: s and not f}", [2, 5]),
        ("{a: {Company: Evil}, b: {ProcessId: 500}, condition: 1 of *}", [2, 5]),
        ("{keywords: [MICROSOFT], condition: keywords}", [1, 4]),
        ('{s: {Image|contains: "\' OR 1=1 --"}, condition: s}', []),
        ("{s: {Nothing: x}, condition: not s}", [1, 2, 4, 5]),
    ],
)
def test_a_rule_finds_what_it_says(workspace: Workspace, detection: str, found: list[int]) -> None:
    [ran] = run(workspace, [rules.one(rule(detection))])
    assert (ran.state, ran.problem) == ("done", "")
    times = [row["time"] for finding in ran.findings for row in workspace.events.evidence(finding.evidence)]
    assert sorted(times) == found


def test_linux_and_builtin_logs_have_rules_of_their_own(workspace: Workspace) -> None:
    linux = rule(
        "{s: {Image|endswith: /python3}, condition: s}", "logsource: {product: linux, category: process_creation}\n"
    )
    builtin = rule(
        "{s: {EventID: 4662, Properties|contains: 1131f6aa-9c07}, condition: s}",
        "logsource: {product: windows, service: security}\n",
    )
    one, other = run(workspace, [rules.one(linux), rules.one(builtin)])
    assert (one.events, other.events) == (1, 1)
    [finding] = other.findings
    assert (finding.hunt, finding.level.value, finding.attack) == (
        "sigma:5b2f2f7e-6b0e-4d0a-9a52-8d8f5a0f0a01", "high", ("T1059.001",),
    )  # fmt: skip
    assert [(entity.label, entity.key, entity.role) for entity in finding.entities] == [
        ("User", "corp\\ann", "account"), ("Host", "dc1.corp.example", "host"),
    ]  # fmt: skip


CLOUD = "logsource: {product: aws, service: cloudtrail}\n"
CORRELATION = """---
title: c
correlation: {type: event_count, rules: [a], group-by: [User], timespan: 1h, condition: {gte: 2}}
"""


def test_the_rules_of_a_correlation_run_and_it_does_not() -> None:
    text = rule("{s: {CommandLine: x}, condition: s}").replace("status: test", "name: a") + CORRELATION
    found = list(rules.read(text, "there"))
    assert [one.why for one in found if isinstance(one, Refused)] == ["correlations of rules do not run here"]
    assert [one.title for one in found if isinstance(one, Rule)] == ["A rule"]


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        (rule("{s: {A: b}, condition: s}", CLOUD), "not_kept", "no events of aws/*/cloudtrail are kept"),
        (rule("{s: {A: b}, condition: s and}"), "not_converted", "Expected"),
        (rule("{s: {CommandLine|expand: '%x%'}, condition: s}"), "not_converted", "placeholder"),
        (rule("{s: {\"a' OR 1=1\": b}, condition: s}"), "not_converted", "is no field's name"),
        (rule("{s: {CommandLine|re: '(?=a)a'}, condition: s}"), "malformed", "invalid perl operator"),
        ("title: [", "malformed", ""),
        ("title: x\nlogsource: {product: windows}\n", "malformed", ""),
        ("!!python/object/apply:os.system [id]", "malformed", ""),
        ("just text", "malformed", ""),
    ],
)  # fmt: skip
def test_what_does_not_run_here_says_why(text: str, kind: str, why: str) -> None:
    [refused] = rules.read(text, "there")
    assert isinstance(refused, Refused)
    assert (refused.kind, why in refused.why) == (kind, True), refused.why
    with pytest.raises(InputError):
        rules.one(text)


def test_a_rule_is_a_detection(graph_store: GraphStore, tmp_path: Path) -> None:
    root = tmp_path / "w"
    made = Workspace(root, Preferences(), EventStore.open(root / "events"), graph_store)
    state = State.open(tmp_path / "state.db")
    text = rule(r"{s: {Image|endswith: '\cmd.exe'}, condition: s}")
    repository.add(state, Detection("cmd", Kind.SIGMA, text, "A rule", {}), who="me")
    for number in (1, 5):
        add(made.events, tmp_path, [ROWS[number - 1]])
        made.apply()
        after_change(made, state)
    found, _ = alerts.alerts(state)
    assert [one.finding.summary for one in found] == ["A rule: CORP\\ann on pc1, 1 event"]
    assert exported(repository.get(state, "cmd"), root, state).text == text
    with pytest.raises(InputError, match="no events of aws"):
        other = rule("{s: {A: b}, condition: s}", CLOUD)
        repository.add(state, Detection("no", Kind.SIGMA, other, "", {}), who="me")
    state.close()


@pytest.mark.parametrize("hunt", templates())
def test_a_hunt_that_can_be_written_is_sigma(hunt: str) -> None:
    written = of_hunt(hunt)
    found = SigmaCollection.from_yaml(written.text)
    found.resolve_rule_references()
    assert [str(error) for one in found.rules for error in one.errors] == []
    assert written.lost
    levels = [str(one.level).lower() for one in found.rules if not isinstance(one, SigmaCorrelationRule)]
    correlations = [one for one in found.rules if isinstance(one, SigmaCorrelationRule)]
    assert all(level == "informational" for level in levels) == bool(correlations)
    for one in found.rules:
        if not isinstance(one, SigmaCorrelationRule):
            assert isinstance(rules.one(yaml.safe_dump(one.to_dict())), Rule)


def test_what_is_in_order_is_written_as_in_order_with_its_parameters() -> None:
    documents = list(yaml.safe_load_all(of_hunt("brute-force", {"min_failures": 7, "within": "90m"}).text))
    assert [one.get("correlation", {}).get("type") for one in documents] == [
        None,
        None,
        "event_count",
        "temporal_ordered",
    ]
    assert documents[2]["correlation"] == {
        "type": "event_count", "rules": ["brute_force_refused"], "group-by": ["TargetUserName", "IpAddress"],
        "timespan": "1h", "condition": {"gte": 7},
    }  # fmt: skip
    assert documents[3]["correlation"]["timespan"] == "90m"
    assert documents[3]["correlation"]["rules"] == ["brute_force_many_refused", "brute_force_let_in"]


def test_every_template_is_a_hunt_and_what_has_none_says_why() -> None:
    assert set(templates()) <= {hunt.id for hunt in library.all_hunts()}
    assert of_hunt("first-logon").lost == ("it compares with history, which Sigma has no words for",)
    assert of_hunt("bridge").text == ""


@pytest.mark.parametrize("hunt", ["dcsync", "office-spawns-shell", "log-cleared"])
def test_what_is_written_finds_what_the_hunt_finds(hunt: str, tmp_path: Path) -> None:
    made = Workspace(tmp_path, Preferences(), EventStore.open(tmp_path / "events"), engines.empty_kglite())
    made.load(hunt_cases.telemetry(hunt, "fires"))
    chosen = [one for one in rules.read(of_hunt(hunt).text, hunt) if isinstance(one, Rule)]
    assert sum(ran.events for ran in run(made, chosen)) > 0


def test_rules_are_checked_run_kept_and_written_on_the_command_line(tmp_path: Path) -> None:
    case, folder = tmp_path / "case", tmp_path / "rules"
    folder.mkdir()
    (folder / "good.yml").write_text(
        rule("{keywords: ['Failed password'], condition: keywords}", "logsource: {product: linux, service: sshd}\n")
    )
    (folder / "other.yml").write_text(rule("{s: {A: b}, condition: s}", CLOUD))
    log = "Aug  6 10:00:00 web sshd[7]: Failed password for ann from 10.1.2.3 port 22 ssh2\n"
    (tmp_path / "auth.log").write_text(log)
    assert command("load", tmp_path / "auth.log", "--year", "2026", "-w", case).returncode == 0
    assert answer("sigma", "check", folder, "--json")["outcomes"] == {"converted": 1, "not_kept": 1}
    done = answer("sigma", "run", folder, "--json", "-w", case)
    assert [(one["state"], one["events"], one["source"]) for one in done["ran"]] == [("done", 1, "sshd")]
    added = command("detection", "add", "failed", "--sigma", folder / "good.yml", "-w", case)
    assert added.stdout == "detection failed: on, after each load\n", added.stderr
    ran = json.loads(command("detect", "--once", "--json", "-w", case).stdout)["ran"]
    assert [(one["detection"], len(one["new"])) for one in ran] == [("failed", 1)]
    written = command("sigma", "export", "dcsync", "-w", case)
    assert written.stdout.startswith("title: ") and "lost: which machines are domain controllers" in written.stderr
    assert command("sigma", "export", "bridge", "-w", case).returncode == 1
