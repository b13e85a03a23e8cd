"""Sysmon: processes, connections, memory and pipes opened, files, registry values and WMI subscriptions."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.codes import integrity
from graph_hunt.loaders.windows.event import Event, Mapper, Row, address, text
from graph_hunt.loaders.windows.lasting import change

_RUN_KEY = re.compile(
    r"\\(?:CurrentVersion\\(?:Run|RunOnce|RunOnceEx|RunServices|RunServicesOnce|Policies\\Explorer\\Run)"
    r"|CurrentVersion\\Windows(?:\\load|\\run)?|Winlogon)\\[^\\]+$"
    r"|\\Environment\\UserInitMprLogonScript$",
    re.IGNORECASE,
)
_STARTUP = re.compile(r"\\Start Menu\\Programs\\Startup\\[^\\]+$", re.IGNORECASE)
_SERVICE = re.compile(
    r"\\(?:CurrentControlSet|ControlSet\d+)\\Services\\([^\\]+)\\(?:ImagePath|Parameters\\ServiceDll)$", re.IGNORECASE
)
_REFERENCE = re.compile(r'^\w+\.Name="(.+)"$', re.DOTALL)
_WINLOGON = frozenset({"shell", "userinit", "notify", "taskman"})


def _guid(event: Event, *names: str) -> str | None:
    for name in names:
        if found := event.text(name):
            return found.strip("{}")
    return None


def _hashes(value: str | None) -> dict[str, str]:
    pairs = (part.partition("=") for part in (value or "").split(","))
    return {name.strip().lower(): text.strip().lower() for name, _, text in pairs if text}


def process_created(event: Event) -> list[Row]:
    """1: a process was created."""
    hashes = _hashes(event.text("Hashes"))
    return [
        (
            "process",
            {
                "kind": "start",
                "host": event.computer,
                **event.who("User"),
                "logon_id": event.logon_id("LogonId"),
                "guid": _guid(event, "ProcessGuid"),
                "pid": event.number_of("ProcessId"),
                "image": event.text("Image"),
                "command_line": event.text("CommandLine"),
                "current_directory": event.text("CurrentDirectory"),
                "original_name": event.text("OriginalFileName"),
                "integrity": integrity(event.data.get("IntegrityLevel")),
                "parent_guid": _guid(event, "ParentProcessGuid"),
                "parent_pid": event.number_of("ParentProcessId"),
                "parent_image": event.text("ParentImage"),
                "parent_command_line": event.text("ParentCommandLine"),
                "sha256": hashes.get("sha256"),
                "sha1": hashes.get("sha1"),
                "md5": hashes.get("md5"),
                "imphash": hashes.get("imphash"),
            },
        )
    ]


_SERVED = 1024
"""Ports below are served, and not what a caller calls from."""


def connected(event: Event) -> list[Row]:
    """3: a connection; `Initiated` tells whether the recorder's process began it."""
    outbound = (event.text("Initiated") or "").casefold() == "true"
    began, met = ("Destination", "Source") if not outbound and _answered_as_source(event) else ("Source", "Destination")
    return [
        (
            "network",
            {
                "kind": "connection",
                "outcome": "success",
                "host": event.computer,
                **event.who("User"),
                "direction": "outbound" if outbound else "inbound",
                "protocol": event.text("Protocol"),
                "source_host": text(event.data.get(f"{began}Hostname")),
                "source_ip": event.address(f"{began}Ip"),
                "source_port": event.number_of(f"{began}Port"),
                "target_host": text(event.data.get(f"{met}Hostname")),
                "target_ip": event.address(f"{met}Ip"),
                "target_port": event.number_of(f"{met}Port"),
                "process": event.text("Image"),
                "process_guid": _guid(event, "ProcessGuid"),
                "pid": event.number_of("ProcessId"),
            },
        )
    ]


def _answered_as_source(event: Event) -> bool:
    """Sysmon writes an inbound connection's own end as the source before version 10, and for UDP to this day."""
    own = (event.computer or "").partition(".")[0].casefold()
    source, target = (
        (text(event.data.get(f"{end}Hostname")) or "").partition(".")[0].casefold() for end in ("Source", "Destination")
    )
    if own and own in (source, target):
        return source == own != target
    source_port, target_port = event.number_of("SourcePort"), event.number_of("DestinationPort")
    return source_port is not None and target_port is not None and source_port < _SERVED <= target_port


def process_opened(event: Event) -> list[Row]:
    """8, 10: one process started a thread in another, or opened its memory."""
    return [
        (
            "access",
            {
                "kind": "thread" if event.id == 8 else "process",
                "outcome": "success",
                "host": event.computer,
                **event.who("SourceUser"),
                "object": event.text("TargetImage"),
                "path": event.text("StartModule"),
                "rights": event.text("GrantedAccess"),
                "process": event.text("SourceImage"),
                "process_guid": _guid(event, "SourceProcessGUID", "SourceProcessGuid"),
                "pid": event.number_of("SourceProcessId"),
                "target_process": event.text("TargetImage"),
                "target_guid": _guid(event, "TargetProcessGUID", "TargetProcessGuid"),
                "target_pid": event.number_of("TargetProcessId"),
            },
        )
    ]


