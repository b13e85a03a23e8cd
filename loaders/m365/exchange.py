"""Cmdlets of Exchange that give others a mailbox, or send its mail elsewhere, or hide traces."""

from typing import Any

from graph_hunt.loaders._values import flag, strings, text
from graph_hunt.loaders.m365.items import mailbox_columns
from graph_hunt.loaders.m365.record import Audit, Row, account_of, address_of, outcome

__all__ = ["auditing", "mailbox_set", "permission", "policy_set", "protocols_set", "role_member"]

_FORWARDING = ("ForwardingSmtpAddress", "ForwardingAddress")
_PROTOCOLS = ("ImapEnabled", "PopEnabled", "EwsEnabled", "ActiveSyncEnabled", "MAPIEnabled", "OWAEnabled")


def _columns(audit: Audit, given: dict[str, Any]) -> dict[str, Any]:
    columns = mailbox_columns(audit)
    identity = text(given.get("Identity")) or audit.get("ObjectId")
    columns["mailbox"] = address_of(identity, audit.organization()) or columns["mailbox"]
    columns["protocol"] = columns["protocol"] or "powershell"
    return columns


def mailbox_set(audit: Audit) -> list[Row]:
    """Set-Mailbox: where it forwards to, who may send on its behalf, whether it is audited; the rest is not kept."""
    given = audit.pairs("Parameters")
    rows: list[Row] = []
    forwarding = [name for name in _FORWARDING if name in given]
    if forwarding:
        organization = audit.organization()
        targets = [found for name in forwarding if (found := address_of(given[name], organization))]
        keeps = flag(given.get("DeliverToMailboxAndForward"))
        rows.append(
            (
                "mailbox",
                {
                    "operation": "forwarding_set" if targets else "forwarding_removed",
                    **_columns(audit, given),
                    "forward_to": targets or None,
                    "rule_actions": ["forward", "keep"] if keeps else ["forward"],
                },
            )
        )
    for grantee in strings(given.get("GrantSendOnBehalfTo")):
        rows.append(
            (
                "mailbox",
                {
                    "operation": "permission_granted",
                    **_columns(audit, given),
                    "grantee": address_of(grantee, audit.organization()),
                    "rights": ["SendOnBehalf"],
                },
            )
        )
    if flag(given.get("AuditEnabled")) is False:
        rows += _policy(audit, "disabled", f"auditing of {text(given.get('Identity')) or audit.get('ObjectId')}")
    return rows


def permission(audit: Audit) -> list[Row]:
    """Add- and Remove-MailboxPermission, -RecipientPermission, -MailboxFolderPermission."""
    given = audit.pairs("Parameters")
    identity = text(given.get("Identity")) or audit.get("ObjectId") or ""
    rights = [part.strip() for value in strings(given.get("AccessRights")) for part in value.split(",") if part.strip()]
    removed = audit.operation.startswith("Remove")
    head, colon, folder = identity.partition(":\\")
    columns = _columns(audit, {**given, "Identity": head})
    return [
        (
            "mailbox",
            {
                "operation": "permission_removed" if removed else "permission_granted",
                **columns,
                "grantee": address_of(given.get("User") or given.get("Trustee"), audit.organization()),
                "rights": rights or None,
                "folder": f"\\{folder}" if colon else None,
            },
        )
    ]


def protocols_set(audit: Audit) -> list[Row]:
    """Set-CASMailbox: a protocol opened or closed for a mailbox."""
    given = audit.pairs("Parameters")
    set_to = [f"{name}: {given[name]}" for name in _PROTOCOLS if name in given]
    if not set_to:
        return []
    name = text(given.get("Identity")) or audit.get("ObjectId")
    return _policy(audit, "changed", f"protocols of {name}", ", ".join(set_to))


def auditing(audit: Audit) -> list[Row]:
    """Set-AdminAuditLogConfig, Set-MailboxAuditBypassAssociation, Set-OrganizationConfig: auditing switched."""
    given = audit.pairs("Parameters")
    names = ("UnifiedAuditLogIngestionEnabled", "AdminAuditLogEnabled", "AuditBypassEnabled", "AuditDisabled")
    switched = {name: flag(given[name]) for name in names if name in given}
    if not switched:
        return []
    off = any(on == (name in ("AuditBypassEnabled", "AuditDisabled")) for name, on in switched.items())
    words = ", ".join(f"{name}: {given[name]}" for name in switched)
    return _policy(audit, "disabled" if off else "enabled", audit.operation, words)


def policy_set(audit: Audit) -> list[Row]:
    """A cmdlet that makes, changes or removes a policy of the organisation: access, filters, connectors, searches."""
    verb = audit.operation.partition("-")[0]
    given = audit.pairs("Parameters")
    name = text(given.get("Name")) or text(given.get("Identity")) or audit.get("ObjectId") or audit.operation
    words = {"New": "created", "Add": "created", "Start": "started", "Remove": "deleted"}
    words |= {"Enable": "enabled", "Disable": "disabled"}
    return _policy(audit, words.get(verb, "changed"), name, audit.operation)


def role_member(audit: Audit) -> list[Row]:
    """Add- and Remove-RoleGroupMember, New-ManagementRoleAssignment: rights of administration given or taken."""
    given = audit.pairs("Parameters")
    member = text(given.get("Member")) or text(given.get("User")) or text(given.get("SecurityGroup"))
    return [
        (
            "change",
            {
                "object_kind": "role",
                "operation": "member_removed" if audit.operation.startswith("Remove") else "member_added",
                "outcome": outcome(audit.fields.get("ResultStatus")),
                **audit.who(),
                "source_ip": audit.ip()[0],
                "object": text(given.get("Role")) or text(given.get("Identity")) or audit.get("ObjectId"),
                "details": audit.operation,
                **{f"target_{name}": value for name, value in account_of(member).items()},
            },
        )
    ]


def _policy(audit: Audit, operation: str, name: str, details: str | None = None) -> list[Row]:
    return [
        (
            "change",
            {
                "object_kind": "log" if "udit" in name else "policy",
                "operation": operation,
                "outcome": outcome(audit.fields.get("ResultStatus")),
                **audit.who(),
                "source_ip": audit.ip()[0],
                "object": name,
                "details": details,
            },
        )
    ]
