"""Sources of one's own by a mapping file: CSV in bulk, JSON one by one, the checker, wrong mappings."""

import doctest
import json
import re
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from graph_hunt.errors import InputError
from graph_hunt.events.source import Options
from graph_hunt.loaders.mapped import LOADER, Mapped, columns, lines, path, read_mapping
from graph_hunt.loaders.mapped.check import check
from graph_hunt.loaders.mapped.convert import Refused, time_reader
from graph_hunt.loaders.mapped.mapping import Mapping, Rule
from graph_hunt.schema import Type
from tests.commands import run
from tests.paths import ROOT
from tests.sources import Content, Reading, read

FILES = ROOT / "tests" / "mapping"
NINE = 1772442000000
"""Nine o'clock UTC, ten in Paris, on 2 March 2026."""
MINUTE = 60_000


def mapping(tmp_path: Path, text: str) -> Mapping:
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    return read_mapping(file)


def vpn(content: bytes | None = None) -> Reading:
    given = (FILES / "vpn.csv").read_bytes() if content is None else content
    return read(Mapped(read_mapping(FILES / "vpn.toml")), Content(given, "vpn.csv"))


def test_the_examples_hold() -> None:
    assert doctest.testmod(path).failed == 0


def test_nothing_is_claimed_without_a_mapping() -> None:
    assert not LOADER.claims(Content(b"a,b\n1,2\n"))
    with pytest.raises(InputError, match="has no mapping; expected --map"):
        list(LOADER.read(Content(b"a,b\n1,2\n"), Options()))


def test_csv_becomes_rows_of_several_tables() -> None:
    found = vpn()
    names = (
        "record",
        "time",
        "code",
        "outcome",
        "reason",
        "user",
        "user_domain",
        "user_upn",
        "source_ip",
        "source_port",
    )
    assert found.rows("authentication", *names) == [
        (2, NINE, "acme-vpn/login", "success", None, "ann", "CORP", None, "203.0.113.9", 50001),
        (
            *(4, NINE + MINUTE, "acme-vpn/login", "failure", "bad_password", None, None, "bob@acme.example"),
            *("203.0.113.10", 50002),
        ),
        # Loopback is the machine itself.
        (10, NINE + 5 * MINUTE, "acme-vpn/login", "failure", "unknown_user", "eve", None, None, None, 50004),
    ]
    assert found.rows("authentication", "source", "recorder", "application", "client", "raw") == [
        ("acme-vpn", "acme-vpn", "ACME VPN", "Client 5; Windows", None),
        ("acme-vpn", "acme-vpn", "ACME VPN", "one\nline more", None),
        ("acme-vpn", "acme-vpn", "ACME VPN", None, None),
    ]
    assert found.rows("network", "record", "kind", "source_host", "source_ip") == [(3, "lease", "pc1", "10.8.0.7")]


def test_what_does_not_become_a_row_is_answered_for() -> None:
    found = vpn()
    assert (found.records, found.used, found.unused) == (8, 4, {"acme-vpn/LOGOUT": 1})
    assert [(entry.record, entry.reason) for entry in found.quarantined] == [
        (9, "3 columns, expected 9"),
        (7, "client_port -> source_port: not a whole number: 'many'"),
        (8, "date -> time: not a time as %d/%m/%Y %H:%M:%S: 'soon'"),
    ]
    assert found.quarantined[1].raw.startswith("02/03/2026 10:03:00;LOGIN_FAIL;eve")
    spans = {(span.recorder, span.channel, span.count) for batch in found.batches for span in batch.spans}
    assert spans == {("acme-vpn", "acme-vpn/login", 3), ("acme-vpn", "acme-vpn/lease", 1)}


def test_the_worked_example_of_the_documentation_is_this_one() -> None:
    documented = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "loaders.md").read_text(), re.DOTALL)
    assert (FILES / "vpn.toml").read_text() in documented


def test_an_open_quote_and_bytes_that_are_no_text_cost_their_own_line() -> None:
    text = (
        b"date;event;user;client_ip;client_port;assigned_ip;device;agent;error\n"
        b"02/03/2026 10:00:00;LOGIN;a\xff;203.0.113.9;1;;;;\n"
        b'02/03/2026 10:01:00;LOGIN;b;203.0.113.9;1;;;"open;\n'
        b"02/03/2026 10:02:00;LOGIN;c;203.0.113.9;1;;;;\n"
    )
    found = vpn(text)
    assert [entry.reason for entry in found.quarantined] == ["a quote is not closed"]
    assert (found.records, found.used) == (3, 2)
    assert found.rows("authentication", "record", "user") == [(2, "a\ufffd"), (4, "c")]


