"""Edges and nodes of the mail and click tables."""


def sent() -> str:
    """Give the sender of each message."""
    return """
        SELECT 'Mailbox' AS source_label, address(sender) AS source_key, 'Message' AS target_label,
               message_key(message_id, network_id) AS target_key, time AS seen, event_id
        FROM mail_resolved
    """


def delivered_to() -> str:
    """Give each recipient of each message."""
    return """
        SELECT 'Message' AS source_label, message_key(message_id, network_id) AS source_key,
               'Mailbox' AS target_label, address(recipient) AS target_key, known(action) AS action,
               time AS seen, event_id
        FROM mail_resolved
    """


def relayed() -> str:
    """Give each address that handed a message over."""
    return """
        WITH hop AS (
            SELECT *, unnest(list_distinct(list_append(coalesce(relays, []), source_ip))) AS ip FROM mail_resolved
        )
        SELECT 'IP' AS source_label, ip_text(ip) AS source_key,
               'Message' AS target_label, message_key(message_id, network_id) AS target_key, time AS seen, event_id
        FROM hop
    """


def links_to() -> str:
    """Give each link in a message."""
    return """
        SELECT 'Message' AS source_label, message_key(message_id, network_id) AS source_key, 'Url' AS target_label,
               unnest(list_distinct(urls)) AS target_key, time AS seen, event_id
        FROM mail_resolved
    """


def attached() -> str:
    """Give each attachment; one without a hash is its name in its message."""
    return """
        WITH part AS (
            SELECT *, unnest(range(1, len(attachments) + 1)) AS n FROM mail_resolved
        )
        SELECT 'Message' AS source_label, message_key(message_id, network_id) AS source_key, 'File' AS target_label,
               coalesce(lower(nullif(attachment_hashes[n], '')),
                        lower(attachments[n]) || '@' || message_key(message_id, network_id)) AS target_key,
               known(attachments[n]) AS file_name, time AS seen, event_id
        FROM part
    """


def url_in_domain() -> str:
    """Give the name that each link of a message is under."""
    return """
        WITH link AS (SELECT unnest(list_distinct(urls)) AS url, time, event_id FROM mail_resolved)
        SELECT 'Url' AS source_label, url AS source_key, 'Domain' AS target_label, url_host(url) AS target_key,
               time AS seen, event_id
        FROM link
    """


def mailbox_in_domain() -> str:
    """Give the name that each sender and recipient is under."""
    return """
        WITH party AS (
            SELECT address(sender) AS mailbox, time, event_id FROM mail_resolved
            UNION ALL
            SELECT address(recipient), time, event_id FROM mail_resolved
        )
        SELECT 'Mailbox' AS source_label, mailbox AS source_key, 'Domain' AS target_label,
               domain_of(mailbox) AS target_key, time AS seen, event_id
        FROM party
    """


def clicked() -> str:
    """Give each link that someone opened."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, 'Url' AS target_label, url AS target_key,
               known(action) AS action, known(message_key(message_id, network_id)) AS message,
               known(source_key) AS source, time AS seen, event_id
        FROM click_resolved
    """


def clicked_in_domain() -> str:
    """Give the name that each opened link is under."""
    return """
        SELECT 'Url' AS source_label, url AS source_key, 'Domain' AS target_label, url_host(url) AS target_key,
               time AS seen, event_id
        FROM click_resolved
    """


def messages() -> str:
    """Name the messages."""
    return """
        SELECT message_key(message_id, network_id) AS key, subject AS name, subject, address(sender) AS sender,
               direction, spf, dkim, dmarc, time AS seen
        FROM mail_resolved
    """


def files() -> str:
    """Name the attachments."""
    return """
        WITH part AS (
            SELECT *, unnest(range(1, len(attachments) + 1)) AS n FROM mail_resolved
        )
        SELECT coalesce(lower(nullif(attachment_hashes[n], '')),
                        lower(attachments[n]) || '@' || message_key(message_id, network_id)) AS key,
               attachments[n] AS name, lower(nullif(attachment_hashes[n], '')) AS sha256, time AS seen
        FROM part
    """


def urls() -> str:
    """Name the links of messages."""
    return """
        WITH link AS (SELECT unnest(urls) AS url, time FROM mail_resolved)
        SELECT url AS key, url AS name, url_host(url) AS host, time AS seen
        FROM link
    """


def clicked_urls() -> str:
    """Name the links that were opened."""
    return """
        SELECT url AS key, url AS name, url_host(url) AS host, time AS seen
        FROM click_resolved
    """


def mailboxes() -> str:
    """Name the mailboxes; the organisation's own are those that a directory or an internal message shows."""
    return """
        SELECT address(sender) AS key, address(sender) AS name, domain_of(sender) AS domain,
               CASE WHEN direction IN ('outbound', 'internal') THEN true END AS internal, time AS seen
        FROM mail_resolved
        UNION ALL
        SELECT address(recipient), address(recipient), domain_of(recipient),
               CASE WHEN direction IN ('inbound', 'internal') THEN true END, time
        FROM mail_resolved
    """
