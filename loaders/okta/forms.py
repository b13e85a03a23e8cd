"""The forms in which Okta's System Log is exported, each turned into the log's own events.

The API gives events as they are, streams and hooks wrap them, the console's CSV flattens them under names in snake
case, and Log Analytics' custom table under names with the column's type at their end.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import orjson

from graph_hunt.loaders._values import walk

__all__ = ["events_within", "is_event", "is_header"]

_COLUMNS = ({"event_type", "outcome.result", "actor.alternate_id"}, {"eventType_s", "actor_alternateId_s"})
_NUMBERED = re.compile(r"^([a-zA-Z]+?)(\d+)$")
_WORDS = re.compile(r"_([a-z0-9])")
_TYPED = re.compile(r"_(?:s|t|g|d|b)$")
_OUTER = (
    "actor",
    "client",
    "device",
    "outcome",
    "authenticationContext",
    "securityContext",
    "debugContext",
    "transaction",
)


def is_event(fields: Mapping[str, Any]) -> bool:
    """Tell an event by what all of them have."""
    return type(fields.get("eventType")) is str and "published" in fields and "actor" in fields


def is_header(names: Iterable[str]) -> bool:
    """Tell the console's CSV, or Log Analytics', by its columns."""
    found = set(names)
    return any(found.issuperset(columns) for columns in _COLUMNS)


def events_within(fields: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """The events of a record: the one that it is, or those that it wraps; none where it is from no System Log."""
    if is_event(fields):
        return [fields]
    for inner in (fields.get("detail"), fields.get("event")):
        if type(inner) is dict and is_event(inner):
            return [inner]
    hook = walk(fields, "data", "events")
    if type(hook) is list and all(type(event) is dict and is_event(event) for event in hook) and hook:
        return hook
    if "eventType_s" in fields:
        return [_typed(fields)]
    if "event_type" in fields and any(name.startswith("actor.") for name in fields):
        return [_unfolded(fields)]
    return None


@lru_cache(maxsize=4096)
def _path(name: str) -> tuple[str | int, ...]:
    """Where a flat name's value stands: `target0.alternate_id` is ("target", 0, "alternateId").

    >>> _path("client.user_agent.raw_user_agent")
    ('client', 'userAgent', 'rawUserAgent')
    """
    found: list[str | int] = []
    for part in name.split("."):
        if numbered := _NUMBERED.match(part):
            found += [_camel(numbered[1]), int(numbered[2])]
        else:
            found.append(_camel(part))
    return tuple(found)


def _camel(name: str) -> str:
    return _WORDS.sub(lambda word: word[1].upper(), name)


def _unfolded(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    event: dict[str, Any] = {}
    targets: dict[int, dict[str, Any]] = {}
    for name, value in fields.items():
        if value in ("", None):
            continue
        path = _path(name)
        if path[0] == "target" and len(path) > 2 and type(path[1]) is int:
            targets.setdefault(path[1], {})[str(path[2])] = value
        else:
            _put(event, tuple(str(part) for part in path), value)
    event["target"] = [targets[place] for place in sorted(targets)]
    event.setdefault("published", event.get("timestamp"))
    return event


def _put(event: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        inner = event.setdefault(part, {})
        if type(inner) is not dict:
            return
        event = inner
    event[path[-1]] = value


def _typed(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    event: dict[str, Any] = {}
    for name, value in fields.items():
        if value in ("", None):
            continue
        plain = _TYPED.sub("", name.removesuffix(" [UTC]"))
        head, _, rest = plain.partition("_")
        if head == "target" and not rest:
            event["target"] = _list(value)
        elif head in _OUTER and rest:
            # What lies deeper is joined by the same sign: client_userAgent_rawUserAgent.
            _put(event, (head, *rest.split("_")), value)
        else:
            event[plain] = value
    event.setdefault("published", event.get("TimeGenerated"))
    return event


def _list(value: Any) -> list[Any]:
    try:
        inner = orjson.loads(value) if type(value) is str else value
    except orjson.JSONDecodeError:
        return []
    return inner if type(inner) is list else []
