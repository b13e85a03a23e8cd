"""Syslog kept in records: systemd's journal as JSON, Log Analytics' Syslog table, and what fluentd makes of lines."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Source
from graph_hunt.loaders import _records, _table
from graph_hunt.loaders._values import at, integer, text
from graph_hunt.loaders.syslog.book import Book
from graph_hunt.loaders.syslog.line import Line
from graph_hunt.loaders.syslog.programs import Reader

__all__ = ["is_journal", "read"]

_TIMES = ("_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP")
_TABLE = ("SyslogMessage", "ProcessName")
_FLUENT = ("ident", "message", "host")
_CARRIED = ("<Event", "type=", "{")
_UTC = " [UTC]"


def is_journal(head: bytes) -> bool:
    """Tell by the names of the fields; records that carry what other loaders read are theirs."""
    records = _records.first_records(head, 10)
    if records:
        return any(_is_record(record) for record in records) and not any(_carries(record) for record in records)
    return set(_TABLE) <= set(_table.header(head)) and b"<Event" not in head


def _is_record(record: Mapping[str, Any]) -> bool:
    if "__REALTIME_TIMESTAMP" in record and "MESSAGE" in record:
        return True
    return all(name in record for name in _TABLE) or all(name in record for name in _FLUENT)


def _carries(record: Mapping[str, Any]) -> bool:
    said = record.get("SyslogMessage") or record.get("message") or ""
    return isinstance(said, str) and said.startswith(_CARRIED)


def read(source: Source, year: int | None, zone: tzinfo, rows: Rows, book: Book, reader: Reader) -> Iterator[Batch]:
    """Yield the batches of a source of records."""

    def keep(record: _records.Record | _table.Row) -> None:
        if record.fault or record.fields is None:
            rows.reject(record.number, record.fault, record.raw)
            return
        line = _line(record.fields, record.number, record.raw, zone)
        if isinstance(line, str):
            rows.reject(record.number, line, record.raw)
            return
        rows.seen(line.host or "", "syslog", line.at)
        reader.read(line)

    def ended() -> Iterator[_records.Record | _table.Row]:
        with source.open() as stream:
            if _records.first_records(source.head, 1):
                yield from _records.json_records(stream, source.head)
            else:
                yield from _table.rows(stream, source.head)
        book.end()

    yield from _records.batches(ended(), rows, keep)


def _line(fields: Mapping[str, Any], number: int, raw: str, zone: tzinfo) -> Line | str:
    """The line that a record keeps, or why there is none."""
    if "MESSAGE" in fields or "__REALTIME_TIMESTAMP" in fields:
        return _of_journal(fields, number, raw)
    plain = {name.removesuffix(_UTC): value for name, value in fields.items()}
    when = next((found for name in ("EventTime", "TimeGenerated", "time", "@timestamp")
                 if (found := at(plain.get(name), zone)) is not None), None)  # fmt: skip
    if when is None:
        return "it has no time that can be read"
    message = plain.get("SyslogMessage", plain.get("message"))
    host = text(plain.get("HostName")) or text(plain.get("Computer")) or text(plain.get("host"))
    program = text(plain.get("ProcessName")) or text(plain.get("ident")) or ""
    return _made(number, raw, when, host, program, text(plain.get("ProcessID", plain.get("pid"))), message)


def _of_journal(fields: Mapping[str, Any], number: int, raw: str) -> Line | str:
    micro = next((found for name in _TIMES if (found := integer(fields.get(name))) is not None), None)
    if micro is None:
        return "it has no time that can be read"
    message = fields.get("MESSAGE")
    if isinstance(message, list):
        # What is not UTF-8 is written as a list of bytes.
        message = bytes(one for one in message if isinstance(one, int) and 0 <= one < 256).decode("utf-8", "replace")
    program = text(fields.get("SYSLOG_IDENTIFIER")) or text(fields.get("_COMM")) or ""
    pid = text(fields.get("SYSLOG_PID")) or text(fields.get("_PID"))
    return _made(number, raw, micro // 1000, text(fields.get("_HOSTNAME")), program, pid, message)


def _made(number: int, raw: str, when: int, host: str | None, program: str, pid: str | None, message: Any) -> Line:
    said = message.strip() if isinstance(message, str) else ""
    bare = program.rpartition("/")[2] if program.startswith("/") else program
    name, _, arguments = bare.partition("(")
    return Line(number, raw, when, host, name.lower(), pid, said, f"({arguments}" if arguments else "")
