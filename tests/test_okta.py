"""Okta's System Log: from the API, event streams, hooks, the console's CSV and Log Analytics."""

import doctest

import pytest

from graph_hunt.loaders import _countries, okta
from graph_hunt.loaders.okta import forms
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

ANN, ADMIN, NEW, BOB = (f"{name}@acme.example" for name in ("ann", "admin", "new", "bob"))
HOME, ABROAD = "198.51.100.7", "203.0.113.9"


def sample(name: str) -> Reading:
    return read(okta.LOADER, Content((SAMPLES / "okta" / name).read_bytes(), name))


def test_the_examples_hold() -> None:
    assert [doctest.testmod(module).failed for module in (_countries, forms)] == [0, 0]


def test_sign_ins_and_pushes() -> None:
    columns = (
        "kind",
        "outcome",
        "reason",
        "user_upn",
        "application",
        "package",
        "mfa",
        "mfa_method",
        "risk",
        "country",
    )
    push = "OKTA_VERIFY_PUSH"
    assert sample("system_log.json").rows("authentication", *columns) == [
        ("sign_in", "success", None, ANN, "Okta", "PASSWORD", None, None, "medium", "FR"),
        ("sign_in", "failure", "bad_password", ANN, "Okta", "PASSWORD", None, None, None, "NL"),
        ("sign_in", "failure", "unknown_user", "nobody@acme.example", "Okta", None, None, None, None, "NL"),
        ("sign_in", "failure", "locked", ANN, "Okta", None, None, None, None, "NL"),
        ("sign_in", "success", None, ANN, "Okta (AD_agent)", "AD_agent", None, None, None, "FR"),
        ("mfa", None, None, ANN, "Okta", None, None, "okta_verify_push", None, "NL"),
        ("mfa", "failure", "mfa_denied", ANN, "Okta", None, "denied", "okta_verify_push", None, "NL"),
        ("mfa", "failure", "mfa_denied", ANN, "Okta", None, "timeout", push, None, "NL"),
        ("mfa", "success", None, ANN, "Okta", None, "approved", push, "high", "NL"),
        ("sign_in", "success", None, ANN, "Salesforce.com", None, None, None, None, "FR"),
        ("sign_in", "failure", "blocked", ANN, "Salesforce.com", None, None, None, None, "NL"),
        ("sign_in", "success", None, ADMIN, "Okta Admin Console", None, None, None, None, "FR"),
        ("logoff", "success", None, ANN, "Okta", None, None, None, None, "FR"),
    ]
    columns = ("source_ip", "city", "latitude", "longitude", "asn", "device", "device_trust", "session", "client")
    assert sample("system_log.json").rows("authentication", *columns)[0] == (
        *(HOME, "Lyon", "45.76", "4.83", "64500", "ANN-LAPTOP", "managed", "sess1"),
        "Mozilla/5.0 (Windows NT 10.0)",
    )


def test_changes() -> None:
    columns = ("object_kind", "operation", "user_upn", "object", "target_user_upn")
    assert sample("system_log.json").rows("change", *columns) == [
        ("role", "member_added", ADMIN, "Super administrator", NEW),
        ("group", "member_added", ADMIN, "Admins", NEW),
        ("app", "member_added", ADMIN, "Salesforce.com", NEW),
        ("account", "created", ADMIN, NEW, NEW),
        ("mfa_method", "deleted", ADMIN, BOB, BOB),
        ("account", "password_reset", ADMIN, BOB, BOB),
        ("app_credential", "created", ADMIN, "sync", None),
        ("policy", "changed", ADMIN, "Catch-all", None),
        ("device", "created", ANN, "Pixel", ANN),
        ("app", "consented", ANN, "Mail Helper", None),
    ]


def test_warnings_and_what_is_not_used() -> None:
    found = sample("system_log.json")
    assert found.rows("alert", "title", "level", "user_upn", "source_ip", "details") == [
        ("User report suspicious activity", "high", ANN, ABROAD, None),
        ("Request from suspicious actor", "high", None, ABROAD, "Password Spray"),
    ]
    # What a policy allowed goes on to the session's own event.
    assert found.unused == {"Okta/policy.evaluate_sign_on": 1, "Okta/system.email.send_factor_verify_message": 1}


@pytest.mark.parametrize(
    ("name", "records", "sign_ins", "changes"),
    [
        ("event_stream.jsonl", 4, 4, 0),
        ("event_hook.json", 1, 2, 0),
        ("console.csv", 16, 12, 3),
        ("log_analytics.jsonl", 14, 12, 1),
    ],
)
def test_an_event_is_the_same_in_every_export(name: str, records: int, sign_ins: int, changes: int) -> None:
    found, log = sample(name), sample("system_log.json")
    assert found.records == records
    columns = (
        "event_id",
        "kind",
        "outcome",
        "reason",
        "user_upn",
        "source_ip",
        "application",
        "mfa",
        "risk",
        "country",
    )
    assert found.rows("authentication", *columns) == log.rows("authentication", *columns)[:sign_ins]
    columns = ("event_id", "object_kind", "operation", "object", "target_user_upn")
    assert found.rows("change", *columns) == log.rows("change", *columns)[:changes]
