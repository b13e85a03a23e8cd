"""CSV in bulk: chunks of rows become Arrow columns, of which each distinct text is worked on once."""

import csv as rows_of_csv
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from graph_hunt.errors import UnreadableInput
from graph_hunt.events.batch import Batch, Quarantined, Rows, Span
from graph_hunt.events.source import Source
from graph_hunt.loaders.mapped.columns import Converted, alike, converted, flags
from graph_hunt.loaders.mapped.convert import Refused
from graph_hunt.loaders.mapped.identity import by_fields, by_line, in_bulk
from graph_hunt.loaders.mapped.lines import Piece, pieces
from graph_hunt.loaders.mapped.mapping import Block, Mapping, Rule
from graph_hunt.loaders.mapped.records import Reader
from graph_hunt.schema import TABLES

__all__ = ["read_csv"]

_CHUNK_BYTES = 8 << 20
_WORKERS = 2
_AHEAD = 2
_KEPT = 65536


@dataclass(frozen=True, slots=True)
class _Job:
    """What every chunk of a file needs."""

    mapping: Mapping
    names: tuple[str, ...]
    delimiter: str
    file: str
    digest: str


def read_csv(source: Source, mapping: Mapping, names: tuple[str, ...], delimiter: str) -> Iterator[Batch]:
    """Yield a batch for each chunk of rows, in order, made ahead on two threads."""
    digest = "" if mapping.id else source.digest
    job = _Job(mapping, names, delimiter, source.name, digest)
    pending: deque[Future[list[Batch]]] = deque()
    with ThreadPoolExecutor(_WORKERS) as pool, source.open() as stream:
        try:
            heading = True
            for piece in pieces(stream, source.name, _CHUNK_BYTES):
                body = _without_header(piece) if heading else piece
                heading = heading and body is None
                if body is not None and len(body.starts):
                    pending.append(pool.submit(_made, body, job))
                if len(pending) > _AHEAD:
                    yield from pending.popleft().result()
        except GeneratorExit:
            pool.shutdown(cancel_futures=True)
            raise
        except UnreadableInput:
            # What was read before the break still counts.
            while pending:
                yield from pending.popleft().result()
            raise
        while pending:
            yield from pending.popleft().result()


def _without_header(piece: Piece) -> Piece | None:
    """The rows after the header; none where that is yet to come."""
    for place in range(len(piece.starts)):
        row = piece.row(place).lstrip(b"\xef\xbb\xbf")
        if row.strip() and not row.startswith(b"#TYPE"):
            return Piece(piece.text, piece.starts[place + 1 :], piece.ends[place + 1 :], piece.numbers[place + 1 :])
    return None


def _made(piece: Piece, job: _Job) -> list[Batch]:
    rejected: list[Quarantined] = []
    table = _columns(piece, job)
    if table is None:
        piece, rejected = _careful(piece, job)
        table = _columns(piece, job) if len(piece.starts) else None
        if table is None:
            return _one_by_one(piece, job, rejected)
    return [_batch(table, piece, job, rejected)]


