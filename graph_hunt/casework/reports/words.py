"""What reports say, in English and French; a hunt's sentence is English, so French says its title and who is in it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.visibility import Telemetry

LANGUAGES = ("en", "fr")
FILE = "words.toml"
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str
    _all: Mapping[str, Any]

    def __getitem__(self, name: str) -> str:
        """A word of the report's own."""
        return str(self._all[self.language][name])

    def term(self, name: str) -> str:
        """A word of a list that the store keeps."""
        return str(self._all["terms"][self.language].get(name, name))

    def kind(self, label: str, number: int = 1) -> str:
        """What an entity of a label is called, one or many."""
        return str(self._all["kinds" if number == 1 else "many"][self.language].get(label, label))

    def edge(self, kind: str) -> str:
        """What an edge says."""
        return str(self._all["edges"][self.language].get(kind, kind))

    def telemetry(self, kind: Telemetry) -> str:
        """What telemetry is called."""
        own: Mapping[str, str] = self._all["telemetry"].get(self.language, {})
        return own.get(kind.name, kind.title)

    def opens(self, kind: Telemetry) -> str:
        """How to turn telemetry on."""
        own: Mapping[str, str] = self._all["opens"].get(self.language, {})
        return own.get(kind.name, kind.opens)

    def title(self, finding: Finding) -> str:
        """A finding's title."""
        if self.language == "en":
            return finding.title
        said = finding.details.get("fr")
        if isinstance(said, dict) and said.get("title"):
            return str(said["title"])
        return str(self._all["hunts"]["fr"].get(finding.hunt, finding.title))

    def sentence(self, finding: Finding) -> str:
        """What was found, in a sentence."""
        if self.language == "en":
            return finding.summary
        said = finding.details.get("fr")
        if isinstance(said, dict) and said.get("summary"):
            return str(said["summary"])
        if finding.hunt.endswith("/blast-radius"):
            counted = self.counted(finding.details.get("total", {})) or self["spread_none"]
            start = finding.entities[0].name
            return self["spread_from"].format(name=start, at=self.moment(finding.first_seen), count=counted)
        named = [f"{one.name} ({self.kind(one.label)})" for one in finding.entities]
        told = list(dict.fromkeys(named))
        more = f" et {len(told) - _NAMED} autres" if len(told) > _NAMED else ""
        return f"{self.title(finding)} : {', '.join(told[:_NAMED])}{more}" if told else self.title(finding)

    def moment(self, at: int | None) -> str:
        """A time in UTC as the language writes it."""
        if at is None:
            return ""
        when = datetime.fromtimestamp(at // 1000, UTC)
        if self.language == "en":
            return f"{when:%Y-%m-%d %H:%M:%S}"
        day = "1er" if when.day == 1 else str(when.day)
        return f"{day} {_MONTHS[when.month - 1]} {when.year} à {when:%H:%M:%S}"

    def counted(self, counts: Mapping[str, int]) -> str:
        """How many of each label."""
        return ", ".join(f"{number} {self.kind(label, number)}" for label, number in counts.items() if number)


@cache
def words(language: str) -> Words:
    """The words of a language."""
    return Words(language, tomllib.loads((Path(__file__).parent / FILE).read_text(encoding="utf-8")))
