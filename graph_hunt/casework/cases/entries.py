"""What is written down in a case: each kind a value that checks itself, kept as JSON."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar, Self

from graph_hunt.errors import InputError

LONGEST = 20_000
"""Characters of a text."""
_REF = 512
"""Characters of a reference that is kept as it is."""
_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Standing(StrEnum):
    """What became of a hypothesis."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class Judgement(StrEnum):
    """What a person made of a finding."""

    NEW = "new"
    KEPT = "kept"
    DISMISSED = "dismissed"


class Seen(StrEnum):
    """How a step of a template is answered."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    CANNOT_SEE = "cannot_see"


class Action(StrEnum):
    """What is handed over to be contained."""

    RESET_ACCOUNT = "reset_account"
    ISOLATE_HOST = "isolate_host"
    REMOVE_RULE = "remove_rule"
    PURGE_MESSAGE = "purge_message"
    BLOCK_URL = "block_url"
    BLOCK_ADDRESS = "block_address"
    REMOVE_PERSISTENCE = "remove_persistence"
    REVOKE_CONSENT = "revoke_consent"


class Progress(StrEnum):
    """How far a response is."""

    PROPOSED = "proposed"
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


class Learned(StrEnum):
    """What came of a case for the next one."""

    INDICATOR = "indicator"
    DETECTION = "detection"
    TAG = "tag"
    BASELINE_EXCEPTION = "baseline_exception"
    TECHNIQUE = "technique"
    FLAW = "flaw"


class Ledger(StrEnum):
    """Where a host stands: its telemetry is there, it is only named, or a person cleared it."""

    REFERENCED = "referenced"
    COLLECTED = "collected"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something written down; `KIND` names it in the store, `REF` the field that no two of a case may share."""

    KIND: ClassVar[str]
    REF: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, str):
                object.__setattr__(self, one.name, text(value, one.name))

    @property
    def ref(self) -> str | None:
        """What no two of a case may share."""
        return shortened(str(getattr(self, self.REF))) if self.REF else None

    def said(self) -> dict[str, Any]:
        """It as the store keeps it."""
        return asdict(self)

    def told(self) -> dict[str, Any]:
        """It as the trail keeps it: without what would fill the trail, and is kept beside it."""
        return self.said()

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `said` gave."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: _frozen(value) for name, value in kept.items() if name in known})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def shortened(ref: str) -> str:
    """A reference that every store's index takes: a long one is its beginning and its digest."""
    return ref if len(ref) <= _REF else f"{ref[: _REF - 64]}{sha256(ref.encode('utf-8', 'replace')).hexdigest()}"


def text(value: str, where: str) -> str:
    """Text that every store takes: bounded, no lone surrogates, no NUL."""
    if len(value) > LONGEST:
        raise InputError(f"is {len(value)} characters long", where=where, expected=f"up to {LONGEST}")
    return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def _must(value: str, where: str) -> None:
    if not value.strip():
        raise InputError("is empty", where=where, expected="some text")


def _choice(kind: type[StrEnum], value: str, where: str) -> None:
    if value not in list(kind):
        raise InputError(f"{value!r} is none", where=where, expected=", ".join(kind))


@dataclass(frozen=True, slots=True)
class Hypothesis(Entry):
    """What is supposed, and what would show it right or wrong."""

    KIND: ClassVar[str] = "hypothesis"

    text: str
    techniques: tuple[str, ...] = ()
    confirms: str = ""
    refutes: str = ""
    status: str = Standing.OPEN
    because: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _must(self.text, "hypothesis")
        _choice(Standing, self.status, "status")
        for one in self.techniques:
            if not _TECHNIQUE.fullmatch(one):
                raise InputError(f"{one!r} is no technique of ATT&CK", where="techniques", expected="such as T1566.002")
        if self.status != Standing.OPEN:
            _must(self.because, "because")


@dataclass(frozen=True, slots=True)
class Note(Entry):
    """A remark."""

    KIND: ClassVar[str] = "note"

    text: str
    hypothesis: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _must(self.text, "note")


@dataclass(frozen=True, slots=True)
class Evidence(Entry):
    """An original record or an edge, pinned with the SHA-256 of what it was when it was pinned."""

    KIND: ClassVar[str] = "evidence"
    REF: ClassVar[str] = "subject"

    subject: str
    """`event:` and its id, or `edge:` and its key."""
    sha256: str
    basis: str
    """What the digest is of: `raw`, the record verbatim; `row`, the normalised row; `edge`, the edge."""
    at: int
    what: str
    """The kind of record, or of edge."""
    content: Mapping[str, Any]
    """The row or the edge, and the record."""
    caption: str = ""
    hypothesis: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        if not _DIGEST.fullmatch(self.sha256):
            raise InputError(f"{self.sha256!r} is no SHA-256", where="evidence", expected="64 hexadecimal digits")

    def told(self) -> dict[str, Any]:
        """It without the record, which its digest stands for."""
        return {name: value for name, value in self.said().items() if name != "content"}


