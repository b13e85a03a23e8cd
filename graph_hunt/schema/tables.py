"""The event tables: what a loader yields and the event store keeps.

Names follow OCSF, ECS and Defender in lower snake case. Every column but the common ones may be null: a source that
does not say a thing leaves it null, never `-`, `N/A` or an empty string.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import pyarrow as pa


class Type(StrEnum):
    """A column's type; `TIME` is integer epoch milliseconds, UTC."""

    TEXT = "text"
    INTEGER = "integer"
    TIME = "time"
    FLAG = "flag"
    TEXTS = "texts"

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type that holds it."""
        return _ARROW[self]


_ARROW: Mapping[Type, pa.DataType] = MappingProxyType(
    {
        Type.TEXT: pa.string(),
        Type.INTEGER: pa.int64(),
        Type.TIME: pa.int64(),
        Type.FLAG: pa.bool_(),
        Type.TEXTS: pa.list_(pa.string()),
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an event table."""

    name: str
    type: Type
    doc: str


@dataclass(frozen=True, slots=True)
class EventTable:
    """One kind of event; `columns` holds the common ones first."""

    name: str
    doc: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """Its Arrow schema, the order of columns included."""
        return pa.schema([pa.field(c.name, c.type.arrow) for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(c.name for c in self.columns)


_TYPES = {t.value: t for t in Type}


def _columns(text: str) -> tuple[Column, ...]:
    """Read `name type doc` lines; a type is left out where it is text."""
    columns = []
    for line in filter(str.strip, text.splitlines()):
        name, _, rest = line.strip().partition(" ")
        kind, _, doc = rest.strip().partition(" ")
        if kind in _TYPES:
            columns.append(Column(name, _TYPES[kind], doc.strip()))
        else:
            columns.append(Column(name, Type.TEXT, rest.strip()))
    return tuple(columns)


COMMON = _columns(
    """
    event_id   stable identity: the same event loaded twice, from any file, has the same one; begins with its time
    time       time      when it happened
    source     the loader's name
    code       the source's own name of the event kind, such as Security/4624 or UAL/MailItemsAccessed
    recorder   the host or service that recorded it, as written there
    file       the file it was read from (archive!member for archives)
    record     integer   its number in that file, from 1
    raw        the original record, verbatim; null for bulk tabular sources, whose file and record find the line
    """
)


def _table(name: str, doc: str, columns: str) -> EventTable:
    return EventTable(name, doc, COMMON + _columns(columns))


_ACCOUNT = """
    user             the account's name, without its domain
    user_domain      its domain or, for a local account, its machine; as written
    user_sid         its SID or directory object id
    user_upn         its user principal name or mail address
"""

_TARGET_ACCOUNT = """
    target_user          the other account's name (explicit credentials, ticket's service, changed account)
    target_user_domain   its domain
    target_user_sid      its SID or object id
    target_user_upn      its user principal name
"""

TABLES: Mapping[str, EventTable] = MappingProxyType(
    {
        t.name: t
        for t in (
            _table(
                "authentication",
                "Someone proved, or failed to prove, who they are: logons, logoffs, tickets, explicit credentials, sign-ins.",
                f"""
                kind            logon, logoff, ticket_granting, ticket_service, explicit, session, disconnect, privileged, sign_in, mfa
                outcome         success or failure
                reason          why it failed: unknown_user, bad_password, locked, disabled, expired, restricted, no_preauth, mfa_denied, blocked, other
                {_ACCOUNT}
                {_TARGET_ACCOUNT}
                source_host     the machine it came from, as written
                source_ip       the address it came from; null for the machine itself
                source_port     integer
                target_host     the machine logged on to, as written
                target_service  the service asked for (a ticket's SPN, a server's resource)
                logon_type      network, interactive, remote_interactive, batch, service, unlock, cleartext, new_credentials, cached, proxy
                package         Kerberos, NTLM, Negotiate, password, publickey …
                logon_process   the process that asked the LSA, such as seclogo or NtLmSsp
                encryption      a ticket's cipher: rc4, aes128, aes256, des
                preauth         integer pre-authentication type of a ticket request
                logon_id        the session's identifier on target_host (hexadecimal)
                caller_logon_id the session that used explicit credentials
                elevated        flag     the session has administrator rights
                process         the image that asked
                application     the cloud application or protocol signed in to
                client          the user agent or client program
                country         ISO code the source itself states
                city            the source itself states
                latitude        the source itself states
                longitude       the source itself states
                asn             the source itself states
                device          the device's name or id
                device_trust    managed, compliant, unmanaged
                mfa             satisfied, denied, not_required, approved, timeout
                mfa_method      the factor used
                risk            none, low, medium, high
                session         the cloud session's or ticket's identifier
                duration        integer seconds the session lasted, where its end says so
                """,
            ),
            _table(
                "process",
                "A program started, or a script ran.",
                f"""
                kind             start, stop, script
                host             where
                {_ACCOUNT}
                logon_id         the session it ran in
                guid             its unique identifier on that host, where the source has one
                pid              integer
                image            full path
                command_line     as started; a script's text
                current_directory
                original_name    the name compiled into the image
                integrity        low, medium, high, system
                parent_guid
                parent_pid       integer
                parent_image
                parent_command_line
                sha256
                sha1
                md5
                imphash
                {_TARGET_ACCOUNT}
                """,
            ),
            _table(
                "access",
                "Something was opened: a share, a pipe, a process's memory, a directory object.",
                f"""
                kind            share, pipe, process, thread, directory, object
                outcome         success or failure
                host            where the thing is
                {_ACCOUNT}
                logon_id        the session that asked
                source_host     the machine that asked
                source_ip       the address that asked
                object          the share, pipe, directory object or image opened
                path            the file under the share, or the object's full name
                rights          the access granted, as names or GUIDs
                process         the image that asked
                process_guid
                pid             integer
                target_process  the image that was opened
                target_guid
                target_pid      integer
                """,
            ),
            _table(
                "network",
                "A connection or a name look-up.",
                f"""
                kind            connection, lookup, lease (source_host, with mac, was given source_ip)
                outcome         success or failure
                host            the machine that recorded it
                {_ACCOUNT}
                direction       inbound or outbound, seen from host
                protocol        tcp, udp, or the application's protocol
                source_host
                source_ip
                source_port     integer
                target_host     the other machine, or the name looked up
                target_ip
                target_port     integer
                answers         texts   what the look-up answered
                process         the image
                process_guid
                pid             integer
                bytes_out       integer
                bytes_in        integer
                packets         integer
                duration        integer seconds
                mac             the hardware address a lease was given to
                """,
            ),
            _table(
                "change",
                "Something lasting was made, changed or removed: a task, service, account, group, rule of the system.",
                f"""
                object_kind     task, service, run_key, startup, registry, file, share, account, group, role, computer, directory, wmi, log, policy, app, app_credential, mfa_method, device, driver
                operation       created, changed, deleted, enabled, disabled, started, stopped, member_added, member_removed, renamed, cleared, password_reset, consented
                outcome         success or failure
                host            where
                {_ACCOUNT}
                logon_id        the session that did it
                source_ip       the address it came from
                source_host     the machine it came from
                object          the thing's name
                object_id       its SID, GUID or path
                path            the program, file or command behind it
                details         what changed, in words
                value           the new value
                old_value       the value before
                {_TARGET_ACCOUNT}
                process         the image that did it
                process_guid
                pid             integer
                sha256
                """,
            ),
            _table(
                "mail",
                "A message, once for each recipient.",
                """
                message_id      the Message-ID, without its angle brackets
                network_id      the transport's own id (NetworkMessageId, queue id)
                sender          envelope or From address
                sender_name     display name
                return_path
                reply_to
                recipient       one address
                subject
                direction       inbound, outbound, internal
                action          delivered, blocked, quarantined, junked, deleted, bounced, received, sent
                source_ip       the address that handed it over
                relays          texts     addresses of the Received chain, newest first
                client          the sending program
                urls            texts
                attachments     texts     file names
                attachment_hashes texts   SHA-256, in the order of attachments, empty where unknown
                spf             pass, fail, softfail, neutral, none …
                dkim
                dmarc
                threats         texts     the filter's verdicts
                size            integer   bytes
                """,
            ),
            _table(
                "mailbox",
                "Something was done in or to a mailbox.",
                f"""
                operation       send, send_as, send_on_behalf, access, sync, create, update, delete, move, rule_created, rule_changed, rule_deleted, forwarding_set, forwarding_removed, permission_granted, permission_removed, transport_rule_created, transport_rule_changed, transport_rule_disabled, transport_rule_deleted, request
                outcome         success or failure
                {_ACCOUNT}
                mailbox         its owner's address
                owner_sid       its owner's SID or object id
                logon_kind      owner, delegate, admin
                client          the user agent or client string
                protocol        ews, graph, rest, imap, pop, smtp, owa, activesync, mapi, autodiscover, powershell
                client_ip
                session
                rule_name
                rule_actions    texts     such as delete, move, mark_read, forward, redirect
                rule_conditions texts
                forward_to      texts     addresses
                grantee         who got the right
                rights          texts
                folder
                subject
                message_ids     texts     the messages touched
                items           integer   how many were touched
                throttled       flag      there were so many that the service recorded no more of them
                soap_action     the EWS operation
                """,
            ),
            _table(
                "click",
                "Someone opened a link from a message.",
                f"""
                {_ACCOUNT}
                url
                action          allowed, blocked, overridden
                message_id
                network_id
                source_ip
                client
                """,
            ),
            _table(
                "alert",
                "Another tool's finding: Hayabusa, Chainsaw, Defender, Entra risk.",
                f"""
                product
                title
                level           informational, low, medium, high, critical
                techniques      texts     ATT&CK ids
                host
                {_ACCOUNT}
                source_ip
                details         in words
                rule            the rule's id or file
                """,
            ),
        )
    }
)
