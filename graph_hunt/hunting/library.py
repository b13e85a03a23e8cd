"""The hunts under `queries/`, and those of a folder of the user's own."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from graph_hunt import queries
from graph_hunt.errors import HuntError
from graph_hunt.graph.dialect import refusals
from graph_hunt.hunting import visibility
from graph_hunt.hunting.hunt import Hunt, read

SUFFIX = ".cypher"


@cache
def all_hunts() -> tuple[Hunt, ...]:
    """Every hunt that comes with graph-hunt, by tactic and id."""
    return load(Path(queries.__path__[0]))


def load(folder: Path) -> tuple[Hunt, ...]:
    """The hunts in a folder and the folders under it; one malformed hunt fails them all."""
    hunts = [one(path, path.relative_to(folder).as_posix()) for path in sorted(folder.rglob(f"*{SUFFIX}"))]
    by_id: dict[str, Hunt] = {}
    for hunt in hunts:
        if other := by_id.get(hunt.id):
            raise HuntError(f"{hunt.id!r} is the id of {other.file} too", file=hunt.file, field="id")
        by_id[hunt.id] = hunt
    return tuple(hunts)


def one(path: Path, name: str = "") -> Hunt:
    """Read one hunt file and check it against what the engines and the telemetry have."""
    hunt = read(path, name)
    if hunt.id != path.name.removesuffix(SUFFIX):
        raise HuntError(f"{hunt.id!r} must be the file's name", file=hunt.file, field="id")
    visibility.check_names(hunt)
    for refusal in refusals(hunt.cypher):
        raise HuntError(f"{refusal.found!r}: {refusal.why}", file=hunt.file, line=hunt.line + refusal.line - 1)
    return hunt


def find(names: Sequence[str], hunts: Iterable[Hunt] | None = None) -> tuple[Hunt, ...]:
    """The hunts with these ids, in this order; an unknown id is answered with near ones."""
    known = {hunt.id: hunt for hunt in (all_hunts() if hunts is None else hunts)}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.4)
            raise HuntError("no hunt has that id" + (f"; near it: {', '.join(near)}" if near else ""), file=name)
    return tuple(known[name] for name in names)


def of_technique(technique: str, hunts: Iterable[Hunt] | None = None) -> tuple[Hunt, ...]:
    """The hunts for an ATT&CK technique; one without a sub-technique's number stands for all of its own."""
    return tuple(
        hunt
        for hunt in (all_hunts() if hunts is None else hunts)
        if any(own == technique or own.startswith(technique + ".") for own in hunt.attack)
    )
