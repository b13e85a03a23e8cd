"""What the columns of directory exports mean, by their names in lower case without punctuation."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from graph_hunt.events.directory.directory import Entry

Record = dict[str, list[str]]

_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("samaccountname", "accountname", "onpremisessamaccountname", "onpremaccountname", "logonname"),
        "upn": ("userprincipalname", "accountupn", "upn"),
        "sid": ("sid", "objectsid", "onpremsid", "onpremisessecurityidentifier", "accountsid", "usersid"),
        "object_id": ("accountobjectid", "objectid", "azureadobjectid", "id"),
        "mails": ("mail", "emailaddress", "email", "primarysmtpaddress", "proxyaddresses", "othermails"),
        "domain": ("onpremisesdomainname", "accountdomain", "domain", "domainname", "netbiosdomain"),
        "place": ("distinguishedname", "dn", "onpremisesdistinguishedname"),
        "display": ("displayname", "accountdisplayname", "cn", "name"),
        "job_title": ("jobtitle", "title"),
        "department": ("department",),
        "groups": ("memberof", "groupmembership", "groups", "assignedroles", "roles"),
        "classes": ("objectclass", "objecttype", "odatatype"),
        "principals": ("serviceprincipalname", "serviceprincipalnames"),
        "admin": ("admincount", "privileged", "isadmin"),
        "vip": ("vip", "isvip"),
        "tags": ("tags", "tag"),
        "dns_name": ("dnshostname", "hostname", "devicename"),
        "system": ("operatingsystem", "osplatform"),
        "primary_group": ("primarygroupid",),
    }
)
_IDENTIFIERS = frozenset({"name", "upn", "sid", "object_id", "mails", "dns_name", "place"})

PRIVILEGED_GROUPS = frozenset(
    {
        "administrators",
        "domain admins",
        "enterprise admins",
        "schema admins",
        "account operators",
        "backup operators",
        "server operators",
        "print operators",
        "key admins",
        "enterprise key admins",
        "group policy creator owners",
        "dnsadmins",
        "domain controllers",
        "administratoren",
        "domänen-admins",
        "organisations-admins",
        "schema-admins",
        "administrateurs",
        "admins du domaine",
        "administradores",
        "admins. del dominio",
        "global administrator",
        "company administrator",
        "privileged role administrator",
        "privileged authentication administrator",
        "user administrator",
        "exchange administrator",
        "sharepoint administrator",
        "security administrator",
        "application administrator",
        "cloud application administrator",
        "hybrid identity administrator",
        "intune administrator",
        "conditional access administrator",
    }
)
"""Groups and roles, in lower case, whose members hold administrator rights over a domain or tenant."""

_YES = frozenset({"true", "1", "yes", "y"})
_SID = re.compile(r"S-1-\d+(-\d+)+", re.IGNORECASE)
_SERVICES = frozenset(
    {"msds-managedserviceaccount", "msds-groupmanagedserviceaccount", "#microsoft.graph.serviceprincipal"}
)


def normal(name: str) -> str:
    """Give a column's name in the form that is compared."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def known(name: str) -> bool:
    """Tell whether a column names an account or computer."""
    return any(name in _COLUMNS[kind] for kind in _IDENTIFIERS)


_ACCOUNTS = ("user", "person", "computer", "serviceaccount", "serviceprincipal", "device")


def entry(record: Record) -> Entry:
    """Read one record; a group, or what else is no account, gives an entry that names nobody."""
    if (kinds := _all(record, "classes")) and not any(kind.lower().endswith(_ACCOUNTS) for kind in kinds):
        return Entry()
    name, upn = _one(record, "name"), _one(record, "upn")
    classes = {text.lower() for text in _all(record, "classes")}
    service = bool(classes & _SERVICES)
    computer = not service and ("computer" in classes or bool(name and name.endswith("$")) or "dnshostname" in record)
    groups = {group for text in _all(record, "groups") for group in _groups(text)}
    sid = _one(record, "sid")
    return Entry(
        computer=computer,
        name=name,
        domain=_one(record, "domain") or _domain(_one(record, "place")),
        sid=sid.upper() if sid and _SID.fullmatch(sid) else None,
        object_id=_one(record, "object_id"),
        upn=upn,
        mails=_mails(record, upn),
        display=_one(record, "display"),
        job_title=_one(record, "job_title"),
        department=_one(record, "department"),
        service=service or (bool(_all(record, "principals")) and not computer),
        privileged=bool(groups & PRIVILEGED_GROUPS) or _yes(record, "admin"),
        dns_name=_one(record, "dns_name") if computer else None,
        role=_role(record, groups) if computer else "",
        tags=_tags(record),
    )


def _all(record: Record, kind: str) -> list[str]:
    return [text for column in _COLUMNS[kind] for text in record.get(column, []) if text]


def _one(record: Record, kind: str) -> str | None:
    return next(iter(_all(record, kind)), None)


def _yes(record: Record, kind: str) -> bool:
    return (_one(record, kind) or "").lower() in _YES


def _mails(record: Record, upn: str | None) -> tuple[str, ...]:
    """Give the mail addresses, `smtp:` before them dropped, besides the UPN."""
    found = set()
    for text in _all(record, "mails"):
        for part in re.split(r"[;|\s]+", text):
            kind, separator, rest = part.partition(":")
            address = rest if separator and kind.lower() == "smtp" else part if not separator else ""
            if "@" in address and address.casefold() != (upn or "").casefold():
                found.add(address)
    return tuple(sorted(found))


def _groups(text: str) -> list[str]:
    """Give the groups that a text lists: distinguished names, or plain names."""
    named = re.findall(r"(?:^|[;|\s])CN=((?:\\.|[^,\\])+)", text, re.IGNORECASE)
    return [group.strip().casefold() for group in (named or re.split(r"[;|\n]", text))]


def _domain(place: str | None) -> str | None:
    parts = re.findall(r"(?:^|,)\s*DC=([^,]+)", place or "", re.IGNORECASE)
    return ".".join(part.strip() for part in parts) or None


def _role(record: Record, groups: set[str]) -> str:
    """Say what a computer is: a domain controller's primary group is 516 (521 where it is read-only)."""
    place = _one(record, "place") or ""
    if (_one(record, "primary_group") or "") in ("516", "521") or "ou=domain controllers," in place.lower():
        return "domain_controller"
    if "domain controllers" in groups:
        return "domain_controller"
    system = (_one(record, "system") or "").lower()
    return "" if not system else "server" if "server" in system else "workstation" if "windows" in system else ""


def _tags(record: Record) -> tuple[str, ...]:
    found = {tag.strip() for text in _all(record, "tags") for tag in re.split(r"[;,|]", text) if tag.strip()}
    return tuple(sorted(found | ({"vip"} if _yes(record, "vip") else set())))
