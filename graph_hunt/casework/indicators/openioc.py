"""Reads OpenIOC 1.0 and 1.1: the single values that its alternatives name; entities and outside files are refused."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from graph_hunt.casework.indicators.value import Kind
from graph_hunt.errors import UnreadableInput

_SEARCHES = {
    "fileitem/md5sum": Kind.HASH,
    "fileitem/sha1sum": Kind.HASH,
    "fileitem/sha256sum": Kind.HASH,
    "processitem/sectionlist/memorysection/md5sum": Kind.HASH,
    "fileitem/filename": Kind.FILE_NAME,
    "processitem/name": Kind.FILE_NAME,
    "email/attachment/name": Kind.FILE_NAME,
    "portitem/remoteip": Kind.IP,
    "routeentryitem/destination": Kind.IP,
    "dnsentryitem/host": Kind.DOMAIN,
    "dnsentryitem/recordname": Kind.DOMAIN,
    "network/dns": Kind.DOMAIN,
    "urlhistoryitem/url": Kind.URL,
    "urlhistoryitem/hostname": Kind.DOMAIN,
    "filedownloadhistoryitem/sourceurl": Kind.URL,
    "network/uri": Kind.URL,
    "email/from": Kind.MAIL,
    "email/to": Kind.MAIL,
    "email/subject": Kind.SUBJECT,
}
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Item:
    """A value that an IndicatorItem names, or why it is none that is matched."""

    where: str
    kind: Kind | None
    text: str
    problem: str = ""


def is_openioc(text: str) -> bool:
    """Tell an OpenIOC document by its root."""
    head = text[:4000].lower()
    return head.lstrip().startswith("<") and ("<ioc" in head or "openioc" in head)


def items(text: str, where: str) -> tuple[str, list[Item]]:
    """Give who wrote a document, and its items; raises where it is no XML, or declares entities."""
    root = _parsed(text, where)
    author = next((one.text or "" for one in root.iter() if _name(one) == "authored_by"), "")
    found = [one for one in root if _name(one) in ("definition", "criteria")]
    return author.strip(), [item for part in found for top in part for item in _items(top, where, True, 0)]


def _parsed(text: str, where: str) -> ElementTree.Element:
    def refuse(*_: Any) -> int:
        raise UnreadableInput("declares a document type or entities", where=where, expected="plain OpenIOC")

    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
        return builder.close()
    except (expat.ExpatError, AssertionError) as error:
        raise UnreadableInput(f"is no XML ({error})", where=where) from error


def _items(element: ElementTree.Element, where: str, alternative: bool, depth: int) -> Iterator[Item]:
    """Give the items below an Indicator; under an AND of several none stands for itself."""
    if depth > _DEEPEST:
        yield Item(where, None, "", "is nested too deeply")
    elif _name(element) == "IndicatorItem":
        yield _item(element, where, alternative)
    elif _name(element) == "Indicator":
        inner = [one for one in element if _name(one) in ("Indicator", "IndicatorItem")]
        either = element.get("operator", "OR").upper() == "OR" or len(inner) == 1
        for one in inner:
            yield from _items(one, where, alternative and either, depth + 1)


def _item(element: ElementTree.Element, where: str, alternative: bool) -> Item:
    place = f"{where}: {element.get('id') or 'IndicatorItem'}"
    context = next((one for one in element if _name(one) == "Context"), None)
    content = next((one for one in element if _name(one) == "Content"), None)
    search = (context.get("search") or "") if context is not None else ""
    text = ((content.text if content is not None else "") or "").strip()
    condition = element.get("condition", "is").lower()
    kind = _SEARCHES.get(search.lower())
    if kind is None:
        return Item(place, None, text, f"{search or 'what it looks at'} is not matched")
    if not alternative:
        return Item(place, None, text, "holds only together with others")
    if element.get("negate", "false").lower() == "true" or condition not in ("is", "contains"):
        return Item(place, None, text, f"{condition} is not matched")
    if condition == "contains" and kind is not Kind.SUBJECT:
        whole = kind in (Kind.URL, Kind.DOMAIN, Kind.IP, Kind.HASH, Kind.MAIL)
        return Item(place, kind if whole else None, text, "" if whole else "a part of a name is not matched")
    return Item(place, kind, f"*{text}*" if condition == "contains" else text)


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
