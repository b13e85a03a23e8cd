"""Records that are read one by one: JSON, and whatever the bulk reader of CSV leaves to it."""

from collections.abc import Mapping as Table
from typing import Any

from graph_hunt.events.batch import Rows
from graph_hunt.loaders.mapped.convert import Refused, extracted, plain
from graph_hunt.loaders.mapped.identity import line, named, written
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
        rules = [rule for block in mapping.blocks for rule in block.rules if rule.column != "time"]
        self._known: dict[int, dict[str, Any]] = {id(rule): {} for rule in rules}

    def value(self, record: Table[str, Any], field: str) -> Any:
        """A field's value."""
        return value_at(record, field, self._paths[field])

    def matches(self, record: Table[str, Any], block: Block) -> bool:
        """Tell whether a record becomes a row of this block."""
        return all(one.holds(plain(value_at(record, one.field, self._paths[one.field]))) for one in block.when)

    def columns(self, record: Table[str, Any], block: Block) -> dict[str, Any]:
        """The columns of a record's row; raise `Refused` that names field and column."""
        found: dict[str, Any] = {}
        for rule in block.rules:
            value = rule.constant
            for field in rule.fields:
                written = value_at(record, field, self._paths[field])
                if written is not None:
                    value = self._converted(rule, field, written)
                    if value is not None:
                        break
            found[rule.column] = rule.default if value is None else value
        return found

    def _converted(self, rule: Rule, field: str, value: Any) -> Any:
        known = self._known.get(id(rule)) if type(value) is str else None
        if known is not None and value in known:
            return known[value]
        try:
            found = value_of(rule, value)
        except Refused as error:
            if rule.lenient:
                return None
            raise Refused(f"{field} -> {rule.column}: {error}") from error
        if known is not None and len(known) < _REMEMBERED:
            known[value] = found
        return found

    def digest(self, record: Table[str, Any], number: int) -> int:
        """What names a record's events: its id fields, else its file and number."""
        if self.mapping.id:
            pairs = [(name, plain(self.value(record, name))) for name in self.mapping.id]
            return named(self.mapping.name, pairs)
        return line(self._digest, number)

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
