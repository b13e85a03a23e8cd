"""Entra's logs: the same events from Graph, the portal, Azure Monitor, Log Analytics and PowerShell."""

import doctest

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import entra
from graph_hunt.loaders.entra import errors
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

ANN, OBJECT = "ann@contoso.example", "aaaaaaaa-0000-4000-8000-000000000001"
BOB = "bob@contoso.example"
SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")


def sample(name: str) -> Reading:
    return read(entra.LOADER, Content((SAMPLES / "entra" / name).read_bytes(), name))


def test_the_examples_hold() -> None:
    assert doctest.testmod(errors).failed == 0


def test_sign_ins_from_graph() -> None:
    found = sample("graph_signins.json")
    columns = ("code", "outcome", "reason", "mfa", "mfa_method", "risk", "package", "device_trust")
    push = "Mobile app notification"
    assert found.rows("authentication", *columns) == [
        ("Entra/SignIn", "success", None, "approved", push, "none", "Browser", "unmanaged"),
        ("Entra/SignIn", "failure", "mfa_denied", "denied", push, "none", "Browser", "unmanaged"),
        ("Entra/SignIn", "failure", "mfa_denied", "timeout", None, "none", "Browser", "unmanaged"),
        ("Entra/SignIn", "failure", "bad_password", None, None, "none", "IMAP4", None),
        ("Entra/SignIn", "failure", "blocked", None, None, "high", "Browser", "compliant"),
        ("Entra/NonInteractiveSignIn", "success", None, "satisfied", None, "none", "Browser", "unmanaged"),
    ]
    columns = ("user_upn", "user_sid", "source_ip", "country", "city", "latitude", "asn", "application", "session")
    assert found.rows("authentication", *columns)[0] == (
        *(ANN, OBJECT, "203.0.113.7", "FR", "Lyon", "45.76", "3215", "OfficeHome"),
        "20000000-0000-4000-8000-000000000001",
    )
    assert found.rows("authentication", *columns)[3] == (
        *(ANN, OBJECT, "2001:db8::7", None, None, None, None, "OfficeHome"),
        None,
    )


def test_a_sign_in_is_the_same_event_in_every_export() -> None:
    names = (
        *("graph_signins.json", "powershell_signins.json", "azure_monitor.jsonl"),
        *("log_analytics_signins.csv", "portal_signins.csv"),
    )
    same = ("event_id", "time", "outcome", "user_upn", "user_sid", "source_ip", "application", "target_service")
    more = ("package", "client", "country", "city", "asn", "mfa", "mfa_method", "session")
    found = {name: sample(name).rows("authentication", *same, *more)[0] for name in names}
    assert set(found.values()) == {found["graph_signins.json"]}
    failed = [sample(name).rows("authentication", "event_id", "reason", "source_ip") for name in names[:1]]
    for name in ("log_analytics_signins.csv", "portal_signins.csv"):
        assert failed[0][3] in sample(name).rows("authentication", "event_id", "reason", "source_ip")


def test_service_principals_are_accounts_of_their_own() -> None:
    columns = ("event_id", "code", "user", "user_domain", "user_sid", "source_ip", "package", "country")
    monitor = sample("azure_monitor.jsonl").rows("authentication", *columns)
    assert monitor[2][1:] == (
        *("Entra/ServicePrincipalSignIn", "Mail Backup (88888888)", "ServicePrincipal"),
        *("88888888-0000-4000-8000-000000000008", "198.51.100.20", "clientSecret", "NL"),
    )
    assert monitor[3][1:5] == (
        *("Entra/ManagedIdentitySignIn", "vm-1 (77777777)", "ServicePrincipal"),
        "77777777-0000-4000-8000-000000000007",
    )
    assert sample("portal_service_principals.csv").rows("authentication", *columns) == [monitor[2]]


