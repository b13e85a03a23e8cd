"""The workspace that is served: as it was when a request began, and as a load left it for the next.

A small embedded graph is read while the request waits. A large one takes seconds: it is read beside, and requests are
answered from the graph before it until it is there, at the cost of both in memory meanwhile.
"""

import logging
import threading

from graph_hunt.graph.kglite import KgliteStore
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace

LARGE = 16 << 20
"""Bytes of a graph's file from which it is read beside."""
_LOG = logging.getLogger(__name__)
_Published = tuple[int, int, int] | None


class Current:
    """Gives the workspace as it is now."""

    def __init__(self, settings: Settings, *, large: int = LARGE) -> None:
        self._settings, self._large = settings, large
        self._lock = threading.Lock()
        self._reading: threading.Thread | None = None
        self._now: tuple[_Published, Workspace] = self._opened(self._published())

    @property
    def quick(self) -> Workspace | None:
        """The workspace, if nothing was published since it was opened: no reason to wait."""
        published, workspace = self._now
        return workspace if published == self._published() else None

    def get(self) -> Workspace:
        """The workspace; waits while a small graph is read anew."""
        published = self._published()
        if published == self._now[0]:
            return self._now[1]
        if published is None or published[2] < self._large:
            with self._lock:
                # What is there now, not what was there before we waited: another may have read it, or a newer one.
                if (published := self._published()) != self._now[0]:
                    self._now = self._opened(published)
        else:
            self._read_beside()
        return self._now[1]

    def wait(self) -> None:
        """Wait until what is read beside is there."""
        if (reading := self._reading) is not None:
            reading.join()

    def close(self) -> None:
        """Let go of the workspace."""
        self.wait()
        self._now[1].close()

    def _read_beside(self) -> None:
        with self._lock:
            if self._reading is None:
                self._reading = threading.Thread(target=self._reads, name="graph", daemon=True)
                self._reading.start()

    def _reads(self) -> None:
        try:
            self._now = self._opened(self._published())
        except Exception:
            # The next request tries again; until then the graph before it answers.
            _LOG.exception("reading the graph")
        finally:
            self._reading = None

    def _opened(self, published: _Published) -> tuple[_Published, Workspace]:
        """Open it with its graph read: one that was published meanwhile is read again later, never missed."""
        workspace = Workspace.open(self._settings, read_only=True)
        if isinstance(workspace.graph, KgliteStore):
            workspace.graph.settle()
        return published, workspace

    def _published(self) -> _Published:
        """What changes when the embedded graph is written anew; a server's answers are always of now."""
        if self._settings.neo4j is not None:
            return None
        try:
            found = Workspace.graph_file(self._settings.workspace).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size
