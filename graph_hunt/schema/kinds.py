"""The kinds of node and edge in the graph, and each edge's grain in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from graph_hunt.schema.tables import Type


class Grain(StrEnum):
    """How events become edges of a kind."""

    LIFETIME = "lifetime"
    """One edge for each pair of ends and discriminators, however long it lasts."""
    BUCKETED = "bucketed"
    """One such edge for each bucket of time, whose start stands in `bucket`."""
    EVENT = "event"
    """One edge for each pair of ends, discriminators and event."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node, or a discriminator of an edge."""

    name: str
    type: Type
    doc: str


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A label. Every node also has `key` (unique in its label), `name`, `first_seen`, `last_seen` and `tags`."""

    label: str
    doc: str
    key: str
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A relationship type.

    Every edge also has `key`, `first_seen`, `last_seen`, `count`, `evidence` (up to three event ids, the earliest)
    and, where bucketed, `bucket`. `properties` are its discriminators: two edges of one kind between the same ends
    differ in at least one of them (or in the bucket or event). A text discriminator that is not known is ''.
    """

    type: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    grain: Grain
    tables: tuple[str, ...]
    doc: str
    properties: tuple[Property, ...] = ()


_TYPES = {t.value: t for t in Type}


def _properties(text: str) -> tuple[Property, ...]:
    """Read `name type doc` lines; the type is left out where it is text."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        name, _, rest = line.strip().partition(" ")
        kind, _, doc = rest.strip().partition(" ")
        found.append(
            Property(name, _TYPES[kind], doc.strip()) if kind in _TYPES else Property(name, Type.TEXT, rest.strip())
        )
    return tuple(found)


def _node(label: str, key: str, doc: str, properties: str = "") -> NodeKind:
    return NodeKind(label, doc, key, _properties(properties) if properties else ())


NODES: Mapping[str, NodeKind] = MappingProxyType(
    {
        n.label: n
        for n in (
            _node(
                "User",
                r"domain\name in lower case; name@domain for cloud accounts; the SID where no name is known",
                "An account. Machine accounts are their Host.",
                """
                domain
                sid
                upn
                kind          human, service, machine, system
                privileged    flag    holds or held administrator rights
                job_title
                department
                """,
            ),
            _node(
                "Host",
                "fully qualified name in lower case, or the short name where no domain is known",
                "A machine.",
                """
                short_name
                domain
                role          workstation, server, domain_controller, or '' where not known
                tier0         flag    domain controllers and what else controls the domain
                """,
            ),
            _node(
                "IP",
                "the address's canonical text",
                "An address that no host could be named for, or that hosts had.",
                """
                scope         private, public, loopback, link_local, multicast
                country       ISO code
                asn
                latitude      degrees north; the middle of its country where no more is known
                longitude     degrees east
                radius        integer how far, in km, it may really be from there
                """,
            ),
            _node(
                "Message",
                "Exchange's NetworkMessageId, else the Message-ID, else another transport's id",
                "A mail message.",
                """
                subject
                sender
                direction
                spf
                dkim
                dmarc
                """,
            ),
            _node(
                "Mailbox",
                "address in lower case",
                "A mailbox or a mail address.",
                """
                domain
                internal      flag    in a domain of the organisation's own
                """,
            ),
            _node("Url", "the address", "A web address.", "host"),
            _node("Domain", "name in lower case, punycode", "A DNS name.", "country"),
            _node(
                "File",
                "SHA-256, or name@host or message where no hash is known",
                "A file or attachment.",
                "sha256",
            ),
            _node(
                "Process",
                "host and GUID, or host, pid and start time",
                "A program that ran.",
                """
                image
                command_line
                host          the Host's key
                integrity
                kind          start or script
                pid           integer
                """,
            ),
            _node("MailRule", "mailbox and rule name", "An inbox or transport rule.", "actions\nconditions"),
            _node(
                "Persistence",
                "host, kind and name",
                "A task, service, run key, startup file, WMI subscription or driver on a host.",
                """
                kind
                path          the program or command behind it
                host          the Host's key
                """,
            ),
            _node("App", "application id", "A cloud application or service principal."),
            _node("Group", r"domain\name in lower case", "A group or role.", "sid\nprivileged flag"),
            _node("Alert", "product and rule", "Another tool's rule that fired.", "level\nproduct\ntechniques"),
            _node(
                "Indicator",
                "type and value",
                "A value that threat intelligence names.",
                "kind\nvalue\nsource",
            ),
        )
    }
)


def _edge(type: str, ends: str, grain: Grain, tables: str, doc: str, properties: str = "") -> EdgeKind:
    sources, _, targets = ends.partition(" -> ")
    return EdgeKind(
        type,
        tuple(sources.split("|")),
        tuple(targets.split("|")),
        grain,
        tuple(tables.split()),
        doc,
        _properties(properties) if properties else (),
    )


_L, _B, _E = Grain.LIFETIME, Grain.BUCKETED, Grain.EVENT

EDGES: Mapping[str, EdgeKind] = MappingProxyType(
    {
        e.type: e
        for e in (
            _edge(
                "LOGGED_ON",
                "User -> Host",
                _L,
                "authentication",
                "A user's logon, or attempt, on a host; has this user ever logged on there.",
                """
                logon_type
                package
                outcome
                source        key of the Host or IP it came from; '' where not known or the host itself
                """,
            ),
            _edge(
                "LOGON_TO",
                "Host|IP -> Host",
                _B,
                "authentication access",
                "A logon, or attempt, over the network from one machine to another.",
                """
                user          the User's key, or the Host's for its machine account
                via           logon, explicit, share, ticket, rdp, connection: what kind of event showed it
                logon_type
                package
                outcome
                reason        why it failed; '' where it did not
                process       the logon process, such as seclogo
                elevated      flag    administrator rights were granted
                """,
            ),
            _edge(
                "VALIDATED",
                "User|Host -> Host",
                _B,
                "authentication",
                "An authority checked an account's password over NTLM; the machine logged on to is not told.",
                """
                outcome
                reason        why it was refused; '' where it was not
                source        key of the machine that asked; '' where not known or the authority itself
                """,
            ),
            _edge(
                "SIGNED_IN_FROM",
                "User -> IP",
                _B,
                "authentication",
                "A cloud or remote-access sign-in, or attempt.",
                """
                application
                outcome
                reason
                mfa
                client
                risk
                country       ISO code
                network       the autonomous system that the event names, such as AS15169
                """,
            ),
            _edge(
                "HAD_IP",
                "Host -> IP",
                _L,
                "authentication network",
                "A host was seen at an address.",
                "reason",
            ),
            _edge(
                "ACTED_AS",
                "User -> User",
                _B,
                "authentication",
                "Explicit credentials: a user used another account's password (4648, 4624 of type 9, runas, su, sudo).",
                """
                host          key of the Host where
                target        key of the Host the credentials were used against; '' where the same
                process       the image; for a session with new credentials the logon process, such as seclogo
                outcome
                """,
            ),
            _edge(
                "REQUESTED_TICKET",
                "User|Host -> User|Host",
                _B,
                "authentication",
                "A Kerberos ticket was asked for; the target is the service's account.",
                """
                kind          ticket_granting or ticket_service
                encryption
                outcome
                reason
                preauth       integer
                source        key of the Host or IP that asked
                service       the service's name as asked
                """,
            ),
            _edge(
                "ACCESSED_SHARE",
                "User|Host -> Host",
                _B,
                "access",
                "A share, or a named pipe over IPC$, was opened.",
                """
                share
                object        the file or pipe
                source        key of the Host or IP that asked; '' where not known
                outcome
                """,
            ),
            _edge(
                "REPLICATED",
                "User|Host -> Host",
                _B,
                "access",
                "Directory replication rights were used on a domain controller (DCSync, DCShadow).",
                "rights",
            ),
            _edge("RAN", "User|Host -> Process", _E, "process", "The account a process ran as."),
            _edge("RAN_ON", "Process -> Host", _E, "process", "Where a process ran."),
            _edge("SPAWNED", "Process -> Process", _E, "process", "Parent and child."),
            _edge(
                "ACCESSED",
                "Process -> Process",
                _B,
                "access",
                "One process opened another's memory, or started a thread in it.",
                """
                rights
                kind          process or thread
                user          key of the account it ran as; '' where the event does not say
                """,
            ),
            _edge(
                "CONNECTED_TO",
                "Host|IP|Process -> IP|Host",
                _B,
                "network",
                "A network connection.",
                """
                port          integer
                protocol
                direction
                """,
            ),
            _edge("LOOKED_UP", "Host|IP|Process -> Domain", _B, "network", "A DNS question."),
            _edge(
                "CREATED",
                "User|Host -> Persistence",
                _E,
                "change",
                "Who made, changed, ran or removed a lasting thing.",
                "operation",
            ),
            _edge("ON", "Persistence|MailRule -> Host|Mailbox", _L, "change mailbox", "Where it is."),
            _edge("CLEARED_LOG", "User|Host -> Host", _E, "change", "An event log was cleared.", "log"),
            _edge(
                "CHANGED",
                "User|Host -> User|Group|Host|App",
                _E,
                "change",
                "An account, group, computer, application, policy or share was changed.",
                """
                operation
                object_kind
                details
                host          key of the Host where; '' where in the cloud
                """,
            ),
            _edge(
                "MEMBER_OF",
                "User|Host -> Group",
                _L,
                "change",
                "Membership that was seen given.",
                "operation",
            ),
            _edge("SENT", "Mailbox -> Message", _E, "mail", "The sender."),
            _edge("DELIVERED_TO", "Message -> Mailbox", _E, "mail", "A recipient.", "action"),
            _edge("RELAYED", "IP -> Message", _E, "mail", "An address that handed the message over."),
            _edge("LINKS_TO", "Message -> Url", _L, "mail", "A link in the message."),
            _edge("IN_DOMAIN", "Url|Mailbox -> Domain", _L, "mail click", "The name it is under."),
            _edge("ATTACHED", "Message -> File", _L, "mail", "An attachment.", "file_name"),
            _edge("CLICKED", "User -> Url", _B, "click", "A link was opened.", "action\nmessage\nsource"),
            _edge("OWNS", "User -> Mailbox", _L, "mailbox", "The account whose mailbox it is.", "reason"),
            _edge(
                "ACCESSED_MAILBOX",
                "User -> Mailbox",
                _B,
                "mailbox",
                "Mail was read, sent, moved or deleted in a mailbox.",
                """
                operation
                logon_kind    owner, delegate, admin
                protocol
                client
                source        the client's IP
                outcome
                """,
            ),
            _edge(
                "GRANTED",
                "User -> Mailbox",
                _E,
                "mailbox",
                "A right on a mailbox was given.",
                """
                grantee       the account's name or key
                rights
                operation
                """,
            ),
            _edge(
                "CREATED_RULE",
                "User -> MailRule",
                _E,
                "mailbox",
                "An inbox or transport rule was made or changed.",
                """
                operation
                source        the client's IP
                """,
            ),
            _edge(
                "FORWARDS_TO",
                "MailRule|Mailbox -> Mailbox",
                _E,
                "mailbox",
                "Somebody set where mail is sent on: a rule's addresses each time it is made or changed with some.",
                """
                reason        rule or setting
                actor         key of the User who set it
                source        the client's IP; '' where not known
                """,
            ),
            _edge(
                "CONSENTED_TO",
                "User -> App",
                _E,
                "change",
                "A consent, or a credential added.",
                "operation\ndetails",
            ),
            _edge("ALERTED_ON", "Alert -> Host|User|IP", _B, "alert", "What another tool's finding names."),
            _edge("MATCHES", "Indicator -> IP|Url|Domain|File|Mailbox|Message", _L, "", "An indicator was met."),
        )
    }
)
