"""What devices report beside logons: programs, connections, files, registry values, and the devices themselves."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from graph_hunt.loaders._plan import fill, plan
from graph_hunt.loaders._values import address, integer, strings, text
from graph_hunt.loaders.defender.row import Found, Hunted, lower, path_of, process_guid
from graph_hunt.loaders.windows.codes import integrity
from graph_hunt.loaders.windows.event import logon_id
from graph_hunt.loaders.windows.sysmon import file_kind, registry_kind

__all__ = ["connected", "described", "file_changed", "network_described", "registry_changed", "started"]

_HIVES = {
    "HKEY_LOCAL_MACHINE": "HKLM",
    "HKEY_USERS": "HKU",
    "HKEY_CURRENT_USER": "HKU",
    "HKEY_CLASSES_ROOT": "HKCR",
    "HKEY_CURRENT_CONFIG": "HKCC",
}
_HOST_OF_URL = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)")
_OUTCOMES = {"ConnectionSuccess": "success", "InboundConnectionAccepted": "success", "ConnectionFailed": "failure"}
_FILES: Mapping[str, str] = MappingProxyType(
    {"FileCreated": "created", "FileModified": "changed", "FileRenamed": "renamed", "FileDeleted": "deleted"}
)


_STARTED = plan(
    """
    host                  DeviceName
    logon_id:session      LogonId
    pid:whole             ProcessId
    command_line          ProcessCommandLine
    current_directory     CurrentDirectory
    original_name         ProcessVersionInfoOriginalFileName
    integrity:integrity   ProcessIntegrityLevel
    parent_pid:whole      InitiatingProcessId
    parent_command_line   InitiatingProcessCommandLine
    sha256:hash           SHA256
    sha1:hash             SHA1
    md5:hash              MD5
    """,
    session=logon_id,
    whole=integer,
    integrity=integrity,
    hash=lower,
)


def started(row: Hunted) -> Found:
    """DeviceProcessEvents: a program was started; the process that did it is the parent."""
    if row.action not in ("ProcessCreated", ""):
        return []
    found = row.fields.get
    columns: dict[str, Any] = {
        "kind": "start",
        **row.who(),
        "guid": process_guid(found("ProcessId"), found("ProcessCreationTime"), found("ProcessUniqueId")),
        "image": path_of(row.get("FolderPath"), row.get("FileName")),
        "parent_guid": row.initiator_guid(),
        "parent_image": row.initiator(),
    }
    fill(columns, row.fields, _STARTED)
    return [("process", columns)]


def connected(row: Hunted) -> Found:
    """DeviceNetworkEvents: a connection or a name that was looked up; the device is the near side."""
    if row.action == "DnsConnectionInspected":
        return _looked_up(row)
    if row.action.startswith(("ListeningConnection", "NetworkSignature")) or row.get("RemoteIP") is None:
        return []
    inbound = _inbound(row)
    near = (row.ip("LocalIP"), row.number("LocalPort"), None)
    far = (row.ip("RemoteIP"), row.number("RemotePort"), _host(row.get("RemoteUrl")))
    source, target = (far, near) if inbound else (near, far)
    columns = {
        "kind": "connection",
        "outcome": _OUTCOMES.get(row.action),
        "host": row.get("DeviceName"),
        **row.actor(),
        "direction": None if inbound is None else "inbound" if inbound else "outbound",
        "protocol": _protocol(row),
        "source_ip": source[0],
        "source_port": source[1],
        "source_host": source[2],
        "target_ip": target[0],
        "target_port": target[1],
        "target_host": target[2],
    }
    return [("network", columns)]


def _inbound(row: Hunted) -> bool | None:
    """Which side began it; null where a row does not tell."""
    if row.action.startswith("Inbound"):
        return True
    if row.action.endswith("Inspected"):
        direction = (text(row.added().get("direction")) or "").casefold()
        return {"in": True, "inbound": True, "out": False, "outbound": False}.get(direction)
    return None if row.action == "ConnectionAcknowledged" else False


def _protocol(row: Hunted) -> str | None:
    word = (row.get("Protocol") or row.action.partition("ConnectionInspected")[0]).casefold()
    return {"tcpv4": "tcp", "tcpv6": "tcp", "udpv4": "udp", "udpv6": "udp"}.get(word, word) or None


def _host(url: str | None) -> str | None:
    found = _HOST_OF_URL.match(url) if url is not None else None
    host = found.group(1) if found else None
    return None if host is None or address(host.strip("[]")) else host


def _looked_up(row: Hunted) -> Found:
    told = row.added()
    name = text(told.get("query"))
    if name is None:
        return []
    answers = told.get("answers")
    columns = {
        "kind": "lookup",
        "outcome": "success" if text(told.get("rcode_name")) in (None, "NOERROR") else "failure",
        "host": row.get("DeviceName"),
        "direction": "outbound",
        "protocol": "dns",
        "source_ip": row.ip("LocalIP"),
        "target_host": name,
        "answers": strings(answers if type(answers) is list else _list(answers)) or None,
    }
    return [("network", columns)]


def file_changed(row: Hunted) -> Found:
    """DeviceFileEvents: a file was made, changed, renamed or removed, perhaps through a share from another machine."""
    operation = _FILES.get(row.action)
    path = path_of(row.get("FolderPath"), row.get("FileName"))
    if operation is None or path is None:
        return []
    renamed = operation == "renamed"
    columns = {
        "object_kind": file_kind(path),
        "operation": operation,
        "outcome": "success",
        "host": row.get("DeviceName"),
        **row.actor(),
        "object": path,
        "path": path,
        "value": path if renamed else None,
        "old_value": path_of(row.get("PreviousFolderPath"), row.get("PreviousFileName")) if renamed else None,
        "sha256": row.hash("SHA256"),
    }
    return [("change", columns), *_through_share(row, path)]


def _through_share(row: Hunted, path: str) -> Found:
    share, ip = row.get("ShareName"), row.ip("RequestSourceIP")
    if share is None and ip is None:
        return []
    columns = {
        "kind": "share",
        "outcome": "success",
        "host": row.get("DeviceName"),
        **row.who("RequestAccount"),
        "source_ip": ip,
        "object": share.rstrip("\\").rpartition("\\")[2] if share is not None else None,
        "path": path,
        "rights": "write",
    }
    return [("access", columns)]


def registry_changed(row: Hunted) -> Found:
    """DeviceRegistryEvents: a value was set or removed; run keys and services' programs are told from the rest."""
    removed = row.action in ("RegistryValueDeleted", "RegistryKeyDeleted")
    if row.action != "RegistryValueSet" and not removed:
        return []
    before = "Previous" if removed else ""
    key = _key(row.first(f"{before}RegistryKey", "RegistryKey"), row.first(f"{before}RegistryValueName"))
    if key is None:
        return []
    kind, name = registry_kind(key)
    if removed and kind == "registry":
        return []
    value = row.get("RegistryValueData")
    columns = {
        "object_kind": kind,
        "operation": "deleted" if removed else "changed",
        "outcome": "success",
        "host": row.get("DeviceName"),
        **row.actor(),
        "object": name,
        "object_id": key,
        "path": None if kind == "registry" or removed else value,
        "value": None if removed else value,
        "old_value": row.get("PreviousRegistryValueData"),
    }
    return [("change", columns)]


