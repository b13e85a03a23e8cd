"""Countries: told at once where the organisation's list says so, of success and of attempts."""

import json
from pathlib import Path

import pytest

from graph_hunt.casework.after import after_change
from graph_hunt.casework.countries.changing import change
from graph_hunt.casework.countries.habit import met
from graph_hunt.casework.detections import alerts, repository
from graph_hunt.casework.state import State, history
from graph_hunt.errors import InputError
from graph_hunt.events.countries import Countries, read_countries, written
from graph_hunt.events.store import EventStore
from graph_hunt.graph.store import GraphStore
from graph_hunt.workspace import Workspace
from graph_hunt.workspace.preferences import Preferences
from tests.commands import answer, run
from tests.telemetry import add

DAY = 86_400_000
FRANCE, KOREA, GERMANY, IRAN = "193.51.208.13", "175.45.176.1", "217.160.0.1", "2.144.0.1"


def sign_in(
    user: str, address: str, time: int, outcome: str = "success", **more: object
) -> tuple[str, dict[str, object]]:
    row = {
        "time": time,
        "kind": "sign_in",
        "outcome": outcome,
        "user_upn": f"{user}@corp.example",
        "source_ip": address,
    }
    return "authentication", {**row, **more}


@pytest.fixture
def workspace(tmp_path: Path, graph_store: GraphStore) -> Workspace:
    """A workspace on each engine in turn."""
    root = tmp_path / "w"
    root.mkdir()
    return Workspace(root, Preferences(), EventStore.open(root / "events"), graph_store)


def told(state: State) -> list[tuple[str, str]]:
    found, _ = alerts.alerts(state, after=0)
    return [(one.finding.level.value, one.finding.summary) for one in found]


def test_success_and_attempt_from_a_high_risk_country_are_told_with_the_load(
    workspace: Workspace, tmp_path: Path
) -> None:
    state = State.open(tmp_path / "state.db")
    (workspace.root / "countries.toml").write_text('high_risk = ["KP", "IR"]\n')
    rows = [
        sign_in("ann", FRANCE, DAY),
        sign_in("ann", KOREA, DAY + 5_000),
        sign_in("ann", KOREA, DAY + 9_000, "failure"),
        sign_in("bob", IRAN, DAY, "failure"),
        sign_in("eve", FRANCE, DAY, country="kp"),
    ]
    add(workspace.events, tmp_path, rows)
    workspace.apply()
    assert after_change(workspace, state).looked.new == 3
    assert told(state) == [
        ("high", f"eve@corp.example signed in from KP, a high-risk country ({FRANCE}); let in: 1, refused: 0"),
        ("medium", f"bob@corp.example tried to sign in from IR, a high-risk country ({IRAN}); let in: 0, refused: 1"),
        ("high", f"ann@corp.example signed in from KP, a high-risk country ({KOREA}); let in: 1, refused: 1"),
    ]
    assert after_change(workspace, state).looked.ran == ()
    add(workspace.events, tmp_path, [sign_in("bob", IRAN, 3 * DAY), sign_in("ann", KOREA, DAY + 7_000)])
    workspace.apply()
    assert after_change(workspace, state).looked.new == 1
    repository.change(state, "countries", who="me", enabled=False)
    add(workspace.events, tmp_path, [sign_in("zoe", IRAN, 9 * DAY)])
    workspace.apply()
    assert after_change(workspace, state).looked.ran == ()
    state.close()


