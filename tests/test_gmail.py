"""Gmail's log: messages, what was done with them, and links that were opened; from BigQuery and the Reports API."""

from graph_hunt.loaders import google_workspace
from tests.paths import SAMPLES
from tests.sources import Content, Reading, read

ANN, BOB = "ann@acme.example", "bob@acme.example"


def sample(name: str) -> Reading:
    return read(google_workspace.LOADER, Content((SAMPLES / "google_workspace" / name).read_bytes(), name))


def test_messages_of_the_daily_tables() -> None:
    found = sample("gmail_daily.jsonl")
    columns = ("record", "time", "message_id", "sender", "return_path", "recipient", "action", "direction", "source_ip")
    lure = ("c0ffee.1@bulk.example", "it-support@acme.example", "bounce-71@bulk.example")
    spam = ("spam.2@bulk.example", "x@bulk.example", "x@bulk.example")
    assert found.rows("mail", *columns) == [
        (1, 1717402507123, *lure, ANN, "junked", "inbound", "203.0.113.77"),
        (1, 1717402507123, *lure, BOB, "junked", "inbound", "203.0.113.77"),
        (3, 1717402508000, *spam, ANN, "blocked", None, "203.0.113.78"),
        (4, 1717402509000, "out.1@acme.example", ANN, ANN, "carl@fabrikam.example", "sent", "outbound", "198.51.100.7"),
    ]
    columns = ("spf", "dkim", "dmarc", "threats", "urls", "relays", "attachments", "size")
    assert found.rows("mail", *columns)[0] == (
        *("fail", "pass", "fail", ["phishing"], ["http://login.bulk.example"], ["203.0.113.77", "198.51.100.9"]),
        *(["invoice.html"], 3549),
    )
    assert found.rows("mail", "attachment_hashes")[0] == (
        ["5c533de534097354386ada96ee65c134891b08ef403210c7a9c995a2588939cf"],
    )
    assert found.unused == {"GoogleWorkspace/gmail/delivery": 1}


def test_what_was_done_with_messages() -> None:
    found = sample("gmail_reports.json")
    columns = ("operation", "user_upn", "mailbox", "logon_kind", "protocol", "client_ip", "message_ids", "subject")
    assert found.rows("mailbox", *columns) == [
        ("access", BOB, ANN, "delegate", "imap", "203.0.113.9", ["c0ffee.1@bulk.example"], "Invoice"),
        ("delete", ANN, ANN, "owner", None, "203.0.113.9", None, None),
    ]
    assert found.rows("click", "user_upn", "url", "message_id", "source_ip") == [
        (ANN, "https://login.bulk.example/a?id=71", "c0ffee.1@bulk.example", "198.51.100.7"),
    ]
    assert found.rows("mail", "recipient", "action", "direction", "urls") == [
        (ANN, "delivered", "internal", ["http://a.example", "http://b.example"]),
    ]
    assert found.unused == {"GoogleWorkspace/gmail/delivery": 1}
