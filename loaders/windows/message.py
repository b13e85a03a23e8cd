"""The English message of an event, read back into the fields it was rendered from.

Some forms ship nothing else: Snare, `Get-WinEvent` as CSV, and NXLog for events with UserData. Sysmon's messages and
those written as `name = value` are never translated; of the Security log's only the English ones are understood.
"""

import re
from collections.abc import Callable, Mapping

from graph_hunt.loaders.windows import security_message
from graph_hunt.loaders.windows.security_message import pieces

_SYSMON_NAMES = frozenset(
    re.findall(
        r"\w+",
        """
        RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company
        OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId
        IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser
        Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6
        DestinationIp DestinationHostname DestinationPort DestinationPortName SourceProcessGuid
        SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGuid TargetProcessGUID
        TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser
        GrantedAccess CallTrace TargetFilename CreationUtcTime EventType TargetObject Details PipeName
        Operation EventNamespace Name Query Type Destination Consumer Filter QueryName QueryStatus
        QueryResults
        """,
    )
)


def _lines(message: str, code: int) -> dict[str, str]:
    """Sysmon: a line for each field, named as the field is; a value may go over more lines than one."""
    data: dict[str, str] = {}
    last = ""
    for line in message.splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon and name.strip() in _SYSMON_NAMES and name.strip() not in data:
            last = name.strip()
            data[last] = value.strip()
        elif last:
            data[last] = f"{data[last]}\n{line}"
    if data:
        return data
    # Flattened into one line, as Snare does.
    found = re.split(r"\s+([A-Z]\w+): ", f" {message}")
    return {name: value.strip() for name, value in zip(found[1::2], found[2::2], strict=True) if name in _SYSMON_NAMES}


_WMI_NAMES = {
    "Id": "Id",
    "ClientMachine": "ClientMachine",
    "User": "User",
    "UserName": "User",
    "OwnerName": "User",
    "ClientProcessId": "ClientProcessId",
    "ClientProcessID": "processid",
    "HostProcessID": "processid",
    "Component": "Component",
    "Operation": "Operation",
    "ResultCode": "ResultCode",
    "Namespace": "NamespaceName",
    "NotificationQuery": "Query",
    "Eventfilter": "ESS",
    "Consumer": "CONSUMER",
    "Provider": "providerName",
    "queryID": "queryid",
    "HostProcess": "HostProcess",
    "ProcessID": "ProcessID",
    "ProviderPath": "ProviderPath",
}
_WMI = re.compile(rf"(?:^|[;,.]\s+|code )({'|'.join(sorted(_WMI_NAMES, key=len, reverse=True))})\s*=\s?")


def _assignments(message: str, code: int) -> dict[str, str]:
    """WMI-Activity: `name = value` separated by semicolons; the last one is free text."""
    data: dict[str, str] = {}
    if code == 5857 and (found := re.match(r"(\S+) provider started with result code (\w+)", message)):
        data["ProviderName"], data["Code"] = found[1], found[2]
    rest, cause, why = message.partition("PossibleCause = ")
    for name, text in pieces(rest, _WMI):
        data[_WMI_NAMES[name]] = text.strip(" ;,").partition(" (refer to its")[0]
    if cause:
        data["PossibleCause"] = why.strip()
    if code == 5861:
        data["Namespace"] = data.pop("NamespaceName", "")
    return data


