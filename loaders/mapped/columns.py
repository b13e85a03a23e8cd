"""Columns of texts as columns of the event tables: each distinct text is converted once."""

from collections.abc import Callable
from typing import cast

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph_hunt.loaders._values import text
from graph_hunt.loaders.mapped.convert import ADDRESSES, EPOCHS, Refused
from graph_hunt.loaders.mapped.mapping import Rule
from graph_hunt.loaders.mapped.records import value_of
from graph_hunt.schema import Type

__all__ = ["Converted", "alike", "converted", "flags"]

Converted = tuple[pa.Array, np.ndarray]
"""The values, and which of the texts were refused."""

_WHITE = " \t\r\n\0"
_BLANK = pa.array(["", "-", "--", "n/a", "(null)", "<null>", "null", "none", "unknown", "undefined", "not available"])
_MILLISECONDS = 23
"""Letters of 2026-03-02T09:11:00.123; what follows is finer than any event table."""


def flags(column: pa.DictionaryArray, claim: Callable[[str | None], bool]) -> np.ndarray:
    """Tell for every row whether its text is so."""
    found = np.array([claim(text(value)) for value in column.dictionary.to_pylist()], bool)
    return cast(np.ndarray, found[column.indices.to_numpy()])


def alike(field: str, rule: Rule) -> tuple[str, ...] | None:
    """What rules share that make the same of a field; none where a rule is of its own kind."""
    if rule.match is not None or rule.values is not None or rule.type not in (Type.TIME, Type.INTEGER):
        return None
    return field, rule.type.value, rule.format, str(rule.zone), str(rule.lenient)


def converted(values: pa.Array, rule: Rule) -> Converted:
    """Convert distinct texts as a rule says."""
    if rule.match is None and rule.values is None:
        if rule.type is Type.TIME:
            return _times(values, rule)
        if rule.type is Type.INTEGER:
            whole = _integers(values)
            if whole is not None:
                return whole, _sound(values)
        elif rule.type is Type.TEXT and rule.column not in ADDRESSES and not rule.column.endswith(_PARTS):
            return _trimmed(values), _sound(values)
    return _one_by_one(values, rule)


def _sound(values: pa.Array) -> np.ndarray:
    return np.zeros(len(values), bool)


_PARTS = ("user", "user_domain", "user_sid", "user_upn")
"""Columns that may take a part of a whole account's text."""


def _trimmed(values: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim(values, _WHITE)
    return pc.if_else(pc.is_in(pc.utf8_lower(trimmed), _BLANK), pa.scalar(None, pa.string()), trimmed)


def _integers(values: pa.Array) -> pa.Array | None:
    """Whole numbers; none where some text is no such."""
    try:
        return pc.cast(_trimmed(values), pa.int64())
    except pa.ArrowInvalid:
        return None


def _one_by_one(values: pa.Array, rule: Rule) -> tuple[pa.Array, np.ndarray]:
    made, bad = [], np.zeros(len(values), bool)
    for place, value in enumerate(values.to_pylist()):
        try:
            made.append(value_of(rule, value))
        except Refused:
            made.append(None)
            bad[place] = not rule.lenient
    return pa.array(made, rule.type.arrow), bad


def _times(values: pa.Array, rule: Rule) -> tuple[pa.Array, np.ndarray]:
    known = _trimmed(values)
    found = (
        _counted(known, rule)
        if rule.format in EPOCHS
        else _formatted(known, rule)
        if rule.format
        else _iso(known, rule)
    )
    if found is None:
        return _one_by_one(values, rule)
    bad = pc.and_(pc.is_valid(known), pc.is_null(found)).to_numpy(zero_copy_only=False)
    return found, bad if not rule.lenient else _sound(values)


def _counted(values: pa.Array, rule: Rule) -> pa.Array | None:
    try:
        whole = pc.cast(values, pa.int64())
    except pa.ArrowInvalid:
        return None
    factor = EPOCHS[rule.format]
    if factor >= 1:
        return pc.multiply(whole, int(factor))
    return pc.divide(whole, round(1 / factor))


def _iso(values: pa.Array, rule: Rule) -> pa.Array | None:
    """ISO 8601, with Z or without a zone; none where some are written otherwise."""
    plain = pc.utf8_rtrim(values, "Z")
    utc = pc.not_equal(pc.utf8_length(plain), pc.utf8_length(values))
    every, none = pc.all(utc).as_py(), not pc.any(utc).as_py()
    if not every and not none:
        return None
    longest = pc.max(pc.utf8_length(plain)).as_py()
    if longest is not None and longest > _MILLISECONDS:
        # An offset may follow: those are left to the reader of any form.
        tail = pc.utf8_slice_codeunits(plain, 19, longest)
        if pc.any(pc.match_substring_regex(tail, "[^0-9.]")).as_py():
            return None
        plain = pc.utf8_slice_codeunits(plain, 0, _MILLISECONDS)
    try:
        moments = pc.cast(plain, pa.timestamp("ms"))
    except pa.ArrowInvalid:
        return None
    if none and rule.zone is not None and str(rule.zone) != "UTC":
        moments = pc.assume_timezone(moments, str(rule.zone), ambiguous="earliest", nonexistent="earliest")
    return moments.cast(pa.timestamp("ms", moments.type.tz)).cast(pa.int64())


def _formatted(values: pa.Array, rule: Rule) -> pa.Array | None:
    zone = str(rule.zone) if rule.zone is not None else "UTC"
    stated = "%z" in rule.format or "%Z" in rule.format
    moment = f"try_strptime(written, {_quoted(rule.format)})"
    if not stated and zone != "UTC":
        moment = f"timezone({_quoted(zone)}, {moment})"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        try:
            result = connection.from_arrow(pa.table({"written": values})).project(f"epoch_ms({moment}) AS at")
            return pa.concat_arrays(result.to_arrow_table().column("at").chunks).cast(pa.int64())
        except duckdb.Error:
            # A directive that only Python knows.
            return None


def _quoted(written: str) -> str:
    return "'" + written.replace("'", "''") + "'"
