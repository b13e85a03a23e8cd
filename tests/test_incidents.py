"""Findings of one story are one incident; hubs, long spans and low findings join nothing."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from graph_hunt.events.store import EventStore
from graph_hunt.graph.store import Ends, GraphStore
from graph_hunt.hunting import library
from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.hunt import Level
from graph_hunt.hunting.incidents import Incident, incidents, incidents_of
from graph_hunt.hunting.runner import run_all
from graph_hunt.hunting.summary import iso
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace.preferences import Preferences
from graph_hunt.workspace.workspace import Workspace
from tests.commands import answer, run
from tests.paths import ROOT

HOUR = 3_600_000
DAY = 24 * HOUR
OWNS = pa.table(
    {
        "key": ["a"],
        "source_key": ["ann"],
        "target_key": ["box@corp"],
        "reason": ["UserId"],
        "first_seen": [1],
        "last_seen": [1],
        "count": [1],
        "evidence": [["e1"]],
    }
)
LABELS = {"ann": "User", "bob": "User", "cat": "User", "dan": "User", "eve": "User"}


def who(role: str, key: str) -> Involved:
    """An entity; its label by its key."""
    label = "Mailbox" if "@" in key else "IP" if key[0].isdigit() else "Url" if "/" in key else LABELS.get(key, "Host")
    return Involved(label, key, key.upper(), role)


def finding(
    hunt: str, at: float, *parties: str, level: Level = Level.MEDIUM, score: float = 50.0, tactic: str = ""
) -> Finding:
    """A finding at an hour; its parties as `role key`."""
    involved = tuple(who(*one.rsplit(" ", 1)) for one in parties)
    time = round(at * HOUR)
    id = f"{hunt} {at} {' '.join(parties)}"
    made = Finding(id, hunt, hunt.upper(), level, ("T1021",), f"{hunt} at {at}", involved, time, time, score, (), {})
    return replace(made, tactic=tactic)


def stories(found: Iterable[Incident]) -> list[list[str]]:
    """The hunts of each incident."""
    return [[finding.hunt for finding in one.findings] for one in found]


def test_a_story_from_mail_to_host_is_one_incident_in_order_of_time() -> None:
    found = [
        finding("logon", 30, "account ann", "source 10.0.0.9", "target files", tactic="lateral_movement"),
        finding("forward", 9, "account ann", "target ann@corp", "forwarded to x@out", tactic="collection"),
        finding("rule", 8.5, "account ann", "source 198.51.100.7", "target ann@corp", tactic="defense_evasion"),
        finding("sign-in", 8, "account ann", "source 198.51.100.7", level=Level.LOW, tactic="initial_access"),
        finding("phished", 7, "account ann", "url https://x.example/a", level=Level.HIGH, tactic="initial_access"),
        finding("internal", 10, "account ann@corp", "url https://x.example/b", tactic="lateral_movement"),
        finding("internal-click", 11, "account bob", "url https://x.example/b"),
    ]
    (one,) = incidents(found)
    assert [step.hunt for step in one.findings] == [
        "phished", "sign-in", "rule", "forward", "internal", "internal-click", "logon",
    ]  # fmt: skip
    assert one.title == "PHISHED -> RULE -> FORWARD -> INTERNAL -> INTERNAL-CLICK -> LOGON and 1 more"
    assert one.summary == "phished at 7"
    assert one.telling == found[4].id
    assert one.level is Level.CRITICAL, "three tactics raise it"
    assert one.tactics == ("initial_access", "defense_evasion", "collection", "lateral_movement")
    assert one.entities[0].name == "ANN"
    assert (one.first_seen, one.last_seen) == (7 * HOUR, 30 * HOUR)


def test_order_of_findings_does_not_matter() -> None:
    found = [
        finding("a", 1, "account ann", "target files"),
        finding("b", 2, "account ann", "target web"),
        finding("c", 3, "account bob", "source web", "target db"),
        finding("d", 200, "account cat", "target db"),
    ]
    assert incidents(found) == incidents(found[::-1]) == incidents([*found, *found])
    assert stories(incidents(found)) == [["a", "b", "c"], ["d"]]


def test_what_goes_on_from_a_machine_belongs_to_the_arrival_there() -> None:
    arrival = finding("arrival", 1, "account ann", "source ws1", "target web")
    onward = finding("onward", 5, "account bob", "source web", "target db")
    assert stories(incidents([arrival, onward])) == [["arrival", "onward"]]
    before = finding("before", 0.5, "account bob", "source web", "target db")
    assert stories(incidents([arrival, before])) == [["before"], ["arrival"]]
    late = finding("late", 60, "account bob", "source web", "target db")
    assert stories(incidents([arrival, late])) == [["arrival"], ["late"]]


def test_two_accounts_at_one_machine_hours_apart_are_two_stories() -> None:
    one = finding("one", 1, "account ann", "source ws1", "target web")
    other = finding("other", 5, "account bob", "source ws2", "target web")
    assert len(incidents([one, other])) == 2
    soon = finding("soon", 1.5, "account bob", "source ws2", "target web")
    assert len(incidents([one, soon])) == 1


def test_a_machine_that_many_accounts_arrive_at_joins_nothing() -> None:
    found = [
        finding("in", number / 4, f"account {user}", f"source ws-{user}", "target dc")
        for number, user in enumerate(("ann", "bob", "cat", "dan"))
    ]
    assert len(incidents(found)) == 4
    assert len(incidents(found[:3])) == 1


def test_a_source_said_to_be_a_hub_joins_nothing() -> None:
    found = [finding("in", 1, "account ann", "source vpn"), finding("in", 2, "account bob", "source vpn")]
    assert len(incidents(found)) == 1
    assert len(incidents(found, hubs={"vpn"})) == 2


def test_an_account_that_goes_everywhere_joins_no_other_story() -> None:
    scanner = [
        finding("scan", number / 100, "account eve", "source scanner", f"target h{number}") for number in range(12)
    ]
    other = finding("onward", 3, "account ann", "source h3", "target db")
    assert stories(incidents([*scanner, other])) == [["scan"] * 12, ["onward"]]
    assert len(incidents([*scanner[:4], other])) == 1


def test_a_low_finding_joins_the_gravest_story_and_never_two() -> None:
    low = finding("low", 2, "account ann", "account bob", level=Level.LOW)
    one = finding("one", 1, "account ann", "target x")
    other = finding("other", 3, "account bob", "target y", level=Level.HIGH)
    assert stories(incidents([low, one, other])) == [["low", "other"], ["one"]]


def test_grave_findings_are_joined_across_a_low_one() -> None:
    found = [
        finding("first", 1, "account ann"),
        finding("low", 2, "account ann", level=Level.LOW),
        finding("second", 3, "account ann"),
    ]
    assert stories(incidents(found)) == [["first", "low", "second"]]


def test_victims_of_a_long_list_join_only_where_they_are_named_alone() -> None:
    tried = [f"tried u{number}" for number in range(8)]
    spray = finding("spray", 1, "source 203.0.113.5", *tried)
    LABELS.update({f"u{number}": "User" for number in range(8)})
    assert len(incidents([spray, finding("other", 2, "account u3", "target files")])) == 2
    assert len(incidents([spray, finding("success", 2, "account u3", "source 203.0.113.5")])) == 1


def test_a_service_account_whose_ticket_was_taken_joins_when_it_acts_later() -> None:
    roast = finding("roast", 5, "account ann", "service account eve")
    assert len(incidents([roast, finding("use", 9, "account eve", "target db")])) == 1
    assert len(incidents([roast, finding("use", 1, "account eve", "target db")])) == 2


def test_what_lasts_joins_nothing_far_from_its_beginning() -> None:
    lasting = replace(finding("forward", 0, "account ann"), last_seen=40 * DAY)
    assert len(incidents([lasting, finding("later", 24 * 30, "account ann")])) == 2
    assert len(incidents([lasting, finding("soon", 24 * 3, "account ann")])) == 1


def test_the_most_telling_incident_comes_first_and_more_hunts_say_more() -> None:
    alone = finding("alone", 1, "account ann", score=60)
    two = [finding("first", 1, "account bob", score=50), finding("second", 2, "account bob", score=50)]
    grave = finding("grave", 9, "account cat", level=Level.HIGH, score=10)
    found = incidents([alone, *two, grave])
    assert stories(found) == [["grave"], ["first", "second"], ["alone"]]
    assert [one.score for one in found] == [62.0, 62.5, 52.0]


def test_an_incident_keeps_its_id_when_a_low_finding_is_added() -> None:
    grave = finding("grave", 2, "account ann")
    low = finding("low", 1, "account ann", level=Level.LOW)
    assert incidents([grave])[0].id == incidents([grave, low])[0].id


def test_a_mailbox_is_its_owner_where_the_graph_says_so(graph_store: GraphStore) -> None:
    found = [finding("rule", 1, "target box@corp"), finding("logon", 2, "account ann", "target files")]
    assert len(incidents(found)) == 2
    assert len(incidents(found, owners={"box@corp": "ann"})) == 1
    with graph_store.writing() as writer:
        writer.nodes("User", [pa.table({"key": ["ann"], "name": ["ann"]})])
        writer.nodes("Mailbox", [pa.table({"key": ["box@corp"], "name": ["box@corp"]})])
        writer.edges(Ends("OWNS", "User", "Mailbox"), [OWNS], known=False)
    assert len(incidents_of(graph_store, found)) == 1


def test_information_is_no_incident_by_itself_and_part_of_a_story() -> None:
    told = finding("asked", 1, "account ann", level=Level.INFORMATIONAL)
    assert incidents([told]) == []
    assert stories(incidents([told, finding("grave", 2, "account ann")])) == [["asked", "grave"]]
    assert stories(incidents([told, finding("low", 2, "account ann", level=Level.LOW)])) == [["asked", "low"]]


def test_nothing_found_is_no_incident() -> None:
    assert incidents([]) == []


def test_several_hunts_print_incidents_and_programs_get_what_they_ask_for(tmp_path: Path) -> None:
    recording = ROOT / "graph_hunt" / "cli" / "telemetry" / "covenant_sharpsc_create_dcerpc_smb_svcctl.zip"
    assert run("load", recording, "-w", tmp_path).returncode == 0
    done = run("hunt", "--all", "-w", tmp_path)
    assert "Service installed from another machine" in done.stdout.splitlines()[0]
    assert "1 incident of 3 findings from" in done.stderr
    (story,) = answer("hunt", "--all", "--incidents", "--format", "json", "-w", tmp_path)
    findings = answer("hunt", "--all", "--format", "json", "-w", tmp_path)
    assert [one["hunt"] for one in story["findings"]] == [
        "admin-share", "workstation-to-workstation", "remote-service",
    ]  # fmt: skip
    assert {one["id"] for one in story["findings"]} == {one["id"] for one in findings}
    assert (story["level"], story["tactics"]) == ("high", ["lateral_movement"])


def test_a_stolen_mailbox_is_one_path_from_the_mail_to_the_file_server(graph_store: GraphStore, tmp_path: Path) -> None:
    events = EventStore.open(tmp_path / "events")
    workspace = Workspace(tmp_path, Preferences(), events, graph_store)
    workspace.load([ROOT / "tests" / "stories" / "mailbox"])
    window = resolve(*workspace.span(), bucket=workspace.preferences.bucket)
    runs = run_all(library.all_hunts(), graph_store, events.codes(), window=window)
    (story,) = incidents_of(graph_store, (finding for done in runs for finding in done.findings))
    assert [finding.hunt for finding in story.findings] == [
        "phished-sign-in",
        "first-country",
        "hiding-inbox-rule",
        "external-forwarding",
        "internal-phishing",
        "first-logon",
        "workstation-to-workstation",
    ]
    assert story.level is Level.CRITICAL
    assert iso(story.first_seen) == "2024-03-06T07:30:00Z"
    assert {finding.entities[0].key for finding in story.findings} == {"corp\\ann"}
