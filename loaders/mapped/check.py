"""Tries a mapping on a source: what it leaves out, what does not fit, and the first rows that it makes."""

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from graph_hunt.events.source import Source
from graph_hunt.loaders._records import Record, json_records
from graph_hunt.loaders._table import Row, rows
from graph_hunt.loaders._values import text
from graph_hunt.loaders.mapped.convert import Refused, plain
from graph_hunt.loaders.mapped.form import columns_of, is_json
from graph_hunt.loaders.mapped.mapping import Block, Mapping, Rule, near
from graph_hunt.loaders.mapped.path import compile_path, names_of, value_at
from graph_hunt.loaders.mapped.records import Reader
from graph_hunt.schema import TABLES

__all__ = ["BlockCheck", "Checked", "check"]

LOOKED_AT = 100_000
"""Records that are tried."""
_FIRST = 3
_KEPT = 60
_LIST = re.compile(r"^[a-z_]+(?:, [a-z_]+)+(?=$|[ (])|^[a-z_]+ or [a-z_]+$")


@dataclass(slots=True)
class BlockCheck:
    """What one block makes."""

    table: str
    code: str
    matched: int = 0
    made: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)
    """Its first rows."""
    empty: Counter[str] = field(default_factory=Counter)
    """In how many rows a column that is mapped says nothing."""


@dataclass(slots=True)
class Checked:
    """What a mapping makes of a source."""

    file: str
    records: int = 0
    more: bool = False
    """There are more records than were tried."""
    faults: Counter[str] = field(default_factory=Counter)
    unwanted: Counter[str] = field(default_factory=Counter)
    """Records that no block wants, by what its first condition looks at."""
    unmapped: dict[str, str] = field(default_factory=dict)
    """Fields that nothing reads, each with a value."""
    missing: dict[str, str] = field(default_factory=dict)
    """Fields that the mapping reads and no record has, each with those that are like it."""
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Field and column, and why a value did not fit, cut to its kind."""
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    """The first record and value of each."""
    unlisted: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Column and value that `values` does not name."""
    strange: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Column, value, and the words that hunts know for it."""
    blocks: list[BlockCheck] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Nothing was refused, and every block made rows."""
        return not self.refused and not self.faults and all(block.made for block in self.blocks)


def check(source: Source, mapping: Mapping, most: int = LOOKED_AT) -> Checked:
    """Try a mapping on a source's first records."""
    found = Checked(source.name, blocks=[BlockCheck(block.table, block.code) for block in mapping.blocks])
    reader = Reader(mapping, "")
    seen: dict[str, str] = {}
    with source.open() as stream:
        records = _records(source, mapping, stream)
        for one in islice(records, most):
            found.records += 1
            if one.fault or one.fields is None:
                found.faults[one.fault] += 1
                continue
            _notice(one.fields, seen)
            _try(one, one.fields, reader, found)
        found.more = next(records, None) is not None
    used = set(mapping.fields)
    found.unmapped = {name: value for name, value in seen.items() if name not in used and not _above(name, used)}
    found.missing = {name: near(name, seen) for name in mapping.fields if name not in seen and not _below(name, seen)}
    return found


def _records(source: Source, mapping: Mapping, stream: Any) -> Iterator[Record | Row]:
    if is_json(source, mapping):
        return json_records(stream, source.head)
    return rows(stream, source.head, columns_of(source.head, mapping)[0])


def _notice(record: Table[str, Any], seen: dict[str, str]) -> None:
    """Note the fields that say something, each with its first value."""
    for name in names_of(record):
        if name not in seen and (value := _value(record, name)):
            seen[name] = value


def _value(record: Table[str, Any], name: str) -> str:
    return (plain(value_at(record, name, compile_path(name) or (name,))) or "")[:_KEPT]


def _above(name: str, used: set[str]) -> bool:
    """Tell a field that lies in one that is read as a whole, or is an element of one that is."""
    plain_name = re.sub(r"\[\*\]", "[0]", name)
    if plain_name in used or any(name.startswith((f"{one}.", f"{one}[")) for one in used):
        return True
    return any(one.startswith(f"{name}[") for one in used)


def _below(name: str, seen: Table[str, str]) -> bool:
    """Tell a field that is there in other words: a place in a list, or something with fields of its own."""
    general = re.sub(r"\[\d+\]", "[*]", name)
    return (
        general in seen
        or any(one.startswith((f"{name}.", f"{name}[", f"{general}.")) for one in seen)
        or (name.endswith("]") and re.sub(r"\[[^\]]*\]$", "", name) in seen)
    )


def _try(one: Record | Row, record: Table[str, Any], reader: Reader, found: Checked) -> None:
    matched = False
    for block, told in zip(reader.mapping.blocks, found.blocks, strict=True):
        if not reader.matches(record, block):
            continue
        matched = True
        told.matched += 1
        try:
            columns = reader.columns(record, block)
        except Refused as error:
            _refusal(str(error), one.number, found)
            continue
        if columns["time"] is None:
            _refusal(f"{' or '.join(block.time.fields)} -> time: says nothing", one.number, found)
            continue
        told.made += 1
        told.empty.update(name for name, value in columns.items() if value is None)
        if len(told.first) < _FIRST:
            told.first.append({name: value for name, value in columns.items() if value is not None})
        _vocabulary(record, block, columns, reader, found)
    if not matched:
        found.unwanted[reader.unwanted(record)] += 1


def _refusal(said: str, number: int, found: Checked) -> None:
    where, _, why = said.partition(": ")
    kind = why.rpartition(": ")[0] or why
    key = where, kind
    found.refused[key] += 1
    found.examples.setdefault(key, f"record {number}: {why}")


def _vocabulary(
    record: Table[str, Any], block: Block, columns: Table[str, Any], reader: Reader, found: Checked
) -> None:
    for rule in block.rules:
        words = _words(block.table).get(rule.column)
        value = columns[rule.column]
        if words and type(value) is str and value not in words:
            found.strange[rule.column, value[:_KEPT], ", ".join(words)] += 1
        if rule.values is not None and value == rule.default:
            _unlisted(record, rule, reader, found)


def _unlisted(record: Table[str, Any], rule: Rule, reader: Reader, found: Checked) -> None:
    for name in rule.fields:
        word = plain(reader.value(record, name))
        if word is not None and rule.values is not None and word not in rule.values:
            found.unlisted[rule.column, word[:_KEPT]] += 1


@cache
def _words(table: str) -> dict[str, tuple[str, ...]]:
    """The words that a table's documentation lists for its columns."""
    found = {}
    for column in TABLES[table].columns:
        doc = column.doc.removeprefix("why it failed: ")
        if listed := _LIST.match(doc):
            found[column.name] = tuple(part for part in re.split(r", | or ", listed[0]) if text(part))
    return found
