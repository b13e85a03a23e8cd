"""LDIF (RFC 2849), as ldifde, ldapsearch and ldapvi write it: records of attributes, folded lines, base64."""

import base64
import binascii
from collections.abc import Iterable, Iterator

from graph_hunt.events.directory.sid import sid_of

Record = dict[str, list[str]]


def records(lines: Iterable[str]) -> Iterator[Record]:
    """Give each record's attributes by name in lower case, options dropped; `dn` is one of them."""
    found: Record = {}
    for line in _unfolded(lines):
        if not line:
            if "dn" in found:
                yield found
            found = {}
            continue
        name, value = _attribute(line)
        if name:
            found.setdefault(name, []).append(value)
    if "dn" in found:
        yield found


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Join continued lines and drop comments, which may be continued too."""
    whole: str | None = None
    for line in lines:
        text = line.rstrip("\r\n")
        if text.startswith(" ") and whole:
            whole += text[1:]
            continue
        if whole is not None and not whole.startswith("#"):
            yield whole
        whole = text
    if whole is not None and not whole.startswith("#"):
        yield whole


def _attribute(line: str) -> tuple[str, str]:
    name, separator, value = line.partition(":")
    if not separator:
        return "", ""
    name = name.partition(";")[0].strip().lower()
    if value.startswith(":"):
        try:
            raw = base64.b64decode(value[1:].strip(), validate=True)
        except (binascii.Error, ValueError):
            return "", ""
        return name, sid_of(raw) or "" if name == "objectsid" else raw.decode("utf-8", "replace")
    # A `<` would name a file to read the value from: none is.
    return (name, value.strip()) if not value.startswith("<") else ("", "")
