"""Which category of event becomes which rows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.loaders._plan import fill, plan
from graph_hunt.loaders._values import first, text
from graph_hunt.loaders.ecs.document import Document, whole
from graph_hunt.loaders.windows.codes import integrity
from graph_hunt.loaders.windows.sysmon import file_kind, registry_kind

__all__ = ["categories", "made_of"]

Row = tuple[str, dict[str, Any]]

_CLOUD = frozenset(
    {
        *(
            "okta",
            "azure",
            "o365",
            "google_workspace",
            "gcp",
            "aws",
            "duo",
            "onelogin",
            "auth0",
            "cyberarkpas",
            "github",
        ),
        *("zoom", "slack", "atlassian_bitbucket", "1password", "keycloak", "ping_one", "cisco_duo", "entityanalytics"),
    }
)
"""Modules whose sign-ins are to a service, not to a machine."""
_LOGON_TYPES = {
    "interactive": "interactive",
    "network": "network",
    "batch": "batch",
    "service": "service",
    "unlock": "unlock",
    "networkcleartext": "cleartext",
    "newcredentials": "new_credentials",
    "remoteinteractive": "remote_interactive",
    "cachedinteractive": "cached",
}
_REASONS = (
    ("unknown_user", ("invalid user", "unknown user", "no such user", "user not found", "does not exist")),
    ("locked", ("lock",)),
    ("disabled", ("disabled", "suspend", "inactive")),
    ("expired", ("expired",)),
    ("mfa_denied", ("mfa", "second factor", "push")),
    ("blocked", ("block", "denied by policy")),
    ("bad_password", ("password", "credential")),
)
_LEVELS = ((73, "critical"), (47, "high"), (21, "medium"), (1, "low"))
_OPERATIONS = {"creation": "created", "deletion": "deleted", "change": "changed"}
_LEAVING = ("remove", "delete", "left")
_JOINING = ("add", "join", "assign")
_MAIL = {"delivered", "blocked", "quarantined", "junked", "deleted", "bounced", "received", "sent"}


def categories(document: Document) -> list[str]:
    """The document's categories; what is a finding is that alone."""
    if document.get("event.kind") in ("alert", "signal"):
        return ["alert"]
    found = document.all("event.category")
    if "authentication" in found or "session" in found:
        return ["authentication"]
    if document.get("dns.question.name") is not None:
        return ["dns"]
    return found


def made_of(document: Document, category: str) -> list[Row]:
    """The rows of a document's category; none where no table keeps it."""
    mapper = _MAPPERS.get(category)
    return mapper(document) if mapper is not None else []


def _outcome(document: Document) -> str | None:
    word = document.get("event.outcome")
    return word if word in ("success", "failure") else None


def _reason(document: Document, outcome: str | None) -> str | None:
    if outcome != "failure":
        return None
    words = [document.get(name) for name in ("event.reason", "error.message", "error.code", "event.action", "message")]
    said = " ".join(word for word in words if word).casefold()
    return next((reason for reason, parts in _REASONS if any(part in said for part in parts)), "other")


_SESSION = plan(
    """
    source_host         source.domain
    source_port:whole   source.port client.port
    package             process.Ext.session_info.authentication_package system.auth.ssh.method
    logon_id            process.Ext.session_info.id
    process             process.executable process.name
    client              user_agent.original
    city                source.geo.city_name
    latitude            source.geo.location.lat
    longitude           source.geo.location.lon
    asn                 source.as.number
    """,
    whole=whole,
)


def _authentication(document: Document) -> list[Row]:
    types, action = document.all("event.type"), (document.get("event.action") or "").casefold()
    outcome = _outcome(document)
    leaving = "end" in types or "logoff" in action or "logout" in action or "logged-out" in action
    module = document.get("event.module") or (document.get("event.dataset") or "").partition(".")[0]
    here = None if module in _CLOUD else document.machine()
    effective = {} if leaving else document.target("user.effective") or document.target("user.target")
    explicit = bool(effective) and effective.get("target_user") != document.get("user.name")
    logon = document.get("process.Ext.session_info.logon_type", "process.session_leader.interactive")
    columns: dict[str, Any] = {
        "kind": "logoff" if leaving else "sign_in" if here is None else "explicit" if explicit else "logon",
        "outcome": outcome,
        "reason": _reason(document, outcome),
        **document.who(),
        **(effective if explicit else {}),
        "source_ip": document.ip("source.ip", "client.ip", "source.address"),
        "target_host": here,
        "logon_type": _LOGON_TYPES.get(logon.casefold()) if logon is not None else None,
        "application": (document.get("service.name", "event.dataset") or module or None) if here is None else None,
        "country": document.country(),
    }
    fill(columns, document.fields, _SESSION)
    return [("authentication", columns)]


