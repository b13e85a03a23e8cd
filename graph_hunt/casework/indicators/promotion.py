"""Makes indicators of what findings name: the malicious URLs and files of a case, with the case as their source."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from graph_hunt.casework import cases
from graph_hunt.casework.cases import Feedback, Judged, Learned
from graph_hunt.casework.cases.entries import Judgement
from graph_hunt.casework.found import find
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.repository import Given, give
from graph_hunt.casework.indicators.value import Kind, Value, read
from graph_hunt.casework.state import State
from graph_hunt.errors import InputError
from graph_hunt.events.geo import scope
from graph_hunt.hunting.finding import Finding, restored
from graph_hunt.workspace import Workspace

USUAL = (Kind.URL, Kind.HASH)
"""What is taken where nothing else is said: an address or a name may be many people's."""
_LABELS = {"Url": Kind.URL, "Domain": Kind.DOMAIN, "IP": Kind.IP, "Mailbox": Kind.MAIL, "File": Kind.HASH}
_EVIDENCE = {"click": ("url",), "mail": ("urls", "attachment_hashes")}
_LINKS = "MATCH (letter:Message)-[:LINKS_TO]->(link:Url) WHERE letter.key IN $keys RETURN link.key AS url ORDER BY url"
_INTERNAL = "MATCH (box:Mailbox) WHERE box.key IN $keys AND box.internal RETURN box.key AS address"
_DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Promoted:
    """What became of findings' values."""

    values: tuple[Value, ...]
    given: Given


def promote(
    workspace: Workspace,
    state: State,
    *,
    who: str,
    finding: str | None = None,
    case: int | None = None,
    kinds: Sequence[Kind] = USUAL,
    hunts: Sequence[str] = (),
    confidence: int | None = None,
) -> Promoted:
    """Keep as indicators what a finding names, or all findings that a case keeps; the case learns of it."""
    if finding is not None:
        findings = [find(workspace, state, finding, hunts=hunts, case=case)[0]]
    elif case is not None:
        kept = (one.entry for one in cases.get(state, case).each(Judged))
        findings = [restored(one.finding) for one in kept if one.judgement != Judgement.DISMISSED]
    else:
        raise InputError("names neither a finding nor a case", expected="one of them")
    met = sorted({value for one in findings for value in values(workspace, one)})
    chosen = [value for value in met if value.kind in kinds]
    if not chosen:
        others = ", ".join(f"{value.kind.value} {value.text}" for value in met[:10]) or "nothing of the kind"
        raise InputError(f"names no {' or '.join(kinds)}; it names {others}", where="promotion")
    source = f"case {case}" if case is not None else f"finding {finding}"
    techniques = tuple(sorted({technique for one in findings for technique in one.attack}))
    first = min(one.first_seen for one in findings)
    given = give(
        state,
        [Indicator(value, (source,), confidence, since=first, techniques=techniques) for value in chosen],
        who=who,
    )
    if case is not None:
        _learn(state, case, chosen, finding, who)
    return Promoted(tuple(chosen), given)


def values(workspace: Workspace, finding: Finding) -> Iterator[Value]:
    """Give what a finding, its messages and its evidence name, but for what is the organisation's own."""
    texts = [(_LABELS[one.label], one.key) for one in finding.entities if one.label in _LABELS]
    letters = [one.key for one in finding.entities if one.label == "Message"]
    if letters:
        texts += [(Kind.URL, str(row["url"])) for row in workspace.graph.query(_LINKS, {"keys": letters})]
    for row in workspace.events.evidence(finding.evidence):
        for field in _EVIDENCE.get(row["table"], ()):
            given = row.get(field) or ()
            many = [given] if isinstance(given, str) else given
            texts += [(Kind.URL if field.startswith("url") else Kind.HASH, str(text)) for text in many if text]
    boxes = [text for kind, text in texts if kind is Kind.MAIL]
    rows = workspace.graph.query(_INTERNAL, {"keys": boxes}) if boxes else []
    internal = {str(row["address"]) for row in rows}
    for kind, text in texts:
        if (kind is Kind.HASH and not _DIGEST.fullmatch(text.lower())) or (kind is Kind.MAIL and text in internal):
            continue
        if kind is Kind.IP and scope(ip_address(text)) != "public":
            continue
        try:
            yield read(text, kind)
        except InputError:
            # A URL that a mail program mangled names nothing that could be met again.
            continue


def _learn(state: State, case: int, chosen: Sequence[Value], finding: str | None, who: str) -> None:
    known = {one.entry.what for one in cases.get(state, case).each(Feedback) if one.entry.learned == Learned.INDICATOR}
    for value in chosen:
        if value.text not in known:
            remark = f"from finding {finding}" if finding else "from the findings that are kept"
            cases.add(state, case, Feedback(Learned.INDICATOR, value.text, remark), who=who)
