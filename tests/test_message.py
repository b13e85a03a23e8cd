"""Messages: headers, the way they came, links, attachments, and what is broken in them."""

import doctest

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options
from graph_hunt.loaders import _links, message
from graph_hunt.loaders.message import headers
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

ANN = "ann@contoso.example"
SHARED_ONLY = pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")


def sample(name: str, options: Options | None = None) -> Reading:
    return read(message.LOADER, Content((SAMPLES / "message" / name).read_bytes(), name), options)


def written(*lines: str, end: str = "\n") -> Reading:
    """Read a message of these lines, which have a sender and a date unless they say otherwise."""
    begun = ["From: a@bulk.example", "Date: Mon, 3 Jun 2024 10:00:00 +0000", *lines]
    return read(message.LOADER, Content(end.join(begun).encode("utf-8", "surrogateescape")))


@pytest.mark.parametrize("module", [_links, headers])
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_lure_as_exchange_online_delivered_it() -> None:
    found = sample("lure.eml")
    assert found.rows("mail", "recipient") == [(ANN,), ("bob@contoso.example",), ("joerg@fabrikam.example",)]
    columns = ("time", "message_id", "network_id", "sender", "sender_name", "reply_to", "return_path", "subject")
    assert found.rows("mail", *columns)[0] == (
        1717402509000,
        "c0ffee.1@bulk.example",
        "3b2f6a10-0000-4000-8000-00000000000a",
        "it-support@contoso.example",
        "Contoso IT\u200bSupport",
        "desk@mail-box.example",
        "bounce-71@bulk.example",
        "Ihr Passwort läuft heute ab ⚠",
    )
    columns = ("action", "threats", "client", "spf", "dkim", "dmarc", "direction", "recorder")
    assert found.rows("mail", *columns)[0] == (
        *("junked", ["phishing"], "PHPMailer 6.8.1", "softfail", "fail", "fail", None),
        "DB9PR01MB1.eurprd01.prod.outlook.com",
    )
    assert found.rows("mail", "source_ip", "relays")[0] == (
        "203.0.113.77",
        ["2603:10a6:20b:3b::10", "2603:10a6:20b:3b:cafe::8f", "203.0.113.77", "198.51.100.9"],
    )


def test_links_are_found_in_text_html_and_attached_html_and_unwrapped() -> None:
    assert sample("lure.eml").rows("mail", "urls")[0] == (
        [
            "https://login.bulk.example/a?id=71",
            "https://eur01.safelinks.protection.outlook.com/"
            "?url=https%3A%2F%2Flogin.bulk.example%2Fa%3Fid%3D71&data=05%7C02&reserved=0",
            "https://urldefense.com/v3/__https://sso.bulk.example/x*y__;Kw!!AbC$",
            "https://sso.bulk.example/x+y",
            "https://forms.bulk.example/post",
            "https://bulk.example/r",
            "http://www.bulk.example/hilfe",
            "http://smuggle.example/z",
        ],
    )


def test_attachments_have_names_and_hashes() -> None:
    assert sample("lure.eml").rows("mail", "attachments", "attachment_hashes")[0] == (
        ["Rechnung Übersicht.html", "pläne.zip"],
        [
            "5c533de534097354386ada96ee65c134891b08ef403210c7a9c995a2588939cf",
            "4dec01182504ab331701fe29816d0764e5e6b23f944fcfe4493a601bd30a2f1c",
        ],
    )


def test_the_messages_of_an_mbox() -> None:
    found = sample("archive.mbox")
    columns = ("record", "code", "message_id", "recipient", "action", "source_ip")
    assert found.rows("mail", *columns) == [
        (1, "Message/received", "20240604060000.7A1@mx.contoso.example", ANN, "delivered", None),
        (1, "Message/attached", "offer.1@contoso.example", "nobody@fabrikam.example", "bounced", "192.0.2.20"),
        (2, "Message/received", "report.1@contoso.example", "abuse@contoso.example", "delivered", "192.0.2.1"),
        (2, "Message/attached", "lure.7@bulk.example", "reporter@contoso.example", "delivered", "203.0.113.77"),
        (3, "Message/received", "cn.1@bulk.example", ANN, "delivered", "203.0.113.80"),
        (4, "Message/received", None, ANN, None, None),
    ]
    assert found.rows("mail", "sender_name", "subject", "threats")[4] == ("台湾鑫龙", "こんにちは", ["spam"])
    assert [(bad.record, bad.reason) for bad in found.quarantined] == [(5, "it has no header")]


