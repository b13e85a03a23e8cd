"""The forms in which Google Workspace's audit events are exported, each turned into activities with events.

The Reports API gives activities with events whose parameters are lists; collectors such as Panther give each event a
record, its parameters under their names; BigQuery has a column for each application; Cloud Logging a form of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph_hunt.loaders._values import address, at, text, walk

__all__ = ["Activity", "Event", "activity_of"]

_VALUES = (
    *("value", "multiValue", "boolValue", "intValue", "multiIntValue", "multiBoolValue"),
    *("stringValue", "multiStrValue", "messageValue", "multiMessageValue"),
)
_MICROSECONDS = 1000
_PRODUCTS = {
    "login.googleapis.com": "login",
    "admin.googleapis.com": "admin",
    "oauth2.googleapis.com": "token",
    "cloudidentity.googleapis.com": "groups_enterprise",
    "saml.googleapis.com": "saml",
}
_ACTIVITY = "ActivityProto"


@dataclass(frozen=True, slots=True)
class Event:
    """One of the things that an activity says happened; parameters by their names in lower case."""

    name: str
    kind: str
    parameters: Mapping[str, Any]

    def get(self, *names: str) -> str | None:
        """The text of the first of these parameters that says something."""
        for name in names:
            value = self.parameters.get(name)
            found = text(value[0] if type(value) is list and value else value)
            if found is not None:
                return found
        return None

    def all(self, name: str) -> list[str]:
        """All texts of a parameter."""
        value = self.parameters.get(name)
        values = value if type(value) is list else str(value).split(",") if type(value) is str else [value]
        return [found for item in values if (found := text(item)) is not None]


@dataclass(frozen=True, slots=True)
class Activity:
    """Who did something, when, from where, in which application's log."""

    application: str
    at: int | None
    written: Any
    """The time as written, for the reason of one that cannot be read."""
    identity: str | None
    actor: str | None
    ip: str | None
    country: str | None
    asn: str | None
    events: tuple[Event, ...]


def activity_of(fields: Mapping[str, Any]) -> Activity | None:
    """The activity that a record holds, in whichever form; none where it is no Workspace event."""
    identity = fields.get("id")
    if type(identity) is dict and type(identity.get("applicationName")) is str:
        return _of_reports(fields, identity)
    if type(fields.get("record_type")) is str and "event_name" in fields and "time_usec" in fields:
        return _of_bigquery(fields)
    gmail = fields.get("gmail") if type(fields.get("gmail")) is dict else fields
    if type(gmail) is dict and type(gmail.get("event_info")) is dict and "timestamp_usec" in gmail["event_info"]:
        return _of_gmail(gmail)
    payload = fields.get("protoPayload")
    if type(payload) is dict and _ACTIVITY in str(walk(payload, "metadata", "@type")):
        return _of_logging(fields, payload)
    return None


def _of_reports(fields: Mapping[str, Any], identity: Mapping[str, Any]) -> Activity:
    events = fields.get("events")
    listed = [event for event in events if type(event) is dict] if type(events) is list else [fields]
    asn = walk(fields, "networkInfo", "ipAsn")
    written = identity.get("time") or fields.get("p_event_time")
    return Activity(
        str(identity["applicationName"]),
        at(written),
        written,
        text(identity.get("uniqueQualifier")),
        _actor(fields.get("actor")),
        address(fields.get("ipAddress")),
        _country(walk(fields, "networkInfo", "regionCode")),
        text(asn[0] if type(asn) is list and asn else asn),
        tuple(_event(event.get("name"), event.get("type"), event.get("parameters")) for event in listed),
    )


def _actor(actor: Any) -> str | None:
    found = text(actor.get("email")) if type(actor) is dict else None
    return found if found is not None and "@" in found else None


def _country(value: Any) -> str | None:
    found = text(value)
    return found.upper() if found is not None and len(found) == 2 else None


def _event(name: Any, kind: Any, parameters: Any) -> Event:
    return Event(text(name) or "", text(kind) or "", dict(_parameters(parameters)))


def _parameters(parameters: Any) -> Iterator[tuple[str, Any]]:
    if type(parameters) is dict:
        yield from ((name.lower(), value) for name, value in parameters.items())
    for item in parameters if type(parameters) is list else ():
        if type(item) is dict and type(item.get("name")) is str:
            yield item["name"].lower(), next((item[name] for name in _VALUES if name in item), None)


def _microseconds(value: Any) -> int | None:
    written = str(value)
    return int(written) // _MICROSECONDS if written.isascii() and written.isdigit() and len(written) < 18 else None


def _of_bigquery(fields: Mapping[str, Any]) -> Activity:
    application = fields["record_type"].lower()
    written = fields.get("time_usec")
    email = text(fields.get("email"))
    return Activity(
        application,
        _microseconds(written),
        written,
        text(fields.get("unique_identifier")),
        email if email is not None and "@" in email else None,
        address(fields.get("ip_address")),
        _country(fields.get("region_code")),
        None,
        (_event(fields.get("event_name"), fields.get("event_type"), fields.get(application)),),
    )


def _of_gmail(fields: Mapping[str, Any]) -> Activity:
    """A row of Gmail's own log in BigQuery, of which there was a table a day."""
    written = fields["event_info"]["timestamp_usec"]
    owner = text(walk(fields, "resource_details", "owner"))
    event = _event("delivery", "delivery_type", dict(fields))
    return Activity("gmail", _microseconds(written), written, None, owner, None, None, None, (event,))


def _of_logging(fields: Mapping[str, Any], payload: Mapping[str, Any]) -> Activity:
    service = str(payload.get("serviceName"))
    listed = walk(payload, "metadata", "event")
    events = [event for event in listed if type(event) is dict] if type(listed) is list else []
    usec = walk(payload, "metadata", "activityId", "timeUsec")
    moment = _microseconds(usec)
    email = text(walk(payload, "authenticationInfo", "principalEmail"))
    return Activity(
        _PRODUCTS.get(service, service.partition(".")[0]),
        moment if moment is not None else at(fields.get("timestamp")),
        usec or fields.get("timestamp"),
        text(walk(payload, "metadata", "activityId", "uniqQualifier")),
        email if email is not None and "@" in email else None,
        address(walk(payload, "requestMetadata", "callerIp")),
        None,
        None,
        tuple(_event(event.get("eventName"), event.get("eventType"), event.get("parameter")) for event in events),
    )
