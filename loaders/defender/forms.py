"""The forms in which advanced hunting's rows are exported, each turned into one set of names; and whose rows they are.

The portal's CSV and the API have the columns' own names, Log Analytics' CSV adds ` [UTC]` to times, the device
timeline puts spaces inside, Event Hub wraps a row in `properties`, and Defender for Endpoint's raw events have names of
their own. A row that does not name its table is told by its columns, or by its ActionType.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import orjson

__all__ = ["TABLES", "added", "is_header", "opened", "rows_within", "table_of"]

_CATEGORY = "AdvancedHunting-"
_TABLE_COLUMNS = ("Type", "$table", "_table", "TableName", "SourceTable", "Table")
TABLES: Mapping[str, str] = MappingProxyType(
    {
        name.casefold(): name
        for name in (
            *("EmailEvents", "EmailUrlInfo", "EmailAttachmentInfo", "EmailPostDeliveryEvents", "UrlClickEvents"),
            *(
                "IdentityLogonEvents",
                "IdentityDirectoryEvents",
                "IdentityQueryEvents",
                "IdentityInfo",
                "IdentityEvents",
            ),
            *("IdentityAccountInfo", "AADSignInEventsBeta", "AADSpnSignInEventsBeta", "EntraIdSignInEvents"),
            *("EntraIdSpnSignInEvents", "CloudAppEvents", "CloudAuditEvents", "CloudProcessEvents"),
            *("CloudStorageAggregatedEvents", "DeviceLogonEvents", "DeviceProcessEvents", "DeviceNetworkEvents"),
            *("DeviceEvents", "DeviceFileEvents", "DeviceRegistryEvents", "DeviceImageLoadEvents", "DeviceInfo"),
            *("DeviceNetworkInfo", "DeviceFileCertificateInfo", "AlertInfo", "AlertEvidence", "BehaviorInfo"),
            *("BehaviorEntities", "MessageEvents", "MessageUrlInfo", "MessagePostDeliveryEvents"),
            *("GraphApiAuditEvents", "OAuthAppInfo", "ExposureGraphNodes", "ExposureGraphEdges"),
            *("DisruptionAndResponseEvents", "DataSecurityEvents", "DataSecurityBehaviors", "FileMaliciousContentInfo"),
            *("CampaignInfo", "DeviceBaselineComplianceAssessment", "DeviceTvmSoftwareInventory"),
            *("DeviceTvmSoftwareVulnerabilities", "DeviceTvmInfoGathering", "DeviceTvmSecureConfigurationAssessment"),
        )
    }
)
"""Advanced hunting's tables, by their names in lower case; those that no mapper knows are counted as not used."""

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "eventtime": "Timestamp",
        "machineid": "DeviceId",
        "computername": "DeviceName",
        "remotecomputername": "RemoteDeviceName",
        "sha1": "SHA1",
        "sha256": "SHA256",
        "md5": "MD5",
    }
)
"""The device timeline's names that are not a column's with spaces inside."""
_COLUMNS = """
    Timestamp TimeGenerated ActionType ReportId DeviceId DeviceName AccountName AccountDomain AccountSid AccountUpn
    AccountObjectId LogonType LogonId Protocol FailureReason IsLocalAdmin RemoteDeviceName RemoteIP RemotePort RemoteUrl
    LocalIP LocalPort AdditionalFields FileName FolderPath ProcessId ProcessCommandLine ProcessCreationTime
    ProcessIntegrityLevel ProcessVersionInfoOriginalFileName RegistryKey RegistryValueName RegistryValueData
    PreviousRegistryKey PreviousRegistryValueName PreviousRegistryValueData PreviousFileName PreviousFolderPath
    InitiatingProcessAccountName InitiatingProcessAccountDomain InitiatingProcessAccountSid InitiatingProcessAccountUpn
    InitiatingProcessAccountObjectId InitiatingProcessLogonId InitiatingProcessId InitiatingProcessFileName
    InitiatingProcessFolderPath InitiatingProcessCommandLine InitiatingProcessCreationTime
    InitiatingProcessIntegrityLevel ShareName RequestSourceIP RequestAccountName RequestAccountDomain RequestAccountSid
    NetworkMessageId InternetMessageId Url
"""
_FOLDED: Mapping[str, str] = MappingProxyType({name.casefold(): name for name in _COLUMNS.split()} | dict(_NAMES))

