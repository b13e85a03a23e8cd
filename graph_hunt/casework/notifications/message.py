"""What is told of an alert: as JSON, as a mail's text, and as CEF; nothing of telemetry is taken for markup."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_hunt import __version__
from graph_hunt.hunting.finding import Finding
from graph_hunt.hunting.summary import iso

_SEVERITY = {"informational": 1, "low": 3, "medium": 5, "high": 8, "critical": 10}
_PARTS = {"User": "suser", "Host": "dhost", "IP": "src", "Url": "request", "File": "fname", "Mailbox": "duser"}
"""CEF's names for what is in a finding; the first of each kind is told so, the others in the message."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert on its way: `id` is the delivery's, the same at every attempt, so that a receiver can tell."""

    id: str
    alert: str
    detection: str
    created: int
    finding: Finding

    def as_json(self) -> dict[str, Any]:
        """The alert as a webhook and a file get it."""
        return {
            "type": "graph-hunt.alert",
            "id": self.id,
            "alert": self.alert,
            "detection": self.detection,
            "created": iso(self.created),
            "finding": self.finding.as_json(),
        }

    def body(self) -> bytes:
        """The JSON, written the same way each time: it is what is signed."""
        return json.dumps(self.as_json(), sort_keys=True, default=str).encode()

    def subject(self) -> str:
        """A mail's subject: one line."""
        return one_line(f"[graph-hunt] {self.finding.level.value}: {self.finding.title}")[:200]

    def text(self) -> str:
        """A mail's text."""
        found = self.finding
        lines = [
            found.summary,
            "",
            f"Level: {found.level.value}; score {found.score:.0f}",
            f"ATT&CK: {', '.join(found.attack) or 'none'}",
            f"From {iso(found.first_seen)} to {iso(found.last_seen)}",
            *(f"{one.role}: {one.name} ({one.label})" for one in found.entities),
            "",
            f"Detection: {self.detection}",
            f"Alert: {self.alert}",
            f"Evidence: {', '.join(found.evidence[:5])}",
        ]
        return "\n".join(map(one_line, lines)) + "\n"

    def cef(self) -> str:
        """The alert in ArcSight's Common Event Format."""
        found = self.finding
        head = ("CEF:0", "graph-hunt", "graph-hunt", __version__, found.hunt, found.title, _SEVERITY[found.level.value])
        fields: dict[str, object] = {"rt": self.created, "start": found.first_seen, "end": found.last_seen}
        for one in found.entities:
            fields.setdefault(_PARTS.get(one.label, ""), one.key if one.label == "IP" else one.name)
        fields.pop("", None)
        fields |= {"externalId": self.alert, "msg": found.summary}
        fields |= {"cs1Label": "detection", "cs1": self.detection, "cs2Label": "attack", "cs2": " ".join(found.attack)}
        return "|".join([str(head[0]), *(_head(str(part)) for part in head[1:])]) + "|" + _extension(fields)


def one_line(text: str) -> str:
    """Write a text in one line: control characters become visible escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _head(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace("|", "\\|")


def _extension(fields: Mapping[str, object]) -> str:
    return " ".join(f"{name}={_value(str(value))}" for name, value in fields.items())


def _value(text: str) -> str:
    lines = (one_line(line).replace("\\", "\\\\").replace("=", "\\=") for line in text.splitlines())
    return "\\n".join(lines)
