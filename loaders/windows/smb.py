"""File sharing (SMB) and NTLM, as their own logs tell them."""

import ipaddress
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.codes import failure
from graph_hunt.loaders.windows.event import Event, Mapper, Row, account, address, machine, text

_ESTABLISHED = (30806, 30808)


def socket_address(value: Any) -> str | None:
    """Read a socket address written as hexadecimal bytes (family, port, address).

    >>> socket_address("0200C3540A0000020000000000000000"), socket_address("02"), socket_address(None)
    ('10.0.0.2', None, None)
    """
    try:
        raw = bytes.fromhex(text(value) or "")
    except ValueError:
        return None
    family = int.from_bytes(raw[:2], "little")
    if family == 2 and len(raw) >= 8:
        return address(str(ipaddress.IPv4Address(raw[4:8])))
    if family == 23 and len(raw) >= 24:
        return address(str(ipaddress.IPv6Address(raw[8:24])))
    return None


def _client(event: Event) -> dict[str, Any]:
    r"""The client of a server's event; ClientName is `\\NAME` or `\\address`."""
    name = text((event.text("ClientName") or "").lstrip("\\"))
    at = address(name)
    return {
        "source_host": None if at else machine(name, event.computer),
        "source_ip": socket_address(event.data.get("ClientAddress")) or at,
    }


def refused(event: Event) -> list[Row]:
    """SMBServer 551, 1009: a client failed to authenticate, or was denied as anonymous."""
    user, domain = account(event.data.get("UserName"))
    anonymous = event.id == 1009
    return [
        (
            "authentication",
            {
                "kind": "logon",
                "outcome": "failure",
                "reason": "restricted"
                if anonymous
                else failure(event.data.get("Status"), event.data.get("TranslatedStatus")),
                "user": user,
                "user_domain": domain,
                **_client(event),
                "target_host": event.computer,
                "target_service": event.text("SPN"),
                "logon_type": "network",
                "logon_process": "SMB",
            },
        )
    ]


def _server(event: Event) -> dict[str, Any]:
    r"""The server of a client's event; ServerName is `\NAME`, `\NAME.domain` or `\address`."""
    return {"source_host": event.computer, "target_host": machine(event.data.get("ServerName"))}


def client_refused(event: Event) -> list[Row]:
    """SMBClient 31001: the recorder failed to authenticate to a server."""
    user, domain = account(event.data.get("UserName"))
    return [
        (
            "authentication",
            {
                "kind": "logon",
                "outcome": "failure",
                "reason": failure(event.data.get("SecurityStatus"), event.data.get("Status")),
                "user": user,
                "user_domain": domain,
                **_server(event),
                "target_service": event.text("PrincipalName"),
                "logon_type": "network",
                "logon_process": "SMB",
                "caller_logon_id": event.logon_id("LogonId"),
            },
        )
    ]


def client_connection(event: Event) -> list[Row]:
    """SMBClient 30803-30808: the recorder's connection to a server failed, broke off, or was established again."""
    binary = event.data.get("Address") or event.data.get("RemoteAddress")
    return [
        (
            "network",
            {
                "kind": "connection",
                "outcome": "success" if event.id in _ESTABLISHED else "failure",
                "host": event.computer,
                "direction": "outbound",
                "protocol": "smb",
                **_server(event),
                "target_ip": socket_address(binary) or address(machine(event.data.get("ServerName"))),
                "target_port": 445,
            },
        )
    ]


def ntlm_sent(event: Event) -> list[Row]:
    """NTLM 8001: the recorder authenticates to a server with NTLM; `Client*` is who asks, `User*` what was given."""
    service = event.text("TargetName")
    other, other_domain = event.text("UserName"), event.text("DomainName")
    return [
        (
            "authentication",
            {
                "kind": "explicit" if other else "logon",
                "user": event.text("ClientUserName"),
                "user_domain": event.text("ClientDomainName"),
                "target_user": other,
                "target_user_domain": other_domain,
                "source_host": event.computer,
                "target_host": machine(service.rpartition("/")[2], event.computer) if service else None,
                "target_service": service,
                "package": "NTLM",
                "caller_logon_id": event.logon_id("ClientLUID"),
                "process": event.text("ProcessName"),
            },
        )
    ]


def ntlm_received(event: Event) -> list[Row]:
    """NTLM 8002, 8003: the recorder was authenticated to with NTLM; only 8003 names the workstation."""
    incoming = event.id == 8003
    return [
        (
            "authentication",
            {
                "kind": "logon",
                "user": event.text("UserName" if incoming else "ClientUserName"),
                "user_domain": event.text("DomainName" if incoming else "ClientDomainName"),
                "source_host": event.machine("Workstation") if incoming else None,
                "target_host": event.computer,
                "package": "NTLM",
                "process": event.text("ProcessName"),
            },
        )
    ]


def ntlm_validated(event: Event) -> list[Row]:
    """NTLM 8004: a domain controller checked an account for a server; SChannelName is that server."""
    return [
        (
            "authentication",
            {
                "kind": "logon",
                "user": event.text("UserName"),
                "user_domain": event.text("DomainName"),
                "source_host": machine(event.data.get("WorkstationName")),
                "target_host": machine(event.data.get("SChannelName")),
                "package": "NTLM",
            },
        )
    ]


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("SMBServer-Security", 551): refused,
        ("SMBServer-Security", 1009): refused,
        ("SMBClient", 31001): client_refused,
        **{("SMBClient", number): client_connection for number in range(30803, 30809)},
        ("NTLM", 8001): ntlm_sent,
        ("NTLM", 8002): ntlm_received,
        ("NTLM", 8003): ntlm_received,
        ("NTLM", 8004): ntlm_validated,
    }
)
