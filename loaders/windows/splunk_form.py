"""Splunk's classic text of Windows events: a line with the time, `name=value` lines, and the rendered message."""

import re
from collections.abc import Iterator

from graph_hunt.loaders.windows.clock import Clock, milliseconds
from graph_hunt.loaders.windows.event import Event, integer, sid, text
from graph_hunt.loaders.windows.rendered import Malformed

_TIME = re.compile(r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}(?:\.\d+)? [AP]M$")
_FIELD = re.compile(r"^(\w+)=(.*)$")
BEGINNING = re.compile(r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}(?:\.\d+)? [AP]M\r?\nLogName=", re.MULTILINE)


def blocks(lines: Iterator[str], longest: int) -> Iterator[tuple[int, str]]:
    """Cut lines into records: each begins with a line that is a time; its number is that line's."""
    block: list[str] = []
    start, letters = 1, 0
    for number, line in enumerate(lines, start=1):
        if (_TIME.match(line) or letters > longest) and any(block):
            yield start, "\n".join(block)
            block, letters = [], 0
        if not block:
            start = number
        block.append(line)
        letters += len(line)
    if any(block):
        yield start, "\n".join(block)


def parse_block(block: str, clock: Clock) -> Event:
    """Read one record."""
    lines = block.splitlines()
    fields: dict[str, str] = {}
    message = ""
    for number, line in enumerate(lines[1:], start=1):
        found = _FIELD.match(line)
        if found and found[1] == "Message":
            message = "\n".join([found[2], *lines[number + 1 :]])
            break
        if found:
            fields.setdefault(found[1], found[2])
    at, code, computer = (
        milliseconds(lines[0], clock.zone),
        integer(fields.get("EventCode")),
        text(fields.get("ComputerName")),
    )
    if at is None or code is None or computer is None:
        missing = "time" if at is None else "event id" if code is None else "computer"
        raise Malformed(f"names no {missing}")
    return Event(
        provider=_provider(fields.get("SourceName", "")),
        channel=fields.get("LogName", ""),
        id=code,
        computer=computer,
        at=at + clock.behind,
        number=integer(fields.get("RecordNumber")),
        data={},
        user_sid=sid(fields.get("Sid")),
        message=message.strip() or None,
        keywords=fields.get("Keywords"),
    )


def _provider(source: str) -> str:
    """Splunk writes a provider's display name: `Microsoft Windows security auditing.`"""
    return "-".join(source.strip(" .").split(" ")) if source.startswith("Microsoft Windows ") else source
