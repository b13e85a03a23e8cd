"""The phishing template on a phishing that was answered: step by step, over again, without what it needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph_hunt.casework.cases import (
    Answer,
    Case,
    Hypothesis,
    Judged,
    Listed,
    Response,
    Verdict,
    advice,
    close,
    collection,
    custody,
    get,
    open_case,
    template,
)
from graph_hunt.casework.cases.answering import answer
from graph_hunt.casework.cases.entries import Judgement
from graph_hunt.casework.cases.running import judge
from graph_hunt.casework.state import State, history
from graph_hunt.errors import HuntError, InputError, UnknownCase
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.case_stories import opened
from tests.commands import answer as told
from tests.commands import run
from tests.phishing_story import ANN, BOB, OUTSIDE, write

GIVEN = {"accounts": (ANN, "CORP\\ann"), "senders": ("evil.example",), "ips": (OUTSIDE,), "hosts": ("PC1",)}
PHISHING = template.find("phishing")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A workspace with the story."""
    folder = tmp_path_factory.mktemp("phishing")
    made = Settings(folder / "w")
    with Workspace.open(made) as workspace:
        workspace.load([write(folder / "telemetry")])
    return made


@contextmanager
def laid_out(settings: Settings, **given: tuple[str, ...]) -> Iterator[tuple[State, Workspace, int]]:
    """A case of the template."""
    with opened(settings) as (state, workspace):
        yield state, workspace, open_case(state, PHISHING.opening(given or GIVEN), who="ann").head.id


def states(case: Case) -> dict[str, str]:
    """What each step came to."""
    return {one.entry.step: one.entry.state for one in case.each(Answer)}


def test_a_case_is_laid_out_with_its_hypotheses(settings: Settings) -> None:
    with laid_out(settings) as (state, _, id):
        case = get(state, id)
        assert case.head.title == f"Phishing: {ANN}, CORP\\ann"
        assert case.head.scope.entities == (ANN, "CORP\\ann", OUTSIDE, "PC1")
        assert [one.entry.techniques[0] for one in case.each(Hypothesis)] == ["T1566.002", "T1114.002", "T1053.005"]
    french = PHISHING.opening(GIVEN, language="fr")
    assert french.title == f"Hameçonnage : {ANN}, CORP\\ann"
    first = french.entries[0]
    assert isinstance(first, Hypothesis)
    assert PHISHING.translated(first.text, "en").startswith("A message led someone")
    with pytest.raises(InputError, match="takes no moons"):
        PHISHING.opening({"moons": ("x",)})


def test_each_step_says_found_not_found_or_cannot_see(settings: Settings) -> None:
    with laid_out(settings) as (state, workspace, id):
        answered = list(answer(state, workspace, id, PHISHING, who="ann"))
        assert [step.id for step, _ in answered] == [step.id for step in PHISHING.steps]
        case = get(state, id)
        assert states(case) == {
            "message": "found",
            "recipients": "found",
            "sign-in-places": "found",
            "authentication": "not_found",
            "mailbox-clients": "found",
            "mailbox-automation": "found",
            "scheduled-tasks": "found",
            "external-sends": "found",
            "blast-radius": "found",
        }
        by_step = {one.entry.step: one.entry for one in case.each(Answer)}
        assert by_step["recipients"].missing == ("click",)
        summaries = {one.entry.id: one.entry.finding["summary"] for one in case.each(Judged)}
        assert [summaries[id] for id in by_step["recipients"].findings] == [
            f"{BOB} received 1 like it: “Your invoice is overdue”"
        ]
        assert summaries[by_step["sign-in-places"].findings[0]].startswith(f"{ANN} was used from {OUTSIDE}: 4 times")
        clients = {summaries[id] for id in by_step["mailbox-clients"].findings}
        assert any(f"was used over ews from {OUTSIDE}" in one for one in clients)
        assert any(one.entry.finding["details"].get("fr") for one in case.each(Judged))


def test_answering_again_renews_and_doubles_nothing(settings: Settings) -> None:
    with laid_out(settings) as (state, workspace, id):
        list(answer(state, workspace, id, PHISHING, who="ann"))
        first = get(state, id)
        list(answer(state, workspace, id, PHISHING, who="bob"))
        again = get(state, id)
        assert states(again) == states(first)
        assert [one.entry.id for one in again.each(Judged)] == [one.entry.id for one in first.each(Judged)]
        assert list(answer(state, workspace, id, PHISHING, who="ann", rest=True)) == []
        only = list(answer(state, workspace, id, PHISHING, who="ann", steps=["message"]))
        assert [step.id for step, _ in only] == ["message"]
        with pytest.raises(InputError, match="no step is called nonsense"):
            list(answer(state, workspace, id, PHISHING, who="ann", steps=["nonsense"]))


