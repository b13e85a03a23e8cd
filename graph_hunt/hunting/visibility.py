"""What telemetry a hunt needs, whether it is there, and which log would open what is not.

`queries/telemetry.toml` names the kinds of telemetry: event table, the codes that give them, how to turn them on.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graph_hunt import queries
from graph_hunt.errors import HuntError
from graph_hunt.hunting.hunt import Hunt
from graph_hunt.schema import TABLES

Codes = Mapping[tuple[str, str], int]
"""How many rows each (table, code) has in the event store."""
CATALOGUE = "telemetry.toml"
_TOLD = 4
"""Codes that a line names at most."""


@dataclass(frozen=True, slots=True)
class Telemetry:
    """A kind of telemetry that hunts need: any of its codes gives it."""

    name: str
    title: str
    table: str
    codes: tuple[str, ...]
    opens: str

    def seen_in(self, codes: Codes) -> bool:
        """It was loaded."""
        return any(codes.get((self.table, code), 0) for code in self.codes)

    def as_json(self) -> dict[str, Any]:
        """It as the command line and the API show it."""
        return {
            "telemetry": self.name,
            "title": self.title,
            "table": self.table,
            "codes": list(self.codes),
            "opens": self.opens,
        }


@cache
def catalogue() -> Mapping[str, Telemetry]:
    """Every kind of telemetry that hunts may need, by name."""
    path = Path(queries.__path__[0]) / CATALOGUE
    found: dict[str, Telemetry] = {}
    for name, fields in tomllib.loads(path.read_text(encoding="utf-8")).items():
        found[name] = Telemetry(name, fields["title"], fields["table"], tuple(fields["codes"]), fields["opens"])
        if fields["table"] not in TABLES:
            raise HuntError(f"{fields['table']!r} is not an event table", file=CATALOGUE, field=f"{name}.table")
    return found


def check_names(hunt: Hunt) -> None:
    """Refuse a hunt that needs a kind of telemetry nobody named."""
    for field, names in (("needs", [name for group in hunt.needs for name in group]), ("helps", hunt.helps)):
        for name in names:
            if name not in catalogue():
                known = ", ".join(catalogue())
                raise HuntError(f"{name!r} is not in {CATALOGUE}, which has {known}", file=hunt.file, field=field)


def missing(hunt: Hunt, codes: Codes) -> tuple[tuple[Telemetry, ...], ...]:
    """The groups of telemetry that the hunt needs and that are not there; within a group any one would do."""
    groups = (tuple(catalogue()[name] for name in group) for group in hunt.needs)
    return tuple(group for group in groups if not any(kind.seen_in(codes) for kind in group))


def unaided(hunt: Hunt, codes: Codes) -> tuple[Telemetry, ...]:
    """The kinds that would make the hunt sharper, and that are not there."""
    return tuple(catalogue()[name] for name in hunt.helps if not catalogue()[name].seen_in(codes))


def in_words(groups: Iterable[tuple[Telemetry, ...]]) -> str:
    """Say what is missing, in one line, with the first codes that would give it."""
    return "; ".join(
        " or ".join(f"{kind.title} ({kind.table}: {_first(kind.codes)})" for kind in group) for group in groups
    )


def _first(codes: tuple[str, ...]) -> str:
    return ", ".join(codes[:_TOLD]) + (", …" if len(codes) > _TOLD else "")
