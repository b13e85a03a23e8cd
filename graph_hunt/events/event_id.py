"""An event's identity: its time in hexadecimal milliseconds (12 digits), then a 64-bit digest of what names it.

So ids sort by time, and an id alone tells which day's partition holds its event.
"""

from collections.abc import Iterable
from hashlib import blake2b

_TIME_DIGITS = 12
_EPOCH_SHIFT = 1 << 44
"""Added to the time, so that events before 1970 keep their order and their digits."""


def event_id(at: int, names: Iterable[object], row: int = 0) -> str:
    """Name an event at `at` (epoch ms) by what its source names it by; `row` counts rows of one event in one table.

    >>> event_id(0, ["windows", "dc1.corp.example", "security", 7])[:12]
    '100000000000'
    """
    text = "\x1f".join(map(str, names))
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    stem = f"{at + _EPOCH_SHIFT:012x}{digest}"
    return f"{stem}-{row}" if row else stem


def time_of(identity: str) -> int:
    """Read the event's time (epoch ms) back from its id."""
    return int(identity[:_TIME_DIGITS], 16) - _EPOCH_SHIFT
