"""Reading hunt files: what is refused, and where the error says it is."""

import pytest

from graph_hunt.errors import HuntError, ParameterError
from graph_hunt.hunting.hunt import Hunt, Level, parse

HEADER = """\
// id = "example"
// title = "An example"
// description = "Nothing."
// hypothesis = "Nobody."
// attack = ["T1021.002"]
// level = "high"
// needs = ["logon", ["share_access", "named_pipe"]]
// summary = "{user} on {host|a host} after {gap:duration}"
// [parameters.within]
// type = "duration"
// default = "5m"
// help = "how long"
// [entities.user]
// label = "User|Host"
// role = "account"
"""
CYPHER = """\
MATCH (user:User)-[logon:LOGGED_ON]->(host:Host)
WHERE logon.first_seen >= $since - $within AND (size($scope) = 0 OR user.key IN $scope) // RETURN 1 AS x
RETURN user.key AS user, host.key AS host, 5 AS gap, logon.first_seen AS first_seen, logon.last_seen AS last_seen,
       logon.evidence AS evidence
ORDER BY first_seen
"""


def hunt(header: str = HEADER, cypher: str = CYPHER) -> Hunt:
    return parse(header + cypher, "t/example.cypher", tactic="t")


def test_a_hunt_is_read_whole() -> None:
    read = hunt()
    assert (read.id, read.level, read.attack, read.tactic) == ("example", Level.HIGH, ("T1021.002",), "t")
    assert read.needs == (("logon",), ("share_access", "named_pipe"))
    assert read.columns == ("user", "host", "gap", "first_seen", "last_seen", "evidence")
    assert read.cypher == CYPHER
    assert read.values({}) == {"within": 300_000}
    assert read.values({"within": "2h"}) == {"within": 7_200_000}


@pytest.mark.parametrize(
    ("was", "now", "line", "field"),
    [
        ('title = "An example"', 'title = ""', 2, "title"),
        ('id = "example"', 'id = "An Example"', 1, "id"),
        ('"T1021.002"', '"1021"', 5, "attack"),
        ('attack = ["T1021.002"]', "attack = []", 5, "attack"),
        ('level = "high"', 'level = "severe"', 6, "level"),
        ('needs = ["logon", ["share_access", "named_pipe"]]', "needs = []", 7, "needs"),
        ("{user} on", "{person} on", 8, "summary"),
        ('type = "duration"', 'type = "span"', 9, "parameters.within"),
        ('default = "5m"', 'default = "soon"', 9, "parameters.within"),
        ("[parameters.within]", "[parameters.since]", 9, "parameters.since"),
        ("User|Host", "User|Computer", 13, "entities.user"),
        ("[entities.user]", "[entities.person]", 13, "entities.person"),
        ('title = "An example"', 'tilte = "An example"', 2, "tilte"),
        ('level = "high"', "level = high", 6, ""),
    ],
)
def test_a_wrong_field_is_named_with_its_line(was: str, now: str, line: int, field: str) -> None:
    assert was in HEADER
    with pytest.raises(HuntError) as caught:
        hunt(HEADER.replace(was, now))
    assert (caught.value.line, caught.value.field) == (line, field)
    assert str(caught.value).startswith(f"t/example.cypher:{line}: ")


@pytest.mark.parametrize(
    ("was", "now", "line"),
    [
        ("$within", "$witin", 17),
        ("$scope", "$since", 16),
        ("logon.evidence AS evidence", "1 AS one", 1),
        ("user.key AS user", "user.key AS host", 16),
    ],
)
def test_a_wrong_query_is_named_with_its_line(was: str, now: str, line: int) -> None:
    with pytest.raises(HuntError) as caught:
        hunt(cypher=CYPHER.replace(was, now))
    assert caught.value.line == line


def test_a_parameter_of_another_type_is_refused() -> None:
    with pytest.raises(ParameterError, match="within must be a duration such as 90s, 10m, 24h or 7d, not 'soon'"):
        hunt().values({"within": "soon"})
    with pytest.raises(ParameterError, match="no parameter depth; it has within"):
        hunt().values({"depth": 3})
