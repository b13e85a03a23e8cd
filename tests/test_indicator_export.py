"""What is exported reads back as it was, and is what others take it for."""

import json
from pathlib import Path

import pytest
from stix2validator import ValidationOptions, validate_string

from graph_hunt.casework.indicators.export import as_csv
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.misp import as_misp
from graph_hunt.casework.indicators.reading import read_file
from graph_hunt.casework.indicators.repository import Kept
from graph_hunt.casework.indicators.stix import as_stix
from graph_hunt.casework.indicators.value import Kind, Value, read
from graph_hunt.errors import InputError, UnreadableInput

GIVEN = [
    Indicator(read("evil.example"), ("a", "b"), 70, "amber", 1_001, 2_002, ("T1566.002",)),
    Indicator(read('*your "invoice", now\'s*', Kind.SUBJECT), ("a",)),
    Indicator(read("invoice 47", Kind.SUBJECT), ("a",), None, "clear"),
    Indicator(read("198.51.100.0/24"), ("c",), 0),
    Indicator(read("2001:db8::1"), ("c",), 100, "red", None, 5_000),
    Indicator(read("2001:db8::/32"), ("c",), None, "amber+strict"),
    Indicator(read("https://evil.example/a'b\\c"), ("c",), None, "green", 9_000),
    Indicator(read("boss@evil.example"), ("c",)),
    *(Indicator(read("0a" * length), ("c",)) for length in (16, 20, 32)),
    Indicator(read("Invoice.exe", Kind.FILE_NAME), ("c",)),
]
KEPT = [Kept(one, 1_700_000_000_000, 2, 1_600_000_000_000, 1_500_000_000_000) for one in GIVEN]


@pytest.mark.parametrize("written", [as_csv(GIVEN), as_stix(KEPT), as_stix(KEPT, sightings=True), as_misp(KEPT)])
def test_it_reads_back_the_same(tmp_path: Path, written: str) -> None:
    (tmp_path / "out").write_text(written)
    assert list(read_file(tmp_path / "out")) == GIVEN


def test_the_bundle_is_valid_stix_and_the_same_each_time() -> None:
    bundle = as_stix(KEPT, sightings=True)
    result = validate_string(bundle, ValidationOptions(version="2.1"))
    assert (result.is_valid, [str(one) for one in result.errors]) == (True, [])
    assert bundle == as_stix(KEPT, sightings=True)
    kinds = [one["type"] for one in json.loads(bundle)["objects"]]
    assert [kinds.count(kind) for kind in ("indicator", "sighting", "marking-definition", "identity")] == [12, 12, 5, 1]


def test_the_event_is_marked_for_detection_and_as_strict_as_its_strictest() -> None:
    event = json.loads(as_misp(KEPT))["Event"]
    assert event["Tag"] == [{"name": "tlp:red"}]
    assert {one["to_ids"] for one in event["Attribute"]} == {True}
    assert [one["type"] for one in event["Attribute"]] == [
        "domain", "email-subject", "email-subject", "ip-dst", "ip-dst", "ip-dst", "url", "email", "md5", "sha1",
        "sha256", "filename",
    ]  # fmt: skip


OPENIOC = """<?xml version="1.0" encoding="utf-8"?>
<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="1"><authored_by>CERT</authored_by><definition>
<Indicator operator="OR" id="2">
 <IndicatorItem id="3" condition="is"><Context document="FileItem" search="FileItem/Md5sum" type="mir"/>
  <Content type="md5">D41D8CD98F00B204E9800998ECF8427E</Content></IndicatorItem>
 <IndicatorItem id="4" condition="contains"><Context document="Email" search="Email/Subject" type="mir"/>
  <Content type="string">Invoice</Content></IndicatorItem>
 <IndicatorItem id="5" condition="is"><Context document="RegistryItem" search="RegistryItem/Path" type="mir"/>
  <Content type="string">Run</Content></IndicatorItem>
 <Indicator operator="AND" id="6">
  <IndicatorItem id="7" condition="is"><Context document="PortItem" search="PortItem/remoteIP" type="mir"/>
   <Content type="IP">198.51.100.7</Content></IndicatorItem>
  <IndicatorItem id="8" condition="is"><Context document="PortItem" search="PortItem/remotePort" type="mir"/>
   <Content type="int">443</Content></IndicatorItem>
 </Indicator>
</Indicator></definition></ioc>"""


def test_openioc_gives_its_alternatives_and_says_what_it_does_not(tmp_path: Path) -> None:
    (tmp_path / "a.ioc").write_text(OPENIOC)
    found = list(read_file(tmp_path / "a.ioc"))
    good = [one for one in found if isinstance(one, Indicator)]
    assert [(one.value, one.sources) for one in good] == [
        (Value(Kind.HASH, "d41d8cd98f00b204e9800998ecf8427e"), ("CERT",)),
        (Value(Kind.SUBJECT, "*invoice*"), ("CERT",)),
    ]
    said = [str(one).removeprefix(f"{tmp_path}/a.ioc: ") for one in found if isinstance(one, InputError)]
    assert said == [
        "5: RegistryItem/Path is not matched",
        "7: holds only together with others",
        "8: PortItem/remotePort is not matched",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE ioc [<!ENTITY a "b">]><ioc>&a;</ioc>',
        '<!DOCTYPE ioc SYSTEM "file:///etc/passwd"><ioc/>',
        "<ioc><definition>",
    ],
)
def test_openioc_that_declares_entities_or_breaks_off_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ioc").write_text(text)
    assert [type(one) for one in read_file(tmp_path / "a.ioc")] == [UnreadableInput]
