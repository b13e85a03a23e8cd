"""The rules of the spread, one table: what a compromised entity exposes or reaches through an act, and how likely.

The documentation's table and the kernel's arrays are both made from `RULES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType

HOUR = 3_600_000
DAY = 24 * HOUR


class Role(IntEnum):
    """An entity's part in an act; the value is its column in the kernel."""

    ACCOUNT = 0
    SOURCE = 1
    TARGET = 2


@dataclass(frozen=True, slots=True)
class Hold:
    """How long what an act leaves behind stays."""

    span: int
    """Milliseconds from the act, where no logoff says otherwise."""
    until_logoff: bool
    """A logoff ends it, be it sooner or later than the span."""


@dataclass(frozen=True, slots=True)
class Rule:
    """From a compromised entity in one role of an act to the entity in another."""

    name: str
    start: Role
    end: Role
    labels: str
    likelihood: Mapping[str, float]
    """By act: how likely the one's compromise leads to the other's, were the act not to be expected anyway."""
    words: str
    """The hop in a sentence; roles in braces."""
    why: str
    rare: bool = False
    """The likelihood falls with how familiar the act is."""
    holds: Mapping[str, Hold] = field(default_factory=dict)
    """By act, where the rule holds for a span and not only at the act."""


_A, _S, _T = Role

_INTERACTIVE = Hold(10 * HOUR, until_logoff=True)
_STORED = Hold(30 * DAY, until_logoff=False)

