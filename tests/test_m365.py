"""The Unified Audit Log: the same records from every export, and what each operation becomes."""

import doctest

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import _directory, m365
from graph_hunt.loaders.m365 import record
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

ANN = "Ann@contoso.example"
SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")


def sample(name: str) -> Reading:
    return read(m365.LOADER, Content((SAMPLES / "m365" / name).read_bytes(), name))


@pytest.fixture(scope="module")
def log() -> Reading:
    return sample("management_activity.jsonl")


def row(log: Reading, table: str, number: int, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(r[c] for c in columns) for r in log.tables[table] if r["record"] == number]


def test_the_examples_hold() -> None:
    assert doctest.testmod(_directory).failed == 0
    assert doctest.testmod(record).failed == 0


def test_every_record_is_answered_for(log: Reading) -> None:
    assert (log.records, log.used, log.unused) == (30, 28, {"UAL/Set-Mailbox": 1, "UAL/Set-MailboxPlan": 1})


def test_sign_ins(log: Reading) -> None:
    columns = ("outcome", "reason", "user_upn", "user_sid", "source_ip", "source_port", "application", "mfa")
    assert row(log, "authentication", 1, *columns, "client", "device_trust", "target_service") == [
        (
            "success",
            None,
            ANN,
            "aaaaaaaa-0000-4000-8000-000000000001",
            "203.0.113.7",
            None,
            "Office 365 Exchange Online",
            None,
            "Mozilla/5.0 (X11)",
            "unmanaged",
            "Microsoft Graph",
        )
    ]
    assert row(log, "authentication", 2, *columns) == [
        (
            "failure",
            "bad_password",
            "ANN@CONTOSO.EXAMPLE",
            "aaaaaaaa-0000-4000-8000-000000000001",
            "2001:db8::7",
            50123,
            "OfficeHome",
            None,
        )
    ]
    assert row(log, "authentication", 3, "reason", "mfa") == [("mfa_denied", "denied")]
    assert row(log, "authentication", 23, "kind", "user_upn", "source_ip", "session") == [
        ("session", "Eve@partner.example", "198.51.100.4", "eeeeeeee-0000-4000-8000-000000000005")
    ]


def test_mail_items_accessed(log: Reading) -> None:
    columns = ("operation", "mailbox", "logon_kind", "protocol", "client_ip", "items", "throttled", "folder")
    assert row(log, "mailbox", 4, *columns, "client", "message_ids") == [
        (
            "access",
            "ann@contoso.example",
            "owner",
            "graph",
            "203.0.113.7",
            3,
            False,
            r"\Inbox; \Sent Items",
            "Client=REST;Client=RESTSystem; app 3a278062-7639-4075-8973-bd650d7bf415",
            ["m1@contoso.example", "m2@contoso.example", "m3@contoso.example"],
        )
    ]
    assert row(log, "mailbox", 5, *columns) == [
        ("sync", "ann@contoso.example", "owner", "imap", "203.0.113.7", None, True, r"\Inbox")
    ]


def test_items_sent_and_removed(log: Reading) -> None:
    assert row(log, "mailbox", 6, "operation", "user_upn", "mailbox", "logon_kind", "subject") == [
        ("send_as", ANN, "finance@contoso.example", "delegate", "Invoice")
    ]
    assert row(log, "mailbox", 7, "operation", "protocol", "items", "subject", "folder") == [
        ("delete", "ews", 2, "Security alert", r"\Recoverable Items\Deletions")
    ]


def test_rules(log: Reading) -> None:
    columns = ("operation", "mailbox", "rule_name", "rule_actions", "rule_conditions", "forward_to", "folder")
    assert row(log, "mailbox", 8, *columns, "client_ip") == [
        (
            "rule_created",
            ANN,
            ".",
            ["move", "mark_read", "stop"],
            ["SubjectOrBodyContainsWords: invoice;payment"],
            None,
            "RSS Subscriptions",
            "203.0.113.7",
        )
    ]
    assert row(log, "mailbox", 9, *columns) == [
        (
            "rule_changed",
            "bob@contoso.example",
            "(no name)",
            ["forward"],
            None,
            ["a@evil.example", "b@evil.example"],
            None,
        )
    ]
    assert row(log, "mailbox", 10, *columns) == [
        (
            "rule_created",
            "ann@contoso.example",
            "x",
            ["forward", "delete"],
            ["{(SubString IgnoreCase(SubjectProperty)=invoice)}"],
            ["c@evil.example"],
            None,
        )
    ]
    assert row(log, "mailbox", 14, *columns) == [
        (
            "transport_rule_created",
            None,
            "Archive",
            ["copy"],
            ["FromScope: InOrganization"],
            ["copy@evil.example"],
            None,
        )
    ]


