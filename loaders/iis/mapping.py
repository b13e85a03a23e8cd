"""Requests to Exchange as rows of `mailbox`; logons that a web server refused as `authentication`."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote_plus

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders._values import account, address, text
from graph_hunt.loaders.iis.lines import Line

__all__ = ["Requests"]

_PROTOCOLS: Mapping[str, str] = MappingProxyType(
    {
        "ews": "ews",
        "owa": "owa",
        "ecp": "ecp",
        "microsoft-server-activesync": "activesync",
        "autodiscover": "autodiscover",
        "mapi": "mapi",
        "rpc": "rpc",
        "rpcwithcert": "rpc",
        "oab": "oab",
        "powershell": "powershell",
        "powershell-proxy": "powershell",
    }
)
"""Exchange's virtual directories, by the first part of the path."""
_REST = ("/api/v1.0/", "/api/v2.0/", "/api/beta/")
_DESKTOPS = ":3388"
_ADDRESS = re.compile(r"[^/\s@]+@[^/\s@?]+\.[^/\s@?]+")
_FORWARDED = ("x-forwarded-for", "cs(x-forwarded-for)", "x-forwarded", "x-clientip", "cs(x-real-ip)", "x-real-ip")
_SOAP = re.compile(r"(?:^|[;&?])soapaction=([^;&]+)", re.IGNORECASE)
_MAILBOX = re.compile(r"(?:^|[;&?])(?:email|user|mailboxid|mailbox|smtpaddress)=([^;&]+)", re.IGNORECASE)
_IN_PATH = re.compile(r"/([^/\s@]+@[^/\s@]+\.[^/\s@]+)(?:/|$)")
_MONITORS = ("healthmailbox", "extest_", "sm_")
_LOGON = "/owa/auth.owa"
_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "1326": "bad_password",
        "2148074252": "bad_password",
        "1317": "unknown_user",
        "1327": "restricted",
        "1328": "restricted",
        "1329": "restricted",
        "1330": "expired",
        "1331": "disabled",
        "1385": "restricted",
        "1793": "expired",
        "1907": "expired",
        "1909": "locked",
    }
)
"""Why a logon was refused, by the Win32 error that is logged beside the status."""


class Requests:
    """Takes down requests."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._at = 0
        self._seen: dict[str, int] = {}

    def keep(self, line: Line) -> None:
        """Add a request's rows, or count it as not used."""
        if line.fault:
            self._rows.reject(line.number, line.fault, line.raw)
            return
        fields = line.fields
        path = fields["cs-uri-stem"].lower()
        protocol = _protocol(path, fields)
        status, who = fields.get("sc-status", ""), _who(fields.get("cs-username"))
        recorder = text(fields.get("s-computername"))
        self._rows.seen(recorder or "", "IIS", line.at)
        if who and _is_monitor(who):
            self._rows.skip("IIS/monitoring")
            return
        rows: list[tuple[str, dict[str, Any]]] = []
        if who and status == "401":
            rows.append(("authentication", _refused(fields, who, protocol)))
        elif who and path == _LOGON and fields.get("cs-method") == "POST":
            rows.append(("authentication", _sign_in(fields, who, protocol, "success", None)))
        if protocol is not None and (who or not status.startswith("401")):
            rows.append(("mailbox", _request(fields, path, protocol, who, status)))
        if not rows:
            # Most clients first ask without saying who they are.
            self._rows.skip("IIS/handshake" if protocol is not None else "IIS/other")
        for table, columns in rows:
            self._rows.put(
                table,
                {
                    "event_id": self._identity(line, recorder or fields.get("s-ip") or ""),
                    "time": line.at,
                    "code": f"IIS/{protocol or 'other'}",
                    "recorder": recorder,
                    "record": line.number,
                    "raw": line.raw,
                    **columns,
                },
            )

    def _identity(self, line: Line, server: str) -> str:
        """Name a request by its server and its words; requests of the same words in one second are told by number."""
        if line.at != self._at:
            self._at = line.at
            self._seen.clear()
        before = self._seen.get(line.raw)
        if before is None or before >> 32 != line.number:
            before = self._seen[line.raw] = line.number << 32 | (((before or 0) & 0xFFFFFFFF) + (before is not None))
        again = before & 0xFFFFFFFF
        return event_id(line.at, ["iis", server, line.raw, *((again,) if again else ())])


