"""Which of Zeek's logs a record is of: it says so (`_path`), or its fields do."""

from collections.abc import Mapping
from typing import Any

__all__ = ["is_zeek", "shape"]

_SAYS = ("_path", "@path", "@stream")
_TELLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("conn", ("conn_state",)),
    ("dns", ("query", "qclass_name", "qtype_name", "trans_id")),
    ("ssl", ("established", "ja3", "cert_chain_fuids", "server_name")),
    ("kerberos", ("request_type", "error_msg")),
    ("ntlm", ("domainname", "server_nb_computer_name", "server_dns_computer_name")),
    ("smb_mapping", ("share_type",)),
    ("dce_rpc", ("named_pipe", "endpoint")),
    ("rdp", ("cookie", "security_protocol", "client_build", "keyboard_layout")),
    ("ssh", ("auth_success", "auth_attempts", "kex_alg", "hasshServer")),
    ("dhcp", ("msg_types", "assigned_addr", "assigned_ip", "lease_time")),
    ("radius", ("framed_addr", "tunnel_client", "connect_info", "reply_msg")),
    ("http", ("trans_depth", "status_code")),
    ("files", ("tx_hosts", "conn_uids", "mime_type")),
    ("x509", ("certificate.version", "certificate_version")),
    ("notice", ("note",)),
    ("dpd", ("analyzer", "failure_reason")),
)
"""Fields that one log alone has; the first that is met decides."""
_ENDS = ("id.orig_h", "id_orig_h", "id")


def _said(fields: Mapping[str, Any]) -> str:
    return next((value for name in _SAYS if type(value := fields.get(name)) is str), "")


def shape(fields: Mapping[str, Any]) -> str:
    """The log that a record is of, '' where nothing tells."""
    if said := _said(fields):
        return said
    action = fields.get("action")
    if type(action) is str and action.startswith("SMB::"):
        return "smb_files"
    # What the mapping of a share and ntlm have, others have too.
    for name, telling in _TELLS:
        if any(field in fields for field in telling):
            return name
    return "radius" if "username" in fields and "result" in fields else ""


def is_zeek(fields: Mapping[str, Any]) -> bool:
    """Tell a record of Zeek's: it has a time `ts`, and a connection's uid and ends, or it says its log."""
    if type(fields.get("ts")) not in (float, int, str):
        return False
    if type(fields.get("uid")) is str and any(name in fields for name in _ENDS):
        return True
    if _said(fields):
        return "@proc" not in fields or fields["@proc"] == "zeek"
    if shape(fields) == "dhcp":
        return "mac" in fields
    return shape(fields) == "files" and "fuid" in fields
