"""LANL telemetry in bulk: mapping, identity, true line numbers."""

import bz2
import gzip
from datetime import UTC, datetime
from io import BytesIO

import numpy as np
import pytest

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.event_id import time_of
from graph_hunt.events.source import Options
from graph_hunt.loaders import lanl
from graph_hunt.loaders.lanl.identity import Occurrences
from graph_hunt.loaders.lanl.kind import kind_of
from graph_hunt.loaders.lanl.lines import chunks
from tests.paths import DATA, SAMPLES, SHARED
from tests.sources import Content, Reading, read

AUTH = (SAMPLES / "lanl" / "auth.txt").read_bytes()
LINE = b"%d,U%d@DOM1,U%d@DOM1,C%d,C9,Kerberos,Network,LogOn,Success\n"


def sample(name: str, options: Options | None = None) -> Reading:
    return read(lanl.LOADER, Content((SAMPLES / "lanl" / name).read_bytes(), name), options)


def test_auth_lines_become_authentications() -> None:
    found = sample("auth.txt").rows(
        "authentication",
        *("record", "kind", "outcome", "user", "user_domain", "target_user", "target_user_domain"),
        *("source_host", "target_host", "logon_type", "package"),
    )
    assert found == [
        (1, "logon", "success", "U147", "DOM1", None, None, None, "C625", "batch", "Negotiate"),
        (2, "logon", "success", "SYSTEM", "C653", None, None, None, "C653", "service", "Negotiate"),
        (3, "logon", "success", "U12", "DOM1", None, None, "C1247", "C625", "network", "NTLM"),
        (4, "explicit", "failure", "U12", "DOM1", "U7", "DOM1", "C1247", "C620", "network", "NTLM"),
        (5, "ticket_granting", "success", "C1247$", "DOM1", None, None, "C1247", "C586", None, None),
        (6, "ticket_service", "success", "C1247$", "DOM1", None, None, "C1247", "C586", None, None),
        (7, "session", "success", "U12", "DOM1", "C1247$", "DOM1", None, "C1247", None, None),
        (8, "logoff", "success", "U12", "DOM1", None, None, None, "C625", "network", None),
        (9, "logoff", "success", "U12", "DOM1", None, None, None, "C625", "network", None),
        (10, "session", "success", "U12", "C1247", None, None, None, "C1247", None, None),
        (11, "logon", "success", "U12", "C1247", None, None, None, "C1247", "unlock", None),
        (12, "logon", "success", "ANONYMOUS LOGON", "C586", None, None, "C1250", "C586", "network", "NTLM"),
        (13, "logon", "success", "U12", "DOM1", None, None, "C1247", "C900", "remote_interactive", "Negotiate"),
    ]


def test_the_other_files_go_to_their_tables() -> None:
    assert sample("proc.txt").rows("process", "record", "code", "kind", "host", "user", "user_domain", "image") == [
        (1, "LANL/proc", "start", "C553", "C553$", "DOM1", "P16"),
        (2, "LANL/proc", "stop", "C553", "C553$", "DOM1", "P25"),
        (3, "LANL/proc", "start", "C1247", "U12", "DOM1", "P7"),
    ]
    assert sample("flows.txt").rows(
        "network",
        *("code", "kind", "protocol", "source_host", "source_port", "target_host", "target_port"),
        *("packets", "bytes_out", "duration"),
    ) == [
        ("LANL/flows", "connection", "tcp", "C1065", 389, "C3799", None, 10, 5323, 0),
        ("LANL/flows", "connection", "udp", "C1423", None, "C1707", None, 5, 847, 0),
        ("LANL/flows", "connection", "tcp", "C1247", None, "C5030", 443, 2, 92, 9),
    ]
    assert sample("dns.txt").rows("network", "code", "kind", "host", "source_host", "target_host") == [
        ("LANL/dns", "lookup", "C161", "C161", "C2109"),
        ("LANL/dns", "lookup", "C5642", "C5642", "C528"),
    ]
    assert sample("redteam.txt").rows("alert", "product", "title", "host", "user", "user_domain", "details") == [
        ("LANL", "red team event", "C620", "U12", "DOM1", "U12@DOM1 from C1247 to C620"),
        ("LANL", "red team event", "C900", "U12", "DOM1", "U12@DOM1 from C1247 to C900"),
    ]


