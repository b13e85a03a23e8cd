"""Edges and nodes of the change table."""


def created() -> str:
    """Give who made, changed, ran or removed a lasting thing; the host itself where no account is named."""
    return """
        SELECT CASE WHEN user_key IS NULL THEN 'Host' ELSE user_label END AS source_label,
               coalesce(user_key, host_key) AS source_key, 'Persistence' AS target_label,
               persistence_key(host_key, object_kind, object) AS target_key,
               known(operation) AS operation, time AS seen, event_id
        FROM change_resolved
        WHERE object_kind IN ('task', 'service', 'run_key', 'startup', 'registry', 'wmi', 'driver')
    """


def on() -> str:
    """Give where a lasting thing is."""
    return """
        SELECT 'Persistence' AS source_label, persistence_key(host_key, object_kind, object) AS source_key,
               'Host' AS target_label, host_key AS target_key, time AS seen, event_id
        FROM change_resolved
        WHERE object_kind IN ('task', 'service', 'run_key', 'startup', 'registry', 'wmi', 'driver')
    """


def persistences() -> str:
    """Name the lasting things."""
    return """
        SELECT persistence_key(host_key, object_kind, object) AS key, object AS name, object_kind AS kind, path,
               host_key AS host, time AS seen
        FROM change_resolved
        WHERE object_kind IN ('task', 'service', 'run_key', 'startup', 'registry', 'wmi', 'driver')
    """


def cleared_log() -> str:
    """Give each event log that was cleared."""
    return """
        SELECT CASE WHEN user_key IS NULL THEN 'Host' ELSE user_label END AS source_label,
               coalesce(user_key, host_key) AS source_key, 'Host' AS target_label, host_key AS target_key,
               known(object) AS log, time AS seen, event_id
        FROM change_resolved
        WHERE object_kind = 'log' AND operation = 'cleared'
    """


def changed() -> str:
    """Give each change to an account, group, computer, application, policy or share."""
    return """
        WITH thing AS (
            SELECT *, CASE WHEN object_kind IN ('group', 'role') THEN 'Group'
                           WHEN object_kind IN ('app', 'app_credential') THEN 'App'
                           WHEN object_kind IN ('account', 'computer', 'mfa_method', 'directory')
                            AND target_user_key IS NOT NULL THEN target_user_label
                           ELSE 'Host' END AS label
            FROM change_resolved
            WHERE object_kind IN ('account', 'group', 'role', 'computer', 'directory', 'share', 'policy', 'app',
                                  'app_credential', 'mfa_method', 'device')
        )
        SELECT user_label AS source_label, user_key AS source_key, label AS target_label,
               CASE WHEN label = 'Group' THEN group_key(object, user_domain)
                    WHEN label = 'App' THEN coalesce(object_id, lower(object))
                    WHEN target_user_key IS NOT NULL AND object_kind NOT IN ('share', 'policy', 'device')
                    THEN target_user_key
                    ELSE host_key END AS target_key,
               known(operation) AS operation, object_kind,
               known(CASE WHEN object_kind IN ('directory', 'policy') THEN concat_ws(' of ', details, object)
                          ELSE coalesce(details, value) END) AS details,
               known(host_key) AS host, time AS seen, event_id
        FROM thing
    """


def member_of() -> str:
    """Give each membership that was seen given."""
    return """
        SELECT target_user_label AS source_label, target_user_key AS source_key, 'Group' AS target_label,
               group_key(object, user_domain) AS target_key, operation, time AS seen, event_id
        FROM change_resolved
        WHERE object_kind IN ('group', 'role') AND operation = 'member_added'
    """


def groups() -> str:
    """Name the groups and roles."""
    return """
        SELECT group_key(object, user_domain) AS key, object AS name, object_id AS sid, NULL::BOOLEAN AS privileged,
               time AS seen
        FROM change_resolved
        WHERE object_kind IN ('group', 'role')
    """


def consented_to() -> str:
    """Give each consent to an application, and each credential added to one."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, 'App' AS target_label,
               coalesce(object_id, lower(object)) AS target_key, known(operation) AS operation,
               known(coalesce(details, value)) AS details, time AS seen, event_id
        FROM change_resolved
        WHERE object_kind IN ('app', 'app_credential') AND (operation = 'consented' OR object_kind = 'app_credential')
    """


def apps() -> str:
    """Name the applications."""
    return """
        SELECT coalesce(object_id, lower(object)) AS key, object AS name, time AS seen
        FROM change_resolved
        WHERE object_kind IN ('app', 'app_credential')
    """
