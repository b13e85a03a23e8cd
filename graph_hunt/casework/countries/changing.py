"""Changing what an organisation says of countries: what is given replaces what was, and the trail says so."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from graph_hunt.casework.state import State, record
from graph_hunt.events.countries import FILE, Countries, keep_countries, parse, read_countries, written


def change(
    state: State,
    root: Path,
    *,
    who: str,
    high_risk: Sequence[str] | None = None,
    expected: Sequence[str] | None = None,
    populations: Mapping[str, Sequence[str]] | None = None,
    egress: Mapping[str, Sequence[str]] | None = None,
) -> Countries:
    """Replace lists; of populations and ways out those named, an empty list takes one away."""
    before = read_countries(root)
    raw: dict[str, Any] = {"high_risk": list(before.high_risk), "expected": list(before.expected)}
    raw["high_risk"] = raw["high_risk"] if high_risk is None else list(high_risk)
    raw["expected"] = raw["expected"] if expected is None else list(expected)
    said = parse(raw, FILE)
    given = parse(
        {
            "population": {tag: {"expected": list(codes)} for tag, codes in (populations or {}).items()},
            "egress": {name: list(networks) for name, networks in (egress or {}).items()},
        },
        FILE,
    )
    after = replace(
        said,
        populations={tag: codes for tag, codes in {**before.populations, **given.populations}.items() if codes},
        egress={name: networks for name, networks in {**before.egress, **given.egress}.items() if networks},
    )
    with state.begin() as connection:
        record(connection, who=who, action="countries.set", subject=FILE, before=written(before), after=written(after))
        keep_countries(root, after)
    return after
