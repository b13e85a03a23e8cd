"""What is written down in a case, each kind a type of its own."""

from typing import Any, Self

import strawberry
from strawberry.scalars import JSON

from graph_hunt.api.schema.hunts import FindingType
from graph_hunt.api.schema.scalars import DateTime
from graph_hunt.casework.cases import Item
from graph_hunt.hunting.finding import restored


@strawberry.type
class Stamped:
    """What everything in a case bears."""

    number: int = strawberry.field(description="Its number within the case.")
    version: int = strawberry.field(description="Grows with each change; a change names the one that it is of.")
    who: str = strawberry.field(description="Who wrote it.")
    at: DateTime = strawberry.field(description="When.")
    changed_by: str = strawberry.field(description="Who changed it last.")
    changed: DateTime = strawberry.field(description="When.")
    withdrawn: bool = strawberry.field(description="It no longer counts.")

    @staticmethod
    def stamps(item: Item[Any]) -> dict[str, Any]:
        """Give them."""
        return {
            "number": item.number,
            "version": item.version,
            "who": item.who,
            "at": DateTime(item.at),
            "changed_by": item.changed_by,
            "changed": DateTime(item.changed),
            "withdrawn": item.withdrawn,
        }

    @classmethod
    def of(cls, item: Item[Any]) -> Self:
        """Show something of a case."""
        return cls(**cls.stamps(item), **cls.told(item.entry))

    @classmethod
    def told(cls, entry: Any) -> dict[str, Any]:
        """Give its own fields; those whose names are the entry's."""
        shown = {}
        for one in cls.__strawberry_definition__.fields:  # type: ignore[attr-defined]
            if one.python_name not in Stamped.__annotations__:
                value = getattr(entry, one.python_name)
                shown[one.python_name] = list(value) if isinstance(value, tuple) else value
        return shown


@strawberry.type(name="Hypothesis", description="What is supposed, and what would show it right or wrong.")
class HypothesisType(Stamped):
    """A hypothesis."""

    text: str = strawberry.field(description="What is supposed.")
    techniques: list[str] = strawberry.field(description="ATT&CK's techniques.")
    confirms: str = strawberry.field(description="What would confirm it.")
    refutes: str = strawberry.field(description="What would refute it.")
    status: str = strawberry.field(description="open, confirmed, refuted or inconclusive.")
    because: str = strawberry.field(description="Why it is no longer open.")


@strawberry.type(name="CaseNote", description="A remark.")
class NoteType(Stamped):
    """A note."""

    text: str = strawberry.field(description="What it says.")
    hypothesis: int | None = strawberry.field(description="The number of the hypothesis that it is about.")


@strawberry.type(name="PinnedEvidence", description="An original record or an edge, with the digest of what it was.")
class EvidenceType(Stamped):
    """Evidence."""

    subject: str = strawberry.field(description="`event:` and its id, or `edge:` and its key.")
    sha256: str = strawberry.field(description="The SHA-256 of what it was when it was pinned.")
    basis: str = strawberry.field(description="What the digest is of: raw (the record), row, or edge.")
    when: DateTime = strawberry.field(description="When it happened.")
    what: str = strawberry.field(description="The kind of record, or of edge.")
    content: JSON = strawberry.field(description="The row or the edge, with the record.")
    caption: str = strawberry.field(description="What it shows.")
    hypothesis: int | None = strawberry.field(description="The number of the hypothesis that it is about.")

    @classmethod
    def told(cls, entry: Any) -> dict[str, Any]:
        """Give its own fields."""
        names = ("subject", "sha256", "basis", "what", "content", "caption", "hypothesis")
        return {**{name: getattr(entry, name) for name in names}, "when": DateTime(entry.at)}


@strawberry.type(name="SavedView", description="A pivot that was saved.")
class ViewType(Stamped):
    """A saved view."""

    name: str = strawberry.field(description="What it is called.")
    entity: str = strawberry.field(description="What was looked at.")
    asked: JSON | None = strawberry.field(description="How: whatever the front end wants to find again.")
    hypothesis: int | None = strawberry.field(description="The number of the hypothesis that it is about.")


