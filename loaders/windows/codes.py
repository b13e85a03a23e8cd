"""What Windows' numbers mean: logon types, failure codes, ciphers, access rights and well-known groups."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.event import integer, text


def _table(pairs: str) -> Mapping[str, str]:
    return MappingProxyType(dict(pair.split("=", 1) for pair in pairs.split()))


def _numbers(pairs: str) -> Mapping[int, str]:
    return MappingProxyType({int(number, 0): word for number, word in _table(pairs).items()})


_LOGON_TYPES = _numbers(
    """0=system 2=interactive 3=network 4=batch 5=service 6=proxy 7=unlock 8=cleartext 9=new_credentials
    10=remote_interactive 11=cached 12=remote_interactive 13=unlock"""
)

_STATUS = _numbers(
    """0xC0000064=unknown_user 0xC000006A=bad_password 0xC000006D=other 0xC000006E=restricted 0xC000006F=restricted
    0xC0000070=restricted 0xC0000071=expired 0xC0000072=disabled 0xC00000DC=other 0xC0000133=other
    0xC000015B=restricted 0xC000018C=other 0xC0000192=other 0xC0000193=expired 0xC0000224=expired
    0xC0000234=locked 0xC0000371=unknown_user 0xC0000380=bad_password 0xC0000381=bad_password
    0xC0000413=restricted 0xC0000022=restricted 0xC0000199=restricted 0xC000019A=restricted 0xC000019B=restricted
    0xC000005E=other 0xC00002EE=other 0xC000006B=bad_password 0xC000006C=bad_password 0xC0000073=unknown_user"""
)
"""NTSTATUS of a failed logon (4625 Status and SubStatus, 4776 Status)."""

_KERBEROS = _numbers(
    """0x1=expired 0x2=expired 0x6=unknown_user 0x7=other 0x8=other 0x9=other 0xB=restricted 0xC=restricted
    0xD=restricted 0xE=other 0xF=other 0x10=other 0x11=other 0x12=disabled 0x13=restricted 0x14=restricted
    0x17=expired 0x18=bad_password 0x19=no_preauth 0x1A=other 0x1F=other 0x20=expired 0x25=other
    0x3C=other 0x3D=other 0x3E=other 0x3F=other 0x40=other"""
)
"""Kerberos result codes (RFC 4120, 7.5.9) as 4768, 4769 and 4771 give them."""

_CIPHERS = _numbers("0x1=des 0x3=des 0x11=aes128 0x12=aes256 0x13=aes128 0x14=aes256 0x17=rc4 0x18=rc4")

DIRECTORY_RIGHTS = MappingProxyType(
    {
        "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2": "DS-Replication-Get-Changes",
        "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2": "DS-Replication-Get-Changes-All",
        "89e95b76-444d-4c62-991a-0facbeda640c": "DS-Replication-Get-Changes-In-Filtered-Set",
        "1131f6ab-9c07-11d1-f79f-00c04fc2dcd2": "DS-Replication-Synchronize",
        "1131f6ac-9c07-11d1-f79f-00c04fc2dcd2": "DS-Replication-Manage-Topology",
        "9923a32a-3607-11d2-b9be-0000f87a36b2": "DS-Install-Replica",
        "00299570-246d-11d0-a768-00aa006e0529": "User-Force-Change-Password",
        "ab721a53-1e2f-11d0-9819-00aa0040529b": "User-Change-Password",
        "0e10c968-78fb-11d2-90d4-00c04f79dc55": "Certificate-Enrollment",
        "a05b8cc2-17bc-4802-a710-e7c15ab866a2": "Certificate-AutoEnrollment",
        "f3a64788-5306-11d1-a9c5-0000f80367c1": "Validated-SPN",
        "bf9679c0-0de6-11d0-a285-00aa003049e2": "Self-Membership",
        "5b47d60f-6090-40b2-9f37-2a4de88f3063": "ms-DS-Key-Credential-Link",
        "3f78c3e5-f79a-46bd-a0b8-9d18116ddc79": "ms-DS-Allowed-To-Act-On-Behalf-Of-Other-Identity",
    }
)
"""Extended rights and attributes that attacks on a directory use, by GUID."""

_GROUPS = {
    "S-1-5-32-544": "Administrators",
    "S-1-5-32-545": "Users",
    "S-1-5-32-546": "Guests",
    "S-1-5-32-547": "Power Users",
    "S-1-5-32-548": "Account Operators",
    "S-1-5-32-549": "Server Operators",
    "S-1-5-32-550": "Print Operators",
    "S-1-5-32-551": "Backup Operators",
    "S-1-5-32-552": "Replicator",
    "S-1-5-32-555": "Remote Desktop Users",
    "S-1-5-32-556": "Network Configuration Operators",
    "S-1-5-32-562": "Distributed COM Users",
    "S-1-5-32-573": "Event Log Readers",
    "S-1-5-32-578": "Hyper-V Administrators",
    "S-1-5-32-580": "Remote Management Users",
}
_DOMAIN_GROUPS = _numbers(
    """498=Enterprise_Read-only_Domain_Controllers 512=Domain_Admins 513=Domain_Users 514=Domain_Guests
    515=Domain_Computers 516=Domain_Controllers 517=Cert_Publishers 518=Schema_Admins 519=Enterprise_Admins
    520=Group_Policy_Creator_Owners 521=Read-only_Domain_Controllers 522=Cloneable_Domain_Controllers
    525=Protected_Users 526=Key_Admins 527=Enterprise_Key_Admins"""
)


def logon_type(value: Any) -> str | None:
    """Name a logon type."""
    number = integer(value)
    return None if number is None else _LOGON_TYPES.get(number)


def failure(*codes: Hashable) -> str:
    """Say why a logon failed, from the most telling of its NTSTATUS codes (SubStatus before Status)."""
    for code in codes:
        reason = _status(code)
        if reason != "other":
            return reason
    return "other"


@lru_cache(maxsize=1024)
def _status(code: Hashable) -> str:
    number = integer(code)
    return _STATUS.get(number & 0xFFFFFFFF, "other") if number else "other"


def kerberos_failure(value: Any) -> str | None:
    """Say why a Kerberos request failed; null where it did not."""
    number = integer(value)
    return _KERBEROS.get(number, "other") if number else None


def cipher(value: Any) -> str | None:
    """Name a ticket's cipher; null where none was issued."""
    number = integer(value)
    return None if number is None else _CIPHERS.get(number & 0xFFFFFFFF)


