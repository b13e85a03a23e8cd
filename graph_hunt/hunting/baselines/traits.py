"""What is counted of whom, as SQL over the resolved event tables: one row an entity, trait, value and day."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_hunt.schema import TABLES

HOUR = "((t.time // 3600000) % 24)::VARCHAR"
_LOGON = "t.kind IN ('logon', 'sign_in', 'session') AND coalesce(t.outcome, 'success') = 'success'"
_REMOTE = f"{_LOGON} AND t.source_key IS NOT NULL AND t.source_key IS DISTINCT FROM t.target_key"
_PERSON = "t.user_label = 'User'"
_DONE = "coalesce(t.outcome, 'success') = 'success'"


@dataclass(frozen=True, slots=True)
class Trait:
    """A habit of a kind of entity. A volume has no value: only how much a day."""

    label: str
    name: str
    table: str
    key: str
    value: str
    where: str
    amount: str = "1"

    @property
    def volume(self) -> bool:
        """It is counted, not listed."""
        return self.value == "''"


TRAITS: tuple[Trait, ...] = (
    Trait("User", "host", "authentication", "t.user_key", "t.target_key", f"{_LOGON} AND {_PERSON}"),
    Trait("User", "source", "authentication", "t.user_key", "t.source_key", f"{_REMOTE} AND {_PERSON}"),
    Trait("User", "hour", "authentication", "t.user_key", HOUR, f"{_LOGON} AND {_PERSON}"),
    Trait("User", "country", "authentication", "t.user_key", "t.country", f"{_LOGON} AND {_PERSON}"),
    Trait("User", "client", "authentication", "t.user_key", "t.client", f"{_LOGON} AND {_PERSON}"),
    Trait("User", "application", "authentication", "t.user_key", "t.application", f"{_LOGON} AND {_PERSON}"),
    Trait("User", "logons", "authentication", "t.user_key", "''", f"{_LOGON} AND {_PERSON}"),
    Trait("User", "failures", "authentication", "t.user_key", "''", f"t.outcome = 'failure' AND {_PERSON}"),
    Trait("Host", "account", "authentication", "t.target_key", "t.user_key",
          f"{_LOGON} AND {_PERSON} AND t.target_label = 'Host'"),
    Trait("Host", "from", "authentication", "t.target_key", "t.source_key", f"{_REMOTE} AND t.target_label = 'Host'"),
    Trait("Host", "to", "authentication", "t.source_key", "t.target_key", f"{_REMOTE} AND t.source_label = 'Host'"),
    Trait("Host", "hour", "authentication", "t.target_key", HOUR,
          f"{_LOGON} AND {_PERSON} AND t.target_label = 'Host'"),
    Trait("Host", "logons", "authentication", "t.target_key", "''",
          f"{_LOGON} AND {_PERSON} AND t.target_label = 'Host'"),
    Trait("Host", "bytes_out", "network", "t.source_key", "''", "t.source_label = 'Host' AND t.bytes_out > 0",
          "t.bytes_out"),
    Trait("Mailbox", "actor", "mailbox", "lower(t.mailbox)", "t.user_key", _DONE),
    Trait("Mailbox", "operation", "mailbox", "lower(t.mailbox)", "t.operation", _DONE),
    Trait("Mailbox", "protocol", "mailbox", "lower(t.mailbox)", "t.protocol", _DONE),
    Trait("Mailbox", "client", "mailbox", "lower(t.mailbox)", "t.client", _DONE),
    Trait("Mailbox", "address", "mailbox", "lower(t.mailbox)", "t.client_ip", _DONE),
    Trait("Mailbox", "hour", "mailbox", "lower(t.mailbox)", HOUR, _DONE),
    Trait("Mailbox", "items", "mailbox", "lower(t.mailbox)", "''", _DONE, "coalesce(t.items, 1)"),
    Trait("Mailbox", "sent", "mail", "lower(t.sender)", "''", "t.direction IN ('internal', 'outbound')"),
    Trait("Mailbox", "writes_to", "mail", "lower(t.sender)", "split_part(lower(t.recipient), '@', 2)",
          "t.direction IN ('internal', 'outbound')"),
)  # fmt: skip
VOLUMES = frozenset(trait.name for trait in TRAITS if trait.volume)


def counted(there: frozenset[str]) -> Iterator[str]:
    """Write the SELECT of each trait of tables that have rows."""
    for trait in TRAITS:
        if trait.table in there and trait.table in TABLES:
            yield f"""
                SELECT '{trait.label}' AS label, {trait.key} AS key, '{trait.name}' AS trait, {trait.value} AS value,
                    (t.time // 86400000)::INTEGER AS day, sum({trait.amount})::BIGINT AS count,
                    min(t.time) AS first_seen, max(t.time) AS last_seen
                FROM {trait.table}_resolved t
                WHERE {trait.where} AND {trait.key} IS NOT NULL AND {trait.value} IS NOT NULL
                GROUP BY ALL
            """
