"""The values that threat intelligence names: their kinds, and one way to write each."""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from urllib.parse import urlsplit

from graph_hunt.errors import InputError


class Kind(StrEnum):
    """What a value is."""

    IP = "ip"
    NETWORK = "network"
    DOMAIN = "domain"
    URL = "url"
    MAIL = "mail"
    HASH = "hash"
    FILE_NAME = "file_name"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """A value, written in the one way of its kind."""

    kind: Kind
    text: str

    @property
    def id(self) -> str:
        """Names the value in the state store."""
        return blake2b(f"{self.kind}\x1f{self.text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


_DOTS = re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\\\.", re.IGNORECASE)
_ATS = re.compile(r"\[@\]|\(@\)|\[at\]|\(at\)", re.IGNORECASE)
_COLONS = re.compile(r"\[:\]|\[:(?=//)|\[://\]")
_SCHEME = re.compile(r"^\[?(h(?:xx|tt|\*\*)p)(s?)\]?(?=:)", re.IGNORECASE)
_HASH = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s/]+@([^@\s/]+)")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def refang(text: str) -> str:
    """Undo what makes an address harmless to click.

    >>> refang("hxxps[:]//evil[.]example/a")
    'https://evil.example/a'
    """
    plain = _ATS.sub("@", _DOTS.sub(".", text.strip()))
    plain = _COLONS.sub(lambda found: "://" if "//" in found[0] else ":", plain)
    return _SCHEME.sub(lambda found: f"http{found[2].lower()}", plain)


def read(text: str, kind: Kind | None = None) -> Value:
    """Read a value, defanged or not; without a kind, tell it by its form."""
    plain = text.strip() if kind in (Kind.SUBJECT, Kind.FILE_NAME) else refang(text)
    if not plain:
        raise InputError("is empty", expected="a value")
    if kind is not None:
        found = _READERS[kind](plain)
        if found is None:
            raise InputError(f"{text.strip()!r} is no {kind.value.replace('_', ' ')}")
        return Value(Kind.NETWORK if kind is Kind.IP and "/" in found else kind, found)
    for guess in (Kind.IP, Kind.HASH, Kind.URL, Kind.MAIL, Kind.DOMAIN):
        if (found := _READERS[guess](plain)) is not None:
            return Value(Kind.NETWORK if "/" in found and guess is Kind.IP else guess, found)
    raise InputError(
        f"{text.strip()!r} is no value that is known by its form",
        expected="an address, network, domain, URL, mail address or hash",
    )


def _address(text: str) -> str | None:
    try:
        if "/" in text:
            network = ipaddress.ip_network(text, strict=False)
            return str(network) if network.prefixlen < network.max_prefixlen else str(network.network_address)
        found = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def _network(text: str) -> str | None:
    found = _address(text)
    return found if found and "/" in found else None


def _domain(text: str) -> str | None:
    name = text.strip().rstrip(".").removeprefix("*.").lower()
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = name.split(".")
    whole = len(labels) > 1 and len(name) <= 253 and all(map(_LABEL.fullmatch, labels))
    return name if whole and not labels[-1].isdigit() else None


def _url(text: str) -> str | None:
    if not _URL.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    # Scheme and host do not care about case; the rest does.
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl() if parts.netloc else None


def _mail(text: str) -> str | None:
    found = _MAIL.fullmatch(text.removeprefix("mailto:"))
    return found[0].lower() if found else None


def _hash(text: str) -> str | None:
    return text.lower() if _HASH.fullmatch(text) else None


def _file_name(text: str) -> str | None:
    return re.split(r"[\\/]", text.strip())[-1].lower() or None


def _subject(text: str) -> str | None:
    return text.strip().lower() or None


_READERS = {
    Kind.IP: _address,
    Kind.NETWORK: _network,
    Kind.DOMAIN: _domain,
    Kind.URL: _url,
    Kind.MAIL: _mail,
    Kind.HASH: _hash,
    Kind.FILE_NAME: _file_name,
    Kind.SUBJECT: _subject,
}
