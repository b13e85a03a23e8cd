"""Kerberos tickets, as a domain controller's Security log tells them.

The account that asks is `user`, the service's account `target_user`. The recorder is the domain controller; the
machine that the ticket is for is `target_host`, known where the service's account is a machine's own.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.codes import cipher, kerberos_failure
from graph_hunt.loaders.windows.event import Event, Mapper, Row


def _ticket(event: Event, kind: str) -> dict[str, Any]:
    reason = kerberos_failure(event.data.get("Status"))
    name = event.text("TargetUserName")
    user, _, realm = (name or "").partition("@")
    return {
        "kind": kind,
        "outcome": "failure" if reason else "success",
        "reason": reason,
        "user": user or None,
        "user_domain": event.text("TargetDomainName") or realm or None,
        "user_sid": event.sid("TargetSid"),
        "target_user": event.text("ServiceName"),
        "target_user_sid": event.sid("ServiceSid"),
        "target_service": event.text("ServiceName"),
        "source_ip": event.address("IpAddress"),
        "source_port": event.number_of("IpPort") or None,
        "package": "Kerberos",
        "encryption": cipher(event.data.get("TicketEncryptionType")),
    }


def granting(event: Event) -> list[Row]:
    """4768, 4771: a ticket-granting ticket was asked for, given or refused.

    A refused one's ServiceName has the realm with it, which 4771 tells nowhere else.
    """
    row = _ticket(event, "ticket_granting")
    name, _, realm = (row["target_user"] or "").partition("/")
    row["target_user"] = name or None
    row["user_domain"] = row["user_domain"] or realm or None
    row["preauth"] = event.number_of("PreAuthType")
    row["target_user_domain"] = row["user_domain"]
    return [("authentication", row)]


def service(event: Event) -> list[Row]:
    """4769, 4770: a service's ticket was asked for, or renewed."""
    row = _ticket(event, "ticket_service")
    name = row["target_user"]
    row["target_user_domain"] = row["user_domain"]
    if name and name.endswith("$"):
        row["target_host"] = name.rpartition("/")[2].removesuffix("$")
    row["session"] = (event.text("LogonGuid") or "").strip("{}").lower() or None
    return [("authentication", row)]


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("Security", 4768): granting,
        ("Security", 4769): service,
        ("Security", 4770): service,
        ("Security", 4771): granting,
    }
)
