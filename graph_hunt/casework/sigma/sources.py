"""Which events a rule's log source means here, and where its fields are: in a column, else in the original record."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph_hunt.errors import InputError
from graph_hunt.schema import TABLES

_NAME = re.compile(r"[A-Za-z0-9_@\- .\[\]{}]+")
_HASHES = (
    "concat_ws(',', 'MD5=' || upper(md5), 'SHA1=' || upper(sha1), 'SHA256=' || upper(sha256), "
    "'IMPHASH=' || upper(imphash))"
)
_WHO = 'CASE WHEN "user" IS NULL THEN NULL ELSE concat_ws(\'\\\', user_domain, "user") END'
_EVENT = "split_part(code, '/', 2)"
_EVERY = {"EventID": _EVENT, "Computer": "recorder", "ComputerName": "recorder"}
_PROCESS = {
    "Image": "image",
    "CommandLine": "command_line",
    "ParentImage": "parent_image",
    "ParentCommandLine": "parent_command_line",
    "OriginalFileName": "original_name",
    "CurrentDirectory": "current_directory",
    "IntegrityLevel": "integrity",
    "ProcessId": "pid::VARCHAR",
    "ParentProcessId": "parent_pid::VARCHAR",
    "LogonId": "logon_id",
    "User": _WHO,
    "Hashes": _HASHES,
    "Imphash": "imphash",
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
}
_BY = {"Image": "process", "User": _WHO, "ProcessId": "pid::VARCHAR"}
_JSON = (
    '$.Event.EventData."{0}"', '$."{0}"', '$.winlog.event_data."{0}"', '$.EventData."{0}"', '$.Event.System."{0}"',
    "$.{1}", "$.properties.{1}", '$.properties."{0}"', "$.data.{1}",
)  # fmt: skip
"""Where exports of one record keep a field: EVTX, flat lines, winlogbeat, Azure's envelopes."""


@dataclass(frozen=True, slots=True)
class Source:
    """The events of a log source: tables, which of their rows, and the columns that hold fields."""

    name: str
    tables: tuple[str, ...]
    where: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def sql(self, name: str) -> str:
        """Write the SQL that gives a field's text."""
        known = {key.casefold(): sql for key, sql in {**_EVERY, **self.fields}.items()}
        if (found := known.get(name.casefold())) is not None:
            return found
        if not _NAME.fullmatch(name):
            raise InputError(f"{name!r} is no field's name")
        dotted = ".".join(f'"{part}"' for part in name.split("."))
        paths = ", ".join(literal(path.format(name, dotted)) for path in _JSON)
        plain = re.escape(name)
        xml = literal(f"<Data Name=['\"]{plain}['\"]>([^<]*)</Data>")
        pairs = literal(f'(?:^|[ \\x1d,;]){plain}="?([^" \\x1d,;]*)')
        return (
            "CASE WHEN starts_with(raw, '{') THEN "
            f"list_filter(TRY(json_extract_string(raw, [{paths}])), lambda x: x IS NOT NULL)[1] "
            f"WHEN starts_with(raw, '<') THEN nullif(regexp_extract(raw, {xml}, 1), '') "
            f"ELSE nullif(regexp_extract(raw, {pairs}, 1), '') END"
        )


def literal(text: str) -> str:
    """Write a text as SQL: the only way in which a rule's words reach a query."""
    return "'" + text.replace("'", "''").replace("\x00", "") + "'"


