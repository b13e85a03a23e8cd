"""Defender XDR's tables: from the portal, the APIs, Event Hub, Sentinel, the device timeline and raw events."""

import doctest
import json
from pathlib import Path

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.events.store import EventStore
from graph_hunt.graph.projection import apply
from graph_hunt.graph.store import GraphStore
from graph_hunt.loaders import _plan, defender, entra, windows
from graph_hunt.loaders.defender import forms, logons, row
from tests.engines import empty_kglite
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

ANN_SID, BOB_SID = (f"S-1-5-21-1004336348-1177238915-682003330-{number}" for number in (1104, 1105))
ANN_ID = "aaaaaaaa-0000-4000-8000-000000000001"
MESSAGE = "bbbbbbbb-0000-4000-8000-000000000001"
WS1, SRV1, DC1 = "ws1.contoso.example", "srv1.contoso.example", "DC1.contoso.example"
SHELL = r"c:\windows\system32\windowspowershell\v1.0\powershell.exe"
SHELL_GUID = "4242-177244260050"
SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")


def sample(name: str) -> Reading:
    return read(defender.LOADER, Content((SAMPLES / "defender" / name).read_bytes(), name))


def one(table: str, action: str, **columns: object) -> Reading:
    """Read one row of a table, as the streaming API gives it."""
    properties = {"Timestamp": "2026-03-02T09:00:00.0000000Z", "ActionType": action, "ReportId": 1, **columns}
    record = {"category": f"AdvancedHunting-{table}", "properties": properties}
    return read(defender.LOADER, Content(json.dumps(record).encode()))


def test_the_examples_hold() -> None:
    assert [doctest.testmod(module).failed for module in (row, logons, _plan)] == [0, 0, 0]


def test_a_device_logon_is_the_row_that_4624_makes() -> None:
    names = (
        *("kind", "outcome", "reason", "user", "user_domain", "user_sid", "source_host", "source_ip", "source_port"),
        *("target_host", "logon_type", "package", "logon_id"),
    )
    event = {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
                "EventID": 4624,
                "TimeCreated": {"#attributes": {"SystemTime": "2026-03-02T09:11:00.123456Z"}},
                "EventRecordID": 1,
                "Channel": "Security",
                "Computer": SRV1,
            },
            "EventData": {
                "TargetUserName": "bob",
                "TargetDomainName": "contoso",
                "TargetUserSid": BOB_SID,
                "LogonType": 3,
                "AuthenticationPackageName": "NTLM",
                "TargetLogonId": "0x123456",
                "WorkstationName": "WS1",
                "IpAddress": "10.1.0.21",
                "IpPort": "50123",
            },
        }
    }
    of_windows = read(windows.LOADER, Content(json.dumps(event).encode())).rows("authentication", *names)
    of_defender = sample("portal_logons.csv").rows("authentication", *names)
    expected = (
        *("logon", "success", None, "bob", "contoso", BOB_SID, "WS1", "10.1.0.21", 50123, SRV1),
        *("network", "NTLM", "0x123456"),
    )
    assert of_windows == of_defender[:1] == [expected]


def test_logons_on_devices() -> None:
    columns = ("code", "outcome", "reason", "user", "user_domain", "source_host", "source_ip", "logon_type", "elevated")
    assert sample("portal_logons.csv").rows("authentication", *columns) == [
        *[("DeviceLogonEvents/LogonSuccess", "success", None, "bob", "contoso", "WS1", "10.1.0.21", "network", True)],
        (
            *("DeviceLogonEvents/LogonFailed", "failure", "bad_password", "administrator", "SRV1", "ws1", "10.1.0.21"),
            *("remote_interactive", None),
        ),
        # The device itself is no source.
        *[("DeviceLogonEvents/LogonSuccess", "success", None, "ann", "contoso", None, None, "interactive", False)],
        *[("DeviceLogonEvents/LogonAttempted", None, None, "ann", "contoso", None, None, None, None)],
    ]


