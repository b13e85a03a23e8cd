"""Tokens: shown once, kept as hashes, told from forgeries, over when they are over, and on the trail."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from graph_hunt.casework import access
from graph_hunt.casework.access import TOKENS, Caller, Role
from graph_hunt.casework.state import State, history
from graph_hunt.errors import InputError
from tests.commands import answer, run

NOW = 1_700_000_000_000
DAY = 86_400_000


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """An empty store in a file."""
    opened = State.open(tmp_path / "state.db")
    yield opened
    opened.close()


def test_a_token_tells_its_caller_until_it_ends(state: State) -> None:
    token, text = access.create(state, role=Role.ANALYST, expires=NOW + DAY, who="ann", name="shift", now=NOW)
    caller = access.verify(state, text, NOW + 5)
    assert caller == Caller(f"token:{token.id} (shift)", Role.ANALYST, f"token:{token.id}")
    assert access.verify(state, text, NOW + DAY) is None
    assert access.any_live(state, NOW) and not access.any_live(state, NOW + DAY)
    access.revoke(state, token.id, who="bob", now=NOW)
    assert access.verify(state, text, NOW + 6) is None
    assert not access.any_live(state, NOW)
    (kept,) = access.tokens(state)
    assert (kept.state(NOW), kept.last_used) == ("revoked", NOW + 5)


def test_the_store_holds_no_secret(state: State, tmp_path: Path) -> None:
    _, text = access.create(state, role=Role.ADMIN, expires=None, who="ann", now=NOW)
    secret = text.rpartition("_")[2] if text.count("_") == 2 else text.split("_", 2)[2]
    with state.read() as connection:
        (row,) = connection.execute(select(TOKENS)).all()
        trail = list(history(connection))
    assert secret not in repr(row) + repr(trail)
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.glob("state.db*"))


def test_changes_are_on_the_trail(state: State) -> None:
    token, _ = access.create(state, role=Role.READER, expires=None, who="ann", name="wall", now=NOW)
    access.revoke(state, token.id, who="bob", now=NOW)
    access.revoke(state, token.id, who="eve", now=NOW)
    with state.read() as connection:
        trail = [(one.who, one.action, one.after) for one in history(connection, f"token:{token.id}")]
    assert trail == [
        ("ann", "create token", {"name": "wall", "role": "reader", "expires": None}),
        ("bob", "revoke token", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "gh_", "x" * 1_000_000, "gh_0123456789abcdef_" + "A" * 43, "gh_0123456789ABCDEF_" + "A" * 43,
        "' OR 1=1 --", "gh_0123456789abcdef_" + "A" * 42 + "\n", "\x00", "é" * 63, "gh_" + "０" * 16 + "_" + "A" * 43,
        "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_token_is_nobody(state: State, text: str) -> None:
    access.create(state, role=Role.ADMIN, expires=None, who="ann", now=NOW)
    assert access.verify(state, text, NOW) is None


def test_another_secret_of_a_known_id_is_nobody(state: State) -> None:
    token, text = access.create(state, role=Role.ADMIN, expires=None, who="ann", now=NOW)
    for forged in (f"gh_{token.id}_{'A' * 43}", text[:-1], text + "A", text.upper()):
        assert access.verify(state, forged, NOW) is None
    assert access.tokens(state)[0].last_used is None


def test_roles_cover_those_before_them() -> None:
    covered = {role: [other.value for other in Role if role.covers(other)] for role in Role}
    assert covered == {
        Role.READER: ["reader"],
        Role.ANALYST: ["reader", "analyst"],
        Role.RESPONDER: ["reader", "analyst", "responder"],
        Role.ADMIN: ["reader", "analyst", "responder", "admin"],
    }


def test_a_token_that_could_not_be_used_is_not_made(state: State) -> None:
    for expires in (NOW, NOW - 1, 1 << 80):
        with pytest.raises(InputError, match="--expires"):
            access.create(state, role=Role.READER, expires=expires, who="ann", now=NOW)
    with pytest.raises(InputError, match="--name"):
        access.create(state, role=Role.READER, expires=None, who="ann", name="\x1b[2J", now=NOW)
    with pytest.raises(InputError, match="no token has the id 'x'"):
        access.revoke(state, "x", who="ann")


def test_commands_make_list_and_end_tokens(tmp_path: Path) -> None:
    place = tmp_path / "w"
    made = run("token", "create", "--role", "responder", "--expires", "30d", "--name", "on call", "-w", place)
    text = made.stdout.strip()
    assert made.returncode == 0 and text.startswith("gh_") and "\n" not in text
    assert text not in made.stderr and "shown only now" in made.stderr
    (one,) = answer("token", "list", "--json", "-w", place)
    assert (one["name"], one["role"], one["state"], one["last_used"]) == ("on call", "responder", "live", None)
    assert text[20:] not in run("token", "list", "-w", place).stdout
    assert run("token", "revoke", one["id"], "-w", place).returncode == 0
    assert answer("token", "list", "--json", "-w", place)[0]["state"] == "revoked"
    trail = answer("audit", "--json", "-w", place)
    assert [line["action"] for line in trail] == ["create token", "revoke token"]
    assert all(line["who"].startswith("local:") and line["subject"] == f"token:{one['id']}" for line in trail)
    refused = run("token", "create", "--role", "reader", "--expires", "soon", "-w", place)
    assert refused.returncode == 1 and "--expires: 'soon' is no end" in refused.stderr
