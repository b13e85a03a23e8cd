"""Services, scheduled tasks, shares and cleared logs: what the Security and System logs say was made or changed."""

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.event import Event, Mapper, Row
from graph_hunt.loaders.windows.shares import share_name, subject

_ACTION = re.compile(r"<(?:\w+:)?(Command|Arguments|ClassId)>(.*?)</(?:\w+:)?\1>", re.DOTALL)


def change(event: Event, object_kind: str, operation: str, **columns: Any) -> list[Row]:
    """One row of the table `change`, on the recorder."""
    row = {"object_kind": object_kind, "operation": operation, "outcome": "success", "host": event.computer, **columns}
    return [("change", row)]


def service_installed(event: Event) -> list[Row]:
    """Security 4697: who installed a service, its name and program."""
    return change(
        event,
        "driver" if (event.number_of("ServiceType") or 0) & 0xB else "service",
        "created",
        **subject(event),
        object=event.text("ServiceName"),
        path=event.text("ServiceFileName"),
        details=_service_details(event, "ServiceAccount", "ServiceStartType"),
    )


def _service_details(event: Event, account_field: str, start_field: str) -> str | None:
    parts = [("runs as", event.text(account_field)), ("start", event.text(start_field))]
    return ", ".join(f"{label} {value}" for label, value in parts if value) or None


def new_service(event: Event) -> list[Row]:
    """System 7045: a service was installed; the writer's SID, if any, is who did it."""
    kind = event.text("ServiceType") or ""
    return change(
        event,
        "driver" if "driver" in kind.casefold() else "service",
        "created",
        **event.writer(),
        object=event.text("ServiceName"),
        path=event.text("ImagePath"),
        details=_service_details(event, "AccountName", "StartType"),
    )


def service_state(event: Event) -> list[Row]:
    """System 7036: a service entered a state, given in the machine's language; Binary holds its key name."""
    state = (event.text("param2") or "").casefold()
    binary = event.text("Binary") or ""
    try:
        name = bytes.fromhex(binary).decode("utf-16-le").rstrip("\x00").rpartition("/")[0]
    except (ValueError, UnicodeDecodeError):
        name = ""
    return change(
        event,
        "service",
        {"running": "started", "stopped": "stopped"}.get(state, "changed"),
        object=name or event.text("param1"),
        details=f"{event.text('param1') or name} is {state}",
        value=state or None,
    )


def service_start_type(event: Event) -> list[Row]:
    """System 7040: a service's start type was changed; the fourth parameter is its key name."""
    new = event.text("param3")
    return change(
        event,
        "service",
        "disabled" if new == "disabled" else "changed",
        **event.writer(),
        object=event.text("param4") or event.text("param1"),
        details=f"start type of {event.text('param1')}",
        value=new,
        old_value=event.text("param2"),
    )


def log_cleared(event: Event) -> list[Row]:
    """Security 1102, System 104: a log was cleared."""
    return change(event, "log", "cleared", **subject(event), object=event.text("Channel") or event.channel)


def task_action(content: str | None) -> str | None:
    """The command, with arguments, that a task's XML runs; its handler's class where it runs no command."""
    if not content:
        return None
    found: dict[str, list[str]] = {"Command": [], "Arguments": [], "ClassId": []}
    for tag, value in _ACTION.findall(content):
        found[tag].append(unescape(value.strip()))
    if found["Command"]:
        return " ".join([found["Command"][0], *found["Arguments"][:1]])
    return found["ClassId"][0] if found["ClassId"] else None


_TASK_OPERATIONS = {4698: "created", 4699: "deleted", 4700: "enabled", 4701: "disabled", 4702: "changed"}


def task_changed(event: Event) -> list[Row]:
    """4698-4702: a scheduled task was created, deleted, enabled, disabled or updated."""
    content = event.text("TaskContent") or event.text("TaskContentNew")
    if content and content.startswith("&lt;"):
        content = unescape(content)
    remote = event.text("RpcCallClientLocality") == "1"
    return change(
        event,
        "task",
        _TASK_OPERATIONS[event.id],
        **subject(event),
        object=event.text("TaskName"),
        path=task_action(content),
        details=_task_principal(content),
        source_host=event.machine("FQDN") if remote else None,
    )


_PRINCIPAL = re.compile(r"<(UserId|GroupId|Author|RunLevel)>(.*?)</\1>", re.DOTALL)


def _task_principal(content: str | None) -> str | None:
    found = {tag: unescape(value.strip()) for tag, value in reversed(_PRINCIPAL.findall(content or ""))}
    runs_as = found.get("UserId") or found.get("GroupId")
    parts = [("runs as", runs_as), ("level", found.get("RunLevel")), ("author", found.get("Author"))]
    return ", ".join(f"{label} {value}" for label, value in parts if value) or None


def share_added(event: Event) -> list[Row]:
    """5142, 5144: a share was added or deleted."""
    name, path = share_name(event.text("ShareName")), event.text("ShareLocalPath")
    return change(
        event,
        "share",
        "created" if event.id == 5142 else "deleted",
        **subject(event),
        object=name,
        path=path,
        details=f"{name} of {path}" if name and path else name,
    )


def _owner(event: Event, name: str) -> dict[str, str | None]:
    return event.who(name) if event.text(name) else event.writer()


def scheduler_changed(event: Event) -> list[Row]:
    """Task Scheduler 106, 140, 141: a task was registered, updated or deleted."""
    field = "UserContext" if event.id == 106 else "UserName"
    operation = {106: "created", 140: "changed", 141: "deleted", 142: "disabled"}[event.id]
    return change(event, "task", operation, **_owner(event, field), object=event.text("TaskName"))


def scheduler_ran(event: Event) -> list[Row]:
    """Task Scheduler 129, 200, 201: a task's action was started or has completed."""
    return change(
        event,
        "task",
        "stopped" if event.id == 201 else "started",
        object=event.text("TaskName"),
        path=event.text("Path") or event.text("ActionName"),
        pid=event.number_of("ProcessID") or event.number_of("EnginePID"),
        **event.writer(),
    )


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("Security", 4697): service_installed,
        ("System", 7045): new_service,
        ("System", 7036): service_state,
        ("System", 7040): service_start_type,
        ("Security", 1102): log_cleared,
        ("System", 104): log_cleared,
        ("Security", 5142): share_added,
        ("Security", 5144): share_added,
        **{("Security", number): task_changed for number in _TASK_OPERATIONS},
        **{("TaskScheduler", number): scheduler_changed for number in (106, 140, 141, 142)},
        **{("TaskScheduler", number): scheduler_ran for number in (129, 200, 201)},
    }
)
