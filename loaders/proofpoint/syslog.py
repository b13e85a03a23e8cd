"""TAP's events as the SIEM API and collectors write them to syslog: RFC 5424, the fields as structured data."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from graph_hunt.loaders._lines import LONGEST, numbered
from graph_hunt.loaders._records import Record
from graph_hunt.loaders._text_log import first_lines

__all__ = ["is_syslog", "syslog_records"]

_LOOKED_AT = 5
_KEPT = 65536
_LISTS = {
    "MSGDLV": "messagesDelivered",
    "MSGBLK": "messagesBlocked",
    "CLKPER": "clicksPermitted",
    "CLKBLK": "clicksBlocked",
}
_BEGINNING = re.compile(rf"\b({'|'.join(_LISTS)}) \[tap(?:msg|clk|click)@\d+ ")
_PAIR = re.compile(r'([^\s="\]]+)="((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r'\\(["\\\]])')
_SEVERAL = frozenset(
    {"recipient", "toAddresses", "ccAddresses", "fromAddress", "replyToAddress", "policyRoutes", "modulesRun"}
)
"""Fields that the API gives as lists, and syslog with commas."""


def is_syslog(head: bytes) -> bool:
    """Tell by the structured data's name."""
    return any(_BEGINNING.search(line) for line in first_lines(head, _LOOKED_AT))


def syslog_records(stream: BinaryIO) -> Iterator[Record]:
    """Give each line's event, with the names that the API gives its fields."""
    for number, content in numbered(stream):
        raw = content.decode("utf-8", "replace").strip("\ufeff\r\n\0 ")
        if not raw:
            continue
        found = _BEGINNING.search(raw)
        if found is None or len(content) >= LONGEST:
            yield Record(number, raw[:_KEPT], None, "not a line of Proofpoint TAP")
            continue
        fields: dict[str, object] = {"type": _LISTS[found[1]]}
        for name, value in _PAIR.findall(raw, found.end()):
            plain = _ESCAPED.sub(r"\1", value)
            several = name in _SEVERAL and not (name == "recipient" and found[1].startswith("CLK"))
            fields[name] = [one.strip() for one in plain.split(",") if one.strip()] if several else plain
        yield Record(number, raw, fields)