def test_what_stops_between_two_steps_goes_on_with_the_rest(settings: Settings) -> None:
    with laid_out(settings) as (state, workspace, id):
        under_way = answer(state, workspace, id, PHISHING, who="ann")
        next(under_way)
        next(under_way)
        under_way.close()  # type: ignore[attr-defined]
        assert list(states(get(state, id))) == ["message", "recipients"]
        rest = [step.id for step, _ in answer(state, workspace, id, PHISHING, who="ann", rest=True)]
        assert rest == [step.id for step in PHISHING.steps[2:]]


def test_one_that_nothing_goes_by_finds_nothing(settings: Settings) -> None:
    given = {"accounts": ("nobody@corp.example",), "senders": ("nowhere.example",), "ips": ("192.0.2.99",)}
    with laid_out(settings, **given) as (state, workspace, id):
        list(answer(state, workspace, id, PHISHING, who="ann"))
        case = get(state, id)
        assert set(states(case).values()) == {"not_found", "cannot_see"}
        assert case.each(Judged) == []
        noted = case.each(Answer)[0].entry.notes
        assert "nothing that was loaded goes by nobody@corp.example" in noted


def test_a_question_that_was_not_asked_is_not_answered_no(settings: Settings) -> None:
    with laid_out(settings, accounts=(ANN,)) as (state, workspace, id):
        list(answer(state, workspace, id, PHISHING, who="ann", steps=["message"]))
        (said,) = get(state, id).each(Answer)
        assert said.entry.state == "cannot_see"
        assert said.entry.notes == ("phishing/delivered: not asked, for no senders were given",)


def test_an_empty_workspace_cannot_see(tmp_path: Path) -> None:
    made = Settings(tmp_path / "w")
    Workspace.open(made).close()
    with opened(made) as (state, workspace):
        id = open_case(state, PHISHING.opening(GIVEN), who="ann").head.id
        list(answer(state, workspace, id, PHISHING, who="ann"))
        assert set(states(get(state, id)).values()) == {"cannot_see"}


def test_what_follows_is_proposed_and_people_choose(settings: Settings) -> None:
    with laid_out(settings) as (state, workspace, id):
        list(answer(state, workspace, id, PHISHING, who="ann"))
        proposed = {(one.action, one.target) for one in advice.proposed(get(state, id))}
        assert {
            ("reset_account", ANN),
            ("block_address", OUTSIDE),
            ("block_url", "https://evil.example/login"),
            ("purge_message", "1@evil.example"),
            ("remove_rule", "."),
            ("remove_persistence", "\\Updater"),
        } <= proposed
        named = [one.what for one in advice.recommended(get(state, id))]
        assert {"renew-credentials", "stronger-sign-in", "awareness", "forbid-forwarding", "close-blind-spots"} <= set(
            named
        )
        kept = next(one for one in get(state, id).each(Judged) if one.entry.finding["hunt"] == "phishing/delivered")
        judge(state, id, kept.entry.id, Judgement.KEPT, "", who="ann")
        assert {one.action for one in advice.proposed(get(state, id))} == {"purge_message", "block_url"}


def test_every_recommendation_is_in_both_languages() -> None:
    for one in advice.catalogue().values():
        assert all(len(one.words[language]) > 40 for language in template.LANGUAGES)
        assert one.attack or one.blind


def test_the_collection_check_names_what_is_missing(settings: Settings) -> None:
    with laid_out(settings) as (state, workspace, id):
        needs = collection.check(get(state, id), workspace.events.codes(), PHISHING)
        clicks = next(need for need in needs if need.kinds[0].name == "click")
        assert (clicks.there, clicks.asked_by, clicks.hypotheses) == (False, ("phishing/clicked",), (3,))
        assert "UrlClickEvents" in clicks.kinds[0].opens
        mail = next(need for need in needs if need.kinds[0].name == "mail")
        assert (mail.there, mail.rows) == (True, 2)
        assert [need.there for need in needs] == sorted(need.there for need in needs)


def test_hosts_are_collected_or_referenced_and_only_a_person_clears(settings: Settings) -> None:
    with laid_out(settings) as (state, workspace, id):
        list(answer(state, workspace, id, PHISHING, who="ann"))
        (host,) = custody.list_hosts(state, workspace, id, who="ann")
        assert (host.entry.host, host.entry.state) == ("pc1.corp.example", "collected")
        with pytest.raises(InputError):
            custody.clear(state, id, "PC1", " ", who="ann")
        custody.clear(state, id, "PC1", "rebuilt", who="ann")
        (again,) = custody.list_hosts(state, workspace, id, who="bob")
        assert (again.entry.state, again.entry.because, again.version) == ("cleared", "rebuilt", 2)
        custody.suspect(state, workspace, id, "pc1", who="ann")
        assert get(state, id).each(Listed)[0].entry.state == "collected"
        close(state, id, 1, Verdict.REFUTED, "nothing", who="ann")
        assert [one.entry.state for one in custody.list_hosts(state, workspace, id, who="ann")] == ["collected"]
        with pytest.raises(UnknownCase):
            custody.clear(state, id, "PC2", "x", who="ann")
        with state.read() as connection:
            actions = [one.action for one in history(connection, f"case:{id}")]
        assert actions[-4:] == ["case.host.enter", "case.host.change", "case.host.change", "case.close"]


