"""What is new in this process, told to those who listen: a place where one part calls and another waits to hear.

`NEWS.tell(ALERTS)` after a transaction says only that there is something new; who hears of it looks what. Nothing is
kept, and another process does not hear of it, so listeners look now and then by themselves too.
"""

import threading
from collections.abc import Callable
from contextlib import suppress

ALERTS = "alerts"
"""Alerts were raised or changed."""
LOADED = "loaded"
"""Events came, and the graph follows them."""
Heard = Callable[[], object]


class News:
    """Listeners by topic; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, list[Heard]] = {}

    def tell(self, topic: str) -> None:
        """Call those who listen, one after the other, in the caller's thread."""
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for heard in listeners:
            heard()

    def listen(self, topic: str, heard: Heard) -> Callable[[], None]:
        """Call `heard` whenever something is told; give what ends that."""
        with self._lock:
            self._listeners.setdefault(topic, []).append(heard)

        def end() -> None:
            with self._lock, suppress(KeyError, ValueError):
                self._listeners[topic].remove(heard)
                if not self._listeners[topic]:
                    del self._listeners[topic]

        return end


NEWS = News()
"""This process's."""
