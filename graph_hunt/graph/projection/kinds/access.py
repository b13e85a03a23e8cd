"""Edges of the access table."""


def accessed_share() -> str:
    """Give each share or pipe that was opened; by the host itself where no account is named (Sysmon's pipes)."""
    return """
        SELECT CASE WHEN user_key IS NULL THEN 'Host' ELSE user_label END AS source_label,
               coalesce(user_key, host_key) AS source_key, 'Host' AS target_label, host_key AS target_key,
               known(object) AS share, known(path) AS object,
               CASE WHEN source_key IS DISTINCT FROM host_key THEN known(source_key) ELSE '' END AS source,
               known(outcome) AS outcome, time AS seen, event_id
        FROM access_resolved
        WHERE kind IN ('share', 'pipe')
    """


def logon_to() -> str:
    """Give each share opened from another machine: its event names the source where the logon's own may not."""
    return """
        SELECT source_label, source_key, 'Host' AS target_label, host_key AS target_key,
               known(user_key) AS "user", 'share' AS via, 'network' AS logon_type, '' AS package,
               known(outcome) AS outcome, '' AS reason, '' AS process, false AS elevated, time AS seen, event_id
        FROM access_resolved
        WHERE kind IN ('share', 'pipe') AND source_key <> host_key
    """


def replicated() -> str:
    """Give each use of directory replication rights, by name or by control access GUID."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, 'Host' AS target_label, host_key AS target_key,
               known(rights) AS rights, time AS seen, event_id
        FROM access_resolved
        WHERE kind = 'directory'
          AND (rights ILIKE '%ds-replication-%' OR rights ILIKE '%89e95b76-444d-4c62-991a-0facbeda640c%'
               OR regexp_matches(lower(rights), '1131f6a[abcd]-9c07-11d1-f79f-00c04fc2dcd2'))
    """


def accessed() -> str:
    """Give each process that opened another's memory or started a thread in it."""
    return """
        SELECT 'Process' AS source_label, mentioned_key(host_key, process_guid, pid, process) AS source_key,
               'Process' AS target_label,
               mentioned_key(host_key, target_guid, target_pid, target_process) AS target_key,
               known(rights) AS rights, kind, known(user_key) AS "user", time AS seen, event_id
        FROM access_resolved
        WHERE kind IN ('process', 'thread') AND outcome IS DISTINCT FROM 'failure'
    """


def processes() -> str:
    """Name the processes on both sides."""
    return """
        SELECT mentioned_key(host_key, process_guid, pid, process) AS key, file_of(process) AS name,
               process AS image, NULL::VARCHAR AS command_line, host_key AS host, NULL::VARCHAR AS integrity,
               'start' AS kind, pid, time AS seen
        FROM access_resolved WHERE kind IN ('process', 'thread')
        UNION ALL
        SELECT mentioned_key(host_key, target_guid, target_pid, target_process), file_of(target_process),
               target_process, NULL, host_key, NULL, 'start', target_pid, time
        FROM access_resolved WHERE kind IN ('process', 'thread')
    """