def test_a_logon_is_the_same_event_in_every_export() -> None:
    hub, portal, sentinel = (
        sample(name).rows("authentication", "event_id", "time", "user", "target_host", "source_ip", "logon_id")
        for name in ("event_hub.jsonl", "portal_logons.csv", "sentinel_logons.csv")
    )
    assert portal == sentinel == hub[:4]
    timeline = sample("device_timeline.csv").rows("authentication", "event_id", "source_host", "logon_type")
    assert timeline == sample("portal_logons.csv").rows("authentication", "event_id", "source_host", "logon_type")[:1]


def test_a_device_timeline_holds_the_rows_of_all_tables() -> None:
    timeline, hub = sample("device_timeline.csv"), sample("event_hub.jsonl")
    assert (
        timeline.rows("process", "event_id", "guid", "sha256") == hub.rows("process", "event_id", "guid", "sha256")[:2]
    )
    assert timeline.rows("network", "event_id", "target_ip") == hub.rows("network", "event_id", "target_ip")[:4]
    assert timeline.rows("change", "code", "object") == [
        (
            "DeviceRegistryEvents/RegistryValueSet",
            rf"HKU\{ANN_SID}\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Updater",
        ),
        ("DeviceEvents/ScheduledTaskCreated", r"\Updater"),
        ("DeviceEvents/ServiceInstalled", "PSEXESVC"),
    ]


def test_parents_and_children_are_the_same_processes() -> None:
    columns = ("guid", "image", "parent_guid", "parent_image", "integrity", "original_name", "logon_id", "sha256")
    word = r"c:\program files\microsoft office\root\office16\winword.exe"
    shell = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
    assert sample("event_hub.jsonl").rows("process", *columns)[:2] == [
        (SHELL_GUID, shell, "3000-177244254020", word, "high", "PowerShell.EXE", "0xb53f7", "bb" * 32),
        ("4300-177244278012", r"C:\Windows\System32\net.exe", SHELL_GUID, SHELL, "high", None, None, None),
    ]


def test_raw_events_of_the_sensor_are_processes_too() -> None:
    columns = ("event_id", "code", "guid", "image", "parent_image", "user", "command_line")
    raw, hub = (sample(name).rows("process", *columns) for name in ("raw_processes.csv", "event_hub.jsonl"))
    assert [row[1:3] for row in raw] == [row[1:3] for row in hub[:2]]
    assert raw[1][4:] == (SHELL, "ann", 'net group "Domain Admins" /domain')


def test_connections_say_who_began_them() -> None:
    columns = ("code", "direction", "outcome", "protocol", "source_ip", "source_port", "target_ip", "target_port")
    found = sample("event_hub.jsonl")
    assert found.rows("network", *columns, "target_host", "process_guid")[:4] == [
        (
            *("DeviceNetworkEvents/ConnectionSuccess", "outbound", "success", "tcp", "10.1.0.21", 50123),
            *("10.1.0.30", 445, SRV1, SHELL_GUID),
        ),
        (
            *("DeviceNetworkEvents/InboundConnectionAccepted", "inbound", "success", "tcp", "10.1.0.21", 50123),
            *("10.1.0.30", 445, None, None),
        ),
        (
            *("DeviceNetworkEvents/ConnectionFailed", "outbound", "failure", "tcp", "10.1.0.21", 50300),
            *("203.0.113.9", 8443, "c2.example.net", SHELL_GUID),
        ),
        (
            *("DeviceNetworkEvents/DnsConnectionInspected", "outbound", "success", "dns", "10.1.0.21", None),
            *(None, None, "c2.example.net", None),
        ),
    ]
    assert found.rows("network", "kind", "source_host", "source_ip", "mac")[4:] == [
        ("lease", WS1, "10.1.0.21", "02-00-00-00-00-21"),
        ("lease", WS1, "2001:db8::21", "02-00-00-00-00-21"),
    ]


