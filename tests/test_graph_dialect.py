"""Every construct that only one engine has is refused, and what both have is not."""

from pathlib import Path

import pytest

from graph_hunt.graph.dialect import Refusal, refusals
from graph_hunt.graph.store import GraphStore
from graph_hunt.schema import EDGES, NODES

QUERIES = Path(__file__).parents[1] / "queries"

REFUSED = {
    "block comment": "MATCH (a:User) /* why */ RETURN a.key AS user",
    "quantified relationship": "MATCH (a:Process)-[:SPAWNED]->{1,3}(b:Process) RETURN b.key AS child",
    "quantified arrow": "MATCH (a:Process)-->+(b:Process) RETURN b.key AS child",
    "quantified path": "MATCH ((a:Process)-[:SPAWNED]->(b:Process)){1,3} RETURN 1 AS one",
    "quantified path plus": "MATCH (x)((a:Process)-[:SPAWNED]->(b:Process))+(y) RETURN 1 AS one",
    "collect subquery": "MATCH (a:User) RETURN COLLECT { MATCH (a)-->(b) RETURN b.key } AS found",
    "percentile": "MATCH (a:User) RETURN percentileCont(a.first_seen, 0.9) AS late",
    "shortest": "MATCH p = SHORTEST 1 (a:Host)-[:LOGON_TO]-+(b:Host) RETURN length(p) AS hops",
    "where in a relationship": "MATCH (a:Host)-[r:LOGON_TO WHERE r.bucket > 3]->(b:Host) RETURN b.key AS host",
    "where in a node": "MATCH (a:Host WHERE a.key = 'x') RETURN a.key AS host",
    "timestamp": "MATCH (a:User) WHERE a.last_seen > timestamp() - 3600000 RETURN a.key AS user",
    "datetime": "RETURN datetime('2020-01-01') AS day",
    "properties": "MATCH (a:User) RETURN properties(a) AS all",
    "keys": "MATCH (a:User) RETURN keys(a) AS names",
    "unbounded": "MATCH (a:Process)-[:SPAWNED*]->(b:Process) RETURN b.key AS child",
    "unbounded above": "MATCH (a:Process)-[:SPAWNED*2..]->(b:Process) RETURN b.key AS child",
    "engine id": "MATCH (a:User) RETURN id(a) AS n",
    "structural property": "MATCH (a:User) RETURN a.title AS job",
    "write": "MATCH (a:User) SET a.tags = ['x']",
    "delete": "MATCH (a:User) DETACH DELETE a",
    "relationship's property": "MATCH ()-[r:LOGON_TO]->() MATCH (u:User {key: r.user}) RETURN u.key AS user",
    "procedure": "CALL db.labels() YIELD label RETURN label",
}

BOTH = {
    "bounded": "MATCH (a:Process)-[:SPAWNED*1..5]->(b:Process) RETURN b.key AS child",
    "exactly": "MATCH (a:Process)-[:SPAWNED*2]->(b:Process) RETURN b.key AS child",
    "alternatives": "MATCH (a:Host|IP)-[r:LOGON_TO|ACCESSED_SHARE]->(b:Host) RETURN DISTINCT a.key AS source",
    "list predicates": "WITH [1, 2, 3] AS ns WHERE any(n IN ns WHERE n > 2) AND none(n IN ns WHERE n > 3) RETURN ns",
    "comprehension": "RETURN [n IN range(1, 5) WHERE n % 2 = 0 | n * 10] AS tens",
    "reduce": "RETURN reduce(sum = 0, n IN [1, 2, 3] | sum + n) AS sum",
    "exists": "MATCH (a:User) WHERE EXISTS { MATCH (a)-[:LOGGED_ON]->(:Host) } RETURN a.key AS user",
    "count subquery": "MATCH (a:User) RETURN a.key AS user, COUNT { MATCH (a)-[:LOGGED_ON]->(:Host) } AS hosts",
    "call": "MATCH (a:User) CALL (a) { MATCH (a)-[r:LOGGED_ON]->(:Host) RETURN count(r) AS n } RETURN a.key AS user, n",
    "arithmetic": "WITH 3 AS a, 4 AS b RETURN (a + b) * (a - b) AS x, abs(a) + 1 AS y, size([a]) + size([b]) AS z",
    "words in text": "RETURN 'SET /* x */ properties(n) SHORTEST *' AS text",
    "regular expression": "WITH 'abc' AS text WHERE text =~ 'a.*' RETURN text",
    "union": "RETURN 1 AS n UNION RETURN 2 AS n",
    "map": "WITH {a: 1, b: {c: 2}} AS map RETURN map.a AS a, map.b.c AS c",
    "case": "RETURN CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END AS letter",
    "node's property in a map": "MATCH (p:Persistence) MATCH (h:Host {key: p.host}) RETURN h.key AS host",
    "shortest path": "MATCH p = shortestPath((a:Host {key: 'x'})-[:LOGON_TO*..4]->(b:Host {key: 'y'})) "
    "RETURN length(p) AS hops",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_one_engine_lacks_is_refused(text: str) -> None:
    assert refusals(text)


@pytest.mark.parametrize("text", BOTH.values(), ids=BOTH.keys())
def test_what_both_have_is_let_through_and_runs(graph_store: GraphStore, text: str) -> None:
    assert refusals(text) == []
    graph_store.query(text)


def test_a_refusal_names_the_line() -> None:
    text = "MATCH (a:User)\n// keys(a) is only a comment\nRETURN keys(a) AS names"
    (refusal,) = refusals(text)
    assert refusal == Refusal(3, "keys(", "properties() and keys(): the engines differ; name what you need")


@pytest.mark.parametrize("file", sorted(QUERIES.rglob("*.cypher")), ids=lambda file: file.stem)
def test_every_hunt_is_portable(file: Path) -> None:
    assert refusals(file.read_text("utf-8")) == []


def test_no_property_has_a_name_that_kglite_answers_itself() -> None:
    names = {p.name for kind in (*NODES.values(), *EDGES.values()) for p in kind.properties}
    assert names & {"id", "title", "type", "label", "node_type"} == set()
