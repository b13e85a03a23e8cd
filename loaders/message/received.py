"""The way a message came: its Received fields, newest first, and the address that handed it over.

Only what the receiver's own machines wrote can be trusted, and that is what stands on top. So the address that handed
the message over is that of the newest hop from a public address between machines of two organisations; below it anyone
may have written anything. Inside one provider no hop crosses a border; there the address that the receiver checked SPF
for tells, where a hop above any border names it. Failing both it is the newest public address, else the newest.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache

from graph_hunt.loaders._values import address
from graph_hunt.loaders.message.headers import Headers, moment

__all__ = ["Hop", "chain", "checked_address", "handed_over_by", "is_public"]

_FROM = re.compile(r"^(?:\(.*?\)\s*)?from\s+(\S+)(.*?)(?=\s+by\s+\S|$)", re.IGNORECASE | re.DOTALL)
_BY = re.compile(r"(?:^|\s)by\s+(?!uid\s)([^\s;()]+)", re.IGNORECASE)
_FOR = re.compile(r"\bfor\s+<?([^\s<>;@]+@[^\s<>;]+)", re.IGNORECASE)
_IP = re.compile(r"(?<![\w.:-])(?:IPv6:)?([0-9a-f]*[:.][0-9a-f:.]*[0-9a-f])(?![\w.:-])", re.IGNORECASE)
_CALLED = re.compile(r"\((?:HELO|EHLO)\s[^()]*\)|\bhelo=[^\s()]+", re.IGNORECASE)
_GROUP = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_CLIENT = re.compile(r"\bclient-ip=\[?([0-9a-f:.]+)", re.IGNORECASE)
_SENDER = re.compile(r"\b(?:sender ip is|smtp\.remote-ip=|policy\.iprev=|sender-ip=)\s*\[?([0-9a-f:.]+)", re.IGNORECASE)
_CONNECTED = re.compile(r"(?:^|;)\s*CIP:([0-9a-f:.]+)", re.IGNORECASE)
_LONGEST = 4096
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/3", "::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)
_PROVIDERS = {"office365.com": "outlook.com", "exchangelabs.com": "outlook.com", "googlemail.com": "google.com"}
"""Domains of one provider under which its machines hand messages to each other."""
_SECOND_LEVEL = frozenset({"co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go", "gob", "gouv"})


@dataclass(frozen=True, slots=True)
class Hop:
    """One Received field."""

    sender: str | None
    """The machine that it names as sender."""
    ip: str | None
    by: str | None
    recipient: str | None
    at: int | None


def chain(headers: Headers, zone: tzinfo) -> list[Hop]:
    """Read the Received fields, the newest first."""
    return [_hop(value[:_LONGEST], zone) for value in headers.all("received")]


def _hop(value: str, zone: tzinfo) -> Hop:
    told, _, date = " ".join(value.split()).rpartition(";")
    told = told or date
    by, wanted = _BY.search(told), _FOR.search(told)
    sender = _FROM.match(told)
    name = sender.group(1).strip("[]()<>;,").casefold() if sender else None
    return Hop(
        sender=name,
        ip=_address(sender.group(1) + sender.group(2)) if sender else None,
        by=by.group(1).strip("[]").rstrip(".,") if by else None,
        recipient=wanted.group(1).rstrip(".,") if wanted else None,
        at=moment(date, zone),
    )


def _address(told: str) -> str | None:
    """The peer's address: in brackets behind the name it gave itself, else that name itself."""
    # What a machine calls itself may be an address as well; what was seen of it stands in parentheses.
    told = _CALLED.sub(" ", told)
    for places in (_groups(told), (told,)):
        for place in places:
            for found in _IP.finditer(place):
                if (ip := address(found.group(1))) is not None:
                    return ip
    return None


def _groups(told: str) -> Iterator[str]:
    seen = [one.group(1) for one in _GROUP.finditer(told) if one.group(1) is not None]
    # `(host [203.0.113.7])` holds its address in brackets, `(203.0.113.7)` bare.
    yield from (inner for group in seen for inner in re.findall(r"\[([^\[\]]*)\]", group))
    yield from seen
    yield from re.findall(r"\(.*?\[([0-9A-Fa-f:.]+)\]", told)


@lru_cache(maxsize=65536)
def is_public(ip: str) -> bool:
    """Tell whether an address is reached over the internet (those set aside for documentation count as if)."""
    found = ipaddress.ip_address(ip)
    return not any(found in network for network in _NOT_PUBLIC if network.version == found.version)


def checked_address(headers: Headers) -> str | None:
    """The address that the receiver says it checked the sender's policy for."""
    places: Iterable[tuple[str, re.Pattern[str]]] = (
        ("x-forefront-antispam-report", _CONNECTED),
        ("received-spf", _CLIENT),
        ("authentication-results", _SENDER),
    )
    for name, pattern in places:
        for value in headers.all(name)[:1]:
            found = pattern.search(value)
            if found and (ip := address(found.group(1))) is not None and is_public(ip):
                return ip
    return None


def handed_over_by(hops: list[Hop], checked: str | None) -> str | None:
    """Name the address that handed the message to its receiver."""
    public = [place for place, hop in enumerate(hops) if hop.ip is not None and is_public(hop.ip)]
    border = next((place for place in public if not _together(hops[place])), len(hops))
    if checked is not None and (not hops or any(hops[place].ip == checked for place in public if place <= border)):
        return checked
    if border < len(hops):
        return hops[border].ip
    if public:
        return hops[public[0]].ip
    return next((hop.ip for hop in hops if hop.ip is not None), None)


def _together(hop: Hop) -> bool:
    """Tell whether both machines are of one organisation."""
    if hop.sender is None or hop.by is None:
        return False
    sender, by = _organisation(hop.sender), _organisation(hop.by.casefold())
    return sender is not None and sender == by


@lru_cache(maxsize=65536)
def _organisation(name: str) -> str | None:
    labels = name.strip(".").split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return None
    size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    found = ".".join(labels[-size:])
    return _PROVIDERS.get(found, found)
