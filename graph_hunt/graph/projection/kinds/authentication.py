"""Edges of the authentication table."""


def logged_on() -> str:
    """Give each logon of a user on a host; machine accounts are hosts and leave LOGON_TO only."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, target_label, target_key,
               known(logon_type) AS logon_type, known(package) AS package, known(outcome) AS outcome,
               CASE WHEN source_key IS DISTINCT FROM target_key THEN known(source_key) ELSE '' END AS source,
               time AS seen, event_id
        FROM authentication_resolved
        WHERE kind IN ('logon', 'session') AND user_label = 'User'
    """


def logon_to() -> str:
    """Give each logon over the network: only an event that itself names both machines is a hop."""
    return """
        SELECT source_label, source_key, target_label, target_key,
               known(CASE WHEN kind = 'explicit' THEN target_user_key ELSE user_key END) AS "user",
               CASE WHEN kind = 'explicit' THEN 'explicit'
                    WHEN code LIKE 'TerminalServices-%' OR code LIKE 'RdpCoreTS/%' THEN 'rdp'
                    WHEN code LIKE 'SMB%' THEN 'share'
                    WHEN code LIKE 'WinRM/%' THEN 'connection'
                    ELSE 'logon' END AS via,
               known(logon_type) AS logon_type, known(package) AS package, known(outcome) AS outcome,
               known(reason) AS reason, known(logon_process) AS process, coalesce(elevated, false) AS elevated,
               time AS seen, event_id
        FROM authentication_resolved
        WHERE kind IN ('logon', 'session', 'explicit') AND source_key <> target_key
    """


def logon_to_by_ticket() -> str:
    """Give each ticket to a host's own account: who asks for it is about to use that host."""
    return """
        SELECT source_label, source_key, target_user_label AS target_label, target_user_key AS target_key,
               known(user_key) AS "user", 'ticket' AS via,
               known(logon_type) AS logon_type, known(package) AS package, known(outcome) AS outcome,
               known(reason) AS reason, known(logon_process) AS process, coalesce(elevated, false) AS elevated,
               time AS seen, event_id
        FROM authentication_resolved
        WHERE kind = 'ticket_service' AND target_user_label = 'Host' AND source_key <> target_user_key
    """


def validated() -> str:
    """Give each password that an authority checked; which machine was logged on to it does not say."""
    return """
        SELECT user_label AS source_label, user_key AS source_key, 'Host' AS target_label, recorder_key AS target_key,
               known(outcome) AS outcome, known(reason) AS reason,
               CASE WHEN source_key IS DISTINCT FROM recorder_key THEN known(source_key) ELSE '' END AS source,
               time AS seen, event_id
        FROM authentication_resolved
        WHERE code = 'Security/4776'
           OR (code LIKE 'IdentityLogonEvents/%' AND kind = 'logon' AND target_host IS NULL)
    """


def signed_in_from() -> str:
    """Give each sign-in to a cloud or remote-access service, by the address it came from."""
    return """
        SELECT user_label AS source_label, user_key AS source_key,
               'IP' AS target_label, ip_text(source_ip) AS target_key,
               known(application) AS application, known(outcome) AS outcome, known(reason) AS reason,
               known(mfa) AS mfa, known(client) AS client, known(risk) AS risk, known(country) AS country,
               known('AS' || nullif(regexp_extract(asn, '[0-9]+'), '')) AS network, time AS seen, event_id
        FROM authentication_resolved
        WHERE kind IN ('sign_in', 'mfa') AND user_label = 'User'
    """


def had_ip() -> str:
    """Give each logon that names a source's name and address together."""
    return """
        SELECT source_label, source_key, 'IP' AS target_label, ip_text(source_ip) AS target_key,
               'logon' AS reason, time AS seen, event_id
        FROM authentication_resolved
        WHERE source_host IS NOT NULL AND source_label = 'Host' AND kind IN ('logon', 'session')
    """


def acted_as() -> str:
    """Give each use of another account's credentials, and each session that took them for the network (type 9)."""
    return """
        SELECT user_label AS source_label, user_key AS source_key,
               target_user_label AS target_label, target_user_key AS target_key,
               known(recorder_key) AS host,
               CASE WHEN target_key IS DISTINCT FROM recorder_key THEN known(target_key) ELSE '' END AS target,
               known(CASE WHEN kind = 'explicit' THEN process ELSE logon_process END) AS process,
               known(outcome) AS outcome, time AS seen, event_id
        FROM authentication_resolved
        WHERE (kind = 'explicit' OR (kind = 'logon' AND logon_type = 'new_credentials'))
          AND user_label = 'User' AND target_user_label = 'User' AND user_key <> target_user_key
    """


def requested_ticket() -> str:
    """Give each request for a Kerberos ticket, to the service's account."""
    return """
        SELECT user_label AS source_label, user_key AS source_key,
               target_user_label AS target_label, target_user_key AS target_key,
               kind, known(encryption) AS encryption, known(outcome) AS outcome, known(reason) AS reason, preauth,
               known(source_key) AS source, known(target_service) AS service, time AS seen, event_id
        FROM authentication_resolved
        WHERE kind IN ('ticket_granting', 'ticket_service')
    """
