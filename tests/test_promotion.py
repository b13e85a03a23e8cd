"""What a finding names becomes an indicator of the case, is met later, and is ranked by what it reached."""

import json
from pathlib import Path

import pytest

from graph_hunt.casework import cases
from graph_hunt.casework.after import after_change
from graph_hunt.casework.cases import Feedback, Judged, Opening, Trigger
from graph_hunt.casework.detections import alerts
from graph_hunt.casework.indicators import repository
from graph_hunt.casework.indicators.promotion import promote
from graph_hunt.casework.indicators.ranking import rank
from graph_hunt.casework.indicators.value import Kind, read
from graph_hunt.casework.state import State
from graph_hunt.errors import InputError, UnknownDetection
from graph_hunt.events.store import EventStore
from graph_hunt.graph.store import GraphStore
from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.hunt import Level
from graph_hunt.workspace import Workspace
from graph_hunt.workspace.preferences import Preferences
from tests.commands import answer, run
from tests.telemetry import Event, add

HOUR = 3_600_000
EVIL = "http://evil.example/login"


def click(user: str, url: str, time: int) -> Event:
    row = {"time": time, "user": user, "user_domain": "CORP", "url": url, "action": "allowed", "source_ip": "10.1.1.1"}
    return "click", row


def logon(user: str, host: str, time: int, source: str = "PC1") -> Event:
    row = {"time": time, "kind": "logon", "outcome": "success", "user": user, "user_domain": "CORP"}
    return "authentication", {**row, "target_host": host, "source_host": source, "logon_type": "network"}


@pytest.fixture
def workspace(tmp_path: Path, graph_store: GraphStore) -> Workspace:
    """A workspace on each engine in turn: ann clicks, then goes to ten servers; bob clicks on something else."""
    root = tmp_path / "w"
    made = Workspace(root, Preferences(), EventStore.open(root / "events"), graph_store)
    servers = [logon("ann", f"SRV{n}", 2 * HOUR + n) for n in range(10)]
    add(made.events, tmp_path, [click("ann", EVIL, HOUR), click("bob", "http://other.example/", HOUR), *servers])
    made.apply()
    return made


def finding(workspace: Workspace) -> Finding:
    """A finding whose evidence is ann's click."""
    with workspace.events.connection() as connection:
        [(event,)] = connection.execute("SELECT event_id FROM click WHERE url = ?", [EVIL]).fetchall()
    user = Involved("User", "corp\\ann", "CORP\\ann", "account")
    inside = Involved("IP", "10.1.1.1", "10.1.1.1", "source")
    outside = Involved("IP", "185.220.101.7", "185.220.101.7", "source")
    entities = (user, inside, outside)
    said = ("made-up", "A click", Level.HIGH, ("T1566.002",), "ann clicked", entities, HOUR, HOUR, 70.0, (event,), {})
    return Finding("f00d", *said)


def test_the_url_of_a_case_fires_on_a_later_load(workspace: Workspace, tmp_path: Path) -> None:
    state = State.open(tmp_path / "state.db")
    found = finding(workspace)
    case = cases.open_case(state, Opening("phish", Trigger.FINDING), who="me").head.id
    cases.add(state, case, Judged("f00d", found.as_json() | {"first_seen": HOUR, "last_seen": HOUR}), who="me")
    done = promote(workspace, state, who="me", case=case)
    assert done.values == (read(EVIL),)
    after_change(workspace, state)
    [kept] = repository.kept(state)
    said = kept.indicator
    assert (said.sources, said.techniques, said.since, kept.sightings) == ((f"case {case}",), ("T1566.002",), HOUR, 1)
    assert [one.entry.what for one in cases.get(state, case).each(Feedback)] == [EVIL]
    promote(workspace, state, who="me", case=case, finding="f00d")
    assert len(cases.get(state, case).each(Feedback)) == 1
    add(workspace.events, tmp_path, [click("eve", EVIL, 99 * HOUR)])
    workspace.apply()
    assert after_change(workspace, state).looked.new == 1
    newest, total = alerts.alerts(state)
    assert total == 2
    assert newest[0].finding.summary == f"url {EVIL}, an indicator of case {case}, was met once in click.url"
    assert [(one.label, one.key) for one in newest[0].finding.entities] == [
        ("Indicator", f"url|{EVIL}"), ("Url", EVIL), ("User", "corp\\eve"),
    ]  # fmt: skip
    state.close()


