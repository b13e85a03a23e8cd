"""What Defender for Identity saw done to a directory, or on a domain controller, and what it knows of accounts."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._values import flag, is_sid, text
from graph_hunt.loaders.defender.row import Found, Hunted, account

__all__ = ["changed", "known", "queried"]

_RIGHTS = "DS-Replication-Get-Changes, DS-Replication-Get-Changes-All"


def _target(row: Hunted) -> dict[str, str | None]:
    """The account that it was done to."""
    told = row.added()
    name = text(told.get("TARGET_OBJECT.USER")) or text(told.get("TARGET_OBJECT.DEVICE"))
    upn = row.get("TargetAccountUpn")
    sid = text(told.get("TargetAccountSid")) or text(told.get("TARGET_OBJECT.USER_SID"))
    shown = None if upn is not None else name or row.get("TargetAccountDisplayName")
    device = row.get("TargetDeviceName")
    if shown is None and upn is None and device is not None:
        shown = f"{device.partition('.')[0]}$"
    found = account(shown, row.get("AccountDomain") if shown is not None else None, sid, upn, None)
    return {f"target_{column}": value for column, value in found.items()}


def _actor(row: Hunted) -> dict[str, Any]:
    """Who did it: the row's account, unless that is the one it was done to."""
    told = row.added()
    who = row.who()
    if is_sid(source := text(told.get("SourceAccountSid"))) and "user_sid" not in who:
        who["user_sid"] = source
    upn = row.get("TargetAccountUpn")
    if upn is not None and (who.get("user_upn") or "").casefold() == upn.casefold():
        who = {}
    return {**who, "source_host": row.get("DeviceName"), "source_ip": row.ip("IPAddress")}


def _change(row: Hunted, object_kind: str, operation: str, **columns: Any) -> Found:
    own = {"object_kind": object_kind, "operation": operation, "outcome": "success", **_actor(row)}
    return [("change", own | columns)]


def _replicated(row: Hunted) -> Found:
    """DCSync, or domain controllers among themselves."""
    success = flag(row.added().get("IsSuccess"))
    columns = {
        "kind": "directory",
        "outcome": "failure" if success is False else "success",
        "host": row.get("DestinationDeviceName"),
        **row.who(),
        "source_host": row.get("DeviceName"),
        "source_ip": row.ip("IPAddress"),
        "object": row.get("TargetAccountUpn") or text(row.added().get("TARGET_OBJECT.USER")),
        "rights": _RIGHTS,
    }
    return [("access", columns)]


def _secrets(row: Hunted) -> Found:
    """The domain's backup key, which opens every secret that DPAPI keeps."""
    columns = {
        "kind": "directory",
        "outcome": "success",
        "host": row.get("DestinationDeviceName"),
        **row.who(),
        "source_host": row.get("DeviceName"),
        "source_ip": row.ip("IPAddress"),
        "object": "DPAPI domain backup key",
    }
    return [("access", columns)]


def _membership(row: Hunted) -> Found:
    told = row.added()
    joined, left = text(told.get("TO.GROUP")), text(told.get("FROM.GROUP"))
    name = joined or left or text(told.get("TARGET_OBJECT.GROUP"))
    return _change(
        row,
        "group",
        "member_removed" if left and not joined else "member_added",
        object=name,
        object_id=text(told.get("TARGET_OBJECT.GROUP_SID")),
        **_target(row),
    )


def _service(row: Hunted) -> Found:
    told = row.added()
    return _change(
        row,
        "service",
        "created",
        host=row.get("DestinationDeviceName"),
        object=text(told.get("ServiceName")) or text(told.get("ARG.SERVICE")),
        path=text(told.get("ServiceCommand")) or text(told.get("Command")),
    )


def _task(row: Hunted) -> Found:
    told = row.added()
    return _change(
        row,
        "task",
        "created",
        host=row.get("DestinationDeviceName"),
        object=text(told.get("TaskName")) or text(told.get("ARG.TASK")),
        path=text(told.get("TaskCommand")) or text(told.get("Command")),
    )


def _executed(row: Hunted) -> Found:
    """A program or script that was run on a domain controller from another machine."""
    told = row.added()
    words = [text(told.get(name)) for name in ("Command", "CommandLine", "Method", "Methods", "ScriptName")]
    columns = {
        "kind": "object",
        "outcome": "success",
        "host": row.get("DestinationDeviceName"),
        **row.who(),
        "source_host": row.get("DeviceName"),
        "source_ip": row.ip("IPAddress"),
        "object": next((word for word in words if word), row.action),
    }
    return [("access", columns)]