def test_the_audit_log() -> None:
    found = sample("graph_audit.json")
    columns = ("code", "object_kind", "operation", "outcome", "user_upn", "object", "target_user_upn", "details")
    assert found.rows("change", *columns) == [
        ("Entra/Add member to role", "role", "member_added", "success", ANN, "Global Administrator", BOB, None),
        (
            "Entra/Consent to application",
            "app",
            "consented",
            "success",
            ANN,
            "Mail Backup",
            None,
            "admin consent, scopes: Mail.Read",
        ),
        (
            "Entra/User registered security info",
            "mfa_method",
            "created",
            "success",
            ANN,
            ANN,
            ANN,
            "User registered Authenticator App with Notification and Code",
        ),
        ("Entra/Add member to group", "group", "member_added", "success", None, "Finance", BOB, None),
        (
            "Entra/Add member to role completed (PIM activation)",
            "role",
            "member_added",
            "failure",
            ANN,
            "Exchange Administrator",
            None,
            None,
        ),
    ]
    assert found.rows("change", "object_id", "source_ip", "user")[1] == (
        *("99999999-0000-4000-8000-000000000009", "203.0.113.7"),
        None,
    )
    assert found.rows("change", "user", "user_domain")[3] == ("Sync Tool (55555555)", "ServicePrincipal")
    assert found.unused == {"Entra/Device no longer compliant": 1}
    assert sample("azure_monitor.jsonl").rows("change", "event_id") == found.rows("change", "event_id")
    assert sample("portal_audit.csv").rows("change", *columns) == found.rows("change", *columns)[:1]


def test_risk_detections() -> None:
    columns = ("title", "level", "user_upn", "source_ip", "techniques", "details")
    expected = [
        *(("unfamiliarFeatures", "high", ANN, "203.0.113.7", ["T1078.004"], "signin; Lyon, FR; atRisk"),),
    ]
    assert sample("graph_risk.json").rows("alert", *columns) == expected
    assert sample("azure_monitor.jsonl").rows("alert", *columns) == expected


def test_every_record_of_azure_monitor_is_answered_for() -> None:
    found = sample("azure_monitor.jsonl")
    assert (found.records, found.used) == (12, 10)
    assert found.unused == {"Entra/Device no longer compliant": 1, "Entra/Other": 1}


def test_what_has_no_time_is_kept_aside() -> None:
    content = b'{"createdDateTime":"soon","userPrincipalName":"a@b.example","appId":"x","ipAddress":"203.0.113.7"}\n'
    found = read(entra.LOADER, Content(content + b'{"Event":{}}\n{"x'))
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [
        (1, "it has no time that can be read"),
        (2, "not a record of an Entra log"),
        (3, "not JSON"),
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b'{"CreationTime":"x","Operation":"y","Workload":"Exchange"}\n', b"Date (UTC),User\n1,2\n"],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not entra.LOADER.claims(Content(content))


@SHARED_ONLY
@pytest.mark.parametrize(
    ("name", "records", "used", "events", "quarantined"),
    [
        ("sekoia-intake-formats/entra_azuread_diagnostic.jsonl", 13, 11, 11, 0),
        ("sekoia-intake-formats/entra_graphapi.jsonl", 40, 40, 40, 0),
        ("panther-analysis/entra_signin.jsonl", 25, 24, 20, 0),
        ("msticpy/SigninLogs.jsonl", 59, 59, 31, 0),
        ("sentinel-training-lab/disable_accounts.csv", 4, 4, 4, 0),
        # This export was made without its time column.
        ("sentinel-training-lab/AuditLogs_Hunting.csv", 5, 0, 0, 5),
    ],
)
def test_real_exports_load_whole(name: str, records: int, used: int, events: int, quarantined: int) -> None:
    source = one_source(DATA / name)
    assert entra.LOADER.claims(source)
    batches = list(entra.LOADER.read(source, Options()))
    found = {identity for b in batches for rows in b.tables.values() for identity in rows["event_id"].to_pylist()}
    assert sum(batch.records for batch in batches) == records
    assert sum(batch.used for batch in batches) == used
    assert sum(len(batch.quarantined) for batch in batches) == quarantined
    assert len(found) == events
