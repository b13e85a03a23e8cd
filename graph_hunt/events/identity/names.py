"""How accounts, machines and addresses are written, and what is nobody's name."""

import re
from dataclasses import dataclass
from hashlib import md5
from ipaddress import IPv4Address, IPv6Address, ip_address
from uuid import UUID

_NOTHING = frozenset({"", "-", "n/a", "(null)", "null", "?", "--", "none"})

_GUID = re.compile(r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?", re.IGNORECASE)
_SID = re.compile(r"S-1-\d+(-\d+)+", re.IGNORECASE)
_DOMAIN_SID = re.compile(r"S-1-5-21-\d+-\d+-\d+-\d+")

AUTHORITIES = frozenset(
    {
        "nt authority",
        "nt-autorität",
        "autorite nt",
        "autorité nt",
        "nt-autoriteit",
        "window manager",
        "font driver host",
        "nt service",
        "nt-dienst",
        "iis apppool",
        "virtual users",
        "nt virtual machine",
        "nt task",
        "restricted services",
        "application package authority",
        "internetusers",
    }
)
"""Domains of accounts that a machine makes for itself: whoever has one is the machine."""

_GROUPS = frozenset({"builtin", "vordefiniert"})
_SELF = frozenset(
    {
        "system",
        "système",
        "système local",
        "sistema",
        "systeem",
        "local service",
        "localservice",
        "service local",
        "lokaler dienst",
        "network service",
        "networkservice",
        "service réseau",
        "netzwerkdienst",
        "local system",
        "localsystem",
    }
)
_NOBODY = frozenset({"anonymous logon", "anonymous", "anonymous-anmeldung", "everyone"})
_NUMBERED = re.compile(r"(dwm|umfd)-\d+")
HERE = frozenset({".", "workgroup", "mshome", "localhost"})
"""Domains that say no more than "this machine"."""
TENANTS = (".onmicrosoft.com", ".onmicrosoft.us", ".onmicrosoft.de", ".partner.onmschina.cn")
CLOUD = frozenset({"azuread", "microsoftaccount"})
"""Domains that Windows writes for accounts whose home is a cloud directory."""


SERVICE = "@"
"""What a place begins with that is a cloud service, no machine."""


@dataclass(frozen=True, slots=True)
class Machine:
    """An account that is a machine: by the machine's name, and its Windows domain where that is known."""

    name: str
    domain: str | None = None
    account: bool = False
    """A machine account of a directory (`C$`), which may also be a group managed service account."""
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What one row says of one account: any of its identifiers."""

    name: str | None = None
    domain: str | None = None
    sid: str | None = None
    object_id: str | None = None
    upn: str | None = None


def told(text: str | None) -> str | None:
    """Give the text without its margins, or None where it says nothing.

    No directory has names of over `_LONGEST` letters, and a server's index holds none of 8 kB: of such a one its
    beginning stands, with what tells it from the others that begin so. The event keeps it whole.
    """
    if text is None:
        return None
    text = text.strip()
    if len(text) > _LONGEST:
        whole = text.casefold().encode(errors="surrogatepass")
        return f"{text[:_BEGINNING]}…{md5(whole, usedforsecurity=False).hexdigest()}"
    return None if text.casefold() in _NOTHING else text


_LONGEST, _BEGINNING = 400, 200


def address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; an IPv4 address in IPv6's clothes is IPv4."""
    if not text or not (text[0].isdigit() or ":" in text):
        return None
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def short(host: str) -> str:
    """Give the first label of a machine's name.

    >>> short("ws1.corp.example")
    'ws1'
    """
    return host.partition(".")[0]


def object_id(sid: str) -> str | None:
    """Give the directory object that a GUID or an Entra SID (S-1-12-1-…) names.

    >>> object_id("S-1-12-1-1943430372-1249052806-2496021943-3034400218")
    '73d664e4-0886-4a73-b745-c694da45ddb4'
    """
    if _GUID.fullmatch(sid):
        return sid.strip("{}").lower()
    if not sid.startswith("S-1-12-1-"):
        return None
    parts = [int(part) for part in sid.split("-")[4:]]
    if len(parts) != 4 or any(part >> 32 for part in parts):
        return None
    return str(UUID(bytes_le=b"".join(part.to_bytes(4, "little") for part in parts)))


def domain_sid(sid: str) -> str:
    """Give the SID of the domain or machine that issued an account's SID."""
    return sid.rpartition("-")[0]


def parse(
    user: str | None, domain: str | None, sid: str | None, upn: str | None, machine: str | None
) -> Machine | Person | None:
    """Say who one row's account columns mean: a machine, a person or nobody; `machine` is where the row was used."""
    name, domain, sid, upn, place = told(user), told(domain), told(sid), told(upn), told(machine)
    machine = None if place is None or place.startswith(SERVICE) else place
    if name and _GUID.fullmatch(name):
        name, sid = None, sid or name
    if name and sid is None and _SID.fullmatch(name):
        name, sid = None, name
    realm = domain.casefold() if domain else ""
    if sid and (known := _well_known(sid.upper(), machine)) is not _UNKNOWN:
        return known
    if name and (known := _well_known_name(name, realm, domain, machine)) is not _UNKNOWN:
        return known
    if upn and "@" not in upn:
        upn = None
    name, domain, upn = _split(name, domain, upn)
    if name and realm.endswith(TENANTS):
        # A tenant's name is no Windows domain: whoever has it is known by UPN.
        name, domain, upn = None, None, upn or f"{name}@{domain}"
    if name and name.endswith("$") and len(name) > 1:
        return Machine(name[:-1], None if realm in HERE else domain, True, _numbers(sid)[0])
    if name and (domain is None or realm in HERE):
        domain = place.removeprefix(SERVICE) if place else None
        if domain is None and not (sid or upn):
            return None
    found = Person(name, domain, *_numbers(sid), upn)
    return None if found == Person() or found == Person(domain=domain) else found


_UNKNOWN = Person()


def _well_known(sid: str, machine: str | None) -> Machine | Person | None:
    if not sid.startswith("S-1-") or _DOMAIN_SID.match(sid) or sid.startswith("S-1-12-1-") or sid == "S-1-0-0":
        return _UNKNOWN
    if sid.startswith(("S-1-5-18", "S-1-5-19", "S-1-5-20", "S-1-5-80-", "S-1-5-82-", "S-1-5-83-", "S-1-5-90-")):
        return Machine(machine) if machine else None
    if sid.startswith(("S-1-5-94-", "S-1-5-96-", "S-1-5-111-", "S-1-5-87-")):
        return Machine(machine) if machine else None
    return None


def _well_known_name(name: str, realm: str, domain: str | None, machine: str | None) -> Machine | Person | None:
    folded = name.casefold()
    if folded in _NOBODY or realm in _GROUPS:
        return None
    if realm in AUTHORITIES:
        return Machine(machine) if machine else None
    if "/" in name:
        return _service_name(name, domain)
    if folded in _SELF or _NUMBERED.fullmatch(folded):
        where = machine if domain is None or realm in HERE else domain
        return Machine(where) if where else None
    return _UNKNOWN


_SERVICE_CLASSES = frozenset(
    {
        "host",
        "cifs",
        "http",
        "https",
        "ldap",
        "gc",
        "dns",
        "rpcss",
        "termsrv",
        "wsman",
        "mssqlsvc",
        "restrictedkrbhost",
        "smtp",
        "smtpsvc",
        "imap",
        "pop",
        "nfs",
        "dfsr",
        "exchangemdb",
        "exchangerfr",
        "exchangeab",
        "ftp",
        "sip",
    }
)
"""Classes of service principal names whose second part is a machine."""


def _service_name(name: str, domain: str | None) -> Machine | Person | None:
    """Read a ticket's service that is named by its principal (class/machine) instead of its account."""
    kind, _, rest = name.partition("/")
    if kind.casefold() == "krbtgt":
        return Person("krbtgt", rest or domain) if rest or domain else None
    where = rest.partition("/")[0].partition(":")[0]
    if kind.casefold() in _SERVICE_CLASSES and where:
        return Machine(where)
    return _UNKNOWN


def _split(name: str | None, domain: str | None, upn: str | None) -> tuple[str | None, str | None, str | None]:
    """Take apart names that bring their domain along: `DOM\\name`, `name@realm`."""
    if name and domain is None and "\\" in name:
        before, _, after = name.partition("\\")
        if before and after:
            name, domain = after, before
    if name and "@" in name and not name.endswith("$"):
        stem, _, realm = name.rpartition("@")
        if not stem or not realm:
            return name, domain, upn
        if domain and realm.casefold() == domain.casefold():
            return stem, domain, upn
        if stem.endswith("$"):
            return stem, domain or realm, upn
        if "." in realm:
            return None, None, upn or name
    return name, domain, upn


def _numbers(sid: str | None) -> tuple[str | None, str | None]:
    """Give the SID and the object id that one column holds either of."""
    if sid is None or sid == "S-1-0-0" or not sid.strip("{}0-"):
        return None, None
    found = object_id(sid)
    if found:
        return None, found
    return (sid.upper(), None) if _DOMAIN_SID.fullmatch(sid.upper()) else (None, None)
