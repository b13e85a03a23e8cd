"""`load --follow`: files and folders as they grow, until it is interrupted."""

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from graph_hunt.cli.after import follow_up
from graph_hunt.cli.output import count, err
from graph_hunt.errors import InputError, StoreBusy, WorkspaceBusy
from graph_hunt.events.identity import give_directory
from graph_hunt.events.source import Loader, Options
from graph_hunt.graph.projection import Applied
from graph_hunt.settings import Settings
from graph_hunt.workspace import Loaded, Workspace
from graph_hunt.workspace.follow import Follow

_LOOK = 1.0
"""Seconds between two looks."""
_APPLY = 10.0
"""Seconds after which the graph follows, while more comes."""


def follow_files(
    settings: Settings,
    paths: Sequence[str],
    options: Options,
    loader: Loader | None,
    *,
    bucket: str | None = None,
    directory: Sequence[Path] | None = None,
) -> Loaded:
    """Follow until it is interrupted; then bring the graph up to date, and give the account of all."""
    if "-" in paths:
        raise InputError("standard input ends by itself", where="--follow", expected="files and folders")
    with Workspace.open(settings, bucket=bucket) as opened:
        if directory:
            give_directory(opened.root, list(directory))
        events = opened.events
    begun, follow = time.monotonic(), Follow(events, paths, options, loader=loader)
    with _interrupted() as ended:
        _go_on(follow, settings, ended)
        follow.close()
        follow.report.seconds = time.monotonic() - begun
        moment = time.monotonic()
        applied = _apply(settings)
    return Loaded(follow.report, applied or Applied(0), time.monotonic() - moment)


def _go_on(follow: Follow, settings: Settings, ended: threading.Event) -> None:
    applied_at, fresh = time.monotonic(), False
    while not ended.is_set():
        if follow.look():
            fresh = True
            records = follow.report.total("records")
            err.print(f"{count(records)} record{'' if records == 1 else 's'} of {len(follow.report.sources)} files")
        if fresh and not follow.more and time.monotonic() - applied_at >= _APPLY:
            fresh = _apply(settings) is None
            applied_at = time.monotonic()
        if not follow.more:
            ended.wait(_LOOK)


def _apply(settings: Settings) -> Applied | None:
    """Bring the graph up to date; nothing where another process is at it, which does so itself."""
    with suppress(StoreBusy, WorkspaceBusy), Workspace.open(settings) as workspace:
        applied = workspace.apply()
        follow_up(workspace, settings.workspace)
        return applied
    return None


@contextmanager
def _interrupted() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; what is being committed is committed first."""
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {one: signal.signal(one, end) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield ended
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
