"""Where a workspace's events are: in its folder, or in a place that several machines load into and read from.

In such a place lies, beside the events, what the graph depends on besides them: the deltas, and what people said.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from graph_hunt.errors import InputError, WorkspaceError
from graph_hunt.events.countries import FILE as COUNTRIES
from graph_hunt.events.identity import DIRECTORY, EDITS, TAGS
from graph_hunt.events.storage import Root, Storage, is_url
from graph_hunt.events.store import EventStore, Resources
from graph_hunt.settings import Settings
from graph_hunt.workspace import preferences

EVENTS, GEO = "events", "geo"
DELTAS = "graph/deltas"
_PLACE = "events-place"
"""The file of a workspace that says where its events are, if elsewhere."""
_SAID = "said"
_AGREED = "said.json"
_FRESH = 10.0
"""Seconds for which what others said is not asked for again."""
_Stamp = tuple[int, int]


def open_events(settings: Settings, *, read_only: bool = False) -> EventStore:
    """Open a workspace's events; where a server holds the graph, several processes may load at once."""
    root = _root(settings)
    shared = settings.neo4j is not None or root != settings.workspace / EVENTS
    return EventStore.open(root, Resources(), read_only=read_only, shared=shared)


def common(settings: Settings, *, read_only: bool) -> Common | None:
    """Open the place that this workspace has in common with others, if its events are in one."""
    root = _root(settings)
    if root == settings.workspace / EVENTS:
        return None
    if settings.neo4j is None:
        raise InputError(
            "the embedded graph is a file of one machine, and other machines load into these events",
            where=str(root),
            expected="a Neo4j server: --neo4j URI or GRAPH_HUNT_NEO4J_URI",
        )
    settings.workspace.mkdir(parents=True, exist_ok=True)
    if settings.events:
        (settings.workspace / _PLACE).write_text(str(root) + "\n", "utf-8")
    return Common(settings.workspace, Storage.at(root), read_only=read_only)


def _root(settings: Settings) -> Root:
    kept = settings.workspace / _PLACE
    said = settings.events or (kept.read_text("utf-8").strip() if kept.exists() else "")
    if not said:
        return settings.workspace / EVENTS
    return said if is_url(said) else Path(said).absolute()


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What a file was when here and there were the same."""

    digest: str
    stamp: _Stamp


class Common:
    """What people said, in the place of the events and in the workspace: a change on one side is made on the other."""

    def __init__(self, folder: Path, place: Storage, *, read_only: bool) -> None:
        self._folder, self._read_only = folder, read_only
        self._place, self._said = place, place.within(_SAID)
        self._asked = 0.0

    @property
    def deltas(self) -> Storage:
        """Where the deltas are that all machines have in common."""
        return self._place.within(DELTAS)

    def agree(self, *, now: bool = True) -> None:
        """Take over what others said since, and give what was said here; unless `now`, not again within seconds."""
        if not now and time.monotonic() - self._asked < _FRESH:
            return
        agreed, there = self._agreed(), self._said.stamps("")
        names = {preferences.FILE, EDITS, DIRECTORY, TAGS, COUNTRIES, *there, *agreed}
        names |= {path.relative_to(self._folder).as_posix() for path in (self._folder / GEO).glob("*.mmdb")}
        found = {name: self._settle(name, agreed.get(name), there.get(name)) for name in sorted(names)}
        self._keep({name: one for name, one in found.items() if one is not None})
        self._asked = time.monotonic()

    def _settle(self, name: str, agreed: _Agreed | None, stamp: _Stamp | None) -> _Agreed | None:
        here = self._folder / name
        content = here.read_bytes() if here.exists() else None
        unchanged_here = (agreed.digest if agreed else None) == _digest(content)
        if (agreed.stamp if agreed else None) == stamp:
            if unchanged_here or self._read_only:
                return agreed
            return self._give(name, content, agreed)
        theirs = self._said.read(name) if stamp else None
        if unchanged_here:
            self._take(here, theirs)
        elif content != theirs:
            raise WorkspaceError(
                f"{here}: changed here and, meanwhile, in {self._said.name}/{name}; remove the one that shall not hold"
            )
        return _Agreed(sha256(theirs).hexdigest(), stamp) if theirs is not None and stamp else None

    def _give(self, name: str, content: bytes | None, agreed: _Agreed | None) -> _Agreed | None:
        if content is None:
            self._said.remove(name)
            return None
        if agreed is None:
            if not self._said.create(name, content):
                return self._settle(name, None, self._said.stamps("").get(name))
        else:
            self._said.publish(name, content)
        return _Agreed(sha256(content).hexdigest(), self._said.stamps("")[name])

    def _take(self, here: Path, theirs: bytes | None) -> None:
        if theirs is None:
            here.unlink(missing_ok=True)
            return
        here.parent.mkdir(parents=True, exist_ok=True)
        new = here.with_name(f"{here.name}.new")
        new.write_bytes(theirs)
        new.replace(here)

    def _agreed(self) -> dict[str, _Agreed]:
        file = self._folder / _AGREED
        if not file.exists():
            return {}
        found = json.loads(file.read_bytes())
        return {name: _Agreed(digest, (size, at)) for name, (digest, size, at) in found.items()}

    def _keep(self, agreed: dict[str, _Agreed]) -> None:
        new = self._folder / f"{_AGREED}.new"
        new.write_text(json.dumps({name: (one.digest, *one.stamp) for name, one in agreed.items()}, indent=1))
        new.replace(self._folder / _AGREED)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else sha256(content).hexdigest()
