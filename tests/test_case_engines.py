"""A case on each engine: the same answers, ledger, edges and picture."""

from graph_hunt.casework import reports
from graph_hunt.casework.cases import Answer, Scope, custody, get, open_case
from graph_hunt.casework.cases.answering import answer
from graph_hunt.casework.cases.pinning import pin_edges
from graph_hunt.casework.cases.running import keys_of
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.case_stories import opened
from tests.phishing_story import ANN, write
from tests.test_case_templates import GIVEN, PHISHING

TAGS = '[critical]\nhosts = ["pc1*"]\n\n[crit]\nhosts = ["pc2*"]\n'


def test_a_case_is_the_same_on_each_engine(own_settings: Settings) -> None:
    folder = own_settings.workspace.parent / "telemetry"
    with Workspace.open(own_settings) as workspace:
        (own_settings.workspace / "tags.toml").write_text(TAGS, encoding="utf-8")
        workspace.load([write(folder)])
    with opened(own_settings) as (state, workspace):
        assert keys_of(workspace, Scope(tags=("critical",))) == (("pc1.corp.example",), ())
        assert keys_of(workspace, Scope(tags=("crit",))) == (("tag:crit",), ("crit",))
        id = open_case(state, PHISHING.opening(GIVEN), who="ann").head.id
        list(answer(state, workspace, id, PHISHING, who="ann"))
        found = {one.entry.step: (one.entry.state, len(one.entry.findings)) for one in get(state, id).each(Answer)}
        assert found["sign-in-places"][0] == found["mailbox-automation"][0] == found["blast-radius"][0] == "found"
        assert (found["message"], found["authentication"]) == (("found", 2), ("not_found", 0))
        assert [one.entry.host for one in custody.list_hosts(state, workspace, id, who="ann")] == ["pc1.corp.example"]
        pinned = pin_edges(state, workspace, id, f"User:{ANN}", "CREATED_RULE", f"MailRule:{ANN}|.", who="ann")
        assert [one.entry.basis for one in pinned] == ["edge", "raw"]
        report = reports.gather(get(state, id), workspace, PHISHING, "en", now=1, loaded=[])
        (picture,) = [section.picture for section in report.sections if section.picture]
        words = {word.removeprefix("← ") for line in picture.lines for word in line.words.split(", ")}
        assert {"signed in from", "made the rule", "forwards to", "delivered to", "made"} <= words
