"""Reads exports of a directory: CSV (Get-ADUser, Entra's portal, Defender's IdentityInfo), LDIF, Entra JSON."""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from graph_hunt.errors import InputError, UnreadableInput, WorkspaceError
from graph_hunt.events.directory import ldif
from graph_hunt.events.directory.columns import Record, entry, known, normal
from graph_hunt.events.directory.directory import Directory, Entry

_EXPECTED = "a CSV with columns such as SamAccountName, UserPrincipalName, SID or Id; LDIF; or JSON of Entra's users"
_LARGEST = 1 << 30


def read_directory(path: Path) -> Directory:
    """Read one export, its form told by its content."""
    text = _text(path)
    head = text.lstrip()[:1]
    if head in ("{", "["):
        found = _json(text, path)
    elif any(line.lower().startswith(("dn:", "version:")) for line in text[:4096].splitlines()):
        found = ldif.records(io.StringIO(text))
    else:
        found = _csv(text, path)
    entries, skipped = [], 0
    for record in found:
        one = entry(record)
        if one.named:
            entries.append(one)
        else:
            skipped += 1
    if not entries:
        raise InputError("names no account or computer", where=str(path), expected=_EXPECTED)
    return Directory(tuple(entries), skipped)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableInput("is larger than 1 GiB", where=str(path), expected="a directory's export")
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"cannot be read ({error.strerror})", where=str(path)) from error
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # Windows PowerShell's own choice for text files.
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _csv(text: str, path: Path) -> Iterator[Record]:
    lines = text.splitlines(keepends=True)
    if lines and lines[0].startswith("#TYPE"):
        del lines[0]
    if not lines:
        raise InputError("is empty", where=str(path), expected=_EXPECTED)
    delimiter = max(",;\t", key=lines[0].count)
    csv.field_size_limit(1 << 24)
    rows = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
    try:
        names = [normal(name) for name in next(rows)]
        if not any(known(name) for name in names):
            raise InputError("has none of the columns that name an account", where=str(path), expected=_EXPECTED)
        for row in rows:
            if row:
                yield {name: [value.strip()] for name, value in zip(names, row, strict=False) if value.strip()}
    except csv.Error as error:
        raise InputError(f"line {rows.line_num} is not CSV ({error})", where=str(path), expected=_EXPECTED) from error


def _json(text: str, path: Path) -> Iterator[Record]:
    try:
        whole = orjson.loads(text)
        rows = whole.get("value", [whole]) if isinstance(whole, dict) else whole
    except orjson.JSONDecodeError:
        try:
            rows = [orjson.loads(line) for line in text.splitlines() if line.strip()]
        except orjson.JSONDecodeError as error:
            raise InputError(f"is not JSON ({error})", where=str(path), expected=_EXPECTED) from error
    for row in rows:
        if isinstance(row, dict):
            yield {normal(name): found for name, value in row.items() if (found := _texts(value))}


def _texts(value: Any) -> list[str]:
    """Write a JSON value as texts; of an object its display name."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, dict):
        return _texts(value.get("displayName") or value.get("name"))
    return [str(value).strip()] if value not in (None, "") else []


def keep(path: Path, directory: Directory) -> None:
    """Keep a directory in a workspace's file, in the place of what was there."""
    lines = [orjson.dumps(asdict(one)) for one in directory.entries]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
        unfinished.write_bytes(b"\n".join([*lines, b""]))
        unfinished.replace(path)
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be written ({error.strerror})") from error


def kept(path: Path) -> Directory:
    """Read what `keep` wrote; nothing where there is no such file."""
    try:
        lines: Iterable[bytes] = path.read_bytes().splitlines()
        rows = [orjson.loads(line) for line in lines]
        return Directory(
            tuple(Entry(**{**row, "mails": tuple(row["mails"]), "tags": tuple(row["tags"])}) for row in rows)
        )
    except FileNotFoundError:
        return Directory()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise WorkspaceError(f"{path}: cannot be read ({error}); give the directory again") from error
