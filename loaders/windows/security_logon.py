"""Logons, failed logons, logoffs, explicit credentials and sessions, as the Security log tells them."""

from collections.abc import Mapping
from types import MappingProxyType

from graph_hunt.loaders.windows.codes import failure, logon_type, yes
from graph_hunt.loaders.windows.event import Event, Mapper, Row, machine

_SELF = frozenset({"localhost", ".", "127.0.0.1", "::1"})


def _logon(event: Event) -> Row:
    """What 4624 and 4625 share: the account is Target*, the source the workstation or address.

    For a remote desktop logon WorkstationName is the machine logged on to, not the client: `machine` drops it.
    """
    data = event.data
    return "authentication", {
        "kind": "logon",
        "user": event.text("TargetUserName"),
        "user_domain": event.text("TargetDomainName"),
        "user_sid": event.sid("TargetUserSid"),
        "source_host": event.machine("WorkstationName"),
        "source_ip": event.address("IpAddress"),
        "source_port": event.number_of("IpPort") or None,
        "target_host": event.computer,
        "logon_type": logon_type(data.get("LogonType")),
        "package": _package(event),
        "logon_process": event.text("LogonProcessName"),
        "process": event.text("ProcessName"),
        "caller_logon_id": event.logon_id("SubjectLogonId"),
    }


def _package(event: Event) -> str | None:
    """The package that did it: Negotiate says in LmPackageName that it chose NTLM."""
    package = event.text("AuthenticationPackageName")
    chosen = event.text("LmPackageName")
    return "NTLM" if chosen and chosen.startswith("NTLM") else package


def logged_on(event: Event) -> list[Row]:
    """4624: an account was logged on; the account that new credentials stand for is in TargetOutbound*."""
    table, row = _logon(event)
    row["outcome"] = "success"
    row["logon_id"] = event.logon_id("TargetLogonId")
    row["elevated"] = yes(event.data.get("ElevatedToken"))
    row["target_user"] = event.text("TargetOutboundUserName")
    row["target_user_domain"] = event.text("TargetOutboundDomainName")
    return [(table, row)]


def logon_failed(event: Event) -> list[Row]:
    """4625: an account failed to log on."""
    table, row = _logon(event)
    row["outcome"] = "failure"
    row["reason"] = failure(event.data.get("SubStatus"), event.data.get("Status"))
    return [(table, row)]


def logged_off(event: Event) -> list[Row]:
    """4634, 4647: a session ended."""
    return [
        (
            "authentication",
            {
                "kind": "logoff",
                "outcome": "success",
                "user": event.text("TargetUserName"),
                "user_domain": event.text("TargetDomainName"),
                "user_sid": event.sid("TargetUserSid"),
                "target_host": event.computer,
                "logon_type": logon_type(event.data.get("LogonType")),
                "logon_id": event.logon_id("TargetLogonId"),
            },
        )
    ]


def explicit(event: Event) -> list[Row]:
    """4648: a user gave another account's credentials, here or to another machine.

    It is recorded where the credentials were given. Its IpAddress is the client of a remote session when they were
    used here; when they went to another machine the source is the recorder itself.
    """
    server = event.text("TargetServerName")
    remote = None if server and server.casefold() in _SELF else machine(server, event.computer)
    return [
        (
            "authentication",
            {
                "kind": "explicit",
                "outcome": "failure" if event.failed else "success",
                "user": event.text("SubjectUserName"),
                "user_domain": event.text("SubjectDomainName"),
                "user_sid": event.sid("SubjectUserSid"),
                "target_user": event.text("TargetUserName"),
                "target_user_domain": event.text("TargetDomainName"),
                "source_host": event.computer if remote else None,
                "source_ip": None if remote else event.address("IpAddress"),
                "source_port": None if remote else event.number_of("IpPort") or None,
                "target_host": remote or event.computer,
                "target_service": event.text("TargetInfo") if remote else None,
                "caller_logon_id": event.logon_id("SubjectLogonId"),
                "process": event.text("ProcessName"),
            },
        )
    ]


def privileged(event: Event) -> list[Row]:
    """4672: a new session was given administrator rights."""
    return [
        (
            "authentication",
            {
                "kind": "privileged",
                "outcome": "success",
                "user": event.text("SubjectUserName"),
                "user_domain": event.text("SubjectDomainName"),
                "user_sid": event.sid("SubjectUserSid"),
                "target_host": event.computer,
                "logon_id": event.logon_id("SubjectLogonId"),
                "elevated": True,
            },
        )
    ]


def validated(event: Event) -> list[Row]:
    """4776: an authority checked an account's password (NTLM).

    The recorder is a domain controller, or the machine itself for its own accounts. Which machine was logged on to
    the event does not say, so `target_host` is null for a domain's account. A name without a domain is an account
    of the authority's: a domain account where that is a domain controller.
    """
    status = event.number_of("Status")
    return [
        (
            "authentication",
            {
                "kind": "logon",
                "outcome": "failure" if status else "success",
                "reason": failure(status) if status else None,
                "user": event.text("TargetUserName"),
                "source_host": event.machine("Workstation"),
                "package": "NTLM",
            },
        )
    ]


def session_changed(event: Event) -> list[Row]:
    """4778, 4779: a session was reconnected to, or disconnected from, a window station."""
    return [
        (
            "authentication",
            {
                "kind": "session" if event.id == 4778 else "disconnect",
                "outcome": "success" if event.id == 4778 else None,
                "user": event.text("AccountName"),
                "user_domain": event.text("AccountDomain"),
                "source_host": event.machine("ClientName"),
                "source_ip": event.address("ClientAddress"),
                "target_host": event.computer,
                "logon_type": "remote_interactive" if _remote(event) else None,
                "logon_id": event.logon_id("LogonID"),
            },
        )
    ]


def _remote(event: Event) -> bool:
    session = event.text("SessionName")
    return bool(session and session.casefold().startswith("rdp")) or event.address("ClientAddress") is not None


def rdp_denied(event: Event) -> list[Row]:
    """4825: remote desktop was refused, for want of the right to it."""
    return [
        (
            "authentication",
            {
                "kind": "logon",
                "outcome": "failure",
                "reason": "restricted",
                "user": event.text("AccountName"),
                "user_domain": event.text("AccountDomain"),
                "source_ip": event.address("ClientAddress"),
                "target_host": event.computer,
                "logon_type": "remote_interactive",
                "logon_id": event.logon_id("LogonID"),
            },
        )
    ]


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("Security", 4624): logged_on,
        ("Security", 4625): logon_failed,
        ("Security", 4634): logged_off,
        ("Security", 4647): logged_off,
        ("Security", 4648): explicit,
        ("Security", 4672): privileged,
        ("Security", 4776): validated,
        ("Security", 4778): session_changed,
        ("Security", 4779): session_changed,
        ("Security", 4825): rdp_denied,
    }
)
