"""Accounts, groups, computers and directory objects that were made, changed or removed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.codes import group
from graph_hunt.loaders.windows.event import Event, Mapper, Row, sid, text
from graph_hunt.loaders.windows.lasting import change
from graph_hunt.loaders.windows.shares import subject

_ACCOUNT_OPERATIONS = {
    4720: "created",
    4722: "enabled",
    4723: "password_reset",
    4724: "password_reset",
    4725: "disabled",
    4726: "deleted",
    4738: "changed",
    4740: "disabled",
    4767: "enabled",
    4741: "created",
    4742: "changed",
    4743: "deleted",
}
_ACCOUNT_DETAILS = {4723: "by its owner", 4740: "locked out", 4767: "unlocked"}
_MEMBERS = {
    **dict.fromkeys((4728, 4732, 4756, 4746, 4751, 4761), "member_added"),
    **dict.fromkeys((4729, 4733, 4757, 4747, 4752, 4762), "member_removed"),
}
_GROUPS = {
    **dict.fromkeys((4727, 4731, 4754), "created"),
    **dict.fromkeys((4730, 4734, 4758), "deleted"),
    **dict.fromkeys((4735, 4737, 4755), "changed"),
}
_ATTRIBUTES = (
    "SamAccountName",
    "DisplayName",
    "UserPrincipalName",
    "HomeDirectory",
    "HomePath",
    "ScriptPath",
    "ProfilePath",
    "UserWorkstations",
    "PasswordLastSet",
    "AccountExpires",
    "PrimaryGroupId",
    "AllowedToDelegateTo",
    "OldUacValue",
    "NewUacValue",
    "UserParameters",
    "SidHistory",
    "LogonHours",
    "DnsHostName",
    "ServicePrincipalNames",
)
"""The fields of 4720, 4738, 4741 and 4742 that name an attribute; one that did not change is `-`."""


def _target(event: Event) -> dict[str, Any]:
    return {
        "target_user": event.text("TargetUserName"),
        "target_user_domain": event.text("TargetDomainName"),
        "target_user_sid": event.sid("TargetSid"),
    }


def account_changed(event: Event) -> list[Row]:
    """4720-4726, 4738, 4740-4743, 4767: a user's or a computer's account was changed."""
    name = event.text("TargetUserName")
    computer = event.id in (4741, 4742, 4743) or bool(name and name.endswith("$"))
    changed = {attribute: value for attribute in _ATTRIBUTES if (value := event.text(attribute))}
    rows = change(
        event,
        "computer" if computer else "account",
        _ACCOUNT_OPERATIONS[event.id],
        **subject(event),
        **_target(event),
        object=name,
        object_id=event.sid("TargetSid"),
        details=_ACCOUNT_DETAILS.get(event.id)
        or "; ".join(f"{attribute}={' '.join(value.split())}" for attribute, value in changed.items())
        or None,
        value=changed.get("SamAccountName"),
        source_host=event.machine("TargetDomainName") if event.id == 4740 else None,
    )
    if event.id == 4740:
        # A lock-out's TargetDomainName is the machine that the bad passwords came from.
        rows[0][1]["target_user_domain"] = event.text("SubjectDomainName")
    if event.id == 4742:
        rows += _renamed_computer(event, name, changed.get("DnsHostName"))
    return rows


def _renamed_computer(event: Event, name: str | None, dns_name: str | None) -> list[Row]:
    """A computer account whose new DNS name is no longer its account's name was renamed."""
    old = (name or "").removesuffix("$")
    new = (dns_name or "").partition(".")[0]
    if not old or not new or old.casefold() == new.casefold():
        return []
    return change(
        event, "computer", "renamed", **subject(event), **_target(event), object=old, old_value=old, value=dns_name
    )


def account_renamed(event: Event) -> list[Row]:
    """4781: an account's name was changed."""
    old, new = event.text("OldTargetUserName"), event.text("NewTargetUserName")
    computer = any(name and name.endswith("$") for name in (old, new))
    return change(
        event,
        "computer" if computer else "account",
        "renamed",
        **subject(event),
        target_user=new,
        target_user_domain=event.text("TargetDomainName"),
        target_user_sid=event.sid("TargetSid"),
        object=old,
        object_id=event.sid("TargetSid"),
        old_value=old,
        value=new,
    )