def test_memory_threads_pipes_shares_and_wmi() -> None:
    columns = ("kind", "host", "user", "source_host", "source_ip", "object", "rights", "target_guid")
    assert sample("event_hub.jsonl").rows("access", *columns) == [
        ("process", WS1, "ann", None, None, r"C:\Windows\System32\lsass.exe", "0x1010", "640-177244200112"),
        (
            "thread",
            WS1,
            "ann",
            None,
            None,
            r"C:\Windows\explorer.exe",
            "CreateRemoteThreadApiCall",
            "2600-177244230212",
        ),
        ("pipe", SRV1, "system", None, "10.1.0.21", "PSEXESVC", "connect", None),
        ("object", SRV1, "bob", "WS1", None, "cmd.exe /c whoami", None, None),
        ("share", SRV1, "bob", None, "10.1.0.21", "ADMIN$", "write", None),
        (
            *("directory", DC1, "bob", WS1, "10.1.0.21", None),
            *("DS-Replication-Get-Changes, DS-Replication-Get-Changes-All", None),
        ),
        ("share", DC1, "bob", WS1, "10.1.0.21", None, "Write", None),
        ("object", DC1, "bob", WS1, "10.1.0.21", "cmd /c whoami", None, None),
    ]


def test_lasting_things_on_devices() -> None:
    columns = ("object_kind", "operation", "host", "user", "object", "path")
    value = rf"HKU\{ANN_SID}\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Updater"
    startup = r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\u.exe"
    found = sample("event_hub.jsonl").rows("change", *columns)
    assert [change for change in found if change[0] not in ("account", "group", "device", "directory")] == [
        ("task", "created", WS1, "ann", r"\Updater", r"C:\Users\Public\u.exe -q"),
        ("service", "created", SRV1, "system", "PSEXESVC", r"C:\Windows\PSEXESVC.exe"),
        ("log", "cleared", SRV1, "system", "Security", None),
        (
            *("wmi", "created", SRV1, "system", 'CommandLineEventConsumer="Upd"'),
            'Binding EventFilter: … CommandLineTemplate = "cmd /c u.exe"',
        ),
        ("file", "created", SRV1, None, r"C:\Windows\PSEXESVC.exe", r"C:\Windows\PSEXESVC.exe"),
        ("startup", "renamed", WS1, "ann", startup, startup),
        ("run_key", "changed", WS1, "ann", value, r"C:\Users\Public\u.exe"),
        ("service", "created", DC1, "bob", "upd", r"C:\u.exe"),
    ]


def test_accounts_and_groups() -> None:
    columns = ("operation", "user", "object", "object_id", "target_user", "target_user_sid", "target_user_upn")
    found = sample("event_hub.jsonl").rows("change", "object_kind", *columns)
    helper, local = "S-1-5-21-9-9-9-1001", "S-1-5-32-544"
    admins = "S-1-5-21-1004336348-1177238915-682003330-512"
    assert [change for change in found if change[0] in ("account", "group")] == [
        ("account", "created", "system", "helper", helper, "helper", helper, None),
        ("group", "member_added", "system", r"srv1\Administrators", local, "helper", helper, None),
        ("group", "member_added", "ann", r"ws1\Administrators", local, None, BOB_SID, None),
        ("group", "member_added", "bob", "Domain Admins", admins, None, None, "ann@contoso.example"),
        ("account", "password_reset", None, "ann@contoso.example", None, None, None, "ann@contoso.example"),
        ("account", "disabled", "bob", "ann@contoso.example", None, None, None, "ann@contoso.example"),
    ]


