"""An event in the Open Cybersecurity Schema Framework, and the objects that its classes share."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graph_hunt.loaders._countries import country_code
from graph_hunt.loaders._values import address, integer, is_sid, strings, text, walk

__all__ = ["Event", "Row", "account", "hashes", "image", "is_event", "texts"]

Row = tuple[str, dict[str, Any]]
_HASHES = {1: "md5", 2: "sha1", 3: "sha256"}
_STATUS = {1: "success", 2: "failure"}


def is_event(fields: Mapping[str, Any]) -> bool:
    """Tell an event by what all of them have."""
    return integer(fields.get("class_uid")) is not None and any(
        name in fields for name in ("time", "time_dt", "metadata")
    )


class Event(NamedTuple):
    """An event of a class."""

    fields: Mapping[str, Any]
    activity: int
    """What of its class it is: its activity_id."""

    def walk(self, *names: str) -> Any:
        """The value under names within names."""
        return walk(self.fields, *names)

    def get(self, *names: str) -> str | None:
        """The text under names within names."""
        return text(walk(self.fields, *names))

    def unmapped(self, *names: str) -> str | None:
        """The text of a field of the source that the schema has no place for, wherever in `unmapped` it stands."""
        inner = self.fields.get("unmapped")
        if type(inner) is not dict:
            return None
        for name in names:
            found = (
                text(inner.get(name)) or text(walk(inner, "EventData", name)) or text(walk(inner, "event_data", name))
            )
            if found is not None:
                return found
        return None

    @property
    def outcome(self) -> str | None:
        """Success or failure, where it says so."""
        found = _STATUS.get(integer(self.fields.get("status_id")) or 0)
        if found is None:
            word = (self.get("status") or "").casefold()
            found = word if word in ("success", "failure") else None
        return found

    def machine(self) -> str | None:
        """The device that it was recorded on."""
        return self.get("device", "hostname") or self.get("device", "name")

    def endpoint(self, name: str) -> tuple[str | None, str | None, int | None]:
        """An end's machine, address and port."""
        end = self.fields.get(name)
        if type(end) is not dict:
            return None, None, None
        own = text(end.get("hostname")) or text(end.get("name")) or text(end.get("domain"))
        return own, address(end.get("ip")), integer(end.get("port"))

    def place(self) -> dict[str, str | None]:
        """Where the source is, as the event says; coordinates are longitude first."""
        where = self.walk("src_endpoint", "location")
        where = where if type(where) is dict else {}
        pair = where.get("coordinates")
        longitude, latitude = pair if type(pair) is list and len(pair) == 2 else (where.get("long"), where.get("lat"))
        return {
            "country": country_code(text(where.get("country"))),
            "city": text(where.get("city")),
            "latitude": text(latitude),
            "longitude": text(longitude),
            "asn": self.get("src_endpoint", "autonomous_system", "number"),
        }

    def doer(self) -> dict[str, Any]:
        """Who did it, and with which process."""
        process = self.walk("actor", "process")
        told = account(self.walk("actor", "user")) or account(walk(process, "user") if type(process) is dict else None)
        return told | self.process(process)

    def process(self, process: Any) -> dict[str, Any]:
        """A process as the one that did it."""
        if type(process) is not dict:
            return {}
        return {
            "process": image(process),
            "process_guid": text(process.get("uid")),
            "pid": integer(process.get("pid")),
        }


def account(user: Any, prefix: str = "") -> dict[str, str | None]:
    """A user's account: of a Windows domain, by its SID, or by a mail address."""
    if type(user) is not dict:
        return {}
    name, domain = text(user.get("name")), text(user.get("domain"))
    identifier = text(user.get("uid")) or text(user.get("uid_alt"))
    mail = text(user.get("email_addr"))
    if identifier is not None and identifier.startswith("arn:"):
        # A role's session, an IAM user: in the AWS account that stands in the resource's name.
        _, _, resource = identifier.rpartition(":")
        name, domain = name or resource.rpartition("/")[2], domain or text(identifier.split(":")[4:5][0])
    name = name or (identifier if identifier is not None and "\\" in identifier else None)
    if name is not None and "\\" in name:
        domain, _, name = name.partition("\\")
    if name is not None and "@" in name and domain is None:
        name, mail = None, mail or name
    columns = {
        "user": name,
        "user_domain": domain if name is not None else None,
        "user_sid": identifier if is_sid(identifier) else None,
        "user_upn": mail,
    }
    return {f"{prefix}{column}": value for column, value in columns.items() if value is not None}


def image(process: Mapping[str, Any]) -> str | None:
    """A process's path, or its name."""
    file = process.get("file")
    path = (text(file.get("path")) or text(file.get("name"))) if type(file) is dict else None
    return path or text(process.get("path")) or text(process.get("name"))


def hashes(file: Any) -> dict[str, str]:
    """A file's hashes by their algorithm."""
    listed = file.get("hashes") if type(file) is dict else None
    found: dict[str, str] = {}
    for one in listed if type(listed) is list else ():
        if type(one) is dict and (value := text(one.get("value"))):
            name = _HASHES.get(integer(one.get("algorithm_id")) or 0)
            name = name or str(one.get("algorithm")).casefold().replace("-", "")
            found[name] = value.lower()
    return found


def texts(value: Any) -> list[str]:
    """A field that is one text or a list."""
    return strings(value) if type(value) is list else [found] if (found := text(value)) else []
