"""The expressions that several kinds of edge share, as DuckDB macros."""

import duckdb

from graph_hunt.events.messages import message_key

_MACROS = (
    "known(x) AS coalesce(x, '')",
    # A server's index holds no key of 8 kB: of a long one its beginning stands, with what tells it from others.
    "bounded(x) AS CASE WHEN strlen(x) > 4000 THEN left(x, 200) || '…' || md5(x) ELSE x END",
    r"file_of(path) AS lower(regexp_extract(path, '[^\\/]*$'))",
    # As identity writes the address; nothing for what is no address, or is the machine itself.
    "ip_text(written) AS (SELECT min(a.ip) FROM identity_addresses a WHERE a.text = written)",
    # A start names a process by GUID, else by pid and time of start.
    """process_key(host, guid, pid, started) AS
        CASE WHEN guid IS NOT NULL THEN host || '|' || lower(guid)
             WHEN pid IS NOT NULL THEN host || '|' || pid || '|' || started END""",
    # What is only mentioned (a parent, a target) has no time of start: without a GUID its pid and image name it.
    """mentioned_key(host, guid, pid, image) AS
        CASE WHEN guid IS NOT NULL THEN host || '|' || lower(guid)
             WHEN pid IS NOT NULL OR image IS NOT NULL
             THEN host || '|' || coalesce(pid::VARCHAR, '') || '|' || coalesce(file_of(image), '') END""",
    "persistence_key(host, kind, name) AS host || '|' || kind || '|' || lower(name)",
    "address(mail) AS lower(trim(mail))",
    "domain_of(mail) AS nullif(lower(regexp_extract(mail, '@([^@]+)$', 1)), '')",
    r"""url_host(url) AS nullif(lower(regexp_extract(
            url, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)', 1)), '')""",
    f"message_key(message, network) AS {message_key('message', 'network')}",
    "rule_key(mailbox, rule) AS lower(coalesce(mailbox, '')) || '|' || lower(rule)",
    r"""group_key(name, domain) AS
        CASE WHEN contains(name, '\') OR domain IS NULL THEN lower(name)
             ELSE lower(domain) || '\' || lower(name) END""",
    "alert_key(product, rule, title) AS lower(coalesce(product, '')) || '|' || coalesce(rule, title)",
    "joined(texts) AS coalesce(array_to_string(list_sort(list_distinct(texts)), ', '), '')",
)


def define(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the connection the macros."""
    for macro in _MACROS:
        connection.execute(f"CREATE OR REPLACE TEMP MACRO {macro}")