def test_what_is_known_of_accounts_and_devices_is_nobody_s_doing() -> None:
    columns = ("object_kind", "operation", "host", "user", "target_user", "target_user_domain", "target_user_sid")
    found = sample("event_hub.jsonl").rows("change", *columns, "target_user_upn", "details")
    assert [change for change in found if change[0] in ("device", "directory")] == [
        ("device", None, WS1, None, None, None, None, None, "Workstation, Windows11, Hybrid Azure AD Join"),
        *[
            (
                *("directory", None, None, None, "ann", "contoso.example", identifier),
                *("ann@contoso.example", "Controller, Finance"),
            )
            for identifier in (ANN_SID, ANN_ID)
        ],
    ]


def test_logons_that_the_directory_saw() -> None:
    columns = ("kind", "outcome", "reason", "user", "source_host", "target_user", "target_host", "package", "recorder")
    found = sample("log_analytics_query.json")
    assert found.rows("authentication", *columns) == [
        ("ticket_granting", "success", None, "ann", WS1, "krbtgt", None, "Kerberos", DC1),
        ("logon", "failure", "bad_password", "bob", WS1, None, None, "NTLM", DC1),
        ("ticket_service", "success", None, "bob", WS1, "srv1$", SRV1, "Kerberos", DC1),
        ("sign_in", "success", None, None, None, None, None, "OAuth2:Authorize", "Defender"),
    ]
    assert found.rows("authentication", "event_id") == sample("event_hub.jsonl").rows("authentication", "event_id")[4:8]
    assert found.rows("authentication", "record") == [(1,), (2,), (3,), (4,)]


def test_sign_ins_are_those_of_entra_s_own_logs() -> None:
    columns = (
        "kind",
        "outcome",
        "reason",
        "user_upn",
        "user_sid",
        "source_ip",
        "application",
        "mfa",
        "risk",
        "country",
    )
    assert sample("portal_signins.csv").rows("authentication", *columns, "device_trust") == [
        (
            *("sign_in", "success", None, "ann@contoso.example", ANN_ID, "198.51.100.7", "OfficeHome"),
            *("satisfied", "medium", "FR", "compliant"),
        ),
        (
            *("sign_in", "failure", "bad_password", "ann@contoso.example", ANN_ID, "198.51.100.7", "OfficeHome"),
            *(None, "none", "FR", "unmanaged"),
        ),
    ]
    from_graph = {
        "id": "ffffffff-0000-4000-8000-000000000001",
        "createdDateTime": "2026-03-02T09:50:00Z",
        "userPrincipalName": "ann@contoso.example",
        "appDisplayName": "OfficeHome",
        "ipAddress": "198.51.100.7",
    }
    same = read(entra.LOADER, Content(json.dumps(from_graph).encode())).rows("authentication", "event_id")
    assert sample("portal_signins.csv").rows("authentication", "event_id")[:1] == same
    columns = ("outcome", "user", "user_domain", "application", "target_service", "country")
    assert sample("spn_signins.csv").rows("authentication", *columns) == [
        ("failure", "Backup (34343434)", "ServicePrincipal", "Backup", "Microsoft Graph", "NL")
    ]


def test_messages_for_each_recipient() -> None:
    columns = ("message_id", "sender", "return_path", "recipient", "direction", "action", "source_ip", "spf", "dkim")
    found = sample("api_emails.json")
    assert found.rows("mail", *columns) == [
        *[
            (
                *("m1@evil.example", "billing@evil.example", "bounce@evil.example", recipient),
                *("inbound", "delivered", "203.0.113.80", "fail", "none"),
            )
            for recipient in ("ann@contoso.example", "bob@contoso.example")
        ],
        (
            *("m2@contoso.example", "ann@contoso.example", "ann@contoso.example", "bob@contoso.example"),
            *("internal", "quarantined", "198.51.100.7", None, None),
        ),
    ]
    assert found.rows("mail", "threats") == [(None,), (None,), (["Phish", "Malware"],)]
    assert (
        sample("graph_emails.json").rows("mail", "event_id", *columns) == found.rows("mail", "event_id", *columns)[:2]
    )


