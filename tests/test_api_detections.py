"""Detections and alerts over GraphQL, on a live server whose scheduler looks by itself."""

import asyncio
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.test_api import Client as Asking
from tests.test_api import served
from tests.test_detections import logons
from tests.written import write_lines

ADD = """mutation { addDetection(id: "fans", hunt: "fan-out", parameters: {minimum: 10}, scope: ["CORP\\\\alice"],
  suppress: "7d") { id kind subject parameters scope suppress enabled version alerts } }"""
ALERT = "id number detection state verdict note version finding { hunt entities { entity { name } } }"


@pytest.fixture
def settings(own_settings: Settings, tmp_path: Path) -> Settings:
    """A loaded workspace."""
    with Workspace.open(own_settings) as workspace:
        workspace.load([write_lines(tmp_path / "logons.json", logons("alice", 100))])
    return own_settings


def ask(client: Asking, document: str, **variables: Any) -> Any:
    answer = client.ask(document, **variables)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def codes(client: Asking, document: str, **variables: Any) -> list[str]:
    return [error["extensions"]["code"] for error in client.ask(document, **variables)["errors"]]


def test_a_detection_is_kept_runs_and_its_alert_is_settled(settings: Settings) -> None:
    with served(settings) as client:
        made = ask(client, ADD)["addDetection"]
        assert made == {
            "id": "fans", "kind": "hunt", "subject": "fan-out", "parameters": {"minimum": 10}, "scope": ["corp\\alice"],
            "suppress": 604800, "enabled": True, "version": 1, "alerts": 0,
        }  # fmt: skip
        assert codes(client, ADD) == ["BAD_USER_INPUT"]
        ask(client, "mutation { detect { detection outcome new } }")
        page = ask(client, f"{{ alerts(states: [NEW]) {{ totalCount edges {{ node {{ {ALERT} }} }} }} }}")["alerts"]
        [alert] = [edge["node"] for edge in page["edges"]]
        assert (page["totalCount"], alert["detection"], alert["finding"]["hunt"]) == (1, "fans", "fan-out")
        close = f"""mutation ($ids: [ID!]!, $version: Int) {{ settleAlerts(ids: $ids, state: CLOSED,
          verdict: BENIGN, note: "a scan", version: $version) {{ {ALERT} }} }}"""
        assert codes(client, close, ids=[alert["id"]], version=7) == ["CONFLICT"]
        [closed] = ask(client, close, ids=[alert["id"]], version=1)["settleAlerts"]
        assert (closed["state"], closed["verdict"], closed["note"], closed["version"]) == (
            "CLOSED",
            "BENIGN",
            "a scan",
            2,
        )
        assert codes(client, '{ alert(id: "none") { id } }') == ["NOT_FOUND"]


def test_a_detection_is_proposed_changed_let_pass_and_removed(settings: Settings) -> None:
    with served(settings) as client:
        ask(client, ADD)
        ask(client, "mutation { detect { new } }")
        [edge] = ask(client, "{ alerts { edges { node { finding { id } } } } }")["alerts"]["edges"]
        id = edge["node"]["finding"]["id"]
        proposal = ask(
            client,
            "query ($id: ID!) { detectionProposal(finding: $id) { hunt parameters caught total levels { count } } }",
            id=id,
        )["detectionProposal"]
        assert (proposal["hunt"], proposal["parameters"], proposal["caught"]) == ("fan-out", {"minimum": 10}, True)
        changed = (
            'mutation { changeDetection(id: "fans", schedule: "0 6 * * *", enabled: false, version: 1) { version } }'
        )
        assert ask(client, changed)["changeDetection"]["version"] == 2
        assert codes(client, changed) == ["CONFLICT"]
        let = 'mutation { allowInDetection(id: "fans", pattern: "corp*", reason: "ours", until: "2099-01-01") }'
        ask(client, let)
        shown = ask(client, '{ detection(id: "fans") { nextRun allowed { pattern until } } channels { name } }')
        assert shown == {
            "detection": {"nextRun": None, "allowed": [{"pattern": "corp*", "until": "2099-01-01T00:00:00Z"}]},
            "channels": [],
        }
        ask(client, 'mutation { forbidInDetection(id: "fans", pattern: "corp*") }')
        ask(client, 'mutation { removeDetection(id: "fans") }')
        assert ask(client, "{ detections { id } }") == {"detections": []}


def test_a_channel_is_tried_and_only_a_known_one(settings: Settings, tmp_path: Path) -> None:
    (settings.workspace / "notify.toml").write_text(f'[log]\nkind = "file"\npath = "{tmp_path}/log"\n')
    with served(settings) as client:
        assert ask(client, "{ channels { name kind level } }")["channels"] == [
            {"name": "log", "kind": "file", "level": "informational"}
        ]
        ask(client, 'mutation { tryChannel(name: "log") }')
        assert codes(client, 'mutation { tryChannel(name: "other") }') == ["BAD_USER_INPUT"]
    assert "somebody tries whether this channel works" in (tmp_path / "log").read_text()


def test_what_is_delivered_raises_an_alert_that_is_heard(settings: Settings) -> None:
    async def heard(client: Asking) -> Any:
        transport = WebsocketsTransport(url=client.address.replace("http", "ws") + "/graphql")
        async with Client(transport=transport) as session:
            document = gql(f"subscription {{ newAlerts(after: 0) {{ {ALERT} }} }}")
            async for told in session.subscribe(document):
                return told["newAlerts"]

    with served(settings) as client:
        ask(client, ADD.replace(', scope: ["CORP\\\\alice"]', "").replace("suppress:", "pastKnown: true, suppress:"))
        ask(client, "mutation { detect { new } }")
        assert ask(client, "{ alerts(states: [NEW]) { totalCount } }") == {"alerts": {"totalCount": 0}}
        body = "\n".join(logons("bob", 200)).encode()
        said = {"Content-Type": "application/x-ndjson"}
        request = urllib.request.Request(f"{client.address}/ingest/windows", body, said, method="POST")
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200
        alert = asyncio.run(asyncio.wait_for(heard(client), 60))
    assert (alert["detection"], alert["state"]) == ("fans", "NEW")
    assert alert["finding"]["entities"][0]["entity"]["name"] == "CORP\\bob"
