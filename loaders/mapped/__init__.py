"""Your own: any CSV or JSON lines, as a mapping file says (`graph-hunt load --map mapping.toml`).

It claims nothing by itself: only who wrote a mapping knows what it is for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph_hunt.errors import InputError
from graph_hunt.events.batch import Batch, Rows
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders._records import Record, batches, json_records, text_encoding
from graph_hunt.loaders._table import Row, rows
from graph_hunt.loaders._values import UNLIKE
from graph_hunt.loaders.mapped.bulk import read_csv
from graph_hunt.loaders.mapped.form import columns_of, is_json
from graph_hunt.loaders.mapped.mapping import Mapping, near, read_mapping
from graph_hunt.loaders.mapped.records import Reader

__all__ = ["LOADER", "Mapped", "Mapping", "read_mapping"]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Reads sources as a mapping says; without one, as the option `map` names it."""

    mapping: Mapping | None = None
    name: str = "mapped"

    def claims(self, source: Source) -> bool:
        """Claim what is JSON or CSV, where there is a mapping to read it by."""
        return self.mapping is not None

    def read(self, source: Source, options: Options) -> Iterator[Batch]:
        """Yield the source's batches."""
        mapping = self.mapping
        if mapping is None:
            file = options.extra.get("map")
            if file is None:
                raise InputError("has no mapping", where="mapped", expected="--map mapping.toml")
            mapping = read_mapping(Path(file), options.timezone)
        if is_json(source, mapping):
            yield from self._json(source, mapping)
        else:
            yield from self._csv(source, mapping)

    def _json(self, source: Source, mapping: Mapping) -> Iterator[Batch]:
        out = Rows(mapping.name, source.name)
        reader = Reader(mapping, "" if mapping.id else source.digest)

        def keep(one: Record | Row) -> None:
            _keep(one, reader, out)

        with source.open() as stream:
            yield from batches(json_records(stream, source.head), out, keep)

    def _csv(self, source: Source, mapping: Mapping) -> Iterator[Batch]:
        delimiter, names = columns_of(source.head, mapping)
        _check(names, mapping, source.name)
        if text_encoding(source.head) == "utf-8-sig" and len(set(names)) == len(names):
            yield from read_csv(source, mapping, names, delimiter)
            return
        out = Rows(mapping.name, source.name)
        reader = Reader(mapping, "" if mapping.id else source.digest)

        def keep(one: Record | Row) -> None:
            _keep(one, reader, out)

        with source.open() as stream:
            yield from batches(rows(stream, source.head, delimiter), out, keep)


def _keep(one: Record | Row, reader: Reader, out: Rows) -> None:
    if one.fault or one.fields is None:
        out.reject(one.number, one.fault, one.raw)
        return
    try:
        reader.keep(one.fields, out, one.number, one.raw)
    except UNLIKE as error:
        out.reject(one.number, f"laid out otherwise: {error}", one.raw)


def _check(names: tuple[str, ...], mapping: Mapping, file: str) -> None:
    """Refuse a file without the columns that no row can do without."""
    for block in mapping.blocks:
        needed = block.time.fields
        if needed and not any(name in names for name in needed):
            hint = near(needed[0], names) or f"its columns: {', '.join(names)[:300]}"
            raise InputError(
                f"has no column {' or '.join(map(repr, needed))}, the time of {block.table}", where=file, expected=hint
            )


LOADER = Mapped()
