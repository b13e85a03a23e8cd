"""What is wrong with an input is said, the rest is loaded, and nothing is lost."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.commands import COMMAND, environment, run
from tests.paths import ROOT, SAMPLES
from tests.written import lanl_lines, windows_logon, write_lines

GOOD = [windows_logon(number, "alice") for number in range(1, 6)]


def load(workspace: Path, *paths: Path) -> tuple[int, dict[str, Any]]:
    done = run("load", "--json", "-w", workspace, *paths)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def only(account: dict[str, Any]) -> dict[str, Any]:
    (source,) = account["sources"]
    return dict(source)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.evtx"
    empty.touch()
    status, account = load(tmp_path / "w", empty)
    assert status == 1
    assert only(account)["outcome"] == "unclaimed"
    assert only(account)["problem"] == f"{empty}: is empty"


def test_a_folder_of_pictures_is_named_picture_by_picture_and_is_no_error(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    status, account = load(tmp_path / "w", folder)
    assert status == 0
    assert [source["outcome"] for source in account["sources"]] == ["unclaimed", "unclaimed"]
    assert account["sources"][0]["problem"] == f"{folder / 'a.png'}: is a picture (PNG); it holds no events"


def test_a_truncated_evtx_gives_its_records(tmp_path: Path) -> None:
    whole = (SAMPLES / "windows" / "openssh.evtx").read_bytes()
    cut = tmp_path / "cut.evtx"
    # Cut within the records of its first chunk, which begins after a header of 4 KiB.
    cut.write_bytes(whole[: 4096 + 3000])
    status, account = load(tmp_path / "w", cut)
    source = only(account)
    assert status == 1
    assert source["records"] == 7
    assert source["quarantined"] == {"a lost record: the file breaks off in chunk 1": 5}


def test_a_zip_bomb_is_stopped_at_its_bound(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("auth.txt", "w", force_zip64=True) as member,
    ):
        block = bytes(1 << 20)
        for _ in range(600):
            member.write(block)
    status, account = load(tmp_path / "w", bomb, write_lines(tmp_path / "good.json", GOOD))
    outcomes = {source["outcome"] for source in account["sources"]}
    assert account["used"] == 5
    assert outcomes & {"unreadable", "unclaimed"}
    assert status in (0, 1)


def test_a_broken_line_is_quarantined_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [*GOOD[:2], '{"EventID": 4624, "Channel": "Secu', *GOOD[2:]]
    status, account = load(tmp_path / "w", write_lines(tmp_path / "broken.json", lines))
    source = only(account)
    assert status == 1
    assert (source["records"], source["used"], sum(source["quarantined"].values())) == (6, 5, 1)
    kept = json.loads(run("status", "--json", "-w", tmp_path / "w").stdout)
    assert sum(kept["quarantined"].values()) == 1


def test_a_sparse_file_of_five_gigabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse.evtx"
    with sparse.open("wb") as file:
        file.truncate(5 << 30)
    status, account = load(tmp_path / "w", sparse)
    assert status == 1
    assert only(account)["outcome"] == "unclaimed"


def test_what_may_not_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    write_lines(folder / "a.json", GOOD)
    closed = write_lines(folder / "b.json", GOOD)
    closed.chmod(0)
    # Root may read everything, unless it gives up that right.
    bounded = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    done = subprocess.run(
        [*bounded, *COMMAND, "load", "--json", "-w", str(tmp_path / "w"), str(folder)],
        capture_output=True, text=True, check=False, env=environment(), cwd=ROOT,
    )  # fmt: skip
    assert done.stdout, done.stderr
    account = json.loads(done.stdout)
    assert done.returncode == 1
    assert account["used"] == 5
    assert [s["problem"] for s in account["sources"] if s["outcome"] == "unreadable"] == [
        f"{closed}: cannot be opened (Permission denied)"
    ]


def test_a_corrupt_gzip_gives_what_it_can(tmp_path: Path) -> None:
    packed = tmp_path / "auth.txt.gz"
    content = gzip.compress("".join(line + "\n" for line in lanl_lines(20_000)).encode())
    packed.write_bytes(content[: len(content) // 2])
    status, account = load(tmp_path / "w", packed)
    assert status == 1
    assert only(account)["outcome"] == "broken off"
    assert 1000 < only(account)["used"] < 20_000


def test_a_full_disk_is_said_and_what_was_there_stays(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    load(workspace, write_lines(tmp_path / "good.json", GOOD))
    big = write_lines(tmp_path / "auth.txt", lanl_lines(60_000))
    # Every file of the process ends at 64 KiB: writing beyond fails as on a full disk.
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); from graph_hunt.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, "load", "-w", str(workspace), str(big)],
        capture_output=True, text=True, check=False, env=environment(), cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert json.loads(run("status", "--json", "-w", workspace).stdout)["tables"] == {"authentication": 5}
    assert run("doctor", "-w", workspace).returncode == 0
    status, account = load(workspace, big)
    assert (status, account["quarantined"]) == (0, 0)


def test_two_loads_at_once_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    load(workspace, write_lines(tmp_path / "good.json", GOOD))
    feed = subprocess.Popen(
        [*COMMAND, "load", "--json", "-w", str(workspace), "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=ROOT,
    )  # fmt: skip
    assert feed.stdin is not None
    held = workspace / "graph" / "graph.writer"
    while not (held.exists() and held.read_text().strip() == str(feed.pid)):
        assert feed.poll() is None
    second = run("load", "-w", workspace, write_lines(tmp_path / "more.json", [windows_logon(9, "bob")]))
    assert second.returncode == 1
    assert str(feed.pid) in second.stderr
    output, _ = feed.communicate("\n".join([windows_logon(8, "carol")]) + "\n")
    assert json.loads(output)["used"] == 1
    third, account = load(workspace, tmp_path / "more.json")
    assert (third, account["used"]) == (0, 1)
    assert json.loads(run("status", "--json", "-w", workspace).stdout)["tables"] == {"authentication": 7}


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """On a small tmpfs, where the machine lets us mount one; else the limit on file size above stands for it."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        assert os.geteuid() != 0 or "permi" in mounted.stderr.decode().lower()
        return
    try:
        big = write_lines(tmp_path / "auth.txt", lanl_lines(120_000))
        done = run("load", "-w", small / "w", big)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "the disk is full" in done.stderr
        assert run("doctor", "-w", small / "w").returncode == 0
    finally:
        subprocess.run(["umount", small], check=True)


def test_a_thing_that_is_not_there_is_said(tmp_path: Path) -> None:
    status, account = load(tmp_path / "w", tmp_path / "nothing.evtx")
    assert status == 1
    assert "there is no such file" in only(account)["problem"]


@pytest.mark.parametrize("arguments", [("load",), ("hunt",), ("hunt", "--all", "first-logon"), ("frobnicate",)])
def test_wrong_usage_has_status_two(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    shutil.rmtree(tmp_path, ignore_errors=True)
