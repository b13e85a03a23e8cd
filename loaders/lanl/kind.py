"""The files of LANL telemetry, told apart by their columns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SAMPLE_LINES = 50

_TIME = rb"[ \t]*\d{1,11}[ \t]*"
_NUMBER = rb"[ \t]*(?:\d{1,18}|\?)[ \t]*"
_USER = rb"(?:[^,\r@]+@[^,\r]+|\?)"
_COMPUTER = rb"(?:C\d+|\?)"
_PORT = rb"(?:N?\d+|\?)"
_ANY = rb"[^,\r]*"
_HOST = rb"[^,\r\s@]+"


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the files: its columns, which of them are integers, and what its lines look like."""

    name: str
    table: str
    columns: tuple[str, ...]
    shape: re.Pattern[bytes]
    """What a line of this file, and of no other, looks like."""
    integers: tuple[str, ...] = ("time",)

    @property
    def code(self) -> str:
        """The events' code."""
        return f"LANL/{self.name}"

    def fault(self, line: bytes) -> str | None:
        """Say why a line (without its end) cannot be used, or None where it can."""
        fields = line.split(b",")
        if len(fields) != len(self.columns):
            return f"{len(fields)} columns, expected {len(self.columns)}"
        if b"\r" in line:
            return "a carriage return in the middle of the line"
        for name, field in zip(self.columns, fields, strict=True):
            if name == "time" and not re.fullmatch(_TIME, field):
                return "the time is not an integer"
            if name in self.integers and name != "time" and not re.fullmatch(_NUMBER, field):
                return f"{name} is not an integer"
        try:
            line.decode()
        except UnicodeDecodeError:
            return "not UTF-8"
        return None


def _shape(*fields: bytes) -> re.Pattern[bytes]:
    return re.compile(b",".join(fields))


KINDS = (
    Kind(
        "auth",
        "authentication",
        ("time", "user", "target_user", "source", "target", "package", "logon_type", "orientation", "outcome"),
        _shape(_TIME, _USER, _USER, _HOST, _HOST, _ANY, _ANY, rb"[A-Za-z?]+", rb"(?:Success|Fail)"),
    ),
    Kind(
        "flows",
        "network",
        ("time", "duration", "source", "source_port", "target", "target_port", "protocol", "packets", "bytes"),
        _shape(_TIME, _NUMBER, _HOST, _PORT, _HOST, _PORT, rb"(?:\d{1,3}|\?)", _NUMBER, _NUMBER),
        ("time", "duration", "packets", "bytes"),
    ),
    Kind(
        "proc",
        "process",
        ("time", "user", "host", "image", "kind"),
        _shape(_TIME, _USER, _HOST, _ANY, rb"(?:Start|End)"),
    ),
    Kind("redteam", "alert", ("time", "user", "source", "target"), _shape(_TIME, _USER, _COMPUTER, _COMPUTER)),
    Kind("dns", "network", ("time", "source", "target"), _shape(_TIME, _COMPUTER, _COMPUTER)),
)


def kind_of(head: bytes) -> Kind | None:
    """Find the kind that most of the first lines look like, or None."""
    lines = head.split(b"\n")
    if len(lines) > 1:
        # The last one may be cut by the end of the head.
        lines.pop()
    sample = [line.removesuffix(b"\r") for line in lines[: _SAMPLE_LINES * 2] if line.strip()][:_SAMPLE_LINES]
    for kind in KINDS:
        if 2 * _matching(kind, sample) > len(sample):
            return kind
    return None


def _matching(kind: Kind, lines: Iterable[bytes]) -> int:
    return sum(1 for line in lines if kind.shape.fullmatch(line))
