"""Rules that move, hide or send on mail: of one inbox, and of the organisation's transport."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from graph_hunt.loaders._values import flag, strings, text
from graph_hunt.loaders.m365.items import mailbox_columns
from graph_hunt.loaders.m365.record import Audit, Row, address_of

__all__ = ["inbox_rule", "outlook_rule", "transport_rule"]

_ADDRESS = re.compile(r"[^\s@<>\"':;,\[\]\\/]+@[^\s@<>\"':;,\[\]\\/]+")
_UNNAMED = "(no name)"
_FORWARDS = ("ForwardTo", "ForwardAsAttachmentTo", "RedirectTo")
_ACTIONS: Mapping[str, str] = {
    "ForwardTo": "forward",
    "ForwardAsAttachmentTo": "forward",
    "RedirectTo": "redirect",
    "DeleteMessage": "delete",
    "SoftDeleteMessage": "delete",
    "MoveToFolder": "move",
    "CopyToFolder": "copy",
    "MarkAsRead": "mark_read",
    "MarkImportance": "mark_importance",
    "ApplyCategory": "categorise",
    "PinMessage": "pin",
    "StopProcessingRules": "stop",
    "SendTextMessageNotificationTo": "notify",
}
_OUTLOOK_ACTIONS: Mapping[str, str] = {
    "Forward": "forward",
    "ForwardAsAttachment": "forward",
    "Redirect": "redirect",
    "Delegate": "redirect",
    "Delete": "delete",
    "PermanentDelete": "delete",
    "SoftDelete": "delete",
    "Move": "move",
    "MoveToFolder": "move",
    "Copy": "copy",
    "CopyToFolder": "copy",
    "MarkAsRead": "mark_read",
    "MarkRead": "mark_read",
    "MarkImportance": "mark_importance",
    "Tag": "categorise",
    "StopProcessing": "stop",
    "DeferAction": "defer",
}
_NO_CONDITIONS = frozenset(
    {"Name", "Identity", "Mailbox", "Force", "AlwaysDeleteOutlookRulesBlob", "Confirm", "DomainController", "Priority"}
    | {"Enabled", "Mode", "Comments", "RuleErrorAction", "SenderAddressLocation", "Organization", "DlpPolicy"}
    | {"RuleSubType", "UseLegacyRegex", "WhatIf", "Quality"}
)
_TRANSPORT: Mapping[str, str] = {
    "RedirectMessageTo": "redirect",
    "BlindCopyTo": "copy",
    "CopyTo": "copy",
    "AddToRecipients": "copy",
    "AddManagerAsRecipientType": "copy",
    "ModerateMessageByUser": "moderate",
    "DeleteMessage": "delete",
    "Quarantine": "quarantine",
    "SetSCL": "set_scl",
    "SetHeaderName": "set_header",
    "RemoveHeader": "remove_header",
    "StopRuleProcessing": "stop",
    "ApplyHtmlDisclaimerText": "disclaimer",
    "PrependSubject": "prepend_subject",
    "RejectMessageReasonText": "reject",
}
_TRANSPORT_FORWARDS = ("RedirectMessageTo", "BlindCopyTo", "CopyTo", "AddToRecipients")


def inbox_rule(audit: Audit) -> list[Row]:
    """New-, Set-, Enable-, Disable- and Remove-InboxRule."""
    given = audit.pairs("Parameters")
    columns = mailbox_columns(audit)
    organization = audit.organization()
    where = text(given.get("Mailbox")) or text(given.get("Identity")) or audit.get("ObjectId") or ""
    columns["mailbox"] = columns["mailbox"] or _mailbox(where, columns.get("user_upn"), organization)
    verb = audit.operation.partition("-")[0]
    folder = text(given.get("MoveToFolder")) or text(given.get("CopyToFolder"))
    return [
        (
            "mailbox",
            {
                "operation": {"New": "rule_created", "Remove": "rule_deleted"}.get(verb, "rule_changed"),
                **columns,
                "rule_name": _rule_name(given, audit.get("ObjectId")),
                "rule_actions": _acts(given, _ACTIONS) or _state(verb),
                "rule_conditions": _conditions(given, _ACTIONS),
                "forward_to": _addresses(given.get(name) for name in _FORWARDS),
                "folder": folder,
            },
        )
    ]


def _mailbox(written: str, actor: str | None, organization: str | None) -> str | None:
    """The rule's mailbox: the actor's own where its alias says so, for an alias alone is no address."""
    found = address_of(written, organization)
    alias = written.rpartition("/")[2].partition("\\")[0].casefold()
    if actor and (not alias or actor.casefold().partition("@")[0] == alias or "@" not in (found or "")):
        return actor
    return found or actor


def _rule_name(given: Mapping[str, Any], identity: str | None) -> str:
    if found := text(given.get("Name")):
        return found
    whole = text(given.get("Identity")) or identity or ""
    # Whoever hides a rule gives it no name, or a blank one; it must still be seen.
    return text(whole.rpartition("\\")[2].rpartition("/")[2]) or _UNNAMED


def _acts(given: Mapping[str, Any], words: Mapping[str, str]) -> list[str] | None:
    acts = [
        word for name, word in words.items() if text(given.get(name)) is not None and flag(given[name]) is not False
    ]
    return list(dict.fromkeys(acts)) or None


def _state(verb: str) -> list[str] | None:
    return {"Disable": ["disabled"], "Enable": ["enabled"], "Remove": ["removed"]}.get(verb)


def _conditions(given: Mapping[str, Any], actions: Mapping[str, str]) -> list[str] | None:
    found = [
        f"{name}: {value}"
        for name in given
        if name not in _NO_CONDITIONS and name not in actions and (value := text(given[name])) is not None
    ]
    return found or None


def _addresses(values: Iterable[Any]) -> list[str] | None:
    found: list[str] = []
    for value in values:
        for part in strings(value):
            inner = _ADDRESS.findall(part.replace("smtp:", "").replace("SMTP:", ""))
            found.extend(inner or [part])
    return list(dict.fromkeys(found)) or None


def outlook_rule(audit: Audit) -> list[Row]:
    """UpdateInboxRules: what Outlook itself did, in the properties of the operation."""
    properties = audit.pairs("OperationProperties")
    verb = str(properties.get("RuleOperation"))
    operation = (
        "rule_created" if verb.startswith("Add") else "rule_deleted" if verb.startswith("Remove") else "rule_changed"
    )
    try:
        actions = orjson.loads(str(properties.get("RuleActions") or "[]"))
    except orjson.JSONDecodeError:
        actions = []
    actions = [action for action in actions if isinstance(action, dict)] if isinstance(actions, list) else []
    names = [str(action.get("ActionType")) for action in actions]
    return [
        (
            "mailbox",
            {
                "operation": operation,
                **mailbox_columns(audit),
                "rule_name": text(properties.get("RuleName")) or text(properties.get("RuleId")) or _UNNAMED,
                "rule_actions": list(dict.fromkeys(_OUTLOOK_ACTIONS.get(name, name.casefold()) for name in names))
                or None,
                "rule_conditions": strings([properties.get("RuleCondition")]) or None,
                "forward_to": _addresses(action.get("Recipients") for action in actions),
                "folder": next(
                    (found for a in actions if (found := text(a.get("FolderName") or a.get("Folder")))), None
                ),
            },
        )
    ]


_DONE = {"New": "created", "Disable": "disabled", "Remove": "deleted"}
"""What a verb does to a transport rule; the others change it."""


def transport_rule(audit: Audit) -> list[Row]:
    """New-, Set-, Enable-, Disable- and Remove-TransportRule: the organisation's, on no one mailbox."""
    given = audit.pairs("Parameters")
    verb = audit.operation.partition("-")[0]
    return [
        (
            "mailbox",
            {
                "operation": f"transport_rule_{_DONE.get(verb, 'changed')}",
                **mailbox_columns(audit),
                "rule_name": _rule_name(given, audit.get("ObjectId")),
                # What ends a rule says nothing of what it did, which is to stay known.
                "rule_actions": _acts(given, _TRANSPORT),
                "rule_conditions": _conditions(given, _TRANSPORT),
                "forward_to": _addresses(given.get(name) for name in _TRANSPORT_FORWARDS),
            },
        )
    ]