@dataclass(frozen=True, slots=True)
class View(Entry):
    """A pivot that was saved: what was looked at, to be looked at again."""

    KIND: ClassVar[str] = "view"

    name: str
    entity: str = ""
    asked: Mapping[str, Any] | None = None
    """Kinds, labels, span and whatever else the front end wants to find again."""
    hypothesis: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _must(self.name, "name")


@dataclass(frozen=True, slots=True)
class Run(Entry):
    """Hunts that ran: all that is needed to run them again, and what became of each."""

    KIND: ClassVar[str] = "run"

    hunts: Mapping[str, str]
    """Their ids, and the digest of each as it was."""
    parameters: Mapping[str, Any]
    window: Mapping[str, int]
    scope: tuple[str, ...]
    outcomes: tuple[Mapping[str, Any], ...]
    hypothesis: int | None = None
    step: str = ""
    repeats: int | None = None
    """The run that this one did again."""


@dataclass(frozen=True, slots=True)
class Judged(Entry):
    """A finding, and what a person made of it."""

    KIND: ClassVar[str] = "finding"
    REF: ClassVar[str] = "id"

    id: str
    finding: Mapping[str, Any]
    judgement: str = Judgement.NEW
    because: str = ""
    hypothesis: int | None = None
    run: int | None = None
    """The run that found it first."""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _choice(Judgement, self.judgement, "judgement")
        if self.judgement == Judgement.DISMISSED:
            _must(self.because, "because")

    def told(self) -> dict[str, Any]:
        """It with the finding's sentence in the finding's place."""
        return {**self.said(), "finding": self.finding.get("summary", "")}


@dataclass(frozen=True, slots=True)
class Answer(Entry):
    """What a step of the template came to."""

    KIND: ClassVar[str] = "answer"
    REF: ClassVar[str] = "step"

    step: str
    state: str
    findings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Kinds of telemetry that it needs and that were not loaded."""
    notes: tuple[str, ...] = ()
    details: Mapping[str, Any] | None = None
    run: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _choice(Seen, self.state, "state")

    def told(self) -> dict[str, Any]:
        """It without its details, which can be long."""
        return {name: value for name, value in self.said().items() if name != "details"}


@dataclass(frozen=True, slots=True)
class Response(Entry):
    """Something to contain: who does it, and how far it is."""

    KIND: ClassVar[str] = "response"
    REF: ClassVar[str] = "of"

    action: str
    target: str
    owner: str = ""
    state: str = Progress.PROPOSED
    remark: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _choice(Action, self.action, "action")
        _choice(Progress, self.state, "state")
        _must(self.target, "target")

    @property
    def of(self) -> str:
        """The action and its target."""
        return f"{self.action}:{self.target}"


@dataclass(frozen=True, slots=True)
class Recommendation(Entry):
    """What would make it harder the next time: one of the catalogue, or in words of one's own."""

    KIND: ClassVar[str] = "recommendation"
    REF: ClassVar[str] = "what"

    what: str
    """Its name in the catalogue, or the words."""
    findings: tuple[str, ...] = ()
    owner: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _must(self.what, "recommendation")


@dataclass(frozen=True, slots=True)
class Feedback(Entry):
    """What stays of the case: an indicator, a detection, a tag, an exception, a technique met, a flaw found."""

    KIND: ClassVar[str] = "feedback"

    learned: str
    what: str
    remark: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _choice(Learned, self.learned, "learned")
        _must(self.what, "what")


@dataclass(frozen=True, slots=True)
class Listed(Entry):
    """A host of the ledger."""

    KIND: ClassVar[str] = "host"
    REF: ClassVar[str] = "host"

    host: str
    """Its key."""
    name: str
    state: str
    since: int
    """Its first event, or the first that names it."""
    until: int
    because: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        Entry.__post_init__(self)
        _choice(Ledger, self.state, "state")
        if self.state == Ledger.CLEARED:
            _must(self.because, "because")


KINDS: Mapping[str, type[Entry]] = {
    one.KIND: one
    for one in (
        Hypothesis, Note, Evidence, View, Run, Judged, Answer, Response, Recommendation, Feedback, Listed,
    )
}  # fmt: skip
