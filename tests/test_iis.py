"""IIS: requests to Exchange, and logons that were refused."""

import pytest

from graph_hunt.events.source import Options
from graph_hunt.loaders import iis
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")
EVIL, RIGHT = "203.0.113.9", "198.51.100.7"


def sample(name: str, options: Options | None = None) -> Reading:
    return read(iis.LOADER, Content((SAMPLES / "iis" / name).read_bytes(), name), options)


def test_requests_to_exchange() -> None:
    columns = (
        "record",
        "protocol",
        "outcome",
        "user",
        "user_domain",
        "user_upn",
        "mailbox",
        "client_ip",
        "soap_action",
    )
    ann = ("ann", "CONTOSO", None)
    assert sample("u_ex240603.log").rows("mailbox", *columns) == [
        (6, "ews", "success", *ann, "CONTOSO\\ann", EVIL, "FindItem"),
        (7, "ews", "success", *ann, "CONTOSO\\ann", EVIL, "FindItem"),
        (8, "activesync", "success", None, None, "bob@contoso.example", "bob@contoso.example", RIGHT, None),
        (9, "owa", "success", *ann, "CONTOSO\\ann", RIGHT, None),
        (10, "owa", "success", *ann, "shared@contoso.example", RIGHT, None),
        (11, "mapi", "success", *ann, "11111111-0000-4000-8000-000000000001@contoso.example", RIGHT, None),
        (12, "autodiscover", "failure", None, None, "eve@contoso.example", "eve@contoso.example", EVIL, None),
        (13, "autodiscover", "success", None, None, None, None, EVIL, None),
        (14, "powershell", "success", "admin", "CONTOSO", None, "CONTOSO\\admin", "10.0.0.8", None),
        (22, "ews", "failure", None, None, "ann@contoso.example", "ann@contoso.example", "2001:db8::9", "GetItem"),
    ]


def test_logons() -> None:
    columns = ("record", "code", "outcome", "reason", "user", "user_upn", "source_ip", "target_host", "application")
    assert sample("u_ex240603.log").rows("authentication", *columns) == [
        (9, "IIS/owa", "success", None, "ann", None, RIGHT, "EX01", "owa"),
        (12, "IIS/autodiscover", "failure", "bad_password", None, "eve@contoso.example", EVIL, "EX01", "autodiscover"),
        (16, "IIS/other", "failure", "locked", "eve", None, EVIL, "EX01", "web"),
    ]


def test_fields_that_change_dates_of_the_header_and_bad_lines() -> None:
    found = sample("u_ex240603.log")
    assert found.rows("mailbox", "time", "client")[-1] == (1717488000000, None)
    assert found.unused == {"IIS/handshake": 1, "IIS/monitoring": 1, "IIS/other": 1}
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [
        (18, "5 fields, expected 17"),
        (23, "it has no time that can be read"),
    ]


def test_requests_of_the_same_words_in_one_second_are_as_many_events() -> None:
    found = sample("u_ex240603.log").rows("mailbox", "event_id")
    assert len(set(found)) == 10


def test_the_own_format_of_iis_has_local_times() -> None:
    found = sample("own_format.log", Options(timezone="Europe/Vienna"))
    assert found.rows("mailbox", "time", "user", "protocol") == [(1717401600000, "ann", "ews")]
    assert [bad.record for bad in found.quarantined] == [3]


def test_requests_below_fields_without_a_path_are_kept_aside() -> None:
    log = b"#Fields: date time cs-uri-stem sc-status\n#Fields: date time\n2024-06-03 08:00:00\n"
    found = read(iis.LOADER, Content(log))
    assert [bad.reason for bad in found.quarantined] == ["the fields named above it hold no cs-uri-stem"]


def test_a_gateway_for_remote_desktops_is_not_exchange() -> None:
    log = (
        "#Fields: date time cs-method cs-uri-stem cs-uri-query cs-username c-ip sc-status\n"
        "2024-06-03 08:00:00 RPC_IN_DATA /rpc/rpcproxy.dll localhost:3388 CONTOSO\\ann 203.0.113.9 200\n"
        "2024-06-03 08:00:00 RPC_IN_DATA /rpc/rpcproxy.dll ex01:6001 CONTOSO\\ann 203.0.113.9 200\n"
        "2024-06-03 08:00:00 GET /api/orders - CONTOSO\\ann 203.0.113.9 200\n"
        "2024-06-03 08:00:00 GET /api/v2.0/me/messages - CONTOSO\\ann 203.0.113.9 200\n"
    )
    found = read(iis.LOADER, Content(log.encode()))
    assert found.rows("mailbox", "record", "protocol") == [(3, "rpc"), (5, "rest")]
    assert found.unused == {"IIS/other": 2}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"#Software: Microsoft Exchange Server\n#Fields: date-time,client-ip,event-id\n",
        b"#separator \\x09\n#fields\tts\tuid\n",
        b"#Fields: date time x-edge-location c-ip\n",
        b'203.0.113.9 - - [03/Jun/2024:10:00:00 +0000] "GET / HTTP/1.1" 200 1\n',
    ],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not iis.LOADER.claims(Content(content))


@SHARED_ONLY
@pytest.mark.parametrize(
    ("name", "records", "used"),
    [("plaso/iis/iis6.log", 12, 0), ("plaso/iis/iis7_owa.log", 3, 3), ("sekoia-intake-formats/iis.log", 1, 0)],
)
def test_real_logs_load_whole(name: str, records: int, used: int) -> None:
    found = read(iis.LOADER, Content((DATA / name).read_bytes()))
    assert (found.records, found.used, len(found.quarantined)) == (records, used, 0)
