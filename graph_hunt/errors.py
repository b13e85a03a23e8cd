"""The errors that graph-hunt raises, one tree.

GraphHuntError
├── InputError              a file or option is not what was expected (exit status 1)
│   ├── UnclaimedInput      no loader claims a file
│   ├── UnreadableInput     a file cannot be opened, or breaks off while read
│   └── OversizedInput      an archive unfolds beyond its bound
├── WorkspaceError          the workspace on disk cannot be used
│   ├── WorkspaceBusy       another process writes to it
│   ├── WorkspaceVersion    written by a newer program
│   └── Overloaded          more is delivered than can be committed; the sender tries again
├── StoreError              the graph store failed
│   ├── StoreUnavailable    the server cannot be reached, or refuses the credentials
│   ├── StoreBusy           another process writes to the graph
│   ├── Overtaken           another process took over what this one was too slow at
│   ├── QueryTimeout        a query ran over its time
│   └── QueryError          the engine refused a query
├── StateUnavailable        the state store (cases, tokens, audit) cannot be opened
├── HuntError               a hunt file is malformed: names the file, line and field
├── ParameterError          a value given to a hunt's parameter is not of its type
├── UnknownRun              no run of a hunt has that id
├── UnknownCase             no case, or nothing in a case, has that number
├── UnknownDetection        no detection, or no alert, has that id
├── Conflict                somebody else changed a thing since it was read
└── UnknownEntity           no entity has that name; carries near ones
"""

from collections.abc import Sequence


class GraphHuntError(Exception):
    """Anything that graph-hunt reports to its user in a line of its own."""


class InputError(GraphHuntError):
    """A file or option is not what was expected; says what, where and what was expected."""

    def __init__(self, what: str, *, where: str = "", expected: str = "") -> None:
        self.what, self.where, self.expected = what, where, expected
        parts = [f"{where}: " if where else "", what, f"; expected {expected}" if expected else ""]
        super().__init__("".join(parts))


class UnclaimedInput(InputError):
    """No loader claims a file."""


class UnreadableInput(InputError):
    """A file cannot be opened, or breaks off while it is read."""


class OversizedInput(InputError):
    """An archive or compressed file unfolds beyond its bound."""


class WorkspaceError(GraphHuntError):
    """The workspace on disk cannot be used."""


class WorkspaceBusy(WorkspaceError):
    """Another process writes to the workspace; names it."""


class WorkspaceVersion(WorkspaceError):
    """The workspace or database was written by a newer program."""


class Overloaded(WorkspaceError):
    """More is delivered than can be committed; the sender keeps it and tries again."""


class StoreError(GraphHuntError):
    """The graph store failed."""


class StoreUnavailable(StoreError):
    """The server cannot be reached, or refuses the credentials; names the URI."""


class StoreBusy(StoreError):
    """Another process writes to the graph; names its pid."""


class Overtaken(StoreError):
    """Another process took over the writing of the graph, which this one was too slow at; what it wrote stands."""


class QueryTimeout(StoreError):
    """A query ran over its time."""


class QueryError(StoreError):
    """The engine refused a query."""


class StateUnavailable(GraphHuntError):
    """The state store cannot be opened; names it, without a password."""


class HuntError(GraphHuntError):
    """A hunt file is malformed."""

    def __init__(self, what: str, *, file: str, line: int | None = None, field: str = "") -> None:
        self.what, self.file, self.line, self.field = what, file, line, field
        place = file + (f":{line}" if line is not None else "") + (f": {field}" if field else "")
        super().__init__(f"{place}: {what}")


class ParameterError(GraphHuntError):
    """A value given to a hunt's parameter is not of its type."""


class UnknownRun(GraphHuntError):
    """No run of a hunt has that id."""


class UnknownDetection(GraphHuntError):
    """No detection, or no alert, has that id."""


class Conflict(GraphHuntError):
    """Somebody else changed a thing since it was read; says its version now."""


class UnknownCase(GraphHuntError):
    """No case, or nothing in a case, has that number."""


class UnknownEntity(GraphHuntError):
    """No entity has that name."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        self.name, self.near = name, tuple(near)
        hint = f"; near it: {', '.join(self.near)}" if self.near else ""
        super().__init__(f"no entity is called {name!r}{hint}")
