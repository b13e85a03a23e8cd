"""`load --map`: sources of one's own by a mapping file, and what a mapping would make of them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from graph_hunt.cli.output import count, iso, out, print_json, row, shown, table
from graph_hunt.errors import InputError
from graph_hunt.events.inputs import find_sources
from graph_hunt.events.source import Loader, Options
from graph_hunt.loaders.mapped import Mapped, read_mapping
from graph_hunt.loaders.mapped.check import BlockCheck, Checked, check

_SHOWN = 12


def by_mapping(file: Path, options: Options) -> tuple[Loader, Options]:
    """The loader that a mapping file makes, and options that tell its loads from those of another."""
    mapping = read_mapping(file, options.timezone)
    return Mapped(mapping), replace(options, extra={**options.extra, "map": f"{mapping.name}@{mapping.digest}"})


def check_mapping(file: Path, paths: Iterable[str], options: Options, *, json: bool) -> None:
    """Print what a mapping makes of sources; exit with 1 where something does not fit."""
    mapping = read_mapping(file, options.timezone)
    found: list[Checked] = []
    for source in find_sources(paths):
        if isinstance(source, InputError):
            raise source
        found.append(check(source, mapping))
    if json:
        print_json([_as_json(one) for one in found])
    else:
        for one in found:
            _print(one)
    if not found or not all(one.sound for one in found):
        raise typer.Exit(1)


def _as_json(found: Checked) -> dict[str, Any]:
    told = asdict(found)
    told["refused"] = [
        {"where": where, "why": why, "records": number, "example": found.examples[where, why]}
        for (where, why), number in found.refused.most_common()
    ]
    told.pop("examples")
    told["unlisted"] = [
        {"column": column, "value": value, "records": number}
        for (column, value), number in found.unlisted.most_common()
    ]
    told["strange"] = [
        {"column": column, "value": value, "known": known, "records": number}
        for (column, value, known), number in found.strange.most_common()
    ]
    return told


def _print(found: Checked) -> None:
    tried = f"the first {count(found.records)} records" if found.more else f"{count(found.records)} records"
    made = table("table", "code", "records:n", "rows:n", title=f"{shown(found.file)}: {tried}")
    for block in found.blocks:
        row(made, block.table, block.code, count(block.matched), count(block.made))
    out.print(made)
    for reason, number in found.faults.most_common(_SHOWN):
        _say("cannot be read", f"{count(number)}  {reason}")
    for (where, why), number in found.refused.most_common(_SHOWN):
        _say("does not fit", f"{count(number)}  {where}: {why} ({found.examples[where, why]})")
    for name, hint in found.missing.items():
        _say("no such field", f"{name}{'; there is ' + hint if hint else ''}")
    _print_counter("not among values", {f"{column}: {value}": n for (column, value), n in found.unlisted.items()})
    known = {f"{column}: {value}; hunts know {words}": n for (column, value, words), n in found.strange.items()}
    _print_counter("unusual", known)
    _print_counter("no rows", dict(found.unwanted))
    for name, value in list(found.unmapped.items())[: _SHOWN * 2]:
        _say("unmapped", f"{name}, such as {value}")
    if len(found.unmapped) > _SHOWN * 2:
        _say("unmapped", f"… and {len(found.unmapped) - _SHOWN * 2} more")
    for block in found.blocks:
        _print_rows(block)
    out.print()


def _print_counter(what: str, found: dict[str, int]) -> None:
    for said, number in Counter(found).most_common(_SHOWN):
        _say(what, f"{count(number)}  {said}")
    if len(found) > _SHOWN:
        _say(what, f"… and {len(found) - _SHOWN} more")


def _print_rows(block: BlockCheck) -> None:
    always = [name for name, number in block.empty.items() if number == block.made]
    if always:
        _say("always empty", f"{block.table}: {', '.join(always)}")
    for columns in block.first:
        words = [f"{name}={iso(value) if name == 'time' else value}" for name, value in columns.items()]
        out.print(Text(block.table, style="cyan"), Text(shown(", ".join(words))))


def _say(what: str, said: str) -> None:
    out.print(Text(what, style="yellow"), Text(shown(said)))
