"""GraphQL over HTTP, on a live server and on both engines: pivots, hunts, evidence, blast radius, errors, guards."""

import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from graph_hunt.api.app import create_app
from graph_hunt.api.schema import SCHEMA
from graph_hunt.settings import Neo4jTarget, Settings
from graph_hunt.workspace import Workspace
from tests import engines
from tests.paths import ROOT
from tests.written import windows_logon, write_lines

LOGONS = [
    windows_logon(1, "alice", ElevatedToken="%%1842"),
    windows_logon(2, "alice", target="SRV2.corp.example"),
    windows_logon(3, "bob", target="SRV2.corp.example", LogonType="10"),
    *(windows_logon(number, "alice", target=f"SRV{number}.corp.example") for number in range(10, 40)),
]


class Client:
    """A client of a server at a port."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """Send a document; give the whole answer."""
        content = json.dumps({"query": document, "variables": variables}).encode()
        request = urllib.request.Request(
            f"{self.address}/graphql", content, {"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request) as answer:
            return dict(json.loads(answer.read()))

    def status(self, path: str, content: bytes | None = None, **headers: str) -> int:
        """The status of a plain request."""
        request = urllib.request.Request(self.address + path, content, headers)
        try:
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def announced(self, length: int) -> int:
        """The status of a request whose head announces a body of so many bytes, before any of them is sent."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"))
        try:
            connection.putrequest("POST", "/graphql")
            connection.putheader("Content-Type", "application/json")
            connection.putheader("Content-Length", str(length))
            connection.endheaders()
            return connection.getresponse().status
        finally:
            connection.close()


@contextmanager
def served(settings: Settings) -> Iterator[Client]:
    """A server of a workspace, on a free port, until the block is left."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="critical"))
    with server.config.bind_socket() as socket:
        # Connections wait in its queue until the server takes them.
        socket.listen(16)
        work = threading.Thread(target=server.run, args=([socket],))
        work.start()
        try:
            yield Client(socket.getsockname()[1])
        finally:
            server.should_exit = True
            work.join()


@pytest.fixture(params=engines.ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A loaded workspace on each engine in turn."""
    server: Neo4jTarget | None = request.getfixturevalue("neo4j_server") if request.param == "neo4j" else None
    made = Settings(tmp_path / "w", server)

    def load() -> None:
        with Workspace.open(made) as workspace:
            workspace.load([write_lines(tmp_path / "logons.json", LOGONS)])

    if server is None:
        load()
        yield made
        return
    with engines.empty_neo4j(server):
        load()
        yield made


def test_pivots_and_pages(settings: Settings) -> None:
    with served(settings) as client:
        document = """
            query ($after: String) { entity(name: "CORP\\\\alice") { id key label
              relations { kind label total outgoing }
              neighbors(kinds: ["LOGGED_ON"], labels: ["Host"], first: 20, after: $after) {
                totalCount pageInfo { hasNextPage endCursor } edges { node { entity { key } count } } } } }
        """
        first = client.ask(document)["data"]["entity"]
        assert (first["key"], first["label"]) == ("corp\\alice", "User")
        assert {"kind": "LOGGED_ON", "label": "Host", "total": 32, "outgoing": True} in first["relations"]
        page = first["neighbors"]
        assert (page["totalCount"], len(page["edges"]), page["pageInfo"]["hasNextPage"]) == (32, 20, True)
        rest = client.ask(document, after=page["pageInfo"]["endCursor"])["data"]["entity"]["neighbors"]
        assert (len(rest["edges"]), rest["pageInfo"]["hasNextPage"]) == (12, False)
        keys = {edge["node"]["entity"]["key"] for edge in [*page["edges"], *rest["edges"]]}
        assert len(keys) == 32
        again = client.ask("query ($id: ID!) { node(id: $id) { ... on User { key name } } }", id=first["id"])
        assert again["data"]["node"] == {"key": "corp\\alice", "name": "CORP\\alice"}


def test_edges_come_with_their_records(settings: Settings) -> None:
    with served(settings) as client:
        document = """query ($since: DateTime) { entity(name: "SRV2") {
            relations(kinds: ["LOGGED_ON"]) { kind outgoing label total }
            neighbors(kinds: ["LOGGED_ON"], direction: INCOMING, since: $since) { totalCount edges { node {
              entity { key firstSeen ... on User { domain } } properties { name value } } } }
            edges(kinds: ["LOGGED_ON"], to: "corp\\\\bob") { totalCount edges { node {
              kind outgoing count firstSeen other { key } evidence { raw } } } } } }"""
        found = client.ask(document)["data"]["entity"]
        assert found["relations"] == [{"kind": "LOGGED_ON", "outgoing": False, "label": "User", "total": 2}]
        bob, alice = (edge["node"] for edge in found["neighbors"]["edges"])
        assert bob["entity"] == {"key": "corp\\bob", "firstSeen": "2024-03-01T12:00:03Z", "domain": "corp"}
        assert alice["entity"]["key"] == "corp\\alice"
        assert {"name": "logon_type", "value": "remote_interactive"} in bob["properties"]
        (edge,) = (edge["node"] for edge in found["edges"]["edges"])
        assert (edge["kind"], edge["outgoing"], edge["count"], edge["other"]) == (
            "LOGGED_ON", False, 1, {"key": "corp\\bob"}
        )  # fmt: skip
        assert json.loads(edge["evidence"][0]["raw"])["LogonType"] == "10"
        late = client.ask(document, since="2024-03-01T12:00:03Z")["data"]["entity"]["neighbors"]
        assert [edge["node"]["entity"]["key"] for edge in late["edges"]] == ["corp\\bob"]


