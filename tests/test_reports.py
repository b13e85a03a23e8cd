"""Reports of a case: in both languages, in three forms, whole by themselves; what telemetry says stays text in them."""

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from graph_hunt.casework import reports
from graph_hunt.casework.cases import (
    Case,
    Feedback,
    Hypothesis,
    Judged,
    Note,
    Opening,
    Recommendation,
    add,
    advice,
    alter,
    change,
    custody,
    get,
    open_case,
    template,
)
from graph_hunt.casework.cases.answering import answer
from graph_hunt.casework.cases.entries import Judgement
from graph_hunt.casework.cases.pinning import pin_events
from graph_hunt.casework.cases.running import judge
from graph_hunt.casework.custody import brought
from graph_hunt.casework.reports.content import defanged
from graph_hunt.casework.reports.picture import Picture
from graph_hunt.casework.reports.words import words
from graph_hunt.casework.state import State
from graph_hunt.hunting import library, visibility
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.case_stories import opened
from tests.commands import run
from tests.paths import ROOT
from tests.phishing_story import ANN, OUTSIDE, write
from tests.test_case_templates import GIVEN, PHISHING

WORDS = tomllib.loads((ROOT / "graph_hunt/casework/reports/words.toml").read_text(encoding="utf-8"))
NOW = 1_709_700_000_000
HOSTILE = "<script>alert(1)</script> | `x` \u202e \u4e2d\u6587 \x07"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A workspace with a case that was worked through."""
    folder = tmp_path_factory.mktemp("reports")
    made = Settings(folder / "w")
    with Workspace.open(made) as workspace:
        workspace.load([write(folder / "telemetry")])
    with opened(made) as (state, workspace):
        _worked(state, workspace)
    return made


def _worked(state: State, workspace: Workspace) -> None:
    id = open_case(state, PHISHING.opening(GIVEN), who="ann").head.id
    list(answer(state, workspace, id, PHISHING, who="ann"))
    for one in get(state, id).each(Judged):
        kept = one.entry.finding["level"] in ("high", "medium")
        judge(state, id, one.entry.id, Judgement.KEPT if kept else Judgement.DISMISSED, "her own", who="ann")
    grave = next(one.entry for one in get(state, id).each(Judged) if one.entry.finding["hunt"] == "phishing/clients")
    pin_events(state, workspace, id, grave.finding["evidence"][:1], who="ann", caption="the first over EWS")
    for response in advice.proposed(get(state, id)):
        add(state, id, response, who="ann")
    add(state, id, Recommendation("renew-credentials"), who="ann")
    add(state, id, Recommendation("Rule of their own, in words"), who="ann")
    add(state, id, Feedback("indicator", "evil.example", "the domain"), who="ann")
    add(state, id, Note(HOSTILE), who="bob")
    custody.list_hosts(state, workspace, id, who="ann")
    first = get(state, id).each(Hypothesis)[0]
    said = {**first.entry.said(), "status": "confirmed", "because": "EWS from outside"}
    alter(state, id, first.number, first.version, Hypothesis.read(said), who="ann")
    change(
        state, id, 1, who="ann", title=f"Phishing {HOSTILE}", summary="The account was used by another.\nIt is reset."
    )


def _gathered(settings: Settings, language: str) -> tuple[Case, reports.Report]:
    with opened(settings) as (state, workspace):
        case = get(state, 1)
        loaded = brought(workspace.events, state)
        return case, reports.gather(case, workspace, PHISHING, language, now=NOW, loaded=loaded)


def test_the_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["fr"].keys()
    for list_of in ("terms", "kinds", "many", "edges"):
        assert WORDS[list_of]["en"].keys() == WORDS[list_of]["fr"].keys()
    assert set(re.findall(r"\{\w+\}", str(WORDS["en"]))) == set(re.findall(r"\{\w+\}", str(WORDS["fr"])))
    # A hunt or a log that is new stays in English until it is translated; what is no more goes from here.
    assert set(WORDS["hunts"]["fr"]) <= {hunt.id for hunt in library.all_hunts()}
    own = {kind.name for step in PHISHING.steps for look in step.looks for kind in look.telemetry}
    assert set(WORDS["telemetry"]["fr"]) == set(WORDS["opens"]["fr"]) <= {*visibility.catalogue(), *own}


def test_a_report_has_all_that_was_asked_for(settings: Settings) -> None:
    _, report = _gathered(settings, "en")
    assert [section.id for section in report.sections] == [
        "summary", "hypotheses", "steps", "timeline", "picture", "spread", "attack", "findings", "evidence",
        "indicators", "response", "recommendations", "learned", "blind", "hosts", "notes", "dismissed", "custody",
    ]  # fmt: skip
    by_id = {section.id: section for section in report.sections}
    assert by_id["summary"].paragraphs[0] == "The account was used by another."
    (pinned,) = by_id["evidence"].table.rows  # type: ignore[union-attr]
    assert (pinned[4], pinned[3].replace("\n", "")[-5:]) == ("unchanged", "(raw)")
    timeline = [row[0] for row in by_id["timeline"].table.rows]  # type: ignore[union-attr]
    assert timeline == sorted(timeline)
    assert "links opened" in [row[0] for row in by_id["blind"].table.rows]  # type: ignore[union-attr]
    values = [row[1] for row in by_id["indicators"].table.rows]  # type: ignore[union-attr]
    assert {"hxxps[://]evil[.]example/login", "billing[@]evil[.]example", "evil[.]example"} <= set(values)
    assert by_id["recommendations"].paragraphs[1] == "• Rule of their own, in words"
    assert {row[1] for row in by_id["custody"].table.rows} == {"1", "7"}  # type: ignore[union-attr]


def test_the_french_report_is_french(settings: Settings) -> None:
    _, report = _gathered(settings, "fr")
    by_id = {section.id: section for section in report.sections}
    assert by_id["hypotheses"].table is not None and by_id["steps"].table is not None
    first = by_id["hypotheses"].table.rows[0]
    assert first[1] == "confirmée"
    assert first[2].splitlines()[0].startswith("Un message a conduit quelqu'un")
    assert by_id["steps"].table.rows[0][0].splitlines()[0] == "Le message"
    told = "\n".join(str(section) for section in report.sections if section.id in ("timeline", "findings", "response"))
    assert f"{ANN} a été utilisé depuis {OUTSIDE}" in told
    assert "Courrier transféré à une adresse extérieure" in told
    assert "5 mars 2024 à 09:00:00" in told
    assert not re.search(r"\b(was|from|sent|times|with|forwards)\b", told)
    blind = by_id["blind"].table
    assert blind is not None
    assert "Microsoft 365 : journal d'audit unifié" in {row[1] for row in blind.rows}
    assert not any("export the" in row[1] or "the sign-in" in row[1] for row in blind.rows)


def test_moments_and_counts_are_said_as_the_language_does() -> None:
    assert words("fr").moment(1_709_251_200_000) == "1er mars 2024 à 00:00:00"
    assert words("en").moment(1_709_251_200_000) == "2024-03-01 00:00:00"
    assert words("fr").counted({"Host": 1, "User": 2, "Url": 0}) == "1 machine, 2 comptes"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_html_is_whole_by_itself_and_runs_nothing(settings: Settings, language: str) -> None:
    _, report = _gathered(settings, language)
    page = reports.as_html(report)
    assert f'<html lang="{language}">' in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", page)
    assert "default-src 'none'" in page
    assert page.count("<section id=") == len(report.sections)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_pdf_carries_accents_and_what_the_font_lacks(settings: Settings, language: str) -> None:
    _, report = _gathered(settings, language)
    paper = reports.as_pdf(report, NOW)
    assert paper.startswith(b"%PDF-")
    assert paper.rstrip().endswith(b"%%EOF")
    assert b"DejaVuSans" in paper
    assert len(paper) > 20_000


def test_markdown_has_nothing_that_telemetry_marked_up(settings: Settings) -> None:
    _, report = _gathered(settings, "en")
    text = reports.as_markdown(report)
    assert text.startswith("# Case report\n")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert len(heads) == len(report.sections)
    for line in text.splitlines():
        if line.startswith("|") and "---" not in line:
            assert len(re.findall(r"(?<!\\)\|", line)) in (3, 4, 5, 6), line


def _picture(settings: Settings) -> Picture:
    _, report = _gathered(settings, "en")
    (picture,) = [section.picture for section in report.sections if section.picture]
    return picture


def test_the_picture_shows_who_is_joined_to_whom(settings: Settings) -> None:
    picture = _picture(settings)
    assert {(box.kind, box.name) for box in picture.boxes} >= {
        ("account", ANN),
        ("IP address", OUTSIDE),
        ("machine", "PC1.corp.example"),
        ("task or service", "\\Updater"),
        ("mailbox", "bob@corp.example"),
    }
    assert any("signed in from" in line.words for line in picture.lines)
    places = [(box.x, box.y) for box in picture.boxes]
    assert all(
        abs(x1 - x2) >= 186 or abs(y1 - y2) >= 40 for n, (x1, y1) in enumerate(places) for x2, y2 in places[n + 1 :]
    )
    root = ElementTree.fromstring(picture.svg())
    assert len([one for one in root if one.tag.endswith("rect")]) == len(picture.boxes)


def test_an_empty_case_has_a_report(settings: Settings) -> None:
    with opened(settings) as (state, workspace):
        case = open_case(state, Opening("Nothing yet"), who="ann")
        report = reports.gather(case, workspace, None, "fr", now=NOW, loaded=brought(workspace.events, state))
    assert [section.id for section in report.sections] == ["summary", "blind", "custody"]
    assert reports.as_pdf(report, NOW).startswith(b"%PDF-")
    assert "Tout ce que demandent" in reports.as_markdown(report)
    assert "Rapport d&#39;investigation" in reports.as_html(report)


def test_defanged_values_are_no_links() -> None:
    assert defanged("http://a.example/x?u=b@c") == "hxxp[://]a[.]example/x?u=b[@]c"


def test_the_command_writes_it(settings: Settings, tmp_path: Path) -> None:
    place = ("-w", settings.workspace)
    done = run("case", "report", "1", "-o", tmp_path / "r.pdf", "--language", "fr", *place)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")
    assert run("case", "report", "1", "--format", "md", *place).stdout.startswith("# Case report")
    assert run("case", "report", "1", "-o", tmp_path / "none" / "r.md", *place).returncode == 1
    assert template.LANGUAGES == ("en", "fr")