def _columns(piece: Piece, job: _Job) -> pa.Table | None:
    """The columns that the mapping reads; none where some row is not as the header says."""
    used = [name for name in job.mapping.fields if name in job.names]
    text = pa.dictionary(pa.int32(), pa.string())
    rows = len(piece.starts)
    begin = int(piece.starts[0]) if rows else 0
    body = memoryview(piece.text)[begin : int(piece.ends[-1]) if rows else 0]
    try:
        table = csv.read_csv(
            pa.BufferReader(body),
            read_options=csv.ReadOptions(use_threads=False, column_names=list(job.names), block_size=1 << 30),
            parse_options=csv.ParseOptions(delimiter=job.delimiter, newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(used, text), include_columns=used, null_values=[], strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table.combine_chunks() if table.num_rows == rows else None


def _careful(piece: Piece, job: _Job) -> tuple[Piece, list[Quarantined]]:
    """Keep the rows that are as the header says, in sound UTF-8, and reject the others."""
    rejected: list[Quarantined] = []
    good: list[bytes] = []
    numbers: list[int] = []
    for place, number in enumerate(piece.numbers.tolist()):
        raw = piece.row(place).decode("utf-8", "replace").rstrip("\r")
        cells = _cells(raw, job.delimiter)
        if len(cells) != 1 or len(cells[0]) != len(job.names):
            reason = "a quote is not closed" if raw.count('"') % 2 else f"{len(cells[0]) if cells else 0} columns"
            reason += f", expected {len(job.names)}" if reason.endswith("columns") else ""
            rejected.append(Quarantined(job.file, number, reason, raw[:_KEPT]))
        else:
            good.append(raw.encode())
            numbers.append(number)
    lengths = np.array([len(row) for row in good], np.int64)
    ends = np.cumsum(lengths + 1) - 1
    return Piece(b"\n".join(good), ends - lengths, ends, np.array(numbers, np.int64)), rejected


def _cells(raw: str, delimiter: str) -> list[list[str]]:
    try:
        return list(rows_of_csv.reader(raw.splitlines(keepends=True), delimiter=delimiter))
    except rows_of_csv.Error:
        return []


def _one_by_one(piece: Piece, job: _Job, rejected: list[Quarantined]) -> list[Batch]:
    """The last resort, for rows that Arrow reads otherwise than Python does."""
    out = Rows(job.mapping.name, job.file)
    reader = Reader(job.mapping, job.digest)
    for place, number in enumerate(piece.numbers.tolist()):
        raw = piece.row(place).decode("utf-8", "replace")
        cells = _cells(raw, job.delimiter)
        reader.keep(dict(zip(job.names, cells[0], strict=True)), out, number, raw)
    for one in rejected:
        out.reject(one.record, one.reason, one.raw)
    return list(out.batches(last=True))


def _batch(table: pa.Table, piece: Piece, job: _Job, rejected: list[Quarantined]) -> Batch:
    rows = table.num_rows
    cells: dict[str, pa.DictionaryArray] = {name: table.column(name).chunk(0) for name in table.column_names}
    wanted = [_matching(block, cells, rows) for block in job.mapping.blocks]
    used = np.logical_or.reduce(wanted)
    refused = np.zeros(rows, bool)
    made: list[_Part] = []
    known: dict[tuple[str, ...], Converted] = {}
    for block, mask in zip(job.mapping.blocks, wanted, strict=True):
        part = _part(block, np.flatnonzero(mask), cells, known)
        refused[part.places[part.refused]] = True
        made.append(part)
    rejected = [*rejected, *_refused(np.flatnonzero(refused), cells, piece, job)]
    unused = _unused(np.flatnonzero(~used), cells, job.mapping)
    good = used & ~refused
    tables, spans = _tables(made, refused, cells, piece, job)
    return Batch(
        tables,
        int(good.sum()) + len(rejected) + sum(unused.values()),
        int(good.sum()),
        unused,
        tuple(rejected),
        tuple(spans),
    )


def _matching(block: Block, cells: dict[str, pa.DictionaryArray], rows: int) -> np.ndarray:
    mask = np.ones(rows, bool)
    for one in block.when:
        found = cells.get(one.field)
        mask &= flags(found, one.holds) if found is not None else one.holds(None)
    return mask


@dataclass(frozen=True, slots=True)
class _Part:
    """A block's columns, for the rows that are its; `refused` tells those of them that do not fit."""

    block: Block
    places: np.ndarray
    columns: dict[str, pa.Array]
    refused: np.ndarray


def _part(
    block: Block,
    places: np.ndarray,
    cells: dict[str, pa.DictionaryArray],
    known: dict[tuple[str, ...], Converted],
) -> _Part:
    refused = np.zeros(len(places), bool)
    columns: dict[str, pa.Array] = {}
    index = pa.array(places)
    chosen = {name: column.indices.take(index) for name, column in cells.items()}
    for rule in block.rules:
        columns[rule.column], bad = _column(rule, cells, chosen, len(places), known)
        refused |= bad
    refused |= pc.is_null(columns["time"]).to_numpy(zero_copy_only=False)
    return _Part(block, places, columns, refused)


def _column(
    rule: Rule,
    cells: dict[str, pa.DictionaryArray],
    chosen: dict[str, pa.Array],
    rows: int,
    known: dict[tuple[str, ...], Converted],
) -> tuple[pa.Array, np.ndarray]:
    type_ = rule.type.arrow
    refused = np.zeros(rows, bool)
    if not rule.fields:
        return pa.repeat(pa.scalar(rule.constant, type_), rows), refused
    result: pa.Array | None = None
    for field in rule.fields:
        if field not in cells:
            continue
        key = alike(field, rule)
        if key is None:
            values, bad = converted(cells[field].dictionary, rule)
        else:
            # Several tables' rows take the same time.
            values, bad = known[key] = known.get(key) or converted(cells[field].dictionary, rule)
        found = values.take(chosen[field])
        wrong = bad[chosen[field].to_numpy()] if bad.any() else np.zeros(rows, bool)
        if result is None:
            result, refused = found, wrong
        else:
            refused = refused | (wrong & pc.is_null(result).to_numpy(zero_copy_only=False))
            result = pc.if_else(pc.is_null(result), found, result)
    if result is None:
        result = pa.nulls(rows, type_)
    return result if rule.default is None else _filled(result, rule.default), refused


def _filled(column: pa.Array, default: Any) -> pa.Array:
    """A column with a value in place of nothing; lists too, which Arrow fills in no other way."""
    empty = pc.is_null(column).to_numpy(zero_copy_only=False)
    places = np.where(empty, len(column), np.arange(len(column)))
    return pa.concat_arrays([column, pa.array([default], column.type)]).take(pa.array(places))


def _refused(
    places: np.ndarray, cells: dict[str, pa.DictionaryArray], piece: Piece, job: _Job
) -> Iterator[Quarantined]:
    """Say why each of these rows was refused, as the reader of single records does."""
    reader = Reader(job.mapping, job.digest)
    for place in places.tolist():
        record: dict[str, Any] = {name: column[place].as_py() for name, column in cells.items()}
        raw = piece.row(place).decode("utf-8", "replace")[:_KEPT]
        yield Quarantined(job.file, int(piece.numbers[place]), _reason(reader, record), raw)


def _reason(reader: Reader, record: dict[str, Any]) -> str:
    for block in reader.mapping.blocks:
        if reader.matches(record, block):
            try:
                if reader.columns(record, block)["time"] is None:
                    return f"{' or '.join(block.time.fields)}: no time"
            except Refused as error:
                return str(error)
    return "it has no time that can be read"


def _unused(places: np.ndarray, cells: dict[str, pa.DictionaryArray], mapping: Mapping) -> Counter[str]:
    """Count the rows that no block wants by their codes; rows of one code share the texts that conditions look at."""
    found: Counter[str] = Counter()
    if not len(places):
        return found
    looked_at = [one.field for block in mapping.blocks for one in block.when if one.field in cells]
    fields = list(dict.fromkeys(looked_at))
    reader = Reader(mapping, "")
    if not fields:
        found[reader.unwanted({})] = len(places)
        return found
    chosen = pa.table({name: cells[name].cast(pa.string()).take(pa.array(places)) for name in fields})
    for row in chosen.group_by(fields).aggregate([([], "count_all")]).to_pylist():
        count = row.pop("count_all")
        found[reader.unwanted(row)] += count
    return found


def _tables(
    made: list[_Part], refused: np.ndarray, cells: dict[str, pa.DictionaryArray], piece: Piece, job: _Job
) -> tuple[dict[str, pa.Table], list[Span]]:
    digests = _digests(cells, piece, job)
    before: dict[str, np.ndarray] = {}
    parts: dict[str, list[pa.Table]] = {}
    spans: list[Span] = []
    for part in made:
        name = part.block.table
        rank = before.setdefault(name, np.zeros(len(refused), np.int64))
        good = _without(part, refused)
        if len(good.places):
            table = _table(good, rank[good.places], digests[good.places], piece, job)
            parts.setdefault(name, []).append(table)
            spans += _spans(table, part.block.code)
        rank[part.places] += 1
    return {name: pa.concat_tables(found).combine_chunks() for name, found in parts.items()}, spans


def _without(part: _Part, refused: np.ndarray) -> _Part:
    """The part without the rows whose record was refused."""
    bad = refused[part.places]
    if not bad.any():
        return part
    index = pa.array(np.flatnonzero(~bad))
    columns = {name: column.take(index) for name, column in part.columns.items()}
    return _Part(part.block, part.places[~bad], columns, part.refused[~bad])


def _digests(cells: dict[str, pa.DictionaryArray], piece: Piece, job: _Job) -> np.ndarray:
    if not job.mapping.id:
        return by_line(job.digest, piece.numbers)
    columns = [
        (name, [value.strip() for value in cells[name].dictionary.to_pylist()], cells[name].indices.to_numpy())
        for name in job.mapping.id
        if name in cells
    ]
    return by_fields(job.mapping.name, columns, len(piece.numbers))


def _table(part: _Part, rank: np.ndarray, digests: np.ndarray, piece: Piece, job: _Job) -> pa.Table:
    block, rows, found = part.block, len(part.places), dict(part.columns)
    at = found["time"].to_numpy()
    constants = {"source": job.mapping.name, "code": block.code, "file": job.file}
    found |= {name: pa.repeat(pa.scalar(value, pa.string()), rows) for name, value in constants.items()}
    recorder = found.get("recorder", pa.nulls(rows, pa.string()))
    found["recorder"] = pc.fill_null(recorder, job.mapping.name)
    found["record"] = pa.array(piece.numbers[part.places])
    found["event_id"] = in_bulk(at, digests, rank if rank.any() else None)
    schema = TABLES[block.table].schema
    arrays = [found[one.name] if one.name in found else pa.nulls(rows, one.type) for one in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _spans(table: pa.Table, code: str) -> list[Span]:
    told = table.select(["recorder", "time"]).group_by("recorder")
    found = told.aggregate([("time", "min"), ("time", "max"), ("time", "count")]).to_pylist()
    return [Span(one["recorder"], code, one["time_min"], one["time_max"], one["time_count"]) for one in found]