_SYSTEM = {
    104: (r"The (?P<Channel>.+?) log file was cleared",),
    7036: (r"The (?P<param1>.+) service entered the (?P<param2>\w+) state",),
    7040: (r"The start type of the (?P<param1>.+) service was changed from (?P<param2>.+) to (?P<param3>[\w ]+)",),
    7045: (
        r"Service Name:\s*(?P<ServiceName>.*?)\s*Service File Name:\s*(?P<ImagePath>.*?)\s*Service Type:\s*"
        r"(?P<ServiceType>.*?)\s*Service Start Type:\s*(?P<StartType>.*?)\s*Service Account:\s*(?P<AccountName>.*)",
    ),
    6011: (r"have been changed from (?P<param1>\S+) to (?P<param2>\S+?)\.?$",),
}
_SESSION = (
    r"User:\s*(?P<User>.*?)\s+Session ID:\s*(?P<SessionID>\d+)"
    r"(?:\s+Source Network Address:\s*(?P<Address>\S+))?",
)
_TERMINAL_SERVICES = {
    **dict.fromkeys((21, 22, 23, 24, 25), _SESSION),
    1149: (
        r"User:[ \t]*(?P<Param1>[^\r\n]*?)\s+Domain:[ \t]*(?P<Param2>[^\r\n]*?)\s+"
        r"Source Network Address:\s*(?P<Param3>\S+)",
    ),
    1024: (r"connect to the server \((?P<Value>.+?)\)",),
    1102: (r"connection to the server (?P<Value>\S+?)\.?$",),
    131: (r"accepted a new (?P<ConnType>\w+) connection from client (?P<ClientIP>\S+?)\.?$",),
}
_TASKS = {
    106: (r'User "(?P<UserContext>.*?)"\s+registered Task Scheduler task "(?P<TaskName>.*?)"',),
    140: (r'User "(?P<UserName>.*?)"\s+updated Task Scheduler task "(?P<TaskName>.*?)"',),
    141: (r'User "(?P<UserName>.*?)"\s+deleted Task Scheduler task "(?P<TaskName>.*?)"',),
    142: (r'User "(?P<UserName>.*?)"\s+disabled Task Scheduler task "(?P<TaskName>.*?)"',),
    129: (
        r'launch(?:ed)? task "(?P<TaskName>.*?)"\s*,\s*instance "(?P<Path>.*?)"\s+with process ID (?P<ProcessID>\d+)',
    ),
    200: (r'launched action "(?P<ActionName>.*?)" in instance "[^"]*" of task "(?P<TaskName>.*?)"',),
    201: (r'task "(?P<TaskName>.*?)"\s*,\s*instance "[^"]*"\s*,\s*action "(?P<ActionName>.*?)"',),
}


def _by_pattern(patterns: Mapping[int, tuple[str, ...]]) -> Callable[[str, int], dict[str, str]]:
    compiled = {code: [re.compile(text, re.DOTALL) for text in texts] for code, texts in patterns.items()}

    def read(message: str, code: int) -> dict[str, str]:
        for pattern in compiled.get(code, ()):
            if found := pattern.search(message):
                return {name: value.strip() for name, value in found.groupdict().items() if value is not None}
        return {}

    return read


_READERS: Mapping[str, Callable[[str, int], dict[str, str]]] = {
    "Security": security_message.fields,
    "Sysmon": _lines,
    "WMI-Activity": _assignments,
    "System": _by_pattern(_SYSTEM),
    "TaskScheduler": _by_pattern(_TASKS),
    "TerminalServices-LocalSessionManager": _by_pattern(_TERMINAL_SERVICES),
    "TerminalServices-RemoteConnectionManager": _by_pattern(_TERMINAL_SERVICES),
    "TerminalServices-RDPClient": _by_pattern(_TERMINAL_SERVICES),
    "RdpCoreTS": _by_pattern(_TERMINAL_SERVICES),
}


_NEEDED: Mapping[tuple[str, int], tuple[str, ...]] = {
    ("Security", 1102): ("SubjectUserName",),
    ("Security", 4624): ("TargetUserName", "LogonType"),
    ("Security", 4672): ("SubjectUserName",),
    ("Security", 4688): ("NewProcessName", "ProcessId"),
    ("System", 104): ("SubjectUserName",),
    ("System", 7036): ("param1",),
    ("System", 7040): ("param1",),
    ("System", 7045): ("ImagePath", "AccountName"),
    ("TaskScheduler", 129): ("ProcessID",),
}
_NEEDED_OF_ALL = {
    "Security": ("SubjectUserName", "TargetUserName", "AccountName", "TargetSid", "ObjectDN"),
    "Sysmon": ("UtcTime",),
    "WMI-Activity": ("ProviderPath", "Operation", "Query", "CONSUMER"),
    "TaskScheduler": ("TaskName",),
    "TerminalServices-LocalSessionManager": ("User", "SessionID", "Session", "TargetSession"),
    "TerminalServices-RemoteConnectionManager": ("Param3",),
    "TerminalServices-RDPClient": ("Value",),
    "RdpCoreTS": ("ClientIP",),
}


def lacks(data: Mapping[str, object], family: str, code: int) -> bool:
    """Tell whether an event's data lack what its message could give."""
    needed = _NEEDED.get((family, code))
    if needed:
        return any(name not in data for name in needed)
    known = _NEEDED_OF_ALL.get(family)
    if family == "Sysmon" and "ProcessID" in data and "ProcessId" not in data:
        # NXLog's own ProcessID took the place of Sysmon's ProcessId.
        return True
    return bool(known) and not any(name in data for name in known or ())


def fields(message: str, family: str, code: int) -> dict[str, str]:
    """Read a message's fields, by the names that EventData would give them; none where it is not understood."""
    reader = _READERS.get(family)
    if reader is None:
        return {}
    return reader(message, code)
