"""Unfolding what is compressed or archived, by its first bytes, one archive inside another to a bounded depth."""

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from graph_hunt.errors import InputError, OversizedInput, UnreadableInput
from graph_hunt.events.input import Input
from graph_hunt.events.stream import Sequential, decompress, stretch, whole

_COMPRESSED = {b"\x1f\x8b\x08": "gzip", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_FOREIGN = {b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR", b"MSCF\0\0\0\0": "Cabinet"}
_DOCUMENT = (b"[Content_Types].xml", b"mimetype", b"META-INF/")
"""First members of office documents and program archives: zip files, but not of telemetry."""

Found = Iterator[Input | InputError]


def unfolded(source: Input, depth: int = 0) -> Found:
    """Give the source itself, or what it unfolds to."""
    try:
        head = source.head
        kind = _compression(head)
        if not head and source.broken is not None:
            yield source.broken
        elif foreign := next((name for magic, name in _FOREIGN.items() if head.startswith(magic)), ""):
            yield UnreadableInput(f"is a {foreign} archive, which is not read; unpack it first", where=source.name)
        elif not (kind or _is_zip(head) or _is_tar(head)):
            yield source
        elif depth >= source.limits.depth:
            yield OversizedInput(f"lies more than {source.limits.depth} archives deep", where=source.name)
        elif kind:
            yield from _decompressed(source, kind, depth)
        else:
            yield from (_zip if _is_zip(head) else _tar)(source, depth + 1)
    except InputError as error:
        yield error
    except OSError as error:
        yield UnreadableInput(f"cannot be unfolded ({error.strerror or error})", where=source.name)


def _compression(head: bytes) -> str:
    if head.startswith(b"BZh") and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bzip2"
    return next((kind for magic, kind in _COMPRESSED.items() if head.startswith(magic)), "")


def _is_zip(head: bytes) -> bool:
    if head.startswith(b"PK\x03\x04"):
        return not head[30:].startswith(_DOCUMENT)
    return head.startswith((b"PK\x05\x06", b"PK00PK\x03\x04", b"PK\x07\x08PK\x03\x04"))


def _is_tar(head: bytes) -> bool:
    """Tell by the checksum of the first header: old archives have no magic."""
    block = head[:512]
    if len(block) < 512 or not block[0]:
        return False
    try:
        stated = int(block[148:156].strip(b" \0") or b"-", 8)
    except ValueError:
        return False
    return stated == sum(block[:148]) + sum(block[156:]) + 8 * 32


def _decompressed(source: Input, kind: str, depth: int) -> Found:
    def opener() -> Sequential:
        return decompress(source.name, source.open(), kind, inner.reached)

    inner = Input(source.name, opener, limits=source.limits, meter=source.meter, path=source.path, keep=source)
    yield from unfolded(inner, depth + 1 if _compression(inner.head) else depth)


def _zip(source: Input, depth: int) -> Found:
    path, keep = _seekable(source)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeError) as error:
        raise UnreadableInput(f"is a damaged zip archive ({error})", where=source.name) from error
    members = [member for member in archive.infolist() if not member.is_dir()]
    source.meter.check(sum(member.file_size for member in members))
    _count(source, len(members))
    locked = [member.filename for member in members if member.flag_bits & 1]
    if locked:
        yield UnreadableInput(
            f"{len(locked)} of its {len(members)} members are encrypted ({locked[0]} …)",
            where=source.name,
            expected="an archive without a password",
        )
    for member in members:
        if not member.flag_bits & 1:
            yield from unfolded(_zipped(source, archive, member, keep), depth)


def _zipped(source: Input, archive: zipfile.ZipFile, member: zipfile.ZipInfo, keep: object) -> Input:
    name = f"{source.name}!{_text(member.filename)}"

    def opener() -> Sequential:
        try:
            stream = cast(BinaryIO, archive.open(member))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise UnreadableInput(f"cannot be unfolded ({error})", where=name) from error
        return whole(name, stream, inner.reached)

    inner = Input(
        name,
        opener,
        limits=source.limits,
        meter=source.meter,
        path=source.path,
        size=member.file_size,
        keep=keep,
    )
    return inner


def _tar(source: Input, depth: int) -> Found:
    path, keep = _seekable(source)
    end = path.stat().st_size
    cut = False
    with tarfile.open(path, "r:") as archive:
        for number, member in enumerate(_tar_members(archive), start=1):
            if member is None:
                cut = True
                break
            _count(source, number)
            name = f"{source.name}!{_text(member.name)}"
            if member.isdir():
                continue
            if not member.isreg() or member.issparse():
                yield UnreadableInput("is no ordinary file in its archive", where=name)
                continue
            yield from unfolded(
                Input(
                    name,
                    _opener(name, path, member),
                    limits=source.limits,
                    meter=source.meter,
                    path=source.path,
                    size=member.size,
                    keep=keep,
                ),
                depth,
            )
            cut = cut or member.offset_data + member.size > end
    if cut or source.problem:
        yield UnreadableInput("breaks off; its members up to there were read", where=source.name)


def _opener(name: str, path: Path, member: tarfile.TarInfo) -> Callable[[], Sequential]:
    return lambda: stretch(name, path, member.offset_data, member.size)


def _tar_members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo | None]:
    """Give the members, and then nothing where the archive breaks off."""
    try:
        while member := archive.next():
            yield member
    except (tarfile.TarError, OSError, EOFError, ValueError):
        yield None


def _seekable(source: Input) -> tuple[Path, object]:
    """Give a path that holds the archive, and what must be kept for the path to stay."""
    if source.file is not None:
        return source.file, source
    spool = source.spooled()
    return spool.path, spool


def _count(source: Input, members: int) -> None:
    if members > source.limits.members:
        raise OversizedInput(f"has more than {source.limits.members:,} members", where=source.name)


def _text(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")
