"""Reads indicators from STIX 2.1, MISP, OpenIOC, CSV and plain text; what cannot be used is said."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph_hunt.casework.indicators.indicator import TLP, Indicator
from graph_hunt.casework.indicators.misp import NO_TLP
from graph_hunt.casework.indicators.openioc import is_openioc, items
from graph_hunt.casework.indicators.stix import SOURCE, UNBOUNDED
from graph_hunt.casework.indicators.value import Kind, read
from graph_hunt.errors import InputError, UnreadableInput

MISP = {
    "ip-src": Kind.IP, "ip-dst": Kind.IP, "domain": Kind.DOMAIN, "hostname": Kind.DOMAIN, "url": Kind.URL,
    "email": Kind.MAIL, "email-src": Kind.MAIL, "email-dst": Kind.MAIL, "email-reply-to": Kind.MAIL,
    "md5": Kind.HASH, "sha1": Kind.HASH, "sha256": Kind.HASH, "filename": Kind.FILE_NAME,
    "email-attachment": Kind.FILE_NAME, "email-subject": Kind.SUBJECT,
}  # fmt: skip
STIX = {
    "ipv4-addr:value": Kind.IP, "ipv6-addr:value": Kind.IP, "domain-name:value": Kind.DOMAIN, "url:value": Kind.URL,
    "email-addr:value": Kind.MAIL, "email-message:from_ref.value": Kind.MAIL,
    "email-message:sender_ref.value": Kind.MAIL, "email-message:subject": Kind.SUBJECT, "file:name": Kind.FILE_NAME,
    "file:hashes.MD5": Kind.HASH, "file:hashes.SHA-1": Kind.HASH, "file:hashes.SHA-256": Kind.HASH,
}  # fmt: skip
_TERM = r"([a-z0-9-]+:[A-Za-z0-9_.'\-]+)\s*(=|LIKE\b|ISSUBSET\b)\s*'((?:[^'\\]|\\.)*)'"
_PATTERN = re.compile(rf"\s*\[\s*{_TERM}(?:\s+OR\s+{_TERM})*\s*\]\s*")
_TECHNIQUE = re.compile(r"\bT\d{4}(?:\.\d{3})?\b")

Read = Indicator | InputError
"""An indicator, or why a line, object or attribute gives none."""


def read_file(path: Path, source: str = "") -> Iterator[Read]:
    """Give what a file names, told by its content; a folder is a MISP feed, or files one by one."""
    if path.is_dir():
        for inner in sorted(one for one in path.iterdir() if one.is_file() and one.name != "manifest.json"):
            yield from read_file(inner, source)
        return
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield UnreadableInput(f"cannot be read ({error})", where=str(path))
        return
    if is_openioc(text):
        yield from _openioc(path, text, source)
        return
    if text.lstrip()[:1] not in ("{", "["):
        yield from (_csv if _is_csv(text) else _lines)(path, text, source or path.name)
        return
    try:
        document = json.loads(text)
    except ValueError as error:
        yield UnreadableInput(f"is no JSON ({error})", where=str(path))
        return
    if isinstance(document, dict) and document.get("type") == "bundle":
        yield from _stix(path, document, source or path.name)
    elif events := _misp_events(document):
        for event in events:
            yield from _misp(path, event, source)
    else:
        yield UnreadableInput("is neither a STIX bundle nor a MISP event", where=str(path))


def _openioc(path: Path, text: str, source: str) -> Iterator[Read]:
    try:
        author, found = items(text, str(path))
    except UnreadableInput as error:
        yield error
        return
    for one in found:
        if one.kind is None:
            yield InputError(one.problem, where=one.where)
        else:
            yield _one(one.where, one.text, one.kind, source or author or path.name)


def _lines(path: Path, text: str, source: str) -> Iterator[Read]:
    for number, line in enumerate(text.splitlines(), 1):
        plain = re.sub(r"(^|\s)#.*", "", line).strip()
        if plain:
            yield _one(f"{path}:{number}", plain, None, source)


def _is_csv(text: str) -> bool:
    head = next(csv.reader(io.StringIO(text.lstrip()[:4000])), [])
    return "value" in {name.strip().lower() for name in head}


def _csv(path: Path, text: str, source: str) -> Iterator[Read]:
    reader = csv.DictReader(io.StringIO(text))
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    for row in reader:
        cells = {name: (cell or "").strip() for name, cell in row.items() if name and not isinstance(cell, list)}
        where = f"{path}:{reader.line_num}"
        named = cells.get("kind") or cells.get("type", "")
        kind = MISP.get(named) or next((one for one in Kind if one.value == named), None)
        sources = tuple(filter(None, cells.get("source", "").split(";"))) or (source,)
        yield _one(
            where, cells.get("value", ""), kind, *sources,
            confidence=cells.get("confidence"), tlp=cells.get("tlp"), since=cells.get("valid_from"),
            until=cells.get("valid_until"), techniques=_TECHNIQUE.findall(cells.get("techniques", "")),
        )  # fmt: skip


def _stix(path: Path, bundle: dict[str, Any], source: str) -> Iterator[Read]:
    objects = [one for one in bundle.get("objects") or () if isinstance(one, dict)]
    names = {one.get("id"): str(one.get("name") or "") for one in objects}
    for one in objects:
        if one.get("type") != "indicator":
            continue
        where, pattern = f"{path}: {one.get('id')}", str(one.get("pattern"))
        if one.get("revoked"):
            yield InputError("is revoked", where=where)
        elif one.get("pattern_type", "stix") != "stix" or not _PATTERN.fullmatch(pattern):
            yield InputError(f"{pattern[:120]!r} is no single value", where=where, expected="[type:property = 'value']")
        else:
            said = {
                "confidence": one.get("confidence"),
                "tlp": _marking(one, objects),
                "since": one.get("valid_from"),
                "until": one.get("valid_until"),
                "techniques": _TECHNIQUE.findall(json.dumps([one.get("labels"), one.get("kill_chain_phases")])),
            }
            labels = [str(label) for label in one.get("labels") or ()]
            ours = [label.removeprefix(SOURCE) for label in labels if label.startswith(SOURCE)]
            sources = ours or [names.get(one.get("created_by_ref")) or source]
            if UNBOUNDED in labels:
                said["since"] = None
            for field, operator, text in re.findall(_TERM, pattern):
                kind = STIX.get(field.replace("'", ""))
                plain = re.sub(r"\\(.)", r"\1", text)
                if operator == "LIKE":
                    kind = kind if kind is Kind.SUBJECT and "_" not in plain else None
                    plain = plain.replace("%", "*")
                if kind is None:
                    yield InputError(f"{field} is not matched", where=where, expected=", ".join(STIX))
                else:
                    yield _one(where, plain, kind, *map(str, sources), **said)


def _marking(one: dict[str, Any], objects: list[dict[str, Any]]) -> str:
    marked = set(one.get("object_marking_refs") or ())
    for other in objects:
        if other.get("type") == "marking-definition" and other.get("id") in marked:
            return str(other.get("name") or (other.get("definition") or {}).get("tlp") or "")
    return ""


def _misp_events(document: Any) -> list[dict[str, Any]]:
    parts = document if isinstance(document, list) else [document]
    if isinstance(document, dict) and isinstance(document.get("response"), list):
        parts = document["response"]
    return [one["Event"] for one in parts if isinstance(one, dict) and isinstance(one.get("Event"), dict)]


def _misp(path: Path, event: dict[str, Any], source: str) -> Iterator[Read]:
    owner = source or str((event.get("Orgc") or {}).get("name") or path.name)
    objects = [one for one in event.get("Object") or () if isinstance(one, dict)]
    attributes = [*(event.get("Attribute") or ()), *(a for one in objects for a in one.get("Attribute") or ())]
    for attribute in attributes:
        where = f"{path}: {attribute.get('uuid') or attribute.get('value')}"
        if not attribute.get("to_ids") or attribute.get("deleted"):
            continue
        tags = [str(t.get("name")) for t in [*(event.get("Tag") or ()), *(attribute.get("Tag") or ())]]
        said = {
            "tlp": next((tag for tag in tags[::-1] if tag.lower().startswith(("tlp:", NO_TLP))), "").replace(
                NO_TLP, ""
            ),
            "since": attribute.get("first_seen"),
            "until": attribute.get("last_seen"),
            "techniques": _TECHNIQUE.findall(" ".join(tags)),
        }
        confidence = [tag.partition("=")[2] for tag in tags if tag.startswith("graph-hunt:confidence=")]
        owners = [tag.partition("=")[2] for tag in tags if tag.startswith("graph-hunt:source=")] or [owner]
        # A composite such as filename|sha256 or ip-dst|port names several; what it has besides values is passed by.
        types, texts = str(attribute.get("type")).split("|"), str(attribute.get("value")).split("|")
        usable = [(MISP[kind], text) for kind, text in zip(types, texts, strict=False) if kind in MISP]
        if not usable:
            yield InputError(f"{attribute.get('type')} is not matched", where=where)
        for known, text in usable:
            yield _one(where, text, known, *owners, confidence=next(iter(confidence), None), **said)


def _one(where: str, text: str, kind: Kind | None, *sources: str, **said: Any) -> Read:
    try:
        return Indicator(
            read(text, kind),
            tuple(sorted(set(sources))),
            _confidence(said.get("confidence")),
            _tlp(said.get("tlp")),
            _moment(said.get("since")),
            _moment(said.get("until")),
            tuple(sorted(set(said.get("techniques") or ()))),
        )
    except (InputError, ValueError, OverflowError) as error:
        return InputError(str(error), where=where)


def _confidence(said: Any) -> int | None:
    if said in (None, ""):
        return None
    number = int(said)
    if not 0 <= number <= 100:
        raise InputError(f"{said} is no confidence", expected="0 to 100")
    return number


def _tlp(said: Any) -> str:
    word = str(said or "").lower().removeprefix("tlp:").strip()
    word = "clear" if word == "white" else word
    if word and word not in TLP:
        raise InputError(f"{said!r} is no TLP", expected=", ".join(TLP))
    return word


def _moment(said: Any) -> int | None:
    if said in (None, ""):
        return None
    moment = datetime.fromisoformat(str(said))
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
