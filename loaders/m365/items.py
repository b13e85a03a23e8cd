"""What was done to the items of a mailbox: read, synchronised, sent, moved, deleted."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._values import flag, integer, text, walk
from graph_hunt.loaders.m365.record import Audit, Row, address_of, outcome

__all__ = ["accessed", "folder_rights", "mailbox_columns", "touched"]

_OPERATIONS: Mapping[str, str] = MappingProxyType(
    {
        "Send": "send",
        "SendAs": "send_as",
        "SendOnBehalf": "send_on_behalf",
        "MessageBind": "access",
        "FolderBind": "access",
        "Copy": "access",
        "MailboxLogin": "access",
        "Move": "move",
        "MoveToDeletedItems": "delete",
        "SoftDelete": "delete",
        "HardDelete": "delete",
        "Create": "create",
        "Update": "update",
    }
)
_LOGON_KINDS = {0: "owner", 1: "admin", 2: "delegate", "Owner": "owner", "Admin": "admin", "Delegated": "delegate"}
_PROTOCOLS = (
    ("Client=OWA", "owa"),
    ("Client=WebServices", "ews"),
    ("Client=REST", "rest"),
    ("Client=ActiveSync", "activesync"),
    ("Client=MSExchangeRPC", "mapi"),
    ("Client=OutlookService", "rest"),
    ("Client=Outlook", "mapi"),
    ("Client=Microsoft.Exchange.Mapi", "mapi"),
    ("Client=Microsoft.Exchange.RpcClientAccess", "mapi"),
    ("Client=Microsoft.Exchange.Autodiscover", "autodiscover"),
    ("Client=Management", "powershell"),
    ("Client=PowerShell", "powershell"),
)
_GRAPH = "00000003-0000-0000-c000-000000000000"
_MOST_IDS = 1000


def mailbox_columns(audit: Audit) -> dict[str, Any]:
    """What every record of a mailbox says: whose it is, who acted, in what role, with what."""
    text_of_client = audit.get("ClientInfoString")
    application = audit.get("AppId")
    return {
        "outcome": outcome(audit.fields.get("ResultStatus")),
        **audit.who(),
        "mailbox": address_of(audit.fields.get("MailboxOwnerUPN"), audit.organization()),
        "owner_sid": audit.get("MailboxOwnerSid"),
        "logon_kind": _logon_kind(audit.fields.get("LogonType")),
        "client": audit.client(),
        "protocol": _protocol(text_of_client, application),
        "client_ip": audit.ip()[0],
        "session": _session(audit),
    }


def _logon_kind(value: Any) -> str | None:
    number = integer(value)
    return _LOGON_KINDS.get(number if number is not None else str(value))


def _protocol(client: str | None, application: str | None) -> str | None:
    if client is None:
        return None
    if client.startswith("Client=REST") and application == _GRAPH:
        return "graph"
    if "POP3/IMAP4" in client or "IMAP4" in client or "POP3" in client:
        # One client name for both; the protocol stands behind it.
        return "pop" if "Protocol=POP3" in client or "IMAP4" not in client else "imap"
    return next((word for beginning, word in _PROTOCOLS if client.startswith(beginning)), None)


def _session(audit: Audit) -> str | None:
    context = audit.fields.get("AppAccessContext")
    inner = text(context.get("AADSessionId")) if isinstance(context, dict) else None
    return inner or audit.get("SessionId")


def accessed(audit: Audit) -> list[Row]:
    """MailItemsAccessed: single messages (Bind), or a folder synchronised whole (Sync)."""
    properties = audit.pairs("OperationProperties")
    identifiers, paths, items = [], [], 0
    for folder in _dicts(audit.fields.get("Folders")):
        paths.append(text(folder.get("Path")))
        for item in _dicts(folder.get("FolderItems")):
            items += 1
            if identifier := text(item.get("InternetMessageId")):
                identifiers.append(identifier.strip("<>"))
    paths.append(text(walk(audit.fields, "Item", "ParentFolder", "Path")))
    sync = str(properties.get("MailAccessType")) == "Sync"
    return [
        (
            "mailbox",
            {
                "operation": "sync" if sync else "access",
                **mailbox_columns(audit),
                "folder": "; ".join(dict.fromkeys(path for path in paths if path)) or None,
                "message_ids": identifiers[:_MOST_IDS] or None,
                "items": None if sync and not items else integer(audit.fields.get("OperationCount")) or items or None,
                "throttled": flag(properties.get("IsThrottled")),
            },
        )
    ]


def touched(audit: Audit) -> list[Row]:
    """Send, SendAs, Move, SoftDelete …: one item, or several affected ones."""
    items = list(_dicts(audit.fields.get("AffectedItems"))) or list(_dicts([audit.fields.get("Item")]))
    identifiers = [found.strip("<>") for item in items if (found := text(item.get("InternetMessageId")))]
    subjects = [found for item in items if (found := text(item.get("Subject")))]
    columns = mailbox_columns(audit)
    on_behalf = audit.get("SendAsUserSmtp") or audit.get("SendOnBehalfOfUserSmtp")
    return [
        (
            "mailbox",
            {
                "operation": _OPERATIONS[audit.operation],
                **columns,
                # Who sends as another uses the other's mailbox.
                "mailbox": on_behalf or columns["mailbox"],
                "folder": _folder(audit, items),
                "subject": subjects[0] if subjects else None,
                "message_ids": identifiers[:_MOST_IDS] or None,
                "items": len(items) or None,
            },
        )
    ]


def _folder(audit: Audit, items: list[dict[str, Any]]) -> str | None:
    for holder in (audit.fields.get("DestFolder"), audit.fields.get("Folder"), *(i.get("ParentFolder") for i in items)):
        if isinstance(holder, dict) and (path := text(holder.get("Path"))):
            return path
    return None


def folder_rights(audit: Audit) -> list[Row]:
    """AddFolderPermissions, ModifyFolderPermissions, RemoveFolderPermissions."""
    item = audit.fields.get("Item")
    folder = item.get("ParentFolder") if isinstance(item, dict) else None
    folder = folder if isinstance(folder, dict) else {}
    rights = [part.strip() for part in (text(folder.get("MemberRights")) or "").split(",") if part.strip()]
    removed = audit.operation.startswith("Remove") or rights in ([], ["None"])
    return [
        (
            "mailbox",
            {
                "operation": "permission_removed" if removed else "permission_granted",
                **mailbox_columns(audit),
                "grantee": text(folder.get("MemberUpn")) or text(folder.get("MemberSid")),
                "rights": rights or None,
                "folder": text(folder.get("Path")),
            },
        )
    ]


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))
