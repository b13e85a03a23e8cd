"""What people say of identities besides the telemetry: joins and splits by hand, the directory, tags.

Decisions are kept in the workspace and are reversible.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import orjson

from graph_hunt.errors import WorkspaceError
from graph_hunt.events.countries import read_countries, with_egress
from graph_hunt.events.directory import Directory, keep, kept, read_directory
from graph_hunt.events.tags import Tags, read_tags

ACTIONS = ("join", "split", "undo")
KINDS = ("account", "host", "domain", "address")


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision about two identifiers: they are one (join), are not (split), or what the telemetry says (undo)."""

    action: str
    kind: str
    """account, host, domain, or address (of an address, left, and a host, right)."""
    left: str
    right: str
    reason: str = ""
    author: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Edits:
    """The decisions, oldest first; a later one about the same pair replaces an earlier one. And what was given."""

    decided: tuple[Edit, ...] = ()
    directory: Directory = field(default_factory=Directory)
    tags: Tags = field(default_factory=Tags)

    @property
    def digest(self) -> str:
        """Name what is said: the same decisions in force, directory and tags give one name; '' where nothing is."""
        said = [repr(replace(edit, reason="", author="", at=0)) for edit in self.in_force()]
        if not (said or self.directory.digest or self.tags.tags):
            return ""
        text = "\n".join([*said, self.directory.digest, repr(self.tags)])
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def in_force(self) -> list[Edit]:
        """Give the decisions that hold, in an order that does not depend on when they were made."""
        last = {(edit.kind, *sorted((edit.left, edit.right))): edit for edit in self.decided}
        return [edit for _, edit in sorted(last.items()) if edit.action != "undo"]

    def pairs(self, action: str, kind: str) -> list[tuple[str, str]]:
        """Give the pairs of a kind that are joined, or split."""
        return [(edit.left, edit.right) for edit in self.in_force() if (edit.action, edit.kind) == (action, kind)]

    def rule(self, kind: str) -> Callable[[frozenset[str], frozenset[str]], str]:
        """Give a rule that says why two sets of identifiers stay apart, '' where no split wants it."""
        splits = self.pairs("split", kind)

        def apart(one: frozenset[str], other: frozenset[str]) -> str:
            for left, right in splits:
                if (left in one and right in other) or (left in other and right in one):
                    return "split by hand"
            return ""

        return apart


EDITS, DIRECTORY, TAGS = "identities.jsonl", "directory.jsonl", "tags.toml"
"""The files of a workspace that hold what people say."""


def said_in(workspace: Path) -> Edits:
    """Read all that people say of identities in a workspace."""
    decided = read_edits(workspace / EDITS).decided
    tags = with_egress(read_tags(workspace / TAGS), read_countries(workspace))
    return Edits(decided, kept(workspace / DIRECTORY), tags)


def give_directory(workspace: Path, files: Iterable[Path]) -> Directory:
    """Read a directory's exports and keep them in a workspace, in the place of what was given before."""
    found = Directory()
    for file in files:
        found = found.plus(read_directory(file))
    keep(workspace / DIRECTORY, found)
    return found


def read_edits(path: Path) -> Edits:
    """Read the decisions that a file keeps, one a line; a file that is not there keeps none."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return Edits()
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be read ({error.strerror})") from error
    return Edits(tuple(_read(line, path, number) for number, line in enumerate(lines, 1) if line.strip()))


def _read(line: bytes, path: Path, number: int) -> Edit:
    try:
        edit = Edit(**orjson.loads(line))
    except (orjson.JSONDecodeError, TypeError) as error:
        raise WorkspaceError(f"{path}:{number}: not a decision about identities ({error})") from error
    if edit.action not in ACTIONS or edit.kind not in KINDS:
        raise WorkspaceError(f"{path}:{number}: {edit.action} {edit.kind} is no decision that this program knows")
    return edit


def record(path: Path, edit: Edit) -> None:
    """Add a decision to a file; it takes effect when the graph is rebuilt."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # One write of one line to a file opened for appending: two programs cannot mix their lines.
        with path.open("ab", buffering=0) as file:
            file.write(orjson.dumps(asdict(edit)) + b"\n")
            os.fsync(file.fileno())
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be written ({error.strerror})") from error
