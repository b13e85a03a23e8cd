"""Which class of event becomes which rows."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._values import address, first, integer, text, walk
from graph_hunt.loaders.ocsf import changes
from graph_hunt.loaders.ocsf.event import Event, Row, account, hashes, image, texts
from graph_hunt.loaders.windows.codes import failure, integrity, logon_type
from graph_hunt.loaders.windows.event import logon_id, machine

__all__ = ["CLASSES", "Mapper"]

Mapper = Callable[[Event], list[Row]]

_PROTOCOLS = {1: "NTLM", 2: "Kerberos", 3: "Digest", 4: "OpenID", 5: "SAML", 6: "OAuth 2.0", 9: "EAP", 10: "RADIUS"}
_LOGONS = {2: "logoff", 3: "ticket_granting", 4: "ticket_service", 5: "ticket_service", 6: "ticket_granting"}
_LEVELS = {1: "informational", 2: "low", 3: "medium", 4: "high", 5: "critical", 6: "critical"}
_REASONS = (
    ("unknown_user", ("unknown user", "no such user", "user not found", "invalid user", "does not exist")),
    ("bad_password", ("password", "credential")),
    ("locked", ("lock",)),
    ("disabled", ("disabled", "inactive", "suspend")),
    ("expired", ("expired",)),
    ("mfa_denied", ("mfa", "second factor")),
    ("blocked", ("block", "policy")),
)


def _reason(event: Event) -> str | None:
    if event.outcome != "failure":
        return None
    if (code := event.get("status_code")) and code.casefold().startswith("0xc"):
        return failure(event.unmapped("SubStatus"), code)
    said = f"{event.get('status_detail') or ''} {event.get('message') or ''}".casefold()
    return next((reason for reason, parts in _REASONS if any(part in said for part in parts)), "other")


def _authentication(event: Event) -> list[Row]:
    """3002."""
    kind = _LOGONS.get(event.activity, "logon")
    host, ip, port = event.endpoint("src_endpoint")
    there = event.endpoint("dst_endpoint")[0] or event.machine()
    ticket = kind.startswith("ticket")
    if there is None and kind == "logon":
        kind = "sign_in"
    number = integer(event.fields.get("logon_type_id"))
    mfa = event.fields.get("is_mfa")
    who = account(event.fields.get("user")) or account(event.walk("actor", "user"))
    service = event.get("service", "name") or event.get("api", "service", "name")
    columns = {
        "kind": kind,
        "outcome": event.outcome,
        "reason": _reason(event),
        **who,
        "source_host": machine(host or event.unmapped("WorkstationName"), there or ""),
        "source_ip": ip or address(event.unmapped("IpAddress")),
        "source_port": port or None,
        "target_host": None if ticket else there,
        "target_service": service if ticket or there else None,
        "target_user": service.partition("/")[0] if ticket and service is not None else None,
        "target_user_domain": who.get("user_domain") if ticket else None,
        "logon_type": logon_type(number) if number else None,
        "package": _PROTOCOLS.get(integer(event.fields.get("auth_protocol_id")) or 0) or _protocol(event),
        "logon_process": event.get("logon_process", "name"),
        "logon_id": logon_id(event.walk("session", "uid")) or event.get("session", "uid"),
        "application": (service or event.get("metadata", "product", "name")) if kind == "sign_in" else None,
        "client": event.get("http_request", "user_agent"),
        **event.place(),
        "mfa": "satisfied" if mfa is True and event.outcome == "success" else None,
        "process": image(found) if type(found := event.walk("actor", "process")) is dict else None,
    }
    if kind == "sign_in":
        columns["logon_id"], columns["session"] = None, event.get("session", "uid")
    return [("authentication", columns)]


def _protocol(event: Event) -> str | None:
    found = event.get("auth_protocol") or event.unmapped("AuthenticationPackageName")
    return None if found is not None and found.casefold() in ("other", "unknown") else found


def _process(event: Event) -> list[Row]:
    """1007: a process was started or ended, or another's was opened or written to."""
    process = event.fields.get("process")
    if type(process) is not dict:
        return []
    if event.activity in (3, 4):
        return _opened(event, process)
    if event.activity not in (1, 2):
        return []
    given = process.get("parent_process")
    parent = given if type(given) is dict else found if type(found := event.walk("actor", "process")) is dict else {}
    file = process.get("file")
    columns = {
        "kind": "start" if event.activity == 1 else "stop",
        "host": event.machine(),
        **(account(process.get("user")) or account(event.walk("actor", "user"))),
        "logon_id": logon_id(walk(process, "session", "uid")),
        "guid": text(process.get("uid")),
        "pid": integer(process.get("pid")),
        "image": image(process),
        "command_line": text(process.get("cmd_line")),
        "current_directory": text(process.get("working_directory")),
        "integrity": integrity(process.get("integrity")),
        "parent_guid": text(parent.get("uid")),
        "parent_pid": integer(parent.get("pid")),
        "parent_image": image(parent),
        "parent_command_line": text(parent.get("cmd_line")),
        **{name: value for name, value in hashes(file).items() if name in ("sha256", "sha1", "md5", "imphash")},
    }
    return [("process", columns)]


