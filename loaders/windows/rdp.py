"""Remote desktop: sessions on the server, connections from the client, and the gateway between them.

`session` is a connection that someone proved to be theirs; `disconnect` an end of one, the logon itself lives on.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders.windows.event import Event, Mapper, Row, machine

_SERVER = "TerminalServices-LocalSessionManager"
_GATEWAY = "TerminalServices-Gateway"


def _row(event: Event, kind: str, outcome: str | None, **columns: Any) -> list[Row]:
    row = {"kind": kind, "outcome": outcome, "target_host": event.computer, "logon_type": "remote_interactive"}
    return [("authentication", {**row, **columns})]


def session(event: Event) -> list[Row]:
    """LocalSessionManager 21, 22, 23, 24, 25: logon, shell start, logoff, disconnection, reconnection.

    `Address` is LOCAL for the console: then it is no remote desktop.
    """
    kind = {23: "logoff", 24: "disconnect"}.get(event.id, "session")
    local = (event.text("Address") or "").casefold() == "local"
    return _row(
        event,
        kind,
        None if kind == "disconnect" else "success",
        **event.who("User"),
        source_ip=event.address("Address"),
        session=event.text("SessionID"),
        logon_type="interactive" if local else "remote_interactive",
    )


def session_ended(event: Event) -> list[Row]:
    """LocalSessionManager 39, 40: a session was disconnected, by another one or for a reason given as a number."""
    session_id = event.text("TargetSession") or event.text("Session")
    return _row(event, "disconnect", None, session=session_id, logon_type=None)


def authenticated(event: Event) -> list[Row]:
    """RemoteConnectionManager 1149: a client authenticated to the network level; Param1-3 are user, domain, address."""
    return _row(
        event,
        "session",
        "success",
        user=event.text("Param1"),
        user_domain=event.text("Param2"),
        source_ip=event.address("Param3"),
    )


def client_connecting(event: Event) -> list[Row]:
    """RDPClient 1024, 1102: on the client, the server it connects to; 1024 before, 1102 after it was reached."""
    target = machine(event.data.get("Value"))
    if target is None:
        return []
    return _row(
        event,
        "session",
        "success" if event.id == 1102 else None,
        **event.writer(),
        source_host=event.computer,
        target_host=target,
    )


def connection_accepted(event: Event) -> list[Row]:
    """RdpCoreTS 131: the server accepted a connection, before any authentication; ClientIP has a port."""
    client = event.text("ClientIP") or ""
    port = client.rpartition(":")[2]
    return [
        (
            "network",
            {
                "kind": "connection",
                "outcome": "success",
                "host": event.computer,
                "direction": "inbound",
                "protocol": (event.text("ConnType") or "tcp").casefold(),
                "source_ip": event.address("ClientIP"),
                "source_port": int(port) if port.isdecimal() and ":" in client else None,
                "target_host": event.computer,
                "target_port": 3389,
            },
        )
    ]


def password_wrong(event: Event) -> list[Row]:
    """RdpCoreTS 140: a client's user name or password was not correct."""
    return _row(event, "logon", "failure", reason="bad_password", source_ip=event.address("IPString"))


def gateway(event: Event) -> list[Row]:
    """Gateway 200, 201, 300-304: a user met a policy, or connected through the gateway to a resource.

    Only 302 (connected), 303 (disconnected) and 304 (could not connect) are a way from the client to the resource;
    the others are a sign-in to the gateway.
    """
    resource = machine(event.data.get("Resource"))
    connection = event.id in (302, 303, 304)
    kind = "disconnect" if event.id == 303 else "session" if connection else "sign_in"
    failed = event.id in (201, 301, 304)
    row: dict[str, Any] = {
        **event.who("Username"),
        "source_ip": event.address("IpAddress"),
        "target_host": resource if connection else event.computer,
        "target_service": resource,
        "package": event.text("AuthType"),
        "application": "Remote Desktop Gateway",
        "duration": event.number_of("SessionDuration"),
        "reason": "restricted" if failed else None,
        "logon_type": "remote_interactive" if connection else None,
    }
    return _row(event, kind, None if event.id == 303 else "failure" if failed else "success", **row)


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        **{(_SERVER, number): session for number in (21, 22, 23, 24, 25)},
        **{(_SERVER, number): session_ended for number in (39, 40)},
        ("TerminalServices-RemoteConnectionManager", 1149): authenticated,
        ("TerminalServices-RDPClient", 1024): client_connecting,
        ("TerminalServices-RDPClient", 1102): client_connecting,
        ("RdpCoreTS", 131): connection_accepted,
        ("RdpCoreTS", 140): password_wrong,
        **{(_GATEWAY, number): gateway for number in (200, 201, 300, 301, 302, 303, 304)},
    }
)
