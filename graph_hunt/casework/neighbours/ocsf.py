"""A finding as an OCSF Detection Finding (class 2004), for a SIEM, XDR or SOAR that reads OCSF."""

from collections.abc import Mapping
from typing import Any

from graph_hunt import __version__
from graph_hunt.hunting import attack
from graph_hunt.hunting.finding import Finding, Involved
from graph_hunt.hunting.hunt import Level

VERSION = "1.3.0"
"""OCSF's version that is written."""
_CLASS, _CATEGORY, _CREATE = 2004, 2, 1
_SEVERITIES: Mapping[Level, tuple[int, str]] = {
    Level.INFORMATIONAL: (1, "Informational"),
    Level.LOW: (2, "Low"),
    Level.MEDIUM: (3, "Medium"),
    Level.HIGH: (4, "High"),
    Level.CRITICAL: (5, "Critical"),
}
_STATUSES = {"new": (1, "New"), "kept": (2, "In Progress"), "dismissed": (3, "Suppressed")}
_OBSERVABLES: Mapping[str, tuple[int, str]] = {
    "Host": (1, "Hostname"),
    "IP": (2, "IP Address"),
    "User": (4, "User Name"),
    "Mailbox": (5, "Email Address"),
    "Url": (6, "URL String"),
    "File": (7, "File Name"),
    "Process": (9, "Process Name"),
    "Domain": (1, "Hostname"),
}
_OTHER = (99, "Other")


def as_ocsf(finding: Finding, *, judgement: str = "new", because: str = "") -> dict[str, Any]:
    """Write a finding as a Detection Finding; `judgement` is what a case made of it."""
    severity, severity_name = _SEVERITIES[finding.level]
    status, status_name = _STATUSES[judgement]
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Detection Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Detection Finding: Create",
        "time": finding.last_seen,
        "start_time": finding.first_seen,
        "end_time": finding.last_seen,
        "severity_id": severity,
        "severity": severity_name,
        "status_id": status,
        "status": status_name,
        **({"comment": because} if because else {}),
        "message": finding.summary,
        "risk_score": round(finding.score),
        "is_alert": True,
        "metadata": {
            "version": VERSION,
            "product": {"name": "graph-hunt", "vendor_name": "graph-hunt", "version": __version__},
            "uid": finding.id,
        },
        "finding_info": {
            "uid": finding.id,
            "title": finding.title,
            "desc": finding.summary,
            "first_seen_time": finding.first_seen,
            "last_seen_time": finding.last_seen,
            "analytic": {"uid": finding.hunt, "name": finding.title, "type_id": 1, "type": "Rule"},
            "attacks": [_attack(one) for one in finding.attack],
        },
        "evidences": [{"data": {"event_id": one}} for one in finding.evidence],
        "resources": [_resource(one) for one in finding.entities],
        "observables": [_observable(one) for one in finding.entities],
    }


def _attack(id: str) -> dict[str, Any]:
    known = attack.techniques().get(id)
    if known is None:
        return {"technique": {"uid": id}, "version": attack.VERSION}
    tactics = [{"uid": one.id, "name": one.name} for one in attack.tactics() if one.short in known.tactics]
    named = {"uid": id, "name": known.name}
    of = {"sub_technique": named, "technique": {"uid": known.parent}} if known.parent != id else {"technique": named}
    return {**of, "tactics": tactics, "version": attack.VERSION}


def _resource(one: Involved) -> dict[str, Any]:
    return {"uid": one.key, "name": one.name, "type": one.label, "labels": [f"role: {one.role}"]}


def _observable(one: Involved) -> dict[str, Any]:
    kind, name = _OBSERVABLES.get(one.label, _OTHER)
    return {"name": one.role, "type_id": kind, "type": name, "value": one.name}
