"""Lines of a text log, numbered, each bounded.

Not a loader.
"""

from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["LONGEST", "numbered"]

LONGEST = 1 << 20
"""What a line has beyond this is passed over."""


def numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Give each line with its number, from 1; one as long as `LONGEST` may have been longer."""
    number = 0
    while content := stream.readline(LONGEST):
        number += 1
        yield number, content
        while content and not content.endswith(b"\n") and len(content) == LONGEST:
            content = stream.readline(LONGEST)
    # Where content breaks off, a stream ends first, and says so when it is read once more.
    stream.read(1)