def _key(key: str | None, name: str | None) -> str | None:
    r"""A value's full name as Sysmon writes it: `HKLM\…\Run\Updater`."""
    if key is None:
        return None
    hive, separator, rest = key.partition("\\")
    full = f"{_HIVES.get(hive.upper(), hive)}{separator}{rest}"
    return f"{full}\\{name}" if name is not None else full


def described(row: Hunted) -> Found:
    """DeviceInfo: that there is a device of that name; nobody did anything to it."""
    name = row.get("DeviceName")
    if name is None:
        return []
    words = [row.get(column) for column in ("DeviceType", "OSPlatform", "JoinType", "MachineGroup")]
    columns = {
        "object_kind": "device",
        "host": name,
        "object": name,
        "object_id": row.first("AadDeviceId", "DeviceId"),
        "details": ", ".join(word for word in words if word) or None,
    }
    return [("change", columns)]


def network_described(row: Hunted) -> Found:
    """DeviceNetworkInfo: the addresses that a device's adapter had then."""
    if (row.get("NetworkAdapterStatus") or "Up").casefold() != "up":
        return []
    return [
        (
            "network",
            {
                "kind": "lease",
                "outcome": "success",
                "host": row.get("DeviceName"),
                "source_host": row.get("DeviceName"),
                "source_ip": ip,
                "mac": row.hash("MacAddress"),
            },
        )
        for ip in _addresses(row.fields.get("IPAddresses"))
    ]


def _addresses(value: Any) -> Iterator[str]:
    for item in _list(value):
        if type(item) is dict and str(item.get("AddressType")) != "LinkLocal":
            found = address(item.get("IPAddress"))
            if found is not None and not found.startswith(("169.254.", "fe80:")):
                yield found


def _list(value: Any) -> list[Any]:
    if type(value) is str and value[:1] == "[":
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return []
    return value if type(value) is list else []