@pytest.mark.parametrize("size", [40, 64, 100, 1000])
def test_rows_are_cut_alike_however_large_the_chunks_are(size: int) -> None:
    content = (FILES / "vpn.csv").read_bytes()
    found = [
        (int(piece.numbers[place]), piece.row(place))
        for piece in lines.pieces(BytesIO(content), "vpn.csv", size)
        for place in range(len(piece.starts))
    ]
    text = content.decode().splitlines()
    assert [number for number, _ in found] == [1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert found[3][1].decode() == f"{text[3]}\n{text[4]}"


def test_csv_in_another_encoding_gives_the_same_rows(tmp_path: Path) -> None:
    own = mapping(tmp_path, 'id = ["date", "user"]\n' + (FILES / "vpn.toml").read_text())
    content = (FILES / "vpn.csv").read_text()
    bulk, one_by_one = (read(Mapped(own), Content(content.encode(code), "vpn.csv")) for code in ("utf-8", "utf-16"))
    for table in ("authentication", "network"):
        other = ("record", "raw")
        assert [{k: v for k, v in row.items() if k not in other} for row in bulk.tables[table]] == [
            {k: v for k, v in row.items() if k not in other} for row in one_by_one.tables[table]
        ]
    assert len(bulk.quarantined) == len(one_by_one.quarantined) == 3
    assert bulk.unused == one_by_one.unused


APP = """
name = "app"
id = "event.id"

[[rows]]
table = "authentication"
when = { "event.type" = "login", ok = { present = true } }
[rows.columns]
time = { field = "ts", format = "epoch_ms" }
kind = { value = "sign_in" }
account = ["actor.sid", "actor.login"]
outcome = { field = "ok", values = { true = "success", false = "failure" } }
source_ip = { field = "request.addresses[0]", lenient = true }
elevated = "actor.admin"
mfa = { field = "mfa", default = "not_required" }

[[rows]]
table = "mail"
when = { "event.type" = { matches = "^mail" } }
[rows.columns]
time = { field = "ts", format = "epoch_ms" }
sender = "mail.from"
recipient = "mail.to"
urls = "mail.links[*].href"
attachments = { field = "mail.files", split = "|" }
"""
RECORDS = [
    {
        "ts": NINE,
        "event": {"id": "1", "type": "login"},
        "actor": {"login": "CORP\\ann", "admin": True},
        "ok": True,
        "request": {"addresses": ["10.1.0.21", "10.0.0.1"]},
    },
    {
        "ts": NINE + 1,
        "event": {"id": "2", "type": "login"},
        "actor": {"sid": "S-1-5-21-1-2-3-9"},
        "ok": False,
        "mfa": "denied",
    },
    {"ts": NINE + 2, "event": {"id": "3", "type": "login"}, "request": {"addresses": ["nowhere"]}, "ok": True},
    {
        "ts": NINE + 3,
        "event": {"id": "4", "type": "mail.in"},
        "mail": {
            "from": "a@b.example",
            "to": "c@d.example",
            "links": [{"href": "https://x.example/1"}, {"text": "no link"}, {"href": "https://x.example/2"}],
            "files": "a.docm|b.pdf",
        },
    },
    {"ts": "soon", "event": {"id": "5", "type": "mail.in"}},
    {"ts": NINE + 5, "event": {"id": "6", "type": "page"}},
    {"ts": NINE + 6, "event.type": "login", "event": {"id": "7"}, "ok": True},
]


def test_nested_records(tmp_path: Path) -> None:
    content = "\n".join(json.dumps(record) for record in RECORDS).encode()
    found = read(Mapped(mapping(tmp_path, APP)), Content(content))
    names = ("record", "outcome", "user", "user_domain", "user_sid", "source_ip", "elevated", "mfa")
    assert found.rows("authentication", *names) == [
        (1, "success", "ann", "CORP", None, "10.1.0.21", True, "not_required"),
        (2, "failure", None, None, "S-1-5-21-1-2-3-9", None, None, "denied"),
        (3, "success", None, None, None, None, None, "not_required"),
        # A name with a dot in it is that name.
        (7, "success", None, None, None, None, None, "not_required"),
    ]
    names = ("sender", "recipient", "urls", "attachments")
    assert found.rows("mail", *names) == [
        ("a@b.example", "c@d.example", ["https://x.example/1", "https://x.example/2"], ["a.docm", "b.pdf"])
    ]
    assert found.unused == {"app/page": 1}
    assert [entry.reason for entry in found.quarantined] == ["ts -> time: not a number of ms since 1970: 'soon'"]


def test_one_record_may_become_several_rows_each_an_event_of_its_own(tmp_path: Path) -> None:
    block = '[[rows]]\ntable = "click"\n[rows.columns]\ntime = "at"\nurl = "{}"\n'
    own = mapping(tmp_path, 'name = "two"\nid = "n"\n' + block.format("first") + block.format("second"))
    rows_of_it = [("event_id", "url")]
    for content in (
        b"at,n,first,second\n2026-03-02T09:00:00Z,1,a,b\n",
        b'{"at": 1772442000, "n": "1", "first": "a", "second": "b"}',
    ):
        found = read(Mapped(own), Content(content))
        rows_of_it.append(tuple(row["event_id"] for row in found.tables["click"]))  # type: ignore[arg-type]
        assert sorted(found.rows("click", "url")) == [("a",), ("b",)]
        assert (found.records, found.used) == (1, 1)
    assert rows_of_it[1] == rows_of_it[2]
    assert rows_of_it[1][1] == f"{rows_of_it[1][0]}-1"


TIMES = [
    ("", "UTC", ["2026-03-02T09:00:00Z", "2026-03-02T09:00:00.1234567Z"], [NINE, NINE + 123]),
    ("", "Europe/Paris", ["2026-03-02 10:00:00", "2026-03-02T10:00:00.5"], [NINE, NINE + 500]),
    ("", "Europe/Paris", ["2026-03-02T10:00:00", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00+01:00"], [NINE] * 3),
    ("", "UTC", ["3/2/2026 9:00:00 AM", "", "-"], [NINE, None, None]),
    ("epoch_s", "UTC", ["1772442000", "1772442000.25"], [NINE, NINE + 250]),
    ("epoch_us", "UTC", ["1772442000123456"], [NINE + 123]),
    ("epoch_ns", "UTC", ["1772442000123456789"], [NINE + 123]),
    ("%d/%m/%Y %H:%M:%S", "Europe/Paris", ["02/03/2026 10:00:00", "01/07/2026 11:00:00"], [NINE, 1782896400000]),
    ("%Y%m%d%H%M%S%z", "Europe/Paris", ["20260302100000+0100"], [NINE]),
    ("%b %d %Y %I:%M:%S.%f %p", "UTC", ["Mar 02 2026 09:00:00.250 AM"], [NINE + 250]),
    ("%d/%m/%Y", "UTC", ["02/03/2026", "2026-03-02"], [NINE - 9 * 60 * MINUTE, "refused"]),
    ("epoch_ms", "UTC", ["x", str(NINE)], ["refused", NINE]),
]


@pytest.mark.parametrize(("format", "zone", "written", "at"), TIMES, ids=[f"{one[0]} {one[2][0]}" for one in TIMES])
def test_a_time_is_the_same_in_bulk_and_one_by_one(
    format: str, zone: str, written: list[str], at: list[object]
) -> None:
    convert = time_reader(format, ZoneInfo(zone))
    single: list[object] = []
    for one in written:
        try:
            single.append(convert(one))
        except Refused:
            single.append("refused")
    rule = Rule("time", Type.TIME, ("t",), convert, format=format, zone=ZoneInfo(zone))
    values, bad = columns.converted(pa.array(written), rule)
    assert single == at
    assert ["refused" if wrong else value for value, wrong in zip(values.to_pylist(), bad, strict=True)] == at


GOOD = '[[rows]]\ntable = "click"\n[rows.columns]\ntime = "t"\n'
WRONG = [
    ("name = ", "is not TOML: Invalid value (at end of document)"),
    (GOOD, "name: is missing; expected a text"),
    ('name = "x"', "has no [[rows]]; expected at least one, each with a table and columns"),
    ('nme = "x"', "'nme' means nothing here; expected one like name"),
    ('name = "x y"\n' + GOOD, "name: 'x y' cannot name a source; expected letters, digits, '.', '_' and '-'"),
    ('name = "x"\nzone = "Paris"\n' + GOOD, "zone: 'Paris' is no time zone; expected such as UTC or Europe/Paris"),
    (
        'name = "x"\n[[rows]]\ntable = "clik"\n[rows.columns]\ntime = "t"',
        "[[rows]] 1: table: there is no event table 'clik'; expected one like click",
    ),
    (
        'name = "x"\n[[rows]]\ntable = "click"\n[rows.columns]\nurl = "u"',
        '[[rows]] 1: columns: has no time; expected time = "FIELD", or { field = "FIELD", format = "…" }',
    ),
    (
        f'name = "x"\n{GOOD}ulr = "u"',
        "[[rows]] 1: columns.ulr: the table 'click' has no column 'ulr' to map; expected one like url",
    ),
    (
        f'name = "x"\n{GOOD}url = {{ field = "u", value = "v" }}',
        "[[rows]] 1: columns.url: comes from nowhere, or from two places; expected either field or value",
    ),
    (
        f'name = "x"\n{GOOD}url = {{ field = "u", match = "(" }}',
        "[[rows]] 1: columns.url: match: '(' is no regular expression: "
        "missing ), unterminated subpattern at position 0",
    ),
    (
        f'name = "x"\n{GOOD}source_ip = {{ value = "home" }}',
        "[[rows]] 1: columns.source_ip: value: cannot be source_ip: not an IP address: 'home'",
    ),
    (
        'name = "x"\n[[rows]]\ntable = "click"\nwhen = { a = { like = "b" } }\n[rows.columns]\ntime = "t"',
        "[[rows]] 1: when.a: 'like' means nothing here; expected in, matches, not, present",
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said[:50] for _, said in WRONG])
def test_a_wrong_mapping_is_told_where_and_what_was_expected(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        mapping(tmp_path, text)
    assert str(error.value) == f"{tmp_path / 'mapping.toml'}: {said}"


def test_a_file_without_the_time_is_refused_by_name(tmp_path: Path) -> None:
    own = mapping(tmp_path, f'name = "x"\n{GOOD}')
    with pytest.raises(
        InputError, match=r"links.csv: has no column 't', the time of click; expected its columns: moment, url"
    ):
        list(Mapped(own).read(Content(b"moment,url\n1,2\n", "links.csv"), Options()))


def test_the_checker_explains_what_is_left_out_and_what_does_not_fit() -> None:
    found = check(Content((FILES / "vpn.csv").read_bytes(), "vpn.csv"), read_mapping(FILES / "vpn.toml"))
    assert (found.records, found.more, found.sound) == (8, False, False)
    assert dict(found.unwanted) == {"acme-vpn/LOGOUT": 1}
    assert dict(found.faults) == {"3 columns, expected 9": 1}
    assert dict(found.refused) == {
        ("client_port -> source_port", "not a whole number"): 1,
        ("date -> time", "not a time as %d/%m/%Y %H:%M:%S"): 1,
    }
    assert found.examples["client_port -> source_port", "not a whole number"] == "record 5: not a whole number: 'many'"
    assert [(block.code, block.matched, block.made) for block in found.blocks] == [
        ("acme-vpn/login", 5, 3),
        ("acme-vpn/lease", 1, 1),
    ]
    assert found.blocks[1].first == [
        {"time": NINE + 1000, "kind": "lease", "outcome": "success", "source_host": "pc1", "source_ip": "10.8.0.7"}
    ]
    assert (found.unmapped, found.missing) == ({}, {})


def test_the_checker_names_what_nothing_reads_and_what_is_not_there(tmp_path: Path) -> None:
    text = APP.replace('"mail.to"', '"mail.recipient"').replace('true = "success", ', "")
    own = mapping(tmp_path, text.replace('value = "sign_in"', 'value = "login"'))
    extra = [{**record, "agent": {"name": "Mozilla"}, "tags": ["a"]} for record in RECORDS]
    found = check(Content("\n".join(json.dumps(one) for one in extra).encode()), own)
    assert found.unmapped == {
        "mail.to": "c@d.example",
        "mail.links[*].text": "no link",
        "agent.name": "Mozilla",
        "tags": "a",
    }
    assert found.missing == {"mail.recipient": ""}
    assert dict(found.unlisted) == {("outcome", "true"): 3}
    assert [key[:2] for key in found.strange] == [("kind", "login")]


def test_the_command_line_loads_once_and_checks_without_loading(tmp_path: Path) -> None:
    place = tmp_path / "w"
    told = run("load", "--map", FILES / "vpn.toml", "--check", FILES / "vpn.csv", "-w", place)
    assert told.returncode == 1
    assert "does not fit 1  client_port -> source_port: not a whole number" in told.stdout
    assert not place.exists()
    first, again = (
        run("load", "--map", FILES / "vpn.toml", FILES / "vpn.csv", "-w", place, "--json") for _ in range(2)
    )
    assert (first.returncode, again.returncode) == (1, 0)
    account = json.loads(first.stdout)
    assert (account["records"], account["used"], account["quarantined"]) == (8, 4, 3)
    assert account["rows"] == {"authentication": 3, "network": 1}
    assert json.loads(again.stdout)["sources"][0]["outcome"] == "already loaded"
    assert run("load", "--check", FILES / "vpn.csv", "-w", place).returncode == 2
