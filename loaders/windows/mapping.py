"""Every event that gives rows, by family and id, and the way from an event to the batch."""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from graph_hunt.events.batch import Rows
from graph_hunt.events.event_id import event_id
from graph_hunt.loaders.windows import (
    accounts,
    kerberos,
    lasting,
    message,
    processes,
    rdp,
    remote_access,
    security_logon,
    shares,
    smb,
    sysmon,
    wmi,
)
from graph_hunt.loaders.windows.event import Event, Mapper, short, text
from graph_hunt.loaders.windows.families import family
from graph_hunt.loaders.windows.positions import named

MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        **security_logon.MAPPERS,
        **kerberos.MAPPERS,
        **processes.MAPPERS,
        **shares.MAPPERS,
        **lasting.MAPPERS,
        **sysmon.MAPPERS,
        **accounts.MAPPERS,
        **rdp.MAPPERS,
        **smb.MAPPERS,
        **remote_access.MAPPERS,
        **wmi.MAPPERS,
    }
)


_OF_THE_SHIPPER = frozenset(
    re.findall(
        r"\w+",
        """
        TenantId SourceSystem MG ManagementGroupName TimeCollected TimeGenerated Type SourceComputerId EventOriginId
        Activity Account AccountType AccountName Domain Computer Hostname host port tags type Message Category Severity
        SeverityValue Keywords EventReceivedTime SourceModuleName SourceModuleType EventTime TimeCreated TimeCreatedUtc
        Channel EventID SourceName EventSourceName ProviderName ProviderGuid Provider Level Task Opcode OpcodeValue
        EventType EventTypeOrignal Version ThreadID ExecutionProcessID
        """,
    )
)
"""Fields of flat forms that are not the event's own: another export of the same event has others."""


def identity(event: Event) -> list[object]:
    """What names an event: machine, log and record number, or its whole content where there is no number.

    The machine's short name stands for it, since some forms give it with its domain and some without.
    """
    names: list[object] = ["windows", short(event.computer), event.channel.casefold()]
    if event.number is not None:
        return [*names, event.number]
    content = sorted(
        (name, value)
        for name, written in event.data.items()
        if name not in _OF_THE_SHIPPER and name[:1] not in ("_", "@", "") and (value := text(written)) is not None
    )
    return [*names, event.id, *content, *event.values, "" if content else event.message]


@lru_cache(maxsize=4096)
def mapper_of(provider: str, channel: str, code: int) -> tuple[str, Mapper | None]:
    """The name of an event's kind, such as Security/4624, and the function that maps it, if any."""
    group = family(provider, channel)
    return f"{group}/{code}", MAPPERS.get((group, code))


def store(event: Event, rows: Rows, record: int, raw: str) -> None:
    """Put an event's rows into the batch, or count it as not used."""
    rows.seen(event.computer, event.channel, event.at)
    code, mapper = mapper_of(event.provider, event.channel, event.id)
    if mapper is None:
        rows.skip(code)
        return
    names = identity(event)
    try:
        _complete(event, code.rpartition("/")[0])
        found = mapper(event)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        rows.reject(record, f"{code} is not as documented: {type(error).__name__}: {error}", raw)
        return
    if not found:
        rows.skip(code)
        return
    for number, (table, row) in enumerate(found):
        row["event_id"] = event_id(event.at, names, row=number)
        row["time"] = event.at
        row["code"] = code
        row["recorder"] = event.computer
        row["record"] = record
        row["raw"] = raw
        rows.put(table, row)


def _complete(event: Event, group: str) -> None:
    """Name what the form left without names, and read what it left out from the message."""
    if not event.data and event.values and (found := named(event.values, group, event.id)):
        event.data = found
    if event.message and message.lacks(event.data, group, event.id):
        event.data = {**message.fields(event.message, group, event.id), **event.data}
