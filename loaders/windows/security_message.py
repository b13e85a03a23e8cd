"""The English messages of the Security log, read back into the fields they were rendered from."""

import re
from collections.abc import Mapping

_SECTIONS = {
    "Subject": "Subject",
    "Creator Subject": "Subject",
    "New Logon": "TargetUser",
    "Target Subject": "TargetUser",
    "Account For Which Logon Failed": "TargetUser",
    "Account Whose Credentials Were Used": "TargetUser",
    "Target Account": "Target",
    "New Account": "Target",
    "Deleted Target Computer": "Target",
    "New Computer Account": "Target",
    "Computer Account That Was Changed": "Target",
    "Account That Was Locked Out": "Target",
    "Group": "Target",
    "New Group": "Target",
    "Deleted Group": "Target",
    "Account Information": "Target",
    "Member": "Member",
    "Target Server": "",
    "Service Information": "",
    "Network Information": "",
    "Process Information": "",
    "Additional Information": "",
    "Failure Information": "",
    "Detailed Authentication Information": "",
    "Logon Information": "",
    "Share Information": "",
    "Access Request Information": "",
    "Access Check Results": "",
    "Task Information": "",
    "Certificate Information": "",
    "Operation": "",
    "Object": "",
    "Directory Service": "",
    "Attribute": "",
    "Attributes": "",
    "Changed Attributes": "",
    "Session": "",
    "Service": "",
}
"""The headings of a Security message, and whose account the lines below one are about."""

_ACCOUNT = {
    "Subject": ("SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId"),
    "TargetUser": ("TargetUserSid", "TargetUserName", "TargetDomainName", "TargetLogonId"),
    "Target": ("TargetSid", "TargetUserName", "TargetDomainName", "TargetLogonId"),
    "Member": ("MemberSid", "MemberName", "", ""),
}
_ACCOUNT_LABELS = {
    "Security ID": 0,
    "User ID": 0,
    "Account Name": 1,
    "Group Name": 1,
    "Account Domain": 2,
    "Domain Name": 2,
    "Group Domain": 2,
    "Supplied Realm Name": 2,
    "Logon ID": 3,
}

_LABELS = {
    "Network Account Name": "TargetOutboundUserName",
    "Network Account Domain": "TargetOutboundDomainName",
    "Linked Logon ID": "TargetLinkedLogonId",
    "Logon GUID": "LogonGuid",
    "Logon Type": "LogonType",
    "Elevated Token": "ElevatedToken",
    "Workstation Name": "WorkstationName",
    "Source Network Address": "IpAddress",
    "Network Address": "IpAddress",
    "Source Address": "IpAddress",
    "Client Address": "IpAddress",
    "Source Port": "IpPort",
    "Client Port": "IpPort",
    "Port": "IpPort",
    "Target Server Name": "TargetServerName",
    "Additional Information": "TargetInfo",
    "Status": "Status",
    "Sub Status": "SubStatus",
    "Failure Reason": "FailureReason",
    "Logon Process": "LogonProcessName",
    "Authentication Package": "AuthenticationPackageName",
    "Package Name (NTLM only)": "LmPackageName",
    "Transited Services": "TransmittedServices",
    "Key Length": "KeyLength",
    "Restricted Admin Mode": "RestrictedAdminMode",
    "Virtual Account": "VirtualAccount",
    "Impersonation Level": "ImpersonationLevel",
    "New Process ID": "NewProcessId",
    "New Process Name": "NewProcessName",
    "Token Elevation Type": "TokenElevationType",
    "Mandatory Label": "MandatoryLabel",
    "Creator Process ID": "ProcessId",
    "Creator Process Name": "ParentProcessName",
    "Process Command Line": "CommandLine",
    "Process ID": "ProcessId",
    "Process Name": "ProcessName",
    "Caller Process ID": "ProcessId",
    "Caller Process Name": "ProcessName",
    "Exit Status": "Status",
    "Service Name": "ServiceName",
    "Service ID": "ServiceSid",
    "Service File Name": "ServiceFileName",
    "Service Type": "ServiceType",
    "Service Start Type": "ServiceStartType",
    "Service Account": "ServiceAccount",
    "Ticket Options": "TicketOptions",
    "Ticket Encryption Type": "TicketEncryptionType",
    "Pre-Authentication Type": "PreAuthType",
    "Result Code": "Status",
    "Failure Code": "Status",
    "Error Code": "Status",
    "Logon Account": "TargetUserName",
    "Source Workstation": "Workstation",
    "Share Name": "ShareName",
    "Share Path": "ShareLocalPath",
    "Relative Target Name": "RelativeTargetName",
    "Access Mask": "AccessMask",
    "Accesses": "AccessList",
    "Task Name": "TaskName",
    "Task Content": "TaskContent",
    "Task New Content": "TaskContentNew",
    "Object Type": "ObjectType",
    "Object Name": "ObjectName",
    "Object Server": "ObjectServer",
    "Handle ID": "HandleId",
    "Operation Type": "OperationType",
    "Properties": "Properties",
    "DN": "ObjectDN",
    "GUID": "ObjectGUID",
    "Class": "ObjectClass",
    "LDAP Display Name": "AttributeLDAPDisplayName",
    "Value": "AttributeValue",
    "Type": "Type",
    "Old Account Name": "OldTargetUserName",
    "New Account Name": "NewTargetUserName",
    "SAM Account Name": "SamAccountName",
    "Display Name": "DisplayName",
    "User Principal Name": "UserPrincipalName",
    "Password Last Set": "PasswordLastSet",
    "Primary Group ID": "PrimaryGroupId",
    "AllowedToDelegateTo": "AllowedToDelegateTo",
    "Old UAC Value": "OldUacValue",
    "New UAC Value": "NewUacValue",
    "SID History": "SidHistory",
    "DNS Host Name": "DnsHostName",
    "Service Principal Names": "ServicePrincipalNames",
    "Caller Computer Name": "TargetDomainName",
    "Session Name": "SessionName",
    "Client Name": "ClientName",
    "Privileges": "PrivilegeList",
}
_MANY_LINES = frozenset({"TaskContent", "TaskContentNew", "Properties", "CommandLine", "PrivilegeList", "AccessList"})
_EXPLANATION = re.compile(
    r"(?:\r?\n\s*){2,}\S"
    r"|\s{2,}(?=This event is|Token Elevation Type indicates|Certificate information is|The subject f)"
)


