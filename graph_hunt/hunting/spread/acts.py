"""What the spread looks at in the event tables: acts, each with an account, a source and a target.

An act's `when` is SQL on a scan's row. The first act of a scan whose `when` holds is the row's; a row of none is not
used. A scan's `account`, `source` and `target` are SQL for the pair (label, key); a null key is nobody.
"""

from dataclasses import dataclass

from graph_hunt.events.messages import message_key

ADMIN_PORTS = (22, 135, 139, 445, 3389, 5900, 5985, 5986)
"""Ports over which one machine is run from another: SSH, RPC, SMB, RDP, VNC, WinRM."""

_ADMIN_PIPES = ("svcctl", "atsvc", "winreg", "eventlog", "samr", "drsuapi", "psexesvc", "remcom_communicaton")


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of event that can carry a compromise from one entity to another."""

    name: str
    when: str
    doc: str

    @property
    def words(self) -> str:
        """How it reads in a sentence: `U1 was used from C1 (network logon)`."""
        return self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Scan:
    """Rows of event tables, and the acts told in them."""

    tables: tuple[str, ...]
    """Event tables of which one must have rows for the scan to find any."""
    origin: str
    """FROM, with joins; the rows are called t."""
    where: str
    account: tuple[str, str]
    source: tuple[str, str]
    target: tuple[str, str]
    acts: tuple[Act, ...]


DIRECTORY = "lower(split_part(coalesce(nullif(h.domain, ''), h.key), '.', 1))"
"""The key of the directory that a domain controller `h` holds."""

_NOBODY = ("NULL", "NULL")
_MESSAGE = message_key("m.message_id", "m.network_id")
_MESSAGES = f"""SELECT network_id, max(message_id) AS message_id, max(sender) AS sender, max(direction) AS direction
            FROM mail GROUP BY {message_key()}, network_id"""
"""Each message once: its links' and attachments' rows name it by nothing but its id."""
_USER = ("t.user_label", "t.user_key")
_OTHER = ("t.target_user_label", "t.target_user_key")
_SOURCE = ("t.source_label", "t.source_key")
_TARGET = ("t.target_label", "t.target_key")
_HOST = ("'Host'", "t.host_key")

_OUTBOUND = "t.logon_type = 'new_credentials' AND t.target_user_key IS NOT NULL"
_SESSION_TYPES = "('remote_interactive', 'interactive', 'unlock', 'cached')"


def _in(values: tuple[object, ...]) -> str:
    return "(" + ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values) + ")"


LOGONS = Scan(
    ("authentication",),
    "authentication_resolved t",
    f"""coalesce(t.outcome, 'success') = 'success' AND (t.kind IN ('logon', 'sign_in', 'ticket_granting',
        'ticket_service') OR (t.kind = 'session' AND t.outcome = 'success' AND t.logon_type IN {_SESSION_TYPES}))""",
    (
        f"CASE WHEN {_OUTBOUND} THEN t.target_user_label ELSE t.user_label END",
        f"CASE WHEN {_OUTBOUND} THEN t.target_user_key ELSE t.user_key END",
    ),
    _SOURCE,
    _TARGET,
    (
        Act(
            "ticket",
            "t.kind IN ('ticket_granting', 'ticket_service')",
            "a Kerberos ticket was given (4768, 4769, 4770; LANL TGT and TGS)",
        ),
        Act("sign_in", "t.kind = 'sign_in'", "a sign-in to a cloud or remote-access service"),
        Act(
            "machine_logon",
            "t.user_label = 'Host'",
            "a logon of a machine's own account (NAME$, SYSTEM), whatever its type",
        ),
        Act("network_logon", "t.logon_type IN ('network', 'proxy')", "a network logon (type 3)"),
        Act("interactive_logon", "t.logon_type IN ('interactive', 'unlock')", "a logon at the console (type 2 or 7)"),
        Act(
            "remote_interactive_logon",
            "t.logon_type = 'remote_interactive'",
            "a remote desktop logon or reconnection (type 10; 4778; TerminalServices 21, 25)",
        ),
        Act("cached_logon", "t.logon_type = 'cached'", "a logon on cached credentials (type 11, 12, 13)"),
        Act("batch_logon", "t.logon_type = 'batch'", "a scheduled task's logon (type 4)"),
        Act("service_logon", "t.logon_type = 'service'", "a service's logon (type 5)"),
        Act("cleartext_logon", "t.logon_type = 'cleartext'", "a network logon that sent the password (type 8)"),
        Act(
            "new_credentials_logon",
            "t.logon_type = 'new_credentials'",
            "another account's credentials taken for use over the network, `runas /netonly` (type 9)",
        ),
        Act("logon", "t.kind = 'logon'", "a logon whose source states no type"),
    ),
)

_EXPLICIT_SCANS = (
    Scan(
        ("authentication",),
        "authentication_resolved t",
        "t.kind = 'explicit' AND coalesce(t.outcome, 'success') = 'success'",
        _OTHER,
        ("coalesce(t.source_label, t.target_label)", "coalesce(t.source_key, t.target_key)"),
        _TARGET,
        (
            Act(
                "explicit_credentials",
                "true",
                "an account's password was given on the source (4648, runas, su), for use on the target",
            ),
        ),
    ),
    Scan(
        ("authentication",),
        "authentication_resolved t",
        f"(t.kind = 'explicit' OR {_OUTBOUND}) AND coalesce(t.outcome, 'success') = 'success'",
        _USER,
        _NOBODY,
        _OTHER,
        (Act("acted_as", "t.user_label = 'User'", "a user gave another account's password (4648, type 9)"),),
    ),
    Scan(
        ("authentication",),
        "authentication_resolved t",
        """t.kind = 'ticket_service' AND coalesce(t.outcome, 'success') = 'success' AND t.encryption = 'rc4'
        AND t.target_user_label = 'User'""",
        _USER,
        _NOBODY,
        _OTHER,
        (
            Act(
                "roastable_ticket",
                "t.user_label = 'User'",
                "an RC4 ticket for a service that runs as a user's account: its password can be guessed offline",
            ),
        ),
    ),
)

_ACCESS_SCANS = (
    Scan(
        ("access",),
        "access_resolved t",
        """t.kind IN ('share', 'pipe') AND coalesce(t.outcome, 'success') = 'success' AND t.source_key IS NOT NULL
        AND t.user_label = 'User'""",
        _USER,
        _SOURCE,
        _HOST,
        (
            Act(
                "admin_share",
                rf"""regexp_matches(upper(coalesce(t.object, '')), '^(ADMIN|[A-Z])\$$')
                OR lower(coalesce(t.object, '')) IN {_in(_ADMIN_PIPES)}""",
                "an administrative share (ADMIN$, C$) or a pipe that runs things (svcctl, atsvc …) was opened from "
                "another machine (5140, 5145)",
            ),
            Act("share", "true", "another share or pipe was opened from another machine (5140, 5145)"),
        ),
    ),
    Scan(
        ("access",),
        "access_resolved t JOIN host_nodes h ON h.key = t.host_key",
        """t.kind = 'directory' AND coalesce(t.outcome, 'success') = 'success'
        AND regexp_matches(t.rights, 'DS-Replication-Get-Changes-(All|In-Filtered-Set)')""",
        _USER,
        _NOBODY,
        ("'Directory'", DIRECTORY),
        (
            Act(
                "replication",
                """t.user_label = 'User'
                OR t.user_key NOT IN (SELECT key FROM host_nodes WHERE role = 'domain_controller')""",
                "the directory's secrets were copied from a domain controller (4662 with the right to replicate "
                "passwords) by other than a domain controller",
            ),
        ),
    ),
    Scan(
        ("access",),
        "access_resolved t",
        r"""t.kind = 'process' AND coalesce(t.outcome, 'success') = 'success'
        AND regexp_matches(lower(coalesce(t.target_process, '')), '(^|[\\/])lsass\.exe$')
        AND coalesce(TRY_CAST(t.rights AS BIGINT), 0) & 16 = 16""",
        _USER,
        _NOBODY,
        _HOST,
        (
            Act(
                "memory_read",
                "true",
                "a program opened LSASS's memory for reading (Sysmon 10): what it holds is exposed",
            ),
        ),
    ),
)

_CODE_KINDS = "('service', 'task', 'wmi', 'run_key', 'driver')"
_CODE_SCANS = (
    Scan(
        ("process",),
        "process_resolved t",
        "t.kind IN ('start', 'script') AND t.user_label = 'User'",
        _USER,
        _NOBODY,
        _HOST,
        (
            Act(
                "execution",
                "true",
                "a program or script ran under the account (4688, Sysmon 1, PowerShell 4104; LANL proc)",
            ),
        ),
    ),
    Scan(
        ("change",),
        "change_resolved t",
        f"""t.object_kind IN {_CODE_KINDS} AND t.operation IN ('created', 'changed', 'started')
        AND coalesce(t.outcome, 'success') = 'success' AND t.user_label = 'User'""",
        _USER,
        _SOURCE,
        _HOST,
        (
            Act(
                "persistence",
                "true",
                "a service, task, driver, run key or WMI subscription was made or changed by the account (4697, 4698, "
                "4702, 7045 …)",
            ),
        ),
    ),
    Scan(
        (
            "process",
            "change",
        ),
        f"""(SELECT time, event_id, host_key FROM process_resolved WHERE kind IN ('start', 'script')
            AND user_label = 'User' UNION ALL
            SELECT time, event_id, host_key FROM change_resolved WHERE object_kind IN {_CODE_KINDS}
            AND operation IN ('created', 'changed', 'started') AND user_label = 'User') t
            JOIN host_nodes h ON h.key = t.host_key""",
        "h.role = 'domain_controller'",
        _NOBODY,
        _HOST,
        ("'Directory'", DIRECTORY),
        (
            Act(
                "controller_code", "true", "a user's program ran, or a service or task was made, on a domain controller"
            ),
        ),
    ),
    Scan(
        ("change",),
        "change_resolved t",
        """t.object_kind = 'account' AND t.operation IN ('created', 'password_reset')
        AND coalesce(t.outcome, 'success') = 'success' AND t.target_user_label = 'User'""",
        _USER,
        _NOBODY,
        _OTHER,
        (Act("account_taken", "true", "an account was made, or its password reset, by another (4720, 4724)"),),
    ),
)

_NETWORK_SCANS = (
    Scan(
        ("network",),
        "network_resolved t",
        f"""t.kind = 'connection' AND coalesce(t.outcome, 'success') = 'success' AND t.target_port IN {_in(ADMIN_PORTS)}
        AND t.source_key IS NOT NULL AND t.target_key IS NOT NULL""",
        _NOBODY,
        _SOURCE,
        ("t.target_label", "t.target_key"),
        (
            Act(
                "connection",
                "true",
                "a connection to a port of remote administration "
                f"({', '.join(map(str, ADMIN_PORTS))}; Sysmon 3, flows)",
            ),
        ),
    ),
)

_MAIL_SCANS = (
    Scan(
        ("mailbox",),
        "mailbox_resolved t",
        "t.mailbox IS NOT NULL AND coalesce(t.outcome, 'success') = 'success' AND t.user_label = 'User'",
        _USER,
        _NOBODY,
        ("'Mailbox'", "lower(t.mailbox)"),
        (
            Act("own_mailbox", "t.logon_kind = 'owner'", "an account used its own mailbox"),
            Act("other_mailbox", "true", "an account used a mailbox as its delegate or administrator"),
        ),
    ),
    *(
        Scan(
            ("click",),
            f"""click_resolved t JOIN ({_MESSAGES}) m
            ON (m.network_id = t.network_id OR (t.network_id IS NULL AND m.message_id = t.message_id))""",
            f"t.user_label = 'User' AND coalesce(t.action, 'allowed') <> 'blocked' AND {condition}",
            _USER,
            origin,
            _NOBODY,
            (act,),
        )
        for condition, origin, act in (
            (
                "m.direction = 'internal' AND m.sender IS NOT NULL",
                ("'Mailbox'", "lower(m.sender)"),
                Act("lure", "true", "a link in a message from a mailbox of the organisation's own was opened"),
            ),
            (
                f"{_MESSAGE} IS NOT NULL",
                ("'Message'", _MESSAGE),
                Act("clicked", "true", "a link in the message was opened"),
            ),
        )
    ),
)

SCANS: tuple[Scan, ...] = (LOGONS, *_EXPLICIT_SCANS, *_ACCESS_SCANS, *_CODE_SCANS, *_NETWORK_SCANS, *_MAIL_SCANS)

DERIVED = (Act("exposed_in_memory", "", "an account's session was open on a host when LSASS's memory was read there"),)
"""Acts told by several events together."""

ACTS: tuple[Act, ...] = (*(act for scan in SCANS for act in scan.acts), *DERIVED)
CODES: dict[str, int] = {act.name: code for code, act in enumerate(ACTS)}
"""An act's number in the columns of an `Activity`."""
