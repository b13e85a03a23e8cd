"""A case for those who work on it elsewhere: an alert with observables as TheHive takes it, an event as MISP does."""

import json
from collections.abc import Iterator
from typing import Any

from graph_hunt.casework.cases import Answer, Case, Hypothesis, Response, advice
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.misp import as_misp
from graph_hunt.casework.indicators.repository import Kept
from graph_hunt.casework.indicators.value import Kind, Value, read
from graph_hunt.errors import InputError
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.hunt import Level

_SEVERITIES = {Level.INFORMATIONAL: 1, Level.LOW: 1, Level.MEDIUM: 2, Level.HIGH: 3, Level.CRITICAL: 4}
_TYPES = {
    "IP": "ip", "Domain": "domain", "Url": "url", "Mailbox": "mail", "Host": "hostname", "File": "filename",
    "User": "other", "Message": "other", "Process": "other", "MailRule": "other", "Persistence": "other",
    "App": "other", "Group": "other", "Indicator": "other", "Alert": "other",
}  # fmt: skip
_KINDS = {"IP": Kind.IP, "Domain": Kind.DOMAIN, "Url": Kind.URL, "Mailbox": Kind.MAIL}
_AMBER = 2
"""TheHive's number for TLP:AMBER and PAP:AMBER: what a case holds is not for everyone until someone says so."""


def as_thehive(case: Case) -> dict[str, Any]:
    """Write a case as an alert that TheHive 5 takes (`POST /api/v1/alert`), with tasks and observables."""
    findings = advice.weighty(case)
    head = case.head
    worst = max((one.level for one in findings), key=lambda level: level.rank, default=Level.LOW)
    techniques = sorted({one for finding in findings for one in finding.attack})
    return {
        "type": "graph-hunt",
        "source": "graph-hunt",
        "sourceRef": f"case-{head.id}",
        "title": head.title,
        "description": _description(case, findings),
        "severity": _SEVERITIES[worst],
        "date": min((one.first_seen for one in findings), default=head.created),
        "tags": [f"trigger:{head.trigger.value}", *(f"attack:{one}" for one in techniques)],
        "tlp": _AMBER,
        "pap": _AMBER,
        "procedures": [
            {"patternId": one, "occurDate": min(f.first_seen for f in findings if one in f.attack)}
            for one in techniques
        ],
        "tasks": [{"title": f"{one.action}: {one.target}", "description": one.remark} for one in _open(case)],
        "observables": list(_observables(case, findings)),
    }


def as_misp_event(case: Case) -> str:
    """Write what of the attacker's own the case met as a MISP event."""
    kept = []
    for (label, key), finding in advice.hostile(case).items():
        value = _value(label, key)
        if value is not None:
            techniques = finding.attack if finding else ()
            source = f"graph-hunt case {case.head.id}"
            since = finding.first_seen if finding else None
            kept.append(Kept(Indicator(value, (source,), since=since, techniques=techniques), case.head.changed))
    distinct = {one.indicator.value: one for one in kept}
    return as_misp(distinct.values(), title=case.head.title)


def dumped(case: Case) -> str:
    """TheHive's alert as JSON."""
    return json.dumps(as_thehive(case), indent=2, ensure_ascii=True) + "\n"


def _open(case: Case) -> Iterator[Response]:
    yield from (one.entry for one in case.each(Response) if one.entry.state in ("proposed", "asked"))


def _description(case: Case, findings: list[Finding]) -> str:
    lines = [case.head.summary] if case.head.summary else []
    lines += [f"- {one.entry.text} ({one.entry.status})" for one in case.each(Hypothesis)]
    lines += [f"- {finding.summary}" for finding in findings]
    blind = sorted({name for one in case.each(Answer) for name in one.entry.missing})
    lines += [f"Could not be seen: {', '.join(blind)}"] if blind else []
    return "\n".join(lines)


def _observables(case: Case, findings: list[Finding]) -> Iterator[dict[str, Any]]:
    hostile = advice.hostile(case)
    told: set[tuple[str, str]] = set()
    for finding in findings:
        for one in finding.entities:
            if (one.label, one.key) in told:
                continue
            told.add((one.label, one.key))
            yield {
                "dataType": _TYPES[one.label],
                "data": one.key if one.label in _KINDS else one.name,
                "message": finding.summary,
                "tags": [one.label, f"role:{one.role}"],
                "tlp": _AMBER,
                "ioc": (one.label, one.key) in hostile,
                "sighted": True,
            }


def _value(label: str, key: str) -> Value | None:
    """An indicator's value; nothing where it is none, such as a file that is only a name in a message."""
    try:
        return read(key, _KINDS.get(label) if label != "File" else None)
    except InputError:
        return None
