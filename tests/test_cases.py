"""Cases: opened, filled, judged and closed; nothing is overwritten unseen, and the trail has all of it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_hunt.casework.cases import (
    Case,
    Feedback,
    Hypothesis,
    Judged,
    Note,
    Opening,
    Response,
    Scope,
    Trigger,
    Verdict,
    add,
    alter,
    change,
    close,
    get,
    item,
    listed,
    open_case,
    pinning,
    reopen,
    running,
    withdraw,
)
from graph_hunt.casework.cases.entries import Judgement
from graph_hunt.casework.state import State, history
from graph_hunt.errors import Conflict, InputError, UnknownCase
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.case_stories import loaded, opened


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """An empty state store."""
    made = State.open(tmp_path / "state.db")
    yield made
    made.close()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A loaded workspace."""
    return loaded(tmp_path_factory.mktemp("cases"))


def _opened(state: State) -> Case:
    supposed = Hypothesis("alice's account is used by another", ("T1078",), "a new address", "she says it was she")
    return open_case(state, Opening("Alice", Trigger.WEAK_SIGNAL, entries=(supposed,)), who="ann")


def test_a_case_is_kept_as_it_was_opened(state: State) -> None:
    scope = Scope(("CORP\\alice",), ("critical",), 1_000, 2_000)
    given = {"accounts": ("CORP\\alice",)}
    made = open_case(state, Opening(" Alice ", scope=scope, template="phishing", given=given), who="ann")
    head = get(state, made.head.id).head
    assert (head.title, head.scope, head.given, head.version) == ("Alice", scope, given, 1)
    assert (head.who, head.closed, head.verdict) == ("ann", False, None)
    assert get(state, made.head.id) == made


def test_what_is_written_in_a_case_is_numbered_in_order(state: State) -> None:
    id = _opened(state).head.id
    note = add(state, id, Note("she was on leave", hypothesis=1), who="bob")
    asked = add(state, id, Response("reset_account", "CORP\\alice", "help desk"), who="bob")
    assert (note.number, asked.number) == (2, 3)
    assert [one.number for one in get(state, id).items] == [1, 2, 3]
    assert get(state, id).each(Note) == [note]


def test_a_change_of_what_another_changed_is_refused(state: State) -> None:
    id = _opened(state).head.id
    seen = item(state, id, 1)
    confirmed = Hypothesis(seen.entry.text, status="confirmed", because="an address in another country")
    alter(state, id, 1, seen.version, confirmed, who="bob")
    with pytest.raises(Conflict, match="is at version 2, not 1: bob changed it"):
        alter(state, id, 1, seen.version, Hypothesis("another text"), who="ann")
    assert item(state, id, 1).entry == confirmed
    change(state, id, 1, who="bob", title="Alice and Carol")
    with pytest.raises(Conflict, match="case 1 is at version 2"):
        change(state, id, 1, who="ann", title="Alice?")
    assert get(state, id).head.title == "Alice and Carol"