def _protocol(path: str, fields: Mapping[str, str]) -> str | None:
    """The protocol of a request to Exchange; none where it is to something else."""
    if path.startswith(_REST):
        return "rest"
    found = _PROTOCOLS.get(path[1:].partition("/")[0])
    # A gateway for remote desktops shares this one.
    return None if found == "rpc" and _DESKTOPS in (fields.get("cs-uri-query") or "") else found


def _who(written: str | None) -> dict[str, str]:
    if written is None or written == "-":
        return {}
    name = unquote_plus(written) if "%" in written or "+" in written else written
    if "@" in name and "\\" not in name:
        return {"user_upn": name}
    user, domain = account(name)
    return {"user": user or name, **({"user_domain": domain} if domain else {})}


def _is_monitor(who: Mapping[str, str]) -> bool:
    return (who.get("user") or who.get("user_upn") or "").lower().startswith(_MONITORS)


def _client_ip(fields: Mapping[str, str]) -> str | None:
    """The client's address: what the proxy in front appended last, for anyone may write what stands before it."""
    for name in _FORWARDED:
        written = fields.get(name)
        if written and written != "-":
            found = address(re.split(r"[,+\s]+", unquote_plus(written).strip(" ,+"))[-1])
            if found is not None:
                return found
    return address(fields.get("c-ip"))


def _agent(fields: Mapping[str, str]) -> str | None:
    written = text(fields.get("cs(user-agent)"))
    return written.replace("+", " ") if written else None


def _request(fields: Mapping[str, str], path: str, protocol: str, who: dict[str, str], status: str) -> dict[str, Any]:
    query = fields.get("cs-uri-query") or ""
    return {
        "operation": "request",
        "outcome": "failure" if status >= "400" else "success",
        **who,
        "mailbox": _mailbox(path, query, who),
        "client": _agent(fields),
        "protocol": protocol,
        "client_ip": _client_ip(fields),
        "soap_action": _soap_action(fields, query),
    }


def _soap_action(fields: Mapping[str, str], query: str) -> str | None:
    found = _SOAP.search(query)
    written = unquote_plus(found[1]) if found else text(fields.get("cs(soapaction)"))
    if not written:
        return None
    name = written.strip("\"'+ ").rpartition("/")[2]
    return name.removesuffix("Response") or None


def _mailbox(path: str, query: str, who: Mapping[str, str]) -> str | None:
    """The mailbox that the request names, else that of whoever asks."""
    if (found := _IN_PATH.search(path)) is not None:
        return found[1]
    named = _MAILBOX.search(query)
    if named is not None and _ADDRESS.fullmatch(written := unquote_plus(named[1]).strip()):
        return written
    if "user_upn" in who:
        return who["user_upn"]
    return f"{who['user_domain']}\\{who['user']}" if "user_domain" in who else who.get("user")


def _sign_in(
    fields: Mapping[str, str], who: dict[str, str], protocol: str | None, outcome: str, reason: str | None
) -> dict[str, Any]:
    return {
        "kind": "sign_in",
        "outcome": outcome,
        "reason": reason,
        **who,
        "source_ip": _client_ip(fields),
        "target_host": text(fields.get("s-computername")),
        "application": protocol or "web",
        "client": _agent(fields),
    }


def _refused(fields: Mapping[str, str], who: dict[str, str], protocol: str | None) -> dict[str, Any]:
    reason = _REASONS.get(fields.get("sc-win32-status") or "", "other")
    return _sign_in(fields, who, protocol, "failure", reason)
