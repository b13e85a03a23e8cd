"""What follows from a case's findings: what to contain, and what to recommend; people choose among it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graph_hunt.casework.cases.case import Case
from graph_hunt.casework.cases.entries import (
    Action,
    Answer,
    Feedback,
    Judged,
    Judgement,
    Learned,
    Recommendation,
    Response,
)
from graph_hunt.hunting.finding import Finding, restored
from graph_hunt.hunting.hunt import Level

CATALOGUE = "recommendations.toml"
REMARK = 200
"""Characters of a finding's sentence that a response proposed for it bears."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation of the catalogue."""

    name: str
    attack: tuple[str, ...]
    blind: bool
    words: Mapping[str, str]

    def follows(self, techniques: tuple[str, ...]) -> bool:
        """Some technique is one of its own."""
        return any(one == own or one.startswith(f"{own}.") for one in techniques for own in self.attack)


@cache
def catalogue() -> Mapping[str, Advice]:
    """All recommendations, by name."""
    fields = tomllib.loads((Path(__file__).parent / CATALOGUE).read_text(encoding="utf-8"))
    return {
        name: Advice(name, tuple(one.get("attack", ())), one.get("blind", False), {"en": one["en"], "fr": one["fr"]})
        for name, one in fields.items()
    }


def in_words(what: str, language: str) -> str:
    """A recommendation's text: the catalogue's, or its own words."""
    known = catalogue().get(what)
    return known.words[language] if known else what


def weighty(case: Case) -> list[Finding]:
    """The findings that count: those kept; where none was judged yet, those above informational."""
    judged = [one.entry for one in case.each(Judged)]
    kept = [restored(one.finding) for one in judged if one.judgement == Judgement.KEPT]
    if kept:
        return sorted(kept, key=lambda one: one.order)
    new = [restored(one.finding) for one in judged if one.judgement == Judgement.NEW]
    return sorted((one for one in new if one.level is not Level.INFORMATIONAL), key=lambda one: one.order)


def recommended(case: Case) -> list[Recommendation]:
    """What the catalogue has for the findings that count, and for what could not be seen."""
    findings, found = weighty(case), []
    blind = any(one.entry.missing for one in case.each(Answer))
    for advice in catalogue().values():
        reasons = tuple(one.id for one in findings if advice.follows(one.attack))
        if reasons or (advice.blind and blind):
            found.append(Recommendation(advice.name, reasons))
    return found


def proposed(case: Case) -> list[Response]:
    """What the findings that count name to be contained, and that the case does not have yet."""
    known = {one.entry.ref for one in case.each(Response, withdrawn=True)}
    found: dict[str | None, Response] = {}
    for finding in weighty(case):
        for action, target in _contained(finding):
            made = Response(action.value, target, remark=finding.summary[:REMARK])
            if made.ref not in known:
                found.setdefault(made.ref, made)
    return list(found.values())


def hostile(case: Case) -> dict[tuple[str, str], Finding | None]:
    """What of the attacker's own the case met, by label and key, with the finding that says so."""
    found: dict[tuple[str, str], Finding | None] = {}
    for item in case.each(Feedback):
        if item.entry.learned == Learned.INDICATOR:
            found["Indicator", item.entry.what] = None
    for finding in weighty(case):
        lures = any(one.startswith((*_HARMFUL, "T1114.003")) for one in finding.attack)
        for one in finding.entities:
            sender = one.label == "Mailbox" and one.role in ("sender", "forwarded to")
            grave = one.label == "IP" and finding.level.rank >= Level.HIGH.rank
            if grave or (lures and (sender or one.label in ("Url", "Domain", "File"))):
                found.setdefault((one.label, one.key), finding)
    return found


_ALWAYS = {"MailRule": Action.REMOVE_RULE, "Persistence": Action.REMOVE_PERSISTENCE, "App": Action.REVOKE_CONSENT}
_GRAVE = {"User": Action.RESET_ACCOUNT, "IP": Action.BLOCK_ADDRESS}
_HARMFUL = ("T1566", "T1204", "T1534")
"""Techniques whose messages and links are the attacker's own."""


def _contained(finding: Finding) -> Iterator[tuple[Action, str]]:
    lures = any(one.startswith(_HARMFUL) for one in finding.attack)
    for one in finding.entities:
        if one.label in _ALWAYS:
            yield _ALWAYS[one.label], one.name
        elif lures and one.label == "Message":
            yield Action.PURGE_MESSAGE, one.key
        elif lures and one.label == "Url":
            yield Action.BLOCK_URL, one.key
        elif one.role == "reached":
            # It could have been reached, which is no proof that it was.
            continue
        elif one.label in _GRAVE and finding.level.rank >= Level.HIGH.rank:
            yield _GRAVE[one.label], one.name
        elif one.label == "Host" and finding.level.rank >= Level.HIGH.rank:
            yield Action.ISOLATE_HOST, one.name
