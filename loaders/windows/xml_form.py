"""Windows Event XML: one event, a list of them, one a line, or one after another."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from graph_hunt.loaders.windows.event import Event
from graph_hunt.loaders.windows.rendered import Malformed, event_of

NAMESPACE = "schemas.microsoft.com/win/2004/08/events/event"
BEGINNING = re.compile(r"<Event[\s>]")
_END = "</Event>"
_KEPT = 65536


def parse(text: str) -> Event:
    """Read one `<Event>…</Event>`; entities other than XML's own are an error, so that none can grow."""
    try:
        root = fromstring(text)
    except ParseError as error:
        if "Linux-Sysmon" in text:
            return event_of(_unescaped(text))
        raise Malformed(f"not XML: {error}") from error
    event = event_of(_node(root))
    event.message = root.findtext("{*}RenderingInfo/{*}Message")
    return event


_SYSTEM = re.compile(r"<(EventID|Computer|Channel|EventRecordID|Keywords)>([^<]*)</")
_TIME = re.compile(r'<TimeCreated SystemTime="([^"]*)"')
_FIELD = re.compile(r'<Data Name="(\w+)">(.*?)</Data>(?=<Data Name=|</EventData>)', re.DOTALL)


def _unescaped(text: str) -> dict[str, Any]:
    """What Sysmon for Linux says: it escapes nothing, and syslog cuts it; a field that is not whole is left out."""
    system: dict[str, Any] = dict(_SYSTEM.findall(text))
    time = _TIME.search(text)
    system["TimeCreated"] = {"SystemTime": time[1] if time else None}
    system["Provider"] = {"Name": "Linux-Sysmon"}
    return {"System": system, "EventData": dict(_FIELD.findall(text))}


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _node(root: Element) -> dict[str, Any]:
    """The element as `evtx` renders it to JSON."""
    node: dict[str, Any] = {}
    for part in root:
        name = _name(part)
        if name == "System":
            node["System"] = {_name(child): _leaf(child) for child in part}
        elif name == "EventData":
            node["EventData"] = _data(part)
        elif name == "UserData":
            node["UserData"] = {_name(child): {_name(leaf): _leaf(leaf) for leaf in child} for child in part}
    return node


def _leaf(element: Element) -> Any:
    if element.attrib:
        return {"#attributes": dict(element.attrib), "#text": element.text}
    return element.text


def _data(part: Element) -> dict[str, Any]:
    named: dict[str, Any] = {}
    plain: list[str | None] = []
    for child in part:
        name = child.get("Name")
        if name is not None:
            named.setdefault(name, child.text)
        elif _name(child) == "Data":
            plain.append(child.text)
        else:
            named[_name(child)] = child.text
    if plain:
        named["Data"] = plain
    return named


def elements(texts: Iterator[str], longest: int) -> Iterator[tuple[str, bool]]:
    """Cut a stream of text into its events; a piece that no end was found for comes with False."""
    text, ended = "", False
    while True:
        beginning = BEGINNING.search(text)
        end = text.find(_END, beginning.start()) if beginning else -1
        if beginning and end >= 0:
            # An event that was never closed ends where the next one begins.
            inner = text.rfind("<Event", beginning.start() + 1, end)
            while inner > 0 and not BEGINNING.match(text, inner):
                inner = text.rfind("<Event", beginning.start() + 1, inner)
            if inner > 0:
                yield text[beginning.start() : inner][:_KEPT], False
                text = text[inner:]
                continue
            yield text[beginning.start() : end + len(_END)], True
            text = text[end + len(_END) :]
            continue
        if ended or len(text) > longest:
            if beginning:
                yield text[beginning.start() :][:_KEPT], False
            if ended:
                return
            text = ""
        # What may be the first half of a beginning stays.
        text = text[beginning.start() :] if beginning else text[-16:]
        more = next(texts, None)
        ended = more is None
        text += more or ""