def test_links_attachments_and_what_came_of_messages() -> None:
    columns = ("network_id", "sender", "recipient", "urls", "attachments", "attachment_hashes")
    assert sample("portal_urls.csv").rows("mail", *columns) == [
        (MESSAGE, None, None, ["https://evil.example/login"], None, None),
        (MESSAGE, None, None, ["https://evil.example/img.png"], None, None),
    ]
    assert set(sample("portal_attachments.csv").rows("mail", *columns[:3])) == {(MESSAGE, None, None)}
    assert sample("portal_attachments.csv").rows("mail", *columns[4:])[0] == (["invoice.docm"], ["ee" * 32])
    found = sample("event_hub.jsonl")
    assert found.rows("mail", "code", "message_id", "recipient", "action") == [
        ("EmailPostDeliveryEvents/Phish ZAP", "m1@evil.example", "ann@contoso.example", "quarantined")
    ]
    assert found.rows("click", "user_upn", "action", "network_id", "source_ip") == [
        ("ann@contoso.example", "allowed", MESSAGE, "198.51.100.7"),
        ("bob@contoso.example", "overridden", MESSAGE, "198.51.100.7"),
    ]


def test_alerts_and_what_they_are_about() -> None:
    columns = ("product", "title", "level", "techniques", "host", "user", "source_ip", "rule")
    endpoint = "Microsoft Defender for Endpoint"
    assert sample("event_hub.jsonl").rows("alert", *columns) == [
        (
            endpoint,
            *["AsrLsassCredentialTheftBlocked", "high", None, WS1, "ann", None, "AsrLsassCredentialTheftBlocked"],
        ),
        (endpoint, "AntivirusDetection: Trojan:Win32/Example", "high", None, WS1, "ann", None, "AntivirusDetection"),
        (endpoint, "Suspicious service", "medium", ["T1021.002"], None, None, None, None),
        (endpoint, "Suspicious service", "medium", ["T1021.002"], SRV1, None, None, None),
        (endpoint, "Suspicious service", "medium", None, None, None, "10.1.0.21", None),
    ]


def test_an_audit_record_inside_is_the_one_of_the_audit_log() -> None:
    found = sample("event_hub.jsonl")
    assert found.rows("mailbox", "code", "user_upn", "rule_actions", "forward_to", "client_ip") == [
        ("UAL/New-InboxRule", "ann@contoso.example", ["forward"], ["x@evil.example"], "198.51.100.7")
    ]
    assert found.rows("authentication", "code", "user_upn", "application", "city")[8:] == [
        ("CloudAppEvents/Log on", "ann@contoso.example", "Salesforce", "Lyon")
    ]


def test_what_no_table_keeps_is_counted() -> None:
    assert sample("event_hub.jsonl").unused == {
        "CloudAppEvents/Run report": 1,
        "DeviceEvents/UsbDriveMounted": 1,
        "DeviceImageLoadEvents/ImageLoaded": 1,
        "DeviceNetworkEvents/ListeningConnectionCreated": 1,
        "DeviceRegistryEvents/RegistryKeyCreated": 1,
        "EmailPostDeliveryEvents/Phish ZAP": 1,
        "IdentityDirectoryEvents/Potential lateral movement path identified": 1,
        "IdentityQueryEvents/LDAP query": 1,
    }


