// id = "credential-store-copied"
// title = "Password store of a machine or domain copied"
// description = """
// The password hashes of a machine lie in the registry hives SAM, SYSTEM and SECURITY, those of a domain in ntds.dit. An
// attacker saves them to files (reg save, ntdsutil, a shadow copy) and takes the files, or does it all over the network:
// the remote registry's pipe winreg, then the saved files from an administrative share (Impacket secretsdump). Told
// are both: such a command, and such files read by an account that had just opened winreg on that machine. Misses copies
// made by a driver or a tool without these arguments, and files saved where no share shows them. Backup programs and the
// promotion of a controller look like it, with programs and accounts of their own.
// """
// hypothesis = "Somebody copies the stores of password hashes to crack or use them elsewhere."
// attack = ["T1003.002", "T1003.003", "T1003.004"]
// level = "high"
// needs = [["share_access", "process_started"]]
// helps = ["logon"]
// summary = "{user} copied {what} of {target} from {source|the machine itself}: {how}"
// benign = ["a backup or a system restore", "the promotion of a domain controller from media", "an administrator saves a hive before a change"]
// rule_out = ["does the account run backups, from that source?", "where did the files go?"]
// response = ["isolate the source and the target", "change the passwords of the machine's local accounts and of all that logged on to it; for ntds.dit of the whole domain, krbtgt twice", "look where the hashes were used: hunts pass-the-hash, explicit-credentials"]
// references = ["https://attack.mitre.org/techniques/T1003/002/", "https://attack.mitre.org/techniques/T1003/003/"]
// [parameters.within]
// type = "duration"
// default = "15m"
// help = "time between the remote registry's pipe and the files"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.source]
// label = "Host|IP"
// role = "source"
// [entities.target]
// label = "Host"
// role = "target"
CALL () {
  MATCH (account:User)-[pipe:ACCESSED_SHARE]->(machine:Host)
  WHERE pipe.bucket >= $since AND pipe.bucket < $until AND toLower(pipe.share) = 'winreg' AND pipe.source <> ''
    AND pipe.outcome = 'success'
  WITH account, machine, min(pipe.first_seen) AS began, max(pipe.last_seen) AS opened, collect(pipe.evidence) AS proof
  MATCH (account)-[file:ACCESSED_SHARE]->(machine)
  WHERE file.bucket >= began - 86400000 AND file.bucket <= opened + $within AND file.share ENDS WITH '$' AND toLower(file.share) <> 'ipc$'
    AND file.source <> '' AND file.last_seen >= began AND file.first_seen <= opened + $within
    AND file.object =~ '(?i)(.*\\\\)?([^\\\\]*\\.(tmp|sav|save|hiv|hive)|[^\\\\]*(sam|system|security))'
  WITH account, machine, file, began, proof
  ORDER BY file.first_seen, file.object
  RETURN account.key AS user, collect(DISTINCT file.source) AS source, machine.key AS target, 'registry hives' AS what,
         collect(DISTINCT file.share + '\\' + file.object) AS how, began, max(file.last_seen) AS ended,
         collect(proof) + collect(file.evidence) AS proof, 80 AS weight
  UNION ALL
  MATCH (tool:Process)-[ran:RAN_ON]->(machine:Host)
  WHERE ran.first_seen >= $since AND ran.first_seen < $until AND tool.kind = 'start'
    AND tool.command_line =~ '(?is).*(\\breg(\\.exe)?"?\\s+(save|export)\\s+"?(hklm|hkey_local_machine)\\\\(sam|system|security)\\b|ntdsutil.*\\bifm\\b|(copy|esentutl|robocopy|vssadmin|diskshadow|wmic).*ntds\\.dit|harddiskvolumeshadowcopy.*\\\\(config\\\\(sam|system|security)|ntds)).*'
  OPTIONAL MATCH (account:User|Host)-[as_whom:RAN]->(tool)
  WITH tool, ran, machine, account
  ORDER BY ran.first_seen, tool.key
  WITH coalesce(account.key, '') AS user, machine.key AS target, max(CASE WHEN toLower(tool.command_line) CONTAINS 'ntds' THEN 1 ELSE 0 END) AS domain,
       collect(DISTINCT left(tool.command_line, 300)) AS how, min(ran.first_seen) AS began, max(ran.first_seen) AS ended, collect(ran.evidence) AS proof
  RETURN user, [] AS source, target, CASE WHEN domain = 1 THEN 'the directory database' ELSE 'registry hives' END AS what, how, began, ended, proof, 60 AS weight
}
WITH user, source, target, what, how, began, ended, proof, weight
WHERE size($scope) = 0 OR user IN $scope OR target IN $scope OR any(one IN source WHERE one IN $scope)
RETURN user AS user,
       source AS source,
       target AS target,
       what AS what,
       how[0..10] AS how,
       began AS first_seen,
       ended AS last_seen,
       weight AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, target
