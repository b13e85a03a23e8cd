"""A small workspace that tests open cases on: one account that goes to thirty servers in half a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph_hunt.casework.state import State
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.written import windows_logon, write_lines

LOGONS = [windows_logon(number, "alice", target=f"SRV{number}.corp.example") for number in range(10, 40)]


def loaded(folder: Path) -> Settings:
    """A workspace with those logons."""
    made = Settings(folder / "w")
    with Workspace.open(made) as workspace:
        workspace.load([write_lines(folder / "logons.json", LOGONS)])
    return made


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[State, Workspace]]:
    """The workspace, to read, and its state store."""
    state = State.open(settings.state_store)
    with Workspace.open(settings, read_only=True) as workspace:
        yield state, workspace
    state.close()
