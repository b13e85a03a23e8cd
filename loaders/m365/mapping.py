"""Which operation becomes which rows, and how a record is kept."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._values import UNLIKE, at, text
from graph_hunt.loaders.m365 import directory, exchange, items, rules, signin, threats
from graph_hunt.loaders.m365.record import Audit, Row

__all__ = ["keep", "keep_alert"]

Mapper = Callable[[Audit], list[Row]]

_BY_NAME: Mapping[Mapper, str] = MappingProxyType(
    {
        signin.signed_in: "UserLoggedIn UserLoginFailed",
        items.accessed: "MailItemsAccessed",
        items.touched: """Send SendAs SendOnBehalf MessageBind FolderBind Copy MailboxLogin Move MoveToDeletedItems
            SoftDelete HardDelete Create Update""",
        items.folder_rights: "AddFolderPermissions ModifyFolderPermissions RemoveFolderPermissions",
        rules.outlook_rule: "UpdateInboxRules",
        rules.inbox_rule: "New-InboxRule Set-InboxRule Enable-InboxRule Disable-InboxRule Remove-InboxRule",
        rules.transport_rule: """New-TransportRule Set-TransportRule Enable-TransportRule Disable-TransportRule
            Remove-TransportRule""",
        exchange.mailbox_set: "Set-Mailbox",
        exchange.permission: """Add-MailboxPermission Remove-MailboxPermission Add-RecipientPermission
            Remove-RecipientPermission Add-MailboxFolderPermission Set-MailboxFolderPermission
            Remove-MailboxFolderPermission""",
        exchange.protocols_set: "Set-CASMailbox",
        exchange.auditing: "Set-AdminAuditLogConfig Set-MailboxAuditBypassAssociation Set-OrganizationConfig",
        exchange.role_member: """Add-RoleGroupMember Remove-RoleGroupMember Update-RoleGroupMember
            New-ManagementRoleAssignment Remove-ManagementRoleAssignment""",
        directory.site_member: """AddedToGroup RemovedFromGroup SiteCollectionAdminAdded SiteCollectionAdminRemoved
            MemberAdded MemberRemoved MemberRoleChanged""",
        threats.alerted: "AlertTriggered AlertEntityGenerated",
        threats.detected: "AtpDetection FileMalwareDetected",
        threats.mail_seen: "TIMailData",
        threats.clicked: "TIUrlClickData",
        signin.file_used: """FileDownloaded FileAccessed FileAccessedExtended FilePreviewed FileModified
            FileModifiedExtended FileUploaded FileDeleted FileRecycled FileCopied FileMoved FileRenamed
            FileSyncDownloadedFull FileSyncDownloadedPartial FileSyncUploadedFull FileVersionsAllDeleted SharingSet
            SharingInvitationCreated AnonymousLinkCreated AnonymousLinkUsed SecureLinkCreated SecureLinkUsed
            AddedToSecureLink CompanyLinkCreated PageViewed SearchQueryPerformed TeamsSessionStarted""",
    }
)
_MAPPERS: Mapping[str, Mapper] = MappingProxyType(
    {name: mapper for mapper, names in _BY_NAME.items() for name in names.split()}
)
_DIRECTORY = ("AzureActiveDirectory",)
_POLICIES = (
    *("-ConditionalAccessPolicy", "-InboundConnector", "-OutboundConnector", "-RemoteDomain", "-JournalRule"),
    *("-AntiPhishPolicy", "-AntiPhishRule", "-SafeLinksPolicy", "-SafeLinksRule", "-SafeAttachmentPolicy"),
    *("-SafeAttachmentRule", "-MalwareFilterPolicy", "-MalwareFilterRule", "-HostedContentFilterPolicy"),
    *("-HostedContentFilterRule", "-HostedConnectionFilterPolicy", "-HostedOutboundSpamFilterPolicy"),
    *("-ComplianceSearch", "-ComplianceSearchAction", "-AuthenticationPolicy", "-DkimSigningConfig"),
)
_READS = ("Get-", "Test-", "Search-", "Install-")


def _mapper(audit: Audit) -> Mapper | None:
    mapper = _MAPPERS.get(audit.operation)
    if mapper is not None:
        return mapper
    if audit.operation.startswith("MCAS_ALERT"):
        return threats.alerted
    if audit.operation.endswith(_POLICIES) and not audit.operation.startswith(_READS):
        return exchange.policy_set
    return directory.directory_changed if audit.workload in _DIRECTORY else None


def keep_alert(fields: Mapping[str, Any], rows: Rows, number: int, raw: str) -> None:
    """Keep an alert of Graph's security API."""
    when = at(fields.get("firstActivityDateTime") or fields.get("createdDateTime"))
    if when is None:
        rows.reject(number, f"createdDateTime is not a time: {fields.get('createdDateTime')!r}", raw)
        return
    code = "GraphSecurity/alert"
    try:
        columns = threats.graph_alert(fields)
    except UNLIKE as error:
        rows.reject(number, f"an alert laid out otherwise: {error}", raw)
        return
    rows.seen("Graph security", code, when)
    identity = event_id(when, ["graph security", str(fields.get("id")).casefold()])
    rows.add("alert", event_id=identity, time=when, code=code, record=number, raw=raw, **columns)


def keep(fields: Mapping[str, Any], rows: Rows, number: int, raw: str) -> None:
    """Keep one audit record: as rows, as not used, or as one that cannot be used."""
    when = at(fields.get("CreationTime"))
    if when is None:
        rows.reject(number, f"CreationTime is not a time: {fields.get('CreationTime')!r}", raw)
        return
    audit = Audit.of(fields, when)
    operation = audit.operation
    code = f"UAL/{operation}"
    rows.seen(audit.workload, "UAL", when)
    mapper = _mapper(audit)
    try:
        found = mapper(audit) if mapper is not None else []
    except UNLIKE as error:
        rows.reject(number, f"{operation} is laid out otherwise: {error}", raw)
        return
    if not found:
        rows.skip(code)
        return
    identity = text(fields.get("Id")) or orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode()
    for place, (table, columns) in enumerate(found):
        time = columns.pop("time", when)
        # The same operation of one second and id is one event, in whatever case and export it stands.
        named = ["ual", identity.casefold(), operation]
        rows.put(
            table,
            {
                "event_id": event_id(time, named, place),
                "time": time,
                "code": code,
                "recorder": audit.workload,
                "record": number,
                "raw": raw,
                **columns,
            },
        )
