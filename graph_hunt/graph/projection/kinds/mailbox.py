"""Edges and nodes of the mailbox table."""


def accessed_mailbox() -> str:
    """Give what was done in a mailbox."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, 'Mailbox' AS target_label,
               address(mailbox) AS target_key, known(operation) AS operation, known(logon_kind) AS logon_kind,
               known(protocol) AS protocol, known(client) AS client, known(ip_text(client_ip)) AS source,
               known(outcome) AS outcome, time AS seen, event_id
        FROM mailbox_resolved
        WHERE operation IN ('send', 'send_as', 'send_on_behalf', 'access', 'sync', 'delete', 'move', 'request')
    """


def owns() -> str:
    """Give the account that acts as the owner of its mailbox."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, 'Mailbox' AS target_label,
               address(mailbox) AS target_key, 'owner' AS reason, time AS seen, event_id
        FROM mailbox_resolved
        WHERE logon_kind = 'owner' OR address(user_upn) = address(mailbox)
    """


def granted() -> str:
    """Give each right on a mailbox that was given or taken."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, 'Mailbox' AS target_label,
               address(mailbox) AS target_key, known(lower(grantee)) AS grantee, joined(rights) AS rights,
               known(operation) AS operation, time AS seen, event_id
        FROM mailbox_resolved
        WHERE operation IN ('permission_granted', 'permission_removed')
    """


def created_rule() -> str:
    """Give each rule that was made, changed or removed."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, 'MailRule' AS target_label,
               rule_key(mailbox, rule_name) AS target_key, known(operation) AS operation,
               known(ip_text(client_ip)) AS source, time AS seen, event_id
        FROM mailbox_resolved
        WHERE operation IN ('rule_created', 'rule_changed', 'rule_deleted', 'transport_rule_created',
                            'transport_rule_changed', 'transport_rule_disabled', 'transport_rule_deleted')
    """


def on() -> str:
    """Give the mailbox that a rule is on."""
    return """
        SELECT 'MailRule' AS source_label, rule_key(mailbox, rule_name) AS source_key, 'Mailbox' AS target_label,
               address(mailbox) AS target_key, time AS seen, event_id
        FROM mailbox_resolved
        WHERE rule_name IS NOT NULL
    """


def forwards_to() -> str:
    """Give where a rule, or a mailbox's own setting, sends mail on, and who said so from where."""
    return """
        SELECT CASE WHEN rule_name IS NULL THEN 'Mailbox' ELSE 'MailRule' END AS source_label,
               CASE WHEN rule_name IS NULL THEN address(mailbox) ELSE rule_key(mailbox, rule_name) END AS source_key,
               'Mailbox' AS target_label, address(unnest(list_distinct(forward_to))) AS target_key,
               CASE WHEN rule_name IS NULL THEN 'setting' ELSE 'rule' END AS reason, known(user_key) AS actor,
               known(ip_text(client_ip)) AS source, time AS seen, event_id
        FROM mailbox_resolved
        WHERE operation IN ('rule_created', 'rule_changed', 'transport_rule_created', 'transport_rule_changed',
                            'forwarding_set')
    """


def rules() -> str:
    """Name the rules."""
    return """
        SELECT rule_key(mailbox, rule_name) AS key, rule_name AS name, nullif(joined(rule_actions), '') AS actions,
               nullif(joined(rule_conditions), '') AS conditions, time AS seen
        FROM mailbox_resolved
        WHERE rule_name IS NOT NULL
    """


def mailboxes() -> str:
    """Name the mailboxes acted in, which are the organisation's own, and those that mail is sent on to."""
    return """
        SELECT address(mailbox) AS key, address(mailbox) AS name, domain_of(mailbox) AS domain, true AS internal,
               time AS seen
        FROM mailbox_resolved
        UNION ALL
        SELECT address(unnest(forward_to)) AS target, target, domain_of(target), NULL, time
        FROM mailbox_resolved
    """
