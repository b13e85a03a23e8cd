"""What the command line can, the API can: a table that says how, or why not; and the upkeep of a workspace."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer

from graph_hunt.api.access import Access
from graph_hunt.api.app import create_app
from graph_hunt.api.schema import SCHEMA
from graph_hunt.casework import access
from graph_hunt.casework.access import Role
from graph_hunt.casework.state import State
from graph_hunt.cli.app import app
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.live import served
from tests.written import windows_logon, write_lines

_ANEW = "-: it makes the graph anew, which takes as long as loading all did; done on the machine, while nobody asks"
_FILES = "-: it writes files on the machine that it runs on"
WAYS = {
    "load": "POST /load",
    "hunts": "Query.hunts",
    "hunt": "Mutation.runHunts",
    "pivot": "Entity.neighbors",
    "path": "Query.path",
    "status": "Query.status",
    "doctor": "Query.doctor",
    "rebuild": _ANEW,
    "loads": "Query.loads",
    "undo": _ANEW,
    "prune": _ANEW,
    "serve": "-: it is the API",
    "schema": "-: introspection gives it",
    "demo": "-: it shows the command line",
    "audit": "Query.audit",
    "custody": _FILES,
    "detect": "Mutation.detect",
    "blast-radius": "Query.blastRadius",
    "coverage": "Query.coverage",
    "rank": "Query.rank",
    "baseline": "Query.baseline",
    "identities": "Query.identities",
    "identities join": _ANEW,
    "identities split": _ANEW,
    "identities undo": _ANEW,
    "identities directory": _ANEW,
    "token create": "Mutation.createToken",
    "token list": "Query.tokens",
    "token revoke": "Mutation.revokeToken",
    "indicator import": "Mutation.importIndicators",
    "indicator add": "Mutation.addIndicator",
    "indicator list": "Query.indicators",
    "indicator show": "Query.indicator",
    "indicator allow": "Mutation.allowIndicator",
    "indicator expire": "Mutation.expireIndicator",
    "indicator match": "Mutation.matchIndicators",
    "indicator export": "Query.indicatorExport",
    "indicator forbid": "Mutation.forbidIndicator",
    "detection add": "Mutation.addDetection",
    "detection list": "Query.detections",
    "detection show": "Query.detection",
    "detection on": "Mutation.changeDetection",
    "detection off": "Mutation.changeDetection",
    "detection change": "Mutation.changeDetection",
    "detection remove": "Mutation.removeDetection",
    "detection allow": "Mutation.allowInDetection",
    "detection forbid": "Mutation.forbidInDetection",
    "detection from-finding": "Query.detectionProposal",
    "detection channels": "Query.channels",
    "alert list": "Query.alerts",
    "alert show": "Query.alert",
    "alert acknowledge": "Mutation.settleAlerts",
    "alert close": "Mutation.settleAlerts",
    "alert reopen": "Mutation.settleAlerts",
    "countries set": "Mutation.setCountries",
    "countries show": "Query.countries",
    "countries met": "Query.countriesMet",
    "sigma run": "Mutation.runSigma",
    "sigma check": "Query.sigmaCheck",
    "sigma export": "Query.sigmaExport",
    "export neo4j-admin": _FILES,
    "export ocsf": _FILES,
    "case new": "Mutation.openCase",
    "case list": "Query.cases",
    "case show": "Query.case",
    "case run": "Mutation.runInCase",
    "case judge": "Mutation.judgeFinding",
    "case pin": "Mutation.pinEvents",
    "case note": "Mutation.addNote",
    "case hypothesis": "Mutation.addHypothesis",
    "case view": "Mutation.saveView",
    "case respond": "Mutation.addResponse",
    "case recommend": "Mutation.addRecommendation",
    "case learn": "Mutation.addFeedback",
    "case collection": "Query.case",
    "case hosts": "Mutation.listCaseHosts",
    "case report": "GET /cases/",
    "case export": _FILES,
    "case withdraw": "Mutation.withdrawFromCase",
    "case change": "Mutation.changeCase",
    "case close": "Mutation.closeCase",
    "case reopen": "Mutation.reopenCase",
}
"""Each command, and the field or route that does the same; after a hyphen, why there is none."""


def _commands(group: typer.Typer, before: str = "") -> Iterator[str]:
    for command in group.registered_commands:
        assert command.callback is not None
        yield before + (command.name or command.callback.__name__.replace("_", "-"))
    for one in group.registered_groups:
        assert one.typer_instance is not None
        if one.typer_instance.registered_callback and one.typer_instance.registered_callback.invoke_without_command:
            yield f"{before}{one.name}"
        yield from _commands(one.typer_instance, f"{before}{one.name} ")


@pytest.mark.parametrize("command", sorted(_commands(app)))
def test_every_command_has_its_way_or_its_reason(command: str) -> None:
    way = WAYS[command]
    if way.startswith("-: "):
        return
    kind, _, name = way.partition(".")
    if way.startswith(("GET ", "POST ")):
        method, _, path = way.partition(" ")
        from graph_hunt.api.permissions import ROUTES

        assert any(one == method and path == place for one, place, _ in ROUTES), way
    else:
        assert name in SCHEMA._schema.type_map[kind].fields  # type: ignore[attr-defined]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace with two loads."""
    made = Settings(tmp_path / "w")
    with Workspace.open(made) as workspace:
        workspace.load([write_lines(tmp_path / "one.json", [windows_logon(1, "alice")])])
        workspace.load([write_lines(tmp_path / "two.json", [windows_logon(2, "bob"), windows_logon(3, "bob")])])
    return made


