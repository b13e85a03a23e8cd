// id = "server-spawns-shell"
// title = "Web, database or application server started a shell"
// description = """
// Through a web shell or a hole in a program that serves the network, an attacker has the server's process run commands: told is
// a web, mail, database or Java application server that starts a shell or script host, with what these started in turn.
// Misses code that stays within the server's process, and servers under names of their own. Management pages, build servers
// and database jobs that call commands look like it, always with the same ones; a command that is seen on several
// machines or days is taken for theirs.
// """
// hypothesis = "Somebody runs commands through a server that the network can reach."
// attack = ["T1505.003", "T1190", "T1059"]
// level = "high"
// needs = ["process_started"]
// summary = "{server} started {children} on {host} as {user|an account not known}: {command}"
// benign = ["an application calls a command as part of its work", "a build or deployment server runs its jobs"]
// rule_out = ["is the same command run on other days?", "what stands in the server's access log at that second, and from which address?"]
// response = ["isolate the host, keep its memory", "look for files new to the web folders, and for what the shell fetched", "look where the service's account went: hunts first-logon, service-account-logon"]
// references = ["https://attack.mitre.org/techniques/T1505/003/"]
// [parameters.usual]
// type = "integer"
// default = 3
// help = "machines or days that one command is seen on, from which on it is taken for the application's"
// [entities.user]
// label = "User|Host"
// role = "account"
// [entities.host]
// label = "Host"
// role = "host"
// [entities.process]
// label = "Process"
// role = "process"
MATCH (server:Process)-[start:SPAWNED]->(child:Process)
WHERE start.first_seen >= $since AND start.first_seen < $until
  AND server.image =~ '(?i)(.*[\\\\/])?(w3wp|httpd|nginx|php-cgi|php-fpm|php|tomcat[0-9]*w?|java|javaw|node|sqlservr|mysqld|mysqld-nt|oracle|postgres|umworkerprocess|ws_tomcatservice|wrapper|inetinfo|apache2|beremote|dns|caddy|lighttpd|jetty)(\\.exe)?'
WITH server, child, start, toLower(last(split(server.image, '\\'))) AS program, toLower(last(split(child.image, '\\'))) AS tool,
     toLower(coalesce(child.command_line, '')) AS command
WHERE tool IN ['cmd.exe', 'powershell.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe', 'rundll32.exe', 'certutil.exe', 'bitsadmin.exe', 'whoami.exe', 'net.exe', 'wmic.exe']
  OR tool =~ '(.*/)?(sh|bash|dash|zsh|ksh)'
WITH command, collect({server: server, child: child, program: program, tool: tool, at: start.first_seen, proof: start.evidence}) AS cases,
     count(DISTINCT child.host) AS hosts, count(DISTINCT start.first_seen - start.first_seen % 86400000) AS days
WHERE command = '' OR (hosts < $usual AND days < $usual)
UNWIND cases AS one
WITH one.child AS child, one.program AS program, one.tool AS tool, one.at AS at, one.proof AS proof
OPTIONAL MATCH (account:User|Host)-[ran:RAN]->(child)
WITH child, program, tool, at, proof, account
ORDER BY at, child.key
WITH child.host AS host, account.key AS user, at - at % 86400000 AS day, collect(DISTINCT program) AS server, collect(DISTINCT tool) AS tools,
     collect(DISTINCT child) AS children, collect(DISTINCT left(child.command_line, 300)) AS command, min(at) AS began, max(at) AS ended,
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
       server AS server,
       tools AS children,
       went_on AS went_on,
       command[0..5] AS command,
       began AS first_seen,
       ended AS last_seen,
       55 + CASE WHEN any(text IN command WHERE text =~ '(?is).*(https?:|frombase64|downloadstring|\\s[-/]e[a-z]{0,13}\\s+"?[a-z0-9+/=]{40}|hidden|whoami|net1?\\s+(user|group|localgroup)|systeminfo|ipconfig|/etc/passwd).*') THEN 30 ELSE 0 END
         + CASE WHEN size(later) > 0 THEN 10 ELSE 0 END AS score,
       proof AS evidence
ORDER BY score DESC, first_seen, host
