"""The names under which traces and tracking logs tell the same things, made one."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

__all__ = ["is_trace", "named"]

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("received", "receiveddatetime", "origintimestamp", "datereceived"), "received"),
        **dict.fromkeys(("datetime", "date", "timestamp"), "time"),
        **dict.fromkeys(("senderaddress", "sender"), "sender"),
        **dict.fromkeys(("recipientaddress", "recipient", "recipients"), "recipient"),
        **dict.fromkeys(("subject", "messagesubject"), "subject"),
        **dict.fromkeys(("status", "deliverystatus"), "status"),
        **dict.fromkeys(("size", "totalbytes"), "size"),
        **dict.fromkeys(("fromip", "originalclientip"), "origin"),
        **dict.fromkeys(("eventid", "event"), "event"),
        **dict.fromkeys(("messagetraceid", "networkmessageid"), "network_id"),
        "messageid": "message_id",
        "recipientstatus": "recipient_status",
        "clientip": "client_ip",
        "clienthostname": "client_host",
        "serverhostname": "server",
        "source": "source",
        "sourcecontext": "context",
        "internalmessageid": "internal_id",
        "directionality": "directionality",
        "returnpath": "return_path",
        "relatedrecipientaddress": "related",
        "detail": "detail",
        "action": "action",
    }
)
_PARTIES = {"sender"}
_RECIPIENTS = {"recipient", "recipient_status"}
_IDENTITY = {"network_id", "message_id"}
_TIMES = {"received", "time"}


@lru_cache(maxsize=4096)
def _name(written: str) -> str | None:
    plain = "".join(letter for letter in written.partition("(")[0].casefold() if letter.isalnum())
    return _NAMES.get(plain) or _NAMES.get(plain.removesuffix("utc"))


def named(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A record under one set of names; what is not read here is left out."""
    found: dict[str, Any] = {}
    for written, name in _kept(tuple(fields)):
        value = fields[written]
        if value is not None and value != "" and name not in found:
            found[name] = value
    return found


@lru_cache(maxsize=256)
def _kept(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Those of a record's names that are read, with what they are called here."""
    return tuple((written, name) for written in names if (name := _name(written)) is not None)


def is_trace(names: Iterable[str]) -> bool:
    """Tell a trace or tracking log by the names of its fields."""
    found = {_name(name) for name in names}
    if {"time", "event", "detail", "network_id"} <= found:
        return True
    parties = bool(found & _PARTIES) and bool(found & _RECIPIENTS)
    told = bool(found & {"status", "recipient_status", "event"})
    return parties and told and bool(found & _IDENTITY) and bool(found & _TIMES)
