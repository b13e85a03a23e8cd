"""Whatever bytes are changed, added or missing, a source is read to its end and every record accounted for."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_hunt.errors import InputError
from graph_hunt.events.source import Options
from graph_hunt.loaders.windows import LOADER
from tests.paths import SAMPLES
from tests.sources import Content

_SAMPLES = [path for path in sorted((SAMPLES / "windows").iterdir()) if path.suffix != ".md"]
_PIECES = st.sampled_from(
    [b"", b"\x00", b"{", b"}", b'"', b"[", b"<", b"]]>", b"\xff\xfe", b"null", b"9" * 40, b"\r\n"]
)


@pytest.mark.parametrize("path", _SAMPLES, ids=lambda path: path.name)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 80), _PIECES), max_size=12))
def test_noise_costs_no_more_than_the_records_it_hits(path: Path, changes: list[tuple[float, int, bytes]]) -> None:
    content = bytearray(path.read_bytes())
    for place, length, piece in changes:
        at = int(place * len(content))
        content[at : at + length] = piece
    source = Content(bytes(content))
    if not LOADER.claims(source):
        return
    try:
        for batch in LOADER.read(source, Options()):
            assert batch.records == batch.used + sum(batch.unused.values()) + len(batch.quarantined)
    except InputError as error:
        assert str(error)
