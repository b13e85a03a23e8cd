"""Edges and nodes of the alert table."""


def alerted_on() -> str:
    """Give each host, user and address that another tool's finding names."""
    return """
        WITH named AS (
            SELECT product, rule, title, unnest([
                       {'label': 'Host', 'key': host_key},
                       {'label': user_label, 'key': user_key},
                       {'label': source_label, 'key': source_key}]) AS entity, time, event_id
            FROM alert_resolved
        )
        SELECT DISTINCT 'Alert' AS source_label, alert_key(product, rule, title) AS source_key,
               entity.label AS target_label, entity.key AS target_key, time AS seen, event_id
        FROM named
    """


def alerts() -> str:
    """Name the rules that fired."""
    return """
        SELECT alert_key(product, rule, title) AS key, coalesce(title, rule) AS name, level, product,
               nullif(joined(techniques), '') AS techniques, time AS seen
        FROM alert_resolved
    """