def test_a_message_attached_to_another_is_one_of_its_own() -> None:
    outer, inner = sample("archive.mbox").rows("mail", "attachments", "urls", "relays", "spf")[2:4]
    assert outer == (["lure.eml"], None, ["192.0.2.1", "10.0.0.7"], None)
    assert inner == (None, ["http://pay.bulk.example/7"], ["203.0.113.77", "198.51.100.9"], "pass")


def test_the_envelope_of_batch_smtp_comes_first() -> None:
    assert sample("batch.bsmtp").rows("mail", "record", "recipient", "urls") == [
        (1, ANN, None),
        (1, "bob@contoso.example", None),
        (1, "list@bulk.example", None),
        (2, ANN, ["http://www.bulk.example"]),
    ]


def test_maildir_and_apple_mail_hold_the_same_message() -> None:
    columns = ("time", "recipient", "sender_name", "subject", "source_ip", "dkim", "size")
    expected = [(1717754400000, ANN, "Carl", "grüße", "2001:db8::25", "pass", 760)]
    assert sample("1717754400.M1P2.mx,S=812:2,S").rows("mail", *columns) == expected
    assert sample("apple.emlx").rows("mail", *columns) == expected


def test_directions_are_told_by_the_own_domains() -> None:
    own = Options(extra={"own_domains": "contoso.example, @other.example"})
    assert sample("lure.eml", own).rows("mail", "direction") == [("internal",), ("internal",), ("outbound",)]
    assert sample("batch.bsmtp", own).rows("mail", "direction") == [("inbound",), ("inbound",), (None,), ("inbound",)]


def test_the_same_message_found_twice_is_one_event() -> None:
    once = sample("1717754400.M1P2.mx,S=812:2,S").rows("mail", "event_id")
    content = (SAMPLES / "message" / "1717754400.M1P2.mx,S=812:2,S").read_bytes()
    again = read(message.LOADER, Content(b"From x@y Fri Jun  7 12:00:00 2024\n" + content + b"\n", "other"))
    assert again.rows("mail", "event_id") == once


def test_a_message_that_no_time_is_known_of_is_kept_aside() -> None:
    assert [(bad.record, bad.reason) for bad in sample("undated.eml").quarantined] == [
        (1, "neither Received nor Date tells its time")
    ]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        # Inside one provider the address that the receiver checked SPF for tells the border.
        (
            [
                "Received: from a.prod.outlook.com (2603:10b6::1) by b.prod.outlook.com; 3 Jun 2024 10:00:03 +0000",
                "Received-SPF: Pass (x) client-ip=40.93.199.23; helo=c.outbound.protection.outlook.com",
                "Received: from c.outbound.protection.outlook.com (40.93.199.23) by d.protection.outlook.com; x",
                "Received: from pc.example (198.51.100.3) by e.prod.outlook.com; x",
            ],
            "40.93.199.23",
        ),
        # What lies below the border may be forged, the SPF result too.
        (
            [
                "Received: from evil.example (evil.example [203.0.113.9]) by mx.contoso.example; x",
                "Received-SPF: pass client-ip=198.51.100.1",
                "Received: from bank.example (bank.example [198.51.100.1]) by evil.example; x",
            ],
            "203.0.113.9",
        ),
        (["Received: from x (HELO 192.0.2.9) (203.0.113.4) by mx with SMTP; x"], "203.0.113.4"),
        (["Received: from [203.0.113.5] (helo=x) by mx.example with esmtp (Exim 4.9); x"], "203.0.113.5"),
        (["Received: from x ([203.0.113.6] helo=y) by mx.example; x"], "203.0.113.6"),
        (["Received: from x (x (unverified) [203.0.113.7]) by mx.example; x"], "203.0.113.7"),
        (["Received: from x ([IPv6:2001:db8::7]) by mx.example; x"], "2001:db8::7"),
        (["Received: from x (localhost [127.0.0.1]) by mx; x", "Received: from y (y [10.1.2.3]) by mx; x"], "10.1.2.3"),
        (["Received: (qmail 1 invoked by uid 5); x", "Received: by mx (Postfix, from userid 0); x"], None),
        (["X-Originating-IP: [198.51.100.9]"], "198.51.100.9"),
    ],
)
def test_the_address_that_handed_a_message_over(received: list[str], expected: str | None) -> None:
    assert written(*received, "To: ann@contoso.example").rows("mail", "source_ip") == [(expected,)]


