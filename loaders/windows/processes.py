"""Programs that started, as the Security log tells them, and scripts as PowerShell does."""

from collections.abc import Mapping
from types import MappingProxyType

from graph_hunt.loaders.windows.codes import integrity
from graph_hunt.loaders.windows.event import Event, Mapper, Row


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


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("Security", 4688): started,
        ("Security", 4689): ended,
    }
)