def _origin(event: Event) -> dict[str, Any]:
    return {
        **event.who("User"),
        "process": event.text("Image"),
        "process_guid": _guid(event, "ProcessGuid"),
        "pid": event.number_of("ProcessId"),
    }


def file_created(event: Event) -> list[Row]:
    """11: a file was created or overwritten; what lies in a startup folder is started at logon."""
    name = event.text("TargetFilename")
    return change(event, file_kind(name), "created", **_origin(event), object=name, path=name)


def file_kind(path: str | None) -> str:
    """Tell a file in a startup folder from the others."""
    return "startup" if path and _STARTUP.search(path) else "file"


def value_set(event: Event) -> list[Row]:
    """13: a registry value was set; run keys and services' programs are told from the rest."""
    key, details = event.text("TargetObject") or "", event.text("Details")
    kind, name = registry_kind(key)
    path = None if kind == "registry" else details
    return change(
        event, kind, "changed", **_origin(event), object=name or None, object_id=key or None, path=path, value=details
    )


def registry_kind(key: str) -> tuple[str, str]:
    r"""What a registry value is that has this key and name, and its name as that: a service's program, a run key.

    >>> registry_kind(r"HKLM\System\CurrentControlSet\Services\Updater\ImagePath"), registry_kind(r"HKU\S-1\Color")
    (('service', 'Updater'), ('registry', 'HKU\\S-1\\Color'))
    """
    if service := _SERVICE.search(key):
        return "service", service.group(1)
    return "run_key" if _is_run_key(key) else "registry", key


def _is_run_key(key: str) -> bool:
    if not _RUN_KEY.search(key):
        return False
    parent, _, value = key.rpartition("\\")
    return not parent.casefold().endswith("winlogon") or value.casefold() in _WINLOGON


def pipe(event: Event) -> list[Row]:
    """17, 18: a named pipe was created, or connected to."""
    name = event.text("PipeName")
    return [
        (
            "access",
            {
                "kind": "pipe",
                "outcome": "success",
                "host": event.computer,
                **_origin(event),
                "object": name.lstrip("\\") if name else None,
                "path": name,
                "rights": "create" if event.id == 17 else "connect",
            },
        )
    ]


def _plain(value: str | None) -> str | None:
    r"""A WMI string without its quotes and escapes, a reference's name alone: `CommandLine…Name=\"Bot\"` is `Bot`."""
    if not value:
        return None
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].replace("\\\\", "\\").replace('\\"', '"')
    found = _REFERENCE.search(value)
    return (found[1] if found else value).strip() or None


_CONSUMERS = {
    "command line": "CommandLineEventConsumer",
    "script": "ActiveScriptEventConsumer",
    "log file": "LogFileEventConsumer",
    "smtp": "SMTPEventConsumer",
    "event log": "NTEventLogEventConsumer",
    "nt event log": "NTEventLogEventConsumer",
}


def _consumer(event: Event) -> str | None:
    """A consumer's class and name, as WMI-Activity 5861 writes them: `CommandLineEventConsumer=Bot`."""
    bound = event.text("Consumer")
    if bound:
        kind, _, name = bound.strip('" ').partition(".")
        return f"{kind}={_plain(bound)}" if name else _plain(bound)
    own = _plain(event.text("Name"))
    kind = _CONSUMERS.get((event.text("Type") or "").casefold(), "")
    return f"{kind}={own}" if kind and own else own


def subscription(event: Event) -> list[Row]:
    """19, 20, 21: a WMI filter, consumer or their binding was made or removed."""
    operation = {"created": "created", "deleted": "deleted", "modified": "changed"}
    return change(
        event,
        "wmi",
        operation.get((event.text("Operation") or "").casefold(), "changed"),
        **event.who("User"),
        object=_plain(event.text("Name")) if event.id == 19 else _consumer(event),
        path=_plain(event.text("Destination") or event.text("Query")),
        details=_plain(event.text("EventNamespace") or event.text("Type") or event.text("Filter")),
    )


def looked_up(event: Event) -> list[Row]:
    """22: a name was looked up; results are separated by `;`, other types of record said as `type: n name`."""
    status = event.text("QueryStatus")
    answers = []
    for part in (event.text("QueryResults") or "").split(";"):
        word = part.strip()
        if word:
            answers.append(address(word) or word.rpartition(" ")[2])
    return [
        (
            "network",
            {
                "kind": "lookup",
                "outcome": "success" if status in (None, "0") else "failure",
                "host": event.computer,
                **_origin(event),
                "direction": "outbound",
                "protocol": "dns",
                "target_host": event.text("QueryName"),
                "answers": answers or None,
            },
        )
    ]


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("Sysmon", 1): process_created,
        ("Sysmon", 3): connected,
        ("Sysmon", 8): process_opened,
        ("Sysmon", 10): process_opened,
        ("Sysmon", 11): file_created,
        ("Sysmon", 13): value_set,
        ("Sysmon", 17): pipe,
        ("Sysmon", 18): pipe,
        ("Sysmon", 19): subscription,
        ("Sysmon", 20): subscription,
        ("Sysmon", 21): subscription,
        ("Sysmon", 22): looked_up,
    }
)