def test_the_epoch_places_second_one() -> None:
    found = sample("redteam.txt", Options(epoch=datetime(2015, 1, 1, tzinfo=UTC))).rows("alert", "time", "event_id")
    assert [at for at, _ in found] == [1420070402000, 1420156800000]
    assert [time_of(str(identity)) for _, identity in found] == [1420070402000, 1420156800000]


def test_identities_never_change() -> None:
    found = sample("auth.txt").rows("authentication", "event_id")
    assert [identity for (identity,) in found[7:9]] == [
        "1000000007d08a39738f362159c3",
        "1000000007d08a39738f362159c3-1",
    ]
    assert sample("flows.txt").rows("network", "event_id")[0] == ("1000000000006f4f79789d32813d",)


def test_an_event_has_one_identity_in_every_file_that_holds_it() -> None:
    lines = AUTH.splitlines(keepends=True)
    whole = [row["event_id"] for row in read(lanl.LOADER, Content(AUTH)).tables["authentication"]]
    tail = [row["event_id"] for row in read(lanl.LOADER, Content(b"".join(lines[4:]))).tables["authentication"]]
    twice = [row["event_id"] for row in read(lanl.LOADER, Content(AUTH + AUTH)).tables["authentication"]]
    assert len(set(whole)) == 13
    assert tail == whole[4:]
    assert twice == whole * 2


def test_occurrences_are_numbered_across_chunks() -> None:
    at = np.array([1, 1, 2, 2, 2, 1, 2, 2])
    digest = np.array([7, 7, 8, 9, 8, 7, 8, 8], np.uint64)
    assert Occurrences().number(at, digest).tolist() == [0, 1, 0, 0, 1, 0, 0, 1]
    for cut in range(1, 8):
        occurrences = Occurrences()
        parts = [occurrences.number(at[:cut], digest[:cut]), occurrences.number(at[cut:], digest[cut:])]
        sizes = (cut, 8 - cut)
        joined = [n for part, size in zip(parts, sizes, strict=True) for n in ([0] * size if part is None else part)]
        assert joined == [0, 1, 0, 0, 1, 0, 0, 1]


@pytest.mark.parametrize("size", [40, 100, 1 << 20])
def test_chunks_hold_whole_lines_with_their_numbers(size: int) -> None:
    found = list(chunks(Content(AUTH).open(), "auth.txt", size))
    assert b"".join(chunk.text for chunk in found) == AUTH
    assert all(chunk.text.endswith(b"\n") for chunk in found)
    lines = 1
    for chunk in found:
        assert chunk.first == lines
        lines += chunk.text.count(b"\n")


def test_bad_lines_are_quarantined_with_their_true_numbers() -> None:
    good = [LINE % (n, n, n, n) for n in range(1, 3001)]
    lines = list(good)
    lines[10] = b"11,U11@DOM1,C11\n"
    lines[1500] = b"x1501" + good[1500][4:]
    lines[1501] = b"\n"
    lines[2000] = good[2000].replace(b"U2001", b"U\xff")
    lines[2999] = b"3000,U3000@DOM1,U30"
    found = read(lanl.LanlLoader(chunk_bytes=4096), Content(b"".join(lines), "bad.txt"))
    assert found.used == 2995
    assert [(q.record, q.reason) for q in found.quarantined] == [
        (11, "3 columns, expected 9"),
        (1501, "the time is not an integer"),
        (2001, "not UTF-8"),
        (3000, "3 columns, expected 9"),
    ]
    assert found.quarantined[0].raw == "11,U11@DOM1,C11"
    numbers = [row["record"] for row in found.tables["authentication"]]
    assert numbers == [n for n in range(1, 3001) if n not in (11, 1501, 1502, 2001, 3000)]
    assert all(row["user"] == f"U{row['record']}" for row in found.tables["authentication"])


