"""Which table's rows become which rows, and how one is kept."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import orjson

from graph_hunt.events.batch import Rows
from graph_hunt.loaders._records import add_event
from graph_hunt.loaders._values import UNLIKE, at, text
from graph_hunt.loaders.defender import alerts, cloud, devices, directory, events, logons, mail, signins
from graph_hunt.loaders.defender.forms import opened, table_of
from graph_hunt.loaders.defender.row import Hunted, Mapper
from graph_hunt.loaders.m365.mapping import keep as keep_audit

__all__ = ["keep"]

_MAPPERS: Mapping[str, Mapper] = MappingProxyType(
    {
        "EmailEvents": mail.delivered,
        "EmailUrlInfo": mail.link,
        "EmailAttachmentInfo": mail.attachment,
        "EmailPostDeliveryEvents": mail.handled,
        "UrlClickEvents": mail.clicked,
        "IdentityLogonEvents": logons.logged_on_by_directory,
        "IdentityDirectoryEvents": directory.changed,
        "IdentityQueryEvents": directory.queried,
        "IdentityInfo": directory.known,
        "AADSignInEventsBeta": signins.signed_in,
        "EntraIdSignInEvents": signins.signed_in,
        "AADSpnSignInEventsBeta": signins.signed_in_by_itself,
        "EntraIdSpnSignInEvents": signins.signed_in_by_itself,
        "CloudAppEvents": cloud.used,
        "DeviceLogonEvents": logons.logged_on,
        "DeviceProcessEvents": devices.started,
        "DeviceNetworkEvents": devices.connected,
        "DeviceEvents": events.reported,
        "DeviceFileEvents": devices.file_changed,
        "DeviceRegistryEvents": devices.registry_changed,
        "DeviceInfo": devices.described,
        "DeviceNetworkInfo": devices.network_described,
        "AlertInfo": alerts.raised,
        "AlertEvidence": alerts.evidence,
    }
)
_ENTRA = frozenset({"AADSignInEventsBeta", "EntraIdSignInEvents", "AADSpnSignInEventsBeta", "EntraIdSpnSignInEvents"})
_NEWER: Mapping[str, str] = MappingProxyType(
    {"AADSignInEventsBeta": "EntraIdSignInEvents", "AADSpnSignInEventsBeta": "EntraIdSpnSignInEvents"}
)
_USUAL: Mapping[str, str] = MappingProxyType({"DeviceProcessEvents": "ProcessCreated"})
"""The action of a table's rows that state none, as raw events of the sensor."""
_MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "EmailEvents": "RecipientEmailAddress",
        "EmailUrlInfo": "Url",
    }
)
"""Tables with one row a message and this; their ids are missing where columns were chosen by hand."""
_SECOND = 1000
_PORTAL = "%b %d, %Y %I:%M:%S %p"


def keep(fields: Mapping[str, Any], out: Rows, number: int, raw: str) -> None:
    """Keep one row: as rows of event tables, as not used, or as one that cannot be used."""
    found, named = opened(fields)
    table = table_of(found, named)
    if not table:
        out.reject(number, "not a row of advanced hunting: no table has these columns", raw)
        return
    row = Hunted(found, table, text(found.get("ActionType")) or "")
    if table == "CloudAppEvents" and (record := cloud.audit_record(row)) is not None:
        keep_audit(record, out, number, raw)
        return
    when = _time(found)
    if when is None:
        out.reject(number, f"Timestamp is not a time: {found.get('Timestamp', found.get('TimeGenerated'))!r}", raw)
        return
    _keep(row, when, out, number, raw)


def _keep(row: Hunted, when: int, out: Rows, number: int, raw: str) -> None:
    code = _code(row)
    recorder = _recorder(row)
    if row.table in _ENTRA:
        # As far as all exports of one sign-in agree.
        when = when // _SECOND * _SECOND
    out.seen(recorder, row.table, when)
    mapper = _MAPPERS.get(row.table)
    try:
        made = mapper(row) if mapper is not None else []
        names = _names(row) if made else []
    except UNLIKE as error:
        out.reject(number, f"{row.table} laid out otherwise: {error}", raw)
        return
    if not made:
        out.skip(code)
        return
    rows = [(code, table, columns) for table, columns in made]
    add_event(out, rows, names, at=when, recorder=recorder, number=number, raw=raw)


def _code(row: Hunted) -> str:
    table = _NEWER.get(row.table, row.table)
    action = row.action or _USUAL.get(table)
    return f"{table}/{action}" if action else f"Defender/{table}"


def _recorder(row: Hunted) -> str:
    if row.table.startswith("Device"):
        return row.first("DeviceName", "DeviceId") or "Defender"
    if row.table in ("IdentityLogonEvents", "IdentityDirectoryEvents", "IdentityQueryEvents"):
        return row.get("DestinationDeviceName") or "Defender"
    return "Entra" if row.table in _ENTRA else "Defender"


def _names(row: Hunted) -> list[str]:
    """What names an event; a sign-in is the same event as in Entra's own logs."""
    if row.table in _ENTRA and (request := row.get("RequestId")):
        return ["entra", "sign-in", request.casefold(), ""]
    if (second := _MESSAGES.get(row.table)) and (message := row.get("NetworkMessageId")) and (one := row.get(second)):
        return ["defender", row.table, message.casefold(), one.casefold()]
    report = row.get("ReportId")
    if report is not None and row.table.startswith("Device"):
        # A device counts its reports, and begins again.
        device = row.first("DeviceName", "DeviceId") or ""
        return ["defender", row.table, device.partition(".")[0].casefold(), report, row.action]
    if report is not None:
        return ["defender", row.table, report, row.action]
    return ["defender", row.table, orjson.dumps(row.fields, option=orjson.OPT_SORT_KEYS, default=str).decode()]


def _time(fields: Mapping[str, Any]) -> int | None:
    for name in ("Timestamp", "TimeGenerated"):
        value = fields.get(name)
        found = at(value)
        if found is None and type(value) is str and value:
            found = _shown(value)
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def _shown(written: str) -> int | None:
    """Read a time as the portal shows it: `Jun 15, 2021 10:05:12 AM`."""
    try:
        moment = datetime.strptime(" ".join(written.replace("\u202f", " ").split()), _PORTAL)
    except ValueError:
        return None
    return int(moment.replace(tzinfo=UTC).timestamp() * _SECOND)
