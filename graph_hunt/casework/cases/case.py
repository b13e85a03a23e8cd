"""A case: what set a hunt off, what it looks at, and all that was written down under it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from graph_hunt.casework.cases.entries import Entry

T = TypeVar("T", bound=Entry)


class Trigger(StrEnum):
    """What set the hunt off."""

    WEAK_SIGNAL = "weak_signal"
    ANOMALY = "anomaly"
    INDICATOR = "indicator"
    FINDING = "finding"
    REQUEST = "request"


class Form(StrEnum):
    """How it goes: from a hypothesis, from a look at the data, or from what matters here and now."""

    STRUCTURED = "structured"
    UNSTRUCTURED = "unstructured"
    SITUATIONAL = "situational"


class Verdict(StrEnum):
    """What a closed case came to."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: entities by any of their names, those with a tag, a span (epoch ms); empty means all."""

    entities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A case without what is in it; `given` holds what its template was filled with."""

    id: int
    version: int
    title: str
    trigger: Trigger
    form: Form
    scope: Scope
    template: str
    given: Mapping[str, tuple[str, ...]]
    summary: str
    verdict: Verdict | None
    """Of a closed case."""
    who: str
    created: int
    changed_by: str
    changed: int

    @property
    def closed(self) -> bool:
        """It has come to its end."""
        return self.verdict is not None


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """Something in a case, numbered within it; `version` grows with each change."""

    number: int
    version: int
    entry: T
    who: str
    at: int
    changed_by: str
    changed: int
    withdrawn: bool = False
    """It no longer counts; it is kept all the same."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case with all that is in it, in the order in which it was written."""

    head: Head
    items: tuple[Item[Any], ...] = field(default=())

    def each(self, kind: type[T], *, withdrawn: bool = False) -> list[Item[T]]:
        """Give what is in it of a kind."""
        return [one for one in self.items if isinstance(one.entry, kind) and (withdrawn or not one.withdrawn)]
