"""What was made, changed or removed: accounts, groups, rights, files, scheduled tasks, registry values."""

from typing import Any

from graph_hunt.loaders._values import first
from graph_hunt.loaders.ocsf.event import Event, Row, account, hashes, texts
from graph_hunt.loaders.windows.codes import group
from graph_hunt.loaders.windows.lasting import task_action
from graph_hunt.loaders.windows.sysmon import file_kind, registry_kind

__all__ = ["account_changed", "file_changed", "group_changed", "job_changed", "registry_changed", "rights_changed"]


def _change(event: Event, object_kind: str, operation: str, **columns: Any) -> list[Row]:
    host, ip, _ = event.endpoint("src_endpoint")
    own = {
        "object_kind": object_kind,
        "operation": operation,
        "outcome": event.outcome or "success",
        "host": event.machine(),
        **event.doer(),
        "source_host": host,
        "source_ip": ip,
    }
    return [("change", own | columns)]


_ACCOUNTS = {
    1: ("account", "created"),
    2: ("account", "enabled"),
    3: ("account", "password_reset"),
    4: ("account", "password_reset"),
    5: ("account", "disabled"),
    6: ("account", "deleted"),
    7: ("account", "changed"),
    8: ("account", "changed"),
    9: ("account", "disabled"),
    10: ("mfa_method", "created"),
    11: ("mfa_method", "deleted"),
    12: ("account", "enabled"),
}


def account_changed(event: Event) -> list[Row]:
    """3001."""
    kind, operation = _ACCOUNTS.get(event.activity, ("account", "changed"))
    target = account(event.fields.get("user"), "target_")
    name = first((target.get("target_user"), target.get("target_user_upn"), target.get("target_user_sid")))
    details = event.get("policy", "name") or event.get("activity_name")
    return _change(
        event, kind, operation, object=name, object_id=target.get("target_user_sid"), details=details, **target
    )


_GROUPS = {1: "changed", 2: "changed", 3: "member_added", 4: "member_removed", 5: "deleted", 6: "created"}


def group_changed(event: Event) -> list[Row]:
    """3006."""
    name, domain = event.get("group", "name"), event.get("group", "domain")
    identifier = event.get("group", "uid")
    name = group(name, identifier)
    if name is not None and domain is not None and "\\" not in name:
        name = f"{domain}\\{name}"
    return _change(
        event,
        "group",
        _GROUPS.get(event.activity, "changed"),
        object=name,
        object_id=identifier,
        details=", ".join(texts(event.fields.get("privileges"))) or None,
        **account(event.fields.get("user"), "target_"),
    )


def rights_changed(event: Event) -> list[Row]:
    """3005: rights were given to a user, or taken."""
    privileges = ", ".join(texts(event.fields.get("privileges"))) or event.get("resource", "name")
    done = {1: "member_added", 2: "member_removed"}.get(event.activity)
    if done is None or privileges is None:
        return []
    return _change(event, "role", done, object=privileges, **account(event.fields.get("user"), "target_"))


_FILES = {1: "created", 3: "changed", 4: "deleted", 5: "renamed"}


def file_changed(event: Event) -> list[Row]:
    """1001."""
    path, operation = event.get("file", "path"), _FILES.get(event.activity)
    if path is None or operation is None:
        return []
    after = event.get("file_result", "path") if operation == "renamed" else None
    columns = {"object": after or path, "path": after or path, "old_value": path if after else None}
    return _change(
        event, file_kind(after or path), operation, **columns, sha256=hashes(event.fields.get("file")).get("sha256")
    )


_JOBS = {1: "created", 2: "changed", 3: "deleted", 4: "enabled", 5: "disabled", 6: "started"}


def job_changed(event: Event) -> list[Row]:
    """1006: a scheduled task."""
    operation = _JOBS.get(event.activity)
    command = (
        event.get("job", "cmd_line") or event.get("job", "file", "path") or task_action(event.unmapped("TaskContent"))
    )
    if operation is None:
        return []
    return _change(event, "task", operation, object=event.get("job", "name"), path=command)


def registry_changed(event: Event) -> list[Row]:
    """201002 of Windows' extension: a registry value."""
    path, name = event.get("reg_value", "path"), event.get("reg_value", "name")
    if path is None or event.activity not in (1, 2, 3, 4):
        return []
    full = f"{path}\\{name}" if name is not None and not path.endswith(name) else path
    kind, own = registry_kind(full)
    value = event.get("reg_value", "data")
    done = "deleted" if event.activity == 4 else "changed"
    columns = {"object": own, "object_id": full, "value": value, "path": None if kind == "registry" else value}
    return _change(event, kind, done, **columns)