_RAW = "CreatedProcessId"
_RAW_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "CreatedProcessCreationTime": "ProcessCreationTime",
        "CreatedProcessId": "ProcessId",
        "CreatedProcessName": "FileName",
        "CreatedProcessCommandLine": "ProcessCommandLine",
        "CreatedProcessFilePath": "FolderPath",
        "CreatedProcessFileMd5": "MD5",
        "CreatedProcessFileSha256": "SHA256",
        "CreatedProcessFileSha1": "SHA1",
        "CreatedProcessIntegrityLevel": "ProcessIntegrityLevel",
        "CreatedProcessAccountSid": "AccountSid",
        "CreatedProcessAccountName": "AccountName",
        "CreatedProcessAccountDomainName": "AccountDomain",
        "CreatedProcessAccountUpn": "AccountUpn",
        "CreatedProcessAccountAzureADId": "AccountObjectId",
        "CreatedProcessVersionInfoOriginalFileName": "ProcessVersionInfoOriginalFileName",
        "InitiatingProcessName": "InitiatingProcessFileName",
        "InitiatingProcessImageFilePath": "InitiatingProcessFolderPath",
        "Process_CommandLine": "InitiatingProcessCommandLine",
        "InitiatingProcessAccountDomainName": "InitiatingProcessAccountDomain",
        "ReportTime": "Timestamp",
        "ReportIndex": "ReportId",
        "ComputerDnsName": "DeviceName",
        "MachineId": "DeviceId",
        "InitiatingProcessCurrentWorkingDirectory": "CurrentDirectory",
    }
)
"""Defender for Endpoint's raw process events, before advanced hunting renames their fields."""

_SIGNS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("EmailPostDeliveryEvents", ("NetworkMessageId", "Action"), ("ActionTrigger", "ActionResult", "ActionType")),
    ("UrlClickEvents", ("Url", "AccountUpn"), ("IsClickedThrough", "UrlChain", "Workload", "ActionType")),
    ("EmailEvents", ("NetworkMessageId",), ("DeliveryAction", "EmailDirection", "DeliveryLocation", "EmailClusterId")),
    ("EmailAttachmentInfo", ("NetworkMessageId",), ("FileName", "SHA256")),
    ("EmailUrlInfo", ("NetworkMessageId", "Url"), ()),
    ("EmailEvents", ("NetworkMessageId",), ("RecipientEmailAddress", "SenderFromAddress")),
    ("AADSpnSignInEventsBeta", ("ServicePrincipalId", "ErrorCode"), ()),
    ("AADSignInEventsBeta", ("ErrorCode", "AccountUpn"), ("ApplicationId", "Application", "RequestId")),
    ("CloudAppEvents", ("RawEventData",), ("ActivityType", "AccountObjectId", "ApplicationId")),
    ("CloudAppEvents", ("ActionType", "Application"), ("ActivityType", "ActivityObjects", "AppInstanceId")),
    ("AlertEvidence", ("AlertId", "EntityType"), ()),
    ("AlertInfo", ("AlertId", "Title"), ("Severity", "ServiceSource", "DetectionSource")),
    ("DeviceRegistryEvents", ("DeviceName", "RegistryKey"), ()),
    ("DeviceLogonEvents", ("DeviceName", "LogonType"), ("DeviceId", "RemoteIP", "RemoteDeviceName", "IsLocalAdmin")),
    ("IdentityDirectoryEvents", ("ActionType",), ("TargetAccountUpn", "TargetAccountDisplayName")),
    ("IdentityQueryEvents", ("ActionType", "Query"), ("QueryType", "QueryTarget")),
    ("IdentityLogonEvents", ("ActionType", "LogonType"), ("DestinationDeviceName", "Application", "IPAddress")),
    ("IdentityInfo", ("AccountUpn",), ("OnPremSid", "CloudSid", "SourceProvider", "IsAccountEnabled")),
    ("DeviceNetworkInfo", ("DeviceName", "IPAddresses"), ()),
    ("DeviceInfo", ("DeviceName",), ("OSPlatform", "LoggedOnUsers", "OnboardingStatus", "JoinType")),
    ("DeviceNetworkEvents", ("DeviceName", "RemoteIP"), ("RemotePort", "LocalIP")),
    ("DeviceProcessEvents", ("DeviceName", "ProcessCommandLine"), ()),
    ("DeviceFileEvents", ("DeviceName", "FolderPath"), ("ShareName", "RequestProtocol", "PreviousFolderPath")),
    ("DeviceEvents", ("DeviceName", "ActionType"), ("InitiatingProcessFileName", "AdditionalFields", "DeviceId")),
)
"""Table, columns that all must be there, columns of which one must be; the first that fits is it."""

