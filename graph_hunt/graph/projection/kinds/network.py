"""Edges and nodes of the network table."""


def connected_to() -> str:
    """Give each connection, from the process where the recording host began it and says which, else the machine."""
    return """
        WITH side AS (
            SELECT *, CASE WHEN direction IS DISTINCT FROM 'inbound'
                            AND (process_guid IS NOT NULL OR process IS NOT NULL)
                           THEN mentioned_key(host_key, process_guid, pid, process) END AS asking
            FROM network_resolved WHERE kind = 'connection'
        )
        SELECT CASE WHEN asking IS NULL THEN source_label ELSE 'Process' END AS source_label,
               coalesce(asking, source_key) AS source_key, target_label, target_key,
               target_port AS port, known(protocol) AS protocol, known(direction) AS direction, time AS seen, event_id
        FROM side
    """


def looked_up() -> str:
    """Give each name that was looked up, by the process, the machine, or the address of which no machine is known."""
    return """
        SELECT CASE WHEN process_guid IS NOT NULL THEN 'Process' WHEN host_key IS NOT NULL THEN 'Host'
                    ELSE source_label END AS source_label,
               CASE WHEN process_guid IS NULL THEN coalesce(host_key, source_key)
                    ELSE mentioned_key(host_key, process_guid, pid, process) END AS source_key,
               'Domain' AS target_label, nullif(rtrim(lower(target_host), '.'), '') AS target_key,
               time AS seen, event_id
        FROM network_resolved
        WHERE kind = 'lookup'
    """


def had_ip() -> str:
    """Give each connection whose recording host names its own address, and each lease."""
    return """
        SELECT 'Host' AS source_label, host_key AS source_key, 'IP' AS target_label,
               ip_text(CASE WHEN direction = 'inbound' THEN target_ip ELSE source_ip END) AS target_key,
               CASE WHEN mac IS NULL THEN 'connection' ELSE 'lease' END AS reason, time AS seen, event_id
        FROM network_resolved
        WHERE kind = 'connection' AND direction IN ('inbound', 'outbound')
        UNION ALL
        SELECT source_label, source_key, 'IP', ip_text(source_ip), 'lease', time, event_id
        FROM network_resolved
        WHERE kind = 'lease' AND outcome = 'success' AND source_host IS NOT NULL AND source_label = 'Host'
    """


def processes() -> str:
    """Name the processes that connected or asked."""
    return """
        SELECT mentioned_key(host_key, process_guid, pid, process) AS key, file_of(process) AS name,
               process AS image, NULL::VARCHAR AS command_line, host_key AS host, NULL::VARCHAR AS integrity,
               'start' AS kind, pid, time AS seen
        FROM network_resolved
        WHERE (kind = 'connection' AND direction IS DISTINCT FROM 'inbound'
               AND (process_guid IS NOT NULL OR process IS NOT NULL))
           OR (kind = 'lookup' AND process_guid IS NOT NULL)
    """
