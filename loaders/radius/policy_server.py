"""Microsoft's Network Policy Server: its logs as CSV for databases, as IAS's CSV, and as XML (DTS).

An answer does not say where its client came from. Its request does, which stands above it with the same Class.
"""

import csv
import html
import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from graph_hunt.events.batch import Rows
from graph_hunt.events.source import Options
from graph_hunt.loaders._text_log import Line, first_lines
from graph_hunt.loaders._values import first, text
from graph_hunt.loaders.radius.logon import Answer, person

__all__ = ["Log", "is_log"]

_DATABASE = re.compile(r'"[^"]+","?(?:IAS|RAS|NPS)"?,"?\d\d/\d\d/\d{4}"?,"?\d\d:\d\d:\d\d"?,\d+,', re.IGNORECASE)
_PLAIN = re.compile(
    r'"?[0-9A-Fa-f.:]*"?,(?:"[^"]*"|[^,]*),\d\d/\d\d/\d{4},\d\d:\d\d:\d\d,"?(?:IAS|RAS|NPS)"?,', re.IGNORECASE
)
_XML = re.compile(r"<Event><Timestamp data_type=")
_ELEMENT = re.compile(r'<([A-Za-z][\w-]*) data_type="\d+">([^<]*)</\1>')
_PLACES = (
    *("Computer-Name", "Event-Source", "Date", "Time", "Packet-Type", "User-Name", "Fully-Qualified-User-Name"),
    *("Called-Station-Id", "Calling-Station-Id", "Callback-Number", "Framed-IP-Address", "NAS-Identifier"),
    *("NAS-IP-Address", "NAS-Port", "Client-Vendor", "Client-IP-Address", "Client-Friendly-Name", "Event-Timestamp"),
    *("Port-Limit", "NAS-Port-Type", "Connect-Info", "Framed-Protocol", "Service-Type", "Authentication-Type"),
    *("NP-Policy-Name", "Reason-Code", "Class"),
)
_NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        "25": "Class",
        "31": "Calling-Station-Id",
        "32": "NAS-Identifier",
        "4108": "Client-IP-Address",
        "4127": "Authentication-Type",
        "4128": "Client-Friendly-Name",
        "4129": "SAM-Account-Name",
        "4130": "Fully-Qualified-User-Name",
        "4136": "Packet-Type",
        "4142": "Reason-Code",
        "4149": "NP-Policy-Name",
    }
)
_PACKETS: Mapping[str, str] = MappingProxyType(
    {"1": "request", "4": "accounting", "5": "accounting", "11": "challenge"}
)
_REASONS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("7", "8"), "unknown_user"),
        "16": "bad_password",
        "34": "disabled",
        "36": "locked",
        **dict.fromkeys(("33", "35"), "expired"),
        **dict.fromkeys(("37", "38", "48", "49", "64", "65", "66", "68", "80", "96"), "restricted"),
    }
)
_METHODS: Mapping[str, str] = MappingProxyType(
    {"1": "PAP", "2": "CHAP", "3": "MS-CHAP", "4": "MS-CHAPv2", "5": "EAP", "11": "PEAP"}
)
_FROM_REQUEST = (
    *("User-Name", "Calling-Station-Id", "NAS-Identifier", "NAS-IP-Address", "Client-IP-Address"),
    "Client-Friendly-Name",
)
_OPEN = 20_000
"""How many requests are kept in mind at most."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def is_log(head: bytes) -> bool:
    """Tell by the form of the first lines."""
    found = first_lines(head, 5)
    return bool(found) and any(_DATABASE.match(line) or _PLAIN.match(line) or _XML.match(line) for line in found)


class Log:
    """Keeps the records of a log, whichever format each is in."""

    def __init__(self, rows: Rows, options: Options) -> None:
        self._rows, self._zone = rows, ZoneInfo(options.timezone)
        self._requests: OrderedDict[str, dict[str, str]] = OrderedDict()

    def keep(self, line: Line) -> None:
        """Add an answer, keep a request in mind, or count the record as not used."""
        try:
            fields = {} if line.fault else _fields(line.raw)
        except csv.Error as error:
            self._rows.reject(line.number, str(error), line.raw)
            return
        at = self._moment(fields)
        if at is None:
            self._rows.reject(line.number, line.fault or "no record of NPS's with a time that can be read", line.raw)
            return
        server = fields.get("Computer-Name")
        self._rows.seen(server or "RADIUS server", "RADIUS", at)
        packet, named = fields.get("Packet-Type", ""), fields.get("Class")
        if packet not in ("2", "3"):
            if packet == "1" and named is not None:
                self._note(named, fields)
            self._rows.skip(f"NPS/{_PACKETS.get(packet, 'other')}")
            return
        asked = self._requests.get(named, {}) if named is not None else {}
        # What the answer itself says goes before.
        told = {name: asked[name] for name in _FROM_REQUEST if name in asked} | fields
        self._answer(line, at, told, fields)

    def _note(self, named: str, fields: dict[str, str]) -> None:
        while len(self._requests) >= _OPEN:
            self._requests.popitem(last=False)
        self._requests[named] = fields

    def _answer(self, line: Line, at: int, told: dict[str, str], fields: dict[str, str]) -> None:
        refused = told["Packet-Type"] == "3"
        account = first(told.get(name) for name in ("SAM-Account-Name", "Fully-Qualified-User-Name", "User-Name"))
        if account is not None and account.count("/") > 1:
            # A canonical name: corp.example/Users/Ann Miller. The name that was given says more.
            account = told.get("User-Name", account)
        who = person(account)
        upn = told.get("User-Name")
        if upn is not None and "@" in upn:
            who.setdefault("user_upn", upn)
        names = ("Class", "Packet-Type", "Fully-Qualified-User-Name", "SAM-Account-Name", "Reason-Code")
        Answer(
            at,
            "NPS/reject" if refused else "NPS/accept",
            "failure" if refused else "success",
            _REASONS.get(told.get("Reason-Code", ""), "other") if refused else None,
            who=who,
            server=told.get("Computer-Name"),
            access_server=first(
                told.get(name)
                for name in ("Client-Friendly-Name", "NAS-Identifier", "Client-IP-Address", "NAS-IP-Address")
            ),
            station=told.get("Calling-Station-Id"),
            package=_METHODS.get(told.get("Authentication-Type", "")),
            policy=told.get("NP-Policy-Name"),
            names=tuple(fields.get(name) for name in names),
        ).add(self._rows, line)

    def _moment(self, fields: dict[str, str]) -> int | None:
        """The month comes first, in every language of Windows; the time is local."""
        written = fields.get("Timestamp") or f"{fields.get('Date')} {fields.get('Time')}"
        stem, _, fraction = written.partition(".")
        try:
            found = datetime.strptime(stem, "%m/%d/%Y %H:%M:%S").replace(tzinfo=self._zone)
        except ValueError:
            return None
        thousandths = fraction[:3].ljust(3, "0") if fraction.isdecimal() else "0"
        return (found - _EPOCH) // _MILLISECOND + int(thousandths)


def _fields(raw: str) -> dict[str, str]:
    if _XML.match(raw):
        pairs = [(name, html.unescape(value)) for name, value in _ELEMENT.findall(raw)]
        # The attribute's name is misspelt by the server.
        return _said([(name.replace("Qualifed", "Qualified"), value) for name, value in pairs])
    cells = next(csv.reader([raw]), [])
    if _DATABASE.match(raw):
        return _said(list(zip(_PLACES, cells, strict=False)))
    if not _PLAIN.match(raw):
        return {}
    begin = ("NAS-IP-Address", "User-Name", "Date", "Time", "Event-Source", "Computer-Name")
    numbered = [
        (_NUMBERS[number], value) for number, value in zip(cells[6::2], cells[7::2], strict=False) if number in _NUMBERS
    ]
    return _said([*zip(begin, cells, strict=False), *numbered])


def _said(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {name: found for name, value in pairs if (found := text(value)) is not None}
