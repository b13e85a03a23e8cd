"""Changes in the directory, as the Unified Audit Log records them; and members of Teams and SharePoint groups."""

from typing import Any

from graph_hunt.loaders._directory import GUID, Activity, Target, change_of, clean
from graph_hunt.loaders._values import text
from graph_hunt.loaders.m365.record import Audit, Row, outcome

__all__ = ["directory_changed", "site_member"]

_KINDS = ("User", "Group", "ServicePrincipal", "Application", "Device", "Role", "Policy", "Domain")


def directory_changed(audit: Audit) -> list[Row]:
    """A change to an account, group, role, application, device or policy; none where the activity is not kept."""
    columns = change_of(_activity(audit))
    if columns is None:
        return []
    return [
        (
            "change",
            {
                "outcome": outcome(audit.fields.get("ResultStatus")),
                **audit.who(),
                "source_ip": audit.ip()[0],
                **columns,
            },
        )
    ]


def _activity(audit: Audit) -> Activity:
    modified: dict[str, tuple[str | None, str | None]] = {}
    changes = audit.fields.get("ModifiedProperties")
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, dict) and isinstance(change.get("Name"), str):
            modified[change["Name"]] = (clean(change.get("NewValue")), clean(change.get("OldValue")))
    return Activity(audit.operation, (_target(audit),), modified)


def _target(audit: Audit) -> Target:
    """The target: a list of ids in turn (kind_id, id, kind, name, address), told apart by their type and look."""
    kind, identifier, name, upn, application = "", None, None, None, None
    listed = audit.fields.get("Target")
    for entry in listed if isinstance(listed, list) else ():
        if not isinstance(entry, dict):
            continue
        value, sort = str(entry.get("ID") or ""), entry.get("Type")
        head, _, tail = value.partition("_")
        if value in _KINDS:
            kind = value
        elif head in _KINDS and GUID.fullmatch(tail):
            kind, identifier = head, tail.lower()
        elif sort == 5:
            upn = text(value)
        elif sort == 1:
            name = text(value)
        elif GUID.fullmatch(value) and value.lower() != identifier:
            application = value.lower()
    named = audit.get("ObjectId") or ""
    if upn is None and "@" in named and not GUID.match(named):
        upn, kind = named, kind or "User"
    if application is None and kind in ("ServicePrincipal", "Application", ""):
        application = next((part.lower() for part in named.split(";") if GUID.fullmatch(part)), None)
    return Target(kind, name, identifier, upn, application)


def site_member(audit: Audit) -> list[Row]:
    """AddedToGroup, SiteCollectionAdminAdded, MemberAdded …: a member of a site's or team's group."""
    removed = "Removed" in audit.operation
    group = audit.get("TeamName") or audit.get("SiteUrl") or audit.get("ObjectId")
    rows: list[Row] = []
    for member in _members(audit):
        rows.append(
            (
                "change",
                {
                    "object_kind": "group",
                    "operation": "member_removed" if removed else "member_added",
                    "outcome": "success",
                    **audit.who(),
                    "source_ip": audit.ip()[0],
                    "object": group,
                    "object_id": audit.get("TeamGuid") or audit.get("Site"),
                    "details": audit.get("EventData"),
                    "target_user_upn": member if "@" in member else None,
                },
            )
        )
    return rows


def _members(audit: Audit) -> list[str]:
    listed: Any = audit.fields.get("Members")
    found = (
        [text(member.get("UPN")) for member in listed if isinstance(member, dict)] if isinstance(listed, list) else []
    )
    return [member for member in found if member] or [audit.get("TargetUserOrGroupName") or ""]