@strawberry.type(name="CaseRun", description="Hunts that ran, with all that is needed to run them again.")
class CaseRunType(Stamped):
    """A run."""

    hunts: JSON = strawberry.field(description="The hunts' ids, and the digest of each as it was.")
    parameters: JSON = strawberry.field(description="Their parameters.")
    since: DateTime = strawberry.field(description="Where the window begins.")
    until: DateTime = strawberry.field(description="Where it ends.")
    scope: list[str] = strawberry.field(description="Keys that findings had to touch.")
    outcomes: JSON = strawberry.field(description="What became of each: hunt, state, notes, cannot_see, findings.")
    hypothesis: int | None = strawberry.field(description="The number of the hypothesis that it is under.")
    step: str = strawberry.field(description="The step of the template.")
    repeats: int | None = strawberry.field(description="The number of the run that it did again.")

    @classmethod
    def told(cls, entry: Any) -> dict[str, Any]:
        """Give its own fields."""
        names = ("hunts", "parameters", "outcomes", "hypothesis", "step", "repeats")
        span = {name: DateTime(entry.window[name]) for name in ("since", "until")}
        return {**{name: getattr(entry, name) for name in names}, **span, "scope": list(entry.scope)}


@strawberry.type(name="CaseFinding", description="A finding, and what a person made of it.")
class CaseFindingType(Stamped):
    """A finding of a case."""

    finding: FindingType = strawberry.field(description="What was found.")
    judgement: str = strawberry.field(description="new, kept or dismissed.")
    because: str = strawberry.field(description="Why.")
    hypothesis: int | None = strawberry.field(description="The number of the hypothesis that it was found under.")
    run: int | None = strawberry.field(description="The number of the run that found it first.")

    @classmethod
    def told(cls, entry: Any) -> dict[str, Any]:
        """Give its own fields."""
        names = ("judgement", "because", "hypothesis", "run")
        finding = FindingType.of(restored(entry.finding))
        return {**{name: getattr(entry, name) for name in names}, "finding": finding}


@strawberry.type(name="CaseAnswer", description="What a step of the template came to.")
class AnswerType(Stamped):
    """An answer."""

    step: str = strawberry.field(description="The step.")
    state: str = strawberry.field(description="found, not_found or cannot_see.")
    findings: list[str] = strawberry.field(description="The findings' ids.")
    missing: list[str] = strawberry.field(description="Kinds of telemetry that it needs and that were not loaded.")
    notes: list[str] = strawberry.field(description="What to bear in mind.")
    details: JSON | None = strawberry.field(description="More: a blast radius.")
    run: int | None = strawberry.field(description="The number of the run.")


@strawberry.type(name="CaseResponse", description="Something to contain: who does it, and how far it is.")
class ResponseType(Stamped):
    """A response."""

    action: str = strawberry.field(
        description="reset_account, isolate_host, remove_rule, purge_message, block_url, block_address, "
        "remove_persistence or revoke_consent."
    )
    target: str = strawberry.field(description="Whom or what.")
    owner: str = strawberry.field(description="Who does it.")
    state: str = strawberry.field(description="proposed, asked, done or refused.")
    remark: str = strawberry.field(description="What else is to be said.")


@strawberry.type(name="CaseRecommendation", description="What would make it harder the next time.")
class RecommendationType(Stamped):
    """A recommendation."""

    what: str = strawberry.field(description="Its name in the catalogue, or the words.")
    findings: list[str] = strawberry.field(description="The findings that it follows from.")
    owner: str = strawberry.field(description="Who takes care of it.")


@strawberry.type(name="CaseFeedback", description="What stays of the case for the next one.")
class FeedbackType(Stamped):
    """Feedback."""

    learned: str = strawberry.field(description="indicator, detection, tag, baseline_exception, technique or flaw.")
    what: str = strawberry.field(description="Which.")
    remark: str = strawberry.field(description="What else is to be said.")


@strawberry.type(name="CaseHost", description="A host of the case's ledger.")
class HostEntryType(Stamped):
    """A host."""

    host: str = strawberry.field(description="Its key.")
    name: str = strawberry.field(description="Its name.")
    state: str = strawberry.field(description="referenced, collected, or cleared by a person.")
    since: DateTime = strawberry.field(description="Its first event, or the first that names it.")
    until: DateTime = strawberry.field(description="The last.")
    because: str = strawberry.field(description="Why it was cleared.")
