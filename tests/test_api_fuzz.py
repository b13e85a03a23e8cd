"""Documents made at random from the schema: whatever is asked, an answer or an error with a code, never a defect."""

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
    get_named_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_hunt.api.schema import SCHEMA, Context
from graph_hunt.casework.access import Caller, Role
from graph_hunt.casework.runs import Runs
from graph_hunt.casework.state import State
from graph_hunt.casework.uploads import Uploads
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.written import windows_logon, write_lines

BUILT = build_schema(SCHEMA.as_str())
APART = ("runHunts", "runCase", "runInCase", "repeatCaseRun", "detect", "runSigma", "matchIndicators", "sigmaCheck")
"""What takes seconds, or reads the network's files; each has tests of its own."""
TEXTS = (
    "", " ", "alice", "CORP\\alice", "User:corp\\alice", "Host:srv1.corp.example", "SRV1", "x" * 2000, "\x00", "\ud800",
    "'; MATCH (n) DETACH DELETE n //", "`", '"', "\u202e", "7d", "1h", "2024-03-01T12:00:00Z", "9999-12-31", "-1", "😀",
    "fan-out", "T1021", "User", "LOGGED_ON", "{", "%s", "\\", "YWZ0ZXI6MA==", "YWZ0ZXI6LTU=", "high",
    "reader", "Infinity",
)  # fmt: skip
INTS = (-1, 0, 1, 2, 25, 100, 101, 2**31 - 1, -(2**31))
FLOATS = (0.0, -1.0, 0.5, 1.0, 1e308, 7.0)
JSONS: tuple[Any, ...] = (None, {}, [], "x", 1, {"minimum": "ten"}, {"a": [{"b": None}]}, {"": "\x00"}, [1, "x"])


class Maker:
    """Makes one document; every argument's value is a variable's."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._declared: list[str] = []
        self.values: dict[str, Any] = {}

    def document(self, kind: str) -> str:
        """Make a document of a root."""
        root = BUILT.type_map[kind]
        assert isinstance(root, GraphQLObjectType)
        name = self._chance.choice([one for one in root.fields if one not in APART])
        body = self._field(name, root.fields[name], 0)
        declared = f"({', '.join(self._declared)})" if self._declared else ""
        return f"{kind.lower()} {declared} {{ {body} }}"

    def _field(self, name: str, field: Any, deep: int) -> str:
        given = []
        for argument, one in field.args.items():
            wanted = isinstance(one.type, GraphQLNonNull) and one.default_value in (None, ...)
            if wanted or self._chance.random() < 0.4:
                place = f"v{len(self.values)}"
                self._declared.append(f"${place}: {one.type}")
                self.values[place] = self._value(one.type, 0)
                given.append(f"{argument}: ${place}")
        arguments = f"({', '.join(given)})" if given else ""
        return f"{name}{arguments}{self._below(get_named_type(field.type), deep + 1)}"

    def _below(self, kind: Any, deep: int) -> str:
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return ""
        plain = [
            name
            for name, one in kind.fields.items()
            if not isinstance(get_named_type(one.type), GraphQLObjectType | GraphQLInterfaceType)
        ]
        deeper = [name for name in kind.fields if name not in plain]
        chosen = self._chance.sample(plain, min(len(plain), 4))
        if deep < 6:
            chosen += self._chance.sample(deeper, min(len(deeper), 2))
        return " { __typename " + " ".join(self._field(name, kind.fields[name], deep) for name in chosen) + " }"

    def _value(self, kind: Any, deep: int) -> Any:
        if isinstance(kind, GraphQLNonNull):
            found = self._value(kind.of_type, deep)
            while found is None:
                found = self._value(kind.of_type, deep)
            return found
        if self._chance.random() < 0.1:
            return None
        if isinstance(kind, GraphQLList):
            return [self._value(kind.of_type, deep) for _ in range(self._chance.randrange(3))]
        if isinstance(kind, GraphQLEnumType):
            return self._chance.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return {
                name: self._value(one.type, deep + 1)
                for name, one in kind.fields.items()
                if isinstance(one.type, GraphQLNonNull) or (deep < 4 and self._chance.random() < 0.3)
            }
        pool = {"Int": INTS, "Float": FLOATS, "Boolean": (True, False), "JSON": JSONS, "BigInt": INTS}
        return self._chance.choice(pool.get(kind.name, TEXTS))  # type: ignore[arg-type]  # of any type


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What resolvers get, as an admin of a server that takes Cypher."""
    folder = tmp_path_factory.mktemp("fuzz")
    made = Settings(folder / "w")
    with Workspace.open(made) as workspace:
        workspace.load([write_lines(folder / "l.json", [windows_logon(number, "alice") for number in range(1, 20)])])
    state = State.open(made.state_store)
    with Workspace.open(made, read_only=True) as workspace:
        runs, uploads = Runs(state, lambda: workspace), Uploads(state, made)
        caller = Caller("fuzz", Role.ADMIN, "fuzz")
        yield lambda: Context(workspace, caller, None, runs, True, state, made, uploads)
        runs.close()
        uploads.close()
    state.close()


@pytest.mark.parametrize(("kind", "examples"), [("Query", 150), ("Mutation", 100)])
def test_no_document_meets_a_defect(context: Any, kind: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def asked(seed: int) -> None:
        maker = Maker(random.Random(seed))
        document = maker.document(kind)
        result = asyncio.run(SCHEMA.execute(document, maker.values, context_value=context()))
        for error in result.errors or ():
            # An error without a path is about the request: a variable's value is not of its type.
            expected = (error.extensions or {}).get("code") or error.path is None
            assert expected, f"{seed}: {document} {json.dumps(maker.values)}: {error.original_error!r}"

    asked()
