"""DeviceEvents: what devices report that has no table of its own, by ActionType."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._values import flag, integer, strings, text
from graph_hunt.loaders.defender.row import Found, Hunted, Mapper, account, path_of, process_guid
from graph_hunt.loaders.windows.codes import group
from graph_hunt.loaders.windows.lasting import task_action

__all__ = ["reported"]

_PIPE = "\\Device\\NamedPipe\\"
_DRIVER_TYPES = 0xB
_ACCOUNTS: Mapping[str, str] = MappingProxyType(
    {
        "UserAccountCreated": "created",
        "UserAccountModified": "changed",
        "UserAccountDeleted": "deleted",
        "UserAccountEnabled": "enabled",
        "UserAccountDisabled": "disabled",
        "PasswordChangeAttempt": "password_reset",
        "PasswordResetAttempt": "password_reset",
    }
)
_TASKS: Mapping[str, str] = MappingProxyType(
    {
        "ScheduledTaskCreated": "created",
        "ScheduledTaskUpdated": "changed",
        "ScheduledTaskDeleted": "deleted",
        "ScheduledTaskEnabled": "enabled",
        "ScheduledTaskDisabled": "disabled",
    }
)
_MEMORY = frozenset(
    {
        *("OpenProcessApiCall", "ReadProcessMemoryApiCall", "WriteProcessMemoryApiCall", "WriteToLsassProcessMemory"),
        *("NtAllocateVirtualMemoryRemoteApiCall", "NtProtectVirtualMemoryRemoteApiCall", "MemoryRemoteProtect"),
        *("NtMapViewOfSectionRemoteApiCall", "QueueUserApcRemoteApiCall", "SetThreadContextRemoteApiCall"),
    }
)
_SCRIPTS: Mapping[str, str] = MappingProxyType(
    {"PowerShellCommand": "Command", "ScriptContent": "ScriptContent", "AmsiScriptContent": "ScriptContent"}
)


def _change(row: Hunted, object_kind: str, operation: str, **columns: Any) -> Found:
    own = {
        "object_kind": object_kind,
        "operation": operation,
        "outcome": "success",
        "host": row.get("DeviceName"),
        **row.actor(),
    }
    return [("change", own | columns)]


def _image(row: Hunted) -> str | None:
    return path_of(row.get("FolderPath"), row.get("FileName"))


def _task(row: Hunted) -> Found:
    told = row.added()
    content = text(told.get("TaskContent")) or text(told.get("TaskContentNew")) or text(told.get("NewTaskContent"))
    return _change(
        row, "task", _TASKS[row.action], object=text(told.get("TaskName")), path=task_action(content) or _image(row)
    )


def _service(row: Hunted) -> Found:
    told = row.added()
    words = [
        ("runs as", text(told.get("ServiceAccount"))),
        ("start", text(told.get("ServiceStartType"))),
    ]
    kind = "driver" if (integer(told.get("ServiceType")) or 0) & _DRIVER_TYPES else "service"
    return _change(
        row,
        kind,
        "created",
        object=text(told.get("ServiceName")),
        path=row.get("ProcessCommandLine") or _image(row),
        details=", ".join(f"{label} {value}" for label, value in words if value) or None,
        sha256=row.hash("SHA256"),
    )


def _driver(row: Hunted) -> Found:
    return _change(row, "driver", "started", object=row.get("FileName"), path=_image(row), sha256=row.hash("SHA256"))


def _account(row: Hunted) -> Found:
    who = row.who()
    target = {f"target_{name}": value for name, value in who.items()}
    done = _ACCOUNTS[row.action]
    return _change(row, "account", done, object=row.get("AccountName"), object_id=who.get("user_sid"), **target)


def _group(row: Hunted) -> Found:
    """A local group's new or lost member; older rows hold the group in the account's columns, the member aside."""
    told = row.added()
    added = row.action == "UserAccountAddedToLocalGroup"
    member = text(told.get("MemberSid"))
    name = text(told.get("GroupName"))
    if name is not None:
        domain, identifier = text(told.get("GroupDomainName")), text(told.get("GroupSid"))
        who = row.who()
    else:
        name, domain, identifier = row.get("AccountName"), row.get("AccountDomain"), row.get("AccountSid")
        who = account(told.get("MemberName"), None, member, None, None)
    return _change(
        row,
        "group",
        "member_added" if added else "member_removed",
        object=_group_name(row, group(name, identifier), domain),
        object_id=identifier,
        details=text(told.get("MemberName")),
        **{f"target_{column}": value for column, value in who.items()},
    )


def _group_name(row: Hunted, name: str | None, domain: str | None) -> str | None:
    r"""A group with its machine or domain: `PC1\Administrators`."""
    if name is None:
        return None
    if domain is None or domain.casefold() == "builtin":
        domain = (row.get("DeviceName") or "").partition(".")[0] or None
    return f"{domain}\\{name}" if domain is not None else name


def _security_group(row: Hunted) -> Found:
    name = _group_name(row, row.get("AccountName"), row.get("AccountDomain"))
    done = "created" if row.action == "SecurityGroupCreated" else "deleted"
    return _change(row, "group", done, object=name, object_id=row.get("AccountSid"))


def _cleared(row: Hunted) -> Found:
    return _change(row, "log", "cleared", object="Security")


def _audit_policy(row: Hunted) -> Found:
    words = [
        text(row.added().get(name)) for name in ("CategoryId", "SubcategoryId", "SubcategoryGuid", "AuditPolicyChanges")
    ]
    return _change(row, "policy", "changed", object="audit policy", details=", ".join(w for w in words if w) or None)


def _subscription(row: Hunted) -> Found:
    told = row.added()
    consumer = text(told.get("Consumer"))
    return _change(
        row, "wmi", "created", object=consumer, path=text(told.get("PossibleCause")), details=text(told.get("ESS"))
    )


def _opened(row: Hunted) -> Found:
    """One process opened another, or wrote to its memory; the other is in the file's and process's columns."""
    found = row.fields.get
    target = _image(row)
    if target is None and row.action == "WriteToLsassProcessMemory":
        target = "lsass.exe"
    if target is None:
        return []
    told = row.added()
    actor = row.actor()
    columns = {
        "kind": "process",
        "outcome": "success",
        "host": row.get("DeviceName"),
        **actor,
        "object": target,
        "rights": _rights(told.get("DesiredAccess")) or row.action,
        "target_process": target,
        "target_guid": process_guid(found("ProcessId"), found("ProcessCreationTime"), found("ProcessUniqueId")),
        "target_pid": row.number("ProcessId") or None,
    }
    return [("access", columns)]


def _rights(value: Any) -> str | None:
    """Access rights in hexadecimal, as Sysmon writes them."""
    number = integer(value)
    return hex(number) if number is not None else text(value)


def _thread(row: Hunted) -> Found:
    found = _opened(row)
    return [(table, columns | {"kind": "thread", "rights": row.action}) for table, columns in found]


def _pipe(row: Hunted) -> Found:
    told = row.added()
    path = text(told.get("PipeName"))
    if path is None:
        return []
    made = "creat" in (text(told.get("FileOperation")) or "").casefold()
    columns = {
        "kind": "pipe",
        "outcome": "success",
        "host": row.get("DeviceName"),
        **row.actor(),
        "object": path.removeprefix(_PIPE).lstrip("\\"),
        "path": path,
        "rights": "create" if made else "connect",
        "source_ip": row.ip("RemoteIP"),
    }
    return [("access", columns)]


def _share(row: Hunted) -> Found:
    told = row.added()
    share = text(told.get("ShareName")) or row.get("ShareName")
    if share is None:
        return []
    columns = {
        "kind": "share",
        "outcome": "success",
        "host": row.get("DeviceName"),
        **(row.who() or row.who("InitiatingProcessAccount")),
        "source_ip": row.ip("RemoteIP"),
        "object": share.rstrip("\\").rpartition("\\")[2],
        "path": text(told.get("RelativeTargetName")),
    }
    return [("access", columns)]


def _new_share(row: Hunted) -> Found:
    told = row.added()
    share = text(told.get("ShareName"))
    name = share.rstrip("\\").rpartition("\\")[2] if share is not None else None
    return _change(row, "share", "created", object=name, path=text(told.get("LocalPath")))


def _script(row: Hunted) -> Found:
    content = text(row.added().get(_SCRIPTS[row.action]))
    if content is None:
        return []
    columns = {
        "kind": "script",
        "host": row.get("DeviceName"),
        **row.who("InitiatingProcessAccount"),
        "pid": row.number("InitiatingProcessId") or None,
        "image": row.get("FileName") or row.initiator(),
        "command_line": content,
        "parent_command_line": row.get("InitiatingProcessCommandLine"),
        "sha256": row.hash("SHA256"),
    }
    return [("process", columns)]


def _by_wmi(row: Hunted) -> Found:
    """ProcessCreatedUsingWmiQuery: a program was started through WMI, perhaps from another machine."""
    told = row.added()
    client = text(told.get("ClientMachine"))
    own = (row.get("DeviceName") or "").partition(".")[0].casefold()
    if client is not None and (
        client.partition(".")[0].casefold() == own or flag(told.get("IsRemoteMachine")) is False
    ):
        client = None
    columns = {
        "kind": "object",
        "outcome": "success",
        "host": row.get("DeviceName"),
        **row.who("InitiatingProcessAccount"),
        "source_host": client,
        "object": row.get("ProcessCommandLine") or text(told.get("Operation")) or "Win32_Process::Create",
        "path": text(told.get("Namespace")),
        "process": row.initiator(),
    }
    return [("access", columns)]


def _looked_up(row: Hunted) -> Found:
    told = row.added()
    name = text(told.get("DnsQueryString"))
    if name is None:
        return []
    results = told.get("DnsQueryResult")
    answers = [text(item.get("Result")) for item in results if type(item) is dict] if type(results) is list else []
    actor = row.actor()
    columns = {
        "kind": "lookup",
        "host": row.get("DeviceName"),
        **actor,
        "direction": "outbound",
        "protocol": "dns",
        "target_host": name,
        "answers": strings([answer for answer in answers if answer]) or None,
    }
    return [("network", columns)]


def _alert(row: Hunted) -> Found:
    """What Defender's antivirus, attack surface reduction or exploit protection blocked or noted."""
    told = row.added()
    name = text(told.get("ThreatName"))
    blocked = row.action.endswith("Blocked") or row.action == "TamperingAttempt"
    high = name is not None or "Lsass" in row.action or row.action == "TamperingAttempt"
    words = [name, _image(row), row.get("ProcessCommandLine"), row.initiator(), row.get("RemoteUrl")]
    who = row.who("InitiatingProcessAccount") or row.who()
    columns = {
        "product": "Microsoft Defender for Endpoint",
        "title": f"{row.action}: {name}" if name is not None else row.action,
        "level": "high" if high else "medium" if blocked else "low",
        "host": row.get("DeviceName"),
        **who,
        "source_ip": row.ip("RemoteIP"),
        "details": "; ".join(word for word in words if word) or None,
        "rule": row.action,
    }
    return [("alert", columns)]


