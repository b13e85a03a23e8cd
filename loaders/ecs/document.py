"""A document in the Elastic Common Schema: nested or with dotted names, in Elasticsearch's or Kibana's wrapping."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from graph_hunt.loaders._countries import country_code
from graph_hunt.loaders._values import address, integer, is_sid, text

__all__ = ["Document", "document_of"]


class Document(NamedTuple):
    """A document's fields, by names within names; and what identifies it."""

    fields: Mapping[str, Any]
    identity: str | None

    def value(self, name: str) -> Any:
        """A field's value by its dotted name; the first of a list."""
        found: Any = self.fields
        for part in _parts(name):
            if type(found) is list:
                found = found[0] if found else None
            if type(found) is not dict:
                return None
            found = found.get(part)
        return found

    def get(self, *names: str) -> str | None:
        """The text of the first of these fields that says something."""
        for name in names:
            value = self.value(name)
            found = text(value[0] if type(value) is list and value else value)
            if found is not None:
                return found
        return None

    def all(self, name: str) -> list[str]:
        """All texts of a field."""
        value = self.value(name)
        values = value if type(value) is list else [value]
        return [found for item in values if (found := text(item)) is not None]

    def number(self, *names: str) -> int | None:
        """The first of these fields that is a whole number."""
        for name in names:
            value = self.value(name)
            found = integer(value[0] if type(value) is list and value else value)
            if found is not None:
                return found
        return None

    def ip(self, *names: str) -> str | None:
        """The first of these fields that is an address."""
        for name in names:
            value = self.value(name)
            for item in value if type(value) is list else (value,):
                found = address(item)
                if found is not None:
                    return found
        return None

    def who(self, prefix: str = "user") -> dict[str, str | None]:
        """The account under a name, such as `user` or `user.target`."""
        name, domain = self.get(f"{prefix}.name"), self.get(f"{prefix}.domain")
        mail, identifier = self.get(f"{prefix}.email"), self.get(f"{prefix}.id")
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
        return {column: value for column, value in columns.items() if value is not None}

    def target(self, prefix: str) -> dict[str, str | None]:
        """The account under a name, as the other one."""
        return {f"target_{column}": value for column, value in self.who(prefix).items()}

    def machine(self) -> str | None:
        """The machine that the document is of."""
        return self.get("host.hostname", "host.name")

    def place(self) -> dict[str, str | None]:
        """Where the source is, as the document says."""
        return {
            "country": country_code(self.get("source.geo.country_iso_code", "source.geo.country_name")),
            "city": self.get("source.geo.city_name"),
            "latitude": self.get("source.geo.location.lat"),
            "longitude": self.get("source.geo.location.lon"),
            "asn": self.get("source.as.number"),
        }


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, ...]:
    return tuple(name.split("."))


def document_of(record: Mapping[str, Any]) -> Document | None:
    """A record's document; none where it is of another schema."""
    identity = text(record.get("_id"))
    for name in ("_source", "fields"):
        inner = record.get(name)
        if type(inner) is dict and "@timestamp" not in record and "@timestamp" in inner:
            record = inner
            break
    if "@timestamp" not in record:
        return None
    if any("." in name for name in record):
        record = _nested(record)
    event = record.get("event")
    if type(event) is not dict or not any(
        name in event for name in ("category", "kind", "action", "dataset", "module")
    ):
        return None
    return Document(record, identity)


def _nested(record: Mapping[str, Any]) -> dict[str, Any]:
    """Undo dotted names; a value of Kibana's is a list, of which the first counts where names go on."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        *outer, last = name.split(".")
        place = found
        for part in outer:
            inner = place.setdefault(part, {})
            if type(inner) is not dict:
                break
            place = inner
        else:
            place.setdefault(last, value)
    return found