_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("ProcessCreated", "OpenProcess"), "DeviceProcessEvents"),
        **dict.fromkeys(("FileCreated", "FileModified", "FileRenamed", "FileDeleted"), "DeviceFileEvents"),
        **dict.fromkeys(("ClickAllowed", "ClickBlocked", "ClickBlockedByTenantPolicy"), "UrlClickEvents"),
        "ImageLoaded": "DeviceImageLoadEvents",
    }
)
_DEVICE = frozenset(
    {
        *("DeviceEvents", "DeviceProcessEvents", "DeviceNetworkEvents", "DeviceFileEvents", "DeviceRegistryEvents"),
        "DeviceLogonEvents",
    }
)
_BEGINNINGS = (
    ("Registry", "DeviceRegistryEvents"),
    ("Connection", "DeviceNetworkEvents"),
    ("InboundConnection", "DeviceNetworkEvents"),
    ("ListeningConnection", "DeviceNetworkEvents"),
    ("NetworkSignature", "DeviceNetworkEvents"),
    ("Logon", "DeviceLogonEvents"),
)


@lru_cache(maxsize=4096)
def _renamed(names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The columns' own names; none where they have them already."""
    found = []
    for name in names:
        plain = name.strip().removesuffix("[UTC]").strip()
        # Log Analytics types the columns of custom tables by an ending.
        found.append(_FOLDED.get(plain.replace(" ", "").casefold(), plain.replace(" ", "") if " " in plain else plain))
    if _RAW in found:
        found = [_RAW_NAMES.get(name, name) for name in found]
    return None if tuple(found) == names else tuple(found)


def opened(fields: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """A row under the columns' own names, out of its wrapping; and the table that it names, or ''."""
    table = ""
    inner, category = fields.get("properties"), fields.get("category")
    if type(inner) is dict and type(category) is str and category.startswith(_CATEGORY):
        table = category.removeprefix(_CATEGORY)
        if "Timestamp" not in inner:
            inner = {**inner, "Timestamp": fields.get("time")}
        fields = inner
    else:
        for name in _TABLE_COLUMNS:
            word = fields.get(name)
            if type(word) is str and (found := TABLES.get(word.casefold())):
                table = found
                break
    names = _renamed(tuple(fields))
    return (fields if names is None else dict(zip(names, fields.values(), strict=True))), table


@lru_cache(maxsize=4096)
def _by_columns(names: frozenset[str]) -> str:
    if "Timestamp" not in names and "TimeGenerated" not in names:
        return ""
    for table, needed, some in _SIGNS:
        if names.issuperset(needed) and (not some or any(name in names for name in some)):
            return table
    return ""


def table_of(row: Mapping[str, Any], named: str = "") -> str:
    """The table that a row is of, '' where it is of none."""
    if named:
        return named
    found = _by_columns(frozenset(row))
    if found not in _DEVICE:
        return found
    # A device timeline, or a union of tables, has the columns of all.
    action = row.get("ActionType")
    if type(action) is not str or not action:
        return found
    if own := _ACTIONS.get(action):
        return own
    if action.endswith(("Inspected", "AggregatedReport")):
        return "DeviceNetworkEvents"
    return next((table for start, table in _BEGINNINGS if action.startswith(start)), "DeviceEvents")


def is_header(names: Iterable[str]) -> bool:
    """Tell an export by its columns."""
    written = tuple(names)
    return bool(_by_columns(frozenset(_renamed(written) or written)))


def rows_within(fields: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The rows of Log Analytics' whole answer to a query, where it is one."""
    tables = fields.get("tables")
    if type(tables) is not list:
        return None
    found: list[dict[str, Any]] = []
    for table in tables:
        if type(table) is dict and type(table.get("columns")) is list and type(table.get("rows")) is list:
            names = [str(column.get("name")) for column in table["columns"] if type(column) is dict]
            found += [dict(zip(names, row, strict=False)) for row in table["rows"] if type(row) is list]
    return found


def added(value: Any) -> Mapping[str, Any]:
    """What AdditionalFields holds, which may be an object or its text."""
    if type(value) is dict:
        return value
    if type(value) is not str or value[:1] != "{":
        return {}
    try:
        inner = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {}
    return inner if type(inner) is dict else {}
