"""A document in the Elastic Common Schema: nested or with dotted names, in Elasticsearch's or Kibana's wrapping."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graph_hunt.loaders._countries import country_code
from graph_hunt.loaders._values import address, integer, is_sid, text

__all__ = ["Document", "document_of", "whole"]


class Document(NamedTuple):
    """A document's values by their dotted names; and what identifies it."""

    fields: Mapping[str, Any]
    identity: str | None

    def get(self, *names: str) -> str | None:
        """The text of the first of these fields that says something."""
        for name in names:
            value = self.fields.get(name)
            if value is None:
                continue
            if type(value) is str and len(value) > _LONG and not value[0].isspace() and not value[-1].isspace():
                # The common case by itself: most texts need no second look.
                return value
            found = text(value[0] if type(value) is list and value else value)
            if found is not None:
                return found
        return None

    def all(self, name: str) -> list[str]:
        """All texts of a field."""
        value = self.fields.get(name)
        values = value if type(value) is list else [value]
        return [found for item in values if (found := text(item)) is not None]

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The objects of a field that holds a list of them, each by its dotted names."""
        value = self.fields.get(name)
        return [_flat(item) for item in value if type(item) is dict] if type(value) is list else []

    def number(self, *names: str) -> int | None:
        """The first of these fields that is a whole number."""
        for name in names:
            value = self.fields.get(name)
            if value is not None:
                found = integer(value[0] if type(value) is list and value else value)
                if found is not None:
                    return found
        return None

    def ip(self, *names: str) -> str | None:
        """The first of these fields that is an address."""
        for name in names:
            value = self.fields.get(name)
            for item in value if type(value) is list else (value,):
                found = address(item)
                if found is not None:
                    return found
        return None

    def who(self, prefix: str = "user") -> dict[str, str | None]:
        """The account under a name, such as `user` or `user.target`."""
        own, of, address_, number = _ACCOUNTS[prefix]
        fields = self.fields
        if own not in fields and address_ not in fields and number not in fields:
            return {}
        name, domain, mail, identifier = self.get(own), self.get(of), self.get(address_), self.get(number)
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

    def country(self) -> str | None:
        """Where the source is, as the document says."""
        return country_code(self.get("source.geo.country_iso_code", "source.geo.country_name"))


def whole(value: Any) -> int | None:
    """A whole number, or the first of a list."""
    return integer(value[0] if type(value) is list and value else value)


_ACCOUNTS = {
    prefix: tuple(f"{prefix}.{part}" for part in ("name", "domain", "email", "id"))
    for prefix in ("user", "user.target", "user.effective", "user.changes")
}
_LONG = 13
"""A text that is longer is none of those that say nothing."""
_SAYS = ("event.category", "event.kind", "event.action", "event.dataset", "event.module")


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
    fields = _flat(record)
    return Document(fields, identity) if any(name in fields for name in _SAYS) else None


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    _flatten(record, "", found)
    return found


def _flatten(record: Mapping[str, Any], outer: str, found: dict[str, Any]) -> None:
    for name, value in record.items():
        full = outer + name
        kind = type(value)
        if kind is dict:
            _flatten(value, full + ".", found)
        elif value is not None:
            found[full] = value
            if kind is list and value and type(value[0]) is dict:
                _gather(value, full + ".", found)


def _gather(objects: list[Any], outer: str, found: dict[str, Any]) -> None:
    """Give each name within a list of objects the list of their values."""
    for item in objects:
        if type(item) is dict:
            for name, value in _flat(item).items():
                values = found.setdefault(outer + name, [])
                if type(values) is list:
                    values.extend(value if type(value) is list else [value])
