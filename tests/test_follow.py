"""Files that grow, rotate, are cut short or replaced: each event once, whenever one looks."""

import gzip
import signal
import subprocess
from pathlib import Path

import pytest

from graph_hunt.events.source import Options
from graph_hunt.events.store import EventStore
from graph_hunt.loaders import all_loaders
from graph_hunt.workspace.follow import Follow
from graph_hunt.workspace.loading import load
from tests.commands import COMMAND, environment
from tests.paths import ROOT, SAMPLES
from tests.written import windows_logon

SSHD = "2030-03-04T08:00:0{}Z web1 sshd[7]: Accepted password for {} from 198.51.100.7 port 50100 ssh2\n"


def users(events: EventStore) -> list[str]:
    connection = events.connection()
    try:
        return [user for (user,) in connection.execute('SELECT "user" FROM authentication ORDER BY ALL').fetchall()]
    finally:
        connection.close()


@pytest.fixture
def events(tmp_path: Path) -> EventStore:
    return EventStore.open(tmp_path / "w" / "events")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs" / "auth.log"


def put(log: Path, text: str) -> None:
    with log.open("a") as file:
        file.write(text)


def test_a_line_counts_once_it_is_complete(events: EventStore, log: Path) -> None:
    follow = Follow(events, [log])
    assert not follow.look()
    put(log, SSHD.format(0, "ann") + SSHD.format(1, "bob")[:40])
    assert follow.look()
    assert users(events) == ["ann"]
    assert not follow.look()
    put(log, SSHD.format(1, "bob")[40:])
    assert follow.look()
    assert users(events) == ["ann", "bob"]
    (report,) = follow.report.sources
    assert (report.records, report.used) == (2, 2)


def test_a_rotated_file_goes_on_and_the_new_one_begins(events: EventStore, log: Path) -> None:
    follow = Follow(events, [log])
    put(log, SSHD.format(0, "ann"))
    follow.look()
    put(log, SSHD.format(1, "bob"))
    log.rename(log.with_suffix(".1"))
    put(log, SSHD.format(2, "carl"))
    follow.look()
    assert users(events) == ["ann", "bob", "carl"]


def test_a_folder_is_followed_through_rotation_and_compression(events: EventStore, log: Path) -> None:
    follow = Follow(events, [log.parent])
    put(log, SSHD.format(0, "ann"))
    follow.look()
    old = log.rename(log.with_suffix(".1"))
    put(log, SSHD.format(1, "bob"))
    follow.look()
    old.with_suffix(".1.gz").write_bytes(gzip.compress(old.read_bytes()))
    old.unlink()
    put(log, SSHD.format(2, "carl"))
    follow.look()
    assert users(events) == ["ann", "bob", "carl"]


def test_a_file_cut_short_or_replaced_is_read_anew(events: EventStore, log: Path) -> None:
    follow = Follow(events, [log])
    put(log, SSHD.format(0, "ann"))
    follow.look()
    log.write_text(SSHD.format(1, "bob"))
    follow.look()
    follow.look()
    other = log.with_name("other")
    other.write_text(SSHD.format(2, "carl"))
    other.replace(log)
    follow.look()
    assert users(events) == ["ann", "bob", "carl"]


def test_a_follower_that_starts_again_counts_nothing_twice(events: EventStore, log: Path) -> None:
    put(log, SSHD.format(0, "ann"))
    Follow(events, [log]).look()
    put(log, SSHD.format(1, "bob"))
    again = Follow(events, [log])
    again.look()
    assert users(events) == ["ann", "bob"]
    assert again.report.duplicates == {"authentication": 1}


def test_what_is_read_while_another_loads_is_committed_later(events: EventStore, log: Path) -> None:
    follow = Follow(events, [log])
    put(log, SSHD.format(0, "ann"))
    with EventStore.open(events.root).appender():
        assert not follow.look()
    assert follow.look()
    assert users(events) == ["ann"]


LATER = ("messages_only.jsonl", "hayabusa_pretty.json")
"""Files of which a part does not say yet how it is to be read: in which zone its times are, which tool wrote it."""
LINED = [
    path
    for loader in all_loaders()
    if loader.name not in ("lanl", "message", "mapped")
    for path in sorted((SAMPLES / loader.name).glob("*"))
    if path.is_file() and path.name not in LATER and not path.name.endswith((".md", ".toml", ".expected.jsonl"))
    if not path.read_bytes()[:8].startswith((b"ElfFile", b"\x1f\x8b", b"PK")) and path.read_bytes().endswith(b"\n")
]


@pytest.mark.parametrize("sample", LINED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_read_piece_by_piece_gives_what_it_gives_at_once(sample: Path, tmp_path: Path) -> None:
    content = sample.read_bytes()
    whole, pieces = EventStore.open(tmp_path / "one"), EventStore.open(tmp_path / "two" / "events")
    load(whole, [sample], Options(year=2024))
    log = tmp_path / "log"
    log.touch()
    follow = Follow(pieces, [log], Options(year=2024))
    step = max(len(content) // 3, 1)
    for start in range(0, len(content), step):
        with log.open("ab") as file:
            file.write(content[start : start + step])
        follow.look()
    log.unlink()
    follow.look()
    assert ids(pieces) == ids(whole)


def ids(events: EventStore) -> list[str]:
    connection = events.connection()
    try:
        tables = [
            name for (name,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        ]
        rows = [row for name in tables for row in connection.execute(f'SELECT event_id FROM "{name}"').fetchall()]
        return sorted(row[0] for row in rows)
    finally:
        connection.close()


def test_windows_events_are_followed(events: EventStore, log: Path) -> None:
    follow = Follow(events, [log])
    put(log, windows_logon(1, "ann") + "\n")
    follow.look()
    put(log, windows_logon(2, "bob") + "\n")
    follow.look()
    assert users(events) == ["ann", "bob"]


def test_an_interrupt_ends_the_command_after_what_was_read_is_in_the_graph(log: Path, tmp_path: Path) -> None:
    put(log, SSHD.format(0, "ann"))
    command = [*COMMAND, "load", "--follow", "--json", str(log), "-w", str(tmp_path / "w")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stderr is not None
        # It says so once the first look is committed.
        assert "1 record" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate()
    assert process.returncode == 0
    assert '"used": 1' in said
    assert users(EventStore.open(tmp_path / "w" / "events")) == ["ann"]
