"""The order of the Security log's fields, for forms that give values without names (`Get-WinEvent` as JSON).

From the provider's manifest. Versions of an id add fields at the end, but for those noted here.
"""

from collections.abc import Mapping, Sequence

_SUBJECT = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId"
_TARGET = "TargetUserSid TargetUserName TargetDomainName TargetLogonId"
_ACCOUNT = "TargetUserName TargetDomainName TargetSid"
_LOGON = "LogonProcessName AuthenticationPackageName WorkstationName"
_ORIGIN = "TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort"
_OUTBOUND = "TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken"
_ATTRIBUTES = (
    "PrivilegeList SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath "
    "UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue "
    "UserAccountControl UserParameters SidHistory LogonHours DnsHostName ServicePrincipalNames"
)
_SHARE = f"{_SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath"
_MEMBER = f"MemberName MemberSid {_ACCOUNT} {_SUBJECT}"

_NAMES: Mapping[int, str] = {
    1102: _SUBJECT,
    4624: f"{_SUBJECT} {_TARGET} LogonType {_LOGON} LogonGuid {_ORIGIN} ImpersonationLevel RestrictedAdminMode "
    f"{_OUTBOUND}",
    4625: f"{_SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType {_LOGON} "
    f"{_ORIGIN}",
    4634: f"{_TARGET} LogonType",
    4647: _TARGET,
    4648: f"{_SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo ProcessId "
    "ProcessName IpAddress IpPort",
    4662: f"{_SUBJECT} ObjectServer ObjectType ObjectName OperationType HandleId AccessList AccessMask Properties",
    4672: f"{_SUBJECT} PrivilegeList",
    4688: f"{_SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId CommandLine {_TARGET} "
    "ParentProcessName MandatoryLabel",
    4689: f"{_SUBJECT} Status ProcessId ProcessName",
    4697: f"{_SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount",
    4698: f"{_SUBJECT} TaskName TaskContent",
    4699: f"{_SUBJECT} TaskName TaskContent",
    4700: f"{_SUBJECT} TaskName TaskContent",
    4701: f"{_SUBJECT} TaskName TaskContent",
    4702: f"{_SUBJECT} TaskName TaskContentNew",
    4720: f"{_ACCOUNT} {_SUBJECT} {_ATTRIBUTES}",
    **dict.fromkeys((4722, 4723, 4724, 4725, 4726, 4740, 4767), f"{_ACCOUNT} {_SUBJECT}"),
    **dict.fromkeys((4728, 4729, 4732, 4733, 4756, 4757), _MEMBER),
    4738: f"Dummy {_ACCOUNT} {_SUBJECT} {_ATTRIBUTES}",
    4741: f"{_ACCOUNT} {_SUBJECT} {_ATTRIBUTES}",
    4742: f"ComputerAccountChange {_ACCOUNT} {_SUBJECT} {_ATTRIBUTES}",
    4768: f"{_ACCOUNT} ServiceName ServiceSid TicketOptions Status TicketEncryptionType PreAuthType IpAddress IpPort",
    4769: "TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort "
    "Status LogonGuid",
    4770: "TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort",
    4771: "TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress IpPort",
    4776: "PackageName TargetUserName Workstation Status",
    4778: "AccountName AccountDomain LogonID SessionName ClientName ClientAddress",
    4779: "AccountName AccountDomain LogonID SessionName ClientName ClientAddress",
    4781: f"OldTargetUserName NewTargetUserName TargetDomainName TargetSid {_SUBJECT}",
    5136: f"OpCorrelationID AppCorrelationID {_SUBJECT} DSName DSType ObjectDN ObjectGUID ObjectClass "
    "AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue OperationType",
    5140: f"{_SHARE} AccessMask AccessList",
    5142: f"{_SUBJECT} ShareName ShareLocalPath",
    5144: f"{_SUBJECT} ShareName ShareLocalPath",
    5145: f"{_SHARE} RelativeTargetName AccessMask AccessList",
}
_FIELDS = {code: tuple(names.split()) for code, names in _NAMES.items()}

_LONGEST_OLD_LOGON = 27


def named(values: Sequence[str], family: str, code: int) -> dict[str, str]:
    """Name an event's values; none where its order is not known."""
    names = _FIELDS.get(code, ()) if family == "Security" else ()
    if code == 4624 and len(values) > _LONGEST_OLD_LOGON:
        # Windows 11 24H2 put RemoteCredentialGuard in the middle.
        place = names.index("TargetOutboundUserName")
        names = (*names[:place], "RemoteCredentialGuard", *names[place:])
    return dict(zip(names, values, strict=False))
