"""Google Workspace's audit events: from the Reports API, collectors, BigQuery and Cloud Logging."""

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import google_workspace
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

ANN, ADMIN, NEW, BOB = (f"{name}@acme.example" for name in ("ann", "admin", "new", "bob"))
HOME, ABROAD = "198.51.100.7", "203.0.113.9"
SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")


def sample(name: str) -> Reading:
    return read(google_workspace.LOADER, Content((SAMPLES / "google_workspace" / name).read_bytes(), name))


def test_sign_ins_and_second_factors() -> None:
    columns = ("kind", "outcome", "reason", "source_ip", "application", "mfa", "mfa_method", "risk", "country")
    assert sample("activities.jsonl").rows("authentication", *columns) == [
        ("sign_in", "success", None, HOME, "Google", "satisfied", "google_prompt", None, "FR"),
        ("sign_in", "failure", "bad_password", ABROAD, "Google", None, None, None, None),
        ("sign_in", "failure", "mfa_denied", ABROAD, "Google", "denied", "google_prompt", None, None),
        ("sign_in", "success", None, ABROAD, "Google", "not_required", None, "high", None),
        ("mfa", "failure", "mfa_denied", ABROAD, "Google", "denied", "idv_any_phone", None, None),
        ("logoff", "success", None, HOME, "Google", None, None, None, None),
        ("sign_in", "success", None, HOME, "AWS", None, None, None, None),
        ("sign_in", "failure", "other", HOME, "AWS", None, None, None, None),
        ("session", "success", None, ABROAD, "Google Drive", None, None, None, None),
        ("session", "success", None, ABROAD, "Google Drive", None, None, None, None),
        ("sign_in", "failure", "blocked", ABROAD, "GMAIL", None, None, None, None),
    ]


def test_changes_by_administrators_and_users() -> None:
    columns = ("object_kind", "operation", "user_upn", "object", "target_user_upn", "details")
    scopes = "https://mail.google.com/ https://www.googleapis.com/auth/"
    assert sample("activities.jsonl").rows("change", *columns) == [
        ("app", "consented", ANN, "Mail Helper", None, f"WEB, scopes: {scopes}drive"),
        ("app", "deleted", ANN, "Mail Helper", None, "WEB, scopes: https://mail.google.com/"),
        ("account", "created", ADMIN, NEW, NEW, "CREATE_USER"),
        ("role", "member_added", ADMIN, "_SEED_ADMIN_ROLE", NEW, None),
        ("role", "member_added", ADMIN, "Super Admin", NEW, None),
        ("account", "password_reset", ADMIN, BOB, BOB, "CHANGE_PASSWORD"),
        (
            *("app", "consented", ADMIN, "1234567890", None),
            f"domain-wide delegation, scopes: {scopes}admin.directory.user",
        ),
        ("group", "member_added", ADMIN, "admins@acme.example", NEW, None),
        ("policy", "changed", ADMIN, "acme", None, "ENFORCE_STRONG_AUTHENTICATION, acme"),
        ("mfa_method", "deleted", ANN, ANN, ANN, "2sv_disable"),
        # Cloud Identity says it twice, of the user and of the member.
        ("group", "member_added", ADMIN, "admins@acme.example", BOB, None),
        ("device", "created", ANN, "Pixel", ANN, None),
    ]


def test_mail_that_is_sent_on() -> None:
    columns = ("operation", "user_upn", "mailbox", "forward_to", "client_ip")
    assert sample("activities.jsonl").rows("mailbox", *columns) == [
        ("forwarding_set", ADMIN, BOB, ["spy@acme.example"], HOME),
        ("forwarding_set", ANN, ANN, ["x@evil.example"], ABROAD),
    ]


def test_what_google_warns_of() -> None:
    columns = ("title", "level", "user_upn", "rule")
    assert sample("activities.jsonl").rows("alert", *columns) == [
        ("suspicious_login", "high", BOB, "suspicious_login"),
        ("DEVICE_COMPROMISED_EVENT", "high", ANN, "DEVICE_COMPROMISED_EVENT"),
        ("IBAN shared", "high", ANN, "policies/a"),
    ]


def test_what_is_not_used_is_counted_and_what_has_no_time_is_kept_apart() -> None:
    found = sample("activities.jsonl")
    assert found.unused == {
        "GoogleWorkspace/admin/ALERT_CENTER_VIEW": 1,
        "GoogleWorkspace/calendar/change_event": 1,
        "GoogleWorkspace/gmail/delivery": 1,
        "GoogleWorkspace/token/activity": 1,
    }
    assert [(entry.record, entry.reason) for entry in found.quarantined] == [
        (31, "id.time is not a time: 'not a time'")
    ]


@pytest.mark.parametrize("name", ["page.json", "panther.jsonl", "bigquery.jsonl", "cloud_logging.json"])
def test_an_event_is_the_same_in_every_export(name: str) -> None:
    columns = ("event_id", "time", "code", "user_upn", "source_ip", "reason", "mfa", "mfa_method", "package")
    found, activities = sample(name), sample("activities.jsonl")
    assert found.rows("authentication", *columns) == activities.rows("authentication", *columns)[:3]
    if "change" in found.tables:
        columns = ("event_id", "code", "object", "target_user_upn")
        assert found.rows("change", *columns) == activities.rows("change", *columns)[2:4]


@SHARED_ONLY
@pytest.mark.parametrize(
    ("file", "records", "used", "quarantined"),
    [
        ("sekoia-intake-formats/google_workspace_reports.jsonl", 24, 8, 0),
        # Rules' unit tests, a third of them without a time.
        ("panther-analysis/google_workspace.jsonl", 60, 38, 21),
    ],
)
def test_the_shared_telemetry(file: str, records: int, used: int, quarantined: int) -> None:
    source = one_source(DATA / file)
    assert google_workspace.LOADER.claims(source)
    batches = list(google_workspace.LOADER.read(source, Options()))
    assert sum(batch.records for batch in batches) == records
    assert sum(batch.used for batch in batches) == used
    assert sum(len(batch.quarantined) for batch in batches) == quarantined