def test_forwarding_and_rights(log: Reading) -> None:
    columns = ("operation", "mailbox", "forward_to", "rule_actions")
    assert row(log, "mailbox", 11, *columns) == [
        ("forwarding_set", "Bob@contoso.onmicrosoft.com", ["Drop@Evil.example"], ["forward", "keep"])
    ]
    assert row(log, "mailbox", 12, *columns) == [("forwarding_removed", "bob@contoso.example", None, ["forward"])]
    columns = ("operation", "mailbox", "grantee", "rights", "folder")
    assert row(log, "mailbox", 15, *columns) == [
        ("permission_granted", "cfo@contoso.example", "mallory@contoso.example", ["FullAccess"], None)
    ]
    assert row(log, "mailbox", 16, *columns) == [
        ("permission_granted", "cfo@contoso.example", "Default@contoso.onmicrosoft.com", ["Reviewer"], r"\Inbox")
    ]
    assert row(log, "mailbox", 17, *columns) == [
        ("permission_granted", "ann@contoso.example", "Everyone", ["ReadAny", "Visible"], r"\Inbox")
    ]


def test_the_directory(log: Reading) -> None:
    columns = ("object_kind", "operation", "user_upn", "object", "object_id", "target_user_upn", "details")
    bob = "bob@contoso.example"
    assert row(log, "change", 18, *columns) == [
        (
            "app",
            "consented",
            ANN,
            "Mail Backup",
            "99999999-0000-4000-8000-000000000009",
            None,
            "admin consent, on behalf of all users, scopes: Mail.ReadWrite offline_access",
        )
    ]
    assert row(log, "change", 19, *columns[:5]) == [
        ("app_credential", "changed", ANN, "Mail Backup", "77777777-0000-4000-8000-000000000007")
    ]
    assert row(log, "change", 20, *columns) == [
        ("role", "member_added", ANN, "Global Administrator", "62e90394-69f5-4237-9190-012177145e10", bob, None)
    ]
    assert row(log, "change", 21, *columns[:4], "target_user_sid", "value") == [
        (
            "mfa_method",
            "created",
            ANN,
            "StrongAuthenticationMethod",
            "bbbbbbbb-0000-4000-8000-000000000002",
            '{"MethodType":6,"Default":true}',
        )
    ]
    assert row(log, "change", 22, "user", "user_domain", "user_sid", "object", "target_user_upn") == [
        ("Sync Tool (55555555)", "ServicePrincipal", "55555555-0000-4000-8000-000000000055", "Finance", bob)
    ]
    assert row(log, "change", 27, "object_kind", "operation", "details") == [
        ("log", "disabled", "UnifiedAuditLogIngestionEnabled: False")
    ]
    assert row(log, "change", 28, "object_kind", "operation", "object") == [("policy", "changed", "Require MFA")]
    assert row(log, "change", 29, "object", "target_user_upn") == [
        ("Finance", "eve_partner.example#EXT#@contoso.onmicrosoft.com"),
        ("Finance", bob),
    ]


def test_threats(log: Reading) -> None:
    assert row(log, "alert", 24, "product", "title", "level", "user_upn", "details") == [
        (
            "Microsoft 365",
            "Creation of forwarding/redirect rule",
            "informational",
            "ann@contoso.example",
            "Someone set up forwarding",
        )
    ]
    assert row(
        log, "mail", 25, "time", "message_id", "sender", "recipient", "action", "dmarc", "attachment_hashes"
    ) == [
        (1715587140000, "p1@evil.example", "ceo@evil.example", "ann@contoso.example", "delivered", "fail", ["abcd"]),
        (1715587140000, "p1@evil.example", "ceo@evil.example", "bob@contoso.example", "delivered", "fail", ["abcd"]),
    ]
    assert row(log, "click", 26, "time", "user_upn", "url", "action", "source_ip") == [
        (1715587830000, ANN, "https://evil.example/login", "blocked", "203.0.113.7")
    ]


