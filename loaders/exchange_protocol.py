"""Exchange's protocol logs: who logged in over IMAP, POP3 and SMTP, or failed to."""

import csv
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.events.source import Loader, Options, Source
from graph_hunt.loaders._records import batches
from graph_hunt.loaders._table import Row
from graph_hunt.loaders._values import account, at, endpoint, text

__all__ = ["LOADER"]

_ENDPOINT = r"(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9A-Fa-f:.%]+\]?):\d+"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"
_CLIENT_ACCESS = re.compile(rf"^{_TIME},[0-9A-F]{{16}},\d+,{_ENDPOINT},{_ENDPOINT},")
_TRANSPORT = re.compile(rf"^{_TIME},[^,]*,[0-9A-F]{{16}},\d+,{_ENDPOINT},{_ENDPOINT},[-+<>*],")
_CLIENT_NAMES = (
    *("datetime", "sessionid", "seqnumber", "sip", "cip", "user", "duration", "rqsize", "rpsize", "command"),
    *("parameters", "context", "puid"),
)
_TRANSPORT_NAMES = (
    *("date-time", "connector-id", "session-id", "sequence-number", "local-endpoint", "remote-endpoint", "event"),
    *("data", "context"),
)
_FIELDS = "#Fields:"
_LOGINS = frozenset({"login", "authenticate", "auth", "pass", "apop"})
_PORTS = {"143": "IMAP", "993": "IMAP", "1993": "IMAP", "110": "POP3", "995": "POP3", "1995": "POP3"}
_REFUSED = ("no ", "-err", "authfailed", "logondenied", "failed", "bad ")
_SESSIONS = 20_000
_LONGEST = 1 << 20
_KEPT = 65536


class _ExchangeProtocol:
    name = "exchange_protocol"

    def claims(self, source: Source) -> bool:
        """Tell by the fields that are named, or by the layout of the first record."""
        head = source.head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        lines = head.splitlines()[:20]
        named = next((_names(line) for line in lines if line.startswith(_FIELDS)), None)
        if named is not None:
            return set(named) >= set(_CLIENT_NAMES[:10]) or set(named) >= set(_TRANSPORT_NAMES)
        first = next((line for line in lines if line.strip() and line[0] != "#"), "")
        return _layout(first) is not None

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        rows = Rows(self.name, source.name)
        logins = _Logins(rows)
        with source.open() as stream:
            yield from batches(_lines(stream), rows, logins.keep)


def _names(line: str) -> list[str]:
    return [name.strip().lower() for name in line.removeprefix(_FIELDS).split(",")]


def _layout(line: str) -> tuple[str, ...] | None:
    """The names of a record's fields, where no line names them."""
    if _TRANSPORT.match(line):
        return _TRANSPORT_NAMES
    return _CLIENT_NAMES if _CLIENT_ACCESS.match(line) else None


def _lines(stream: BinaryIO) -> Iterator[Row]:
    names: list[str] = []
    number = 0
    while content := stream.readline(_LONGEST):
        number += 1
        line = content.decode("utf-8", "replace").strip("\ufeff\r\n\0")
        if not line:
            continue
        if line[0] == "#":
            names = _names(line) if line.startswith(_FIELDS) else names
            continue
        try:
            cells = next(csv.reader([line])) if '"' in line else line.split(",")
        except csv.Error as error:
            yield Row(number, line[:_KEPT], {}, str(error))
            continue
        known = names or list(_layout(line) or ())
        # The last fields may be left out, and be empty.
        if not known or not len(known) - 2 <= len(cells) <= len(known) + 1:
            yield Row(number, line[:_KEPT], {}, f"{len(cells)} fields, expected {len(known)}")
        else:
            yield Row(number, line, dict(zip(known, cells, strict=False)))
    stream.read(1)


class _Logins:
    """Takes down logins; SMTP tells of one in several lines of a session."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._named: OrderedDict[str, str] = OrderedDict()

    def keep(self, record: Row) -> None:
        if record.fault:
            self._rows.reject(record.number, record.fault, record.raw)
            return
        fields = record.fields
        when = at(fields.get("datetime") or fields.get("date-time"))
        if when is None:
            self._rows.reject(record.number, "it has no time that can be read", record.raw)
            return
        self._rows.seen("", "Exchange protocol", when)
        columns = self._smtp(fields) if "event" in fields else _client_access(fields)
        if columns is None:
            self._rows.skip("ExchangeProtocol/SMTP" if "event" in fields else "ExchangeProtocol/command")
            return
        self._rows.add(
            "authentication",
            event_id=event_id(when, ["exchange protocol", record.raw]),
            time=when,
            code=f"ExchangeProtocol/{columns['application']}",
            record=record.number,
            raw=record.raw,
            **columns,
        )

    def _smtp(self, fields: Mapping[str, str]) -> dict[str, Any] | None:
        session, event = fields.get("session-id", ""), fields.get("event")
        data, said = fields.get("data") or "", (fields.get("context") or "").strip()
        if event == "*" and said.lower().startswith("user name:"):
            self._named[session] = said.partition(":")[2].strip()
            if len(self._named) > _SESSIONS:
                self._named.popitem(last=False)
            return None
        if event == "*" and said.lower() == "authenticated":
            return _row("SMTP", data, fields.get("remote-endpoint"), None)
        if event == ">" and data.startswith("535"):
            who = self._named.pop(session, None)
            return _row("SMTP", who, fields.get("remote-endpoint"), "bad_password")
        return None


def _client_access(fields: Mapping[str, str]) -> dict[str, Any] | None:
    if (fields.get("command") or "").strip().lower() not in _LOGINS:
        return None
    said = (fields.get("context") or "").lower()
    if "r=" not in said:
        # The first half of an exchange; the other tells how it ended.
        return None
    result = said.partition("r=")[2].lstrip('"')
    tag, _, rest = result.partition(" ")
    refused = result.startswith(_REFUSED) or rest.startswith(_REFUSED) or "authfailed" in said
    port = (fields.get("sip") or "").rpartition(":")[2]
    reason = (
        None
        if not refused
        else "unknown_user"
        if "unknown user" in said and "bad password" not in said
        else "bad_password"
    )
    return _row(_PORTS.get(port, "IMAP" if tag else "POP3"), fields.get("user"), fields.get("cip"), reason)


def _row(application: str, who: str | None, client: str | None, reason: str | None) -> dict[str, Any]:
    named = text(who)
    user, domain = account(named)
    ip, port = endpoint(client)
    whole = named is not None and "@" in named and domain is None
    return {
        "kind": "sign_in",
        "outcome": "failure" if reason else "success",
        "reason": reason,
        "user": None if whole else user,
        "user_domain": domain,
        "user_upn": named if whole else None,
        "source_ip": ip,
        "source_port": port,
        "application": application,
    }


LOADER: Loader = _ExchangeProtocol()
