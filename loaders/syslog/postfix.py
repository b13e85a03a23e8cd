"""Postfix: what each queue id's lines tell together, what was refused, and who logged in to send.

A message is told of by several programs: smtpd names the client, cleanup the Message-ID, qmgr sender and size. They are
kept in mind by queue id, and each delivery becomes a row that knows them all; they are counted as not used themselves.
A message that a filter on the same machine hands back has a new queue id; its Message-ID leads to where it came from.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from graph_hunt.loaders._mail import bare_id, direction
from graph_hunt.loaders._values import address, text
from graph_hunt.loaders.message.headers import decoded
from graph_hunt.loaders.message.received import is_public
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.dovecot import Dovecot, sign_in
from graph_hunt.loaders.syslog.line import Line

__all__ = ["Postfix"]

_QUEUED = re.compile(r"([0-9A-Za-z]{5,24}): (.*)$", re.DOTALL)
_WORDS = frozenset(
    {
        "warning",
        "error",
        "fatal",
        "panic",
        "statistics",
        "timeout",
        "table",
        "connect",
        "disconnect",
        "reload",
        "daemon",
    }
)
_CLIENT = re.compile(r"client=([^\s\[,]*)\[([^\]\s]{0,64})\](?::\d+)?(.*)$")
_SASL = re.compile(r"\bsasl_(method|username|sender)=([^,\s]+)")
_ORIGINAL = re.compile(r"\borig_client=[^\s\[,]*\[([^\]]*)\]")
_SASL_FAILED = re.compile(
    r"warning: (\S{0,255}?)\[([^\]\s]{1,64})\](?::\d+)?: SASL (\S+) authentication failed: ?"
    r"(.*?)(?:, sasl_username=(.*))?$",
    re.I,
)
_REFUSED = re.compile(
    r"(milter-reject|reject|discard): (\S+) from (\S{0,255}?)\[([^\]\s]{0,64})\](?::\d+)?: (.*)$", re.DOTALL
)
_CHECKED = re.compile(
    r"(reject|discard|warning|info|hold): (?:header|body) (.*) from (\S{0,255}?)(?:\[([^\]\s]{0,64})\])?; (.*)$", re.S
)
_FROM_TO = re.compile(r"from=<([^>]*)>|to=<([^>]*)>")
_ANSWER = re.compile(r"^(?:\d{3} )?(?:\d\.\d{1,3}\.\d{1,3} )?(?:<[^>]*>:? ?|: )?(.*)$", re.DOTALL)
_DELIVERY = re.compile(
    r"to=<?([^>,]*)>?, (?:orig_to=<?([^>,]*)>?, )?relay=([^,]+), .*?\bstatus=(\w+)(?: \((.*))?", re.S
)
_QUEUED_AS = re.compile(r"queued as ([0-9A-Za-z]{5,24})")
_NUMBER = re.compile(r"\bsize=(\d+)")
_SUBJECT = re.compile(r"^Subject: (.*)$", re.DOTALL | re.IGNORECASE)
_INTO_MAILBOX = ("local", "virtual", "lmtp", "pipe", "dovecot")
_GREYLISTED = ("greylist", "try again later", "postgrey")
_KEPT = 100_000
"""How many queue ids, and how many Message-IDs, are kept in mind."""


@dataclass(slots=True)
class Queued:
    """What is known of a message by its queue id."""

    client: str | None = None
    user: str | None = None
    """Who logged in to send it."""
    local: bool = False
    """It was handed over on the machine itself."""
    message_id: str | None = None
    sender: str | None = None
    subject: str | None = None
    size: int | None = None


class Postfix:
    """Takes down what Postfix says."""

    def __init__(self, book: Book, logins: Dovecot, own: frozenset[str]) -> None:
        self._book, self._logins, self._own = book, logins, own
        self._queue: OrderedDict[tuple[str | None, str], Queued] = OrderedDict()
        self._origins: OrderedDict[str, Queued] = OrderedDict()

    def told(self, line: Line) -> None:
        """Take down a line."""
        found = _QUEUED.match(line.message)
        if found is not None and found[1] not in _WORDS:
            self._queued(line, found[1], found[2])
        elif (failed := _SASL_FAILED.match(line.message)) is not None:
            self._login_failed(line, failed)
        else:
            self._book.skip(line, f"Postfix/{_daemon(line)}")

    def _queued(self, line: Line, identity: str, said: str) -> None:
        word = said.partition("=")[0].partition(":")[0]
        if word == "to" and (delivery := _DELIVERY.match(said)) is not None:
            self._delivered(line, identity, delivery)
        elif word == "client" and (client := _CLIENT.match(said)) is not None:
            self._client(line, identity, client)
        elif word == "message-id":
            self._identified(line, identity, said)
        elif word in ("reject", "milter-reject", "discard", "warning", "info", "hold"):
            self._checked(line, identity, said)
        elif word in ("from", "uid"):
            self._entered(line, identity, said, word)
        else:
            if said == "removed":
                self._queue.pop((line.host, identity), None)
            self._book.skip(line, f"Postfix/{_daemon(line)}")

    def _mail(self, line: Line, identity: str) -> Queued:
        key = (line.host, identity)
        found = self._queue.get(key)
        if found is None:
            found = self._queue[key] = Queued()
            if len(self._queue) > _KEPT:
                self._queue.popitem(last=False)
        return found

    def _client(self, line: Line, identity: str, found: re.Match[str]) -> None:
        original = _ORIGINAL.search(found[3])
        ip = address(original[1] if original else found[2])
        sasl = dict(_SASL.findall(found[3]))
        if identity != "NOQUEUE":
            mail = self._mail(line, identity)
            mail.client, mail.user = ip, sasl.get("username")
        if "username" in sasl:
            row = sign_in(line, "SMTP", sasl["username"], ip, "success", None, sasl.get("method"))
            self._logins.proven(line, ip, sasl["username"])
            self._book.add(line, "authentication", "Postfix/login", **row)
        else:
            self._book.skip(line, "Postfix/client")

    def _login_failed(self, line: Line, found: re.Match[str]) -> None:
        ip, method, why = address(found[2]), found[3].upper(), (found[4] or "").casefold()
        user = text(found[5])
        told = self._logins.settled(line, ip, user)
        reason = "other" if "connection lost" in why or "mechanism" in why else "bad_password"
        row = sign_in(line, "SMTP", user, ip, "failure", reason, method)
        self._book.add(line, "authentication", "Postfix/login_failed", **{**row, **told})

    def _identified(self, line: Line, identity: str, said: str) -> None:
        mail = self._mail(line, identity)
        mail.message_id = bare_id(said.partition("=")[2])
        if mail.message_id is not None and (mail.client is not None or mail.local):
            self._origins.setdefault(mail.message_id, mail)
            if len(self._origins) > _KEPT:
                self._origins.popitem(last=False)
        self._book.skip(line, "Postfix/message-id")

    def _entered(self, line: Line, identity: str, said: str, word: str) -> None:
        mail = self._mail(line, identity)
        if word == "uid":
            mail.local = True
        elif "status=" not in said:
            sender = said.partition("from=")[2].partition(",")[0].strip("<> ")
            size = _NUMBER.search(said)
            mail.sender, mail.size = text(sender), int(size[1]) if size else None
        self._book.skip(line, f"Postfix/{_daemon(line)}")

    def _checked(self, line: Line, identity: str, said: str) -> None:
        if (found := _REFUSED.match(said)) is not None:
            self._refused(line, identity, found[4], found[5])
            return
        found = _CHECKED.match(said)
        if found is not None and found[1] in ("reject", "discard"):
            parties = _FROM_TO.findall(found[5])
            self._blocked(line, identity, found[4], parties, _ANSWER.sub(r"\1", found[5].rpartition(">: ")[2]))
            return
        if found is not None and (subject := _SUBJECT.match(found[2])) is not None:
            self._mail(line, identity).subject = decoded(subject[1])
        self._book.skip(line, f"Postfix/{_daemon(line)}")

    def _refused(self, line: Line, identity: str, ip: str, said: str) -> None:
        answer, _, rest = said.rpartition("; from=") if "; from=" in said else said.rpartition("; proto=")
        if "; from=" in said:
            rest = "from=" + rest
        parties = _FROM_TO.findall(rest) if answer else []
        why = _ANSWER.sub(r"\1", answer or said)
        if any(word in why.casefold() for word in _GREYLISTED):
            self._book.skip(line, "Postfix/greylisted")
        else:
            self._blocked(line, identity, ip, parties, why)

    def _blocked(self, line: Line, identity: str, ip: str | None, parties: list[tuple[str, str]], why: str) -> None:
        mail = self._queue.get((line.host, identity)) or Queued()
        sender = next((text(one) for one, _ in parties if one), None)
        recipient = next((text(other) for _, other in parties if other), None)
        if not parties and mail.sender is None:
            # A client was turned away before it named any message.
            self._book.skip(line, "Postfix/refused")
            return
        row = self._row(mail, sender or mail.sender, recipient, address(ip) or mail.client)
        row["network_id"] = None if identity == "NOQUEUE" else identity
        self._book.add(line, "mail", "Postfix/reject", action="blocked", threats=[why[:200]] if why else None, **row)

    def _delivered(self, line: Line, identity: str, found: re.Match[str]) -> None:
        recipient, _, relay, status, answer = found.groups()
        mail = self._mail(line, identity)
        onward = _QUEUED_AS.search(answer or "")
        if status == "sent" and onward and address(relay.partition("[")[2].partition("]")[0]) is None and "[" in relay:
            # To a filter on this machine, which hands it back under another queue id.
            self._book.skip(line, "Postfix/filtered")
            return
        if status not in ("sent", "bounced", "expired"):
            self._book.skip(line, "Postfix/deferred")
            return
        origin = self._origins.get(mail.message_id or "") if mail.client is None and not mail.local else None
        source = origin or mail
        into_mailbox = _daemon(line) in _INTO_MAILBOX or relay.partition("[")[0] in _INTO_MAILBOX
        action = "bounced" if status != "sent" else "delivered" if into_mailbox else "sent"
        row = self._row(mail, mail.sender, text(recipient), source.client)
        row["direction"] = row["direction"] or _heading(source, into_mailbox)
        row["subject"] = row["subject"] or source.subject
        self._book.add(line, "mail", "Postfix/delivery", action=action, network_id=identity, **row)

    def _row(self, mail: Queued, sender: str | None, recipient: str | None, ip: str | None) -> dict[str, Any]:
        return {
            "message_id": mail.message_id,
            "sender": sender,
            "return_path": sender,
            "recipient": recipient,
            "subject": mail.subject,
            "source_ip": ip,
            "size": mail.size,
            "direction": direction(sender, recipient, self._own),
        }


def _heading(source: Queued, into_mailbox: bool) -> str | None:
    """Which way a message went, as far as its client tells."""
    if source.user or source.local:
        return "internal" if into_mailbox else "outbound"
    if source.client is None or not is_public(source.client):
        return None
    return "inbound" if into_mailbox else None


def _daemon(line: Line) -> str:
    name = line.program.rpartition("/")[2]
    return name if re.fullmatch(r"[\w-]{1,24}", name) else "other"
