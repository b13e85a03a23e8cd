"""What a workspace keeps about itself: settled when it is made, and never guessed again."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import orjson

from graph_hunt.errors import InputError, WorkspaceError, WorkspaceVersion

FORMAT = 1
FILE = "workspace.json"
HOUR = 3_600_000
DAY = 24 * HOUR
_UNITS = {"m": 60_000, "h": HOUR, "d": DAY}


@dataclass(frozen=True, slots=True)
class Preferences:
    """A workspace's settings."""

    bucket: int = HOUR
    """The bucket of time of bucketed edges, in milliseconds."""


def parse_bucket(text: str) -> int:
    """Read a bucket such as `1h` or `1d`; it must divide a day or be whole days.

    >>> parse_bucket("1h")
    3600000
    """
    match = re.fullmatch(r"(\d+)([mhd])", text.strip())
    bucket = int(match[1]) * _UNITS[match[2]] if match else 0
    if bucket < 60_000 or (DAY % bucket and bucket % DAY):
        raise InputError(f"{text!r} is no bucket of time", where="--bucket", expected="such as 15m, 1h, 1d")
    return bucket


def read(root: Path) -> Preferences | None:
    """The preferences of the workspace in a folder, or none where there is no workspace."""
    path = root / FILE
    try:
        raw = orjson.loads(path.read_bytes())
        version, bucket = int(raw["format"]), int(raw["bucket_ms"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"{path}: cannot be read ({error})") from error
    if version > FORMAT:
        raise WorkspaceVersion(f"{path}: format {version}; this program reads up to {FORMAT}")
    return Preferences(bucket)


def write(root: Path, preferences: Preferences) -> None:
    """Keep the preferences in the folder, which is made if need be."""
    path = root / FILE
    content = orjson.dumps({"format": FORMAT, "bucket_ms": preferences.bucket}, option=orjson.OPT_INDENT_2)
    try:
        root.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.unfinished")
        unfinished.write_bytes(content + b"\n")
        unfinished.replace(path)
    except OSError as error:
        raise WorkspaceError(f"{root}: cannot be made a workspace ({error.strerror})") from error
