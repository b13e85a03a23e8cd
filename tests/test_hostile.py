"""What no program writes, in the place of every loader's samples: nothing crashes, every record is accounted for."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph_hunt.errors import InputError
from graph_hunt.events.source import Options
from graph_hunt.loaders import all_loaders
from tests.paths import SAMPLES
from tests.sources import Content

_LOADERS = {loader.name: loader for loader in all_loaders()}
_RECORDS = 8
_LARGEST = 1 << 18
_HUGE = "A" * 70_000
_DEEP = json.loads("[" * 300 + "]" * 300)
_WRONG: tuple[Any, ...] = (None, 7, 1 << 70, -0.5, True, _HUGE, "\ud800", "\x00", [], {"x": _DEEP}, [None, {}])


def _samples() -> list[Path]:
    found = [path for name in _LOADERS for path in sorted((SAMPLES / name).rglob("*")) if path.is_file()]
    return [path for path in found if not path.name.endswith((".md", ".toml", ".expected.jsonl"))]


def _objects(content: bytes) -> list[dict[str, Any]]:
    """The first records of JSON lines or of an array."""
    try:
        text = content.decode("utf-8-sig")
        found = json.loads(text) if text.lstrip()[:1] == "[" else [json.loads(line) for line in text.splitlines()[:40]]
    except ValueError:
        return []
    return [one for one in found if isinstance(one, dict)][:_RECORDS]


def _in_fields(content: bytes) -> Iterator[bytes]:
    """Each record with each of its fields taken away, or replaced by one wrong value after another."""
    lines = []
    for turn, record in enumerate(_objects(content)):
        for place, name in enumerate(record):
            lines.append({other: value for other, value in record.items() if other != name})
            lines.append({**record, name: _WRONG[(turn + place) % len(_WRONG)]})
            lines.append({**record, name: None})
    if lines:
        yield b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def _in_bytes(content: bytes) -> Iterator[bytes]:
    """The file with bytes altered, lines cut, doubled or out of order, and its end missing."""
    chance = Random(7)
    content = content[:_LARGEST]
    altered = bytearray(content)
    for _ in range(max(8, len(altered) // 200)):
        altered[chance.randrange(len(altered))] = chance.choice(b"\x00\xff\xed\"',;\\{[\n\t<9A")
    yield bytes(altered)
    yield content[: len(content) * 2 // 3]
    lines = content.split(b"\n")[:400]
    yield b"\n".join(line[: chance.randrange(len(line) + 1)] for line in lines)
    yield b"\n".join([*lines, *reversed(lines)])
    yield b"\n".join(line.replace(b'"', b"").replace(b"=", b"") for line in lines)
    yield content + b"\n" + b"x" * ((1 << 20) + 5) + b"\n" + content


@pytest.mark.parametrize("change", [_in_fields, _in_bytes], ids=["fields", "bytes"])
@pytest.mark.parametrize("path", _samples(), ids=lambda path: str(path.relative_to(SAMPLES)))
def test_what_no_program_writes_is_accounted_for(path: Path, change: Callable[[bytes], Iterator[bytes]]) -> None:
    loader = _LOADERS[path.relative_to(SAMPLES).parts[0]]
    for content in change(path.read_bytes()):
        source = Content(content, path.name)
        # Someone may have named the loader: it reads what it would not claim, too.
        loader.claims(source)
        try:
            for batch in loader.read(source, Options()):
                assert batch.records == batch.used + sum(batch.unused.values()) + len(batch.quarantined)
                assert all(entry.reason and entry.record > 0 for entry in batch.quarantined)
        except InputError as error:
            assert str(error)