def machine_renamed(event: Event) -> list[Row]:
    """System 6011: the machine's own name was changed; the values are the old name and the new."""
    old, new = (*event.values, "", "")[:2]
    old, new = text(event.data.get("param1")) or old, text(event.data.get("param2")) or new
    return change(event, "computer", "renamed", object=old or None, old_value=old or None, value=new or None)


def _group_name(event: Event) -> str | None:
    r"""A group's name with its domain; a built-in group is its machine's own."""
    identity = event.sid("TargetSid")
    name = group(event.text("TargetUserName"), identity)
    built_in = bool(identity and identity.startswith("S-1-5-32-"))
    domain = event.computer.partition(".")[0] if built_in else event.text("TargetDomainName")
    return rf"{domain}\{name}" if domain and name else name


def member_changed(event: Event) -> list[Row]:
    """4728-4733, 4756, 4757 and distribution groups' like: a member was added to, or removed from, a group.

    MemberName is a distinguished name, whose CN need not be the account's name: the SID identifies the member.
    """
    member = event.text("MemberName")
    distinguished = bool(member and "=" in member)
    domain, _, name = (member or "").rpartition("\\")
    return change(
        event,
        "group",
        _MEMBERS[event.id],
        **subject(event),
        object=_group_name(event),
        object_id=event.sid("TargetSid"),
        target_user=None if distinguished else name or None,
        target_user_domain=None if distinguished else domain or None,
        target_user_sid=sid(event.data.get("MemberSid")),
        details=member,
    )


def group_changed(event: Event) -> list[Row]:
    """4727, 4731, 4754 and their like: a group was created, deleted or changed."""
    return change(
        event,
        "group",
        _GROUPS[event.id],
        **subject(event),
        object=_group_name(event),
        object_id=event.sid("TargetSid"),
    )


def directory_changed(event: Event) -> list[Row]:
    """5136, 5137, 5141: an attribute of a directory object was changed, or an object created or deleted."""
    removed = (event.text("OperationType") or "").casefold() in ("%%14675", "value deleted")
    value = event.text("AttributeValue")
    return change(
        event,
        "policy" if event.text("ObjectClass") == "groupPolicyContainer" else "directory",
        {5136: "changed", 5137: "created", 5141: "deleted"}[event.id],
        **subject(event),
        object=event.text("ObjectDN"),
        object_id=(event.text("ObjectGUID") or "").strip("{}") or None,
        details=event.text("AttributeLDAPDisplayName") or event.text("ObjectClass"),
        value=None if removed else value,
        old_value=value if removed else None,
    )


def audit_policy_changed(event: Event) -> list[Row]:
    """4719: what is audited was changed."""
    return change(
        event,
        "policy",
        "changed",
        **subject(event),
        object="audit policy",
        object_id=(event.text("SubcategoryGuid") or "").strip("{}") or None,
        value=event.text("AuditPolicyChanges"),
    )


def restore_password_set(event: Event) -> list[Row]:
    """4794: the Directory Services Restore Mode password was set, or that was tried."""
    rows = change(
        event,
        "account",
        "password_reset",
        **subject(event),
        object="DSRM Administrator",
        source_host=event.machine("Workstation"),
    )
    rows[0][1]["outcome"] = "failure" if event.number_of("Status") else "success"
    return rows


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        **{("Security", number): account_changed for number in _ACCOUNT_OPERATIONS},
        **{("Security", number): member_changed for number in _MEMBERS},
        **{("Security", number): group_changed for number in _GROUPS},
        **{("Security", number): directory_changed for number in (5136, 5137, 5141)},
        ("Security", 4781): account_renamed,
        ("Security", 4719): audit_policy_changed,
        ("Security", 4794): restore_password_set,
        ("System", 6011): machine_renamed,
    }
)
