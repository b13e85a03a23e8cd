"""Indicators and countries over GraphQL, on a live server."""

import json
from pathlib import Path

import pytest

from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.test_api import served
from tests.test_api_detections import ask, codes
from tests.written import write_lines

KOREA = "175.45.176.1"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace with a failed and a successful logon from one address."""
    made = Settings(tmp_path / "w")
    lines = [
        f"Aug  6 10:00:0{n} web sshd[7]: {word} password for ann from {KOREA} port 22 ssh2"
        for n, word in enumerate(("Failed", "Accepted"))
    ]
    with Workspace.open(made) as workspace:
        workspace.load([write_lines(tmp_path / "auth.log", lines)])
    return made


def test_indicators_are_given_met_shown_let_pass_and_exported(settings: Settings) -> None:
    given = "new changed same sightings alerts problems"
    with served(settings) as client:
        text = f"{KOREA}\n???\n"
        done = ask(
            client,
            f'mutation ($text: String!) {{ importIndicators(text: $text, source: "CERT") {{ {given} }} }}',
            text=text,
        )
        assert done["importIndicators"] | {"problems": 0} == {
            "new": [KOREA], "changed": [], "same": 0, "sightings": 2, "alerts": 1, "problems": 0,
        }  # fmt: skip
        assert done["importIndicators"]["problems"][0].startswith("2: '???' is no value")
        document = (
            '{ indicator(value: "175.45.176[.]1") { kind sources met sightings { edges { node { table field } } } } }'
        )
        assert ask(client, document)["indicator"] == {
            "kind": "IP", "sources": ["CERT"], "met": 2,
            "sightings": {"edges": [{"node": {"table": "authentication", "field": "source_ip"}}] * 2},
        }  # fmt: skip
        ranked = ask(client, "{ indicators(ranked: true) { totalCount edges { node { value reached } } } }")[
            "indicators"
        ]
        assert (ranked["totalCount"], ranked["edges"][0]["node"]["value"]) == (1, KOREA)
        bundle = json.loads(ask(client, "{ indicatorExport(format: STIX) }")["indicatorExport"])
        assert [one["type"] for one in bundle["objects"]] == ["identity", "indicator"]
        matched = ask(client, '{ entity(name: "175.45.176.1") { relations { kind label total } } }')["entity"]
        assert {"kind": "MATCHES", "label": "Indicator", "total": 1} in matched["relations"]
        ask(client, 'mutation { allowIndicator(value: "175.45.176.0/24", reason: "ours") }')
        assert ask(client, "{ indicators { totalCount } }")["indicators"]["totalCount"] == 0
        back = 'mutation { forbidIndicator(value: "175.45.176.0/24") { sightings } }'
        assert ask(client, back)["forbidIndicator"] == {"sightings": 0}
        ended = ask(client, f'mutation {{ expireIndicator(value: "{KOREA}", at: "2020-01-01") {{ until met }} }}')
        assert ended["expireIndicator"] == {"until": "2020-01-01T00:00:00Z", "met": 0}
        assert codes(client, 'mutation { addIndicator(value: "no value") { same } }') == ["BAD_USER_INPUT"]
        assert ask(client, f'mutation {{ addIndicator(value: "{KOREA}") {{ changed }} }}')["addIndicator"][
            "changed"
        ] == [KOREA]
        assert ask(client, "mutation { matchIndicators { sightings } }") == {"matchIndicators": {"sightings": 0}}
        wrong = 'mutation { promoteFinding(finding: "none", hunts: ["dcsync"]) { same } }'
        assert codes(client, wrong) == ["NOT_FOUND"]


def test_countries_are_said_and_met(settings: Settings) -> None:
    with served(settings) as client:
        said = """mutation { setCountries(highRisk: ["kp"], populations: [{name: "sales", values: ["US"]}],
          egress: [{name: "office", values: ["203.0.113.0/24"]}]) { highRisk expected populations { name values } } }"""
        assert ask(client, said)["setCountries"] == {
            "highRisk": ["KP"], "expected": [], "populations": [{"name": "sales", "values": ["US"]}],
        }  # fmt: skip
        assert ask(client, "{ countries { egress { name values } } }")["countries"] == {
            "egress": [{"name": "office", "values": ["203.0.113.0/24"]}]
        }
        assert ask(client, "{ countriesMet { country word users successes failures } }")["countriesMet"] == [
            {"country": "KP", "word": "high_risk", "users": 1, "successes": 1, "failures": 1}
        ]
        assert ask(client, "mutation { detect { detection } }")["detect"] == [{"detection": "countries"}]
        assert codes(client, 'mutation { setCountries(highRisk: ["Korea"]) { highRisk } }') == ["BAD_USER_INPUT"]


RULE = """title: Failed
logsource: {product: linux, service: sshd}
detection: {keywords: [Failed password], condition: keywords}
"""


def test_sigma_is_checked_run_kept_and_written(settings: Settings) -> None:
    with served(settings) as client:
        text = RULE + "---\n" + RULE.replace("linux, service: sshd", "aws, service: cloudtrail")
        document = "{ ran { title state events findings { summary } } refused { kind why } }"
        checked = ask(client, f"query ($text: String!) {{ sigmaCheck(rules: $text) {document} }}", text=text)[
            "sigmaCheck"
        ]
        assert (len(checked["ran"]), checked["ran"][0]["state"]) == (1, "")
        assert checked["refused"] == [{"kind": "not_kept", "why": "no events of aws/*/cloudtrail are kept"}]
        ran = ask(client, f"mutation ($text: String!) {{ runSigma(rules: $text) {document} }}", text=text)["runSigma"]
        assert [(one["title"], one["state"], one["events"]) for one in ran["ran"]] == [("Failed", "done", 1)]
        add = 'mutation ($rule: String!) { addSigmaDetection(id: "failed", rule: $rule) { kind title } }'
        assert ask(client, add, rule=RULE)["addSigmaDetection"] == {"kind": "sigma", "title": "Failed"}
        assert codes(client, add, rule="title: [") == ["BAD_USER_INPUT"]
        assert ask(client, '{ sigmaExport(id: "failed") { text lost } }')["sigmaExport"] == {"text": RULE, "lost": []}
        none = ask(client, '{ sigmaExport(id: "bridge") { text lost } }')["sigmaExport"]
        assert (none["text"], len(none["lost"])) == (None, 1)