def test_every_export_gives_the_same_events(log: Reading) -> None:
    def events(reading: Reading) -> set[object]:
        return {event["event_id"] for rows in reading.tables.values() for event in rows}

    wanted = {r["event_id"] for rows in log.tables.values() for r in rows if r["record"] in (1, 2, 8, 11)}
    assert len(wanted) == 4
    for name in ("search_unified_audit_log.csv", "purview.csv", "extractor_suite.json", "graph_query.json"):
        assert events(sample(name)) == wanted, name
    office = sample("office_activity.csv")
    assert events(office) < wanted
    assert office.rows("mailbox", "rule_name", "forward_to", "client_ip") == [
        (".", None, "203.0.113.7"),
        (None, ["Drop@Evil.example"], "203.0.113.7"),
    ]


def test_a_record_twice_in_an_export_is_one_event_and_a_broken_one_is_kept_aside() -> None:
    found = sample("search_unified_audit_log.csv")
    assert (found.records, found.used) == (7, 6)
    assert len(found.tables["authentication"]) == 4
    assert len({event["event_id"] for event in found.tables["authentication"]}) == 2
    assert [(bad.record, bad.reason[:24]) for bad in found.quarantined] == [(7, "AuditData is not JSON: u")]


@pytest.mark.parametrize(
    ("written", "kind", "columns"),
    [
        ("Ann@contoso.example", 0, {"user_upn": "Ann@contoso.example"}),
        ("NT AUTHORITY\\SYSTEM (Microsoft.Exchange.Servicehost)", 3, {"user": "SYSTEM", "user_domain": "NT AUTHORITY"}),
        ("live.com#eve@partner.example", 0, {"user_upn": "eve@partner.example"}),
        ("eve_p.example#EXT#@t.onmicrosoft.com", 0, {"user_upn": "eve_p.example#EXT#@t.onmicrosoft.com"}),
        ("S-1-5-18", 2, {"user_sid": "S-1-5-18"}),
        ("AAAAAAAA-0000-4000-8000-000000000001", 0, {"user_sid": "aaaaaaaa-0000-4000-8000-000000000001"}),
        ("aaaaaaaa-0000-4000-8000-000000000001", 5, {}),
        ("urn:spo:anon#2d3f", 0, {}),
        ("Not Available", 4, {}),
        ("app@sharepoint", 0, {"user": "app@sharepoint"}),
        ("Certificate", 4, {}),
        ("A.PROD.OUTLOOK.COM/Hosted/t.example/ann", 0, {"user": "ann", "user_domain": "t.example"}),
    ],
)
def test_whoever_a_record_names(written: str, kind: int, columns: dict[str, str]) -> None:
    assert record.account_of(written, kind) == columns


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        b'{"Timestamp":"x","Operation":"y"}\n',
        b'{"Event":{}}',
        b"\x89PNG",
        b"Operation,UserId\nx,y\n",
    ],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not m365.LOADER.claims(Content(content))


@SHARED_ONLY
@pytest.mark.parametrize(
    ("name", "records", "used", "quarantined"),
    [
        ("o365_dataset/auditrecords_2021-06_07.csv.gz", 4842, 1912, 0),
        ("o365_dataset/search-unifiedauditlog_2021-06_07.csv.gz", 4842, 1912, 0),
        ("sekoia-intake-formats/o365_management_activity.jsonl", 37, 27, 0),
        ("panther-analysis/o365.jsonl", 8, 8, 0),
        ("plaso/jsonl/microsoft_audit_log.jsonl", 4, 2, 0),
        ("sentinel-training-lab/office_activity_inbox_rule.csv", 2, 2, 0),
        ("msticpy/demo_exchange_data.csv.gz", 1334, 910, 0),
    ],
)
def test_real_exports_load_whole(name: str, records: int, used: int, quarantined: int) -> None:
    source = one_source(DATA / name)
    assert m365.LOADER.claims(source)
    batches = list(m365.LOADER.read(source, Options()))
    assert sum(batch.records for batch in batches) == records
    assert sum(batch.used for batch in batches) == used
    assert sum(len(batch.quarantined) for batch in batches) == quarantined


@SHARED_ONLY
def test_both_exports_of_one_log_give_the_same_events() -> None:
    found = []
    for name in ("auditrecords_2021-06_07.csv.gz", "search-unifiedauditlog_2021-06_07.csv.gz"):
        tables = [b.tables for b in m365.LOADER.read(one_source(DATA / "o365_dataset" / name), Options())]
        found.append({identity for t in tables for rows in t.values() for identity in rows["event_id"].to_pylist()})
    assert found[0] == found[1]
    assert len(found[0]) == 798