def _opened(event: Event, process: Mapping[str, Any]) -> list[Row]:
    columns = {
        "kind": "process" if event.activity == 3 else "thread",
        "outcome": event.outcome or "success",
        "host": event.machine(),
        **event.doer(),
        "object": image(process),
        "rights": event.get("requested_permissions") or event.get("actual_permissions") or event.get("injection_type"),
        "target_process": image(process),
        "target_guid": text(process.get("uid")),
        "target_pid": integer(process.get("pid")),
    }
    return [("access", columns)]


def _network(event: Event) -> list[Row]:
    """4001, and what the classes of single protocols share with it."""
    source, target = event.endpoint("src_endpoint"), event.endpoint("dst_endpoint")
    if source[1] is None and target[1] is None:
        return []
    direction = integer(event.walk("connection_info", "direction_id"))
    protocol = event.get("connection_info", "protocol_name") or event.get("app_name")
    lasted = integer(event.fields.get("duration"))
    columns = {
        "kind": "connection",
        "outcome": event.outcome,
        "host": event.machine(),
        **event.doer(),
        "direction": {1: "inbound", 2: "outbound"}.get(direction or 0),
        "protocol": protocol,
        "source_host": source[0],
        "source_ip": source[1],
        "source_port": source[2],
        "target_host": target[0],
        "target_ip": target[1],
        "target_port": target[2],
        "bytes_out": integer(event.walk("traffic", "bytes_out")),
        "bytes_in": integer(event.walk("traffic", "bytes_in")),
        "packets": integer(event.walk("traffic", "packets")),
        "duration": lasted // 1000 if lasted is not None else None,
    }
    return [("network", columns)]


def _dns(event: Event) -> list[Row]:
    """4003: a question, or its answer."""
    answers = event.fields.get("answers")
    listed = [text(one.get("rdata")) for one in answers if type(one) is dict] if type(answers) is list else []
    code = integer(event.fields.get("rcode_id"))
    columns = {
        "kind": "lookup",
        "outcome": event.outcome if code is None else "failure" if code else "success",
        "host": event.machine(),
        **event.doer(),
        "direction": "outbound",
        "protocol": "dns",
        "source_ip": event.endpoint("src_endpoint")[1],
        "target_host": event.get("query", "hostname"),
        "answers": [one for one in listed if one] or None,
    }
    return [("network", columns)] if columns["target_host"] is not None else []


def _smb(event: Event) -> list[Row]:
    """4006: a share, or a file under it, was used."""
    share = event.get("share")
    if share is None:
        return _network(event)
    host, ip, _ = event.endpoint("src_endpoint")
    columns = {
        "kind": "share",
        "outcome": event.outcome,
        "host": event.endpoint("dst_endpoint")[0] or event.machine(),
        **(account(event.walk("actor", "user")) or account(event.fields.get("user"))),
        "source_host": host,
        "source_ip": ip,
        "object": share.rstrip("\\").rpartition("\\")[2],
        "path": event.get("file", "path") or event.get("file", "name"),
        "rights": event.get("command") or event.get("activity_name"),
    }
    return [("access", columns)]


def _remote(event: Event) -> list[Row]:
    """4005, 4007: a connection of remote desktop or SSH; with a user it is that user's session."""
    who = account(event.fields.get("user")) or account(event.walk("actor", "user"))
    rows = _network(event)
    if not who:
        return rows
    desktop = integer(event.fields.get("class_uid")) == 4005
    host, ip, port = event.endpoint("src_endpoint")
    there = event.endpoint("dst_endpoint")
    columns = {
        "kind": "session" if desktop else "logon",
        "outcome": event.outcome,
        "reason": _reason(event),
        **who,
        "source_host": host,
        "source_ip": ip,
        "source_port": port,
        "target_host": there[0] or event.machine() or there[1],
        "logon_type": "remote_interactive" if desktop else None,
        "package": event.get("auth_type"),
    }
    return [*rows, ("authentication", columns)]