@pytest.mark.parametrize("time", [b"-5", b"99999999999999", b"99999999999999999999999", b"1.5", b""])
def test_a_time_that_is_none_is_quarantined(time: bytes) -> None:
    found = read(lanl.LOADER, Content(AUTH + time + b",U1@DOM1,U1@DOM1,C1,C2,?,?,TGT,Success\n"))
    assert [(q.record, q.reason) for q in found.quarantined] == [(14, "the time is not an integer")]
    assert found.used == 13


def test_a_line_without_end_is_one_bad_record() -> None:
    found = read(lanl.LOADER, Content(AUTH + b"\0" * (3 << 20) + b"\n" + AUTH))
    small = read(lanl.LanlLoader(chunk_bytes=100_000), Content(AUTH + b"\0" * (3 << 20) + b"\n" + AUTH))
    assert small.quarantined[0].reason == "a line of over 1 MiB"
    assert small.tables == found.tables
    assert found.used == 26
    assert [q.record for q in found.quarantined] == [14]
    assert len(found.quarantined[0].raw) == 65536


def test_windows_line_ends_and_a_missing_last_one_change_nothing() -> None:
    plain = read(lanl.LOADER, Content(AUTH)).tables
    assert read(lanl.LOADER, Content(AUTH.replace(b"\n", b"\r\n"))).tables == plain
    assert read(lanl.LOADER, Content(AUTH.removesuffix(b"\n"))).tables == plain


def test_a_source_that_breaks_off_gives_what_came_before() -> None:
    content = b"".join(LINE % (n, n * 7919 % 10007, n, n * 104729 % 99991) for n in range(1, 200_001))
    packed = gzip.compress(content)

    class Broken(Content):
        def open(self) -> gzip.GzipFile:
            return gzip.GzipFile(fileobj=BytesIO(packed[: len(packed) // 2]))

    rows = 0
    with pytest.raises(UnreadableInput, match=r"auth\.txt\.gz: breaks off after line \d+"):
        for batch in lanl.LOADER.read(Broken(content, "auth.txt.gz"), Options()):
            rows += batch.used
    assert 80_000 < rows < 120_000


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"150885,U620@DOM1,C17693,C1003\n", "redteam"),
        (b"1,C553$@DOM1,C553,P16,Start\n", "proc"),
        (b"1,9,C3090,N10471,C3420,N46,6,3,144\n", "flows"),
        (b"2,C4653,C5030\n", "dns"),
        (b"1,?,U1@?,C1,C2,?,?,LogOn,Fail\n", "auth"),
        (b"bad\n1,U1@D,U1@D,C1,C2,?,?,LogOn,Success\n2,U1@D,U1@D,C1,C2,?,?,LogOn,Success\n", "auth"),
    ],
)
def test_a_file_is_known_by_its_columns(head: bytes, kind: str) -> None:
    found = kind_of(head)
    assert found is not None
    assert found.name == kind


@pytest.mark.parametrize(
    "head", [b"", b"\n", b"a,b,c\n1,2,3\n", b"time,user,ip\n1,bob,10.0.0.1\n", b"\x89PNG\r\n\x1a\n"]
)
def test_other_content_is_not_claimed(head: bytes) -> None:
    assert not lanl.LOADER.claims(Content(head))


def test_what_is_covered_is_one_span() -> None:
    (batch,) = sample("auth.txt").batches
    (span,) = batch.spans
    assert (span.recorder, span.channel, span.first, span.last, span.count) == ("LANL", "LANL/auth", 0, 86400000, 13)


@pytest.mark.skipif(not SHARED.exists(), reason="no shared telemetry here")
def test_real_lines_all_load() -> None:
    for day in ("auth_day0_head5000.txt.gz", "auth_day1_head5000.txt.gz"):
        content = gzip.decompress((DATA / "lanl" / day).read_bytes())
        found = read(lanl.LOADER, Content(content, day))
        assert (found.records, found.used, len(found.quarantined)) == (5000, 5000, 0)
        assert len({row["event_id"] for row in found.tables["authentication"]}) == 5000
    content = (DATA / "lanl" / "redteam_part.txt").read_bytes()
    assert read(lanl.LOADER, Content(bz2.decompress(bz2.compress(content)))).used == 323
    assert read(lanl.LOADER, Content((DATA / "lanl" / "dns_sample.txt").read_bytes())).used == 3450