_PROCESS = plan(
    """
    host                  host.hostname host.name
    guid                  process.entity_id
    pid:whole             process.pid
    image                 process.executable process.name
    command_line          process.command_line
    current_directory     process.working_directory
    original_name         process.pe.original_file_name
    integrity:integrity   process.Ext.token.integrity_level_name
    parent_guid           process.parent.entity_id
    parent_pid:whole      process.parent.pid process.ppid
    parent_image          process.parent.executable process.parent.name
    parent_command_line   process.parent.command_line
    sha256                process.hash.sha256
    sha1                  process.hash.sha1
    md5                   process.hash.md5
    imphash               process.pe.imphash
    """,
    whole=whole,
    integrity=lambda value: integrity(value[0] if type(value) is list and value else value),
)
_DOER = plan(
    """
    process        process.executable process.name
    process_guid   process.entity_id
    pid:whole      process.pid
    """,
    whole=whole,
)
_CONNECTION = plan(
    """
    host                host.hostname host.name
    protocol            network.transport network.protocol
    source_host         source.domain
    source_port:whole   source.port client.port
    target_host         destination.domain server.domain
    target_port:whole   destination.port server.port
    bytes_out:whole     source.bytes client.bytes
    bytes_in:whole      destination.bytes server.bytes
    packets:whole       network.packets
    mac                 source.mac
    """,
    whole=whole,
)


def _process(document: Document) -> list[Row]:
    types = document.all("event.type")
    if "start" not in types and "end" not in types:
        return []
    columns: dict[str, Any] = {"kind": "start" if "start" in types else "stop", **document.who()}
    fill(columns, document.fields, _PROCESS)
    if "command_line" not in columns:
        columns["command_line"] = " ".join(document.all("process.args")) or None
    return [("process", columns)]


def _doer(document: Document) -> dict[str, Any]:
    columns: dict[str, Any] = {**document.who()}
    fill(columns, document.fields, _DOER)
    return columns


def _direction(document: Document) -> str | None:
    word = document.get("network.direction")
    inward = {"ingress": "inbound", "inbound": "inbound", "egress": "outbound", "outbound": "outbound"}
    return inward.get(word or "")


def _network(document: Document) -> list[Row]:
    source, target = document.ip("source.ip", "client.ip"), document.ip("destination.ip", "server.ip")
    if source is None and target is None:
        return []
    if "end" in document.all("event.type") and document.get("event.module") == "endpoint":
        # Its beginning has an event of its own.
        return []
    lasted = document.number("event.duration")
    columns = _doer(document) | {
        "kind": "connection",
        "outcome": _outcome(document),
        "direction": _direction(document),
        "source_ip": source,
        "target_ip": target,
        "duration": lasted // 1_000_000_000 if lasted is not None else None,
    }
    fill(columns, document.fields, _CONNECTION)
    return [("network", columns)]


def _dns(document: Document) -> list[Row]:
    code = document.get("dns.response_code")
    columns = {
        "kind": "lookup",
        "outcome": "failure" if code not in (None, "NOERROR") else "success" if code else _outcome(document),
        "host": document.machine(),
        **_doer(document),
        "direction": "outbound",
        "protocol": "dns",
        "source_ip": document.ip("source.ip", "client.ip"),
        "target_host": document.get("dns.question.name"),
        "answers": document.all("dns.answers.data") or document.all("dns.resolved_ip") or None,
    }
    return [("network", columns)]


def _change(document: Document, object_kind: str, operation: str, **columns: Any) -> Row:
    own = {
        "object_kind": object_kind,
        "operation": operation,
        "outcome": _outcome(document) or "success",
        "host": document.machine(),
        **_doer(document),
        "source_ip": document.ip("source.ip", "client.ip"),
    }
    return "change", own | columns


def _iam(document: Document) -> list[Row]:
    types, action = document.all("event.type"), (document.get("event.action") or "").casefold()
    operation = next((_OPERATIONS[word] for word in types if word in _OPERATIONS), "changed")
    who, target = document.who(), document.target("user.target") or document.target("user.changes")
    group = document.get("group.name", "user.target.group.name")
    if "group" in types or (group is not None and "user" not in types):
        member = bool(target) and any(word in action for word in (*_JOINING, *_LEAVING))
        if member or "member" in action:
            operation = "member_removed" if any(word in action for word in _LEAVING) else "member_added"
        name = group or document.get("group.id")
        return [_change(document, "group", operation, object=name, object_id=document.get("group.id"), **target)]
    if "password" in action:
        operation = "password_reset"
    elif "disable" in action or "suspend" in action or "lock" in action:
        operation = "enabled" if "unlock" in action else "disabled"
    elif "enable" in action:
        operation = "enabled"
    if not target:
        # Tools such as useradd name the account made, not who made it.
        target = {f"target_{column}": value for column, value in who.items()}
        nobody: dict[str, Any] = dict.fromkeys(("user", "user_domain", "user_sid", "user_upn"))
        return [_change(document, "account", operation, **nobody, **target, **_named(target), details=action or None)]
    return [_change(document, "account", operation, **target, **_named(target), details=action or None)]