def _email(event: Event) -> list[Row]:
    """4009: a message, once for each recipient."""
    email = event.fields.get("email")
    if type(email) is not dict:
        return []
    identity = text(email.get("message_uid"))
    direction = integer(event.fields.get("direction_id"))
    files = [item for item in email.get("files") or () if type(item) is dict]
    urls = [text(item.get("url_string")) for item in email.get("urls") or () if type(item) is dict]
    done = {1: "sent", 2: "received"}.get(event.activity)
    told = {
        "message_id": identity.strip("<> ") if identity is not None else None,
        "network_id": text(email.get("uid")) or event.get("message_trace_uid"),
        "sender": text(email.get("from")) or text(email.get("smtp_from")),
        "return_path": text(email.get("smtp_from")) or text(email.get("return_path")),
        "reply_to": first(iter(texts(email.get("reply_to")))),
        "subject": text(email.get("subject")),
        "direction": {1: "inbound", 2: "outbound", 3: "internal"}.get(direction or 0),
        "action": _disposition(event) or done,
        "source_ip": event.endpoint("src_endpoint")[1]
        or first(address(ip) for ip in texts(email.get("x_originating_ip"))),
        "urls": [url for url in urls if url] or None,
        "attachments": [text(item.get("name")) or "" for item in files] or None,
        "attachment_hashes": [hashes(item).get("sha256", "") for item in files] or None,
        "size": integer(email.get("size")),
        **_checks(event.fields.get("email_auth")),
    }
    to = [one for name in ("to", "cc", "bcc") for one in texts(email.get(name))] or texts(email.get("smtp_to"))
    return [("mail", told | {"recipient": one}) for one in (dict.fromkeys(to) or [None])]


def _checks(told: Any) -> dict[str, str]:
    """The results of sender checks, of which `none` is one."""
    found = told if type(told) is dict else {}
    return {name: word.casefold() for name in ("spf", "dkim", "dmarc") if type(word := found.get(name)) is str and word}


def _disposition(event: Event) -> str | None:
    found = integer(event.fields.get("disposition_id"))
    return {1: "delivered", 2: "blocked", 3: "quarantined", 5: "deleted", 6: "blocked"}.get(found or 0)


def _finding(event: Event) -> list[Row]:
    """2004, and the older 2001: another tool's finding, for each machine, user or address that it is about."""
    finding = event.fields.get("finding_info", event.fields.get("finding"))
    finding = finding if type(finding) is dict else {}
    attacks = [*(finding.get("attacks") or ()), *(event.fields.get("attacks") or ())]
    techniques = [
        text(walk(one, part, "uid")) for one in attacks if type(one) is dict for part in ("technique", "sub_technique")
    ]
    evidence = [one for one in event.fields.get("evidences") or () if type(one) is dict]
    proof = Event(evidence[0], 0) if evidence else event
    who = (
        account(event.walk("actor", "user"))
        or account(event.fields.get("user"))
        or account(proof.walk("actor", "user"))
    )
    columns = {
        "product": event.get("metadata", "product", "name"),
        "title": text(finding.get("title")) or event.get("message"),
        "level": _LEVELS.get(integer(event.fields.get("severity_id")) or 0),
        "techniques": list(dict.fromkeys(one for one in techniques if one)) or None,
        "host": event.machine() or proof.machine() or _resource(event),
        **who,
        "source_ip": event.endpoint("src_endpoint")[1] or proof.endpoint("src_endpoint")[1],
        "details": text(finding.get("desc")) or event.get("message"),
        "rule": text(walk(finding, "analytic", "uid"))
        or text(walk(finding, "analytic", "name"))
        or text(finding.get("title")),
    }
    return [("alert", columns)]


def _resource(event: Event) -> str | None:
    resources = event.fields.get("resources")
    listed = resources if type(resources) is list else [event.fields.get("resource")]
    return first(text(one.get("hostname")) for one in listed if type(one) is dict)


CLASSES: Mapping[int, Mapper] = MappingProxyType(
    {
        1001: changes.file_changed,
        1006: changes.job_changed,
        1007: _process,
        2001: _finding,
        2004: _finding,
        3001: changes.account_changed,
        3002: _authentication,
        3005: changes.rights_changed,
        3006: changes.group_changed,
        4001: _network,
        4003: _dns,
        4005: _remote,
        4006: _smb,
        4007: _remote,
        4009: _email,
        201002: changes.registry_changed,
    }
)
"""Classes by class_uid; the others are counted as not used by their number."""