def ask(client: httpx.Client, document: str, token: str = "") -> Any:
    """Send a document."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post("/graphql", json={"query": document}, headers=headers).json()


def test_loads_and_soundness(settings: Settings) -> None:
    with served(create_app(settings)) as client:
        found = ask(
            client, "{ loads { totalCount edges { node { rows files fileCount } } } doctor(deep: true) { what } }"
        )
        names = [(one["node"]["rows"], Path(one["node"]["files"][0]).name) for one in found["data"]["loads"]["edges"]]
        assert names == [(2, "two.json"), (1, "one.json")]
        assert found["data"]["doctor"] == []
        part = next((settings.workspace / "events" / "authentication").rglob("*.parquet"))
        part.write_bytes(b"PAR1 damaged")
        found = ask(client, "{ doctor(deep: true) { severity path what remedy } }")["data"]["doctor"]
        assert found and found[0]["severity"] == "error" and part.name in found[0]["path"]


def test_tokens_are_made_shown_once_and_ended(settings: Settings) -> None:
    state = State.open(settings.state_store)
    _, admin = access.create(state, role=Role.ADMIN, expires=None, who="test")
    state.close()
    with served(create_app(settings, Access(demanded=True))) as client:
        made = ask(
            client,
            'mutation { createToken(role: "reader", expires: "1d", name: "night shift") { secret token { id } } }',
            admin,
        )["data"]["createToken"]
        assert ask(client, "{ status { records } }", made["secret"])["data"] == {"status": {"records": 3}}
        (error,) = ask(client, "{ tokens { id } }", made["secret"])["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        listed = ask(client, "{ tokens { name role state } }", admin)
        assert made["secret"] not in str(listed)
        assert {"name": "night shift", "role": "reader", "state": "live"} in listed["data"]["tokens"]
        document = f'mutation {{ revokeToken(id: "{made["token"]["id"]}") {{ state }} }}'
        assert ask(client, document, admin)["data"] == {"revokeToken": {"state": "revoked"}}
        assert (
            client.post("/graphql", json={}, headers={"Authorization": f"Bearer {made['secret']}"}).status_code == 401
        )
        audit = '{ audit(subject: "token:%s") { edges { node { action who subject } } } }' % made["token"]["id"]  # noqa: UP031
        lines = [edge["node"]["action"] for edge in ask(client, audit, admin)["data"]["audit"]["edges"]]
        assert lines == ["revoke token", "create token"]
        for given, argument in (('role: "king"', "role"), ('role: "reader", expires: "soon"', "expires")):
            (error,) = ask(client, f"mutation {{ createToken({given}) {{ secret }} }}", admin)["errors"]
            assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": argument}