def test_an_unexpected_country_is_told_unless_the_population_is_expected_there(
    workspace: Workspace, tmp_path: Path
) -> None:
    state = State.open(tmp_path / "state.db")
    (workspace.root / "tags.toml").write_text('[sales]\nusers = ["ann@corp.example"]\n')
    said = {"expected": ["fr"], "populations": {"sales": ["DE"]}, "egress": {"vpn": [f"{KOREA}/32"]}}
    change(state, workspace.root, who="me", **said)  # type: ignore[arg-type]  # mixed values
    rows = [
        sign_in("ann", GERMANY, DAY),
        sign_in("bob", GERMANY, DAY + 1),
        sign_in("bob", GERMANY, DAY + 2, "failure"),
        sign_in("eve", GERMANY, DAY, "failure"),
        sign_in("bob", KOREA, DAY + 3),
    ]
    add(workspace.events, tmp_path, rows)
    workspace.apply()
    after_change(workspace, state)
    assert told(state) == [
        (
            "medium",
            f"bob@corp.example signed in from DE, a country that is not expected ({GERMANY}); let in: 1, refused: 1",
        )
    ]
    tagged = "MATCH (address:IP) WHERE address.key = $key RETURN address.tags AS tags"
    assert workspace.graph.query(tagged, {"key": KOREA}) == [{"tags": "egress"}]
    with state.read() as connection:
        assert [line.action for line in history(connection, "countries.toml")] == ["countries.set"]
    state.close()


def test_what_is_usual_is_counted_by_day(workspace: Workspace, tmp_path: Path) -> None:
    rows = [sign_in("ann", FRANCE, day * DAY) for day in (1, 1, 2, 3)] + [sign_in("ann", KOREA, 3 * DAY, "failure")]
    mailbox = {"time": 4 * DAY, "operation": "access", "user_upn": "ann@corp.example", "client_ip": GERMANY}
    add(workspace.events, tmp_path, [*rows[1:], ("mailbox", mailbox), sign_in("bob", GERMANY, DAY)])
    workspace.apply()
    found = met(workspace, "ann@corp.example")
    assert [(one.country, one.days, one.successes, one.failures) for one in found] == [
        ("FR", 3, 3, 0), ("DE", 1, 1, 0), ("KP", 0, 0, 1),
    ]  # fmt: skip
    assert [(one.country, one.users) for one in met(workspace)] == [("FR", 1), ("DE", 2), ("KP", 1)]


def test_what_is_said_is_written_so_that_it_reads_back(tmp_path: Path) -> None:
    said = 'high_risk = ["IR"]\nexpected = ["BE", "FR"]\n\n[population."a \\"b\\""]\nexpected = ["US"]\n\n[egress]\n'
    said += '"head office" = ["2001:db8::/32", "203.0.113.0/24"]\n'
    (tmp_path / "countries.toml").write_text(said)
    assert written(read_countries(tmp_path)) == said
    assert read_countries(tmp_path / "nowhere") == Countries()


@pytest.mark.parametrize(
    "text", ['risk = ["IR"]', 'high_risk = "IR"', 'high_risk = ["Iran"]', "[egress]\nx = ['y']", "= 1"]
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "countries.toml").write_text(text)
    with pytest.raises(InputError, match=r"countries\.toml"):
        read_countries(tmp_path)


def test_it_is_said_and_watched_on_the_command_line(tmp_path: Path) -> None:
    case = tmp_path / "case"
    log = f"Aug  6 10:00:00 web sshd[7]: Failed password for root from {KOREA} port 22 ssh2\n"
    (tmp_path / "auth.log").write_text(log)
    assert run("load", tmp_path / "auth.log", "--year", "2026", "-w", case).returncode == 0
    done = run("countries", "set", "--high-risk", "kp", "--egress", "office=203.0.113.0/24", "-w", case)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, 'high_risk = ["KP"]')
    (tmp_path / "more.log").write_text(log.replace("Failed", "Accepted").replace("10:00", "11:00"))
    assert "alerts: 1 new; " in run("load", tmp_path / "more.log", "--year", "2026", "-w", case).stderr
    [alert] = answer("alert", "list", "--json", "-w", case)
    assert (alert["detection"], alert["finding"]["level"], alert["finding"]["details"]["failures"]) == (
        "countries",
        "high",
        1,
    )
    [met] = answer("countries", "met", "--json", "-w", case)
    assert (met["country"], met["word"], met["successes"], met["failures"]) == ("KP", "high_risk", 1, 1)
    assert json.loads(run("detection", "show", "countries", "-w", case).stdout)["outcome"] == "done"
