"""JSON records and CSV rows in every layout; a broken one costs itself only."""

import json
from io import BytesIO

import pytest

from graph_hunt.loaders._records import first_records, json_records
from graph_hunt.loaders._table import header, rows

EVENTS = [{"a": number, "b": {"c": [number, {"d": "}{\n,"}]}} for number in range(5)]
LINES = [json.dumps(event) for event in EVENTS]
LAYOUTS = {
    "lines": "\n".join(LINES),
    "lines with a byte order mark": "\ufeff" + "\r\n".join(LINES),
    "an array in one line": json.dumps(EVENTS),
    "an array over lines": json.dumps(EVENTS, indent=4),
    "an array of lines": "[\n" + ",\n".join(LINES) + "\n]",
    "an array of lines, tight": "[" + ",\n".join(LINES) + "]",
    "one after another": "\n".join(json.dumps(event, indent=2) for event in EVENTS),
    "one after another, tight": "".join(LINES),
    "a page": json.dumps({"@odata.context": "about", "value": EVENTS}),
    "a page over lines": json.dumps({"records": EVENTS}, indent=1),
    "a page of Google's": json.dumps({"kind": "x#activities", "etag": "e", "items": EVENTS, "nextPageToken": "t"}),
    "a hunting API's answer": json.dumps(
        {"Stats": {"cpu": {"total": "00:01"}}, "Schema": [{"Name": "a", "Type": "Long"}], "Results": EVENTS}
    ),
    "a hunting API's answer over lines": json.dumps(
        {"@odata.context": "about", "schema": [{"name": "a", "type": "Long"}], "results": EVENTS}, indent=2
    ),
    "pages": "\n".join(
        json.dumps({"value": part, "@odata.nextLink": "x"}, indent=1) for part in (EVENTS[:2], EVENTS[2:])
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_records(layout: str, encoding: str) -> None:
    content = LAYOUTS[layout].removeprefix("\ufeff" if encoding == "utf-16" else "").encode(encoding)
    found = list(json_records(BytesIO(content), content[:65536]))
    assert [record.fields for record in found] == EVENTS
    assert [json.loads(record.raw) for record in found] == EVENTS
    assert len({record.number for record in found}) == 5
    assert first_records(content) == EVENTS


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        ("\n".join([*LINES[:2], LINES[2][:10], *LINES[3:]]), [1, 2, 4, 5]),
        (json.dumps(EVENTS, indent=4).replace('"a": 2,', '"a": 2 "x"'), [1, 2, 4, 5]),
        (json.dumps(EVENTS).replace('"a": 2,', '"a": 2 "x"'), [1, 2, 4, 5]),
    ],
)
def test_a_broken_record_in_the_middle_costs_itself_only(content: str, numbers: list[int]) -> None:
    found = list(json_records(BytesIO(content.encode()), content.encode()))
    assert [record.fields for record in found if record.fields] == [EVENTS[0], EVENTS[1], EVENTS[3], EVENTS[4]]
    assert [record.number for record in found if record.fields] == numbers
    assert [(record.number, record.fault) for record in found if not record.fields] == [(3, "not JSON")]


def test_a_record_with_events_of_its_own_is_no_page() -> None:
    content = json.dumps({"kind": "x#activity", "etag": "e", "events": [{"name": "login"}]}, indent=1).encode()
    for text in (content, content.replace(b"\n", b"")):
        assert [record.fields for record in json_records(BytesIO(text), text)] == [json.loads(content)]


def test_a_long_answer_of_an_api_is_read_by_its_records() -> None:
    rows_of_it = [{"Name": "x" * 1000, "Number": number} for number in range(20_000)]
    content = json.dumps({"Stats": {}, "Schema": [{"Name": "Name"}], "Results": rows_of_it}).encode()
    found = [record.fields for record in json_records(BytesIO(content), content[:65536])]
    assert found == rows_of_it


def test_an_array_cut_short_gives_what_is_whole() -> None:
    content = json.dumps(EVENTS, indent=4)[:-60].encode()
    found = list(json_records(BytesIO(content), content))
    assert [record.fields for record in found] == [*EVENTS[:4], None]


def test_a_long_array_in_one_line_is_read_piece_by_piece() -> None:
    events = [{"number": number, "text": "x" * 1000} for number in range(3000)]
    content = json.dumps(events).encode()
    found = list(json_records(BytesIO(content), content[:65536]))
    assert [record.fields for record in found] == events


def test_what_is_no_object_is_said_so() -> None:
    content = b'{"a":1}\n[1,2]\n3\nnull\n{"a":2}'
    assert [(record.number, record.fault) for record in json_records(BytesIO(content), content)] == [
        (1, ""),
        (2, "not a JSON object"),
        (3, "not a JSON object"),
        (4, "not a JSON object"),
        (5, "not JSON"),
        (6, ""),
    ]


def table(content: bytes) -> list[tuple[int, dict[str, str], str]]:
    return [(row.number, row.fields, row.fault) for row in rows(BytesIO(content), content)]


def test_rows_of_a_table() -> None:
    content = b'\xef\xbb\xbf#TYPE Selected\r\n"a","b"\r\n1,"x\r\ny"\r\n2,"say ""hi"""\r\n4\r\n'
    assert header(content) == ("a", "b")
    assert table(content) == [
        (1, {"a": "1", "b": "x\r\ny"}, ""),
        (2, {"a": "2", "b": 'say "hi"'}, ""),
        (3, {}, "1 columns, expected 2"),
    ]


@pytest.mark.parametrize("opened", [b'"5,6\r\n', b'5,"6\r\n'])
def test_a_quote_left_open_costs_its_line_only(opened: bytes) -> None:
    found = table(b"a,b\r\n1,2\r\n" + opened + b"7,8\r\n9,10\r\n")
    assert [fields for _, fields, _ in found] == [{"a": "1", "b": "2"}, {}, {"a": "7", "b": "8"}, {"a": "9", "b": "10"}]


def test_other_delimiters_and_encodings() -> None:
    assert table("a;b\n1;2\n".encode("utf-16")) == [(1, {"a": "1", "b": "2"}, "")]
    assert table(b"a\tb\n1\t2\n\n3\t4") == [(1, {"a": "1", "b": "2"}, ""), (2, {"a": "3", "b": "4"}, "")]
    assert table(b"") == []
    assert table(b"a,b\n") == []