def _copied(row: Hunted) -> Found:
    told = row.added()
    path = text(told.get("FilePath")) or text(told.get("FileName"))
    columns = {
        "kind": "share",
        "outcome": "success",
        "host": row.get("DestinationDeviceName"),
        **row.who(),
        "source_host": row.get("DeviceName"),
        "source_ip": row.ip("IPAddress"),
        "object": text(told.get("ShareName")),
        "path": path,
        "rights": text(told.get("Method")),
    }
    return [("access", columns)]


_BY_ACTION: Mapping[str, Callable[[Hunted], Found]] = MappingProxyType(
    {
        "directory services replication": _replicated,
        "directory service replication": _replicated,
        "private data retrieval": _secrets,
        "group membership changed": _membership,
        "service creation": _service,
        "task scheduling": _task,
        "wmi execution": _executed,
        "powershell execution": _executed,
        "remote code execution": _executed,
        "smb file copy": _copied,
    }
)
_OPERATIONS: tuple[tuple[str, str], ...] = (
    ("password changed", "password_reset"),
    ("account created", "created"),
    ("principal created", "created"),
    ("deleted", "deleted"),
    ("account enabled", "enabled"),
    ("account disabled", "disabled"),
    ("sam account name changed", "renamed"),
    ("account name changed", "renamed"),
)
_NOTHING_DONE = ("potential lateral movement path", "sensor")


def changed(row: Hunted) -> Found:
    """IdentityDirectoryEvents."""
    action = row.action.casefold()
    if mapper := _BY_ACTION.get(action):
        return mapper(row)
    if not action or action.startswith(_NOTHING_DONE) or "api" in action:
        return []
    old, new = _values(row.added())
    operation = next((said for words, said in _OPERATIONS if words in action), "changed")
    if action == "account disabled changed":
        operation = "disabled" if flag(new) else "enabled"
    target = _target(row)
    kind = "computer" if str(target.get("target_user") or "").endswith("$") or "device" in action else "account"
    return _change(
        row,
        kind,
        operation,
        object=target.get("target_user_upn") or target.get("target_user"),
        object_id=target.get("target_user_sid"),
        details=row.action,
        value=new,
        old_value=old,
        **target,
    )


def _values(told: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The value before and after, whose names begin with FROM and TO."""
    old = next((text(value) for name, value in told.items() if name.startswith("FROM ")), None)
    new = next((text(value) for name, value in told.items() if name.startswith("TO ")), None)
    return old, new


def queried(row: Hunted) -> Found:
    """IdentityQueryEvents: of them, the names that machines looked up; LDAP and SAMR queries are not kept."""
    name = row.get("QueryTarget")
    if row.action.casefold() != "dns query" or name is None:
        return []
    columns = {
        "kind": "lookup",
        "host": row.get("DeviceName"),
        "direction": "outbound",
        "protocol": "dns",
        "source_host": row.get("DeviceName"),
        "source_ip": row.ip("IPAddress"),
        "target_host": name,
    }
    return [("network", columns)]


def known(row: Hunted) -> Found:
    """IdentityInfo: which names, SIDs and ids are one account; nobody did anything to it."""
    name, domain, upn = (row.get(f"Account{part}") for part in ("Name", "Domain", "Upn"))
    shown = name or row.get("AccountDisplayName")
    words = [row.get(column) for column in ("JobTitle", "Department", "Type")]
    identifiers = [row.get("OnPremSid"), row.get("AccountObjectId"), row.get("CloudSid")]
    rows = []
    for identifier in dict.fromkeys(one for one in identifiers if one is not None) or [None]:
        sid = identifier if is_sid(identifier) else None
        who = account(name, domain, sid, upn, identifier)
        if identifier is not None and "user_sid" not in who:
            continue
        rows.append(
            (
                "change",
                {
                    "object_kind": "directory",
                    "object": upn or shown,
                    "object_id": identifier,
                    "details": ", ".join(word for word in words if word) or None,
                    **{f"target_{column}": value for column, value in who.items()},
                },
            )
        )
    return rows