RULES: tuple[Rule, ...] = (
    Rule(
        "used_from",
        _S,
        _A,
        "Host, IP -> User, Host",
        {
            "network_logon": 0.95,
            "remote_interactive_logon": 0.95,
            "interactive_logon": 0.95,
            "cached_logon": 0.95,
            "cleartext_logon": 0.95,
            "new_credentials_logon": 0.95,
            "logon": 0.95,
            "explicit_credentials": 0.95,
            "admin_share": 0.95,
            "share": 0.9,
            "persistence": 0.9,
            "machine_logon": 0.5,
            "sign_in": 0.5,
            "ticket": 0.5,
        },
        "{account} was used from {source}",
        "Whoever controls the machine where an account is used has its password, hash or ticket: typed or held there.",
        rare=True,
    ),
    Rule(
        "logs_on",
        _A,
        _T,
        "User -> Host",
        {
            "admin_share": 0.97,
            "remote_interactive_logon": 0.96,
            "interactive_logon": 0.96,
            "cleartext_logon": 0.96,
            "network_logon": 0.95,
            "logon": 0.95,
            "cached_logon": 0.7,
            "batch_logon": 0.5,
            "service_logon": 0.5,
            "new_credentials_logon": 0.5,
            "explicit_credentials": 0.5,
            "share": 0.3,
            "ticket": 0.2,
        },
        "{account} logged on to {target}",
        "An account's holder can do on a machine what the account may do there; a failed logon opens nothing.",
        rare=True,
    ),
    Rule(
        "runs_code",
        _A,
        _T,
        "User -> Host",
        {"execution": 0.99, "persistence": 0.99, "memory_read": 0.99},
        "{account} ran code on {target}",
        "A program, service or task under the account is more than a logon: the account's holder ran code there.",
    ),
    Rule(
        "works_at",
        _A,
        _S,
        "User -> Host, IP",
        {
            "network_logon": 0.5,
            "remote_interactive_logon": 0.5,
            "cleartext_logon": 0.5,
            "new_credentials_logon": 0.5,
            "logon": 0.5,
            "explicit_credentials": 0.5,
            "admin_share": 0.5,
            "share": 0.5,
            "ticket": 0.2,
        },
        "{account} was at work on {source}",
        "An account that is used from a machine has a session there, which its holder controls.",
    ),
    Rule(
        "leaves_credentials",
        _T,
        _A,
        "Host -> User",
        {
            "interactive_logon": 0.9,
            "remote_interactive_logon": 0.9,
            "cleartext_logon": 0.8,
            "new_credentials_logon": 0.8,
            "service_logon": 0.8,
            "batch_logon": 0.7,
            "cached_logon": 0.6,
        },
        "{account}'s credentials lay on {target}",
        "These logons leave the account's credentials on the machine logged on to: in LSASS's memory while the session "
        "lasts, on disk for services, tasks and cached logons. A network logon leaves none.",
        holds={
            "interactive_logon": _INTERACTIVE,
            "remote_interactive_logon": _INTERACTIVE,
            "cleartext_logon": _INTERACTIVE,
            "new_credentials_logon": _INTERACTIVE,
            "cached_logon": Hold(7 * DAY, until_logoff=False),
            "batch_logon": _STORED,
            "service_logon": _STORED,
        },
    ),
    Rule(
        "runs_where",
        _T,
        _A,
        "Host -> User",
        {"execution": 0.8},
        "{account}'s program ran on {target}",
        "Whoever controls a machine can take the token of a program that runs there.",
    ),
    Rule(
        "read_from_memory",
        _S,
        _A,
        "Host -> User",
        {"exposed_in_memory": 0.95},
        "LSASS's memory was read on {source} while {account} was logged on",
        "The reading of LSASS's memory is how the credentials of those logged on are taken.",
    ),
    Rule(
        "relays",
        _S,
        _T,
        "Host, IP -> Host, IP",
        {"network_logon": 0.3, "cleartext_logon": 0.3, "logon": 0.3, "share": 0.1, "connection": 0.1},
        "{source} could act in the logon to {target}",
        "A machine can relay or ride a logon that passes through it, without having the account's credentials; a bare "
        "connection to a port of remote administration says less.",
        rare=True,
    ),
    Rule(
        "acts_as_machine",
        _A,
        _T,
        "Host -> Host",
        {"machine_logon": 0.05},
        "{account} logged on to {target} by its machine account",
        "A machine's account is the machine: who controls it has the account, which seldom has rights elsewhere.",
        rare=True,
    ),
    Rule(
        "gives_password",
        _A,
        _T,
        "User -> User",
        {"acted_as": 0.8},
        "{account} gave {target}'s password",
        "Who controls an account sees the passwords that it gives for others.",
        rare=True,
    ),
    Rule(
        "roasts",
        _A,
        _T,
        "User -> User",
        {"roastable_ticket": 0.15},
        "{account} got a ticket of {target} that can be cracked offline",
        "An RC4 service ticket is encrypted with the hash of the service account's password.",
        rare=True,
    ),
    Rule(
        "takes_account",
        _A,
        _T,
        "User -> User",
        {"account_taken": 0.9},
        "{account} made {target}, or reset its password",
        "Who sets an account's password has the account.",
    ),
    Rule(
        "copies_secrets",
        _A,
        _T,
        "User, Host -> Directory",
        {"replication": 0.95},
        "{account} copied the secrets of the directory {target}",
        "DCSync gives every account's hash, krbtgt's included: the whole domain is compromised.",
    ),
    Rule(
        "holds_directory",
        _S,
        _T,
        "Host -> Directory",
        {"controller_code": 0.5},
        "code ran on {source}, which holds the directory {target}",
        "A domain controller that runs an attacker's code gives away every account of its domain.",
    ),
    Rule(
        "opens_mailbox",
        _A,
        _T,
        "User -> Mailbox",
        {"own_mailbox": 0.9, "other_mailbox": 0.7},
        "{account} opened the mailbox {target}",
        "An account's holder reads and sends as the mailboxes that it may open.",
    ),
    Rule(
        "owns_mailbox",
        _T,
        _A,
        "Mailbox -> User",
        {"own_mailbox": 0.5},
        "{target} is {account}'s mailbox",
        "A mailbox is mostly entered through its owner's account; resets of other passwords arrive in it.",
    ),
    Rule(
        "lures",
        _S,
        _A,
        "Mailbox, Message -> User",
        {"lure": 0.7, "clicked": 0.7},
        "{account} opened a link from {source}",
        "A link in a message from a compromised mailbox, or in the message asked about, was opened by this account.",
    ),
)

MAPPED: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in RULES})
