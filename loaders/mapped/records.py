"""Records that are read one by one: JSON, and whatever the bulk reader of CSV leaves to it."""

from collections.abc import Mapping as Table
from typing import Any

import numpy as np

from graph_hunt.events.batch import Rows
from graph_hunt.loaders.mapped.convert import Refused, extracted, plain
from graph_hunt.loaders.mapped.identity import by_line, named, written
from graph_hunt.loaders.mapped.mapping import Block, Mapping, Rule
from graph_hunt.loaders.mapped.path import Path, compile_path, value_at

__all__ = ["Reader", "value_of"]

_REMEMBERED = 1 << 16


def value_of(rule: Rule, value: Any) -> Any:
    """What a rule makes of a field's value; raise `Refused` where it does not fit."""
    if rule.match is not None:
        value = extracted(rule.match, plain(value))
    if rule.values is not None:
        key = plain(value)
        return rule.values.get(key) if key is not None else None
    return rule.convert(value)


class Reader:
    """Makes rows of records as a mapping says."""

    def __init__(self, mapping: Mapping, digest: str) -> None:
        self.mapping, self._digest = mapping, digest
        self._paths: dict[str, Path] = {name: compile_path(name) or (name,) for name in mapping.fields}
        self._known: dict[tuple[int, str], Any] = {}

    def value(self, record: Table[str, Any], field: str) -> Any:
        """A field's value."""
        return value_at(record, field, self._paths[field])

    def matches(self, record: Table[str, Any], block: Block) -> bool:
        """Tell whether a record becomes a row of this block."""
        return all(one.holds(plain(self.value(record, one.field))) for one in block.when)

    def columns(self, record: Table[str, Any], block: Block) -> dict[str, Any]:
        """The columns of a record's row; raise `Refused` that names field and column."""
        return {rule.column: self._column(record, rule) for rule in block.rules}

    def _column(self, record: Table[str, Any], rule: Rule) -> Any:
        if not rule.fields:
            return rule.constant
        for field in rule.fields:
            value = self.value(record, field)
            if value is None:
                continue
            found = self._converted(rule, field, value)
            if found is not None:
                return found
        return rule.default

    def _converted(self, rule: Rule, field: str, value: Any) -> Any:
        key = (id(rule), value) if type(value) is str else None
        if key is not None and key in self._known:
            return self._known[key]
        try:
            found = value_of(rule, value)
        except Refused as error:
            if rule.lenient:
                return None
            raise Refused(f"{field} -> {rule.column}: {error}") from error
        if key is not None and rule.column != "time" and len(self._known) < _REMEMBERED:
            self._known[key] = found
        return found

    def digest(self, record: Table[str, Any], number: int) -> int:
        """What names a record's events: its id fields, else its file and number."""
        if self.mapping.id:
            pairs = [(name, plain(self.value(record, name))) for name in self.mapping.id]
            return named(self.mapping.name, pairs)
        return int(by_line(self._digest, np.array([number]))[0])

    def keep(self, record: Table[str, Any], out: Rows, number: int, raw: str | None) -> None:
        """Keep one record: as rows, as one that no block wants, or as one that cannot be used."""
        blocks = [block for block in self.mapping.blocks if self.matches(record, block)]
        if not blocks:
            out.skip(self.unwanted(record))
            return
        try:
            made = [(block, self.columns(record, block)) for block in blocks]
        except Refused as error:
            out.reject(number, str(error), raw or "")
            return
        missing = next((block for block, columns in made if columns["time"] is None), None)
        if missing is not None:
            out.reject(number, f"{' or '.join(missing.time.fields)}: no time", raw or "")
            return
        digest = self.digest(record, number)
        places: dict[str, int] = {}
        for block, columns in made:
            place = places[block.table] = places.get(block.table, -1) + 1
            columns.setdefault("recorder", self.mapping.name)
            columns["recorder"] = columns["recorder"] or self.mapping.name
            when = columns["time"]
            out.seen(columns["recorder"], block.code, when)
            identity = written(when, digest, place)
            out.add(block.table, event_id=identity, code=block.code, record=number, raw=raw, **columns)

    def unwanted(self, record: Table[str, Any]) -> str:
        """The code of a record that no block wants: by what the first condition looks at."""
        for block in self.mapping.blocks:
            for one in block.when:
                if word := plain(self.value(record, one.field)):
                    return f"{self.mapping.name}/{word[:64].strip()}"
        return f"{self.mapping.name}/other"
