"""WMI's own log: providers loaded, remote queries that failed, and event subscriptions."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from graph_hunt.loaders.windows.event import Event, Mapper, Row, text
from graph_hunt.loaders.windows.lasting import change

_CREATOR = re.compile(r"CreatorSID\s*=\s*\{([\d,\s]+)\}")
_TEMPLATE = re.compile(r'(?:CommandLineTemplate|ExecutablePath|ScriptText|ScriptFileName)\s*=\s*"((?:[^"\\]|\\.)*)"')


def sid_of(numbers: str) -> str | None:
    """Write a SID given as its bytes in decimal.

    >>> sid_of("1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0")
    'S-1-5-32-544'
    """
    try:
        raw = bytes(int(number) for number in numbers.split(","))
    except ValueError:
        return None
    if len(raw) < 8 or len(raw) != 8 + 4 * raw[1]:
        return None
    parts = [int.from_bytes(raw[at : at + 4], "little") for at in range(8, len(raw), 4)]
    return "-".join(["S", str(raw[0]), str(int.from_bytes(raw[2:8], "big")), *map(str, parts)])


def provider_started(event: Event) -> list[Row]:
    """5857: a provider was loaded into a host process."""
    return change(
        event,
        "wmi",
        "started",
        **event.writer(),
        object=event.text("ProviderName"),
        path=event.text("ProviderPath"),
        process=event.text("HostProcess"),
        pid=event.number_of("ProcessID"),
    )


def operation_failed(event: Event) -> list[Row]:
    """5858: an operation failed; the client's machine, user and query stand in it, so that remote use shows."""
    return [
        (
            "access",
            {
                "kind": "object",
                "outcome": "failure",
                "host": event.computer,
                **event.who("User"),
                "source_host": event.machine("ClientMachine"),
                "object": event.text("Operation"),
                "rights": event.text("ResultCode"),
                "pid": event.number_of("ClientProcessId"),
            },
        )
    ]


def filter_started(event: Event) -> list[Row]:
    """5859: an event filter became active."""
    return change(
        event,
        "wmi",
        "started",
        **event.who("User"),
        object=event.text("Query"),
        object_id=event.text("NamespaceName"),
        details=event.text("PossibleCause"),
        pid=event.number_of("processid"),
    )


def temporary_subscription(event: Event) -> list[Row]:
    """5860: a temporary subscription was made; it ends with the process that made it."""
    return change(
        event,
        "wmi",
        "created",
        **event.who("User"),
        object=event.text("Query"),
        object_id=event.text("NamespaceName"),
        source_host=event.machine("MachineName") or event.machine("ClientMachine"),
        details="temporary",
        pid=event.number_of("processid"),
    )


def permanent_subscription(event: Event) -> list[Row]:
    """5861: a permanent subscription was bound; PossibleCause holds both objects, its creator and its command."""
    cause = event.text("PossibleCause") or ""
    creator = _CREATOR.search(cause)
    command = _TEMPLATE.search(cause)
    consumer = event.text("CONSUMER") or event.text("Consumer")
    return change(
        event,
        "wmi",
        "created",
        user_sid=sid_of(creator[1]) if creator else event.user_sid,
        object=text(consumer.replace('"', "")) if consumer else None,
        object_id=event.text("ESS"),
        path=command[1] if command else None,
        details=event.text("Namespace"),
        value=cause or None,
    )


MAPPERS: Mapping[tuple[str, int], Mapper] = MappingProxyType(
    {
        ("WMI-Activity", 5857): provider_started,
        ("WMI-Activity", 5858): operation_failed,
        ("WMI-Activity", 5859): filter_started,
        ("WMI-Activity", 5860): temporary_subscription,
        ("WMI-Activity", 5861): permanent_subscription,
    }
)
