"""An indicator: a value that threat intelligence names, and what is said of it."""

from dataclasses import asdict, dataclass
from typing import Any

from graph_hunt.casework.indicators.value import Value

TLP = ("clear", "green", "amber", "amber+strict", "red")
"""From what anyone may see to what only its receivers may."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """Times are epoch ms; without `until` it does not end by itself."""

    value: Value
    sources: tuple[str, ...] = ()
    confidence: int | None = None
    """0 to 100."""
    tlp: str = ""
    since: int | None = None
    until: int | None = None
    techniques: tuple[str, ...] = ()

    def said(self) -> dict[str, Any]:
        """What the trail keeps."""
        return {**asdict(self), "value": self.value.text, "kind": self.value.kind.value}


def together(one: Indicator, other: Indicator) -> Indicator:
    """Join what two sources say of one value: the surest, the strictest, the longest; order does not matter."""
    ends = [end for end in (one.until, other.until) if end is not None]
    return Indicator(
        one.value,
        tuple(sorted({*one.sources, *other.sources})),
        max((sure for sure in (one.confidence, other.confidence) if sure is not None), default=None),
        max(one.tlp, other.tlp, key=lambda word: TLP.index(word) if word in TLP else -1),
        min((begin for begin in (one.since, other.since) if begin is not None), default=None),
        max(ends) if len(ends) == 2 else None,
        tuple(sorted({*one.techniques, *other.techniques})),
    )
