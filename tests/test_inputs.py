"""Finding inputs: everything named becomes a source or an error, by content, within bounds."""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import random
import socket
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_hunt.errors import InputError, OversizedInput, UnreadableInput
from graph_hunt.events.input import Input, Limits
from graph_hunt.events.inputs import find_sources, one_source
from tests.paths import ROOT

TEXT = b'{"EventID": 4624}\n' * 5


def found(*paths: Path | str, limits: Limits | None = None, stdin: io.BytesIO | None = None) -> dict[str, bytes | str]:
    """Read all sources; errors stand with their words."""
    results: dict[str, bytes | str] = {}
    for source in find_sources(paths, limits, stdin=stdin):
        if isinstance(source, InputError):
            assert source.where not in results, source
            results[source.where] = str(source)
        else:
            with source.open() as stream:
                results[source.name] = stream.read()
    return results


def zipped(path: Path, members: Iterable[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def tarred(members: Iterable[tuple[str, bytes]], kind: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=kind) as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def test_a_folder_is_walked_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a", "c/d/e/3", ".hidden/4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    expected = [".hidden/4", "a", "b/1", "b/2", "c/d/e/3"]
    assert found(tmp_path) == {str(tmp_path / name): name.encode() for name in expected}
    assert list(found(tmp_path)) == [str(tmp_path / name) for name in expected]


def test_folders_deeper_than_python_s_stack_are_walked(tmp_path: Path) -> None:
    depth = sys.getrecursionlimit() + 100
    handle = os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=handle)
        below = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = below
    with os.fdopen(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=handle), "wb") as file:
        file.write(TEXT)
    os.close(handle)
    os.chdir(tmp_path)
    try:
        assert list(found("d").values()) == [TEXT]
    finally:
        os.chdir(ROOT)
        subprocess.run(["rm", "-r", str(tmp_path / "d")], check=True)


def test_patterns_and_names_with_magic_letters(tmp_path: Path) -> None:
    for name in ("a1.json", "a2.json", "b[1].json"):
        (tmp_path / name).write_bytes(name.encode())
    assert list(found(f"{tmp_path}/a*.json")) == [f"{tmp_path}/a1.json", f"{tmp_path}/a2.json"]
    assert list(found(f"{tmp_path}/b[1].json")) == [f"{tmp_path}/b[1].json"]
    assert list(found(f"{tmp_path}/**/a?.json")) == [f"{tmp_path}/a1.json", f"{tmp_path}/a2.json"]
    assert found(f"{tmp_path}/c*", tmp_path / "none") == {
        f"{tmp_path}/c*": f"{tmp_path}/c*: there is no such file; expected a pattern that matches a file",
        f"{tmp_path}/none": f"{tmp_path}/none: there is no such file; expected a file, a folder, a pattern or -",
    }