def yes(value: Any) -> bool | None:
    """Read Windows' yes and no (%%1842 and %%1843)."""
    word = text(value)
    if word is None:
        return None
    word = word.casefold()
    if word in ("%%1842", "yes", "true", "1"):
        return True
    return False if word in ("%%1843", "no", "false", "0") else None


def group(name: str | None, sid: str | None) -> str | None:
    """A group's name in English by its well-known SID, else as written."""
    if sid:
        if known := _GROUPS.get(sid):
            return known
        authority, _, relative = sid.rpartition("-")
        if authority.startswith("S-1-5-21-") and relative.isdigit() and (known := _DOMAIN_GROUPS.get(int(relative))):
            return known.replace("_", " ")
    return name or sid


def integrity(value: Any) -> str | None:
    """Name an integrity level, from its word (Sysmon) or its mandatory label's SID (4688)."""
    word = text(value)
    if word is None:
        return None
    by_sid = {
        "S-1-16-0": "low",
        "S-1-16-4096": "low",
        "S-1-16-8192": "medium",
        "S-1-16-8448": "medium",
        "S-1-16-12288": "high",
        "S-1-16-16384": "system",
    }
    if word in by_sid:
        return by_sid[word]
    word = word.casefold()
    return word if word in ("low", "medium", "high", "system") else None
