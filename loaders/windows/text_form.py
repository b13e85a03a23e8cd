"""Lines that carry a Windows event in a syslog message: JSON (NXLog), XML, or Snare's fields.

The header is not read but for the machine's name, which the payload may lack: what it says of time is the relay's.
"""

import re

import orjson

from graph_hunt.loaders.windows.clock import Clock, milliseconds
from graph_hunt.loaders.windows.event import Event, text
from graph_hunt.loaders.windows.json_forms import recognise
from graph_hunt.loaders.windows.rendered import Malformed
from graph_hunt.loaders.windows.xml_form import BEGINNING, parse

_HEADER = re.compile(
    r"^(?:<\d{1,3}>)?(?:1 )?"
    r"(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) (?P<host>\S+) "
)
_PRIORITY = re.compile(r"^<\d{1,3}>")
_IETF = re.compile(r"^<\d{1,3}>1 (?P<time>\S+) (?P<host>\S+) (?P<provider>\S+) (?P<pid>\S+) \S+ \[NXLOG@14506 ")
_PARAMETER = re.compile(r'(\S+?)="((?:[^"\\]|\\.)*)"(?: |(\]))')
_ESCAPE = re.compile(r'\\(["\\\]])')
_SNARE = re.compile(r"MSWinEventLog(?:\t|#011| )")
_SNARE_TIME = re.compile(r"^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})$")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def carries_event(line: str) -> bool:
    """Tell whether a line looks like a Windows event in a syslog message or on its own."""
    if BEGINNING.match(line):
        return "<System>" in line
    if not (_HEADER.match(line) or _PRIORITY.match(line)):
        return _SNARE.match(line) is not None
    if _SNARE.search(line) or (_IETF.match(line) and ' EventID="' in line):
        return True
    at = line.find("<Event")
    if at > 0 and BEGINNING.match(line, at):
        return True
    return _json_event(line) is not None


def _json_event(line: str) -> dict[str, object] | None:
    at = line.find("{")
    if at < 0:
        return None
    try:
        found = orjson.loads(line[at:])
    except orjson.JSONDecodeError:
        return None
    return found if recognise(found) else None


def parse_line(line: str, clock: Clock) -> Event:
    """Read the event that a line carries."""
    header = _HEADER.match(line)
    host = header["host"] if header else None
    at = line.find("<Event")
    if at >= 0 and BEGINNING.match(line, at):
        return parse(line[at:].rstrip())
    if found := _IETF.match(line):
        return _structured(line, found, clock)
    if found := _SNARE.search(line):
        return _snare(line[found.end() :], line[found.end() - 1], host, clock)
    record = _json_event(line)
    if record is None:
        raise Malformed("carries no Windows event")
    reader = recognise(record)
    if host and not (record.get("Hostname") or record.get("Computer")) and "EventID" in record:
        record["Hostname"] = host
    assert reader is not None
    return reader(record, clock)


def _structured(line: str, header: re.Match[str], clock: Clock) -> Event:
    """NXLog's `to_syslog_ietf()`: the record's fields are parameters of structured data, the header is the rest."""
    record: dict[str, object] = {"SourceModuleType": "im_msvistalog"}
    at = header.end()
    while found := _PARAMETER.match(line, at):
        record[found[1]] = _ESCAPE.sub(r"\1", found[2])
        at = found.end()
        if found[3]:
            break
    record.setdefault("Message", line[at:].strip())
    record["EventTime"], record["Hostname"] = header["time"], header["host"]
    record.setdefault("SourceName", header["provider"])
    reader = recognise(record)
    if reader is None:
        raise Malformed("carries no Windows event")
    return reader(record, clock)


def _snare(payload: str, separator: str, host: str | None, clock: Clock) -> Event:
    """Snare: criticality, log, counter, time, id, source, user, SID type, type, machine, category, data, message."""
    parts = payload.replace("#011", "\t").split("\t") if separator != " " else payload.split(" ")
    if len(parts) < 12 or not parts[4].strip().isdecimal():
        raise Malformed("not Snare's fields")
    log, provider = parts[1].strip(), parts[5].strip()
    at = _snare_time(parts[3].strip(), clock)
    computer = text(parts[9]) or host
    if at is None or computer is None:
        raise Malformed("names no time" if at is None else "names no computer")
    return Event(
        provider=provider,
        channel=log,
        id=int(parts[4]),
        computer=computer,
        at=at,
        number=None,
        data={},
        message=" ".join(part for part in parts[11:] if part).strip() or None,
        keywords=parts[8],
    )


def _snare_time(value: str, clock: Clock) -> int | None:
    found = _SNARE_TIME.match(value)
    if not found or found[1] not in _MONTHS:
        return milliseconds(value, clock.zone)
    month = _MONTHS.index(found[1]) + 1
    return milliseconds(f"{found[4]}-{month:02}-{int(found[2]):02}T{found[3]}", clock.zone)