def _named(target: Mapping[str, str | None]) -> dict[str, str | None]:
    name = first((target.get("target_user"), target.get("target_user_upn"), target.get("target_user_sid")))
    return {"object": name, "object_id": target.get("target_user_sid")}


def _file(document: Document) -> list[Row]:
    path = document.get("file.path")
    operation = next((_OPERATIONS[word] for word in document.all("event.type") if word in _OPERATIONS), None)
    if path is None or operation is None:
        return []
    before = document.get("file.Ext.original.path")
    if before is not None and (document.get("event.action") or "").startswith("rename"):
        operation = "renamed"
    columns = {"object": path, "path": path, "old_value": before, "sha256": document.get("file.hash.sha256")}
    return [_change(document, file_kind(path), operation, **columns)]


def _registry(document: Document) -> list[Row]:
    path = document.get("registry.path")
    operation = next((_OPERATIONS[word] for word in document.all("event.type") if word in _OPERATIONS), None)
    if path is None or operation is None:
        return []
    kind, name = registry_kind(path)
    data = ", ".join(document.all("registry.data.strings")) or None
    columns = {"object": name, "object_id": path, "value": data, "path": None if kind == "registry" else data}
    return [_change(document, kind, "changed" if operation == "created" else operation, **columns)]


def _driver(document: Document) -> list[Row]:
    path = document.get("dll.path", "file.path")
    columns = {"object": document.get("dll.name", "file.name") or path, "path": path}
    return [
        _change(document, "driver", "started", **columns, sha256=document.get("dll.hash.sha256", "file.hash.sha256"))
    ]


def _email(document: Document) -> list[Row]:
    attached = document.objects("email.attachments")
    action = (document.get("event.action") or "").casefold()
    identity = document.get("email.message_id")
    told = {
        "message_id": identity.strip("<>") if identity is not None else None,
        "network_id": document.get("email.local_id"),
        "sender": document.get("email.from.address", "email.sender.address"),
        "return_path": document.get("email.sender.address"),
        "reply_to": document.get("email.reply_to.address"),
        "subject": document.get("email.subject"),
        "direction": document.get("email.direction"),
        "action": action if action in _MAIL else None,
        "source_ip": document.ip("source.ip"),
        "client": document.get("email.x_mailer"),
        "urls": document.all("url.full") or document.all("url.original") or None,
        "attachments": [text(item.get("file.name")) or "" for item in attached] or None,
        "attachment_hashes": [(text(item.get("file.hash.sha256")) or "").lower() for item in attached] or None,
    }
    if told["direction"] not in ("inbound", "outbound", "internal"):
        told["direction"] = None
    to = [address for name in ("to", "cc", "bcc") for address in document.all(f"email.{name}.address")]
    return [("mail", told | {"recipient": one}) for one in (dict.fromkeys(to) or [None])]


def _alert(document: Document) -> list[Row]:
    score = document.number("event.risk_score", "kibana.alert.risk_score", "signal.rule.risk_score")
    word = document.get("kibana.alert.severity", "signal.rule.severity", "rule.severity")
    if word not in ("low", "medium", "high", "critical"):
        word = next((level for least, level in _LEVELS if score is not None and score >= least), None)
    techniques = [*document.all("threat.technique.id"), *document.all("threat.technique.subtechnique.id")]
    columns = {
        "product": document.get("observer.product", "event.provider", "event.module", "event.dataset"),
        "title": document.get("kibana.alert.rule.name", "signal.rule.name", "rule.name", "message", "event.action"),
        "level": word,
        "techniques": list(dict.fromkeys(techniques)) or None,
        "host": document.machine(),
        **document.who(),
        "source_ip": document.ip("source.ip", "client.ip"),
        "details": document.get("kibana.alert.reason", "message", "rule.description"),
        "rule": document.get("kibana.alert.rule.uuid", "signal.rule.id", "rule.id", "rule.name"),
    }
    return [("alert", columns)]


_MAPPERS = MappingProxyType(
    {
        "authentication": _authentication,
        "process": _process,
        "network": _network,
        "dns": _dns,
        "iam": _iam,
        "file": _file,
        "registry": _registry,
        "driver": _driver,
        "email": _email,
        "alert": _alert,
    }
)
