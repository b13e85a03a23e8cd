"""Programs that started, as the Security log tells them, and scripts as PowerShell does."""

from collections.abc import Mapping
from types import MappingProxyType

from graph_hunt.loaders.windows.codes import integrity
from graph_hunt.loaders.windows.event import Event, Mapper, Row, account


def started(event: Event) -> list[Row]:
    """4688: a process was created.

    `Subject*` is who created it; `Target*`, where given, is whom it runs as: a service that starts a program for a
    user, such as WMI's, shows only there.
    """
    runs_as = "Target" if event.text("TargetUserName") and event.logon_id("TargetLogonId") else "Subject"
    return [
        (
            "process",
            {
                "kind": "start",
                "host": event.computer,
                "user": event.text(f"{runs_as}UserName"),
                "user_domain": event.text(f"{runs_as}DomainName"),
                "user_sid": event.sid(f"{runs_as}UserSid"),
                "logon_id": event.logon_id(f"{runs_as}LogonId"),
                "pid": event.number_of("NewProcessId"),
                "image": event.text("NewProcessName"),
                "command_line": event.text("CommandLine"),
                "integrity": integrity(event.data.get("MandatoryLabel")),
                "parent_pid": event.number_of("ProcessId"),
                "parent_image": event.text("ParentProcessName"),
            },
        )
    ]


def ended(event: Event) -> list[Row]:
    """4689: a process has exited."""
    return [
        (
            "process",
            {
                "kind": "stop",
                "host": event.computer,
                "user": event.text("SubjectUserName"),
                "user_domain": event.text("SubjectDomainName"),
                "user_sid": event.sid("SubjectUserSid"),
                "logon_id": event.logon_id("SubjectLogonId"),
                "pid": event.number_of("ProcessId"),
                "image": event.text("ProcessName"),
            },
        )
    ]


def _context(value: str | None) -> dict[str, str]:
    """The `Name = value` lines of PowerShell's context."""
    lines = (line.partition(" = ") for line in (value or "").splitlines())
    return {name.strip(): text for name, _, text in lines if text.strip()}


def script_block(event: Event) -> list[Row]:
    """PowerShell 4104: a script block, or a part of a long one; Path is the file it came from."""
    part, parts = event.number_of("MessageNumber"), event.number_of("MessageTotal")
    return [
        (
            "process",
            {
                "kind": "script",
                "host": event.computer,
                **event.writer(),
                "guid": event.text("ScriptBlockId") if parts in (None, 1) else f"{event.text('ScriptBlockId')}/{part}",
                "pid": event.pid,
                "image": event.text("Path") or "powershell.exe",
                "command_line": event.text("ScriptBlockText"),
            },
        )
    ]


def pipeline(event: Event) -> list[Row]:
    """PowerShell 4103: a command ran; the context names its user, host program and script."""
    context = _context(event.text("ContextInfo"))
    user, domain = account(context.get("User"))
    return [
        (
            "process",
            {
                "kind": "script",
                "host": event.computer,
                "user": user,
                "user_domain": domain,
                "user_sid": event.user_sid,
                "pid": event.pid,
                "image": context.get("Script Name", "").strip() or "powershell.exe",
                "command_line": event.text("Payload"),
                "parent_command_line": context.get("Host Application", "").strip() or None,
            },
        )
    ]


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("Security", 4688): started,
        ("Security", 4689): ended,
        ("PowerShell", 4103): pipeline,
        ("PowerShell", 4104): script_block,
    }
)
