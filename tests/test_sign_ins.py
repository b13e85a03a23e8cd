"""Sign-ins by country, and who came from one; the same on both engines."""

from pathlib import Path

import pytest

from graph_hunt.api.app import create_app
from graph_hunt.events.store import EventStore, Resources
from graph_hunt.graph.store import GraphStore
from graph_hunt.hunting.sign_ins import FromAddress, FromCountry, Tally, by_country, from_country
from graph_hunt.hunting.window import Window
from graph_hunt.settings import Settings
from graph_hunt.workspace.preferences import Preferences
from graph_hunt.workspace.workspace import Workspace
from tests.hunt_cases import telemetry
from tests.live import served

ALWAYS = Window(0, 4_000_000_000_000, 0)


@pytest.fixture
def workspace(graph_store: GraphStore, tmp_path: Path) -> Workspace:
    """The sign-ins that fire the hunt for countries on a list."""
    opened = Workspace(tmp_path, Preferences(), EventStore.open(tmp_path / "events", Resources()), graph_store)
    opened.load(telemetry("high-risk-country", "fires"))
    return opened


def test_sign_ins_are_counted_by_country(workspace: Workspace) -> None:
    assert by_country(workspace, ALWAYS) == [
        FromCountry("KP", True, 2, 2, Tally(1, 3, 0, 1772503800000, 1772508000000)),
        FromCountry("FR", False, 1, 1, Tally(1, 0, 0, 1772526000000, 1772526000000)),
    ]


def test_the_organisations_own_list_of_countries_counts(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "countries.toml").write_text('high_risk = ["FR"]')
    assert [(one.country, one.high_risk) for one in by_country(workspace, ALWAYS)] == [("KP", False), ("FR", True)]


def test_they_are_narrowed_to_accounts_and_to_a_window(workspace: Workspace) -> None:
    assert [one.country for one in by_country(workspace, ALWAYS, ["dan@corp.example"])] == ["FR"]
    morning = Window(1772503200000, 1772506800000, 0)
    (found,) = by_country(workspace, morning)
    assert (found.country, found.users, found.tally.failures) == ("KP", 1, 2)


def test_who_came_from_a_country_is_told_with_whence(workspace: Workspace) -> None:
    bob, cora = ("bob@corp.example", "bob@corp.example"), ("cora@corp.example", "cora@corp.example")
    near, far = ("175.45.176.98", "175.45.176.98"), ("175.45.176.99", "175.45.176.99")
    assert from_country(workspace, ALWAYS, "KP") == [
        FromAddress(bob, near, Tally(1, 0, 0, 1772504400000, 1772504400000)),
        FromAddress(cora, far, Tally(0, 1, 0, 1772508000000, 1772508000000)),
        FromAddress(bob, far, Tally(0, 2, 0, 1772503800000, 1772503860000)),
    ]
    assert from_country(workspace, ALWAYS, "KP", most=1)[0].account == bob
    assert from_country(workspace, ALWAYS, "DE") == []


def test_the_api_tells_both(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "w")
    with Workspace.open(settings) as opened:
        opened.load(telemetry("high-risk-country", "fires"))
    with served(create_app(settings)) as client:
        document = """{ signIns { country highRisk users tally { failures } }
            signInsFrom(country: "FR", accounts: ["dan@corp.example"]) { account { name label } address { name } } }"""
        answer = client.post("/graphql", json={"query": document}).json()["data"]
    assert answer["signIns"] == [
        {"country": "KP", "highRisk": True, "users": 2, "tally": {"failures": 3}},
        {"country": "FR", "highRisk": False, "users": 1, "tally": {"failures": 0}},
    ]
    assert answer["signInsFrom"] == [
        {"account": {"name": "dan@corp.example", "label": "User"}, "address": {"name": "198.51.100.8"}}
    ]