@pytest.mark.parametrize(
    "lines",
    [
        ['Content-Type: multipart/mixed; boundary="', "", "--", "x"],
        [
            "Content-Type: multipart/mixed; boundary=b",
            "",
            "--b",
            "Content-Type: multipart/mixed; boundary=b",
            "",
            "--b",
        ],
        ["Content-Type: text/plain; charset=no-such", "Content-Transfer-Encoding: base64", "", "!!!=\u00e9"],
        ["Content-Type: application/x; name*0*=utf-99'x'%ZZ; name*9=y", "", "x"],
        ["Content-Type: message/rfc822", "", "no header here"],
        ["Content-Transfer-Encoding: x-uuencode", "Content-Disposition: attachment; filename=", "", "begin", "@"],
        ["Subject: =?utf-8?B?w?= =?x?Q?=ZZ?=", 'To: <<>>, "a, (b <c@d.example', "", ""],
        ["Received: from (((( by ;;; 99 Foo 2024 25:61:61", "Message-ID: <>", "", "\x00\udcff"],
    ],
)
def test_malformed_mime_does_not_fail(lines: list[str]) -> None:
    assert len(written(*lines).tables["mail"]) >= 1


def test_messages_nested_without_end_are_kept_aside_or_read() -> None:
    deep = "\n".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}" for n in range(3000))
    assert written(deep).records == 1
    inside = "Content-Type: message/rfc822\n\n" * 40
    assert {code for (code,) in written(inside).rows("mail", "code")} <= {"Message/received", "Message/attached"}


def test_lines_may_end_as_on_any_system() -> None:
    body = ["To: ann@contoso.example", "Subject: x", "\ty", "", "http://a.example/"]
    columns = ("recipient", "subject", "urls")
    expected = [("ann@contoso.example", "x y", ["http://a.example/"])]
    for end in ("\n", "\r\n"):
        assert written(*body, end=end).rows("mail", *columns) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        b"From: a\n",
        b"Name: x\nVersion: 1\nSummary: y\n\n",
        b"Jun  3 10:00:00 mx postfix/smtpd[1]: connect from x\n",
        b"HELO x\nnothing else\n",
        b"From here on\nno header\n",
        b'{"From": "a@b.example", "To": "c@d.example"}\n',
    ],
)
def test_other_content_is_not_claimed(content: bytes) -> None:
    assert not message.LOADER.claims(Content(content))


@SHARED_ONLY
@pytest.mark.parametrize(("folder", "files", "quarantined"), [("phishing_pot", 120, 0), ("spamassassin", 56, 2)])
def test_real_messages_load_whole(folder: str, files: int, quarantined: int) -> None:
    paths = sorted((DATA / folder).rglob("*.eml"))
    assert len(paths) == files
    batches = [batch for path in paths for batch in message.LOADER.read(one_source(path), Options())]
    assert all(message.LOADER.claims(one_source(path)) for path in paths)
    assert sum(batch.records for batch in batches) == files
    assert sum(len(batch.quarantined) for batch in batches) == quarantined
