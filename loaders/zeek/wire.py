"""Connections, look-ups, leases, and what was opened over SMB and called over DCE/RPC."""

from collections.abc import Mapping
from typing import Any

from graph_hunt.loaders._values import address, first, integer, text
from graph_hunt.loaders.zeek.ends import Ends

__all__ = ["connection", "encrypted", "lease", "lookup", "remote_call", "share", "shared_file"]

_Row = tuple[str, dict[str, Any]]
_REFUSED = frozenset({"S0", "REJ", "RSTOS0", "RSTRH", "SH", "SHR"})
"""States of connections that were never made."""
_UNCLEAR = frozenset({"OTH"})
"""A connection met in its midst."""


def connection(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """conn: a connection, whatever it carried; of UDP and ICMP, whether it was answered."""
    state = fields.get("conn_state")
    outcome = None if state in _UNCLEAR or state is None else "failure" if state in _REFUSED else "success"
    sent, answered = integer(fields.get("orig_pkts")), integer(fields.get("resp_pkts"))
    seconds = fields.get("duration")
    lasted = int(seconds) if isinstance(seconds, (int, float)) else None
    return "network", {
        "kind": "connection",
        "outcome": outcome,
        "protocol": text(fields.get("proto")),
        **ends.network(),
        "bytes_out": integer(fields.get("orig_bytes")),
        "bytes_in": integer(fields.get("resp_bytes")),
        "packets": None if sent is None and answered is None else (sent or 0) + (answered or 0),
        "duration": lasted,
    }


def encrypted(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """ssl: a connection under TLS, with the name of the server that the client asked for."""
    name = text(fields.get("server_name"))
    established = fields.get("established")
    return "network", {
        "kind": "connection",
        "outcome": None if established is None else "success" if established is True else "failure",
        "protocol": "tls",
        **ends.network(),
        "target_host": None if name is None or _is_address(name) else name,
    }


def _is_address(name: str) -> bool:
    return address(name) is not None or name.replace(".", "").isdigit() or ":" in name


def lookup(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """dns: a name was asked for; an answer of no error says that it exists."""
    name = text(fields.get("query"))
    if name is None:
        return "no_query"
    code = text(fields.get("rcode_name"))
    answers = fields.get("answers")
    found = [text(one) for one in answers] if type(answers) is list else []
    return "network", {
        "kind": "lookup",
        "outcome": None if code is None else "success" if code == "NOERROR" else "failure",
        "protocol": "dns",
        **ends.network(),
        "target_host": name,
        "answers": [one for one in found if one is not None] or None,
    }


def lease(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """dhcp: an address was given; conversations without the server's word on it give none."""
    given = address(first(text(fields.get(name)) for name in ("assigned_addr", "assigned_ip")))
    messages = fields.get("msg_types")
    if given is None or (type(messages) is list and messages and "ACK" not in messages):
        return "no_lease"
    return "network", {
        "kind": "lease",
        "outcome": "success",
        "protocol": "dhcp",
        "source_host": first(text(fields.get(name)) for name in ("client_fqdn", "host_name")),
        "source_ip": given,
        "target_ip": address(text(fields.get("server_addr"))) or ends.answering,
        "mac": (text(fields.get("mac")) or "").lower() or None,
    }


def _opened(ends: Ends, server: str | None, kind: str, **columns: Any) -> _Row:
    return "access", {"kind": kind, "host": server or ends.answering, "source_ip": ends.beginning, **columns}


def _unc(path: str | None) -> tuple[str | None, str | None]:
    r"""Take `\\server\share` apart."""
    if path is None:
        return None, None
    if not path.startswith("\\\\"):
        return None, path
    server, _, name = path[2:].partition("\\")
    return text(server), text(name)


def share(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """smb_mapping: a share was connected to; its path names the server as the client called it."""
    server, name = _unc(text(fields.get("path")))
    return _opened(ends, server, "share", outcome="success", object=name) if name else "no_share"


def shared_file(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """smb_files: a file under a share, or a pipe, was opened, renamed, deleted."""
    server, name = _unc(text(fields.get("path")))
    action = (text(fields.get("action")) or "").removeprefix("SMB::")
    file = text(fields.get("name"))
    rights = action.lower() or None
    if action.startswith("PIPE") or (name or "").upper() == "IPC$":
        return _opened(ends, server, "pipe", object=file or name, path=name, rights=rights)
    if file in ("<share_root>", "\\"):
        file = None
    return _opened(ends, server, "share", object=name, path=file, rights=rights) if name or file else "no_share"


def remote_call(fields: Mapping[str, Any], ends: Ends) -> _Row | str:
    """dce_rpc: an operation of a service was called: `svcctl` `CreateServiceW` starts a service there."""
    endpoint, pipe = text(fields.get("endpoint")), text(fields.get("named_pipe"))
    # Where it runs over TCP, Zeek writes the port in place of a pipe.
    pipe = None if pipe is None or pipe.isdigit() else pipe
    called = first((endpoint, pipe))
    if called is None:
        return "no_endpoint"
    return _opened(ends, None, "pipe", object=called, path=pipe, rights=text(fields.get("operation")))