def test_a_search_goes_over_all_labels(settings: Settings) -> None:
    with served(settings) as client:
        document = """query ($text: String!, $labels: [String!]) { search(text: $text, labels: $labels, first: 2) {
            totalCount edges { node { how entity { label key } } } } }"""
        found = client.ask(document, text="pc1")["data"]["search"]
        assert found["edges"][0] == {"node": {"how": "exact", "entity": {"label": "Host", "key": "pc1"}}}
        assert client.ask(document, text="srv", labels=["Host"])["data"]["search"]["totalCount"] == 32
        for given in ({"text": " "}, {"text": "a", "labels": ["Spy"]}):
            (error,) = client.ask(document, **given)["errors"]
            assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_hunts_run_and_say_what_they_cannot_see(settings: Settings) -> None:
    with served(settings) as client:
        hunts = client.ask("{ hunts { id visible missing { title opens } } }")["data"]["hunts"]
        by_id = {hunt["id"]: hunt for hunt in hunts}
        assert by_id["first-logon"]["visible"]
        assert not by_id["dcsync"]["visible"] and by_id["dcsync"]["missing"]
        document = """mutation ($id: String!) { runHunt(id: $id, wait: 60) { id state progress { done total }
            outcomes { state cannotSee { title } found }
            findings { totalCount edges { node { summary entities { entity { key } } } } } } }"""
        ran = client.ask(document, id="dcsync")["data"]["runHunt"]
        assert (ran["state"], ran["progress"]) == ("done", {"done": 1, "total": 1})
        assert ran["outcomes"][0]["state"] == "cannot_see" and ran["outcomes"][0]["cannotSee"]
        ran = client.ask(document, id="fan-out")["data"]["runHunt"]
        assert [(one["state"], one["found"]) for one in ran["outcomes"]] == [("done", ran["findings"]["totalCount"])]
        again = client.ask("query ($id: ID!) { run(id: $id) { state } runs { totalCount } }", id=ran["id"])["data"]
        assert again == {"run": {"state": "done"}, "runs": {"totalCount": 2}}


def test_blast_radius_with_evidence(settings: Settings) -> None:
    with served(settings) as client:
        radius = client.ask(
            """{ blastRadius(entity: "alice", at: "2024-03-01T12:00:00Z", targets: ["SRV2"]) {
                total reached { likelihood reached { key label } path { rule evidence at } } } }"""
        )["data"]["blastRadius"]
        reached = {one["reached"]["key"]: one for one in radius["reached"]}
        assert "srv2.corp.example" in reached
        event = reached["srv2.corp.example"]["path"][-1]["evidence"]
        shown = client.ask("query ($ids: [String!]!) { evidence(ids: $ids) { table code raw time } }", ids=[event])
        (row,) = shown["data"]["evidence"]
        assert (row["table"], row["code"]) == ("authentication", "Security/4624")
        assert json.loads(row["raw"])["TargetUserName"] == "alice"