@pytest.mark.parametrize(
    ("columns", "table"),
    [
        ("Timestamp,DeviceName,AccountName,LogonType,RemoteIP", "DeviceLogonEvents"),
        ("Timestamp,ActionType,AccountUpn,LogonType,Protocol,DeviceName,DestinationDeviceName", "IdentityLogonEvents"),
        ("Timestamp,DeviceName,ProcessCommandLine", "DeviceProcessEvents"),
        ("Timestamp,DeviceName,RemoteIP,RemotePort,InitiatingProcessFileName", "DeviceNetworkEvents"),
        ("Timestamp,NetworkMessageId,SenderFromAddress,RecipientEmailAddress,Subject", "EmailEvents"),
        ("Timestamp,NetworkMessageId,Url", "EmailUrlInfo"),
        ("Timestamp,NetworkMessageId,FileName,SHA256,RecipientEmailAddress", "EmailAttachmentInfo"),
        ("Timestamp,Url,AccountUpn,ActionType", "UrlClickEvents"),
        ("TimeGenerated [UTC],AccountUpn,ErrorCode,Application,IPAddress", "AADSignInEventsBeta"),
        ("Timestamp,AlertId,EntityType,DeviceName", "AlertEvidence"),
        ("Timestamp,Something,Else", ""),
        ("DeviceName,LogonType,RemoteIP", ""),
    ],
)
def test_a_table_is_told_by_the_columns_that_were_chosen(columns: str, table: str) -> None:
    record = dict.fromkeys(columns.split(","), "x")
    assert forms.table_of(*forms.opened(record)) == table
    assert forms.is_header(columns.split(",")) == bool(table)


def test_times_as_the_portal_shows_them() -> None:
    head = "Timestamp,DeviceName,DeviceId,AccountName,LogonType,ActionType\n"
    text = (
        head + '"Mar 2, 2026 9:11:00 AM",ws1,1,ann,Interactive,LogonSuccess\nyesterday,ws1,1,ann,Network,LogonSuccess\n'
    )
    found = read(defender.LOADER, Content(text.encode()))
    assert found.rows("authentication", "time") == [(1772442660000,)]
    assert [entry.reason for entry in found.quarantined] == ["Timestamp is not a time: 'yesterday'"]


def test_a_file_written_through_a_share_names_who_asked() -> None:
    columns = {
        "DeviceName": SRV1,
        "FolderPath": r"C:\Windows\Temp\a.exe",
        "FileName": "a.exe",
        "RequestSourceIP": "10.1.0.21",
        "RequestAccountName": "bob",
        "RequestAccountDomain": "CONTOSO",
        "ShareName": r"\\srv1\C$",
    }
    found = one("DeviceFileEvents", "FileCreated", **columns)
    assert found.rows("access", "user", "object", "path") == [("bob", "C$", r"C:\Windows\Temp\a.exe")]
    assert found.records == found.used == 1


def test_names_that_the_directory_s_servers_were_asked_for() -> None:
    columns = {
        "DeviceName": WS1,
        "DestinationDeviceName": DC1,
        "QueryTarget": "c2.example.net",
        "IPAddress": "10.1.0.21",
    }
    found = one("IdentityQueryEvents", "DNS query", **columns)
    assert found.rows("network", "kind", "recorder", "host", "target_host") == [("lookup", DC1, WS1, "c2.example.net")]


@SHARED_ONLY
@pytest.mark.parametrize(
    ("file", "records", "used", "rows"),
    [
        (
            "sekoia-intake-formats/defender_advanced_hunting.jsonl",
            39,
            27,
            {
                "access": 1,
                "alert": 6,
                "authentication": 4,
                "change": 4,
                "click": 1,
                "mail": 1,
                "mailbox": 2,
                "network": 3,
                "process": 5,
            },
        ),
        ("panther-analysis/defender_alerts.jsonl", 2, 2, {"alert": 2}),
        ("msticpy/mde_proc_cs1.csv.gz", 1564, 1564, {"process": 1564}),
    ],
)
def test_the_shared_telemetry(file: str, records: int, used: int, rows: dict[str, int]) -> None:
    source = one_source(DATA / file)
    assert defender.LOADER.claims(source)
    batches = list(defender.LOADER.read(source, Options()))
    assert (sum(batch.records for batch in batches), sum(batch.used for batch in batches)) == (records, used)
    found = {name: 0 for batch in batches for name in batch.tables}
    for batch in batches:
        for name, table in batch.tables.items():
            found[name] += table.num_rows
    assert found == rows
    assert not any(batch.quarantined for batch in batches)


