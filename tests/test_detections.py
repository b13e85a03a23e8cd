"""Detections run when they are due, at one place at once, and raise each new finding once."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_hunt.casework.detections import alerts as kept
from graph_hunt.casework.detections import repository
from graph_hunt.casework.detections.alerts import AlertState, Verdict, settle
from graph_hunt.casework.detections.detection import Detection, Kind, next_time
from graph_hunt.casework.detections.proposal import propose
from graph_hunt.casework.detections.watch import HELD, Scheduler, Watch, all_standing
from graph_hunt.casework.state import State, history, leased
from graph_hunt.errors import Conflict, HuntError, InputError, ParameterError, UnknownDetection
from graph_hunt.events.store import EventStore
from graph_hunt.graph.store import GraphStore
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from graph_hunt.workspace.preferences import Preferences
from tests.commands import COMMAND, environment
from tests.paths import ROOT
from tests.written import windows_logon, write_lines

DAY = 86_400_000
NOON = 1_709_294_400_000
"""2024-03-01T12:00Z, when the logons begin."""


def logons(user: str, first: int, *, day: int = 1) -> list[str]:
    """Logons of a user on twenty machines within a few minutes: what fan-out finds."""
    times = {"@timestamp": f"2024-03-{day:02d}T12:30:00.000Z"} if day > 1 else {}
    return [windows_logon(n, user, target=f"SRV{n}.corp.example", **times) for n in range(first, first + 20)]


def detection(id: str = "fans", **more: Any) -> Detection:
    """Fan-out of the two users; their one machine fans out too, and is left out."""
    users = ("corp\\alice", "corp\\bob")
    return Detection(id, Kind.HUNT, "fan-out", "Fans", {"minimum": "10"}, users, **more)


@pytest.fixture
def workspace(tmp_path: Path, graph_store: GraphStore) -> Workspace:
    """A workspace on each engine in turn, in which alice fans out."""
    root = tmp_path / "w"
    made = Workspace(root, Preferences(), EventStore.open(root / "events"), graph_store)
    made.load([write_lines(tmp_path / "alice.json", logons("alice", 100))])
    return made


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """A state store."""
    opened = State.open(tmp_path / "state.db")
    yield opened
    opened.close()


@pytest.fixture
def watch(workspace: Workspace, state: State) -> Watch:
    """The watch over both."""
    return Watch(state, lambda: workspace, workspace.root)


def raised(state: State) -> list[tuple[str, str, int]]:
    found, _ = kept.alerts(state, after=0)
    return [(one.finding.entities[0].key, one.state.value, one.repeats) for one in found]


def test_each_new_finding_is_an_alert_once_and_only_a_load_has_it_run_again(
    workspace: Workspace, state: State, watch: Watch, tmp_path: Path
) -> None:
    repository.add(state, detection(channels=("log",)), who="me")
    (tmp_path / "w" / "notify.toml").write_text(f'[log]\nkind = "file"\npath = "{tmp_path}/log"\n')
    looked = watch.look()
    assert ([one.detection for one in looked.ran], looked.new, looked.told) == (["fans"], 1, 1)
    assert watch.look().ran == ()
    workspace.load([write_lines(tmp_path / "bob.json", logons("bob", 200))])
    assert (watch.look().new, watch.look().ran) == (1, ())
    assert raised(state) == [("corp\\alice", "new", 0), ("corp\\bob", "new", 0)]
    assert len((tmp_path / "log").read_text().splitlines()) == 2
    [one] = all_standing(state)
    assert (one.outcome, one.alerts, one.open) == ("done", 2, 2)


def test_what_repeats_within_the_span_is_counted_and_what_comes_later_is_new(
    workspace: Workspace, state: State, watch: Watch, tmp_path: Path
) -> None:
    repository.add(state, detection(suppress=2 * DAY), who="me")
    watch.look()
    for day in (2, 20):
        workspace.load([write_lines(tmp_path / f"{day}.json", logons("alice", 300 + 20 * day, day=day))])
        watch.look()
        watch.look()
    assert raised(state) == [("corp\\alice", "new", 1), ("corp\\alice", "new", 0)]


def test_what_is_let_pass_raises_nothing_until_the_end_of_that(state: State, watch: Watch) -> None:
    repository.add(state, detection(), who="me", now=NOON)
    repository.allow(state, "fans", "CORP\\al*", reason="red team", who="me", until=NOON + DAY)
    [ran] = watch.look(now=NOON).ran
    assert (ran.raised.new, ran.raised.passed) == ((), 1)
    assert watch.look(now=NOON + DAY - 1).ran == ()
    assert watch.look(now=NOON + DAY).new == 1
    with pytest.raises(InputError, match="would let all pass"):
        repository.allow(state, "fans", "*", reason="", who="me")


def test_a_schedule_is_kept_over_restarts_and_what_was_missed_runs_once(workspace: Workspace, state: State) -> None:
    repository.add(state, detection(schedule="0 6 * * *"), who="me", now=NOON)
    six = NOON + 18 * 3_600_000
    runs = []
    for now in (NOON, six - 1, six, six + 1, six + 3 * DAY, six + 3 * DAY + 1, six + 4 * DAY):
        runs.append(len(Watch(state, lambda: workspace, workspace.root).look(now=now).ran))
    assert runs == [0, 0, 1, 0, 1, 0, 1]


def test_what_one_holds_no_other_runs(state: State, watch: Watch) -> None:
    repository.add(state, detection(), who="me")
    with leased(state, "detection:fans", HELD) as got:
        assert got
        assert watch.look().ran == ()
    assert watch.look().new == 1


def test_many_that_look_at_once_raise_it_once(workspace: Workspace, state: State) -> None:
    repository.add(state, detection(), who="me")
    looks = [Watch(state, lambda: workspace, workspace.root) for _ in range(4)]
    threads = [threading.Thread(target=one.look) for one in looks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised(state) == [("corp\\alice", "new", 0)]


def test_what_was_found_before_is_known_where_that_is_asked(
    workspace: Workspace, state: State, watch: Watch, tmp_path: Path
) -> None:
    repository.add(state, detection(), who="me", quiet=True)
    assert watch.look().new == 0
    workspace.load([write_lines(tmp_path / "bob.json", logons("bob", 200))])
    assert watch.look().new == 1
    assert raised(state) == [("corp\\alice", "closed", 0), ("corp\\bob", "new", 0)]


def test_what_cannot_see_says_so_and_what_fails_is_run_again_later(state: State, watch: Watch) -> None:
    repository.add(state, Detection("sync", Kind.HUNT, "dcsync", "", {}), who="me")
    [ran] = watch.look(now=NOON).ran
    assert ran.done.state == "cannot_see"
    assert watch.look(now=NOON + DAY).ran == ()


def test_off_is_off_and_a_change_has_it_look_again(state: State, watch: Watch) -> None:
    repository.add(state, detection(enabled=False), who="me")
    assert watch.look().ran == ()
    repository.change(state, "fans", who="me", enabled=True)
    assert watch.look().new == 1
    repository.change(state, "fans", who="me", parameters={"minimum": 5})
    [ran] = watch.look().ran
    assert (ran.done.state, ran.raised.new) == ("done", ())
    repository.remove(state, "fans", who="me")
    assert (watch.look().ran, len(raised(state))) == ((), 1)
    with state.read() as connection:
        told = [line.action for line in history(connection, "detection:fans")]
    assert told == ["detection.add", "detection.change", "detection.change", "detection.remove"]


def test_two_people_do_not_overwrite_each_other(state: State, watch: Watch) -> None:
    repository.add(state, detection(), who="me")
    repository.change(state, "fans", who="me", version=1, since="7d")
    with pytest.raises(Conflict, match="it is of version 2, not 1"):
        repository.change(state, "fans", who="you", version=1, since="1d")
    watch.look()
    [alert], _ = kept.alerts(state)
    settle(state, alert.id, AlertState.ACKNOWLEDGED, who="me", note="mine", version=1)
    with pytest.raises(Conflict):
        settle(state, alert.id, AlertState.CLOSED, who="you", verdict=Verdict.FALSE, version=1)
    done = settle(state, alert.id, AlertState.CLOSED, who="me", verdict=Verdict.TRUE, version=2)
    assert (done.state, done.verdict, done.note, done.version) == ("closed", "true_positive", "mine", 3)
    with pytest.raises(InputError, match="a verdict goes with closing"):
        settle(state, alert.id, AlertState.NEW, who="me", verdict=Verdict.TRUE)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"id": "No Name"}, InputError),
        ({"subject": "no-hunt"}, HuntError),
        ({"parameters": {"nothing": 1}}, ParameterError),
        ({"schedule": "every day"}, InputError),
        ({"schedule": "0 25 * * *"}, InputError),
        ({"schedule": "0 0 * * 8"}, InputError),
        ({"since": "long"}, InputError),
        ({"suppress": -1}, InputError),
    ],
)
def test_a_detection_that_could_not_run_is_refused(state: State, change: dict[str, Any], error: type) -> None:
    values = {"id": "x", "kind": Kind.HUNT, "subject": "fan-out", "title": "", "parameters": {}, **change}
    with pytest.raises(error):
        repository.add(state, Detection(**values), who="me")
    assert all_standing(state) == []


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [("0 0 * * 0", 36), ("0 0 * * 7", 36), ("0 0 * * sun", 36), ("0 13 * * 5-1", 1), ("*/30 * * * *", 0.5)],
)
def test_a_week_begins_as_cron_has_it(schedule: str, hours: float) -> None:
    """The first of March 2024 was a Friday."""
    assert next_time(schedule, NOON) == NOON + hours * 3_600_000


def test_from_a_finding_comes_the_detection_that_catches_it_with_what_else_it_would_have(
    workspace: Workspace, state: State, watch: Watch, tmp_path: Path
) -> None:
    workspace.load([write_lines(tmp_path / "bob.json", logons("bob", 200))])
    repository.add(state, detection(), who="me")
    watch.look()
    [alice, bob], _ = kept.alerts(state, after=0)
    found = propose(workspace, state, alice.finding.id)
    assert (found.caught, found.detection.subject, dict(found.detection.parameters)) == (
        True,
        "fan-out",
        {"minimum": 10},
    )
    assert len(found.others) == 2 and bob.finding.id in {one.id for one in found.others}
    with pytest.raises(UnknownDetection, match="no finding 'nothing'"):
        propose(workspace, state, "nothing", hunts=["fan-out"])


def test_a_kill_while_it_runs_loses_no_alert(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "w")
    with Workspace.open(settings) as opened:
        opened.load([write_lines(tmp_path / "alice.json", logons("alice", 100))])
    state = State.open(settings.state_store)
    repository.add(state, detection(), who="me")
    done = subprocess.run([sys.executable, ROOT / "tests" / "killed_detect.py", settings.workspace], cwd=ROOT)
    assert done.returncode == -9
    with Workspace.open(settings, read_only=True) as opened:
        again = Watch(state, lambda: opened, settings.workspace)
        assert again.look().ran == ()  # the one that was killed holds it still
        assert again.look(now=4_000_000_000_000).new == 1
    assert raised(state) == [("corp\\alice", "new", 0)]
    state.close()


def test_processes_that_look_at_once_run_it_once(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "w")
    with Workspace.open(settings) as opened:
        opened.load([write_lines(tmp_path / "alice.json", logons("alice", 100))])
    state = State.open(settings.state_store)
    (settings.workspace / "notify.toml").write_text(f'[log]\nkind = "file"\npath = "{tmp_path}/log"\n')
    repository.add(state, detection(channels=("log",)), who="me")
    command = [*COMMAND, "detect", "--once", "--json", "-w", str(settings.workspace)]
    looks = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(), text=True) for _ in range(3)]
    told = [json.loads(look.communicate()[0]) for look in looks]
    assert sum(len(one["ran"]) for one in told) == sum(one["told"] for one in told) == 1
    assert raised(state) == [("corp\\alice", "new", 0)]
    assert len((tmp_path / "log").read_text().splitlines()) == 1
    state.close()


def test_a_scheduler_looks_when_it_is_told_to(state: State, watch: Watch) -> None:
    heard = threading.Event()

    class Telling(Watch):
        def look(self, *, now: int | None = None) -> Any:
            looked = watch.look(now=now)
            heard.set()
            return looked

    scheduler = Scheduler(Telling(state, lambda: workspace_of(watch), Path()), every=3_600)
    scheduler.start()
    assert heard.wait(60)
    heard.clear()
    repository.add(state, detection(), who="me")
    scheduler.soon()
    assert heard.wait(60)
    scheduler.close()
    assert raised(state) == [("corp\\alice", "new", 0)]


def workspace_of(watch: Watch) -> Workspace:
    return watch._workspace()
