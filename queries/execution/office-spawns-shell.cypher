// id = "office-spawns-shell"
// title = "Office or mail program started a shell"
// description = """
// A document or message makes its program start a shell or script host that fetches the attacker's code: a macro, an exploit,
// a lured click. Told is an Office, mail or PDF program that starts a shell or script host, a system tool that runs
// code from elsewhere with such an argument, or anything at all from the Equation Editor; with what these started in turn.
// Misses documents that have another process start the code (WMI, scheduled task, COM), and code that stays within
// the Office program. Add-ins and report generators that call cmd.exe look like it, always with the same command.
// """
// hypothesis = "A document that a user opened runs the attacker's code."
// attack = ["T1204.002", "T1059", "T1566.001"]
// level = "high"
// needs = ["process_started"]
// summary = "{office} started {children} on {host} as {user|an account not known}: {command}"
// benign = ["an add-in, macro of the finance department or report generator runs a fixed command", "a mail program opened an attached script that the user wrote"]
// rule_out = ["is it the same command on several machines and days?", "which document was open, and where did it come from?"]
// response = ["isolate the host", "fetch the document and the command's files; find who else got them: hunts around the message", "look what ran and connected next: hunts powershell-then-logon, persistence-in-writable-path"]
// references = ["https://attack.mitre.org/techniques/T1204/002/"]
// [parameters.usual_hosts]
// type = "integer"
// default = 3
// help = "machines on which one command is started so, from which on it is taken for an add-in"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "host"
// [entities.process]
// label = "Process"
// role = "process"
MATCH (office:Process)-[start:SPAWNED]->(child:Process)
WHERE start.first_seen >= $since AND start.first_seen < $until
  AND office.image =~ '(?i)(.*\\\\)?(winword|excel|powerpnt|outlook|olk|msaccess|mspub|onenote|onenotem|visio|winproj|infopath|eqnedt32|thunderbird|wordpad|soffice|acrord32|acrobat|foxitreader|foxitpdfreader|hwp)\\.(exe|bin)'
WITH office, child, start, toLower(last(split(office.image, '\\'))) AS program, toLower(last(split(child.image, '\\'))) AS tool,
     toLower(coalesce(child.command_line, '')) AS command
WHERE tool IN ['cmd.exe', 'powershell.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe', 'wmic.exe', 'schtasks.exe', 'bash.exe', 'sh.exe', 'wsl.exe', 'scrcons.exe', 'bitsadmin.exe', 'certutil.exe', 'forfiles.exe', 'msbuild.exe', 'installutil.exe', 'regasm.exe', 'regsvcs.exe']
  OR program = 'eqnedt32.exe'
  OR (tool IN ['rundll32.exe', 'regsvr32.exe', 'msiexec.exe', 'control.exe', 'hh.exe', 'curl.exe', 'odbcconf.exe', 'msdt.exe', 'explorer.exe']
      AND command =~ '(?s).*(https?:|javascript:|vbscript:|scrobj|ms-msdt:|\\\\users\\\\|\\\\appdata\\\\|\\\\programdata\\\\|\\\\temp\\\\|%temp%|%appdata%|\\.\\.\\\\).*')
WITH command, collect({office: office, child: child, program: program, tool: tool, at: start.first_seen, proof: start.evidence}) AS cases,
     count(DISTINCT child.host) AS hosts
WHERE hosts < $usual_hosts OR command = ''
UNWIND cases AS one
WITH one.office AS office, one.child AS child, one.program AS program, one.tool AS tool, one.at AS at, one.proof AS proof
OPTIONAL MATCH (account:User|Host)-[ran:RAN]->(child)
WITH child, program, tool, at, proof, account
ORDER BY at, child.key
WITH child.host AS host, account.key AS user, at - at % 86400000 AS day, collect(DISTINCT program) AS office, collect(DISTINCT tool) AS tools,
     collect(DISTINCT child) AS children, collect(DISTINCT child.command_line) AS command, min(at) AS began, max(at) AS ended,
     collect(proof) AS proof
WHERE size($scope) = 0 OR user IN $scope OR host IN $scope
CALL (children) {
  UNWIND children AS child
  OPTIONAL MATCH (child)-[next:SPAWNED*1..4]->(later:Process)
  WITH later
  ORDER BY later.key
  RETURN collect(DISTINCT later.key) AS later, collect(DISTINCT last(split(later.image, '\\'))) AS went_on
}
RETURN user AS user,
       host AS host,
       ([child IN children | child.key] + later)[0..20] AS process,
       office AS office,
       tools AS children,
       went_on AS went_on,
       command AS command,
       began AS first_seen,
       ended AS last_seen,
       60 + CASE WHEN any(text IN command WHERE text =~ '(?is).*(https?:|frombase64|downloadstring|\\s[-/]e[a-z]{0,13}\\s+"?[a-z0-9+/=]{40}|javascript:|hidden).*') THEN 25 ELSE 0 END
         + CASE WHEN size(later) > 0 THEN 10 ELSE 0 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host
