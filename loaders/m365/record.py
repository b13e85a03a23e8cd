"""An audit record of Microsoft 365, and what all its kinds have in common: who, from where, with what."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from graph_hunt.loaders._directory import GUID, normal, principal
from graph_hunt.loaders._values import endpoint, first, is_sid, named, text

__all__ = ["Audit", "Row", "address_of", "outcome"]

Row = tuple[str, dict[str, Any]]
"""An event table, and a row's columns."""

_ADDRESS = re.compile(r"[^\s@<>\"':;,\\/]+@[^\s@<>\"':;,\\/]+\.[^\s@<>\"':;,\\/]+")
_USER_ID = re.compile(r"User_(" + GUID.pattern + r")")
_PRINCIPAL = re.compile(r"ServicePrincipal_(" + GUID.pattern + r")")
_NOBODY = "00000000-0000-0000-0000-000000000000"
_OUTCOMES = {
    "success": "success",
    "succeeded": "success",
    "true": "success",
    "partiallysucceeded": "success",
    "failed": "failure",
    "failure": "failure",
    "false": "failure",
}
_PEOPLE = (0, 2, None, "0", "2", "Regular", "Admin")
"""User types behind which a person stands: regular and administrator; the others are services."""


class Audit(NamedTuple):
    """A record; a tuple, for one is made for each of millions."""

    fields: Mapping[str, Any]
    at: int
    operation: str
    """Its operation, as both directory logs name it."""
    workload: str
    """The service that recorded it."""

    @classmethod
    def of(cls, fields: Mapping[str, Any], at: int) -> "Audit":
        """Read what every record has."""
        operation = normal(str(fields.get("Operation") or ""))
        return cls(fields, at, operation, text(fields.get("Workload")) or "Microsoft 365")

    def get(self, name: str) -> str | None:
        """A field's text."""
        return text(self.fields.get(name))

    def pairs(self, name: str) -> dict[str, Any]:
        """A field that lists names and values, such as Parameters or ExtendedProperties."""
        return named(self.fields.get(name))

    def ip(self) -> tuple[str | None, int | None]:
        """The client's address and port; mailbox records keep it under another name."""
        for name in ("ClientIPAddress", "ClientIP", "ActorIpAddress"):
            found = endpoint(self.fields.get(name))
            if found[0] is not None:
                return found
        return None, None

    def who(self) -> Mapping[str, str | None]:
        """The account that did it."""
        written = text(self.fields.get("UserId"))
        if written is not None and (application := _PRINCIPAL.fullmatch(written)):
            return self._application(application.group(1).lower())
        kind = self.fields.get("UserType")
        columns = account_of(written, kind if isinstance(kind, (int, str)) else None)
        if "user_upn" in columns:
            return {**columns, "user_sid": self._identifier()}
        return columns

    def _application(self, identifier: str) -> dict[str, str | None]:
        """A service principal as an account: its name alone would be whoever else calls itself so."""
        return principal(self._actor(1), identifier)

    def _actor(self, sort: int) -> str | None:
        """The first of the actor's ids that is of this type."""
        actors = self.fields.get("Actor")
        listed = [actor for actor in actors if isinstance(actor, dict)] if isinstance(actors, list) else []
        return next((text(actor.get("ID")) for actor in listed if actor.get("Type") == sort), None)

    def _identifier(self) -> str | None:
        """The account's object id or SID, wherever this kind of record has it."""
        sid = text(self.fields.get("LogonUserSid"))
        if sid is not None and sid.upper().startswith("S-1-5-21-"):
            return sid
        key = text(self.fields.get("UserKey")) or ""
        if GUID.fullmatch(key):
            return key.lower()
        actors = self.fields.get("Actor")
        for actor in actors if isinstance(actors, list) else ():
            identifier = str(actor.get("ID")) if isinstance(actor, dict) else ""
            if found := _USER_ID.fullmatch(identifier):
                return None if found.group(1) == _NOBODY else found.group(1).lower()
            if isinstance(actor, dict) and actor.get("Type") == 0 and GUID.fullmatch(identifier):
                return identifier.lower()
        return None

    def client(self) -> str | None:
        """The user agent or client string; with the application's id where one stands beside it."""
        agent = self.get("ClientInfoString") or self.get("UserAgent")
        if agent is None:
            agent = text(self.pairs("ExtendedProperties").get("UserAgent"))
        application = self.get("ClientAppId") if self.workload == "Exchange" else None
        parts = [agent.strip("; ") if agent else None, f"app {application}" if application else None]
        return "; ".join(part for part in parts if part) or None

    def organization(self) -> str | None:
        """The organisation's first domain, where the record names it."""
        found = self.get("OrganizationName")
        return found if found is not None and "." in found else None


def outcome(value: Any) -> str:
    """Success, unless the record says otherwise; many kinds are written for what succeeded only."""
    return _OUTCOMES.get(str(value).casefold(), "success") if value is not None else "success"


@lru_cache(maxsize=1 << 16)
def account_of(written: str | None, kind: Any = None) -> Mapping[str, str | None]:
    """The account that a record's UserId names, in whichever of its many forms.

    A bare id is an account only where a person stands behind it: applications and services have ids too.
    """
    if written is None or written in ("Not Available", "Not Applicable"):
        return {}
    if is_sid(written):
        return {"user_sid": written}
    if GUID.fullmatch(written):
        return {"user_sid": written.lower()} if kind in _PEOPLE else {}
    if written.startswith("urn:spo:anon"):
        return {}
    if "#" in written and not written.casefold().endswith(".onmicrosoft.com"):
        # A guest: live.com#ann@example.org, urn:spo:guest#ann@example.org.
        written = written.rpartition("#")[2]
    if _ADDRESS.fullmatch(written) or "#ext#@" in written.casefold():
        return {"user_upn": written}
    if "\\" in written:
        domain, _, name = written.rpartition("\\")
        return {"user": text(name.partition(" (")[0]), "user_domain": text(domain)}
    if "/" in written:
        # A canonical name: …/Microsoft Exchange Hosted Organizations/tenant/name.
        *_, domain, name = written.split("/")
        return {"user": text(name), "user_domain": text(domain)}
    # A bare word is a service's name for itself (Certificate, SecurityComplianceAlerts), save in a person's record.
    return {"user": written} if kind in _PEOPLE else {}


def address_of(written: Any, organization: str | None = None) -> str | None:
    r"""The mailbox that a parameter names: an address, or an alias with its organisation.

    >>> address_of("smtp:Ex@Exdigy.net"), address_of("host/Hosted Organizations/t.example/ann", None)
    ('Ex@Exdigy.net', 'ann@t.example')
    >>> address_of(r"ann\My Rule", "t.example"), address_of("ann", None)
    ('ann@t.example', 'ann')
    """
    found = text(written)
    return None if found is None else _address_of(found, organization)


@lru_cache(maxsize=1 << 16)
def _address_of(found: str, organization: str | None) -> str | None:
    if inner := _ADDRESS.search(found.removeprefix("smtp:").removeprefix("SMTP:")):
        return inner.group(0)
    if "/" in found:
        *_, tenant, found = found.split("/")
        organization = tenant if "." in tenant else organization
    alias = found.partition("\\")[0].partition(":")[0]
    if not alias or GUID.fullmatch(alias) or " " in alias or organization is None:
        return alias or None
    return f"{alias}@{organization}"


def first_text(*values: Any) -> str | None:
    """The first of these that says something."""
    return first(text(value) for value in values)
