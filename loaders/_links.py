"""Links in messages: found in text and in HTML, and freed of the wrapping that mail filters put around them.

Not a loader. Nothing is fetched: what a wrapping does not spell out stays hidden.
"""

import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

__all__ = ["in_html", "in_text", "unwrapped"]

_WRITTEN = re.compile(
    r"(?:(?:https?|ftp)://|\bwww\d?\.[\w-]+\.)[^\s<>\"'`{}|\\^\x00-\x1f\u3000-\u303f\uff01-\uff1f]{1,8192}",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"^\s*(https?|ftp):[\\/]*", re.IGNORECASE)
_SPACES = re.compile(r"[\t\r\n\x00]+")
_REFRESH = re.compile(r"\burl\s*=\s*[\"']?([^\"']+)", re.IGNORECASE)
_PLACES = (
    *(("a[href]", "href"), ("area[href]", "href"), ("form[action]", "action"), ("[formaction]", "formaction")),
    *(("iframe[src]", "src"), ("frame[src]", "src"), ("embed[src]", "src"), ("object[data]", "data")),
)
_UNSEEN = ["script", "style", "head", "template", "a"]
_CLOSING = {")": "(", "]": "[", "}": "{"}
_DEEPEST = 5
_TARGETS = (
    (".safelinks.protection.outlook.com", "url"),
    (".safelinks.protection.office365.us", "url"),
    ("linkprotect.cudasvc.com", "a"),
    ("clicktime.symantec.com", "u"),
    ("urldefense.proofpoint.com/v1/", "u"),
    (".fireeye.com/url", "u"),
    (".fireeye.com/v1/url", "u"),
    ("-ctp.trendmicro.com", "url"),
    ("www.google.com/url", "q"),
    ("www.google.com/url", "url"),
    ("l.facebook.com/l.php", "u"),
)
"""Where a wrapping stands, and the parameter that spells out its target."""
_SOPHOS = ".protection.sophos.com"
_CISCO = re.compile(r"^https?://secure-web\.cisco\.com/[^/]+/(https?%3A.+)$", re.IGNORECASE)
_PROOFPOINT_2 = re.compile(r"^https?://urldefense\.proofpoint\.com/v2/url\?(?:.*&)?u=([^&]+)", re.IGNORECASE)
_PROOFPOINT_3 = re.compile(r"^https?://urldefense(?:\.us|\.com|\.proofpoint\.com)/v3/__(.+?)__;([^!]*)!", re.IGNORECASE)
_HIDDEN = re.compile(r"\*(\*.)?")
_RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def in_text(text: str) -> Iterator[str]:
    """Give the links that stand in plain text.

    >>> list(in_text("see (https://a.example/x). Or www.b.example, at once"))
    ['https://a.example/x', 'http://www.b.example']
    """
    for found in _WRITTEN.finditer(text):
        link = _ended(found.group())
        if clean := _clean(link if "://" in link else f"http://{link}"):
            yield clean


def in_html(text: str) -> Iterator[str]:
    """Give where HTML leads: links, forms, frames, redirections, and what its visible text spells out.

    >>> list(in_html('<base href="https://a.example/"><a href="x">y</a> <form action="//b.example/z">'))
    ['https://a.example/x', 'https://b.example/z']
    """
    tree = LexborHTMLParser(text)
    origin = next((node.attributes.get("href") or "" for node in tree.css("base[href]")), "")
    for selector, name in _PLACES:
        for node in tree.css(selector):
            if link := _clean(node.attributes.get(name) or "", origin):
                yield link
    for node in tree.css("meta[http-equiv]"):
        named = (node.attributes.get("http-equiv") or "").strip().casefold() == "refresh"
        found = _REFRESH.search(node.attributes.get("content") or "") if named else None
        if found and (link := _clean(found.group(1), origin)):
            yield link
    # A mail program makes links of addresses in the text, but for those that are a link's own words.
    tree.strip_tags(_UNSEEN)
    if tree.body is not None:
        yield from in_text(tree.body.text(separator=" "))


def unwrapped(links: Iterable[str]) -> list[str]:
    """Give each link once, in order, and after it what it wraps.

    >>> unwrapped(["https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F&data=05"])[1]
    'https://a.example/'
    """
    found: dict[str, None] = {}
    for link in links:
        inner: str | None = link
        for _ in range(_DEEPEST):
            if inner is None or inner in found:
                break
            found[inner] = None
            inner = _target(inner)
    return list(found)


def _clean(link: str, origin: str = "") -> str | None:
    """Write a link as a browser reads it; none where it leads to no other place."""
    link = _SPACES.sub("", link).strip()
    if link.startswith("//"):
        link = f"{'http' if origin[:5].lower() == 'http:' else 'https'}:{link}"
    if not (scheme := _SCHEME.match(link)):
        if not origin or not link or link[0] == "#" or ":" in link.partition("/")[0]:
            return None
        try:
            link = urljoin(origin, link)
        except ValueError:
            return None
        scheme = _SCHEME.match(link)
    if scheme is None:
        return None
    rest = link[scheme.end() :]
    return f"{scheme.group(1).lower()}://{rest}" if rest[:1] not in ("", "?", "#") else None


def _ended(link: str) -> str:
    """Drop what belongs to the sentence around a link, not to the link."""
    while link:
        last = link[-1]
        opening = _CLOSING.get(last)
        if last in ".,;:!?*'\u201d\u2019\u00bb\u3002\uff0c" or (opening and link.count(opening) < link.count(last)):
            link = link[:-1]
        else:
            break
    return link


def _target(link: str) -> str | None:
    """What a wrapping leads to; none where the link is no wrapping, or hides its target."""
    if (found := _PROOFPOINT_2.match(link)) is not None:
        return _clean(unquote(found.group(1).replace("-", "%").replace("_", "/")))
    if (found := _PROOFPOINT_3.match(link)) is not None:
        return _clean(_restored(found.group(1), found.group(2)))
    if (found := _CISCO.match(link)) is not None:
        return _clean(unquote(found.group(1)))
    try:
        parts = urlsplit(link)
        place = (parts.hostname or "") + parts.path
        host = parts.hostname or ""
        for wrapping, name in _TARGETS:
            if wrapping in place if "/" in wrapping else host.endswith(wrapping):
                for value in parse_qs(parts.query, max_num_fields=100).get(name, ()):
                    return _clean(value)
        if host.endswith(_SOPHOS):
            value = parse_qs(parts.query, max_num_fields=100).get("u", [""])[0]
            return _clean(b64decode(value + "=" * (-len(value) % 4)).decode("utf-8", "replace"))
    except (ValueError, Error):
        return None
    return None


def _restored(link: str, hidden: str) -> str:
    """Put back the characters that Proofpoint's third form took out and appended in Base64."""
    try:
        letters = iter(urlsafe_b64decode(hidden + "=" * (-len(hidden) % 4)).decode("utf-8", "replace"))
    except (Error, ValueError):
        return link

    def put(mark: re.Match[str]) -> str:
        run = mark.group(1)
        length = _RUNS.find(run[1]) + 2 if run else 1
        return "".join(letter for letter, _ in zip(letters, range(length), strict=False))

    return _HIDDEN.sub(put, link)