def _of_labels(labels: Mapping[str, str]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(labels, key=len, reverse=True))
    return re.compile(rf"(?:^|[\n\t]|  )[ \t]*({names})[ \t]?:", re.MULTILINE)


_SECURITY = _of_labels({**_SECTIONS, **_LABELS, **dict.fromkeys(_ACCOUNT_LABELS, "")})


def pieces(message: str, labels: re.Pattern[str]) -> list[tuple[str, str]]:
    """Cut a message at its labels: each with the text up to the next."""
    found = list(labels.finditer(message))
    if not found:
        return []
    ends = [match.start() for match in found[1:]] + [len(message)]
    return [(match[1], message[match.end() : end]) for match, end in zip(found, ends, strict=True)]


def fields(message: str, code: int) -> dict[str, str]:
    """Read the fields of a message, by the names that EventData gives them."""
    if code == 4776:
        message = message.replace("Authentication Package", "Package Name", 1)
    data: dict[str, str] = {}
    whose = ""
    for label, text in pieces(message, _SECURITY):
        if label in _SECTIONS and not text.strip():
            whose = _whose(label, code)
            continue
        place = _ACCOUNT_LABELS.get(label)
        field = _ACCOUNT[whose][place] if place is not None and whose else _LABELS.get(label, "")
        if field and field not in data:
            data[field] = _value(text, field)
    return _renamed(data, code)


def _whose(section: str, code: int) -> str:
    if code in (4634, 4647):
        return "TargetUser"
    return _SECTIONS[section]


def _renamed(data: dict[str, str], code: int) -> dict[str, str]:
    """Give the fields that some ids call by other names."""
    if code in (4778, 4779, 4825):
        names = {"SubjectUserName": "AccountName", "SubjectDomainName": "AccountDomain", "SubjectLogonId": "LogonID"}
        names["IpAddress"] = "ClientAddress"
        return {names.get(name, name): value for name, value in data.items()}
    return data


def _value(text: str, field: str) -> str:
    text = text.strip(" \t")
    if field in _MANY_LINES:
        return text.strip() if field.startswith("TaskContent") else _EXPLANATION.split(text, maxsplit=1)[0].strip()
    return _EXPLANATION.split(text.splitlines()[0], maxsplit=1)[0].strip() if text.strip() else ""