_ALL = tuple(TABLES)
_WINDOWS = "code NOT LIKE 'Auditd/%' AND coalesce(image, '') NOT LIKE '/%'"
_UNIX = "(code LIKE 'Auditd/%' OR image LIKE '/%')"
_REGISTRY = {
    "TargetObject": "coalesce(object_id, object)", "Details": "value", "EventType": "'SetValue'", **_BY,
}  # fmt: skip
_OPENED = {
    "SourceImage": "process", "TargetImage": "target_process", "GrantedAccess": "rights", "SourceUser": _WHO,
    "StartModule": "path",
}  # fmt: skip
_CONNECTED = {
    **_BY, "DestinationIp": "target_ip", "DestinationPort": "target_port::VARCHAR",
    "DestinationHostname": "target_host", "SourceIp": "source_ip", "SourcePort": "source_port::VARCHAR",
    "SourceHostname": "source_host", "Protocol": "protocol",
    "Initiated": "CASE direction WHEN 'outbound' THEN 'true' WHEN 'inbound' THEN 'false' END",
}  # fmt: skip
_CATEGORIES: Mapping[tuple[str | None, str], Source] = {
    ("windows", "process_creation"): Source("processes", ("process",), f"kind = 'start' AND {_WINDOWS}", _PROCESS),
    ("linux", "process_creation"): Source("processes", ("process",), f"kind = 'start' AND {_UNIX}", _PROCESS),
    ("macos", "process_creation"): Source("processes", ("process",), f"kind = 'start' AND {_UNIX}", _PROCESS),
    ("windows", "ps_script"): Source(
        "PowerShell 4104", ("process",), "kind = 'script' AND code LIKE 'PowerShell/%'",
        {"ScriptBlockText": "command_line"},
    ),
    ("windows", "ps_module"): Source(
        "PowerShell 4103", ("process",), "code = 'PowerShell/4103'", {"Payload": "command_line"}
    ),
    ("windows", "registry_set"): Source(
        "registry values", ("change",), "code IN ('Sysmon/13', 'DeviceRegistryEvents/RegistryValueSet')", _REGISTRY
    ),
    ("windows", "registry_event"): Source(
        "registry values", ("change",), "code IN ('Sysmon/13', 'DeviceRegistryEvents/RegistryValueSet')", _REGISTRY
    ),
    ("windows", "file_event"): Source(
        "files", ("change",), "object_kind IN ('file', 'startup') AND operation = 'created'",
        {**_BY, "TargetFilename": "path"},
    ),
    ("windows", "network_connection"): Source("connections", ("network",), "kind = 'connection'", _CONNECTED),
    ("linux", "network_connection"): Source("connections", ("network",), "kind = 'connection'", _CONNECTED),
    ("windows", "dns_query"): Source(
        "look-ups", ("network",), "kind = 'lookup'",
        {**_BY, "QueryName": "target_host", "QueryResults": "array_to_string(answers, ';')"},
    ),
    (None, "dns"): Source(
        "look-ups", ("network",), "kind = 'lookup'",
        {"query": "target_host", "answer": "array_to_string(answers, ';')", "src_ip": "source_ip"},
    ),
    ("windows", "process_access"): Source("process memory", ("access",), "kind = 'process'", _OPENED),
    ("windows", "create_remote_thread"): Source("threads", ("access",), "kind = 'thread'", _OPENED),
    ("windows", "pipe_created"): Source("pipes", ("access",), "kind = 'pipe'", {**_BY, "PipeName": "path"}),
    ("windows", "wmi_event"): Source("WMI", ("change",), "object_kind = 'wmi'", {"User": _WHO}),
}  # fmt: skip
_SERVICES: Mapping[tuple[str | None, str], Source] = {
    ("windows", "security"): Source("Security", _ALL, "code LIKE 'Security/%'"),
    ("windows", "system"): Source("System", _ALL, "code LIKE 'System/%'"),
    ("windows", "sysmon"): Source("Sysmon", _ALL, "code LIKE 'Sysmon/%'"),
    ("windows", "powershell"): Source("PowerShell", ("process",), "code LIKE 'PowerShell/%'"),
    ("windows", "taskscheduler"): Source("TaskScheduler", _ALL, "code LIKE 'TaskScheduler/%'"),
    ("windows", "wmi"): Source("WMI-Activity", _ALL, "code LIKE 'WMI-Activity/%'"),
    ("windows", "ntlm"): Source("NTLM", _ALL, "code LIKE 'NTLM/%'"),
    ("windows", "openssh"): Source("OpenSSH", _ALL, "code LIKE 'OpenSSH/%'"),
    ("windows", "smbclient-security"): Source("SMBClient", _ALL, "code LIKE 'SMBClient/%'"),
    ("windows", "smbserver-security"): Source("SMBServer", _ALL, "code LIKE 'SMBServer-Security/%'"),
    ("windows", "terminalservices-localsessionmanager"): Source(
        "LocalSessionManager", _ALL, "code LIKE 'TerminalServices-LocalSessionManager/%'"
    ),
    ("linux", "auditd"): Source("auditd", _ALL, "code LIKE 'Auditd/%'", {"type": _EVENT}),
    ("linux", "sshd"): Source("sshd", _ALL, "code LIKE 'sshd/%'"),
    ("linux", "auth"): Source(
        "authentication logs", ("authentication", "process"), "code LIKE 'PAM/%' OR code LIKE 'sshd/%'"
    ),
    ("azure", "signinlogs"): Source("Entra sign-ins", ("authentication",), "code LIKE 'Entra/%SignIn'"),
    ("azure", "auditlogs"): Source(
        "Entra audit", _ALL, "code LIKE 'Entra/%' AND code NOT LIKE '%SignIn'",
        {"properties.message": _EVENT, "operationName": _EVENT, "ActivityDisplayName": _EVENT},
    ),
    ("azure", "riskdetection"): Source("Entra risk", ("alert", "authentication"), "code = 'Entra/RiskDetection'"),
    ("m365", "audit"): Source("unified audit log", _ALL, "code LIKE 'UAL/%'", {"Operation": _EVENT}),
    ("m365", "exchange"): Source(
        "unified audit log", _ALL, "code LIKE 'UAL/%'", {"Operation": _EVENT, "eventName": _EVENT}
    ),
    ("m365", "threat_management"): Source("unified audit log", _ALL, "code LIKE 'UAL/%'", {"eventName": _EVENT}),
    ("okta", "okta"): Source("Okta", _ALL, "code LIKE 'Okta/%'", {"eventType": _EVENT, "eventtype": _EVENT}),
    ("gcp", "google_workspace.admin"): Source(
        "Google Workspace", _ALL, "code LIKE 'GoogleWorkspace/%'", {"eventName": _EVENT}
    ),
    ("zeek", "dns"): Source("Zeek dns", _ALL, "code = 'Zeek/dns'"),
    ("zeek", "kerberos"): Source("Zeek kerberos", _ALL, "code = 'Zeek/kerberos'"),
    ("zeek", "smb_files"): Source("Zeek smb_files", _ALL, "code = 'Zeek/smb_files'"),
    ("zeek", "dce_rpc"): Source("Zeek dce_rpc", _ALL, "code = 'Zeek/dce_rpc'"),
    ("zeek", "http"): Source("Zeek http", _ALL, "code = 'Zeek/http'"),
    ("zeek", "rdp"): Source("Zeek rdp", _ALL, "code = 'Zeek/rdp'"),
}  # fmt: skip


def source_of(product: str | None, category: str | None, service: str | None) -> Source | None:
    """Find the events of a log source; nothing where such events are not kept."""
    if category:
        return _CATEGORIES.get((product, category)) or (_CATEGORIES.get(("windows", category)) if not product else None)
    return _SERVICES.get((product, service)) if service else None
