"""OpenSSH for Windows, routing and remote access (VPN), and Windows Remote Management."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.event import Event, Mapper, Row, account, address, machine, text

_SSHD = re.compile(
    r"^(?P<what>Accepted|Failed) (?P<method>[\w/-]+) for (?P<invalid>invalid user )?(?P<user>.+?)"
    r" from (?P<ip>\S+) port (?P<port>\d+)(?: |$)"
)
_GUID = re.compile(r"^\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?$")


def ssh(event: Event) -> list[Row]:
    """OpenSSH: what sshd says of an authentication; its level is the event's id, its words the payload.

    `Invalid user` comes with a `Failed … for invalid user` of its own and gives no row.
    """
    payload = event.text("payload") or " ".join(event.values[1:])
    found = _SSHD.match(payload)
    if not found:
        return []
    user, domain = account(found["user"])
    accepted = found["what"] == "Accepted"
    reason = None if accepted else "unknown_user" if found["invalid"] else "bad_password"
    return [
        (
            "authentication",
            {
                "kind": "logon",
                "outcome": "success" if accepted else "failure",
                "reason": reason,
                "user": user,
                "user_domain": domain,
                "source_ip": address(found["ip"]),
                "source_port": int(found["port"]),
                "target_host": event.computer,
                "logon_type": "cleartext" if found["method"] == "password" else "network",
                "package": found["method"],
                "application": "sshd",
            },
        )
    ]


def _values(event: Event) -> list[str]:
    """The values of a RemoteAccess event without those of its CoId and routing domain, which not every one has."""
    plain = list(event.values) or [str(event.data[name]) for name in event.data if name.startswith("param")]
    while plain and (plain[0].strip("{}") in ("", "NA") or _GUID.match(plain[0])):
        plain.pop(0)
    return [value.strip() for value in plain]


def _vpn(event: Event, kind: str, outcome: str | None, user: str, **columns: Any) -> list[Row]:
    name, domain = account(user)
    cloud = name if name and "@" in name else None
    row = {
        "kind": kind,
        "outcome": outcome,
        "user": name,
        "user_domain": domain,
        "user_upn": cloud,
        "target_host": event.computer,
        "application": "RemoteAccess",
    }
    return [("authentication", {**row, **columns})]


def vpn(event: Event) -> list[Row]:
    """RemoteAccess 20249-20275: a user connected, failed, was given an address, or disconnected.

    20271 alone tells the client's address; 20274's and 20275's is the one given out inside.
    """
    values = [*_values(event), *[""] * 14]
    if event.id == 20271:
        return _vpn(event, "sign_in", "failure", values[0], reason="other", source_ip=address(values[1]))
    if event.id == 20249:
        return _vpn(event, "sign_in", "failure", values[0], reason="other")
    if event.id == 20255:
        return _vpn(event, "sign_in", "failure", values[1], reason="other")
    if event.id == 20253:
        return _vpn(event, "disconnect", None, values[0])
    if event.id == 20272:
        minutes, seconds = values[6], values[7]
        lasted = int(minutes) * 60 + int(seconds) if minutes.isdecimal() and seconds.isdecimal() else None
        return _vpn(event, "disconnect", None, values[0], duration=lasted)
    if event.id == 20275:
        return _vpn(event, "disconnect", None, "", device=address(values[0]))
    if event.id == 20274:
        return _vpn(event, "sign_in", "success", values[0], device=address(values[2]))
    return _vpn(event, "sign_in", "success", values[0])


def _destination(connection: str | None) -> str | None:
    """The machine of a WinRM connection string such as `pc2/wsman?PSVersion=5.1` or `http://pc2:5985/wsman`."""
    if not connection:
        return None
    host = connection.partition("//")[2] or connection
    host = host.partition("/")[0].rpartition("@")[2]
    return text(host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0])


def winrm_client(event: Event) -> list[Row]:
    """WinRM 6: on the client, a session is opened to a server."""
    connection = event.text("connection") or text(event.values[0] if event.values else None)
    target = machine(_destination(connection), event.computer)
    return [
        (
            "authentication",
            {
                "kind": "session",
                **event.writer(),
                "source_host": event.computer if target else None,
                "target_host": target or event.computer,
                "target_service": connection,
                "application": "WinRM",
            },
        )
    ]


def winrm_server(event: Event) -> list[Row]:
    """WinRM 91, 168, 169: on the server, a shell was made, or a user authenticated; the client is not told."""
    return [
        (
            "authentication",
            {
                "kind": "session",
                "outcome": "success",
                **(event.who("username") if event.text("username") else event.writer()),
                "target_host": event.computer,
                "target_service": event.text("resourceUri"),
                "package": event.text("authenticationMechanism"),
                "application": "WinRM",
            },
        )
    ]


_VPN_IDS = (20249, 20250, 20253, 20255, 20271, 20272, 20274, 20275)

MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        **{("OpenSSH", number): ssh for number in range(1, 7)},
        **{("RemoteAccess", number): vpn for number in _VPN_IDS},
        ("WinRM", 6): winrm_client,
        **{("WinRM", number): winrm_server for number in (91, 168, 169)},
    }
)