def loaded(tmp_path: Path, *names: str) -> GraphStore:
    """The graph of these samples, all loaded together."""
    events = EventStore.open(tmp_path / "events")
    with events.appender() as appender:
        for name in names:
            source = one_source(SAMPLES / "defender" / name)
            reading = appender.begin(source, "defender")
            for batch in defender.LOADER.read(source, Options()):
                appender.append(reading, batch)
            appender.finish(reading)
    graph = empty_kglite()
    apply(events, graph, tmp_path / "deltas")
    return graph


def test_a_message_is_one_node_with_its_links_attachments_recipients_and_clicks(tmp_path: Path) -> None:
    names = ("api_emails.json", "portal_urls.csv", "portal_attachments.csv", "event_hub.jsonl")
    graph = loaded(tmp_path, *names)
    found = graph.query("MATCH (message:Message) RETURN message.key AS key, message.subject AS subject ORDER BY key")
    assert found == [
        {"key": MESSAGE, "subject": "Invoice 4711"},
        {"key": "bbbbbbbb-0000-4000-8000-000000000002", "subject": "Re: Invoice"},
    ]
    carried = graph.query(
        "MATCH (message:Message {key: $key})-[:LINKS_TO|ATTACHED]->(thing) RETURN thing.key AS key ORDER BY key",
        {"key": MESSAGE},
    )
    assert [row["key"] for row in carried] == ["e" * 64, "https://evil.example/img.png", "https://evil.example/login"]
    delivered = graph.query(
        "MATCH (message:Message {key: $key})-[to:DELIVERED_TO]->(box:Mailbox) "
        "RETURN box.key AS box, to.action AS action ORDER BY box, action",
        {"key": MESSAGE},
    )
    assert [(row["box"], row["action"]) for row in delivered] == [
        ("ann@contoso.example", "delivered"),
        ("ann@contoso.example", "quarantined"),
        ("bob@contoso.example", "delivered"),
    ]
    clicks = graph.query("MATCH (:User)-[click:CLICKED]->(:Url) RETURN DISTINCT click.message AS message")
    assert clicks == [{"message": MESSAGE}]


def test_a_person_is_one_user_and_a_logon_a_hop(tmp_path: Path) -> None:
    graph = loaded(tmp_path, "event_hub.jsonl", "portal_signins.csv")
    users = graph.query(
        "MATCH (user:User) WHERE user.upn = 'ann@contoso.example' RETURN user.key AS key, user.sid AS sid"
    )
    assert users == [{"key": "contoso\\ann", "sid": ANN_SID}]
    hops = graph.query(
        "MATCH (source:Host)-[hop:LOGON_TO]->(target:Host) "
        "RETURN source.key AS source, target.key AS target, hop.via AS via, hop.user AS user, hop.outcome AS outcome "
        "ORDER BY via, outcome, target, user"
    )
    assert [tuple(row.values()) for row in hops] == [
        (WS1, SRV1, "logon", "srv1\\administrator", "failure"),
        (WS1, SRV1, "logon", "contoso\\bob", "success"),
        (WS1, DC1.lower(), "share", "contoso\\bob", "success"),
        (WS1, SRV1, "share", "contoso\\bob", "success"),
        (WS1, SRV1, "share", SRV1, "success"),
        (WS1, SRV1, "ticket", "contoso\\bob", "success"),
    ]
    validated = graph.query(
        "MATCH (user:User)-[check:VALIDATED]->(host:Host) "
        "RETURN user.key AS user, host.key AS host, check.source AS source, check.reason AS reason"
    )
    assert [tuple(row.values()) for row in validated] == [("contoso\\bob", DC1.lower(), WS1, "bad_password")]
    parents = graph.query(
        "MATCH (parent:Process)-[:SPAWNED]->(child:Process) "
        "RETURN parent.name AS parent, child.name AS child ORDER BY parent"
    )
    assert [tuple(row.values()) for row in parents] == [
        ("powershell.exe", "net.exe"),
        ("winword.exe", "powershell.exe"),
    ]