ZSTD = pa.compress(TEXT, "zstd", asbytes=True)


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (TEXT, ""),
        (gzip.compress(TEXT), ""),
        (gzip.compress(TEXT[:18]) + gzip.compress(TEXT[18:]) + bytes(512), ""),
        (bz2.compress(TEXT), ""),
        (bz2.compress(TEXT[:18]) + bz2.compress(TEXT[18:]), ""),
        (lzma.compress(TEXT), ""),
        (lzma.compress(TEXT[:18]) + lzma.compress(TEXT[18:]), ""),
        (ZSTD, ""),
        (gzip.compress(gzip.compress(bz2.compress(TEXT))), ""),
        (tarred([("logs/x", TEXT)]), "!logs/x"),
        (tarred([("logs/x", TEXT)], tarfile.USTAR_FORMAT), "!logs/x"),
        (tarred([("x" * 200, TEXT)], tarfile.GNU_FORMAT), "!" + "x" * 200),
        (gzip.compress(tarred([("logs/x", TEXT)])), "!logs/x"),
        (bz2.compress(tarred([("logs/x", TEXT)])), "!logs/x"),
        (lzma.compress(tarred([("logs/x", TEXT)])), "!logs/x"),
        (gzip.compress(tarred([("x.gz", gzip.compress(TEXT))])), "!x.gz"),
        (tarred([("in.tar", tarred([("x", TEXT)]))]), "!in.tar!x"),
    ],
    # The contents cannot be: gzip writes the time into its own.
    ids=lambda value: None if isinstance(value, str) else "content",
)
def test_what_something_is_is_told_by_its_first_bytes(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / "no-telling-name"
    path.write_bytes(content)
    assert found(path) == {f"{path}{suffix}": TEXT}
    source = one_source(path)
    assert source.head == TEXT
    assert source.digest == hashlib.sha256(TEXT).hexdigest()
    assert source.path == str(path)
    assert source.problem == ""
    with source.on_disk() as file:
        assert file.read_bytes() == TEXT


def test_zip_archives_unfold_with_what_lies_in_them(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner", [("deep.json", TEXT)]).read_bytes()
    path = zipped(
        tmp_path / "a.zip",
        [
            ("folder/", b""),
            ("folder/é.json", TEXT),
            ("b.json.gz", gzip.compress(TEXT)),
            ("c.zip", inner),
            ("d.tgz", gzip.compress(tarred([("e", TEXT)]))),
            ("empty", b""),
        ],
    )
    assert found(path) == {
        f"{path}!folder/é.json": TEXT,
        f"{path}!b.json.gz": TEXT,
        f"{path}!c.zip!deep.json": TEXT,
        f"{path}!d.tgz!e": TEXT,
        f"{path}!empty": b"",
    }
    sources = {source.name: source for source in find_sources([path]) if isinstance(source, Input)}
    with sources[f"{path}!c.zip!deep.json"].on_disk() as file:
        assert file.read_bytes() == TEXT
    assert not file.exists()
    assert {source.digest for name, source in sources.items() if not name.endswith("empty")} == {
        hashlib.sha256(TEXT).hexdigest()
    }


def test_members_of_one_name_are_each_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped(path, [("a", b"one"), ("a", b"two")])
    contents = []
    for source in find_sources([path]):
        assert isinstance(source, Input)
        with source.open() as stream:
            contents.append(stream.read())
    assert contents == [b"one", b"two"]


def test_office_documents_are_no_archives(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.docx", [("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<y/>")])
    assert list(found(path)) == [str(path)]


def test_standard_input_is_read_like_a_file() -> None:
    assert found("-", stdin=io.BytesIO(TEXT)) == {"-": TEXT}
    assert found("-", stdin=io.BytesIO(gzip.compress(tarred([("x", TEXT)])))) == {"-!x": TEXT}
    (source,) = find_sources(["-"], stdin=io.BytesIO(TEXT))
    assert isinstance(source, Input)
    assert source.path == ""
    with source.on_disk() as file:
        assert file.read_bytes() == TEXT
    assert source.digest == hashlib.sha256(TEXT).hexdigest()
    del source
    assert not file.exists()


def test_empty_and_foreign_files_are_sources_for_someone_to_refuse(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "empty.gz").write_bytes(gzip.compress(b""))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert found(tmp_path) == {
        str(tmp_path / "empty"): b"",
        str(tmp_path / "empty.gz"): b"",
        str(tmp_path / "picture.png"): b"\x89PNG\r\n\x1a\n" + bytes(100),
    }


def bytes_read() -> int:
    """Tell how much this process has read, where the system counts it."""
    counts = Path("/proc/self/io")
    return int(counts.read_text().split()[1]) if counts.exists() else 0


def test_a_sparse_file_costs_no_more_than_its_head(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(5 << 30)
    before = bytes_read()
    source = one_source(path)
    assert (source.size, source.head) == (5 << 30, bytes(65536))
    assert bytes_read() - before < 4 << 20


@pytest.mark.parametrize(
    ("magic", "name"), [(b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"Rar!\x1a\x07\0", "RAR"), (b"MSCF\0\0\0\0", "Cabinet")]
)
def test_archives_that_are_not_read_are_named(tmp_path: Path, magic: bytes, name: str) -> None:
    path = tmp_path / "archive"
    path.write_bytes(magic + bytes(100))
    assert found(path) == {str(path): f"{path}: is a {name} archive, which is not read; unpack it first"}


def breaking(path: Path) -> tuple[bytes, str, str]:
    """Read a source line by line, as far as it goes."""
    source = one_source(path)
    lines = []
    words = ""
    try:
        with source.open() as stream:
            for line in stream:
                lines.append(line)
    except UnreadableInput as error:
        words = str(error)
    assert len(source.digest) == 64
    return b"".join(lines), words, source.problem


CHANCE = random.Random(7)
NOISE = b"".join(b"%032x\n" % CHANCE.getrandbits(128) for _ in range(40_000))


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_cut_short_gives_what_it_holds(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "cut"
    whole = compress(NOISE)
    path.write_bytes(whole[: len(whole) * 3 // 4])
    content, words, problem = breaking(path)
    assert NOISE.startswith(content)
    assert len(content) > len(NOISE) // 4
    kind = {"gzip": "gzip", "bz2": "bzip2", "lzma": "xz"}[compress.__module__]
    assert problem == f"{path}: breaks off: the {kind} stream is cut short"
    assert words in ("", problem)


def test_a_damaged_compressed_file_gives_what_comes_before(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gz"
    whole = bytearray(gzip.compress(NOISE))
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)
    content, _, problem = breaking(path)
    assert len(content) > len(NOISE) // 4
    assert problem.startswith(f"{path}: breaks off: Error -3 while decompressing data")


def test_what_follows_a_compressed_stream_is_not_lost_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "trailed.gz"
    path.write_bytes(gzip.compress(TEXT) + b"something else")
    content, _, problem = breaking(path)
    assert content == TEXT
    assert problem == f"{path}: breaks off: what follows the gzip stream is not gzip"


def test_an_archive_cut_short_gives_its_members_up_to_there(tmp_path: Path) -> None:
    members = [("a", NOISE[:100_000]), ("b", NOISE[100_000:200_000])]
    path = tmp_path / "cut.tar"
    path.write_bytes(tarred(members)[:150_000])
    results = found(path)
    assert list(results) == [f"{path}!a", f"{path}!b", str(path)]
    assert results[f"{path}!a"] == members[0][1]
    assert members[1][1].startswith(bytes(results[f"{path}!b"]))  # type: ignore[arg-type]
    assert results[str(path)] == f"{path}: breaks off; its members up to there were read"
    sources = [source for source in find_sources([path]) if isinstance(source, Input)]
    assert sources[1].digest and sources[1].problem.startswith(f"{path}!b: breaks off ")

    squeezed = tmp_path / "cut.tgz"
    whole = gzip.compress(tarred(members))
    squeezed.write_bytes(whole[: len(whole) * 3 // 4])
    results = found(squeezed)
    assert list(results) == [f"{squeezed}!a", f"{squeezed}!b", str(squeezed)]
    assert results[f"{squeezed}!a"] == members[0][1]


def test_damaged_archives_are_errors_that_name_them(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", [("a", TEXT), ("b", NOISE)])
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert found(path) == {str(path): f"{path}: is a damaged zip archive (File is not a zip file)"}
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 0xFF
    path.write_bytes(damaged)
    sources = [source for source in find_sources([path]) if isinstance(source, Input)]
    assert [source.name for source in sources] == [f"{path}!a", f"{path}!b"]
    assert [len(source.digest) for source in sources] == [64, 64]
    assert sources[0].problem == ""
    assert sources[1].problem.startswith(f"{path}!b: breaks off: ")
    path.write_bytes(b"\x1f\x8b\x08\x00" + b"no deflate at all")
    (only,) = found(path).values()
    assert str(only).startswith(f"{path}: breaks off: Error -3")


def locked(path: Path) -> Path:
    """Set the flag of encryption on the first of two members."""
    zipped(path, [("secret", TEXT), ("open", TEXT)])
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature) + offset
        content[at : at + 2] = struct.pack("<H", struct.unpack("<H", content[at : at + 2])[0] | 1)
    path.write_bytes(content)
    return path


def test_an_encrypted_archive_says_so_and_gives_the_rest(tmp_path: Path) -> None:
    path = locked(tmp_path / "a.zip")
    assert found(path) == {
        str(path): f"{path}: 1 of its 2 members are encrypted (secret …); expected an archive without a password",
        f"{path}!open": TEXT,
    }


BOUNDS = Limits(unfolded=1 << 20, ratio=50, grace=1 << 19)


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_bomb_is_stopped(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(compress(bytes(900_000)))
    source = one_source(path, BOUNDS)
    stored = path.stat().st_size
    words = f"{path}: unfolds to more than 50 times its {stored:,} bytes, as a bomb does"
    for reading in (lambda: source.digest, lambda: source.open().read(), lambda: source.spooled()):
        with pytest.raises(OversizedInput) as error:
            reading()
        assert str(error.value) == words


def test_a_zip_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", [(str(number), bytes(90_000)) for number in range(10)])
    stored = path.stat().st_size
    assert found(path, limits=BOUNDS) == {
        str(path): f"{path}: unfolds to more than 50 times its {stored:,} bytes, as a bomb does"
    }
    big = zipped(tmp_path / "big.zip", [("a", NOISE)])
    assert found(big, limits=BOUNDS) == {str(big): f"{big}: unfolds to more than 1,048,576 bytes"}
    many = zipped(tmp_path / "many.zip", [(str(number), b"x") for number in range(11)])
    assert found(many, limits=Limits(members=10)) == {str(many): f"{many}: has more than 10 members"}


def test_a_bomb_inside_archives_is_measured_against_the_file_on_disk(tmp_path: Path) -> None:
    path = zipped(tmp_path / "outer.zip", [("inner.gz", gzip.compress(gzip.compress(bytes(900_000))))])
    (source,) = find_sources([path], BOUNDS)
    assert isinstance(source, Input)
    with pytest.raises(OversizedInput, match=r"outer\.zip: unfolds to more than 50 times"):
        _ = source.digest


def test_archives_are_unfolded_to_a_bounded_depth(tmp_path: Path) -> None:
    content = TEXT
    for _ in range(5):
        content = tarred([("t", content)])
    path = tmp_path / "deep.tar"
    path.write_bytes(content)
    assert found(path) == {f"{path}!t!t!t": f"{path}!t!t!t: lies more than 3 archives deep"}


def test_a_source_may_be_opened_again_without_counting_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(NOISE[:900_000]))
    source = one_source(path, BOUNDS)
    for _ in range(3):
        with source.open() as stream:
            assert stream.read() == NOISE[:900_000]
    assert source.meter.unfolded == 900_000


def test_a_file_that_grows_is_read_as_far_as_it_went(tmp_path: Path) -> None:
    path = tmp_path / "growing"
    path.write_bytes(TEXT)
    source = one_source(path)
    with path.open("ab") as file:
        file.write(b"more\n")
    with source.open() as stream:
        assert stream.read() == TEXT
    assert source.digest == hashlib.sha256(TEXT).hexdigest()
    with source.on_disk() as copy:
        assert copy.read_bytes() == TEXT
        assert copy != path
    assert source.problem == f"{path}: grew while it was read; read as far as it went at first, 90 bytes"


def test_a_plain_file_is_given_as_it_is_and_watched(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(TEXT)
    source = one_source(path)
    with source.on_disk() as file:
        assert file == path
        assert source.problem == ""
        path.write_bytes(TEXT + b"more")
    assert source.problem.startswith(f"{path}: grew while it was read")
    path.unlink()
    with pytest.raises(UnreadableInput, match="cannot be opened"), source.on_disk():
        pass


def test_a_workspace_among_the_telemetry_is_passed_over_by_name(tmp_path: Path) -> None:
    (tmp_path / "logs" / "case" / "events" / "journal").mkdir(parents=True)
    (tmp_path / "logs" / "case" / "events" / "lock").touch()
    (tmp_path / "logs" / "file").write_bytes(TEXT)
    workspace = str(tmp_path / "logs" / "case")
    assert found(tmp_path) == {
        workspace: f"{workspace}: is a workspace of graph-hunt, not telemetry",
        str(tmp_path / "logs" / "file"): TEXT,
    }


def test_a_file_that_shrinks_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "shrinking"
    path.write_bytes(TEXT)
    source = one_source(path)
    path.write_bytes(TEXT[:30])
    assert source.digest == hashlib.sha256(TEXT[:30]).hexdigest()
    assert source.problem == f"{path}: breaks off 60 bytes before its end"


def test_what_is_no_file_is_named_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(tmp_path)
        try:
            listening.bind("socket")
        finally:
            os.chdir(ROOT)
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "self").symlink_to(tmp_path)
    (tmp_path / "file").write_bytes(TEXT)
    (tmp_path / "link").symlink_to("file")
    assert found(tmp_path) == {
        str(tmp_path / "dangling"): f"{tmp_path}/dangling: is a link to what is not there",
        str(tmp_path / "file"): TEXT,
        str(tmp_path / "link"): TEXT,
        str(tmp_path / "pipe"): f"{tmp_path}/pipe: is a named pipe; expected a file or a folder",
        str(tmp_path / "round"): f"{tmp_path}/round: cannot be opened (Too many levels of symbolic links)",
        str(tmp_path / "self"): f"{tmp_path}/self: is a link to a folder that it lies in",
        str(tmp_path / "socket"): f"{tmp_path}/socket: is a socket; expected a file or a folder",
    }
    assert found("/dev/null") == {"/dev/null": "/dev/null: is a device; expected a file or a folder"}
    assert found(tmp_path / "dangling") == {
        str(tmp_path / "dangling"): f"{tmp_path}/dangling: is a link to what is not there"
    }


def test_a_shell_s_pipe_is_read(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, TEXT)
    os.close(writer)
    try:
        assert found(f"/dev/fd/{reader}") == {f"/dev/fd/{reader}": TEXT}
    finally:
        os.close(reader)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up root's rights for a while; others have none to give up."""
    if os.geteuid() == 0:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)
    else:
        yield


def test_what_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "closed").mkdir()
        (folder / "file").write_bytes(TEXT)
        (folder / "secret").write_bytes(TEXT)
        (folder / "secret").chmod(0)
        (folder / "closed").chmod(0)
        (folder / "file").chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        with as_nobody():
            results = found(folder)
        (folder / "closed").chmod(0o700)
        assert results == {
            str(folder / "closed"): f"{folder}/closed: cannot be opened (Permission denied)",
            str(folder / "file"): TEXT,
            str(folder / "secret"): f"{folder}/secret: cannot be opened (Permission denied)",
        }


def test_names_of_any_bytes_become_text(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.json"
    with open(raw, "wb") as file:  # noqa: PTH123  (a name that is no text)
        file.write(TEXT)
    assert found(tmp_path) == {f"{tmp_path}/caf\ufffd.json": TEXT}


def test_no_room_for_a_temporary_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.tgz"
    path.write_bytes(gzip.compress(tarred([("a", TEXT)])))
    gone = Limits(spool=tmp_path / "gone")
    words = "cannot be kept in a temporary file (No such file or directory)"
    assert found(path, limits=gone) == {str(path): f"{path}: {words}"}
    assert found("-", limits=gone, stdin=io.BytesIO(TEXT)) == {"-": f"-: {words}"}


def test_nothing_is_left_in_the_folder_of_temporary_files(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    path = zipped(tmp_path / "a.zip", [("b.tgz", gzip.compress(tarred([("c", TEXT), ("d", TEXT)])))])
    limits = Limits(spool=spool)
    most = 0
    for source in find_sources([path], limits):
        assert isinstance(source, Input)
        with source.on_disk() as file:
            assert file.parent == spool
            most = max(most, len(list(spool.iterdir())))
    assert most == 2
    del source
    assert list(spool.iterdir()) == []


@settings(max_examples=100, deadline=None)
@given(
    pieces=st.lists(st.binary(max_size=300), max_size=6),
    compress=st.sampled_from([gzip.compress, bz2.compress, lzma.compress]),
    cut=st.integers(0, 400),
    sizes=st.lists(st.integers(1, 70), min_size=1, max_size=5),
)
def test_however_it_is_cut_and_read_a_stream_gives_a_beginning_of_its_content(
    pieces: list[bytes],
    compress: Callable[[bytes], bytes],
    cut: int,
    sizes: list[int],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("cut") / "x"
    whole = b"".join(compress(piece) for piece in pieces)
    path.write_bytes(whole[: max(len(whole) - cut, 0)])
    content = b"".join(pieces)
    for source in find_sources([path]):
        if isinstance(source, InputError):
            assert cut, source
            continue
        read = b""
        with source.open() as stream, suppress(UnreadableInput):
            for size in cycle(sizes):
                if not (block := stream.read(size)):
                    break
                read += block
        assert content.startswith(read) or read == whole[:-cut]  # cut within the first bytes, it is what it is
        if not cut:
            assert (read, source.digest, source.problem) == (content, hashlib.sha256(content).hexdigest(), "")