def test_no_change_of_many_at_once_is_lost(state: State) -> None:
    id = _opened(state).head.id

    def work(who: str) -> None:
        for number in range(5):
            add(state, id, Note(f"{who} {number}"), who=who)
            while True:
                seen = get(state, id).head
                try:
                    change(state, id, seen.version, who=who, summary=f"{seen.summary}{who}")
                    break
                except Conflict:
                    continue

    threads = [threading.Thread(target=work, args=(who,)) for who in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case = get(state, id)
    assert sorted(case.head.summary) == sorted("abcd" * 5)
    assert len({one.number for one in case.items}) == len(case.items) == 21
    assert case.head.version == 21


def test_everything_is_on_the_trail_with_before_and_after(state: State) -> None:
    id = _opened(state).head.id
    asked = add(state, id, Response("isolate_host", "PC1"), who="bob")
    done = Response("isolate_host", "PC1", "bob", "done")
    alter(state, id, asked.number, 1, done, who="bob")
    withdraw(state, id, asked.number, 2, "the wrong machine", who="ann")
    close(state, id, 1, Verdict.REFUTED, "it was she", who="ann")
    with state.read() as connection:
        lines = [(one.who, one.action, one.before, one.after) for one in history(connection, f"case:{id}")]
    assert [(who, action) for who, action, _, _ in lines] == [
        ("ann", "case.open"), ("ann", "case.hypothesis.add"), ("bob", "case.response.add"),
        ("bob", "case.response.change"), ("ann", "case.response.withdraw"), ("ann", "case.close"),
    ]  # fmt: skip
    assert lines[3][2:] == (
        {"number": 2, "owner": "", "state": "proposed"}, {"number": 2, "owner": "bob", "state": "done"},
    )  # fmt: skip
    assert lines[4][3] == {"number": 2, "because": "the wrong machine"}
    assert lines[5][2:] == ({"summary": "", "verdict": None}, {"summary": "it was she", "verdict": "refuted"})


def test_what_was_withdrawn_is_kept_and_can_come_again(state: State) -> None:
    id = _opened(state).head.id
    first = add(state, id, Response("isolate_host", "PC1"), who="ann")
    with pytest.raises(InputError, match="has this response already, as 2"):
        add(state, id, Response("isolate_host", "PC1"), who="ann")
    withdraw(state, id, first.number, 1, "not ours", who="ann")
    assert get(state, id).each(Response) == []
    assert len(get(state, id).each(Response, withdrawn=True)) == 1
    with pytest.raises(InputError, match="was withdrawn"):
        alter(state, id, first.number, 2, Response("isolate_host", "PC1", "x"), who="ann")
    again = add(state, id, Response("isolate_host", "PC1", "bob"), who="ann")
    assert (again.number, again.version, again.withdrawn) == (2, 3, False)


def test_a_long_target_is_one_all_the_same(state: State) -> None:
    id = _opened(state).head.id
    url = "https://evil.example/" + "\u0101" * 5_000
    made = add(state, id, Response("block_url", url), who="ann")
    assert (get(state, id).each(Response)[0].entry.target, len(made.entry.ref or "")) == (url, 512)
    add(state, id, Response("block_url", url + "x"), who="ann")
    with pytest.raises(InputError, match="has this response already"):
        add(state, id, Response("block_url", url), who="ann")


def test_a_closed_case_takes_nothing_until_it_is_reopened(state: State) -> None:
    id = _opened(state).head.id
    close(state, id, 1, Verdict.INCONCLUSIVE, "no sign-in log", who="ann")
    with pytest.raises(InputError, match="is closed"):
        add(state, id, Note("too late"), who="ann")
    with pytest.raises(InputError, match="is closed"):
        change(state, id, 2, who="ann", title="New")
    assert [one.id for one in listed(state, closed=True)[0]] == [id]
    assert listed(state, closed=False) == ([], 0)
    reopen(state, id, 2, who="ann")
    add(state, id, Note("in time"), who="ann")
    assert listed(state, closed=False)[1] == 1


@pytest.mark.parametrize(
    "entry",
    [
        lambda: Hypothesis(" "), lambda: Hypothesis("x", ("T12",)), lambda: Hypothesis("x", status="confirmed"),
        lambda: Hypothesis("x", status="maybe"), lambda: Note(""), lambda: Response("destroy", "PC1"),
        lambda: Response("isolate_host", ""), lambda: Feedback("wisdom", "x"), lambda: Note("x" * 20_001),
        lambda: Judged("1", {}, "dismissed"), lambda: Opening(""), lambda: Opening("x", scope=Scope(("",))),
        lambda: Opening("x", scope=Scope(tuple("x" * 101))),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(entry: object) -> None:
    with pytest.raises(InputError):
        entry()  # type: ignore[operator]


def test_text_of_any_kind_is_kept(state: State) -> None:
    id = open_case(state, Opening("\ud800 <b>\x00"), who="ann").head.id
    add(state, id, Note("\udfff\x00 %_'\";--"), who="\u202eann")
    assert get(state, id).head.title == "? <b>\ufffd"
    assert get(state, id).items[0].entry == Note("?\ufffd %_'\";--")
    assert listed(state, search="%")[1] == 0
    assert listed(state, search="<B>")[1] == 1


def test_what_is_not_there_is_said(state: State) -> None:
    with pytest.raises(UnknownCase, match="there is no case 7"):
        get(state, 7)
    with pytest.raises(UnknownCase):
        add(state, 7, Note("x"), who="ann")
    id = _opened(state).head.id
    with pytest.raises(UnknownCase, match="case 1 has no 9"):
        item(state, id, 9)
    with pytest.raises(InputError, match="1 is no note; expected hypothesis"):
        alter(state, id, 1, 1, Note("x"), who="ann")


def _asked(workspace: Workspace, *hunts: str, hypothesis: int | None = None) -> running.Asked:
    window = running.window_of(workspace, Scope())
    return running.Asked(hunts, {"minimum": 10}, window, hypothesis=hypothesis)


def test_a_run_can_be_repeated_and_its_findings_are_there_once(settings: Settings) -> None:
    with opened(settings) as (state, workspace):
        id = _opened(state).head.id
        ran = running.run(state, workspace, id, _asked(workspace, "fan-out", "dcsync", hypothesis=1), who="ann")
        assert [(one["hunt"], one["state"]) for one in ran.item.entry.outcomes] == [
            ("fan-out", "done"),
            ("dcsync", "cannot_see"),
        ]
        assert len(ran.new) == 2
        found, other = get(state, id).each(Judged)
        assert (found.entry.id, found.entry.hypothesis, found.entry.run) == (ran.new[0], 1, ran.item.number)
        running.judge(state, id, found.entry.id, Judgement.KEPT, "thirty servers", who="ann")
        again = running.again(state, workspace, id, ran.item.number, who="bob")
        assert (again.new, again.changed, again.item.entry.repeats) == ((), (), ran.item.number)
        assert again.item.entry.hunts == ran.item.entry.hunts
        assert [one.id for one in again.findings] == [found.entry.id, other.entry.id]
        kept, still = get(state, id).each(Judged)
        assert still == other
        assert (kept.entry.judgement, kept.entry.because) == ("kept", "thirty servers")
        with pytest.raises(InputError):
            running.judge(state, id, found.entry.id, Judgement.DISMISSED, "", who="ann")
        with pytest.raises(Conflict):
            running.judge(state, id, found.entry.id, Judgement.DISMISSED, "an admin", who="bob", version=1)
        with pytest.raises(UnknownCase):
            running.judge(state, id, "none", Judgement.KEPT, "", who="ann")
        with pytest.raises(UnknownCase):
            running.run(state, workspace, id, _asked(workspace, "fan-out", hypothesis=99), who="ann")


def test_a_scope_that_nothing_goes_by_finds_nothing_rather_than_all(settings: Settings) -> None:
    with opened(settings) as (state, workspace):
        keys, unknown = running.keys_of(workspace, Scope(("CORP\\alice", "nobody"), ("critical",)))
        assert (keys, unknown) == (("corp\\alice", "nobody", "tag:critical"), ("nobody", "critical"))
        id = _opened(state).head.id
        asked = running.Asked(("fan-out",), {}, running.window_of(workspace, Scope()), ("nobody",))
        assert running.run(state, workspace, id, asked, who="ann").findings == ()


def test_pinned_records_have_the_digest_of_what_they_were(settings: Settings) -> None:
    with opened(settings) as (state, workspace):
        id = _opened(state).head.id
        found = running.run(state, workspace, id, _asked(workspace, "fan-out"), who="ann").findings[0]
        pinned = pinning.pin_events(state, workspace, id, found.evidence[:2], who="ann", caption="the first two")
        assert [one.entry.basis for one in pinned] == ["raw", "raw"]
        assert len({one.entry.sha256 for one in pinned}) == 2
        again = pinning.pin_events(state, workspace, id, found.evidence[:2], who="bob")
        assert [one.number for one in again] == [one.number for one in pinned]
        assert {one.state for one in pinning.check(get(state, id), workspace)} == {"same"}
        with pytest.raises(InputError, match="no event is called nothing"):
            pinning.pin_events(state, workspace, id, ["nothing"], who="ann")
        edges = pinning.pin_edges(state, workspace, id, "CORP\\alice", "LOGGED_ON", "SRV10", who="ann")
        assert [one.entry.basis for one in edges] == ["edge", "raw"]
        assert edges[0].entry.content["target"]["key"] == "srv10.corp.example"
        with state.read() as connection:
            told = [one.after for one in history(connection, f"case:{id}") if one.action == "case.evidence.add"]
        assert {"content"} & set().union(*told) == set()
