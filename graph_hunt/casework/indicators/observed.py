"""Where events hold values that indicators name: SQL over the event tables, by the kind of what is held."""

# ruff: noqa: S608 - the SQL is made of names written here; indicators and telemetry reach it by tables and parameters.

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Observed:
    """A field of an event table; `text` gives its value as an indicator writes it, `many` where it is a list."""

    table: str
    field: str
    text: str
    many: bool = False

    @property
    def rows(self) -> str:
        """Write the query that gives what the field holds, `item`, beside event and time."""
        item = f"unnest(list_distinct({self.field}))" if self.many else self.field
        where = "" if self.many else f" WHERE {self.field} <> ''"
        return f"SELECT {item} AS item, event_id, time FROM {self.table}{where}"

    @property
    def items(self) -> str:
        """Write the query that gives the different items, each with its value `v` as an indicator writes it."""
        return f"SELECT item, {self.text.format('item')} AS v FROM (SELECT DISTINCT item FROM ({self.rows}))"


_HOST = r"lower(regexp_extract({0}, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)', 1))"
_ADDRESS = r"regexp_replace(lower({0}), '^::ffff:([0-9.]+)$', '\1')"
_NAME = "rtrim(lower({0}), '.')"
_LOWER = "lower(trim({0}))"
_BASE = r"lower(regexp_extract({0}, '[^\\/]*$'))"
_START = "regexp_extract({0}, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*')"
_URL = (
    f"lower({_START}) || CASE WHEN substr({{0}}, length({_START}) + 1, 1) = '/' THEN '' ELSE '/' END "
    f"|| substr({{0}}, length({_START}) + 1)"
)
_MAIL_HOST = "lower(regexp_extract(trim({0}), '@([^@]+)$', 1))"

_ONE = {
    "address": (
        (_ADDRESS, "authentication.source_ip access.source_ip network.source_ip network.target_ip change.source_ip "
         "mail.source_ip mailbox.client_ip click.source_ip alert.source_ip"),
        (f"trim({_HOST}, '[]')", "click.url"),
    ),
    "name": ((_NAME, "network.target_host"), (_HOST, "click.url"), (_MAIL_HOST, "mail.sender mail.recipient")),
    "url": ((_URL, "click.url"),),
    "mail": ((_LOWER, "mail.sender mail.return_path mail.reply_to mail.recipient"),),
    "hash": ((_LOWER, "process.sha256 process.sha1 process.md5 change.sha256"),),
    "file": ((_BASE, "process.image process.parent_image change.path"),),
    "subject": ((_LOWER, "mail.subject mailbox.subject"),),
}  # fmt: skip
_MANY = {
    "address": ((_ADDRESS, "mail.relays network.answers"), (f"trim({_HOST}, '[]')", "mail.urls")),
    "name": ((_HOST, "mail.urls"), (_NAME, "network.answers")),
    "url": ((_URL, "mail.urls"),),
    "mail": ((_LOWER, "mailbox.forward_to"),),
    "hash": ((_LOWER, "mail.attachment_hashes"),),
    "file": ((_BASE, "mail.attachments"),),
    "subject": (),
}


def observed(kind: str) -> Iterator[Observed]:
    """Give the fields that hold a kind of value: address, name, url, mail, hash, file or subject."""
    for many, fields in ((False, _ONE), (True, _MANY)):
        for text, places in fields[kind]:
            for place in places.split():
                table, _, field = place.partition(".")
                yield Observed(table, field, text, many)


KINDS = tuple(_ONE)