_BY_ACTION: Mapping[str, Mapper] = MappingProxyType(
    {
        **dict.fromkeys(_TASKS, _task),
        "ServiceInstalled": _service,
        "DriverLoad": _driver,
        **dict.fromkeys(_ACCOUNTS, _account),
        **dict.fromkeys(("UserAccountAddedToLocalGroup", "UserAccountRemovedFromLocalGroup"), _group),
        **dict.fromkeys(("SecurityGroupCreated", "SecurityGroupDeleted"), _security_group),
        "SecurityLogCleared": _cleared,
        "AuditPolicyModification": _audit_policy,
        "WmiBindEventFilterToConsumer": _subscription,
        **dict.fromkeys(_MEMORY, _opened),
        "CreateRemoteThreadApiCall": _thread,
        "NamedPipeEvent": _pipe,
        "NetworkShareObjectAccessChecked": _share,
        "NetworkShareObjectAdded": _new_share,
        **dict.fromkeys(_SCRIPTS, _script),
        "ProcessCreatedUsingWmiQuery": _by_wmi,
        "DnsQueryResponse": _looked_up,
        **dict.fromkeys(("AntivirusDetection", "AntivirusReport", "TamperingAttempt", "AmsiScriptDetection"), _alert),
    }
)


def reported(row: Hunted) -> Found:
    """DeviceEvents: by its ActionType; rules of attack surface reduction have one each."""
    mapper = _BY_ACTION.get(row.action)
    if (
        mapper is None
        and row.action.startswith(("Asr", "ExploitGuard"))
        and row.action.endswith(("Blocked", "Audited"))
    ):
        mapper = _alert
    return mapper(row) if mapper is not None else []
