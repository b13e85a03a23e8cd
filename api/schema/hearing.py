"""Hearing of changes: at once where this process makes them, within seconds where another does."""

import asyncio
from collections.abc import AsyncGenerator, Callable

LOOK = 2.0
"""Seconds after which one looks even if nothing was heard: another server may have made a change."""


async def changes(listen: Callable[[Callable[[], object]], Callable[[], None]]) -> AsyncGenerator[None, None]:
    """Say that there may be something new: at first, whenever it is heard, and every few seconds."""
    loop, heard = asyncio.get_running_loop(), asyncio.Event()

    def hear() -> None:
        # One who tells may outlive the loop that listened.
        if not loop.is_closed():
            loop.call_soon_threadsafe(heard.set)

    end = listen(hear)
    try:
        while True:
            heard.clear()
            yield
            try:
                await asyncio.wait_for(heard.wait(), LOOK)
            except TimeoutError:
                continue
    finally:
        end()