OWN = """
id = "own"
form = "situational"
trigger = "anomaly"
title = "Own: {hosts}"
[fields]
hosts = "machines"
[[steps]]
id = "tasks"
title = "Tasks"
question = "Which?"
looks = ["tasks"]
[looks.tasks]
asks = ["hosts"]
needs = ["task_changed"]
level = "low"
title = "A task"
summary = "{object} on {host}"
entities = { host = "Host" }
sql = "SELECT host_key AS host, object, time AS first_seen, time AS last_seen, [event_id] AS evidence FROM change_resolved WHERE list_contains($hosts, host_key)"
"""  # noqa: E501


def test_a_soc_adds_templates_of_its_own(settings: Settings) -> None:
    folder = settings.workspace / template.FOLDER
    folder.mkdir()
    (folder / "own.toml").write_text(OWN, encoding="utf-8")
    assert template.names(folder) == ["own", "phishing"]
    own = template.find("own", folder)
    with opened(settings) as (state, workspace):
        id = open_case(state, own.opening({"hosts": ("PC1",)}), who="ann").head.id
        ((_, said),) = answer(state, workspace, id, own, who="ann")
        assert said.entry.state == "found"
        (found,) = get(state, id).each(Judged)
        assert found.entry.finding["summary"] == "\\Updater on PC1.corp.example"
    with pytest.raises(InputError, match="no template is called 'nothing'; expected own, phishing"):
        template.find("nothing", folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "own"', 'id = "O"', "id: must be small letters"),
        ('form = "situational"', 'form = "odd"', "'odd' must be one of"),
        ('looks = ["tasks"]', 'looks = ["none"]', "none is none of its looks"),
        ('looks = ["tasks"]', 'hunts = ["none"]', "no hunt has that id"),
        ('looks = ["tasks"]', 'scope = ["x"]', "'x' must be of"),
        ('needs = ["task_changed"]', 'needs = ["x"]', "no such telemetry"),
        ('level = "low"', 'level = "dire"', "'dire' must be one of"),
        ("$hosts", "$others", "others"),
        ('host = "Host"', 'host = "Horse"', "schema's labels"),
        ('title = "A task"', 'title = { en = "A task" }', "a text for each of en, fr"),
        ('hosts = "machines"', 'moons = "x"', "a template takes accounts"),
        ("[fields]", "[fields", "cannot be read as a template"),
    ],
)
def test_a_malformed_template_is_refused_by_file_and_field(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(HuntError, match=said) as refused:
        template.read(file)
    assert str(refused.value).startswith("own.toml: ")


def test_a_look_whose_sql_is_wrong_says_so(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace("object, time", "nothing, time"), encoding="utf-8")
    with opened(settings) as (state, workspace):
        id = open_case(state, template.read(file).opening({"hosts": ("PC1",)}), who="ann").head.id
        with pytest.raises(InputError, match="look own/tasks"):
            list(answer(state, workspace, id, template.read(file), who="ann"))


def test_the_command_line_does_it_with_one_command(settings: Settings) -> None:
    place = ("-w", settings.workspace)
    given = ("--account", ANN, "--sender", "evil.example", "--ip", OUTSIDE, "--host", "PC1")
    made = run("case", "new", "--template", "phishing", *given, *place)
    case = made.stdout.strip()
    assert case.isdecimal(), made.stderr
    ran = run("case", "run", case, *place)
    assert ran.returncode == 0, ran.stderr
    heads = [line.split("  ")[0] for line in ran.stdout.splitlines() if not line.startswith(" ") and ": " in line]
    assert {"found", "not found"} <= set(heads)
    assert "cannot see: needs links opened (click)" in ran.stdout
    assert run("case", "respond", case, "--propose", *place).returncode == 0
    shown = told("case", "show", case, "--json", *place)
    kinds = {one["kind"] for one in shown["items"]}
    assert kinds == {"hypothesis", "run", "finding", "answer", "response"}
    assert {one["state"] for one in told("case", "hosts", case, "--json", *place)} == {"collected"}
    assert Response(**next(one["entry"] for one in shown["items"] if one["kind"] == "response")).state == "proposed"