def test_a_path_goes_forward_in_time(settings: Settings) -> None:
    with served(settings) as client:
        document = """query ($from: String!, $to: String!, $until: DateTime) {
            path(from: $from, to: $to, until: $until) { likelihood hops { at source { key } target { key } } } }"""
        given = {"from": "alice", "to": "SRV2"}
        found = client.ask(document, **given)["data"]["path"]
        (hop,) = found["hops"]
        assert (hop["source"]["key"], hop["target"]["key"]) == ("corp\\alice", "srv2.corp.example")
        assert hop["at"] == "2024-03-01T12:00:02Z" and found["likelihood"] > 0
        before = client.ask(document, **given, until="2024-03-01T12:00:02Z")["data"]["path"]
        assert before == {"likelihood": 0, "hops": []}
        (error,) = client.ask(document, **{**given, "to": "alice"})["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_identities_say_why(settings: Settings) -> None:
    with served(settings) as client:
        document = (
            "query ($of: String) { identities(of: $of) { totalCount edges { node { kind left right reason } } } }"
        )
        found = client.ask(document, of="PC1")["data"]["identities"]
        link = {"kind": "address", "left": "10.1.2.3", "right": "pc1", "reason": "a logon that named both"}
        assert found == {"totalCount": 1, "edges": [{"node": link}]}
        (error,) = client.ask(document, of="nobody")["errors"]
        assert error["extensions"] == {"code": "NOT_FOUND", "argument": "of"}


def test_what_is_surprising_and_what_is_usual(settings: Settings) -> None:
    with served(settings) as client:
        found = client.ask(
            """{ rank(budget: 3, first: 5) { total logons days coldStart incidents { rootKey path { event } } }
                 baseline(entity: "alice", first: 2) { entity { key } coldStart usual { trait value } }
                 hunt(id: "fan-out") { id visible } ingest { batches pending } }"""
        )["data"]
        assert (found["rank"]["logons"], found["rank"]["days"], found["rank"]["coldStart"]) == (33, 1, True)
        assert found["baseline"]["entity"] == {"key": "corp\\alice"} and found["baseline"]["coldStart"]
        assert {"trait": "source", "value": "pc1"} in found["baseline"]["usual"]
        assert found["hunt"] == {"id": "fan-out", "visible": True}
        assert found["ingest"] == {"batches": 1, "pending": 0}


def test_a_timeline_counts_by_bucket(settings: Settings) -> None:
    with served(settings) as client:
        document = """query ($of: [String!]!, $bucket: String!) {
            timeline(entities: $of, bucket: $bucket) { at kind count } }"""
        found = client.ask(document, of=["alice"], bucket="1h")["data"]["timeline"]
        assert found == [{"at": "2024-03-01T12:00:00Z", "kind": "authentication", "count": 32}]
        for of, bucket, argument in ((["alice"], "soon", "bucket"), ([], "1h", "entities"), (["x"], "1h", "entities")):
            (error,) = client.ask(document, of=of, bucket=bucket)["errors"]
            assert error["extensions"]["argument"] == argument


def test_errors_name_the_argument_and_its_code(settings: Settings) -> None:
    with served(settings) as client:
        for document, code, argument in (
            ('{ entity(name: "nobody") { id } }', "NOT_FOUND", "name"),
            ('{ entities(label: "Spy") { totalCount } }', "BAD_USER_INPUT", "label"),
            ('{ entities(label: "User", first: 1000) { totalCount } }', "BAD_USER_INPUT", "first"),
            ('{ entities(label: "User", after: "x") { totalCount } }', "BAD_USER_INPUT", "after"),
            ('mutation { runHunt(id: "frist-logon") { state } }', "NOT_FOUND", "id"),
            ('mutation { runHunt(id: "dcsync", wait: 900) { state } }', "BAD_USER_INPUT", "wait"),
            ("{ rank(budget: 0) { total } }", "BAD_USER_INPUT", "budget"),
            ('{ baseline(entity: "nobody") { days } }', "NOT_FOUND", "entity"),
            ('{ hunt(id: "frist-logon") { id } }', "NOT_FOUND", "id"),
            ('{ run(id: "none") { state } }', "NOT_FOUND", "id"),
            (
                '{ blastRadius(entity: "alice", at: "2024-03-01", window: "soon") { total } }',
                "BAD_USER_INPUT",
                "window",
            ),
        ):
            (error,) = client.ask(document)["errors"]
            assert error["extensions"] == {"code": code, "argument": argument}, document


def test_guards(settings: Settings) -> None:
    with served(settings) as client:
        assert client.status("/healthz") == 200
        assert client.status("/readyz") == 200
        assert client.status("/healthz", Host="evil.example") == 400
        assert client.status("/graphql?query={status{records}}") != 200
        assert client.announced(2 << 20) == 413
        deep = (
            '{ entity(name: "alice") { ' + 'neighbors(kind: "LOGGED_ON", label: "Host") { edges { node { entity { ' * 6
        )
        answer = client.ask(deep + "key" + " } } } }" * 6 + " } }")
        assert "errors" in answer


def test_a_load_while_served_is_seen(settings: Settings, tmp_path: Path) -> None:
    with served(settings) as client:
        document = '{ entities(label: "User", searchText: "dora") { totalCount } }'
        assert client.ask(document)["data"]["entities"]["totalCount"] == 0
        with Workspace.open(settings) as workspace:
            workspace.load([write_lines(tmp_path / "more.json", [windows_logon(99, "dora")])])
        assert client.ask(document)["data"]["entities"]["totalCount"] == 1


def test_the_schema_is_the_one_in_the_repository() -> None:
    kept = (ROOT / "api" / "schema.graphql").read_text(encoding="utf-8")
    assert SCHEMA.as_str() + "\n" == kept, "graph-hunt schema > api/schema.graphql, if the change breaks no client"