def test_a_url_is_drawn_however_its_host_is_written(workspace: Workspace, tmp_path: Path) -> None:
    state = State.open(tmp_path / "state.db")
    written = "HTTP://Bad.Example/Login"
    add(
        workspace.events,
        tmp_path,
        [click("eve", written, 5 * HOUR), click("eve", "http://bad.example/login", 6 * HOUR)],
    )
    workspace.apply()
    repository.give(state, [repository.Indicator(read("http://bad.example/Login"), ("me",))], who="me")
    after_change(workspace, state)
    drawn = "MATCH (one:Indicator)-[:MATCHES]->(link:Url) RETURN one.value AS value, link.key AS url"
    assert workspace.graph.query(drawn) == [{"value": "http://bad.example/Login", "url": written}]
    state.close()


def test_only_what_is_asked_for_and_not_our_own_is_promoted(workspace: Workspace, tmp_path: Path) -> None:
    state = State.open(tmp_path / "state.db")
    case = cases.open_case(state, Opening("phish", Trigger.FINDING), who="me").head.id
    cases.add(state, case, Judged("f00d", finding(workspace).as_json() | {"first_seen": 1, "last_seen": 1}), who="me")
    done = promote(workspace, state, who="me", case=case, finding="f00d", kinds=[Kind.IP])
    assert done.values == (read("185.220.101.7"),)
    with pytest.raises(InputError, match=r"names no mail; it names ip 185\.220\.101\.7, url http://evil"):
        promote(workspace, state, who="me", case=case, kinds=[Kind.MAIL])
    with pytest.raises(UnknownDetection):
        promote(workspace, state, who="me", finding="nothing", hunts=["dcsync"])
    state.close()


def test_what_spread_farthest_comes_first(workspace: Workspace, tmp_path: Path) -> None:
    state = State.open(tmp_path / "state.db")
    names = ("http://other.example/", EVIL, "never.example")
    repository.give(state, [repository.Indicator(read(name), ("me",)) for name in names], who="me")
    after_change(workspace, state)
    ranked = rank(workspace, state, repository.kept(state))
    assert [(one.kept.indicator.value.text, one.touched) for one in ranked] == [
        (EVIL, (("User", "corp\\ann"),)),
        ("http://other.example/", (("User", "corp\\bob"),)),
    ]
    assert ranked[0].reached > ranked[1].reached == 1.0
    state.close()


def test_it_is_promoted_shown_ranked_and_exported_on_the_command_line(tmp_path: Path) -> None:
    case = tmp_path / "case"
    lines = [
        f"Aug  6 10:00:0{n} web sshd[7]: Failed password for u{n} from 185.220.101.7 port 22 ssh2\n" for n in range(9)
    ]
    lines.append("Aug  6 10:00:30 web sshd[7]: Accepted password for u3 from 185.220.101.7 port 22 ssh2\n")
    (tmp_path / "auth.log").write_text("".join(lines))
    assert run("load", tmp_path / "auth.log", "--year", "2026", "-w", case).returncode == 0
    [spray] = answer("hunt", "password-spray", "--format", "json", "-w", case)
    arguments = ("--from-finding", spray["id"], "--hunt", "password-spray", "--kind", "ip")
    done = run("indicator", "add", *arguments, "-w", case)
    assert done.stdout == "ip 185.220.101.7\nindicators: 1 new, 0 changed, 0 known; 10 new sightings\n"
    assert "alerts: 1 new" in done.stderr
    shown = json.loads(run("indicator", "show", "185.220.101[.]7", "-w", case).stdout)
    assert (shown["sources"], shown["sightings"], shown["met"][0]["field"]) == (
        [f"finding {spray['id']}"],
        10,
        "source_ip",
    )
    [ranked] = answer("indicator", "list", "--rank", "--json", "-w", case)
    assert ranked["reached"] >= 1
    bundle = json.loads(run("indicator", "export", "--format", "stix", "--sightings", "-w", case).stdout)
    assert [one["type"] for one in bundle["objects"]] == ["identity", "indicator", "sighting"]
    [load] = answer("loads", "--json", "-w", case)
    assert run("undo", load["load"], "-w", case).returncode == 0
    [left] = answer("indicator", "list", "--json", "-w", case)
    assert left["sightings"] == 0
