"""Edges and nodes of the process table."""


def ran() -> str:
    """Give the account that each process or script ran as."""
    return """
        SELECT coalesce(target_user_label, user_label) AS source_label,
               CASE WHEN target_user_label IS NOT NULL THEN target_user_key ELSE user_key END AS source_key,
               'Process' AS target_label, coalesce(process_key(host_key, guid, pid, time), event_id) AS target_key,
               time AS seen, event_id
        FROM process_resolved
        WHERE kind IN ('start', 'script')
    """


def ran_on() -> str:
    """Give where each process or script ran."""
    return """
        SELECT 'Process' AS source_label, coalesce(process_key(host_key, guid, pid, time), event_id) AS source_key,
               'Host' AS target_label, host_key AS target_key, time AS seen, event_id
        FROM process_resolved
        WHERE kind IN ('start', 'script')
    """


def spawned() -> str:
    """Give parent and child. A parent without a GUID is its pid and image: when it started is not in the event."""
    return """
        SELECT 'Process' AS source_label, mentioned_key(host_key, parent_guid, parent_pid, parent_image) AS source_key,
               'Process' AS target_label, process_key(host_key, guid, pid, time) AS target_key, time AS seen, event_id
        FROM process_resolved
        WHERE kind = 'start'
    """


def processes() -> str:
    """Name what ran, and its parents."""
    return """
        SELECT coalesce(process_key(host_key, guid, pid, time), event_id) AS key, file_of(image) AS name,
               image, command_line, host_key AS host, integrity, kind, pid, time AS seen
        FROM process_resolved WHERE kind IN ('start', 'script')
        UNION ALL
        SELECT mentioned_key(host_key, parent_guid, parent_pid, parent_image), file_of(parent_image),
               parent_image, parent_command_line, host_key, NULL, 'start', parent_pid, time
        FROM process_resolved WHERE kind = 'start'
    """
