"""MITRE ATT&CK's tactics and techniques, as of the version that `enterprise.tsv` names.

© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation
(LICENSE.txt beside). Revoked and deprecated techniques are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

FILE = "enterprise.tsv"

VERSION = "18.1"
"""ATT&CK's version; `enterprise.tsv` names it too."""

__all__ = ["VERSION", "Tactic", "Technique", "tactics", "techniques"]


@dataclass(frozen=True, slots=True)
class Tactic:
    """What an attacker is after; a column of the matrix."""

    id: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Technique:
    """How it is done; `tactics` are the tactics' short names."""

    id: str
    name: str
    tactics: tuple[str, ...]

    @property
    def parent(self) -> str:
        """The technique that a sub-technique belongs to, else its own id."""
        return self.id.partition(".")[0]

    @property
    def url(self) -> str:
        """Its page."""
        return f"https://attack.mitre.org/techniques/{self.id.replace('.', '/')}/"


@cache
def tactics() -> tuple[Tactic, ...]:
    """Every tactic, in the order of the matrix."""
    return tuple(Tactic(*row) for row in _rows() if row[0].startswith("TA"))


@cache
def techniques() -> Mapping[str, Technique]:
    """Every technique by id."""
    rows = (row for row in _rows() if not row[0].startswith("TA"))
    return MappingProxyType({id: Technique(id, name, tuple(short.split(","))) for id, name, short in rows})


def _rows() -> list[tuple[str, str, str]]:
    text = resources.files(__name__).joinpath(FILE).read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return [(id, name, rest) for id, name, rest in rows]
