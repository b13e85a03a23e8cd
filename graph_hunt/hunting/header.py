"""A hunt file's header: the leading `//` comment, which is TOML, with each field checked and each error placed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_hunt.errors import HuntError

COMMENT = "//"
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Header:
    """The header's fields as written, and how to say where one is wrong."""

    file: str
    lines: tuple[str, ...]
    fields: Mapping[str, Any]

    def error(self, what: str, field: str) -> HuntError:
        """An error that names the file, the line and the field."""
        return HuntError(what, file=self.file, line=self.line_of(field), field=field)

    def line_of(self, field: str) -> int | None:
        """The line where a field, or the table that holds it, stands."""
        for name in (field, *_outer(field)):
            own = re.escape(name.rpartition(".")[2])
            place = re.compile(rf"\s*(\[+\s*{re.escape(name)}\s*\]+|{own}\s*=)")
            for number, line in enumerate(self.lines, 1):
                if place.match(line):
                    return number
        return None

    def text(self, name: str, default: str | None = None) -> str:
        """A field that is text; without a default it is required."""
        value = self.fields.get(name, default)
        if not isinstance(value, str) or not (value.strip() or default == ""):
            raise self.error("must be text, and not empty", name)
        return value.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """A field that is a list of texts; one that is left out is empty."""
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error("must be a list of texts", name)
        return tuple(item.strip() for item in value)

    def flag(self, name: str) -> bool:
        """A field that is true or false; one that is left out is false."""
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            raise self.error("must be true or false", name)
        return value

    def table(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """A field that holds named tables, such as `[parameters.minutes]`."""
        value = self.fields.get(name, {})
        if not isinstance(value, dict) or not all(isinstance(inner, dict) for inner in value.values()):
            raise self.error(f"must hold named tables, such as [{name}.example]", name)
        return value


def split(text: str, file: str) -> tuple[Header, str, int]:
    """Part a hunt file into its header, its Cypher, and the Cypher's first line's number."""
    comment: list[str] = []
    lines = text.splitlines()
    for line in lines:
        if not line.startswith(COMMENT):
            break
        comment.append(line[len(COMMENT) :].removeprefix(" "))
    body = "\n".join(lines[len(comment) :])
    if not comment:
        raise HuntError("has no header; a hunt begins with // lines of TOML", file=file, line=1)
    if not body.strip():
        raise HuntError("has a header but no Cypher", file=file, line=len(comment))
    try:
        fields = tomllib.loads("\n".join(comment))
    except tomllib.TOMLDecodeError as error:
        place = _TOML_LINE.search(str(error))
        what = _TOML_LINE.sub("", str(error)).strip()
        raise HuntError(f"header is not TOML: {what}", file=file, line=int(place[1]) if place else None) from error
    blank = len(body) - len(body.lstrip("\n"))
    return Header(file, tuple(comment), fields), body.strip() + "\n", len(comment) + blank + 1


def _outer(field: str) -> list[str]:
    parts = field.split(".")
    return [".".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]
