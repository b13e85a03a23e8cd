"""The workspace that is served: opened anew when a load has published another graph."""

import threading
from pathlib import Path

from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace


class Current:
    """Gives the workspace as it is now; requests under way keep the one that they began with."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._seen = self._published()
        self._workspace = Workspace.open(settings, read_only=True)

    def get(self) -> Workspace:
        """The workspace; blocks while it is opened anew."""
        published = self._published()
        if published != self._seen:
            with self._lock:
                if published != self._seen:
                    self._workspace = Workspace.open(self._settings, read_only=True)
                    self._seen = published
        return self._workspace

    def close(self) -> None:
        """Let go of the workspace."""
        self._workspace.close()

    def _published(self) -> tuple[int, int] | None:
        """What changes when the embedded graph is written anew; a server's answers are always of now."""
        if self._settings.neo4j is not None:
            return None
        path: Path = Workspace.graph_file(self._settings.workspace)
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size
