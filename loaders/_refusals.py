"""What no loader reads though it can be told what it is: why, and what to do instead.

Not a loader.
"""

import csv
import re
from collections.abc import Callable, Mapping
from typing import Any

from graph_hunt.loaders._records import first_records, text_encoding
from graph_hunt.loaders._values import text

__all__ = ["refusal"]

_LOOKED_AT = 40
_SHOWN = 8
_UNPACK = "unpack it, and load what it holds"

# Longer beginnings stand before those that they begin with.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    *((magic, "a capture of packets (pcap); run Zeek on it, and load Zeek's logs") for magic in (
        b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a"
    )),
    (b"0\0\0\0LfLe", "an event log of Windows XP (EVT); make it EVTX: wevtutil epl OLD.evt NEW.evtx /lf:true"),
    (b"LPKSHHRH", "systemd's journal in its own form; export it: journalctl --file FILE -o json"),
    (b"SQLite format 3\0", "an SQLite database; export its table as CSV or JSON, and map it with --map"),
    (b"PAR1", "Parquet; write it as JSON lines: COPY (FROM 'FILE') TO 'events.json' in DuckDB"),
    (b"Obj\x01", "Avro; write it as JSON lines"),
    (b"!BDN", "Outlook's store (PST, OST); write it as mbox: readpst -o FOLDER FILE"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document or Outlook message (MSG); save a message as EML"),
    (b"MAM\x04", "a prefetch file of Windows; they are not read"),
    (b"regf", "a registry hive of Windows; hives are not read"),
    (b"%PDF-", "a PDF document; it holds no events"),
    (b"{\\rtf", "an RTF document; it holds no events"),
    (b"\x89PNG\r\n", "a picture (PNG); it holds no events"),
    (b"\xff\xd8\xff", "a picture (JPEG); it holds no events"),
    (b"GIF8", "a picture (GIF); it holds no events"),
    (b"RIFF", "a picture, sound or film; it holds no events"),
    (b"MZ", "a program of Windows; it holds no events"),
    (b"\x7fELF", "a program; it holds no events"),
    (b"7z\xbc\xaf\x27\x1c", f"a 7z archive; {_UNPACK}"),
    (b"Rar!\x1a\x07", f"a RAR archive; {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"compressed (Zstandard); {_UNPACK}"),
    (b"\x04\x22\x4d\x18", f"compressed (LZ4); {_UNPACK}"),
)  # fmt: skip
_SSHD = re.compile(
    r"(?:error: |fatal: )?(?:Accepted \S+ for |Failed \S+ for |Invalid user |Connection (?:closed|reset) by |"
    r"Disconnect(?:ed from|ing) |Received disconnect from |pam_\w+\(sshd:|PAM \d+ more auth|Did not receive identif|"
    r"User \S+ (?:from \S+ )?not allowed|Postponed \S+ for |Starting session: |maximum authentication att|userauth_)"
)
_POSTFIX = re.compile(
    r"(?:NOQUEUE|[0-9A-F]{6,12}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,20}): |(?:dis)?connect from |statistics: max|"
    r"(?:Anonymous|Trusted|Untrusted|Verified) TLS connection|warning: |lost connection after |timeout after "
)
_BARE = "messages of {} without time and machine, so they cannot be placed; load syslog's whole lines"


def _is_osquery(fields: Mapping[str, Any]) -> bool:
    given = set(fields)
    return "name" in given and (
        {"action", "columns"} <= given or ("snapshot" in given and {"hostIdentifier", "unixTime"} & given != set())
    )


_RECORDS: tuple[tuple[Callable[[Mapping[str, Any]], bool], str], ...] = (
    (_is_osquery, "results of osquery: what tables held, by queries of your own; map those that are events with --map"),
    (
        lambda fields: fields.get("Type") == "VMConnection",
        "Azure's VM insights (VMConnection): counts of connections by the minute; map them with --map",
    ),
    (lambda fields: "$schema" in fields and "properties" in fields, "a JSON schema; it holds no events"),
)


def refusal(head: bytes) -> str | None:
    """Say what a source is by its head, and why it is not read; none where that cannot be told.

    >>> refusal(b"%PDF-1.7")
    'is a PDF document; it holds no events'
    """
    found = next((said for magic, said in _BEGINNINGS if head.startswith(magic)), None)
    if found is not None:
        return f"is {found}"
    records = first_records(head)
    if records:
        return _of_records(records)
    return _of_text(head)


def _of_records(records: list[dict[str, Any]]) -> str:
    for knows, said in _RECORDS:
        if sum(knows(fields) for fields in records) * 2 > len(records):
            return f"is {said}"
    return f"is JSON of a kind that no loader knows ({_listed(records[0])}); map it with --map"


def _of_text(head: bytes) -> str | None:
    if b"\0" in head and text_encoding(head) == "utf-8-sig":
        return None
    lines = [line.strip() for line in head.decode(text_encoding(head), "replace").splitlines() if line.strip()]
    lines = lines[:_LOOKED_AT]
    for pattern, program in ((_SSHD, "sshd"), (_POSTFIX, "Postfix")):
        if lines and sum(pattern.match(line) is not None for line in lines) * 2 > len(lines):
            return f"is {_BARE.format(program)}"
    columns = _columns(lines[:2])
    return f"is a table of a kind that no loader knows ({_listed(columns)}); map it with --map" if columns else None


def _columns(lines: list[str]) -> dict[str, str]:
    """The columns of a table with separators, where the first two lines look like one."""
    if len(lines) < 2:
        return {}
    for separator in (",", ";", "\t", "|"):
        try:
            names, values = csv.reader(lines, delimiter=separator)
        except (csv.Error, ValueError):
            continue
        if len(names) == len(values) > 2 and all(re.fullmatch(r"[A-Za-z_@][\w .@/()-]{0,60}", name) for name in names):
            return dict(zip(names, values, strict=True))
    return {}


def _listed(fields: Mapping[str, Any]) -> str:
    names = [name[:40] for name in fields if text(name)]
    return "fields " + ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
