"""What Microsoft's own defences found, kept in the audit log: alerts, mail with threats, links that were opened."""

from collections.abc import Mapping
from typing import Any

import orjson

from graph_hunt.loaders._values import address, at, strings, text
from graph_hunt.loaders.m365.record import Audit, Row, account_of, first_text

__all__ = ["alerted", "clicked", "detected", "graph_alert", "is_graph_alert", "mail_seen"]

_LEVELS = {"informational": "informational", "low": "low", "medium": "medium", "high": "high"}
_DIRECTIONS = {"inbound": "inbound", "outbound": "outbound", "intra-org": "internal", "intraorg": "internal"}
_ACTIONS = {
    "delivered": "delivered",
    "deliveredasspam": "junked",
    "blocked": "blocked",
    "replaced": "blocked",
    "junked": "junked",
    "quarantined": "quarantined",
}


def alerted(audit: Audit) -> list[Row]:
    """AlertTriggered, AlertEntityGenerated, and the alerts of Defender for Cloud Apps."""
    told = _object(audit.fields.get("Data"))
    entity = audit.get("AlertEntityId") if audit.get("EntityType") == "User" else None
    who = first_text(entity, told.get("f3u"), told.get("suid"), told.get("trc"))
    columns = account_of(who) if who and "@" in who else {}
    if not columns and audit.workload == "MCAS":
        columns = audit.who()
    level = first_text(audit.fields.get("Severity"), audit.fields.get("AlertSeverity")) or ""
    addresses = audit.fields.get("ClientIPs")
    words = first_text(told.get("ad"), audit.fields.get("AlertDescription"), audit.fields.get("Comments"))
    return [
        (
            "alert",
            {
                "product": "Microsoft 365",
                "title": first_text(audit.fields.get("Name"), audit.fields.get("AlertDisplayName"), audit.operation),
                "level": _LEVELS.get(level.casefold()),
                **columns,
                "source_ip": address(addresses[0]) if isinstance(addresses, list) and addresses else audit.ip()[0],
                "details": " ".join(words.split()) if words else None,
                "rule": first_text(audit.fields.get("PolicyId"), audit.fields.get("AlertId"), audit.operation),
            },
        )
    ]


def is_graph_alert(fields: Mapping[str, Any]) -> bool:
    """Tell an alert of Graph's security API."""
    return {"title", "severity", "createdDateTime", "serviceSource"} <= fields.keys()


def graph_alert(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an alert of Graph's security API: the first user, device and address of its evidence."""
    columns: dict[str, Any] = {}
    for item in fields.get("evidence") or ():
        if not isinstance(item, dict):
            continue
        account = item.get("userAccount")
        if isinstance(account, dict) and "user" not in columns:
            columns |= {
                "user": text(account.get("accountName")),
                "user_domain": text(account.get("domainName")),
                "user_sid": first_text(account.get("userSid"), account.get("azureAdUserId")),
                "user_upn": text(account.get("userPrincipalName")),
            }
        if found := address(item.get("ipAddress")):
            columns.setdefault("source_ip", found)
        if name := text(item.get("deviceDnsName")):
            columns.setdefault("host", name)
    level = (text(fields.get("severity")) or "").casefold()
    return {
        "product": first_text(fields.get("productName"), fields.get("serviceSource")),
        "title": text(fields.get("title")),
        "level": _LEVELS.get(level),
        "techniques": strings(fields.get("mitreTechniques")) or None,
        "details": text(fields.get("description")),
        "rule": first_text(fields.get("detectorId"), fields.get("alertPolicyId"), fields.get("category")),
        **columns,
    }


def detected(audit: Audit) -> list[Row]:
    """AtpDetection and FileMalwareDetected: malware in a file."""
    file = _object(audit.fields.get("FileData"))
    name = first_text(file.get("FileName"), audit.fields.get("SourceFileName"))
    family = first_text(file.get("MalwareFamily"), audit.fields.get("VirusInfo"))
    return [
        (
            "alert",
            {
                "product": "Microsoft 365",
                "title": "malware in a file",
                "level": "high",
                **audit.who(),
                "source_ip": audit.ip()[0],
                "details": " ".join(part for part in (name, family, text(file.get("SHA256"))) if part) or None,
                "rule": audit.operation,
            },
        )
    ]


def mail_seen(audit: Audit) -> list[Row]:
    """TIMailData: a message that Defender for Office 365 found a threat in, once for each recipient."""
    checks = {str(key).casefold(): str(value).casefold() for key, value in audit.pairs("AuthDetails").items()}
    attachments = [item for item in audit.fields.get("AttachmentData") or () if isinstance(item, dict)]
    told = {
        "message_id": (audit.get("InternetMessageId") or "").strip("<>") or None,
        "network_id": audit.get("NetworkMessageId"),
        "sender": first_text(audit.fields.get("P2Sender"), audit.fields.get("P1Sender")),
        "return_path": audit.get("P1Sender"),
        "subject": audit.get("Subject"),
        "direction": _DIRECTIONS.get((audit.get("Directionality") or "").casefold()),
        "action": _ACTIONS.get((audit.get("DeliveryAction") or "").casefold()),
        "source_ip": address(audit.get("SenderIp")),
        "attachments": [text(item.get("FileName")) or "" for item in attachments] or None,
        "attachment_hashes": [(text(item.get("SHA256")) or "").lower() for item in attachments] or None,
        "spf": checks.get("spf"),
        "dkim": checks.get("dkim"),
        "dmarc": checks.get("dmarc"),
        "threats": strings(audit.fields.get("ThreatsAndDetectionTech")) or strings(audit.fields.get("Verdict")) or None,
    }
    sent = at(audit.fields.get("MessageTime"))
    recipients: list[str | None] = [*strings(audit.fields.get("Recipients"))] or [None]
    return [("mail", {**told, "recipient": one, **({"time": sent} if sent is not None else {})}) for one in recipients]


def clicked(audit: Audit) -> list[Row]:
    """TIUrlClickData: a link that Safe Links saw opened."""
    action = (audit.get("UrlClickAction") or "").casefold()
    overridden = action in ("4", "5", "pendingdetonationpageoverride", "blockpageoverride", "clickedthrough")
    blocked = action in ("2", "3", "blockpage", "pendingdetonationpage", "blocked")
    opened = at(audit.fields.get("TimeOfClick"))
    return [
        (
            "click",
            {
                **audit.who(),
                "url": audit.get("Url"),
                "action": "overridden" if overridden else "blocked" if blocked else "allowed",
                "network_id": audit.get("SourceId"),
                "source_ip": first_text(address(audit.get("UserIp"))) or audit.ip()[0],
                "client": audit.get("AppName"),
                **({"time": opened} if opened is not None else {}),
            },
        )
    ]


def _object(value: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    try:
        inner = orjson.loads(value) if isinstance(value, str) else None
    except orjson.JSONDecodeError:
        return {}
    return inner if isinstance(inner, dict) else {}
